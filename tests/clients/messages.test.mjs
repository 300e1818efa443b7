// One message: acknowledged, and heard by everybody, whatever way it came.
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

describe("talking", { concurrency: true }, () => {
  test("an acknowledgement says which message it became, and everybody hears that one", async (t) => {
    const { anna, ben, room } = await pair(server);
    const speaker = await anna.inRoom(t, room);
    const second = await anna.inRoom(t, room);
    const listener = await ben.inRoom(t, room);
    const ack = await speaker.ask("message", { room, data: "Tea & <cake>?", client_id: "c-1" });
    assert.deepEqual(Object.keys(ack).sort(), ["created_at", "duplicate", "id", "ok", "seq"]);
    assert.equal(ack.duplicate, false);
    assert.match(ack.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    for (const { ears } of [speaker, second, listener]) {
      const heard = await ears.until("message");
      assert.equal(heard.id, ack.id);
      assert.equal(heard.seq, ack.seq);
      assert.equal(heard.created_seq, ack.seq);
      assert.equal(heard.room, room);
      assert.equal(heard.name, anna.name);
      assert.equal(heard.text, "Tea & <cake>?");
      assert.equal(heard.message, heard.text);
      assert.equal(heard.html.includes("<cake>"), false);
      assert.equal(heard.client_id, "c-1");
      assert.equal(heard.created_at, ack.created_at);
      assert.equal(heard.kind, "text");
      assert.equal(heard.deleted, false);
    }
  });

  test("a bare string, or an object without room, goes to the socket's only room", async (t) => {
    const { anna, room } = await pair(server);
    const line = await anna.inRoom(t, room);
    assert.equal((await line.ask("message", "just words")).ok, true);
    assert.equal((await line.ask("message", { data: "no room named" })).ok, true);
    await line.ask("join", { room: "lobby" });
    for (const payload of ["where to?", { data: "where to?" }]) {
      const { ok, error } = await line.ask("message", payload);
      assert.equal(ok, false);
      assert.deepEqual([error.code, error.field], ["invalid", "room"]);
    }
    const heard = line.ears.all("message").filter((message) => message.room === room);
    assert.deepEqual(
      heard.map(({ text }) => text),
      ["just words", "no room named"],
    );
  });

  test("what is said by form and by JSON reaches the sockets, and what sockets say reaches both", async (t) => {
    const { anna, ben, room } = await pair(server);
    const listener = await ben.inRoom(t, room);
    const page = `/room/${room}`;
    const form = await anna.forms.submit(page, page, { data: "by form" });
    assert.equal(form.status, 303);
    const json = await anna.api("POST", `/rooms/${room}/messages`, { data: "by JSON" });
    assert.equal(json.status, 201, json.text);
    assert.equal(json.json.duplicate, false);
    const ack = await listener.ask("message", { room, data: "by socket" });
    const heard = await listener.ears.count("message", 3);
    assert.deepEqual(
      heard.map(({ text }) => text),
      ["by form", "by JSON", "by socket"],
    );
    assert.equal(heard[1].id, json.json.message.id);
    assert.deepEqual(await history(anna, room), heard);
    const { text } = await anna.forms.get(page);
    assert.ok(text.includes(`data-id="${ack.id}"`) && text.includes("by socket"));
  });

  test("past the rate, a message is refused with the time after which it is worth another try", async (t) => {
    const strict = await Server.start({ "message-rate": 1, "message-burst": 3 });
    t.after(() => strict.end());
    const anna = await strict.person("anna");
    const line = await anna.inRoom(t, "lobby");
    const answers = [];
    for (let n = 0; n < 6; n += 1) answers.push(await line.ask("message", { room: "lobby", data: `${n}` }));
    const refused = answers.find(({ ok }) => !ok);
    assert.equal(refused.error.code, "rate_limited");
    assert.ok(refused.error.retry_after_ms > 0 && refused.error.retry_after_ms <= 1000);
    const json = await anna.api("POST", "/rooms/lobby/messages", { data: "by another way" });
    assert.equal(json.status, 429);
    assert.ok(Number(json.headers["retry-after"]) >= 1);
  });
});

describe("what cannot be", { concurrency: true }, () => {
  const cases = [
    ["an unknown event", "no_such_event", {}, "invalid"],
    ["a missing field", "message", { room: "lobby" }, "invalid", "data"],
    ["a wrong type", "message", { room: "lobby", data: 7 }, "invalid", "data"],
    ["no object", "join", 7, "invalid"],
    ["no payload", "join", undefined, "invalid", "room"],
    ["a binary payload", "message", { room: "lobby", data: Buffer.from([1, 2]) }, "invalid"],
    ["nothing but a binary", "message", Buffer.from([1, 2]), "invalid"],
    ["an empty text", "message", { room: "lobby", data: "" }, "invalid", "data"],
    ["a blank text", "message", { room: "lobby", data: " \n\t\u200b" }, "invalid", "data"],
    ["a NUL", "message", { room: "lobby", data: "a\0b" }, "invalid", "data"],
    ["a text that is too long", "message", { room: "lobby", data: "é".repeat(4001) }, "too_long", "data"],
    [
      "a long client_id",
      "message",
      { room: "lobby", data: "x", client_id: "x".repeat(65) },
      "too_long",
      "client_id",
    ],
    ["an empty client_id", "message", { room: "lobby", data: "x", client_id: "" }, "invalid", "client_id"],
    ["a room that is none", "message", { room: "nosuchroom", data: "x" }, "not_found", "room"],
    ["a limit out of range", "history", { room: "lobby", limit: 201 }, "invalid", "limit"],
    ["an empty name", "create_room", { name: " " }, "invalid", "name"],
  ];

  for (const transports of [["websocket"], ["polling"]]) {
    test(`is answered, and the connection goes on, over ${transports}`, async (t) => {
      const anna = await server.person("anna");
      const line = await anna.inRoom(t, "lobby", { transports });
      for (const [what, event, payload, code, field] of cases) {
        const { ok, error } = await line.ask(event, ...(payload === undefined ? [] : [payload]));
        assert.equal(ok, false, what);
        assert.equal(error.code, code, `${what}: ${error.message}`);
        if (field) assert.equal(error.field, field, what);
        assert.match(error.message, /^[A-Z“].*\.$/s, what);
      }
      assert.deepEqual(line.ears.all("problem"), []);
      assert.equal((await line.ask("message", { room: "lobby", data: "still here" })).ok, true);
      assert.deepEqual(line.ears.all("disconnect"), []);
    });

    test(`is told as a problem where no acknowledgement was asked, over ${transports}`, async (t) => {
      const anna = await server.person("anna");
      const line = await anna.inRoom(t, "lobby", { transports });
      for (const [, event, payload] of cases)
        line.socket.emit(event, ...(payload === undefined ? [] : [payload]));
      const problems = await line.ears.count("problem", cases.length);
      // A refusal that the store decides may come after one that was decided before.
      const told = problems.map(({ event, error }) => `${event} ${error.code}`);
      assert.deepEqual(told.sort(), cases.map(([, event, , code]) => `${event} ${code}`).sort());
      assert.equal((await line.ask("rooms", {})).ok, true);
    });
  }

  test("4,000 characters that take four bytes each are one message", async (t) => {
    const { anna, room } = await pair(server);
    const line = await anna.inRoom(t, room);
    const data = "😀".repeat(4000);
    assert.equal((await line.ask("message", { room, data })).ok, true);
    assert.equal((await line.ears.until("message")).text, data);
  });
});
