// The room page of the Flask-SocketIO messenger: `io()` with the session cookie and no `join`, in its own words.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import ioTwo from "socket.io-client-2";
import { next } from "./support/ears.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

/** Somebody who has opened the room's page, with the page's socket. */
async function page(t, person, room, options) {
  assert.equal((await person.forms.get(`/room/${room}`)).status, 200);
  const line = person.dial(options);
  t.after(() => line.socket.disconnect());
  line.socket.connect();
  await line.ears.until("ready");
  return line;
}

const says = (name, message) => (told) => told.name === name && told.message === message;

describe("the Flask room page", { concurrency: true }, () => {
  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
    test(`talks in the room that its session has entered, over ${transports}`, async (t) => {
      const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
      const room = await anna.room();
      const hers = await page(t, anna, room, { transports });
      const his = await page(t, ben, room, { transports });
      await hers.ears.until("message", says(ben.name, "has entered the room"));
      hers.socket.emit("message", { data: "hello" });
      for (const { ears } of [hers, his]) await ears.until("message", says(anna.name, "hello"));
      his.socket.emit("message", { data: "hello yourself" });
      for (const { ears } of [hers, his]) await ears.until("message", says(ben.name, "hello yourself"));
      his.socket.disconnect();
      await hers.ears.until("message", says(ben.name, "has left the room"));
      assert.equal(his.ears.all("message").filter(says(anna.name, "hello")).length, 1);
      const { messages } = (await anna.api("GET", `/rooms/${room}/messages`)).json;
      assert.deepEqual(
        messages.map(({ text }) => text),
        ["hello", "hello yourself"],
        "comings and goings are not kept",
      );
    });
  }

  test("talks with clients that name their rooms, who hear nothing of comings and goings", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    const native = await anna.inRoom(t, room);
    const old = await page(t, ben, room);
    const ack = await native.ask("message", { room, data: "to the page" });
    await old.ears.until("message", says(anna.name, "to the page"));
    old.socket.emit("message", { data: "from the page" });
    const heard = await native.ears.until("message", ({ text }) => text === "from the page");
    assert.ok(heard.id > ack.id && heard.seq === ack.seq + 1);
    old.socket.disconnect();
    await native.ask("rooms", {});
    assert.equal(native.ears.all("message").length, 2);
  });

  test("a second tab does not enter again, and leaving is told when the last one closes", async (t) => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const room = await anna.room();
    const hers = await page(t, anna, room);
    const first = await page(t, ben, room);
    const second = await page(t, ben, room);
    await hers.ears.until("message", says(ben.name, "has entered the room"));
    first.socket.disconnect();
    second.socket.emit("message", { data: "still here" });
    await hers.ears.until("message", says(ben.name, "still here"));
    const comings = () =>
      hers.ears.all("message").filter(({ name, message }) => name === ben.name && /^has /.test(message));
    assert.equal(comings().length, 1);
    second.socket.disconnect();
    await hers.ears.until("message", says(ben.name, "has left the room"));
    assert.equal(comings().length, 2);
  });

  test("listens to the room that was entered last when it connected", async (t) => {
    const anna = await server.person("anna");
    const [one, two] = [await anna.room("One"), await anna.room("Two")];
    await anna.forms.get(`/room/${one}`);
    const line = await page(t, anna, two);
    line.socket.emit("message", { data: "where am I?" });
    await line.ears.until("message", says(anna.name, "where am I?"));
    assert.equal((await anna.api("GET", `/rooms/${two}/messages`)).json.messages.length, 1);
    assert.equal((await anna.api("GET", `/rooms/${one}/messages`)).json.messages.length, 0);
  });

  test("becomes native by `join`", async (t) => {
    const anna = await server.person("anna");
    const [entered, named] = [await anna.room("Entered"), await anna.room("Named")];
    const line = await page(t, anna, entered);
    assert.equal((await line.ask("join", { room: named })).ok, true);
    const ack = await line.ask("message", { data: "in the named one" });
    assert.equal(ack.ok, true);
    const heard = await line.ears.until("message", ({ id }) => id === ack.id);
    assert.equal(heard.room, named);
  });

  test("an empty message is told as a problem, and the page goes on", async (t) => {
    const anna = await server.person("anna");
    const line = await page(t, anna, await anna.room());
    line.socket.emit("message", { data: " " });
    const { event, error } = await line.ears.until("problem");
    assert.deepEqual([event, error.code, error.field], ["message", "invalid", "data"]);
    line.socket.emit("message", { data: "better" });
    await line.ears.until("message", says(anna.name, "better"));
  });

  test("works with the client 2.x that such pages loaded", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    await anna.forms.get(`/room/${room}`);
    const options = { forceNew: true, ca: server.ca, extraHeaders: { cookie: anna.forms.cookie } };
    const socket = ioTwo(server.url, options);
    t.after(() => socket.close());
    const heard = [];
    socket.on("message", ({ name, message }) => heard.push([name, message]));
    await next(socket, "connect");
    socket.emit("message", { data: "from 2.x" });
    const said = () => heard.filter(([, message]) => message === "from 2.x");
    while (said().length === 0) await next(socket, "message");
    assert.deepEqual(said(), [[anna.name, "from 2.x"]]);
  });
});
