// Rooms: made, found, entered, read, left; who is in them, who writes, and what shows when a profile changes.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { png } from "./support/png.mjs";
import { request } from "./support/request.mjs";
import { together } from "./support/rooms.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

async function say(line, room, count, word = "line") {
  const ids = [];
  for (let n = 1; n <= count; n += 1) {
    const ack = await line.ask("message", { room, data: `${word} ${n}` });
    assert.equal(ack.ok, true, JSON.stringify(ack));
    ids.push(ack.id);
  }
  return ids;
}

describe("rooms", { concurrency: true }, () => {
  test("a room is made by socket, under a code that nobody guesses and the name as written", async (t) => {
    const anna = await server.person("anna");
    const line = await anna.socket(t);
    const name = "Küche & <Flur> 🫖";
    const made = await line.ask("create_room", { name, topic: "What boils" });
    assert.equal(made.ok, true);
    assert.deepEqual([made.room.name, made.room.topic, made.room.role], [name, "What boils", "owner"]);
    assert.match(made.room.room, /^[\w-]{8,}$/);
    const { rooms } = await line.ask("rooms", {});
    assert.ok(rooms.some(({ room }) => room.room === made.room.room));
    const twin = await line.ask("create_room", { name });
    assert.notEqual(twin.room.room, made.room.room);
  });

  test("joining answers with the room, its members and its newest messages, and the others hear of it", async (t) => {
    const [anna, ben] = [await server.person("anna"), await server.person("ben")];
    const room = await anna.room();
    const hers = await anna.inRoom(t, room);
    const ids = await say(hers, room, 3);
    const { joined } = await ben.inRoom(t, room);
    assert.deepEqual(
      joined.messages.map(({ id }) => id),
      ids,
    );
    assert.equal(joined.more, false);
    assert.equal(joined.room.members, 2);
    assert.deepEqual(
      joined.members.map(({ user, role }) => [user.name, role]),
      [
        [anna.name, "owner"],
        [ben.name, "member"],
      ],
    );
    const told = await hers.ears.until("member_joined");
    assert.deepEqual([told.room, told.member.user.name], [room, ben.name]);
    await hers.ask("join", { room });
    assert.equal(hers.ears.all("member_joined").length, 1, "joining again is harmless");
  });

  test("history pages before, after and around a message", async (t) => {
    const { room, hers } = await together(t, server);
    const ids = await say(hers, room, 12);
    const page = async (query) => {
      const answer = await hers.ask("history", { room, ...query });
      assert.equal(answer.ok, true, JSON.stringify(answer));
      return [answer.messages.map(({ id }) => ids.indexOf(id) + 1), answer.more_before, answer.more_after];
    };
    assert.deepEqual(await page({ limit: 5 }), [[8, 9, 10, 11, 12], true, false]);
    assert.deepEqual(await page({ before: ids[4], limit: 3 }), [[2, 3, 4], true, true]);
    assert.deepEqual(await page({ before: ids[2] }), [[1, 2], false, true]);
    assert.deepEqual(await page({ after: ids[9] }), [[11, 12], true, false]);
    const [around, before, after] = await page({ around: ids[5], limit: 5 });
    assert.ok(around.includes(6) && around.length <= 5, `${around}`);
    assert.deepEqual([before, after], [true, true]);
    const both = await hers.ask("history", { room, before: 5, after: 1 });
    assert.equal(both.error.code, "invalid");
    const json = await request(server, "GET", `/api/v1/rooms/${room}/messages?limit=2`);
    assert.equal(json.status, 401);
  });

  test("unread counts grow with what others say, and reading on one socket clears them on the others", async (t) => {
    const { ben, room, hers, his } = await together(t, server);
    const ids = await say(hers, room, 3);
    const mine = async (line) => {
      const { rooms } = await line.ask("rooms", {});
      return rooms.find((state) => state.room.room === room);
    };
    assert.equal((await mine(hers)).unread, 0, "what I say is read");
    assert.equal((await mine(his)).unread, 3);
    assert.equal((await mine(his)).last_message.id, ids[2]);
    const second = await ben.socket(t);
    const read = await his.ask("read", { room, id: ids[1] });
    assert.deepEqual([read.ok, read.unread, read.mentions], [true, 1, 0]);
    const told = await second.ears.until("unread");
    assert.deepEqual(told, { room, unread: 1, mentions: 0 });
    assert.equal((await his.ask("read", { room, id: ids[0] })).unread, 1, "reading never goes back");
    assert.equal((await his.ask("read", { room, id: ids[2] })).unread, 0);
  });

  test("who writes is told to the others, and a forgotten one ends by itself", async (t) => {
    const { anna, room, hers, his } = await together(t, server);
    hers.socket.emit("typing", { room, on: true });
    const begun = await his.ears.until("typing", ({ on }) => on);
    assert.deepEqual([begun.room, begun.name, begun.user_id], [room, anna.name, hers.ready.me.id]);
    hers.socket.emit("typing", { room, on: false });
    await his.ears.until("typing", ({ on }) => !on);
    his.ears.forget();
    hers.socket.emit("typing", { room, on: true });
    await his.ears.until("typing", ({ on }) => on);
    await his.ears.until("typing", ({ on }) => !on);
    assert.deepEqual(hers.ears.all("typing"), [], "not to the one who writes");
  });

  test("leaving a room: this socket hears no more; giving membership up: all of the person's do", async (t) => {
    const { anna, ben, room, hers, his } = await together(t, server);
    const second = await ben.inRoom(t, room);
    assert.equal((await his.ask("leave", { room })).ok, true);
    await say(hers, room, 1, "to one");
    await second.ears.until("message", ({ text }) => text === "to one 1");
    assert.deepEqual(his.ears.all("message"), []);
    assert.equal((await second.ask("leave", { room, membership: true })).ok, true);
    const told = await hers.ears.until("member_left");
    assert.deepEqual([told.room, told.name, told.reason], [room, ben.name, "left"]);
    await say(hers, room, 1, "to none");
    assert.equal((await second.ask("message", { room, data: "from outside" })).ok, false);
    assert.equal(second.ears.all("message").filter(({ text }) => text === "to none 1").length, 0);
    const { members } = await hers.ask("members", { room });
    assert.deepEqual(
      members.map(({ user }) => user.name),
      [anna.name],
    );
  });

  test("members come in pages", async (t) => {
    const { anna, ben, room, hers } = await together(t, server);
    const first = await hers.ask("members", { room, limit: 1 });
    assert.deepEqual([first.members.map(({ user }) => user.name), first.more], [[anna.name], true]);
    const rest = await hers.ask("members", { room, after: first.members[0].user.id });
    assert.deepEqual([rest.members.map(({ user }) => user.name), rest.more], [[ben.name], false]);
    assert.ok(rest.members.every(({ user }) => user.status === "online"));
  });

  test("rooms by form: create, join by code, leave", async () => {
    const [anna, ben] = await Promise.all([server.person("anna"), server.person("ben")]);
    const made = await anna.forms.submit("/", "/rooms", { name: "Garden", topic: "Beans" });
    assert.equal(made.status, 303);
    const [, code] = made.headers.location.match(/^\/room\/([\w-]+)/);
    const joined = await ben.forms.submit("/", "/join", { room: code }, { mark: "join-room" });
    assert.equal(joined.status, 303);
    assert.ok((await ben.forms.get(`/room/${code}`)).text.includes("Garden"));
    const left = await ben.forms.submit(`/room/${code}`, `/room/${code}/leave`);
    assert.equal(left.status, 303);
    const { rooms } = (await ben.api("GET", "/rooms")).json;
    assert.ok(!rooms.some(({ room }) => room.room === code));
    const missing = await ben.forms.submit("/", "/join", { room: "nosuchroom" }, { mark: "join-room" });
    assert.equal(missing.status, 404);
    assert.match(missing.text, /id="join-room-error"/);
    assert.ok(missing.text.includes('value="nosuchroom"'));
  });
});

