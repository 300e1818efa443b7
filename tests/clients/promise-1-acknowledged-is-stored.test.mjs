// Promise 1: acknowledged is stored. 20 times the server is killed (SIGKILL) at a random moment of its work; everything that
// it had acknowledged is there exactly once, in the order of the ids, and clients that resume hear all of it once.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "./support/server.mjs";

const ROUNDS = 20;
/** Messages that one socket has under way at a time. */
const UNDER_WAY = 8;

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.end());

/** Writes until its connection breaks; notes what was sent and what was acknowledged. */
async function load(line, room, mark, sent, acknowledged, noted) {
  let count = 0;
  let broken = false;
  line.socket.on("disconnect", () => {
    broken = true;
  });
  const lane = async () => {
    while (!broken) {
      count += 1;
      const message = { room, data: `${mark} ${count}`, client_id: `${mark}-${count}` };
      sent.set(message.client_id, message);
      const ack = await new Promise((answered) => {
        line.socket.once("disconnect", answered);
        line.socket.emit("message", message, (answer) => {
          line.socket.off("disconnect", answered);
          answered(answer);
        });
      });
      if (typeof ack !== "object") return;
      assert.equal(ack.ok, true, JSON.stringify(ack));
      acknowledged.set(message.client_id, ack);
      noted();
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, lane));
}

/** All messages of a room, oldest first. */
async function stored(person, room) {
  const all = [];
  for (let before = ""; ; before = `&before=${all[0].id}`) {
    const { json } = await person.api("GET", `/rooms/${room}/messages?limit=200${before}`);
    all.unshift(...json.messages);
    if (!json.more_before) return all;
  }
}

test("after kill -9, every acknowledged message is there exactly once, in order, twenty times", async (t) => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const rooms = [await anna.room("One"), await anna.room("Two")];
  for (const room of rooms) assert.equal((await ben.api("POST", `/rooms/${room}/join`)).status, 200);
  const sent = new Map();
  const acknowledged = new Map();
  const witnesses = await Promise.all([anna, ben].map((person) => witness(t, person, rooms)));
  for (let round = 1; round <= ROUNDS; round += 1) {
    await t.test(`round ${round}`, async (t) => {
      const before = acknowledged.size;
      await crashUnderLoad(t, { people: [anna, ben], rooms, round, sent, acknowledged });
      t.diagnostic(`${acknowledged.size - before} acknowledged before the kill`);
      await server.begin();
      await check({ person: anna, rooms, sent, acknowledged });
    });
  }
  const all = (await Promise.all(rooms.map((room) => stored(anna, room)))).flat();
  for (const heard of witnesses) await heard(all);
  await resend(t, anna, ben, rooms, sent, acknowledged);
});

/** A client that stays through all crashes and resumes; the function that it gives checks what it has heard. */
async function witness(t, person, rooms) {
  const seqs = Object.fromEntries(rooms.map((room) => [room, 0]));
  const token = await person.token();
  const line = person.dial({ auth: (send) => send({ token, rooms: seqs }), transports: ["websocket"] });
  t.after(() => line.socket.disconnect());
  line.socket.on("message", ({ room, seq }) => {
    seqs[room] = seq;
  });
  line.socket.connect();
  await line.ears.count("resumed", rooms.length);
  return async (messages) => {
    const heard = await line.ears.count("message", messages.length);
    for (const room of rooms) {
      const ids = (list) => list.filter((message) => message.room === room).map(({ id }) => id);
      assert.deepEqual(ids(heard), ids(messages), "each message once, in order");
    }
  };
}

/** Several sockets write to both rooms; the kill comes after a random number of acknowledgements. */
async function crashUnderLoad(t, { people, rooms, round, sent, acknowledged }) {
  const killAfter = 20 + Math.floor(Math.random() * 300);
  let left = killAfter;
  let crashed;
  const noted = () => {
    left -= 1;
    if (left === 0) crashed = server.crash();
  };
  const writers = [];
  for (const [index, person] of [...people, ...people].entries()) {
    const room = rooms[index >> 1];
    const line = await person.inRoom(t, room, { reconnection: false });
    writers.push([line, room, `${person.name}-${round}-${index}`]);
  }
  await Promise.all(writers.map(([line, room, mark]) => load(line, room, mark, sent, acknowledged, noted)));
  await crashed;
}

async function check({ person, rooms, sent, acknowledged }) {
  const found = new Map();
  for (const room of rooms) {
    let last = { id: 0, seq: 0 };
    for (const message of await stored(person, room)) {
      assert.ok(message.id > last.id && message.seq > last.seq, `order at ${message.id}`);
      assert.equal(found.has(message.client_id), false, `${message.client_id} is there twice`);
      const { data } = sent.get(message.client_id);
      assert.deepEqual([message.text, message.room], [data, room]);
      found.set(message.client_id, message);
      last = message;
    }
  }
  for (const [clientId, { id, seq, created_at }] of acknowledged) {
    const message = found.get(clientId);
    assert.ok(message, `${clientId} was acknowledged as ${id} and is gone`);
    assert.deepEqual([message.id, message.seq, message.created_at], [id, seq, created_at]);
  }
}

/** Whoever comes back sends again what nobody acknowledged; then all that was ever sent is there once. */
async function resend(t, anna, ben, rooms, sent, acknowledged) {
  const lines = new Map();
  for (const person of [anna, ben]) lines.set(person.name, await person.inRoom(t, rooms[0]));
  const all = [...sent.values()];
  for (let from = 0; from < all.length; from += UNDER_WAY) {
    const resent = all.slice(from, from + UNDER_WAY).map(async (message) => {
      const ack = await lines.get(message.client_id.split("-")[0]).ask("message", message);
      assert.equal(ack.ok, true, JSON.stringify(ack));
      const first = acknowledged.get(message.client_id);
      if (first) assert.deepEqual([ack.id, ack.duplicate], [first.id, true]);
      acknowledged.set(message.client_id, ack);
    });
    await Promise.all(resent);
  }
  await check({ person: anna, rooms, sent, acknowledged });
}
