// Promise 2: once. A client_id makes a resend harmless: on one socket or ten at a time, by form, socket or JSON, in
// whatever room, and across a restart; the second one is answered with the first one's id, and nobody sees it twice.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { history, pair } from "./support/rooms.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

describe("promise 2: once", { concurrency: true }, () => {
  test("a client_id sent on two sockets at once is one message", async (t) => {
    const { anna, ben, room } = await pair(server);
    const listener = await ben.inRoom(t, room);
    const lines = await Promise.all([anna.inRoom(t, room), anna.inRoom(t, room)]);
    const acks = await Promise.all(
      lines.flatMap(({ ask }) =>
        [1, 2, 3].map((n) => ask("message", { room, data: `try ${n}`, client_id: "same" })),
      ),
    );
    assert.equal(new Set(acks.map(({ id }) => id)).size, 1);
    assert.equal(acks.filter(({ duplicate }) => !duplicate).length, 1);
    await listener.ask("message", { room, data: "end" });
    await listener.ears.until("message", ({ text }) => text === "end");
    assert.equal(listener.ears.all("message").length, 2);
  });

  test("ten sockets that send the same fifty messages at once make fifty of them", async (t) => {
    const { anna, ben, room } = await pair(server);
    const listener = await ben.inRoom(t, room);
    const transports = [["websocket"], ["polling"]];
    const lines = await Promise.all(
      Array.from({ length: 10 }, (_, n) => anna.inRoom(t, room, { transports: transports[n % 2] })),
    );
    const ids = new Map();
    const send = async ({ ask }) => {
      for (let n = 0; n < 50; n += 1) {
        const { id, duplicate } = await ask("message", { room, data: `${n}`, client_id: `same ${n}` });
        const before = ids.get(n) ?? { id, fresh: 0 };
        assert.equal(id, before.id);
        ids.set(n, { id, fresh: before.fresh + (duplicate ? 0 : 1) });
      }
    };
    await Promise.all(lines.map(send));
    assert.ok([...ids.values()].every(({ fresh }) => fresh === 1));
    const heard = await listener.ears.count("message", 50);
    assert.deepEqual(
      heard.map(({ text }) => text),
      Array.from({ length: 50 }, (_, n) => `${n}`),
    );
  });

  test("by form, by socket and by JSON, in whatever room, it stays the first one", async (t) => {
    const { anna, room } = await pair(server);
    const line = await anna.inRoom(t, room);
    const first = await line.ask("message", { room, data: "first", client_id: "k" });
    const page = `/room/${room}`;
    const form = await anna.forms.submit(page, page, { data: "again", client_id: "k" });
    assert.equal(form.status, 303);
    const json = await anna.api("POST", `/rooms/${room}/messages`, { data: "again", client_id: "k" });
    assert.ok(json.status === 200 || json.status === 201, `${json.status}`);
    assert.deepEqual([json.json.message.id, json.json.duplicate], [first.id, true]);
    const elsewhere = await line.ask("message", { room: await anna.room(), data: "again", client_id: "k" });
    assert.deepEqual([elsewhere.id, elsewhere.duplicate], [first.id, true]);
    assert.equal((await history(anna, room)).length, 1);
  });

  test("two people may use the same client_id", async (t) => {
    const { anna, ben, room } = await pair(server);
    const acks = [];
    for (const person of [anna, ben]) {
      const line = await person.inRoom(t, room);
      acks.push(await line.ask("message", { room, data: "mine", client_id: "k" }));
    }
    assert.notEqual(acks[0].id, acks[1].id);
    assert.ok(acks.every(({ duplicate }) => !duplicate));
  });

  test("the server remembers it across a restart", async (t) => {
    const other = await Server.start();
    t.after(() => other.end());
    const anna = await other.person("anna");
    const before = await anna.inRoom(t, "lobby");
    const first = await before.ask("message", { room: "lobby", data: "kept", client_id: "k" });
    before.socket.disconnect();
    assert.equal(await other.stop(), 0);
    await other.begin();
    const after = await anna.inRoom(t, "lobby");
    const second = await after.ask("message", { room: "lobby", data: "kept", client_id: "k" });
    assert.deepEqual(second, { ...first, duplicate: true });
  });
});
