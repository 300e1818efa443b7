// Promise 4: nothing missed. A client that comes back with the seq of each room gets what changed since, then `resumed`,
// then what is live: no gap, no repeat, while others write, and also after the server stopped in between.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

/** A socket that resumes by itself: `seen` is what it sends as `auth.rooms`, kept current by what it hears. */
async function follower(t, person, seen, options = {}) {
  const auth = (send) => send({ rooms: seen });
  const line = person.dial({ auth, ...options });
  t.after(() => line.socket.disconnect());
  line.socket.on("message", ({ room, seq }) => {
    if (room in seen) seen[room] = Math.max(seen[room], seq);
  });
  line.socket.connect();
  for (const room of Object.keys(seen)) await line.ears.until("resumed", (told) => told.room === room);
  return line;
}

async function say(ask, room, count, word) {
  const ids = [];
  for (let from = 0; from < count; from += 50) {
    const some = Array.from({ length: Math.min(50, count - from) }, (_, n) =>
      ask("message", { room, data: `${word} ${from + n}` }),
    );
    for (const ack of await Promise.all(some)) {
      assert.equal(ack.ok, true, JSON.stringify(ack));
      ids.push(ack.id);
    }
  }
  return ids;
}

async function gone(line) {
  line.ears.forget();
  line.socket.disconnect();
}

const idsOf = (messages) => messages.map(({ id }) => id);

