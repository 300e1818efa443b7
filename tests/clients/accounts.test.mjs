// Who may speak: accounts by form and by JSON, sessions, tokens, and what ends them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { eventually } from "./support/eventually.mjs";
import { Forms } from "./support/forms.mjs";
import { PASSWORD } from "./support/person.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
  await server.person("owner");
});
after(() => server?.end());

const json = { "content-type": "application/json" };
const post = (path, body) => request(server, "POST", path, { body: JSON.stringify(body), headers: json });
const sessionOf = (answer) =>
  answer.headers["set-cookie"]?.find((line) => line.startsWith("__Host-session="));

describe("accounts", { concurrency: true }, () => {
  test("the first account lands in the lobby and is the admin", async (t) => {
    const fresh = await Server.start();
    t.after(() => fresh.end());
    const forms = new Forms(fresh);
    const fields = { name: "nora", email: "nora@example.org", password: PASSWORD };
    const answer = await forms.submit("/register", "/register", fields);
    assert.equal(answer.status, 303);
    assert.equal(answer.headers.location, "/room/lobby");
    assert.equal((await forms.get("/room/lobby")).status, 200);
    const me = await forms.get("/api/v1/me");
    assert.equal(me.json.user.admin, true);
    assert.equal((await server.person("later")).name.startsWith("later"), true);
    const second = await fresh.person("second");
    assert.equal((await second.api("GET", "/me")).json.user.admin, false);
  });

  test("the set-up link makes the owner, once", async (t) => {
    const fresh = await Server.start();
    t.after(() => fresh.end());
    const path = fresh.setupPath;
    assert.match(path, /^\/setup\/[\w-]{43}$/);
    const fields = { name: "olga", email: "olga@example.org", password: PASSWORD };
    const answer = await new Forms(fresh).submit(path, path, fields);
    assert.equal(answer.status, 303);
    const again = await new Forms(fresh).get(path);
    assert.notEqual(again.status, 200);
  });

  test("registering sets a session cookie that only this host gets, over TLS, out of reach of scripts", async () => {
    const forms = new Forms(server);
    const fields = { name: "cookie-reader", email: "cookie@example.org", password: PASSWORD };
    const cookie = sessionOf(await forms.submit("/register", "/register", fields));
    for (const part of ["; HttpOnly", "; Secure", "; SameSite=Lax", "; Path=/"]) {
      assert.ok(cookie.includes(part), `${part} in ${cookie}`);
    }
    assert.ok(!cookie.includes("Domain="), cookie);
  });

  test("a name that is taken, in any case, is refused beside its field, and what was typed stays", async () => {
    const anna = await server.person("anna");
    const fields = { name: anna.name.toUpperCase(), email: "other@example.org", password: PASSWORD };
    const answer = await new Forms(server).submit("/register", "/register", fields);
    assert.equal(answer.status, 409);
    assert.match(answer.text, /id="name-error"/);
    assert.ok(answer.text.includes(fields.name) && answer.text.includes(fields.email));
    assert.ok(!answer.text.includes(PASSWORD));
  });

  test("name and e-mail both log in, and each login gets a session of its own", async () => {
    const anna = await server.person("anna");
    const sessions = new Set([anna.forms.cookie]);
    for (const login of [anna.name, anna.email, anna.email.toUpperCase()]) {
      const forms = new Forms(server);
      const answer = await forms.submit("/login", "/login", { login, password: PASSWORD });
      assert.equal(answer.status, 303, answer.text);
      assert.equal((await forms.get("/profile")).status, 200);
      sessions.add(forms.cookie);
    }
    assert.equal(sessions.size, 4);
  });

  test("an unknown account and a wrong password are answered alike", async () => {
    const anna = await server.person("anna");
    const answers = [];
    for (const login of [anna.name, "nobody-at-all"]) {
      const answer = await post("/api/v1/tokens", { login, password: "not the right one" });
      assert.equal(answer.status, 401);
      assert.equal(answer.json.error.code, "unauthorized");
      answers.push(answer.json);
    }
    assert.deepEqual(answers[0], answers[1]);
  });

  test("accounts and tokens by JSON", async () => {
    const made = await post("/api/v1/users", {
      name: "jason",
      email: "jason@example.org",
      password: PASSWORD,
    });
    assert.equal(made.status, 201, made.text);
    assert.equal(made.json.user.name, "jason");
    assert.equal(made.json.user.email, "jason@example.org");
    const token = await post("/api/v1/tokens", { login: "jason", password: PASSWORD });
    assert.equal(token.status, 201);
    assert.equal(token.json.user.id, made.json.user.id);
    const twice = await post("/api/v1/users", { name: "Jason", email: "j@example.org", password: PASSWORD });
    assert.equal(twice.status, 409);
    assert.equal(twice.json.error.field, "name");
  });
});

