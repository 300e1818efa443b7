// What an idle socket costs: its request's buffer is not among it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RawSocket } from "./support/raw.mjs";
import { Server } from "./support/server.mjs";

const SOCKETS = 500;
/** hyper reads a request into so much; with it, a socket costs some 31 KiB, and without it some 20. */
const READ_BUFFER = 16 * 1024;
const SETTINGS = {
  "plain-http": true,
  "sockets-per-person": 2 * SOCKETS,
  "sockets-per-address": 4 * SOCKETS,
};

async function opened(server, token, count) {
  const sockets = [];
  for (let done = 0; done < count; done += 50) {
    const some = Array.from({ length: 50 }, () => RawSocket.open(server, token));
    sockets.push(...(await Promise.all(some)));
  }
  return sockets;
}

test("an idle WebSocket does not keep the buffer that its request was read into", async (t) => {
  const server = await Server.start(SETTINGS);
  t.after(() => server.end());
  const token = await (await server.person("anna")).token();
  const warm = await opened(server, token, SOCKETS);
  const before = await server.memory();
  const idle = await opened(server, token, SOCKETS);
  const each = ((await server.memory()) - before) / SOCKETS;
  for (const socket of [...warm, ...idle]) socket.close();
  t.diagnostic(`${(each / 1024).toFixed(1)} KiB for each of ${SOCKETS} idle sockets`);
  assert.ok(each < 1.6 * READ_BUFFER, `${each} bytes`);
});
