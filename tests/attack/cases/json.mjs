// Bodies of JSON calls that are no JSON, or not what the call takes.
import { outcome, send } from "../support/send.mjs";

export default async function cases({ server, people, room }) {
  const token = await people.mallory.token();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const path = `/api/v1/rooms/${room}/messages`;
  const deep = (open, close, count = 50_000) => open.repeat(count) + close.repeat(count);
  const refused = ["400 invalid", "422 invalid"];
  const rows = [
    ["nothing", refused, ""],
    ["half", refused, '{"data":'],
    ["no object", refused, "[]"],
    ["null", refused, "null"],
    ["a text", refused, '"data"'],
    ["two objects", refused, '{"data":"x"}{"data":"x"}'],
    ["a comment", refused, '{"data":"x"/**/}'],
    ["single quotes", refused, "{'data':'x'}"],
    ["NaN", refused, '{"data":NaN}'],
    ["a number as text", refused, '{"data":7}'],
    ["an object as text", refused, '{"data":{"$ne":null}}'],
    ["an array as text", refused, '{"data":["x"]}'],
    ["a key twice", refused, '{"data":"x","data":"y"}'],
    ["blank", refused, '{"data":"   "}'],
    ["NUL", refused, '{"data":"a\\u0000b"}'],
    ["half a surrogate pair", refused, '{"data":"\\ud800"}'],
    ["no UTF-8", refused, Buffer.from([0x7b, 0x22, 0x64, 0x22, 0x3a, 0x22, 0xff, 0xfe, 0x22, 0x7d])],
    ["overlong UTF-8", refused, Buffer.from('{"data":"\xc0\xaf"}', "latin1")],
    ["a mark of byte order", refused, '\ufeff{"data":"x"}'],
    ["UTF-16", refused, Buffer.from('{"data":"x"}', "utf16le")],
    ["deep arrays", refused, `{"data":${deep("[", "]")}}`],
    ["deep objects", refused, deep('{"a":', "}", 20_000)],
    [
      "more than a message holds",
      ["422 too_long", "400 too_long"],
      JSON.stringify({ data: "x".repeat(4001) }),
    ],
    ["more than a body holds", ["413 too_large"], JSON.stringify({ data: "x".repeat(300_000) })],
    ["a name past every limit", "422 too_long", JSON.stringify({ data: "x", client_id: "y".repeat(65) })],
    ["a reply to what cannot be", [...refused, "404 not_found"], '{"data":"x","reply_to":-1}'],
    ["a number past every type", refused, '{"data":"x","reply_to":99999999999999999999}'],
    ["a number with a fraction", refused, '{"data":"x","reply_to":0.5}'],
    ["files that are none", [...refused, "404 not_found"], '{"data":"x","attachments":["a","../b"]}'],
    [
      "a thousand files",
      [...refused, "404 not_found"],
      JSON.stringify({ data: "x", attachments: Array(1000).fill("a") }),
    ],
    [
      "names that pollute prototypes",
      "201",
      '{"data":"x","__proto__":{"admin":true},"constructor":{"prototype":{"a":1}}}',
    ],
  ];
  const cases = rows.map(([name, expected, body]) => [
    name,
    expected,
    async () => outcome(await send(server, "POST", path, { headers, body })),
  ]);
  for (const type of [
    "text/plain",
    "application/x-www-form-urlencoded",
    "text/xml",
    "multipart/form-data",
    "application/jsonp",
    "",
  ]) {
    cases.push([
      `the type ${type || "none"}`,
      ["415 invalid", "400 invalid", "422 invalid"],
      async () =>
        outcome(
          await send(server, "POST", path, {
            headers: { ...headers, "content-type": type },
            body: '{"data":"x"}',
          }),
        ),
    ]);
  }
  for (const query of [
    "limit=0",
    "limit=-1",
    "limit=201",
    "limit=1e9",
    "limit=a",
    "before=a",
    "before=-1",
    "before=99999999999999999999",
    "around=1&before=1",
    "limit=1&limit=2",
    "%ff=1",
    `x=${"y".repeat(8000)}`,
  ]) {
    cases.push([
      `the query ${query.slice(0, 40)}`,
      ["400 invalid", "422 invalid", "200"],
      async () => outcome(await send(server, "GET", `${path}?${query}`, { headers })),
    ]);
  }
  return cases;
}
