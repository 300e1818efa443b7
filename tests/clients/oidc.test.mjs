// Logging in with an OpenID Connect provider, by forms and links alone: against a real one, oidc-provider.
import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Forms } from "./support/forms.mjs";
import { freePort, LoginProvider } from "./support/provider.mjs";
import { Server } from "./support/server.mjs";

const secret = join(tmpdir(), `parlor-oidc-${process.pid}`);
let provider;
let server;
let settings;

before(async () => {
  const port = await freePort();
  const url = `https://127.0.0.1:${port}`;
  await writeFile(secret, `${LoginProvider.SECRET}\n`);
  provider = await LoginProvider.start(`${url}/login/oidc/return`);
  settings = {
    listen: `127.0.0.1:${port}`,
    "public-url": url,
    "oidc-issuer": provider.url,
    "oidc-client-id": "parlor",
    "oidc-client-secret-file": secret,
    "oidc-name": "the guild",
  };
  server = await Server.start(settings);
  await server.person("owner");
});
after(async () => {
  await server?.end();
  await provider?.end();
  await rm(secret, { force: true });
});

/** Somebody at the provider. */
function known(subject, claims = {}) {
  provider.people.set(subject, {
    preferred_username: subject,
    email: `${subject}@guild.example`,
    ...claims,
  });
  return subject;
}

/** Goes to the provider from `page` and back; `bend` may change the address on the way there. */
async function signOn(
  forms,
  subject,
  { page = "/login/oidc", bend = (address) => address, ...options } = {},
) {
  const there = await forms.get(page);
  assert.equal(there.status, 303, there.text);
  const back = await provider.visit(bend(there.headers.location), subject, options);
  return { back, answer: await forms.get(back) };
}

/** What whoever is logged in is called. */
async function nameOf(forms) {
  const field = (await forms.get("/profile")).text.match(/<input[^>]*name="name"[^>]*>/)[0];
  return field.match(/value="([^"]*)"/)[1];
}

test("the first login makes an account without a password, and the next one is the same", async () => {
  const login = await new Forms(server).get("/login");
  assert.match(login.text, /href="\/login\/oidc"[^>]*>Log in with the guild</);
  const subject = known("wilma", { preferred_username: "Wilma Of The Guild" });
  const [first, second] = [new Forms(server), new Forms(server)];
  const { answer } = await signOn(first, subject);
  assert.equal(answer.status, 303, answer.text);
  assert.equal(answer.headers.location, "/");
  assert.equal(await nameOf(first), "Wilma.Of.The.Guild");
  const again = await signOn(second, subject, { page: "/login/oidc?next=/room/lobby" });
  assert.equal(again.answer.headers.location, "/room/lobby");
  assert.equal(await nameOf(second), "Wilma.Of.The.Guild");
  for (const password of ["", " ", "any"]) {
    const refused = await new Forms(server).submit("/login", "/login", {
      login: "Wilma.Of.The.Guild",
      password,
    });
    assert.ok([401, 422].includes(refused.status), refused.text);
  }
});

test("somebody whose name is taken gets another, and whose address is taken links instead", async () => {
  const anna = await server.person("anna");
  const forms = new Forms(server);
  await signOn(forms, known("other-anna", { preferred_username: anna.name }));
  assert.equal(await nameOf(forms), `${anna.name}-2`);
  const { answer } = await signOn(new Forms(server), known("claims-anna", { email: anna.email }));
  assert.equal(answer.status, 409, answer.text);
  assert.match(answer.text, /link it on your profile/);
});

test("each login gives a new session id, and ends the one before", async () => {
  const forms = new Forms(server);
  await signOn(forms, known("fixed"));
  const before = forms.copy();
  const { answer } = await signOn(forms, "fixed", { page: "/login/oidc?next=/settings/sessions" });
  assert.equal(answer.headers.location, "/settings/sessions");
  assert.notEqual(before.cookie, forms.cookie);
  assert.equal((await before.get("/profile")).status, 303);
  assert.equal((await forms.get("/profile")).status, 200);
});

test("another state, nonce, verifier or browser, and a code that was used, are refused", async () => {
  const subject = known("mallory");
  const refused = async (forms, path) => {
    const answer = await forms.get(path);
    assert.equal(answer.status, 422, answer.text);
    assert.equal((await forms.get("/profile")).status, 303);
  };
  for (const [name, value] of [
    ["nonce", "another"],
    ["code_challenge", "A".repeat(43)],
  ]) {
    const forms = new Forms(server);
    const bend = (address) => {
      const url = new URL(address);
      url.searchParams.set(name, value);
      return url.href;
    };
    const { answer } = await signOn(forms, subject, { bend });
    assert.equal(answer.status, 422, `${name}: ${answer.text}`);
    assert.equal((await forms.get("/profile")).status, 303);
  }
  const forms = new Forms(server);
  const there = await forms.get("/login/oidc");
  const back = await provider.visit(there.headers.location, subject);
  await refused(new Forms(server), back);
  const other = new URL(back, server.url);
  other.searchParams.set("state", "another");
  await refused(forms.copy(), other.pathname + other.search);
  // What was tried with a wrong state is used up.
  await refused(forms, back);
  const honest = new Forms(server);
  const used = await signOn(honest, subject);
  assert.equal(used.answer.status, 303);
  const thief = new Forms(server);
  const own = new URL((await thief.get("/login/oidc")).headers.location).searchParams.get("state");
  const stolen = new URL(used.back, server.url);
  stolen.searchParams.set("state", own);
  await refused(thief, stolen.pathname + stolen.search);
});

