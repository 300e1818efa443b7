// WebSocket frames that break RFC 6455, and some that only look like it.
import { once } from "node:events";
import { ends, open } from "../support/line.mjs";

/** A client's frame: its first byte, and its payload under a mask of zeros. */
function frame(first, payload = "") {
  const bytes = Buffer.from(payload);
  const head =
    bytes.length < 126
      ? [first, 0x80 | bytes.length]
      : [first, 0xfe, (bytes.length >> 8) & 255, bytes.length & 255];
  return Buffer.concat([Buffer.from([...head, 0, 0, 0, 0]), bytes]);
}

const ROWS = [
  ["closed", "no mask", Buffer.from([0x81, 2, 0x34, 0x30])],
  ["closed", "a reserved opcode", frame(0x83, "40")],
  ["closed", "a reserved control opcode", frame(0x8b)],
  ["closed", "a reserved bit", frame(0xc1, "40")],
  ["closed", "all reserved bits", frame(0xf1, "40")],
  ["closed", "a ping in parts", frame(0x09, "x")],
  ["closed", "a long ping", frame(0x89, "x".repeat(126))],
  ["closed", "a going on of nothing", frame(0x80, "40")],
  ["closed", "a new message inside another", Buffer.concat([frame(0x01, "4"), frame(0x81, "0")])],
  ["closed", "a text that is no UTF-8", frame(0x81, Buffer.from([0x34, 0xff, 0xfe]))],
  ["closed", "half a character at the end", frame(0x81, Buffer.from([0x34, 0xc3]))],
  ["closed", "a close of one byte", frame(0x88, "x")],
  ["closed", "a close with a code that is none", frame(0x88, Buffer.from([0, 1]))],
  ["closed", "a close with a reserved code", frame(0x88, Buffer.from([0x03, 0xed]))],
  ["closed", "a close whose reason is no UTF-8", frame(0x88, Buffer.from([0x03, 0xe8, 0xff]))],
  ["closed", "a close", frame(0x88, Buffer.from([0x03, 0xe8]))],
  [
    "closed",
    "a length past every memory",
    Buffer.from([0x81, 0xff, 0x7f, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
  ],
  [
    "closed",
    "a negative length",
    Buffer.from([0x81, 0xff, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0]),
  ],
  ["closed", "four gigabytes that never come", Buffer.from([0x82, 0xff, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0])],
  [
    "closed",
    "parts that together are too large",
    Buffer.concat([frame(0x01, "4"), ...Array(40).fill(frame(0x00, "x".repeat(60_000))), frame(0x80, "x")]),
  ],
  [
    "closed",
    "a million parts of nothing, and silence",
    Buffer.concat([frame(0x01, "4"), ...Array(100_000).fill(frame(0x00))]),
  ],
  ["closed", "a hundred thousand pings, and silence", Buffer.concat(Array(100_000).fill(frame(0x89, "x")))],
  ["closed", "a request of HTTP", Buffer.from("GET / HTTP/1.1\r\nHost: a\r\n\r\n")],
];

export default function cases({ server }) {
  const host = new URL(server.url).host;
  return ROWS.map(([expected, name, bytes]) => [
    name,
    expected,
    async () => {
      const socket = await open(server);
      socket.write(
        `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
          "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
      );
      await once(socket, "data");
      socket.write(bytes);
      return ends(socket);
    },
  ]);
}
