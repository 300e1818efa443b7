// Web Push, against a push service that decrypts as RFC 8291 says and checks who pushes as RFC 8292 says.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { eventually } from "./support/eventually.mjs";
import { PushService } from "./support/push-service.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start({ "outgoing-to-private-addresses": true });
});
after(() => server?.end());

/** Has the server push to this device by the session of this person's browser. */
async function subscribe(person, device) {
  const answer = await session(person, "POST", device.subscription());
  assert.equal(answer.status, 201, answer.text);
  return answer.json.subscription;
}

function session(person, method, json) {
  return request(server, method, "/api/v1/push/subscriptions", {
    headers: { cookie: person.forms.cookie, "content-type": "application/json" },
    body: json && JSON.stringify(json),
  });
}

async function say(person, room, data) {
  const said = await person.api("POST", `/rooms/${room}/messages`, { data });
  assert.equal(said.status, 201, said.text);
  return said.json.message;
}

/** Two people in a room, and a device of the second one. */
async function pair(t, answers) {
  const service = await PushService.start(t);
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room("Tea");
  assert.equal((await ben.api("POST", `/rooms/${room}/join`)).status, 200);
  const device = service.device(answers);
  await subscribe(ben, device);
  return { service, anna, ben, room, device };
}

test("a mention is pushed, encrypted for the device and signed by the server's key", async (t) => {
  const { anna, ben, room, device } = await pair(t);
  await say(anna, room, "nobody is meant");
  const said = await say(anna, room, `hello @${ben.name}`);
  const { key, headers, payload } = await device.next();
  assert.deepEqual(payload, {
    room,
    title: `${anna.name} in Tea`,
    body: `hello @${ben.name}`,
    url: `/room/${room}`,
    tag: room,
    seq: said.seq,
    unread: 2,
  });
  assert.equal(headers.urgency, "high");
  assert.equal(headers.topic, room);
  assert.equal(key, (await ben.api("GET", "/push/key")).json.key);
});

test("direct messages are pushed, and all that is said in a room whose level says so", async (t) => {
  const { anna, ben, room, device } = await pair(t);
  const direct = await anna.api("POST", "/direct", { users: [ben.name] });
  const psst = async (words) => {
    await say(anna, direct.json.room.room, words);
    const { payload } = await device.next();
    assert.deepEqual([payload.title, payload.body], [anna.name, words]);
  };
  await psst("psst");
  const level = async (notify) =>
    assert.equal((await ben.api("PATCH", `/rooms/${room}/preferences`, { notify })).status, 200);
  await level("all");
  await say(anna, room, "by the way");
  assert.equal((await device.next()).payload.body, "by the way");
  await level("none");
  await say(anna, room, `@${ben.name} is not told of this`);
  // By then it was looked at, too.
  await psst("but of this");
  await level("mentions");
  await say(anna, room, "nor of this");
  await say(anna, room, `@${ben.name} but of this`);
  assert.equal((await device.next()).payload.body, `@${ben.name} but of this`);
});

test("a mention that an edit adds is pushed, by its words and without Markdown", async (t) => {
  const { anna, ben, room, device } = await pair(t);
  const said = await say(anna, room, "nobody is meant");
  const edit = (data) => anna.api("PATCH", `/messages/${said.id}`, { data });
  const text = `**look** at [this](https://example.org/), @${ben.name}`;
  assert.equal((await edit(text)).status, 200);
  assert.equal((await device.next()).payload.body, `look at this, @${ben.name}`);
  // Who is mentioned already is not told again.
  assert.equal((await edit(`now @${ben.name}`)).status, 200);
  const last = await say(anna, room, `the last, @${ben.name}`);
  assert.equal((await device.next()).payload.seq, last.seq);
});

