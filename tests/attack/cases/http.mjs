// Requests over HTTP/1.1 that are malformed, ambiguous (request smuggling: RFC 9112, section 11.2), or far too large.
import { raw } from "../support/line.mjs";

const END = "\r\n\r\n";

export default function cases({ server }) {
  const host = new URL(server.url).host;
  const get = (path, ...headers) => [`GET ${path} HTTP/1.1`, `Host: ${host}`, ...headers].join("\r\n") + END;
  const post = (body, ...headers) =>
    [`POST /api/v1/users HTTP/1.1`, `Host: ${host}`, "Content-Type: application/json", ...headers].join(
      "\r\n",
    ) +
    END +
    body;
  const hidden = `GET /healthz HTTP/1.1\r\nHost: ${host}${END}`;
  const many = (count, line) => Array.from({ length: count }, (_, n) => line(n));
  const rows = [
    ["two lengths", "400 closed", post("{}", "Content-Length: 2", "Content-Length: 3")],
    ["a list of lengths", "400 closed", post("{}", "Content-Length: 2, 3")],
    ["a negative length", "400 closed", post("{}", "Content-Length: -2")],
    ["a length with a sign", "400 closed", post("{}", "Content-Length: +2")],
    ["a length in hex", "400 closed", post("{}", "Content-Length: 0x2")],
    ["a length past every type", "400 closed", post("{}", "Content-Length: 99999999999999999999999")],
    ["a length with a word behind it", "400 closed", post("{}", "Content-Length: 2 2")],
    ["an unknown coding", "400 closed", post("{}", "Transfer-Encoding: cow")],
    ["chunked not last", "400 closed", post("0\r\n\r\n", "Transfer-Encoding: chunked, cow")],
    ["chunked with a strange space", "400 closed", post("0\r\n\r\n", "Transfer-Encoding:\x0bchunked")],
    ["chunked in a name with a space", "400 closed", post("0\r\n\r\n", "Transfer-Encoding : chunked")],
    ["a folded header", "400 closed", get("/healthz", "X: a\r\n b")],
    ["a header without a colon", "400 closed", get("/healthz", "broken")],
    ["a header without a name", "400 closed", get("/healthz", ": x")],
    ["a header with NUL", "400 closed", get("/healthz", "X: a\0b")],
    ["a bare CR", "400 closed", get("/healthz", "X: a\rY: b")],
    ["a chunk size that is none", "422 closed", post("zz\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked")],
    [
      "a chunk size past every type",
      "422 closed",
      post("fffffffffffffffff\r\n{}", "Transfer-Encoding: chunked"),
    ],
    ["a negative chunk", "422 closed", post("-1\r\n{}\r\n0\r\n\r\n", "Transfer-Encoding: chunked")],
    ["a chunk without its end", "422 closed", post("2\r\n{}x0\r\n\r\n", "Transfer-Encoding: chunked")],
    [
      "a chunk extension without end",
      "422 closed",
      post(`2;${"x".repeat(100_000)}\r\n{}`, "Transfer-Encoding: chunked"),
    ],
    [
      "trailers without end",
      "422 closed",
      post(`0\r\n${"X: y\r\n".repeat(30_000)}`, "Transfer-Encoding: chunked"),
    ],
    [
      "a length and chunks, a request behind them",
      "422 closed",
      post(`0\r\n\r\n${hidden}`, "Content-Length: 5", "Transfer-Encoding: chunked"),
    ],
    [
      "chunks and a length, a request inside",
      "422 closed",
      post(`0\r\n\r\n${hidden}`, "Transfer-Encoding: chunked", `Content-Length: ${5 + hidden.length}`),
    ],
    [
      "a request hidden in a GET's body",
      "200 200 closed",
      get("/healthz", `Content-Length: ${hidden.length}`) + hidden + get("/healthz", "Connection: close"),
    ],
    ["no version", "400 closed", "GET /\r\n\r\n"],
    ["an unknown version", "400 closed", `GET / HTTP/3.7\r\nHost: ${host}${END}`],
    ["a version that is none", "400 closed", `GET / HTTX/1.1\r\nHost: ${host}${END}`],
    ["no path", "400 closed", `GET  HTTP/1.1\r\nHost: ${host}${END}`],
    ["two spaces", "400 closed", `GET  / HTTP/1.1\r\nHost: ${host}${END}`],
    ["a path with a space", "400 closed", `GET /a b HTTP/1.1\r\nHost: ${host}${END}`],
    ["a method of strange letters", "400 closed", `G\x00T / HTTP/1.1\r\nHost: ${host}${END}`],
    ["a method of its own", "405 closed", `BREW /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close${END}`],
    ["TRACE", "405 closed", `TRACE /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close${END}`],
    [
      "CONNECT",
      "404 closed",
      `CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\nConnection: close${END}`,
    ],
    ["OPTIONS *", "404 closed", `OPTIONS * HTTP/1.1\r\nHost: ${host}\r\nConnection: close${END}`],
    ["DELETE of a page", "405 closed", `DELETE /login HTTP/1.1\r\nHost: ${host}\r\nConnection: close${END}`],
    ["bytes of TLS inside TLS", "400 closed", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"],
    ["bytes past ASCII", "400 closed", "\xff\xfe\xfd\xfc\r\n\r\n"],
    ["nothing but line ends", "431 closed", "\r\n".repeat(50_000)],
    ["a long path", "431 closed", get(`/${"a".repeat(70_000)}`)],
    ["a long header", "431 closed", get("/healthz", `X: ${"a".repeat(70_000)}`)],
    ["a thousand headers", "431 closed", get("/healthz", ...many(1000, (n) => `X-${n}: y`))],
    [
      "headers without end",
      "431 closed",
      `GET / HTTP/1.1\r\n${many(4000, (n) => `X-${n}: yyyyyyyyyyyyyyyyyyyyyyy\r\n`).join("")}`,
    ],
    [
      "a cookie of 60 KB",
      "200 closed",
      get("/login", `Cookie: a=${"b".repeat(60_000)}`, "Connection: close"),
    ],
    [
      "a thousand cookies",
      "200 closed",
      get("/login", `Cookie: ${many(1000, (n) => `c${n}=v`).join("; ")}`, "Connection: close"),
    ],
    ["two hosts", "400 closed", get("/login", "Host: evil.example", "Connection: close")],
    ["no host", "400 closed", `GET /login HTTP/1.1\r\nConnection: close${END}`],
    [
      "a host with a user",
      "400 closed",
      `GET /login HTTP/1.1\r\nHost: evil@${host}\r\nConnection: close${END}`,
    ],
    [
      "another host in the target",
      "400 closed",
      `GET https://evil.example/login HTTP/1.1\r\nHost: ${host}\r\nConnection: close${END}`,
    ],
    [
      "a thousand requests in one go",
      "1000 times 200, closed",
      get("/healthz").repeat(999) + get("/healthz", "Connection: close"),
    ],
    [
      "a body that a GET does not need",
      "200 closed",
      `${get("/login", "Content-Length: 5", "Connection: close")}hello`,
    ],
    [
      "a range of many parts",
      "200 closed",
      get("/login", `Range: bytes=${many(500, (n) => `${n}-`).join(",")}`, "Connection: close"),
    ],
    ["a date that is none", "200 closed", get("/login", "If-Modified-Since: never", "Connection: close")],
    ["Expect that is none", "200 closed", get("/login", "Expect: 999-cow", "Connection: close")],
    [
      "an upgrade to what there is not",
      "200 closed",
      get("/login", "Connection: upgrade, close", "Upgrade: h2c", "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"),
    ],
  ];
  return rows.map(([name, expected, bytes]) => [
    name,
    expected,
    async () => {
      const came = await raw(server, bytes);
      const many = came.match(/^(?:200 ){1000}closed$/);
      return many ? "1000 times 200, closed" : came;
    },
  ]);
}
