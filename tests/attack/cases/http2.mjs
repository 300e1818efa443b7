// Frames of HTTP/2 that break RFC 9113, and floods of those that do not.
import { block, FRAME, frame, sendFrames } from "../../clients/support/h2.mjs";

const ERRORS = [
  "NO_ERROR",
  "PROTOCOL_ERROR",
  "INTERNAL_ERROR",
  "FLOW_CONTROL_ERROR",
  "SETTINGS_TIMEOUT",
  "STREAM_CLOSED",
  "FRAME_SIZE_ERROR",
  "REFUSED_STREAM",
  "CANCEL",
  "COMPRESSION_ERROR",
  "CONNECT_ERROR",
  "ENHANCE_YOUR_CALM",
];
const END_STREAM = 0x1;
const END_HEADERS = 0x4;
const WHOLE = END_STREAM | END_HEADERS;

const number = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
/** A literal header without a table (RFC 7541, section 6.2.2). */
const literal = (name, value) =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name),
    Buffer.from([value.length]),
    Buffer.from(value),
  ]);

export default function cases({ server }) {
  const host = new URL(server.url).host;
  const open = block(host);
  const headers = (stream, flags = WHOLE, payload = open) => frame(FRAME.headers, flags, stream, payload);
  const many = (count, made) => Array.from({ length: count }, (_, n) => made(n)).flat();
  const setting = (id, value) =>
    frame(FRAME.settings, 0, 0, Buffer.concat([Buffer.from([0, id]), number(value)]));
  const rows = [
    ["a stream of an even number", ["PROTOCOL_ERROR"], [headers(2)]],
    ["headers on the connection", ["PROTOCOL_ERROR"], [headers(0)]],
    ["a stream that comes late", ["PROTOCOL_ERROR", "STREAM_CLOSED"], [headers(5), headers(3)]],
    ["data before headers", ["PROTOCOL_ERROR", "STREAM_CLOSED"], [frame(FRAME.data, 0, 1, Buffer.from("x"))]],
    [
      "a promise by a client",
      ["PROTOCOL_ERROR"],
      [frame(FRAME.push, END_HEADERS, 1, Buffer.concat([number(2), open]))],
    ],
    ["settings with a stream", ["PROTOCOL_ERROR"], [frame(FRAME.settings, 0, 1)]],
    [
      "settings of half a setting",
      ["FRAME_SIZE_ERROR", "PROTOCOL_ERROR"],
      [frame(FRAME.settings, 0, 0, Buffer.alloc(5))],
    ],
    ["a window past its limit", ["FLOW_CONTROL_ERROR", "PROTOCOL_ERROR"], [setting(4, 0x80000000)]],
    ["a frame size past its limit", ["PROTOCOL_ERROR"], [setting(5, 1)]],
    ["a push setting that is none", ["PROTOCOL_ERROR"], [setting(2, 7)]],
    ["a window that grows by nothing", ["PROTOCOL_ERROR"], [frame(FRAME.window, 0, 0, number(0))]],
    [
      "a window that grows past its limit",
      ["FLOW_CONTROL_ERROR"],
      many(2, () => frame(FRAME.window, 0, 0, number(0x7fffffff))),
    ],
    [
      "a ping of seven bytes",
      ["FRAME_SIZE_ERROR", "PROTOCOL_ERROR"],
      [frame(FRAME.ping, 0, 0, Buffer.alloc(7))],
    ],
    ["a ping with a stream", ["PROTOCOL_ERROR"], [frame(FRAME.ping, 0, 1, Buffer.alloc(8))]],
    ["a frame past the frame size", ["FRAME_SIZE_ERROR"], [frame(FRAME.data, 0, 1, Buffer.alloc(20_000))]],
    [
      "a header that goes on out of its turn",
      ["PROTOCOL_ERROR"],
      [frame(FRAME.continuation, END_HEADERS, 1, open)],
    ],
    [
      "another frame inside a header",
      ["PROTOCOL_ERROR"],
      [headers(1, END_STREAM), frame(FRAME.ping, 0, 0, Buffer.alloc(8))],
    ],
    [
      "a header table that is broken",
      ["COMPRESSION_ERROR", "PROTOCOL_ERROR"],
      [headers(1, WHOLE, Buffer.from([0xff, 0xff, 0xff, 0xff, 0xff]))],
    ],
    [
      "a header of an index that there is not",
      ["COMPRESSION_ERROR", "PROTOCOL_ERROR"],
      [headers(1, WHOLE, Buffer.from([0xfe]))],
    ],
    [
      "a header that goes on for ever",
      ["ENHANCE_YOUR_CALM", "PROTOCOL_ERROR", "COMPRESSION_ERROR"],
      [
        headers(1, END_STREAM, open),
        ...many(2000, () => frame(FRAME.continuation, 0, 1, literal("x-long", "y".repeat(120)))),
      ],
    ],
    [
      "a header in empty parts for ever",
      ["ENHANCE_YOUR_CALM", "PROTOCOL_ERROR"],
      [headers(1, END_STREAM, open), ...many(20_000, () => frame(FRAME.continuation, 0, 1))],
    ],
    [
      "a table that unpacks to far more (HPACK bomb)",
      ["ENHANCE_YOUR_CALM", "no GOAWAY", "NO_ERROR"],
      [
        headers(
          1,
          WHOLE,
          Buffer.concat([
            open,
            Buffer.from([0x40, 6]),
            Buffer.from("x-bomb"),
            Buffer.from([0x7f, 0xa1, 0x1e]),
            Buffer.alloc(4000, "b"),
            Buffer.alloc(8000, 0xbe),
          ]),
        ),
      ],
    ],
    [
      "requests cancelled one after the other",
      ["ENHANCE_YOUR_CALM"],
      many(2000, (n) => [headers(2 * n + 1), frame(FRAME.reset, 0, 2 * n + 1, number(8))]),
    ],
    [
      "streams that break, one after the other",
      ["ENHANCE_YOUR_CALM", "PROTOCOL_ERROR"],
      many(2000, (n) => [headers(2 * n + 1, WHOLE, Buffer.concat([open, literal("connection", "close")]))]),
    ],
    [
      "a thousand pings, and silence",
      ["no GOAWAY", "NO_ERROR", "ENHANCE_YOUR_CALM"],
      many(1000, () => frame(FRAME.ping, 0, 0, Buffer.alloc(8))),
    ],
    [
      "ten thousand settings, and silence",
      ["no GOAWAY", "NO_ERROR", "ENHANCE_YOUR_CALM"],
      many(10_000, () => frame(FRAME.settings, 0, 0)),
    ],
    [
      "empty data for ever, and silence",
      ["no GOAWAY", "NO_ERROR", "ENHANCE_YOUR_CALM"],
      [headers(1, END_HEADERS), ...many(10_000, () => frame(FRAME.data, 0, 1))],
    ],
    [
      "streams that no answer is taken of",
      ["no GOAWAY", "NO_ERROR"],
      [setting(4, 0), ...many(50, (n) => [headers(2 * n + 1)])],
    ],
    [
      "more streams than there may be",
      ["no GOAWAY", "NO_ERROR", "ENHANCE_YOUR_CALM", "PROTOCOL_ERROR"],
      many(500, (n) => [
        headers(
          2 * n + 1,
          END_HEADERS,
          Buffer.concat([Buffer.from([0x83, 0x84, 0x87, 0x01, host.length]), Buffer.from(host)]),
        ),
      ]),
    ],
    ["a GOAWAY, and silence", ["no GOAWAY", "NO_ERROR"], [frame(FRAME.goaway, 0, 0, Buffer.alloc(8))]],
    [
      "frames of kinds that there are not",
      ["no GOAWAY", "NO_ERROR"],
      many(1000, (n) => frame(0x50 + (n % 100), 0xff, n, Buffer.alloc(100))),
    ],
    ["nothing after the preface", ["no GOAWAY", "NO_ERROR"], []],
  ];
  // What one stream says wrong ends that stream, and the idle connection a little later.
  for (const [name, extra] of [
    ["a header in capitals", literal("X-Big", "y")],
    ["a connection header", literal("connection", "keep-alive")],
    ["a coding", literal("transfer-encoding", "chunked")],
    ["TE that is no trailers", literal("te", "gzip")],
    ["a second path", literal(":path", "/login")],
    ["a pseudo header that there is not", literal(":cow", "y")],
    ["a header with a line end", literal("x", "a\r\nHost: evil")],
    ["a length that is none", literal("content-length", "-1")],
    ["another host", literal("host", "evil.example")],
    ["an extended CONNECT", literal(":protocol", "websocket")],
  ]) {
    rows.push([
      name,
      ["no GOAWAY", "NO_ERROR", "PROTOCOL_ERROR"],
      [headers(1, WHOLE, Buffer.concat([open, extra]))],
    ]);
  }
  return rows.map(([name, expected, frames]) => [
    `${name}`,
    expected.map((error) => `closed, ${error}`),
    async () => {
      const code = await sendFrames(server, frames);
      return `closed, ${code === undefined ? "no GOAWAY" : (ERRORS[code] ?? code)}`;
    },
  ]);
}
