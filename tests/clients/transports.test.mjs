// Every way in: WebSocket, long-polling, the upgrade between them, clients 2.x, the served bundle, and who is kept out.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import ioTwo from "socket.io-client-2";
import { next } from "./support/ears.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start({ "allowed-origin": "https://friend.example" });
  await server.person("owner");
});
after(() => server?.end());

describe("transports of the official client", { concurrency: true }, () => {
  for (const [name, transports] of [
    ["WebSocket only", ["websocket"]],
    ["polling only", ["polling"]],
    ["polling, then the upgrade", ["polling", "websocket"]],
  ]) {
    test(`${name}: greeted first, acknowledged, heard by another`, async (t) => {
      const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
      const room = await anna.room(name);
      const speaker = await anna.inRoom(t, room, { transports });
      const listener = await ben.inRoom(t, room, { transports });
      assert.equal(speaker.ears.names.filter((event) => event !== "connect")[0], "ready");
      const { me, server: about, rooms } = speaker.ready;
      assert.equal(me.name, anna.name);
      assert.equal(about.limits.message_characters, 4000);
      assert.ok(rooms.some((state) => state.room.room === room));
      const early = await speaker.ask("message", { room, data: "first" });
      assert.equal(early.ok, true);
      if (transports.length === 2) await upgraded(speaker.socket);
      const late = await speaker.ask("message", { room, data: "second" });
      const heard = await listener.ears.count("message", 2);
      assert.deepEqual(
        heard.map(({ id, text, name: author }) => [id, text, author]),
        [
          [early.id, "first", anna.name],
          [late.id, "second", anna.name],
        ],
      );
    });
  }

  test("nothing is lost or doubled while a socket upgrades", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const listener = await anna.inRoom(t, room, { transports: ["websocket"] });
    const speaker = await anna.socket(t);
    const acks = await Promise.all(
      Array.from({ length: 40 }, (_, n) => speaker.ask("message", { room, data: `${n}` })),
    );
    await upgraded(speaker.socket);
    assert.ok(acks.every(({ ok }) => ok));
    const heard = await listener.ears.count("message", 40);
    assert.deepEqual(
      heard.map(({ text }) => text),
      acks.map((_, n) => `${n}`),
    );
  });
});

async function upgraded({ io: { engine } }) {
  if (engine.transport.name !== "websocket") await next(engine, "upgrade");
  assert.equal(engine.transport.name, "websocket");
}

describe("clients 2.x", { concurrency: true }, () => {
  for (const transports of [["websocket"], ["polling"]]) {
    test(`over ${transports}: the session cookie lets in, what is said is heard once`, async (t) => {
      const anna = await server.person("anna");
      const room = await anna.room();
      const listener = await anna.inRoom(t, room);
      const socket = ioTwo(server.url, {
        forceNew: true,
        transports,
        ca: server.ca,
        extraHeaders: { cookie: anna.forms.cookie },
      });
      t.after(() => socket.close());
      const heard = [];
      socket.on("message", (message) => heard.push(message.text));
      const [ready] = await next(socket, "ready");
      assert.equal(ready.me.name, anna.name);
      const ask = (event, payload) => new Promise((answered) => socket.emit(event, payload, answered));
      assert.equal((await ask("join", { room })).ok, true);
      const ack = await ask("message", { room, data: "from 2.x" });
      assert.equal(ack.ok, true);
      await listener.ears.until("message", ({ id }) => id === ack.id);
      await listener.ask("message", { room, data: "to 2.x" });
      while (!heard.includes("to 2.x")) await next(socket, "message");
      assert.deepEqual(heard, ["from 2.x", "to 2.x"]);
      assert.equal((await listener.ears.count("message", 2)).length, 2);
    });

    test(`over ${transports}: without a credential there is an error, and no connection`, async (t) => {
      const socket = ioTwo(server.url, { forceNew: true, transports, ca: server.ca, reconnection: false });
      t.after(() => socket.close());
      const [error] = await next(socket, "error");
      assert.equal(error.message ?? error, "unauthorized");
    });
  }
});

