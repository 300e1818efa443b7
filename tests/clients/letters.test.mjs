// What is done to an account that decides who gets in, told to its owner by mail: against a real mail server, aiosmtpd.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appCode } from "./support/app.mjs";
import { Forms } from "./support/forms.mjs";
import { MailServer, PUBLIC_URL } from "./support/mail-server.mjs";
import { madePasskey } from "./support/passkey.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

let mails;
let server;
before(async () => {
  mails = await MailServer.start();
  server = await Server.start(mails.settings);
});
after(async () => {
  await server?.end();
  mails?.end();
});

/** The next letter, which must be to this person and about this. */
async function letter(person, subject) {
  const mail = await mails.next();
  assert.deepEqual([mail.to, mail.headers.subject], [[person.email], `${subject} on Parlor`]);
  assert.equal(mail.headers["auto-submitted"], "auto-generated");
  assert.equal(mail.headers["list-unsubscribe"], undefined);
  for (const body of [mail.text, mail.html]) {
    assert.ok(body.includes(`${PUBLIC_URL}/settings/sessions`), body);
    assert.ok(body.includes(person.name), body);
  }
  return mail;
}

test("a factor that is switched on or off, and a recovery code that was used, are told by mail", async () => {
  const anna = await server.person("anna");
  const proof = { current_password: anna.password };
  const { secret } = (await anna.api("POST", "/me/two-factor", proof)).json;
  const wrong = { ...proof, code: "000000" };
  assert.equal((await anna.api("PUT", "/me/two-factor", wrong)).status, 401);
  const on = await anna.api("PUT", "/me/two-factor", { ...proof, code: appCode(secret) });
  assert.equal(on.status, 200, on.text);
  const [recovery] = on.json.recovery_codes;
  const told = await letter(anna, "A second factor was switched on");
  assert.match(told.text, /asks for a code of your app/);
  assert.ok(!told.text.includes(secret) && !told.text.includes(recovery));

  const login = { login: anna.name, password: anna.password, code: recovery };
  const made = await request(server, "POST", "/api/v1/tokens", {
    body: JSON.stringify(login),
    headers: { "content-type": "application/json" },
  });
  assert.equal(made.status, 201, made.text);
  assert.match((await letter(anna, "A recovery code was used")).text, /9 are left/);

  const again = { ...proof, code: appCode(secret, 1) };
  const fresh = await anna.api("POST", "/me/recovery-codes", again);
  assert.equal(fresh.status, 201, fresh.text);
  await letter(anna, "New recovery codes were made");
  const off = async (code) => (await anna.api("DELETE", "/me/two-factor", { ...proof, code })).status;
  assert.equal(await off(on.json.recovery_codes[1]), 401, "the old ones ended");
  assert.equal(await off(fresh.json.recovery_codes[0]), 204);
  const last = [await mails.next(), await mails.next()].map(({ headers }) => headers.subject);
  assert.deepEqual(last.sort(), [
    "A recovery code was used on Parlor",
    "A second factor was switched off on Parlor",
  ]);
});

test("a passkey that is added or removed is told by mail", async () => {
  const dora = await server.person("dora");
  const proof = { current_password: dora.password };
  const begun = await dora.api("POST", "/me/passkeys/challenge", proof);
  assert.equal(begun.status, 200, begun.text);
  const credential = madePasskey(begun.json, PUBLIC_URL);
  const added = await dora.api("POST", "/me/passkeys", { name: "phone & pen", credential });
  assert.equal(added.status, 201, added.text);
  const told = await letter(dora, "A passkey was added");
  assert.ok(told.text.includes("phone & pen") && told.html.includes("phone &amp; pen"), told.html);
  assert.ok(told.text.includes(`${PUBLIC_URL}/settings/passkeys`), told.text);
  const removed = await dora.api("DELETE", `/me/passkeys/${added.json.passkey.id}`, proof);
  assert.equal(removed.status, 204, removed.text);
  assert.match((await letter(dora, "A passkey was removed")).text, /phone & pen/);
});

test("a new address holds once it was confirmed from both, and the old one is told", async () => {
  const ben = await server.person("ben");
  const fresh = `${ben.name}@elsewhere.example`;
  const change = async (patch, saved) => {
    const sent = { ...patch, current_password: ben.password };
    const changed = await ben.forms.submit("/profile", "/profile", sent);
    assert.deepEqual(
      [changed.status, changed.headers.location.split("&")[0]],
      [303, `/profile?saved=${saved}`],
    );
  };
  await change({ section: "email", email: ben.email }, "email");
  await change({ section: "email", email: fresh }, "address");
  const links = {};
  for (let mailed = 0; mailed < 2; mailed++) {
    const mail = await mails.next();
    assert.equal(mail.headers.subject, "A new address on Parlor");
    links[mail.to[0]] = mail.text.match(/\/address\/[\w-]{43}/)[0];
  }
  assert.deepEqual(Object.keys(links).sort(), [ben.email, fresh].sort());
  const is = async () => (await ben.api("GET", "/me")).json.user.email;
  const visitor = new Forms(server);
  assert.match((await visitor.get(links[fresh])).text, new RegExp(`is to have the address ${fresh}`));
  const half = await visitor.submit(links[fresh], links[fresh]);
  assert.deepEqual([half.status, half.headers.location], [303, "/address?done=half"]);
  assert.match(
    (await visitor.get("/address?done=half")).text,
    /once the link in the mail to the other address/,
  );
  assert.equal(await is(), ben.email);
  assert.equal((await visitor.get(links[fresh])).status, 404);
  const token = links[ben.email].split("/").at(-1);
  const confirmed = await request(server, "POST", "/api/v1/addresses/confirm", {
    body: JSON.stringify({ token }),
    headers: { "content-type": "application/json" },
  });
  assert.deepEqual([confirmed.status, confirmed.json], [200, { changed: true }]);
  assert.equal(await is(), fresh);
  assert.match(
    (await letter(ben, "Your address was changed")).text,
    new RegExp(`has the address ${fresh} from now on`),
  );
  await change({ section: "password", password: "three quiet armchairs" }, "password");
  await letter({ name: ben.name, email: fresh }, "Your password was changed");
});