describe("coming back", { concurrency: true }, () => {
  test("what was missed comes in order, then `resumed`, then what is live", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    const writer = await anna.inRoom(t, room);
    await ben.inRoom(t, room);
    const line = await follower(t, ben, { [room]: 0 });
    const before = await say(writer.ask, room, 2, "before");
    await line.ears.count("message", 2);
    await gone(line);
    const missed = await say(writer.ask, room, 5, "missed");
    line.socket.connect();
    const told = await line.ears.until("resumed");
    const live = await say(writer.ask, room, 1, "live");
    await line.ears.until("message", ({ id }) => id === live[0]);
    assert.equal(before.length, 2);
    assert.deepEqual(idsOf(line.ears.all("message")), [...missed, ...live]);
    assert.deepEqual([told.room, told.more], [room, false]);
    assert.equal(told.seq, line.ears.all("message")[4].seq);
    const order = line.ears.names.filter((name) => name === "message" || name === "resumed");
    assert.equal(order.indexOf("resumed"), 5);
    assert.ok(!line.socket.recovered);
  });

  test("`join` with `seq` does the same", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    const writer = await anna.inRoom(t, room);
    const ids = await say(writer.ask, room, 6, "said");
    const { joined, socket } = await ben.inRoom(t, room);
    socket.disconnect();
    const line = await ben.socket(t);
    const answer = await line.ask("join", { room, seq: joined.messages[2].seq });
    assert.equal(answer.ok, true);
    assert.deepEqual(answer.messages, []);
    await line.ears.until("resumed");
    assert.deepEqual(idsOf(line.ears.all("message")), ids.slice(3));
  });

  test("a connection that breaks again and again while others write: no gap and no repeat", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    const writer = await anna.inRoom(t, room);
    await ben.inRoom(t, room);
    const line = await follower(t, ben, { [room]: 0 });
    let breaks = 0;
    // As a network does it: not in the middle of handing over what has arrived, nor in that of an upgrade, where the client
    // keeps what comes with it and hands it over once more when it is back.
    const cut = () => {
      const { engine } = line.socket.io;
      if (engine.upgrading) setTimeout(cut, 1);
      else engine.close();
    };
    line.socket.on("message", ({ seq }) => {
      if (seq % 40 !== 0 || breaks >= 6) return;
      breaks += 1;
      setImmediate(cut);
    });
    const ids = await say(writer.ask, room, 400, "flow");
    await line.ears.until("message", ({ id }) => id === ids.at(-1));
    assert.ok(breaks >= 4, `${breaks} breaks`);
    assert.deepEqual(idsOf(line.ears.all("message")), ids);
  });

  test("the server restarts on the same port and folder: everybody comes back to all of it", async (t) => {
    const other = await Server.start();
    t.after(() => other.end());
    const [anna, ben] = [await other.person("anna"), await other.person("ben")];
    const room = await anna.room();
    await ben.inRoom(t, room);
    const readers = [];
    for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
      readers.push(await follower(t, ben, { [room]: 0 }, { transports }));
    }
    const writer = await anna.inRoom(t, room);
    const ids = await say(writer.ask, room, 3, "before");
    for (const { ears } of readers) await ears.count("message", 3);
    const stopped = other.stop();
    for (const { ears } of [...readers, writer]) {
      const { reconnect_after_ms: pause } = await ears.until("server_closing");
      assert.ok(Number.isInteger(pause) && pause >= 0 && pause <= 10_000);
    }
    assert.equal(await stopped, 0);
    for (const { ears } of readers) {
      const reason = await ears.until("disconnect");
      assert.ok(reason.startsWith("transport"), `${reason}: the client comes back by itself from that only`);
    }
    await other.begin();
    await writer.ears.count("ready", 2);
    ids.push(...(await say(writer.ask, room, 20, "after")));
    for (const { ears } of readers) {
      await ears.until("message", ({ id }) => id === ids.at(-1));
      assert.deepEqual(idsOf(ears.all("message")), ids);
      assert.equal(ears.all("resumed").length, 2);
    }
  });

  test("more than 500 missed: the newest 500, and `more`", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const writer = await anna.inRoom(t, room);
    const ids = await say(writer.ask, room, 505, "many");
    const line = anna.dial({ auth: { rooms: { [room]: 2 } } });
    t.after(() => line.socket.disconnect());
    line.socket.connect();
    const told = await line.ears.until("resumed");
    assert.equal(told.more, true);
    assert.deepEqual(idsOf(line.ears.all("message")), ids.slice(-500));
    const older = await line.ask("history", { room, before: ids[5], limit: 10 });
    assert.deepEqual(idsOf(older.messages), ids.slice(0, 5));
  });

  test("exactly 500 missed: all of them, and no more", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const writer = await anna.inRoom(t, room);
    const ids = await say(writer.ask, room, 501, "many");
    const { messages } = await writer.ask("history", { room, before: ids[1], limit: 1 });
    const line = anna.dial({ auth: { rooms: { [room]: messages[0].seq } } });
    t.after(() => line.socket.disconnect());
    line.socket.connect();
    assert.equal((await line.ears.until("resumed")).more, false);
    assert.deepEqual(idsOf(line.ears.all("message")), ids.slice(1));
  });

  test("a room that is not mine, or is none, is told as a problem; the others resume", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const [hers, his] = [await anna.room(), await ben.room()];
    const line = anna.dial({ auth: { rooms: { [his]: 0, nosuchroom: 0, [hers]: 0 } } });
    t.after(() => line.socket.disconnect());
    line.socket.connect();
    const problems = await line.ears.count("problem", 2);
    for (const { event, error } of problems) assert.deepEqual([event, error.code], ["resume", "not_found"]);
    assert.equal((await line.ears.until("resumed")).room, hers);
    assert.equal((await line.ask("message", { room: hers, data: "goes on" })).ok, true);
    await line.ears.until("message");
    const inHis = await ben.inRoom(t, his);
    await inHis.ask("message", { room: his, data: "not for her" });
    await line.ask("rooms", {});
    assert.deepEqual(
      line.ears.all("message").map(({ text }) => text),
      ["goes on"],
    );
  });

  test("a seq of the future is taken as the present one", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const line = anna.dial({ auth: { rooms: { [room]: 1_000_000 } } });
    t.after(() => line.socket.disconnect());
    line.socket.connect();
    await line.ears.until("resumed");
    assert.equal((await line.ask("message", { room, data: "now" })).ok, true);
    assert.equal((await line.ears.until("message")).text, "now");
  });
});
