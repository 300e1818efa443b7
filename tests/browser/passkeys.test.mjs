// Passkeys in Chromium, with a device that it plays: added, used instead of the password and after it, named, removed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appCode } from "../clients/support/app.mjs";
import { findsNothing } from "./support/axe.mjs";
import { fitsTheWidth, SIZES, Stage } from "./support/browser.mjs";
import { addPasskey, byName, withDevice } from "./support/passkeys.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

const PASSKEYS = "/settings/passkeys";

const lobby = (url) => url.pathname === "/room/lobby";

/** A page under the server's name, in which `person` is logged in. */
function open(t, person, options = {}) {
  return stage.page(t, { baseURL: byName(stage.server), person, complaints: false, ...options });
}

/** Logs out, and opens a page that leads to the login. */
async function logOut(page) {
  await page.goto("/profile");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.getByRole("heading", { name: "Welcome back" }).waitFor();
  await page.goto("/room/lobby");
}

async function switchOnCodes(page) {
  await page.goto("/settings/two-factor");
  await page.getByRole("button", { name: "Set up an app" }).click();
  const secret = await page.getByLabel("Secret", { exact: true }).inputValue();
  await page.getByLabel("Code", { exact: true }).fill(appCode(secret));
  await page.getByRole("button", { name: "Switch on" }).click();
  await page.getByText("From now on, a login asks for a code of your app.").waitFor();
}

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a passkey opens the account, ${colorScheme}, at ${width} px`, async (t) => {
      const person = await stage.server.person(`anna${width}${colorScheme}`);
      const page = await open(t, person, { viewport, colorScheme });
      await withDevice(page);
      await page.goto("/profile");
      await page.getByRole("link", { name: "Your passkeys" }).click();
      await findsNothing(page, "no passkeys");
      await addPasskey(page, "Anna's phone");
      const row = page.locator(".passkey-list li");
      await row.getByText("Not used yet").waitFor();
      await findsNothing(page, "one passkey");
      await page.getByLabel("What you call it").fill("again");
      await page.getByRole("button", { name: "Add a passkey" }).click();
      await page.getByText("This device has a passkey of yours").waitFor();
      await findsNothing(page, "a device that has one");

      await logOut(page);
      await findsNothing(page, "the login");
      await page.getByRole("button", { name: "Log in with a passkey" }).click();
      await page.waitForURL(lobby);

      await switchOnCodes(page);
      await logOut(page);
      await page.getByLabel("Name or e-mail").fill(person.name);
      await page.getByLabel("Password").fill(person.password);
      await page.getByRole("button", { name: "Log in", exact: true }).click();
      await page.getByRole("button", { name: "Use a passkey" }).waitFor();
      await findsNothing(page, "the code's page");
      await page.getByRole("button", { name: "Use a passkey" }).click();
      await page.waitForURL(lobby);

      await page.goto("/settings/confirm?next=/settings/passkeys");
      await findsNothing(page, "the page that asks who one is");
      await page.getByRole("button", { name: "Confirm with a passkey" }).click();
      await page.waitForURL((url) => url.pathname === PASSKEYS);
      await row.getByText("Last used Today").waitFor();
      await row.getByText("Rename").click();
      await page.getByLabel("Its name").fill("Old phone");
      await findsNothing(page, "a new name");
      await page.getByRole("button", { name: "Save name" }).click();
      await row.getByText("Old phone", { exact: true }).waitFor();
      await page.getByRole("button", { name: "Remove the passkey Old phone" }).click();
      await page.getByText("The passkey is removed.").waitFor();

      await logOut(page);
      await page.getByRole("button", { name: "Log in with a passkey" }).click();
      await page.getByText("This passkey opens no account here.").waitFor();
      await findsNothing(page, "a passkey that was removed");
    });
  }
}

test("a device that does not know its person says nothing to the server", async (t) => {
  const page = await open(t, await stage.server.person("ben"));
  const device = await withDevice(page);
  await page.goto(PASSKEYS);
  await addPasskey(page, "phone");
  await logOut(page);
  await device.knows(false);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await page.getByText("No passkey was chosen, or it took too long. Try again.").waitFor();
  await device.knows(true);
  await page.getByRole("button", { name: "Log in with a passkey" }).click();
  await page.waitForURL(lobby);
});

test("an answer that was sent once opens nothing again", async (t) => {
  const page = await open(t, await stage.server.person("cora"));
  await withDevice(page);
  await page.goto(PASSKEYS);
  await addPasskey(page, "phone");
  await logOut(page);
  const [sent] = await Promise.all([
    page.waitForRequest("**/login/passkey"),
    page.getByRole("button", { name: "Log in with a passkey" }).click(),
  ]);
  await page.waitForURL(lobby);
  const { passkey } = Object.fromEntries(new URLSearchParams(sent.postData()));
  assert.ok(JSON.parse(passkey).response.signature);
  await logOut(page);
  const answer = page.waitForResponse("**/login/passkey");
  await page.locator("passkey-field form").evaluate((form, value) => {
    form.querySelector("[name=passkey]").value = value;
    form.submit();
  }, passkey);
  assert.equal((await answer).status(), 401);
  await page.getByText("The passkey took too long, or its answer was used already.").waitFor();
});

test("without scripts passkeys are listed, named and removed", async (t) => {
  const person = await stage.server.person("dora");
  const first = await open(t, person);
  await withDevice(first);
  await first.goto(PASSKEYS);
  await addPasskey(first, "phone");
  const page = await open(t, person, { javaScriptEnabled: false, viewport: SIZES[390] });
  await page.goto(PASSKEYS);
  const why = page.locator("noscript p");
  await why.waitFor();
  assert.match(await why.textContent(), /^Adding a passkey needs JavaScript\./);
  await fitsTheWidth(page, "without scripts");
  assert.equal(await page.getByRole("button", { name: "Add a passkey" }).count(), 0);
  await page.getByText("Rename").click();
  await page.getByLabel("Its name").fill("tablet");
  await page.getByRole("button", { name: "Save name" }).click();
  await page.getByText("The new name is saved.").waitFor();
  await page.getByRole("button", { name: "Remove the passkey tablet" }).click();
  await page.getByText("The passkey is removed.").waitFor();
  const nobody = await open(t, undefined, { javaScriptEnabled: false });
  await nobody.goto("/login");
  await nobody.getByRole("button", { name: "Log in", exact: true }).waitFor();
  assert.equal(await nobody.getByRole("button", { name: "Log in with a passkey" }).count(), 0);
});

test("under a number the page says that passkeys need a name", async (t) => {
  const person = await stage.server.person("emma");
  const page = await stage.page(t, { person });
  await page.goto(PASSKEYS);
  await page.getByText("Passkeys need a name").waitFor();
  await findsNothing(page, "under a number");
});
