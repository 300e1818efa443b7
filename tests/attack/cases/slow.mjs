// Connections that do nothing, or next to nothing, for as long as they are let.
import { once } from "node:events";
import net from "node:net";
import { ends, open } from "../support/line.mjs";

/** Writes one byte after the other until the connection ends. */
async function drip(socket, bytes, every = 150) {
  let at = 0;
  const timer = setInterval(() => {
    if (!socket.destroyed) socket.write(bytes[at % bytes.length]);
    at += 1;
  }, every);
  try {
    return await ends(socket);
  } finally {
    clearInterval(timer);
  }
}

export default function cases({ server }) {
  const host = new URL(server.url).host;
  const plain = async (bytes) => {
    const socket = net.connect(server.port, "127.0.0.1");
    socket.on("error", () => {});
    await once(socket, "connect");
    if (bytes) socket.write(bytes);
    return ends(socket);
  };
  const begun = async (head) => {
    const socket = await open(server);
    socket.write(head);
    return socket;
  };
  const post = `POST /api/v1/users HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{`;
  return [
    ["a connection that never speaks TLS", () => plain()],
    ["one that speaks HTTP instead", () => plain("GET / HTTP/1.1\r\nHost: a\r\n\r\n")],
    ["half of a TLS greeting", () => plain(Buffer.from([0x16, 3, 1, 2, 0, 1]))],
    [
      "a TLS record of sixteen megabytes",
      () => plain(Buffer.from([0x16, 3, 1, 0xff, 0xff, 1, 0xff, 0xff, 0xff])),
    ],
    ["SSL 2", () => plain(Buffer.from([0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10]))],
    ["TLS that says nothing", async () => ends(await open(server))],
    ["headers byte by byte", async () => drip(await begun(`GET / HTTP/1.1\r\nHost: ${host}\r\nX: `), "a")],
    ["a request line byte by byte", async () => drip(await open(server), "GET /aaaaaaaaaaaaaaaa")],
    ["a body that never comes", async () => ends(await begun(post))],
    [
      "a connection that is kept and not used",
      async () => ends(await begun(`GET /healthz HTTP/1.1\r\nHost: ${host}\r\n\r\n`)),
    ],
    [
      "a WebSocket that never says who it is",
      async () =>
        ends(
          await begun(
            `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
          ),
        ),
    ],
  ].map(([name, run]) => [name, "closed", run]);
}
