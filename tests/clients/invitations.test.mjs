// Ways into rooms, as the official client sees them: invitations and their ends, by name, direct; and what each device of a
// person hears of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

/** Anna's private room, and a socket of hers in it. */
async function secret(t) {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const made = await anna.api("POST", "/rooms", { name: "Secret", visibility: "private" });
  const { room } = made.json.room;
  return { anna, ben, room, hers: await anna.inRoom(t, room) };
}

const tokenOf = (url) => url.split("/").at(-1);

describe("ways in", { concurrency: true }, () => {
  test("an invitation lets in as many as it says, is listed with its uses, and ends when it is revoked", async (t) => {
    const { ben, room, hers } = await secret(t);
    const carl = await server.person("carl");
    const made = await hers.ask("create_invite", { room, expires_in: 3600, uses: 1 });
    assert.equal(made.ok, true, JSON.stringify(made));
    const his = await ben.socket(t);
    const outside = await his.ask("join", { room });
    assert.equal(outside.error.code, "not_found", "a private room is not there for others");
    const joined = await his.ask("join", { room, invite: tokenOf(made.url) });
    assert.deepEqual([joined.ok, joined.room.room], [true, room]);
    const told = await hers.ears.until("member_joined");
    assert.equal(told.member.user.name, ben.name);
    const carls = await carl.socket(t);
    const late = await carls.ask("join", { room, invite: tokenOf(made.url) });
    assert.equal(late.ok, false, "it is used up");

    const second = await hers.ask("create_invite", { room });
    const { invites } = await hers.ask("invites", { room });
    assert.deepEqual(
      invites.map(({ id }) => id),
      [second.invite.id],
      "one that is used up is over",
    );
    assert.equal((await hers.ask("revoke_invite", { invite: second.invite.id })).ok, true);
    const revoked = await carls.ask("join", { room, invite: tokenOf(second.url) });
    assert.equal(revoked.ok, false);
  });

  test("who is added by name hears of the room on every device, and who is banned is not added", async (t) => {
    const { ben, room, hers } = await secret(t);
    const devices = [await ben.socket(t), await ben.socket(t)];
    const added = await hers.ask("add_member", { room, user: ben.name });
    assert.deepEqual([added.ok, added.member.user.name], [true, ben.name]);
    for (const { ears } of devices) {
      const told = await ears.until("room_updated", (event) => event.room.room === room);
      assert.deepEqual([told.room.name, told.room.role], ["Secret", "member"]);
    }
    assert.equal((await devices[0].ask("join", { room })).ok, true);
    assert.equal((await hers.ask("moderate", { room, action: "ban", user: ben.name, seconds: 60 })).ok, true);
    for (const { ears } of devices) {
      const gone = await ears.until("room_removed");
      assert.deepEqual([gone.room, gone.reason], [room, "banned"]);
    }
    const again = await hers.ask("add_member", { room, user: ben.name });
    assert.deepEqual([again.error.code, again.error.field], ["conflict", "user"]);
    assert.equal((await hers.ask("moderate", { room, action: "unban", user: ben.name })).ok, true);
    assert.equal((await hers.ask("add_member", { room, user: ben.name })).ok, true);
  });

  test("a direct conversation appears for everybody in it, and what I say clears my other devices", async (t) => {
    const [anna, ben, carl] = [
      await server.person("anna"),
      await server.person("ben"),
      await server.person("carl"),
    ];
    const [his, carls] = [await ben.socket(t), await carl.socket(t)];
    const hers = await anna.socket(t);
    const opened = await hers.ask("direct", { users: [ben.name, carl.name] });
    assert.deepEqual([opened.ok, opened.room.kind], [true, "direct"]);
    const { room } = opened.room;
    for (const { ears } of [his, carls])
      await ears.until("room_updated", (event) => event.room.room === room);
    for (const line of [hers, his]) assert.equal((await line.ask("join", { room })).ok, true);
    const second = await ben.socket(t);
    await hers.ask("message", { room, data: "Where are you?" });
    await his.ears.until("message");
    assert.equal((await his.ask("message", { room, data: "Here" })).ok, true);
    const cleared = await second.ears.until("unread");
    assert.deepEqual(cleared, { room, unread: 0, mentions: 0 });
  });

  test("what becomes of a room is told to every member's devices: renamed, archived, deleted", async (t) => {
    const { ben, room, hers } = await secret(t);
    const his = await ben.socket(t);
    await hers.ask("add_member", { room, user: ben.name });
    await hers.ask("update_room", { room, name: "Open secret", topic: "Everybody knows" });
    const renamed = await his.ears.until("room_updated", (event) => event.room.name === "Open secret");
    assert.equal(renamed.room.topic, "Everybody knows");
    assert.equal((await hers.ask("archive_room", { room, on: true })).ok, true);
    await his.ears.until("room_updated", (event) => event.room.archived);
    const refused = await hers.ask("message", { room, data: "x" });
    assert.equal(refused.error.code, "forbidden");
    assert.equal((await hers.ask("delete_room", { room, confirm: "Secret" })).error.field, "confirm");
    assert.equal((await hers.ask("delete_room", { room, confirm: "Open secret" })).ok, true);
    const gone = await his.ears.until("room_removed");
    assert.deepEqual([gone.room, gone.reason], [room, "deleted"]);
  });
});
