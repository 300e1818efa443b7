// Clients written for other Socket.IO servers speak their own words here: the "get started" chat and `examples/chat`.
// Each hears a message in its own dialect only; all of them meet in the lobby.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "./support/server.mjs";

let server;

before(async () => {
  server = await Server.start();
});
after(() => server.end());

test("the get started chat: text and id, what came after its offset, and a resend that is stored once", async (t) => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const first = await anna.socket(t, { auth: { serverOffset: 0 } });
  const heard = [];
  first.socket.on("chat message", (text, id) => heard.push([text, id]));
  const sent = await first.socket.emitWithAck("chat message", "hello", `${first.socket.id}-0`);
  assert.equal(sent.ok, true);
  const again = await first.socket.emitWithAck("chat message", "hello", `${first.socket.id}-0`);
  assert.deepEqual([again.id, again.duplicate], [sent.id, true]);
  const second = await first.socket.emitWithAck("chat message", "again");
  await first.ears.count("chat message", 2);
  assert.deepEqual(heard.slice(-2), [
    ["hello", sent.id],
    ["again", second.id],
  ]);
  assert.deepEqual(first.ears.all("message"), [], "nothing in the contract's own words");

  const late = ben.dial({ auth: { serverOffset: sent.id } });
  t.after(() => late.socket.disconnect());
  const missed = [];
  late.socket.on("chat message", (text, id) => missed.push([text, id]));
  late.socket.connect();
  await late.ears.until("chat message");
  assert.deepEqual(missed, [["again", second.id]]);
});

test("examples/chat: who comes, says something, types and goes, told to the others only", async (t) => {
  const [carl, dora] = [await server.person("carl"), await server.person("dora")];
  const one = await carl.socket(t);
  one.socket.emit("add user", "a name that does not count");
  const { numUsers } = await one.ears.until("login");
  const other = await dora.socket(t);
  other.socket.emit("add user", "dora");
  assert.deepEqual(await other.ears.until("login"), { numUsers: numUsers + 1 });
  assert.deepEqual(await one.ears.until("user joined"), { username: dora.name, numUsers: numUsers + 1 });
  other.socket.emit("typing");
  assert.deepEqual(await one.ears.until("typing"), { username: dora.name });
  other.socket.emit("new message", "good evening");
  assert.deepEqual(await one.ears.until("new message"), { username: dora.name, message: "good evening" });
  other.socket.emit("stop typing");
  assert.deepEqual(await one.ears.until("stop typing"), { username: dora.name });
  assert.deepEqual(other.ears.all("new message"), [], "not to who said it");
  other.socket.disconnect();
  assert.deepEqual(await one.ears.until("user left"), { username: dora.name, numUsers });
});

test("one message reaches every dialect in its own words, and a join makes a client native", async (t) => {
  const [emil, fay] = [await server.person("emil"), await server.person("fay")];
  const chat = await emil.socket(t);
  chat.socket.emit("add user", "emil");
  await chat.ears.until("login");
  const tutorial = await emil.socket(t, { auth: { serverOffset: 1e9 } });
  const native = await fay.inRoom(t, "lobby");
  const sent = await native.ask("message", { room: "lobby", data: "to all of you" });
  assert.equal(sent.ok, true);
  assert.equal((await chat.ears.until("new message")).message, "to all of you");
  assert.equal(await tutorial.ears.until("chat message"), "to all of you");
  assert.equal((await chat.ask("join", { room: "lobby" })).ok, true);
  await native.ask("message", { room: "lobby", data: "in your new words" });
  await chat.ears.until("message", ({ text }) => text === "in your new words");
  assert.equal(chat.ears.all("new message").length, 1);
});
