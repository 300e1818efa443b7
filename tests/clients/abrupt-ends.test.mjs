// Abrupt ends leave nothing behind: sockets that vanish without a word, with their server and from it. After 10,000
// connections that were dropped, sockets, rooms, tasks and memory are back where they were (within 10%).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawSocket } from "./support/raw.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

const WATCHED = { "plain-http": true, "sockets-per-person": 1_000, "admin-listen": "127.0.0.1:0" };
const AT_ONCE = 50;

/** Connects and joins, and drops without a word: some at once, some after they joined. */
async function dropped(server, token, count) {
  for (let done = 0; done < count; done += AT_ONCE) {
    const dropOne = async (_, index) => {
      const raw = await RawSocket.open(server, token, {
        transport: index % 10 === 0 ? "upgrade" : "websocket",
      });
      if (index % 2 === 0) await raw.ask("join", { room: "lobby" });
      raw.close();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, dropOne));
  }
}

describe("abrupt ends", { concurrency: true }, () => {
  test("10,000 connections that were dropped leave nothing behind", async (t) => {
    const server = await Server.start(WATCHED);
    t.after(() => server.end());
    const token = await (await server.person("anna")).token();
    const idle = (await server.metrics()).match(/^parlor_tasks (\d+)$/m)[1];
    await dropped(server, token, 3_000);
    await server.until("parlor_sockets 0");
    const before = await server.memory();
    await dropped(server, token, 7_000);
    await server.until("parlor_sockets 0");
    await server.until("parlor_rooms_heard 0");
    const after = await server.memory();
    t.diagnostic(
      `memory after 3,000: ${before >> 20} MiB, after 10,000: ${after >> 20} MiB; tasks when idle: ${idle}`,
    );
    assert.ok(after < before * 1.1, `${before} bytes grew to ${after}`);
    // What a person's grace holds back ends with it.
    await server.until(`parlor_tasks ${idle}`);
  });

  test("a polling client that vanishes is forgotten within the ping timeout", async (t) => {
    const server = await Server.start({ ...WATCHED, "ping-interval": "3s", "ping-timeout": "3s" });
    t.after(() => server.end());
    const token = await (await server.person("anna")).token();
    const opened = await request(server, "GET", "/socket.io/?EIO=4&transport=polling");
    const { sid } = JSON.parse(opened.text.slice(1));
    const path = `/socket.io/?EIO=4&transport=polling&sid=${sid}`;
    const connect = await request(server, "POST", path, { body: `40${JSON.stringify({ token })}` });
    assert.equal(connect.status, 200);
    await server.until("parlor_sockets 1");
    await server.until("parlor_sockets 0", 20_000);
  });

  test("a server that was killed takes its sockets back, and what they missed comes after", async (t) => {
    const server = await Server.start(WATCHED);
    t.after(() => server.end());
    const anna = await server.person("anna");
    const { socket, ears, ask } = await anna.socket(t, {
      auth: { token: await anna.token(), rooms: { lobby: 0 } },
    });
    await ears.until("resumed");
    await server.crash();
    await ears.until("disconnect");
    await server.begin();
    await ears.count("resumed", 2);
    assert.equal(socket.connected, true);
    assert.equal((await ask("message", { room: "lobby", data: "still here" })).ok, true);
  });
});