describe("profiles", { concurrency: true }, () => {
  test("a new name shows at once to those who share a room, also on what was said before", async (t) => {
    const { anna, ben, room, hers, his } = await together(t, server);
    await say(hers, room, 1);
    const renamed = await anna.api("PATCH", "/me", { name: `${anna.name}-new` });
    assert.equal(renamed.status, 200, renamed.text);
    for (const { ears } of [hers, his]) {
      const told = await ears.until("profile_updated", ({ id }) => id === hers.ready.me.id);
      assert.equal(told.name, `${anna.name}-new`);
    }
    const { messages } = await his.ask("history", { room });
    assert.equal(messages[0].name, `${anna.name}-new`);
    await hers.ask("message", { room, data: "after" });
    assert.equal((await his.ears.until("message", ({ text }) => text === "after")).name, `${anna.name}-new`);
    const taken = await anna.api("PATCH", "/me", { name: ben.name });
    assert.deepEqual([taken.status, taken.json.error.field], [409, "name"]);
  });

  test("a new photo shows at once, and is a picture for those who are logged in", async (t) => {
    const { anna, his, ben, hers } = await together(t, server);
    const isHers = ({ id }) => id === hers.ready.me.id;
    const file = { bytes: png(64, 48, [200, 80, 40]), name: "me.png", type: "image/png" };
    const answer = await anna.forms.upload("/profile", "/profile/photo", "photo", file);
    assert.equal(answer.status, 303, answer.text);
    const { avatar } = await his.ears.until("profile_updated", isHers);
    assert.match(avatar, /^\/uploads\//);
    const picture = await ben.forms.get(avatar);
    assert.equal(picture.status, 200);
    assert.match(picture.headers["content-type"], /^image\/(webp|png)$/);
    assert.equal(picture.headers["x-content-type-options"], "nosniff");
    assert.equal((await ben.forms.get(avatar, { "if-none-match": picture.headers.etag })).status, 304);
    assert.notEqual((await request(server, "GET", avatar)).status, 200);
    const removed = await anna.forms.upload("/profile", "/profile/photo", "photo", empty, { remove: "1" });
    assert.equal(removed.status, 303);
    await his.ears.until("profile_updated", (user) => isHers(user) && user.avatar === null);
  });

  test("what is no picture, or not the one that its name says, is refused beside the field", async () => {
    const anna = await server.person("anna");
    const picture = png(8, 8, [0, 0, 0]);
    for (const [what, file] of [
      ["text", { bytes: Buffer.from("not a picture"), name: "me.png", type: "image/png" }],
      [
        "a script",
        {
          bytes: Buffer.from("<svg xmlns='http://www.w3.org/2000/svg'/>"),
          name: "me.svg",
          type: "image/svg+xml",
        },
      ],
      ["another type", { bytes: picture, name: "me.jpg", type: "image/jpeg" }],
      ["nothing", empty],
    ]) {
      const answer = await anna.forms.upload("/profile", "/profile/photo", "photo", file);
      assert.equal(answer.status, 422, what);
      assert.match(answer.text, /id="photo-error"/, what);
    }
  });
});

const empty = { bytes: Buffer.alloc(0), name: "", type: "application/octet-stream" };
