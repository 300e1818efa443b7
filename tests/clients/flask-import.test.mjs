// The database of a chat that was written with Flask, made with the real werkzeug, is imported; then its people log in with
// the passwords that they had there, and see their photos and what they said.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { Forms } from "./support/forms.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

const run = promisify(execFile);
const BINARY = resolve(process.env.PARLOR_BINARY ?? "target/debug/parlor");
// With werkzeug in it, as tests/matrix/requirements.txt names it.
const PYTHON = process.env.PARLOR_PYTHON ?? "target/matrix/venv/bin/python";
const GENERATOR = fileURLToPath(new URL("../fixtures/flask_database.py", import.meta.url));
const HASHES = `
import json, sqlite3, sys
base = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
print(json.dumps(dict(base.execute("SELECT name, password_hash FROM users"))))
`;

/** A stopped server with its owner, and an app's database of this variant. */
async function prepared(t, variant) {
  const folder = await mkdtemp(join(tmpdir(), "parlor-flask-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const server = await Server.start();
  t.after(() => server.end());
  await server.person("olga");
  await server.stop();
  const app = join(folder, variant);
  const people = JSON.parse((await run(PYTHON, [GENERATOR, variant, app])).stdout);
  return { server, app, people: new Map(people.map((person) => [person.name, person])) };
}

/** Runs the import; answers what it said. */
async function imported({ server, app }, ...more) {
  const flags = [
    "--data-dir",
    server.folder,
    "--database",
    join(app, "chat.db"),
    "--uploads",
    join(app, "uploads"),
  ];
  return (await run(BINARY, ["import", "flask", ...flags, ...more])).stdout;
}

/** What the store keeps of passwords, by name; the server may run. */
async function hashes(server) {
  return JSON.parse((await run(PYTHON, ["-c", HASHES, join(server.folder, "parlor.db")])).stdout);
}

async function byForm(server, login, password) {
  const forms = new Forms(server);
  return { forms, answer: await forms.submit("/login", "/login", { login, password }) };
}

function byJson(server, login, password) {
  return request(server, "POST", "/api/v1/tokens", {
    body: JSON.stringify({ login, password }),
    headers: { "content-type": "application/json" },
  });
}

/** A JSON call with the token of a login. */
async function asked(server, token, path) {
  const answer = await request(server, "GET", `/api/v1${path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

async function photo(forms) {
  const me = await forms.get("/api/v1/me");
  const seen = await forms.get(me.json.user.avatar);
  assert.equal(seen.status, 200);
  assert.equal(seen.headers["content-type"], "image/webp");
  assert.ok(!seen.text.includes("52.52"), "what the file said beside its picture is gone");
}

test("people log in with their old passwords, which are then kept as Parlor keeps them, and see their photos", async (t) => {
  const at = await prepared(t, "current");
  const { server, people } = at;
  const would = await imported(at, "--dry-run");
  for (const line of [
    "anna: logs in with the old password; photo",
    'Ben.Bauer: was called "Ben Bauer" there; logs in with the old password; photo',
    'ANNA-2: was called "ANNA" there; logs in with the old password',
    "Tea kitchen (public): 3 messages",
    "Secrets (private): 2 messages",
    "left out: user.bio",
  ]) {
    assert.ok(would.split("\n").includes(line), `${line} in ${would}`);
  }
  assert.match(would, /^dora: needs a link to claim the account: .*sha256.*; photo$/m);
  assert.match(would, /^emil: .*md5/m);
  assert.match(would, /^frida: .*as it was typed/m);
  assert.match(would, /carla comes without the photo "\.\.\/secret\.png": its name leads out of the folder/);
  for (const secret of [people.get("frida").password, "$"]) assert.ok(!would.includes(secret), secret);
  assert.deepEqual(Object.keys(await hashes(server)), ["olga1"], "a dry run keeps nothing");

  await imported(at);
  const before = await hashes(server);
  assert.match(before.anna, /^\$werkzeug\$scrypt:32768:8:1\$/);
  await server.begin();
  for (const [name, login] of [
    ["Ben Bauer", "ben.bauer"],
    ["Ben Bauer", "ben.bauer@example.com"],
    ["anna", "anna"],
    ["anna", "anna@example.com"],
    ["carla", "carla"],
    ["ANNA", "other.anna@example.com"],
    ["gerd", "gerd"],
  ]) {
    const { password } = people.get(name);
    assert.equal(
      (await byForm(server, login, `${password}!`)).answer.status,
      401,
      `${login} by another password`,
    );
    const { forms, answer } = await byForm(server, login, password);
    assert.equal(answer.status, 303, `${login}: ${answer.text}`);
    if (["anna", "Ben Bauer"].includes(name)) await photo(forms);
    assert.equal((await byJson(server, login, `${password}!`)).status, 401);
    assert.equal((await byJson(server, login, password)).status, 201, `${login} once more, by the new hash`);
  }
  const after = await hashes(server);
  for (const name of ["anna", "Ben.Bauer", "carla", "ANNA-2", "gerd"]) {
    assert.match(before[name], /^\$werkzeug\$/, name);
    assert.match(after[name], /^\$scrypt\$ln=14,/, name);
  }
  for (const name of ["dora", "emil", "frida"]) {
    assert.equal(after[name], "", `nothing is kept of ${name}'s password`);
    assert.equal((await byJson(server, name, people.get(name).password)).status, 401, name);
  }
});

test("by JSON too the old password is enough, and what was said is there, at its time and in its room", async (t) => {
  const at = await prepared(t, "current");
  const { server, people } = at;
  await imported(at);
  await server.begin();
  const login = await byJson(server, "anna", people.get("anna").password);
  assert.equal(login.status, 201, login.text);
  assert.match((await hashes(server)).anna, /^\$scrypt\$ln=14,/);
  const { token } = login.json;
  const { messages } = await asked(server, token, "/rooms/abcd/messages");
  assert.deepEqual(
    messages.map((message) => [message.name, message.text, message.created_at]),
    [
      ["anna", "Is there **tea**?", "2024-05-01T12:34:56.123Z"],
      ["Ben.Bauer", "Always.", "2024-05-01T12:35:10.000Z"],
      ["former-99", "I am gone", "2024-05-03T08:01:00.000Z"],
    ],
  );
  const room = await asked(server, token, "/rooms/abcd");
  assert.deepEqual([room.room.name, room.room.kind, room.room.role], ["Tea kitchen", "public", "owner"]);
  const secret = await request(server, "GET", "/api/v1/rooms/wxyz/messages", {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.equal(secret.status, 404, "who was not in it does not see it");
  const ben = (await byJson(server, "Ben.Bauer", people.get("Ben Bauer").password)).json.token;
  const between = await asked(server, ben, "/rooms/wxyz/messages");
  assert.deepEqual(
    between.messages.map((message) => message.text),
    ["Between us: <b>coffee</b>", "Hush"],
  );
  assert.ok(!between.messages[0].html.includes("<b>"), between.messages[0].html);
});

test("a second import brings nothing and says so; who needs a link gets one", async (t) => {
  const at = await prepared(t, "direct");
  const { server, people } = at;
  await imported(at);
  const kept = await hashes(server);
  assert.match(await imported(at), /^Nothing is new: all of it was imported before\.$/m);
  assert.deepEqual(await hashes(server), kept);
  const links = (await run(BINARY, ["import", "claim", "--data-dir", server.folder])).stdout;
  const names = links
    .trim()
    .split("\n")
    .map((line) => line.split("\t")[0]);
  assert.deepEqual(names, ["dora", "emil", "frida"], "who was blocked is not asked");
  await server.begin();
  const link = links.match(/^dora\t\S+\t(\S+)$/m)[1];
  const forms = new Forms(server);
  const fields = { name: "dora", email: "dora@example.com", password: "a new one for dora" };
  const claimed = await forms.submit(link, link, fields);
  assert.equal(claimed.status, 303, claimed.text);
  await photo(forms);
  assert.equal(
    (await byJson(server, "gerd", people.get("gerd").password)).status,
    401,
    "blocked there, blocked here",
  );

  const anna = (await byJson(server, "anna", people.get("anna").password)).json.token;
  const { rooms } = await asked(server, anna, "/rooms");
  const byName = new Map(rooms.map(({ room }) => [room.name, room]));
  assert.deepEqual([...byName.keys()].sort(), ["Ben.Bauer", "Chat", "Lobby"]);
  assert.equal(byName.get("Ben.Bauer").kind, "direct");
  const said = await asked(server, anna, `/rooms/${byName.get("Ben.Bauer").room}/messages`);
  assert.deepEqual(
    said.messages.map((message) => [message.name, message.text, message.created_at]),
    [
      ["anna", "Just us", "2024-05-01T12:40:00.000Z"],
      ["Ben.Bauer", "Fine", "2024-05-01T12:41:00.000Z"],
    ],
  );
});

test("messages that name their author and room, with seconds for times, stand in their order", async (t) => {
  const at = await prepared(t, "named");
  const { server, people } = at;
  const said = await imported(at, "--public-rooms");
  assert.match(said, /^garden \(public\): 3 messages$/m);
  await server.begin();
  const carla = (await byJson(server, "carla", people.get("carla").password)).json.token;
  const { messages } = await asked(server, carla, "/rooms/garden/messages");
  assert.deepEqual(
    messages.map((message) => [message.name, message.text, message.created_at]),
    [
      ["anna", "First", "2024-05-01T12:34:56.123Z"],
      ["carla", "Third", "2024-05-01T12:34:56.123Z"],
      ["Ben.Bauer", "Second", "2024-05-01T12:35:10.500Z"],
    ],
    "one without a time has that of the one before it",
  );
});