test("who does not agree there is told so", async () => {
  const { answer } = await signOn(new Forms(server), known("shy"), { agrees: false });
  assert.equal(answer.status, 403, answer.text);
  assert.match(answer.text, /did not agree/);
});

test("who is logged in links their account, and unlinks it", async () => {
  const ben = await server.person("ben");
  const subject = known("ben-of-the-guild");
  const page = await ben.forms.submit("/settings/oidc", "/settings/oidc");
  const address = page.text
    .match(/href="(http:[^"]+)"/)[1]
    .replaceAll("&#38;", "&")
    .replaceAll("&amp;", "&");
  const back = await provider.visit(address, subject);
  const stranger = await server.person("stranger");
  assert.equal((await stranger.forms.get(back)).status, 422, "it is the other browser's");
  const linked = await ben.forms.get(back);
  assert.equal(linked.headers.location, "/settings/oidc?done=linked", linked.text);
  const other = new Forms(server);
  await signOn(other, subject);
  assert.equal(await nameOf(other), ben.name);
  assert.deepEqual((await ben.api("GET", "/me/oidc")).json, {
    name: "the guild",
    identity: { issuer: provider.url, subject },
    has_password: true,
  });
  const unlinked = await ben.forms.submit("/settings/oidc", "/settings/oidc/unlink");
  assert.equal(unlinked.status, 303, unlinked.text);
  const fresh = new Forms(server);
  await signOn(fresh, subject);
  assert.notEqual(await nameOf(fresh), ben.name);
});

test("who has no password chooses one after showing who they are, and can unlink then", async () => {
  const forms = new Forms(server);
  await signOn(forms, known("carla"));
  assert.doesNotMatch((await forms.get("/settings/oidc")).text, /unlink"/);
  const early = await forms.submit(
    "/profile",
    "/profile",
    { section: "password", password: "quiet armchairs 7" },
    { mark: 'value="password"' },
  );
  assert.equal(early.status, 401, "the provider has not said when she showed who she is");
  const confirm = await forms.get("/settings/confirm?next=/profile");
  assert.match(confirm.text, /href="\/login\/oidc\?next=\/profile"[^>]*>Confirm with the guild/);
  const { answer } = await signOn(forms, "carla", { page: "/login/oidc?next=/profile" });
  assert.equal(answer.headers.location, "/profile");
  const chosen = await forms.submit(
    "/profile",
    "/profile",
    { section: "password", password: "quiet armchairs 7" },
    { mark: 'value="password"' },
  );
  assert.equal(chosen.status, 303, chosen.text);
  const unlinked = await forms.submit("/settings/oidc", "/settings/oidc/unlink");
  assert.equal(unlinked.headers.location, "/settings/oidc?done=unlinked", unlinked.text);
  const login = await new Forms(server).submit("/login", "/login", {
    login: "carla",
    password: "quiet armchairs 7",
  });
  assert.equal(login.status, 303);
});

test("a disabled account stays out", async () => {
  await signOn(new Forms(server), known("dora"));
  await server.command("user", "disable", "dora");
  const { answer } = await signOn(new Forms(server), "dora");
  assert.equal(answer.status, 403, answer.text);
  assert.match(answer.text, /disabled/);
});

test("where registration is closed, or by invitation, nobody new comes in without one", async (t) => {
  t.after(async () => {
    await server.end();
    server = await Server.start(settings);
    await server.person("owner");
  });
  await server.end();
  server = await Server.start(settings);
  const owner = await server.person("owner");
  await signOn(new Forms(server), known("early"));
  await server.stop();
  server.change({ registration: "closed" });
  await server.begin();
  const { answer } = await signOn(new Forms(server), known("late"));
  assert.equal(answer.status, 403, answer.text);
  assert.match(answer.text, /takes no new accounts/);
  assert.equal((await signOn(new Forms(server), "early")).answer.status, 303);
  await server.stop();
  server.change({ registration: "invite" });
  await server.begin();
  assert.equal((await signOn(new Forms(server), "late")).answer.status, 403);
  const room = await owner.room("The guild hall");
  const made = await owner.api("POST", `/rooms/${room}/invites`, {});
  const page = await new Forms(server).get(made.json.url);
  const way = page.text.match(/href="(\/login\/oidc\?invite=[^"]+)"/)[1];
  const forms = new Forms(server);
  const invited = await signOn(forms, "late", { page: way });
  assert.equal(invited.answer.status, 303, invited.answer.text);
  assert.equal((await forms.get(`/room/${room}`)).status, 200);
});

test("a provider that is down says so, and passwords go on", async () => {
  const lost = await freePort();
  const other = await Server.start({
    ...settings,
    listen: "127.0.0.1:0",
    "oidc-issuer": `http://127.0.0.1:${lost}`,
  });
  try {
    const anna = await other.person("anna");
    const answer = await new Forms(other).get("/login/oidc");
    assert.equal(answer.status, 503);
    assert.match(answer.text, /the guild does not answer/);
    const login = await new Forms(other).submit("/login", "/login", {
      login: anna.name,
      password: anna.password,
    });
    assert.equal(login.status, 303);
  } finally {
    await other.end();
  }
});
