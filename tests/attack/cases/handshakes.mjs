// Handshakes of Engine.IO and of WebSockets that no client makes, and payloads of polls.
import { raw } from "../support/line.mjs";
import { send } from "../support/send.mjs";

const WS = "/socket.io/?EIO=4&transport=websocket";
const POLL = "/socket.io/?EIO=4&transport=polling";

export default function cases({ server }) {
  const host = new URL(server.url).host;
  const upgrade = {
    Connection: "Upgrade",
    Upgrade: "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
  };
  const handshake =
    (changes, path = WS) =>
    async () => {
      const headers = Object.entries({ Host: host, ...upgrade, ...changes }).filter(
        ([, value]) => value !== undefined,
      );
      const text = headers.map(([name, value]) => `${name}: ${value}\r\n`).join("");
      const came = await raw(server, `GET ${path} HTTP/1.1\r\n${text}\r\n`);
      return path === WS ? came.split(" ")[0] : came;
    };
  const refused = "400";
  // The engine learns of it after the handshake, and ends the connection then.
  const ended = ["101 closed", "400 closed", "400 open"];
  const rows = [
    ["as it should be", "101", handshake({})],
    ["from a foreign page", "403", handshake({ Origin: "https://evil.example" })],
    ["from our name over plain HTTP", "403", handshake({ Origin: `http://${host}` })],
    ["from a sandboxed page", "403", handshake({ Origin: "null" })],
    ["in version 8", "426", handshake({ "Sec-WebSocket-Version": "8" })],
    ["in version 0x0d", "426", handshake({ "Sec-WebSocket-Version": "0x0d" })],
    ["without a version", "426", handshake({ "Sec-WebSocket-Version": undefined })],
    ["without a key", refused, handshake({ "Sec-WebSocket-Key": undefined })],
    ["without an upgrade", refused, handshake({ Upgrade: undefined })],
    ["an upgrade to something else", refused, handshake({ Upgrade: "cow" })],
    ["without a connection", refused, handshake({ Connection: "close" })],
    ["to a session that there is not", ended, handshake({}, `${WS}&sid=AAAAAAAAAAAAAAAA`)],
    ["to a session of strange letters", ended, handshake({}, `${WS}&sid=%00%ff../`)],
    ["in Engine.IO 7", ["400 closed", "400 open"], handshake({}, WS.replace("4", "7"))],
    [
      "by a transport that there is not",
      ["400 closed", "400 open"],
      handshake({}, WS.replace("websocket", "carrier-pigeon")),
    ],
  ];
  const poll =
    (method, path, body, headers = {}) =>
    async () =>
      String(
        (await send(server, method, path, { body, headers: { "content-type": "text/plain", ...headers } }))
          .status,
      );
  rows.push(
    ["a poll from a foreign page", "403", poll("GET", POLL, undefined, { origin: "https://evil.example" })],
    ["a poll of nobody's session", "400", poll("GET", `${POLL}&sid=AAAAAAAAAAAAAAAAAAAAAA`)],
    ["a poll of a session by SQL", "400", poll("GET", `${POLL}&sid='%20OR%201=1--`)],
    ["a packet before a session", "400", poll("POST", POLL, "40")],
    ["a poll by PUT", ["400", "405"], poll("PUT", POLL, "x")],
    ["a poll by DELETE", ["400", "405"], poll("DELETE", POLL)],
    [
      "a session that one chooses",
      "200",
      async () => {
        const { status, text } = await send(server, "GET", `${POLL}&sid=`);
        return text.includes('"sid":""') ? "chosen" : `${status === 400 ? 200 : status}`;
      },
    ],
    ["JSONP", ["400", "200"], poll("GET", `${POLL}&j=0`)],
  );
  for (const [name, body, expected] of [
    ["separators", "\x1e".repeat(1000), ["400", "200"]],
    ["no packet", "x", "400"],
    ["no UTF-8", Buffer.from([0x34, 0xff, 0xfe]), "400"],
    ["base64 that is none", "b!!!!", ["400", "200"]],
    ["10,000 pongs", Array(10_000).fill("3").join("\x1e"), ["400", "200"]],
    ["10,000 connects", Array(10_000).fill("40/x,").join("\x1e"), ["400", "200"]],
    ["more than a packet holds", `4${"x".repeat((1 << 20) + 10)}`, ["400", "413", "closed"]],
    ["an upgrade out of its turn", "5", ["400", "200"]],
  ]) {
    rows.push([
      `a payload of ${name}`,
      expected,
      async () => {
        const opened = await send(server, "GET", POLL);
        const { sid } = JSON.parse(opened.text.slice(1));
        return poll("POST", `${POLL}&sid=${sid}`, body)();
      },
    ]);
  }
  return rows;
}
