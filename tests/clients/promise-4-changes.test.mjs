// Promise 4 for what happens to messages later: edits, deletions, reactions and pins that were made while a client was
// away come as the present state, each once, also over a restart of the server.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]];

/** A client that resumes from the last seq that it heard of, by whatever event, and keeps each message as it stands. */
async function follower(t, person, room, transports) {
  const seen = { [room]: 0 };
  const shown = new Map();
  const line = person.dial({ auth: (send) => send({ rooms: seen }), transports });
  t.after(() => line.socket.disconnect());
  const hear = (message) => {
    const before = shown.get(message.id)?.seq ?? 0;
    assert.ok(message.seq > before, `${message.id} at ${message.seq} comes once, after ${before}`);
    seen[room] = Math.max(seen[room], message.seq);
    shown.set(message.id, message);
  };
  line.socket.on("message", hear);
  line.socket.on("message_updated", hear);
  line.socket.on("resumed", ({ seq }) => {
    seen[room] = seq;
  });
  line.socket.connect();
  await line.ears.until("resumed");
  return { ...line, shown };
}

/** What changes in a room of five messages while somebody is away; answers with the state at the end. */
async function changes(ask, room, ids) {
  const done = async (event, payload) => {
    const ack = await ask(event, payload);
    assert.equal(ack.ok, true, `${event}: ${JSON.stringify(ack)}`);
  };
  await done("edit_message", { id: ids[0], data: "edited once" });
  await done("edit_message", { id: ids[0], data: "edited twice" });
  await done("delete_message", { id: ids[1] });
  await done("react", { id: ids[2], emoji: "🎉", on: true });
  await done("react", { id: ids[2], emoji: "👍", on: true });
  await done("react", { id: ids[2], emoji: "👍", on: false });
  await done("pin", { id: ids[3], on: true });
  const fresh = await ask("message", { room, data: "new", reply_to: ids[4] });
  await done("edit_message", { id: fresh.id, data: "new and edited" });
  const { messages } = await ask("history", { room });
  return { fresh: fresh.id, messages };
}

const essence = ({ id, seq, text, html, deleted, pinned, reactions, edited_at, reply_count }) => ({
  id,
  seq,
  text,
  html,
  deleted,
  pinned,
  reactions: reactions.map(({ emoji, count }) => `${emoji}${count}`),
  edited_at,
  reply_count,
});

/** Holds what a reader shows, and what it was told when it came back, to the room's present state. */
function check({ ears, shown }, ids, { fresh, messages }) {
  const told = ears.all("message_updated").map(({ id, change }) => [id, change]);
  assert.deepEqual(told, [
    [ids[0], "edited"],
    [ids[1], "deleted"],
    [ids[2], "reactions"],
    [ids[3], "pinned"],
  ]);
  assert.deepEqual(
    ears.all("message").map(({ id, text }) => [id, text]),
    [[fresh, "new and edited"]],
    "a message that was edited before it was heard of is new, and told once",
  );
  const latest = messages.filter(({ id }) => id !== ids[4]).map(essence);
  assert.deepEqual(
    latest.map(({ id }) => essence(shown.get(id))),
    latest,
  );
  const [, tombstone] = messages;
  assert.deepEqual([tombstone.text, tombstone.html, tombstone.deleted], ["", "", true]);
}

async function scene(t, at) {
  const [anna, ben] = await Promise.all([at.person("anna"), at.person("ben")]);
  const room = await anna.room();
  await ben.inRoom(t, room);
  const writer = await anna.inRoom(t, room);
  const readers = [];
  for (const transports of TRANSPORTS) readers.push(await follower(t, ben, room, transports));
  const ids = [];
  for (const word of ["zero", "one", "two", "three", "four"]) {
    ids.push((await writer.ask("message", { room, data: word })).id);
  }
  for (const { ears } of readers) await ears.count("message", ids.length);
  return { room, writer, readers, ids };
}

describe("coming back to what was changed", { concurrency: true }, () => {
  test("a connection that breaks again and again while others change things misses none of it", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    await ben.inRoom(t, room);
    const writer = await anna.inRoom(t, room);
    const reader = await follower(t, ben, room, ["websocket"]);
    const ids = [];
    for (let n = 0; n < 40; n += 1) ids.push((await writer.ask("message", { room, data: `text ${n}` })).id);
    await reader.ears.count("message", ids.length);
    let breaks = 0;
    reader.socket.on("message_updated", ({ seq }) => {
      if (seq % 15 !== 0 || breaks >= 6) return;
      breaks += 1;
      // As a network does it: not in the middle of handing over what has arrived.
      setImmediate(() => reader.socket.io.engine.close());
    });
    const asked = [];
    for (let n = 0; n < 120; n += 1) {
      const id = ids[(n * 7) % ids.length];
      asked.push(writer.ask("react", { id, emoji: n % 2 ? "🎉" : "👍", on: n % 3 !== 2 }));
      asked.push(writer.ask("edit_message", { id, data: `text ${n} again` }));
      if (n % 20 === 19) await Promise.all(asked.splice(0));
    }
    const end = await writer.ask("message", { room, data: "the end" });
    await reader.ears.until("message", ({ id }) => id === end.id);
    assert.ok(breaks >= 3, `${breaks} breaks`);
    const { messages } = await writer.ask("history", { room, limit: 200 });
    assert.deepEqual(
      messages.map(({ id }) => essence(reader.shown.get(id))),
      messages.map(essence),
    );
  });

  test("edits, deletions, reactions and pins made while away are replayed as they stand", async (t) => {
    const { room, writer, readers, ids } = await scene(t, server);
    for (const { ears, socket } of readers) {
      ears.forget();
      socket.disconnect();
    }
    const state = await changes(writer.ask, room, ids);
    for (const reader of readers) {
      reader.socket.connect();
      await reader.ears.until("resumed");
      check(reader, ids, state);
    }
  });

  test("so they are when the server was started anew in between", async (t) => {
    const other = await Server.start();
    t.after(() => other.end());
    await other.person("owner");
    const { room, writer, readers, ids } = await scene(t, other);
    for (const { ears, socket } of readers) {
      ears.forget();
      socket.disconnect();
    }
    const state = await changes(writer.ask, room, ids);
    assert.equal(await other.stop(), 0);
    await other.begin();
    for (const reader of readers) {
      reader.socket.connect();
      await reader.ears.until("resumed");
      check(reader, ids, state);
    }
  });

  test("who listens all the time hears each change once, in the order of the room", async (t) => {
    const { room, writer, readers, ids } = await scene(t, server);
    for (const { ears } of readers) ears.forget();
    const { messages } = await changes(writer.ask, room, ids);
    const last = Math.max(...messages.map(({ seq }) => seq));
    for (const { ears, shown } of readers) {
      await ears.until("message_updated", ({ seq }) => seq === last);
      assert.deepEqual(
        ears.all("message_updated").map(({ change }) => change),
        ["edited", "edited", "deleted", "reactions", "reactions", "reactions", "pinned", "edited"],
      );
      const told = messages.filter(({ id }) => id !== ids[4]).map(essence);
      assert.deepEqual(
        told.map(({ id }) => essence(shown.get(id))),
        told,
      );
    }
  });
});
