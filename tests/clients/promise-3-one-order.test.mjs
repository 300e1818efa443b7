// Promise 3: one order. Everyone in a room sees its messages in the order of their ids, live and in history: 20 writers
// and 20 readers over WebSocket, polling and an upgrade, with history read while they write.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Server } from "./support/server.mjs";

const WRITERS = 20;
const READERS = 20;
const EACH = 25;
const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]];

const ascending = (ids) => ids.every((id, index) => index === 0 || id > ids[index - 1]);

test("everybody's sequence is the order of the ids", async (t) => {
  const server = await Server.start({ "sockets-per-person": 100 });
  t.after(() => server.end());
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room();
  const open = (count, person) =>
    Promise.all(
      Array.from({ length: count }, (_, n) => person.inRoom(t, room, { transports: TRANSPORTS[n % 3] })),
    );
  const writers = await open(WRITERS, anna);
  const readers = await open(READERS, ben);
  let writing = true;
  const read = async ({ ask }) => {
    let before = [];
    while (writing) {
      const { messages } = await ask("history", { room, limit: 200 });
      const ids = messages.map(({ id }) => id);
      assert.ok(ascending(ids), "history while others write is in order");
      const shared = before.filter((id) => id >= ids[0]);
      assert.deepEqual(ids.slice(0, shared.length), shared, "what was there stays, with nothing put between");
      before = ids;
    }
  };
  const reading = Promise.all(readers.slice(0, 4).map(read));
  const write = ({ ask }, writer) =>
    Promise.all(Array.from({ length: EACH }, (_, n) => ask("message", { room, data: `${writer} ${n}` })));
  const acks = (await Promise.all(writers.map(write))).flat();
  writing = false;
  await reading;
  const ids = acks.map(({ id }) => id).sort((one, other) => one - other);
  assert.equal(new Set(ids).size, WRITERS * EACH);
  for (const { ears } of [...readers, ...writers]) {
    const heard = await ears.count("message", ids.length);
    assert.deepEqual(
      heard.map(({ id }) => id),
      ids,
    );
    for (let writer = 0; writer < WRITERS; writer += 1) {
      const own = heard.filter(({ text }) => text.startsWith(`${writer} `)).map(({ text }) => text);
      assert.deepEqual(
        own,
        Array.from({ length: EACH }, (_, n) => `${writer} ${n}`),
        "and each writer's own order is kept",
      );
    }
  }
  t.diagnostic(`${WRITERS} writers, ${READERS} readers, ${ids.length} messages`);
});