describe("the served bundle", { concurrency: true }, () => {
  for (const [name, type] of [
    ["socket.io.js", /javascript/],
    ["socket.io.min.js", /javascript/],
    ["socket.io.esm.min.js", /javascript/],
    ["socket.io.js.map", /json/],
    ["socket.io.min.js.map", /json/],
    ["socket.io.esm.min.js.map", /json/],
  ]) {
    test(name, async () => {
      const path = `/socket.io/${name}`;
      const whole = await request(server, "GET", path);
      assert.equal(whole.status, 200);
      assert.match(whole.headers["content-type"], type);
      assert.ok(whole.bytes.length > 1000, `${whole.bytes.length} bytes`);
      const etag = whole.headers.etag;
      assert.match(etag, /^(W\/)?"[^"]+"$/);
      const again = await request(server, "GET", path, { headers: { "if-none-match": etag } });
      assert.equal(again.status, 304);
      assert.equal(again.bytes.length, 0);
    });
  }
});

describe("who is kept out", { concurrency: true }, () => {
  const handshake = "/socket.io/?EIO=4&transport=polling";

  test("a handshake of a foreign page is refused, an own or an allowed one is not", async () => {
    for (const [origin, status] of [
      ["https://evil.example", 403],
      ["null", 403],
      [`${server.url}.evil.example`, 403],
      [server.url, 200],
      ["https://friend.example", 200],
      [undefined, 200],
    ]) {
      const answer = await request(server, "GET", handshake, { headers: origin ? { origin } : {} });
      assert.equal(answer.status, status, origin);
      const allowed = answer.headers["access-control-allow-origin"];
      assert.equal(allowed, origin === "https://friend.example" ? origin : undefined, origin);
    }
  });

  test("a WebSocket of a foreign page is refused although it has the cookie", async (t) => {
    const anna = await server.person("anna");
    const extraHeaders = { cookie: anna.forms.cookie, origin: "https://evil.example" };
    const { socket, ears } = anna.dial({ transports: ["websocket"], extraHeaders, reconnection: false });
    t.after(() => socket.disconnect());
    socket.connect();
    const error = await ears.until("connect_error");
    assert.match(String(error.description?.message ?? error.message), /403/);
  });

  test("a form of a foreign page, or without the token of its page, is refused", async () => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const page = `/room/${room}`;
    const foreign = { origin: "https://evil.example" };
    const send = (headers, mark) =>
      anna.forms.submit(page, page, { data: "not from me", ...mark }, { headers });
    assert.equal((await send(foreign)).status, 403);
    assert.equal((await send({}, { csrf: "" })).status, 403);
    assert.equal((await send({}, { csrf: "x".repeat(43) })).status, 403);
    const history = await anna.api("GET", `/rooms/${room}/messages`);
    assert.deepEqual(history.json.messages, []);
  });

  test("the session cookie opens the API for JSON from own pages only", async () => {
    const anna = await server.person("anna");
    const call = (headers, body = '{"name":"x"}') =>
      request(server, "POST", "/api/v1/rooms", {
        body,
        headers: { cookie: anna.forms.cookie, "content-type": "application/json", ...headers },
      });
    assert.equal((await call({ origin: "https://evil.example" })).status, 403);
    assert.equal((await call({ "content-type": "text/plain" })).status, 415);
    assert.equal((await call({ origin: server.url })).status, 201);
    assert.equal((await call({})).status, 201);
  });

  test("Engine.IO 3 bodies whose lengths do not fit are answered 400, and the server stays quick", async () => {
    const open = "/socket.io/?EIO=3&transport=polling";
    const greeting = await request(server, "GET", open);
    assert.equal(greeting.status, 200);
    const { sid } = JSON.parse(greeting.text.slice(greeting.text.indexOf("{")).replace(/\}\d+:\d+$/, "}"));
    const headers = { "content-type": "text/plain;charset=UTF-8" };
    for (const body of ["2:4😀", "1:😀", "9:4", "x:4", ":", "4"]) {
      const posts = Array.from({ length: 4 }, () =>
        request(server, "POST", `${open}&sid=${sid}`, { body, headers, within: 5000 }),
      );
      for (const { status } of await Promise.all(posts)) assert.equal(status, 400, body);
    }
    assert.equal((await request(server, "GET", "/healthz", { within: 5000 })).status, 200);
  });
});