test("nothing is pushed of the room that somebody looks at, though they listen to others too", async (t) => {
  const { service, anna, ben, room, device } = await pair(t);
  const { ask } = await ben.inRoom(t, room);
  const carla = await server.person("carla");
  await carla.api("POST", `/rooms/${room}/join`);
  const witness = service.device();
  await subscribe(carla, witness);
  /** Once the witness was told, it is decided who else is. */
  const mention = async (words) => {
    const said = await say(anna, room, `@${ben.name} @${carla.name} ${words}`);
    assert.equal((await witness.next()).payload.seq, said.seq);
    return said.seq;
  };
  const states = [
    [undefined, true],
    [{ on: true }, true],
    [{ on: true, room: "lobby" }, true],
    [{ on: true, room }, false],
    [{ on: false, room }, true],
  ];
  for (const [state, told] of states) {
    if (state) assert.equal((await ask("active", state)).ok, true);
    const seq = await mention(JSON.stringify(state ?? "only listens"));
    if (told) assert.equal((await device.next()).payload.seq, seq, JSON.stringify(state));
  }
});

test("what is read on one device is taken away on the others", async (t) => {
  const { anna, ben, room, device } = await pair(t);
  const said = await say(anna, room, `@${ben.name}`);
  await device.next();
  await ben.api("POST", `/rooms/${room}/read`, { id: said.id });
  const { payload, headers } = await device.next();
  assert.deepEqual(payload, { clear: true, room, tag: room, unread: 0 });
  assert.equal(headers.urgency, "low");
});

test("who is not to be disturbed is not, until that is over", async (t) => {
  const { anna, ben, room, device } = await pair(t);
  const set = (values) =>
    ben.forms.submit("/settings/notifications", "/settings/notifications", { section: "quiet", ...values });
  assert.equal((await set({ quiet: "3600" })).status, 303);
  await say(anna, room, `@${ben.name} one`);
  const other = await server.person("carla");
  await other.api("POST", `/rooms/${room}/join`);
  const told = (await PushService.start(t)).device();
  await subscribe(other, told);
  await say(anna, room, `@${other.name} this comes after it`);
  await told.next();
  assert.equal((await set({ quiet: "off" })).status, 303);
  await say(anna, room, `@${ben.name} two`);
  assert.equal((await device.next()).payload.body, `@${ben.name} two`);
});

test("a push that was not taken comes again when the push service says so", async (t) => {
  const { anna, ben, room, device } = await pair(t, [[429, { "retry-after": "1" }], [503]]);
  await say(anna, room, `@${ben.name} hello`);
  const first = await device.next();
  const again = await device.next();
  assert.deepEqual(again.payload, first.payload);
});

test("a device that is gone at its push service, or whose session has ended, is pushed to no more", async (t) => {
  const { service, anna, ben, room, device } = await pair(t, [[410]]);
  await say(anna, room, `@${ben.name} one`);
  await device.next();
  const left = async () => (await ben.api("GET", "/push/subscriptions")).json.subscriptions.length;
  await eventually(async () => (await left()) === 0, "the device is forgotten");
  await subscribe(ben, service.device());
  assert.equal(await left(), 1);
  const token = await ben.token();
  assert.equal((await ben.forms.submit("/profile", "/logout", {})).status, 303);
  const answer = await request(server, "GET", "/api/v1/push/subscriptions", {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.deepEqual(answer.json.subscriptions, []);
});

test("a subscription belongs to a public address, to whole keys and to a person", async () => {
  const anna = await server.person("anna");
  const keys = { p256dh: "BB", auth: "AA" };
  for (const [body, field] of [
    [{ endpoint: "ftp://example.org/", keys }, "endpoint"],
    [{ endpoint: "https://example.org/", keys }, "keys"],
  ]) {
    const refused = await session(anna, "POST", body);
    assert.equal(refused.status, 422, refused.text);
    assert.match(refused.json.error.field, new RegExp(`^${field}`));
  }
});

test("the server keeps its key and what it has to push over a stop", async (t) => {
  const { anna, ben, room, device } = await pair(t, [[500]]);
  await say(anna, room, `@${ben.name} before`);
  const first = await device.next();
  assert.equal(await server.stop(), 0);
  await server.begin();
  const second = await device.next();
  assert.equal(second.key, first.key);
  assert.deepEqual(second.payload, first.payload);
});
