// A forgotten password, replaced by a link from a mail: against a real mail server, aiosmtpd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appCode } from "./support/app.mjs";
import { Forms } from "./support/forms.mjs";
import { MailServer, PUBLIC_URL } from "./support/mail-server.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

const NEW = "three quiet armchairs";

let mails;
let server;
before(async () => {
  mails = await MailServer.start();
  server = await Server.start({ ...mails.settings, "recoveries-per-address": 0 });
});
after(async () => {
  await server?.end();
  mails?.end();
});

const call = (method, path, json) =>
  request(server, method, `/api/v1${path}`, {
    body: JSON.stringify(json),
    headers: { "content-type": "application/json" },
  });
const login = (person, password, code) => call("POST", "/tokens", { login: person.name, password, code });

/** The path in the next mail, which must be a link to this person. */
async function link(person) {
  const mail = await mails.next();
  assert.deepEqual([mail.to, mail.headers.subject], [[person.email], "A new password on Parlor"]);
  const [path] = mail.text.match(/\/recover\/[\w-]{43}/);
  assert.ok(mail.text.includes(PUBLIC_URL + path) && mail.html.includes(PUBLIC_URL + path));
  return path;
}

async function told(person) {
  const mail = await mails.next();
  assert.deepEqual([mail.to, mail.headers.subject], [[person.email], "Your password was changed on Parlor"]);
}

test("a link from a mail gives a new password once, ends all that was open, and its person is told", async (t) => {
  const anna = await server.person("anna");
  const { ears } = await anna.socket(t, { reconnection: false });
  const forms = new Forms(server);
  const asked = await forms.submit("/recover", "/recover", { login: anna.email.toUpperCase() });
  assert.deepEqual([asked.status, asked.headers.location], [303, "/recover?sent=1"]);
  assert.match(
    (await forms.get("/recover?sent=1")).text,
    /If there is such an account, a link is on its way/,
  );
  const first = await link(anna);
  assert.equal((await call("POST", "/recovery", { login: anna.name })).status, 204);
  const path = await link(anna);
  assert.match((await forms.get(path)).text, new RegExp(`For the account ${anna.name}`));

  const weak = await forms.submit(path, path, { password: "password" });
  assert.equal(weak.status, 422);
  assert.equal((await anna.api("GET", "/me")).status, 200, "nothing has happened yet");
  const sent = await forms.submit(path, path, { password: NEW });
  assert.deepEqual([sent.status, sent.headers.location], [303, "/login?done=recovered"]);
  assert.match((await forms.get("/login?done=recovered")).text, /Your new password is saved/);
  assert.equal(await ears.until("disconnect"), "io server disconnect");
  assert.equal((await anna.api("GET", "/me")).status, 401);
  assert.equal((await anna.forms.get("/profile")).status, 303);
  await told(anna);
  for (const used of [path, first]) assert.equal((await forms.get(used)).status, 404);
  assert.equal(
    (await call("PUT", "/recovery", { token: path.split("/").at(-1), password: NEW })).status,
    404,
  );
  assert.equal((await login(anna, anna.password)).status, 401);
  assert.equal((await login(anna, NEW)).status, 201);
});

test("one answer for an account that is not there, and nothing is mailed", async () => {
  const ben = await server.person("ben");
  const answers = [];
  for (const name of ["nobody", "nobody@example.org", ben.name]) {
    const { status, text, headers } = await call("POST", "/recovery", { login: name });
    answers.push([status, text, Object.keys(headers).sort().join()]);
  }
  assert.deepEqual(answers[0], answers[2]);
  assert.deepEqual(answers[1], answers[2]);
  await link(ben);
});

test("the second factor stays asked for", async () => {
  const carla = await server.person("carla");
  const proof = { current_password: carla.password };
  const { secret } = (await carla.api("POST", "/me/two-factor", proof)).json;
  const on = await carla.api("PUT", "/me/two-factor", { ...proof, code: appCode(secret) });
  assert.equal(on.status, 200, on.text);
  assert.match((await mails.next()).headers.subject, /^A second factor was switched on/);
  assert.equal((await call("POST", "/recovery", { login: carla.name })).status, 204);
  const token = (await link(carla)).split("/").at(-1);
  assert.equal((await call("PUT", "/recovery", { token, password: NEW })).status, 204);
  await told(carla);
  const half = await login(carla, NEW);
  assert.deepEqual([half.status, half.json.error.field], [401, "code"]);
  assert.equal((await login(carla, NEW, appCode(secret, 1))).status, 201);
});

test("an account gets few links an hour, and where mail is set up, a recovery code gives no password", async () => {
  const [dora, emil] = [await server.person("dora"), await server.person("emil")];
  for (let asked = 0; asked < 5; asked++) {
    assert.equal((await call("POST", "/recovery", { login: dora.name })).status, 204);
  }
  for (let mailed = 0; mailed < 3; mailed++) await link(dora);
  assert.equal((await call("POST", "/recovery", { login: emil.name })).status, 204);
  await link(emil);
  const codes = await emil.api("POST", "/me/recovery-codes", { current_password: emil.password });
  const body = { login: emil.name, recovery_code: codes.json.recovery_codes[0], password: NEW };
  assert.equal((await call("PUT", "/recovery", body)).status, 403);
});