describe("sockets and their credentials", { concurrency: true }, () => {
  test("a socket without a credential, or with a wrong one, is told that it is unauthorized", async (t) => {
    const anna = await server.person("anna");
    for (const transports of [["websocket"], ["polling"]]) {
      for (const auth of [undefined, { token: "no-such-token" }]) {
        const { socket, ears } = anna.dial({ extraHeaders: {}, auth, transports });
        t.after(() => socket.disconnect());
        socket.connect();
        const error = await ears.until("connect_error");
        assert.equal(error.message, "unauthorized");
        assert.equal(socket.connected, false);
      }
    }
  });

  test("a token opens a socket, in auth and in the Authorization header", async (t) => {
    const anna = await server.person("anna");
    const token = await anna.token();
    const byAuth = await anna.socket(t, { extraHeaders: {}, auth: { token } });
    assert.equal(byAuth.ready.me.name, anna.name);
    const byHeader = await anna.socket(t, { extraHeaders: { authorization: `Bearer ${token}` } });
    assert.equal(byHeader.ready.me.email, anna.email);
  });

  test("logging out drops this session's sockets at once, and no others", async (t) => {
    const anna = await server.person("anna");
    const elsewhere = new Forms(server);
    await elsewhere.submit("/login", "/login", { login: anna.name, password: PASSWORD });
    const here = await anna.socket(t);
    const there = await anna.socket(t, { extraHeaders: { cookie: elsewhere.cookie } });
    const answer = await anna.forms.submit("/profile", "/logout");
    assert.equal(answer.status, 303);
    assert.equal(await here.ears.until("disconnect"), "io server disconnect");
    const rooms = await there.ask("rooms", {});
    assert.equal(rooms.ok, true);
    assert.deepEqual(there.ears.all("disconnect"), []);
    here.socket.connect();
    assert.equal((await here.ears.until("connect_error")).message, "unauthorized");
  });

  test("a changed password drops the sockets of every other session and of all tokens", async (t) => {
    const anna = await server.person("anna");
    const elsewhere = new Forms(server);
    await elsewhere.submit("/login", "/login", { login: anna.name, password: PASSWORD });
    const bySession = await anna.socket(t, { extraHeaders: { cookie: elsewhere.cookie } });
    const byToken = await anna.socket(t, { extraHeaders: {}, auth: { token: await anna.token() } });
    const before = anna.forms.cookie;
    const answer = await anna.forms.submit(
      "/profile",
      "/profile",
      { current_password: PASSWORD, password: "another armchair 8" },
      { mark: 'value="password"' },
    );
    assert.equal(answer.status, 303, answer.text);
    assert.equal(await bySession.ears.until("disconnect"), "io server disconnect");
    assert.equal(await byToken.ears.until("disconnect"), "io server disconnect");
    assert.notEqual(anna.forms.cookie, before, "the session goes on under a new id");
    assert.equal((await anna.forms.get("/profile")).status, 200);
    assert.equal((await anna.api("GET", "/me")).status, 401);
    assert.equal((await elsewhere.get("/api/v1/me")).status, 401);
  });

  test("a wrong present password changes nothing", async (t) => {
    const anna = await server.person("anna");
    const line = await anna.socket(t);
    const answer = await anna.forms.submit(
      "/profile",
      "/profile",
      { current_password: "wrong", password: "another armchair 8" },
      { mark: 'value="password"' },
    );
    assert.equal(answer.status, 401);
    assert.match(answer.text, /id="current-password-error"/);
    assert.equal((await line.ask("rooms", {})).ok, true);
  });

  test("deleting a token drops its sockets, and it opens nothing any more", async (t) => {
    const anna = await server.person("anna");
    const token = await anna.token();
    const line = await anna.socket(t, { extraHeaders: {}, auth: { token } });
    assert.equal((await anna.api("DELETE", "/tokens/current")).status, 204);
    assert.equal(await line.ears.until("disconnect"), "io server disconnect");
    line.socket.connect();
    assert.equal((await line.ears.until("connect_error")).message, "unauthorized");
    assert.equal((await anna.api("GET", "/me")).status, 401);
  });

  test("the oldest of too many sockets of one person is closed", async (t) => {
    const few = await Server.start({ "sockets-per-person": 2 });
    t.after(() => few.end());
    const anna = await few.person("anna");
    const lines = [];
    for (let count = 0; count < 3; count += 1) lines.push(await anna.socket(t, { reconnection: false }));
    await lines[0].ears.until("disconnect");
    for (const line of lines.slice(1)) assert.equal((await line.ask("rooms", {})).ok, true);
  });

  test("who logs in, who fails to and what is refused is logged, and no password is", async (t) => {
    const fresh = await Server.start({ log: "info" });
    t.after(() => fresh.end());
    const owner = await fresh.person("owner");
    const member = await fresh.person("member");
    await owner.api("GET", "/me");
    const login = { login: owner.name, password: "not the right one" };
    const failed = await request(fresh, "POST", "/api/v1/tokens", {
      body: JSON.stringify(login),
      headers: json,
    });
    assert.equal(failed.status, 401);
    const wrong = { email: "other@example.org", current_password: "nor is this" };
    assert.equal((await owner.api("PATCH", "/me", wrong)).status, 401);
    assert.equal((await member.api("PATCH", "/rooms/lobby", { topic: "mine" })).status, 403);
    const lines = [
      "an account was made",
      "a name and a password were right",
      "a login failed",
      "a present password was wrong",
      "a request was refused",
    ];
    await eventually(() => lines.every((line) => fresh.log.includes(line)), "a line for each");
    for (const line of fresh.log
      .split("\n")
      .filter((text) => lines.slice(0, 4).some((part) => text.includes(part)))) {
      assert.match(line, /client\.address.*127\.0\.0\.1/);
      assert.match(line, /user\.id/);
    }
    for (const secret of [PASSWORD, "not the right one", "nor is this", await owner.token()]) {
      assert.ok(!fresh.log.includes(secret), fresh.log);
    }
  });
});
