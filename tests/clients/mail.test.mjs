// What somebody missed, mailed: against a real mail server, aiosmtpd.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { MailServer, PUBLIC_URL } from "./support/mail-server.mjs";
import { Server } from "./support/server.mjs";

/** The settings of a server that mails soon. */
const settings = (mails) => ({ ...mails.settings, "mail-after": "8s" });

let mails;
let server;
before(async () => {
  mails = await MailServer.start();
  server = await Server.start(settings(mails));
});
after(async () => {
  await server?.end();
  mails?.end();
});

async function say(person, room, data) {
  const said = await person.api("POST", `/rooms/${room}/messages`, { data });
  assert.equal(said.status, 201, said.text);
  return said.json.message;
}

async function direct(one, other) {
  return (await one.api("POST", "/direct", { users: [other.name] })).json.room.room;
}

test("what was missed is mailed in one mail, as text and as HTML", async () => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room("Tea & <cake>");
  assert.equal((await ben.api("POST", `/rooms/${room}/join`)).status, 200);
  await say(anna, room, "nobody is meant");
  await say(anna, room, `hello @${ben.name} & <b>welcome</b>`);
  const mail = await mails.next();
  assert.deepEqual([mail.from, mail.to], ["parlor@example.org", [ben.email]]);
  assert.equal(mail.headers.subject, `${anna.name} mentioned you in Tea & <cake>`);
  assert.equal(mail.headers["auto-submitted"], "auto-generated");
  assert.match(mail.text, new RegExp(`${anna.name}: hello @${ben.name} & <b>welcome</b>`));
  assert.match(mail.text, new RegExp(`${PUBLIC_URL}/room/${room}`));
  assert.doesNotMatch(mail.text, /nobody is meant/);
  assert.match(mail.html, /hello @\w+ &amp; &lt;b&gt;welcome&lt;\/b&gt;/);
  assert.doesNotMatch(mail.html, /<cake>/);
});

test("what was read meanwhile is not mailed, and neither is what somebody wants no mail of", async () => {
  const [anna, ben, carla] = [
    await server.person("anna"),
    await server.person("ben"),
    await server.person("carla"),
  ];
  const quiet = await carla.forms.submit("/settings/notifications", "/settings/notifications", {
    section: "mail",
  });
  assert.equal(quiet.status, 303);
  await say(anna, await direct(anna, carla), "you do not want this");
  const room = await direct(anna, ben);
  const read = await say(anna, room, "you have read this");
  assert.equal((await ben.api("POST", `/rooms/${room}/read`, { id: read.id })).status, 200);
  await say(anna, room, "but not this");
  const mail = await mails.next();
  assert.equal(mail.headers.subject, `${anna.name} wrote to you`);
  assert.deepEqual(mail.to, [ben.email]);
  assert.match(mail.text, /but not this/);
  assert.doesNotMatch(mail.text, /you have read this/);
});

test("one post ends them, without logging in", async () => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  await say(anna, await direct(anna, ben), "hello");
  const { headers } = await mails.next();
  assert.equal(headers["list-unsubscribe-post"], "List-Unsubscribe=One-Click");
  const path = headers["list-unsubscribe"].slice(1, -1).replace(PUBLIC_URL, "");
  const visitor = new ben.forms.constructor(server);
  const page = await visitor.get(path);
  assert.match(page.text, /Send me no more such mails/);
  const off = await visitor.post(path, new URLSearchParams({ "List-Unsubscribe": "One-Click" }));
  assert.equal(off.status, 200, off.text);
  await say(anna, await direct(anna, ben), "not mailed");
  const carla = await server.person("carla");
  await say(anna, await direct(anna, carla), "mailed after it");
  assert.deepEqual((await mails.next()).to, [carla.email]);
  assert.equal((await visitor.get(`${path}x`)).status, 404);
});

test("what is to be mailed survives a stop", async (t) => {
  const late = await MailServer.start();
  t.after(() => late.end());
  const patient = await Server.start(settings(late));
  t.after(() => patient.end());
  const [anna, ben] = [await patient.person("anna"), await patient.person("ben")];
  await say(anna, await direct(anna, ben), "after the stop");
  assert.equal(await patient.stop(), 0);
  await patient.begin();
  assert.match((await late.next()).text, /after the stop/);
});

test("it logs in with the password that a file holds, which no setting shows", async (t) => {
  const guarded = await MailServer.start("--login", "parlor", "quiet armchairs 7");
  t.after(() => guarded.end());
  const folder = await mkdtemp(join(tmpdir(), "parlor-mail-"));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, "password");
  await writeFile(file, "quiet armchairs 7\n");
  const known = await Server.start({
    ...settings(guarded),
    "smtp-user": "parlor",
    "smtp-password-file": file,
    "mail-after": "1s",
  });
  t.after(() => known.end());
  const [anna, ben] = [await known.person("anna"), await known.person("ben")];
  await say(anna, await direct(anna, ben), "by who logs in");
  assert.match((await guarded.next()).text, /by who logs in/);
});

for (const security of ["tls", "starttls"]) {
  test(`by ${security} it mails where the certificate is trusted, and nowhere else`, async (t) => {
    const [certificate, key] = ["cert.pem", "key.pem"].map((name) => join(server.folder, "certs", name));
    const guarded = await MailServer.start(`--${security}`, certificate, key);
    t.after(() => guarded.end());
    const own = { ...settings(guarded), "smtp-security": security, "mail-after": "1s" };
    const wary = await Server.start(own);
    t.after(() => wary.end());
    const [carla, dora] = [await wary.person("carla"), await wary.person("dora")];
    await say(carla, await direct(carla, dora), "to nobody");
    await wary.logged(/certificate/i);

    const trusted = process.env.SSL_CERT_FILE;
    process.env.SSL_CERT_FILE = certificate;
    t.after(() => {
      if (trusted === undefined) delete process.env.SSL_CERT_FILE;
      else process.env.SSL_CERT_FILE = trusted;
    });
    const trusting = await Server.start(own);
    t.after(() => trusting.end());
    const [anna, ben] = [await trusting.person("anna"), await trusting.person("ben")];
    await say(anna, await direct(anna, ben), "over a way that is closed to listeners");
    assert.match((await guarded.next()).text, /closed to listeners/);
  });
}
