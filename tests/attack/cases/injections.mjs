// Texts that would be code where they were put together with it: SQL, FTS5, HTML, headers, logs, Unicode.
import { outcome, send } from "../support/send.mjs";

const SQL = [
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" OR ""="',
  "1); DELETE FROM messages; --",
  "' UNION SELECT password_hash FROM users --",
  "%' --",
  "\\'; --",
  "admin'/*",
];
const FTS = [
  '"',
  '""',
  "a OR",
  "NEAR(",
  "col:x",
  "a*",
  "^a",
  "{a b}:c",
  "a AND NOT",
  "(((",
  "-a",
  '"a" + "b',
  "\u0000a",
];
const MARKUP = [
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "<svg/onload=alert(1)>",
  "[a](javascript:alert(1))",
  "![a](https://evil.example/x.png)",
  '<a href="javascript:alert(1)">x</a>',
  "```<script>alert(1)</script>```",
  "<iframe srcdoc='<script>alert(1)</script>'>",
  "</textarea><script>alert(1)</script>",
  "{{7*7}}#{7*7}<%=7*7%>",
  "\u202egnp.exe",
  "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
];
const NAMES = [
  "<b>anna</b>",
  "anna\r\nSet-Cookie: a=b",
  "anna\u0000",
  "аnna",
  "anna\u200b",
  "\u202eanna",
  "a".repeat(33),
  "a",
  "",
  "   ",
  "anna'--",
  "../anna",
  "anna/../admin",
  "ＡＮＮＡ'",
];
/** What a page must not hold, of all of these. */
const LIVE =
  /<script>alert|onerror=alert\(1\)>|onload=alert\(1\)>|href="javascript:|<iframe|src="https:\/\/evil/i;

export default async function cases({ server, people }) {
  const token = await people.mallory.token();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = (method, path, body) =>
    send(server, method, `/api/v1${path}`, { headers, body: body && JSON.stringify(body) });
  const room = await people.mallory.room("Injections");
  const rows = [];
  for (const text of SQL) {
    rows.push(
      [
        `a login by ${text}`,
        "401 unauthorized",
        async () => outcome(await call("POST", "/tokens", { login: text, password: "a wrong one" })),
      ],
      [
        `a room called ${text}`,
        "404 not_found",
        async () => outcome(await call("GET", `/rooms/${encodeURIComponent(text)}`)),
      ],
      [
        `a search for ${text}`,
        ["200", "422 invalid"],
        async () => outcome(await call("GET", `/search?query=${encodeURIComponent(text)}`)),
      ],
      [
        `people like ${text}`,
        "200",
        async () => outcome(await call("GET", `/people?query=${encodeURIComponent(text)}`)),
      ],
      [
        `messages before ${text}`,
        ["400 invalid", "422 invalid"],
        async () => outcome(await call("GET", `/rooms/${room}/messages?before=${encodeURIComponent(text)}`)),
      ],
    );
  }
  for (const text of FTS) {
    rows.push([
      `a search for ${JSON.stringify(text)}`,
      ["200", "422 invalid", "400 invalid"],
      async () => outcome(await call("GET", `/search?query=${encodeURIComponent(text)}`)),
    ]);
  }
  for (const text of MARKUP) {
    rows.push([
      `a message of ${text}`,
      "201, harmless",
      async () => {
        const said = await call("POST", `/rooms/${room}/messages`, { data: text });
        const page = await send(server, "GET", `/room/${room}`, {
          headers: { cookie: people.mallory.forms.cookie },
        });
        return `${outcome(said)}, ${LIVE.test(JSON.parse(said.text).message.html) || LIVE.test(page.text) ? "live" : "harmless"}`;
      },
    ]);
    rows.push([
      `a room called ${text}`,
      ["201, harmless", "422 invalid, harmless", "422 too_long, harmless"],
      async () => {
        const made = await call("POST", "/rooms", { name: text, topic: text });
        const page = await send(server, "GET", "/", { headers: { cookie: people.mallory.forms.cookie } });
        return `${outcome(made)}, ${LIVE.test(page.text) ? "live" : "harmless"}`;
      },
    ]);
    rows.push([
      `a search page for ${text}`,
      ["200, harmless", "422, harmless"],
      async () => {
        const page = await send(server, "GET", `/search?query=${encodeURIComponent(text)}`, {
          headers: { cookie: people.mallory.forms.cookie },
        });
        return `${page.status}, ${LIVE.test(page.text) ? "live" : "harmless"}`;
      },
    ]);
  }
  for (const name of NAMES) {
    rows.push([
      `an account called ${JSON.stringify(name)}`,
      name.length > 32 ? "422 too_long" : "422 invalid",
      async () =>
        outcome(
          await call("POST", "/users", {
            name,
            email: `x${Math.random()}@example.org`,
            password: "quiet armchairs 9",
          }),
        ),
    ]);
  }
  for (const email of [
    "a",
    "a@b\r\nBcc: c@d.e",
    "<a@b.de>",
    "a@b.de,c@d.de",
    `${"a".repeat(300)}@b.de`,
    "a@b.de\u0000",
  ]) {
    rows.push([
      `an account at ${JSON.stringify(email).slice(0, 30)}`,
      email.length > 300 ? "422 too_long" : "422 invalid",
      async () =>
        outcome(await call("POST", "/users", { name: "somebody", email, password: "quiet armchairs 9" })),
    ]);
  }
  return rows;
}
