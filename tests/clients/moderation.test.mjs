// Keeping order, as the official client sees it: who is put out or muted notices at once, also somebody whose socket
// takes nothing just then, and hears nothing of the room after that.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { RawSocket } from "./support/raw.mjs";
import { Server } from "./support/server.mjs";

/** Far more than a socket's queue and the system's buffers hold. */
const MESSAGES = 700;
const TEXT = "x".repeat(3_900);

let server;
before(async () => {
  server = await Server.start({ "plain-http": true, "sockets-per-person": 100 });
  await server.person("owner");
});
after(() => server?.end());

/** Anna's room, with Ben and both on a socket in it. */
async function together(t) {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room("Tea room");
  const hers = await anna.inRoom(t, room);
  const his = await ben.inRoom(t, room);
  return { anna, ben, room, hers, his };
}

async function say(line, room, from, to) {
  for (let first = from; first <= to; first += 20) {
    const asked = [];
    for (let number = first; number < first + 20 && number <= to; number += 1) {
      asked.push(line.ask("message", { room, data: `#${number} ${TEXT}` }));
    }
    for (const answer of await Promise.all(asked)) assert.equal(answer.ok, true, JSON.stringify(answer));
  }
}

describe("moderation", { concurrency: true }, () => {
  for (const [action, reason] of [
    ["kick", "kicked"],
    ["ban", "banned"],
  ]) {
    test(`${action}: every socket of the person is told at once, and hears no more of the room`, async (t) => {
      const { anna, ben, room, hers, his } = await together(t);
      const second = await ben.socket(t);
      const order = {
        room,
        action,
        user: ben.name,
        seconds: action === "ban" ? 60 : undefined,
        reason: "spam",
      };
      assert.equal((await hers.ask("moderate", order)).ok, true);
      for (const { ears } of [his, second]) {
        const left = await ears.until("member_left");
        assert.deepEqual([left.room, left.name, left.reason], [room, ben.name, reason]);
        const told = await ears.until("moderated");
        assert.deepEqual([told.action, told.by, told.reason], [action, anna.name, "spam"]);
        assert.equal(told.until === undefined, action === "kick");
        assert.equal((await ears.until("room_removed")).room, room);
      }
      await hers.ask("message", { room, data: "without him" });
      const refused = await his.ask("message", { room, data: "x" });
      assert.equal(refused.error.code, action === "ban" ? "banned" : "forbidden");
      assert.deepEqual(his.ears.all("message"), []);
      assert.equal(his.socket.connected, true, "the connection goes on");
      assert.equal((await his.ask("join", { room })).ok, action === "kick");
    });

    test(`${action}: a socket that takes nothing is out at once, and learns of it when it reads again`, async (t) => {
      const { anna, ben, room, hers } = await together(t);
      const stuck = await RawSocket.open(server, await ben.token());
      const writer = await RawSocket.open(server, await anna.token());
      t.after(() => [stuck, writer].map((raw) => raw.close()));
      for (const raw of [stuck, writer]) assert.equal((await raw.ask("join", { room })).ok, true);
      stuck.stopReading();
      await say(writer, room, 1, MESSAGES);
      const out = await anna.api("POST", `/rooms/${room}/moderate`, { action, user: ben.name });
      assert.equal(out.status, 204, out.text);
      const left = await hers.ears.until("member_left");
      assert.deepEqual([left.name, left.reason], [ben.name, reason]);
      await say(writer, room, MESSAGES + 1, MESSAGES + 20);
      stuck.goOnReading();
      await stuck.until(() => ["member_left", "moderated"].every((name) => stuck.events.includes(name)));
      const answer = await stuck.ask("message", { room, data: "x" });
      assert.equal(answer.ok, false, "what was sent before has been read by now");
      assert.ok(stuck.numbers.length < MESSAGES, `${stuck.numbers.length} heard`);
      assert.deepEqual(
        stuck.numbers,
        Array.from({ length: stuck.numbers.length }, (_, index) => index + 1),
        "what came was in order, and of the time before",
      );
    });
  }

  test("mute: told until when, to the person and to the room", async (t) => {
    const { ben, room, hers, his } = await together(t);
    assert.equal(
      (await hers.ask("moderate", { room, action: "mute", user: ben.name, seconds: 60 })).ok,
      true,
    );
    for (const { ears } of [hers, his]) {
      const { member } = await ears.until("member_updated");
      assert.equal(member.user.name, ben.name);
      assert.equal((await ears.until("moderated")).until, member.muted_until);
    }
    const refused = await his.ask("message", { room, data: "x" });
    assert.deepEqual([refused.error.code, typeof refused.error.until], ["muted", "string"]);
    assert.equal((await hers.ask("moderate", { room, action: "unmute", user: ben.name })).ok, true);
    await his.ears.until("moderated", ({ action }) => action === "unmute");
    assert.equal((await his.ask("message", { room, data: "again" })).ok, true);
  });
});
