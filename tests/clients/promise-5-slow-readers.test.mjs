// Promise 5: a slow reader harms nobody, and misses nothing. Its queue is bounded, what does not fit is read from the
// store when it drains, and one that takes nothing for 30 s has its transport closed, so that it comes back by itself.
// 20 members, one of whom stops reading while 8 MiB go to the room; plain, over TLS, after an
// upgrade, and one who only polls, and stops to.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { RawSocket } from "./support/raw.mjs";
import { Server } from "./support/server.mjs";

const MEMBERS = 20;
const MESSAGES = 700;
const TEXT = "x".repeat(3_900);
const MIB = 1024 * 1024;
const WATCHED = { "sockets-per-person": 100, "admin-listen": "127.0.0.1:0" };

/** Sends numbered messages, a few at a time. */
async function talk(writer, from, to) {
  for (let first = from; first <= to; first += 20) {
    const asked = [];
    for (let number = first; number < first + 20 && number <= to; number += 1) {
      asked.push(writer.ask("message", { room: "lobby", data: `#${number} ${TEXT}` }));
    }
    for (const answer of await Promise.all(asked)) assert.equal(answer.ok, true, JSON.stringify(answer));
  }
}

function closeAfter(t, sockets) {
  t.after(() => {
    for (const socket of sockets) socket.close();
  });
}

const upTo = (count) => Array.from({ length: count }, (_, index) => index + 1);

describe("promise 5", { concurrency: true }, () => {
  for (const [name, settings, options] of [
    ["plain", { "plain-http": true }, {}],
    ["over TLS", {}, {}],
    ["after an upgrade from polling", { "plain-http": true }, { transport: "upgrade" }],
    ["by polling", { "plain-http": true }, { transport: "polling" }],
  ]) {
    test(`a reader that stops costs its queue only, and gets all it missed in order: ${name}`, async (t) => {
      const server = await Server.start({ ...settings, ...WATCHED });
      t.after(() => server.end());
      const token = await (await server.person("anna")).token();
      const stuck = await RawSocket.open(server, token, options);
      const transport = options.transport === "polling" ? {} : options;
      const opened = upTo(MEMBERS - 1).map(() => RawSocket.open(server, token, transport));
      const [writer, ...others] = await Promise.all(opened);
      const members = [stuck, writer, ...others];
      closeAfter(t, members);
      for (const member of members) assert.equal((await member.ask("join", { room: "lobby" })).ok, true);
      await talk(writer, 1, 100);
      await Promise.all(others.map((other) => other.until(() => other.numbers.length === 100)));
      const before = await server.memory();
      stuck.stopReading();
      await talk(writer, 101, MESSAGES);
      await Promise.all(others.map((other) => other.until(() => other.numbers.length === MESSAGES)));
      const grown = (await server.memory()) - before;
      for (const other of others) assert.deepEqual(other.numbers, upTo(MESSAGES));
      assert.ok(grown < 64 * MIB, `the server grew by ${(grown / MIB).toFixed(1)} MiB`);
      assert.ok(stuck.numbers.length < MESSAGES, "it did stop");
      stuck.goOnReading();
      await stuck.until(() => stuck.numbers.length >= MESSAGES);
      await talk(writer, MESSAGES + 1, MESSAGES + 20);
      await stuck.until(() => stuck.numbers.length >= MESSAGES + 20);
      assert.deepEqual(stuck.numbers, upTo(MESSAGES + 20));
      t.diagnostic(
        `${name}: ${MEMBERS} members, ${MESSAGES} messages, memory grew by ${(grown / MIB).toFixed(1)} MiB`,
      );
    });

    test(`a reader that takes nothing for 30 s is cut, and resumes without a gap: ${name}`, async (t) => {
      const server = await Server.start({ ...settings, ...WATCHED });
      t.after(() => server.end());
      const token = await (await server.person("anna")).token();
      const writer = await RawSocket.open(server, token);
      const stuck = await RawSocket.open(server, token, options);
      closeAfter(t, [writer, stuck]);
      for (const raw of [writer, stuck]) assert.equal((await raw.ask("join", { room: "lobby" })).ok, true);
      stuck.stopReading();
      await talk(writer, 1, MESSAGES * 2);
      await server.until("parlor_sockets 1");
      stuck.goOnReading();
      await stuck.closed();
      const heard = stuck.numbers.length;
      assert.ok(heard < MESSAGES * 2);
      assert.deepEqual(stuck.numbers, upTo(heard), "what came was in order");
      const back = await RawSocket.open(server, token, { ...options, rooms: { lobby: heard } });
      closeAfter(t, [back]);
      await back.until(() => back.events.includes("resumed"));
      const missed = MESSAGES * 2 - heard;
      assert.deepEqual(back.numbers, upTo(MESSAGES * 2).slice(-Math.min(missed, 500)));
    });
  }

  test("a stuck socket whose credential ends is gone at once", async (t) => {
    const server = await Server.start({ "plain-http": true, ...WATCHED });
    t.after(() => server.end());
    const anna = await server.person("anna");
    const writer = await RawSocket.open(server, await anna.token());
    const stuckToken = await anna.newToken();
    const stuck = await RawSocket.open(server, stuckToken);
    closeAfter(t, [writer, stuck]);
    for (const raw of [writer, stuck]) assert.equal((await raw.ask("join", { room: "lobby" })).ok, true);
    stuck.stopReading();
    await talk(writer, 1, MESSAGES * 2);
    const ended = await fetch(`${server.url}/api/v1/tokens/current`, {
      method: "DELETE",
      headers: { authorization: `Bearer ${stuckToken}` },
    });
    assert.equal(ended.status, 204);
    await server.until("parlor_sockets 1");
    stuck.goOnReading();
    await stuck.closed();
  });
});
