// A second factor: set up from its QR code, asked for at the login, helped out by a recovery code, switched off; with
// scripts and without.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { appCode } from "../clients/support/app.mjs";
import { findsNothing } from "./support/axe.mjs";
import { eventually, fitsTheWidth, SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

/** Opens the page of a person and has it wait for the first code; answers with the secret. */
async function setUp(page) {
  await page.goto("/profile");
  await page.getByRole("link", { name: "Your two-step login" }).click();
  await page.getByRole("button", { name: "Set up an app" }).click();
  const picture = page.getByRole("img", { name: "The secret as a QR code" });
  await picture.waitFor();
  const { width, height } = await picture.locator("svg").boundingBox();
  assert.ok(width >= 150 && Math.abs(width - height) < 1, `${width} × ${height}`);
  return page.getByLabel("Secret", { exact: true }).inputValue();
}

/** Logs out, and in again up to the page that asks for the code. */
async function passwordAgain(page, person) {
  await page.goto("/profile");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.goto("/room/lobby");
  await page.getByLabel("Name or e-mail").fill(person.name);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.getByRole("heading", { name: "Your code" }).waitFor();
}

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const [colorScheme, javaScriptEnabled] of [
    ["light", true],
    ["dark", false],
  ]) {
    test(`codes of an app, ${colorScheme}, scripts ${javaScriptEnabled}, at ${width} px`, async (t) => {
      const person = await stage.server.person(`anna${width}${colorScheme}`);
      const page = await stage.page(t, {
        viewport,
        colorScheme,
        person,
        javaScriptEnabled,
        complaints: false,
      });
      const looksWell = async (where) => {
        await fitsTheWidth(page, where);
        if (javaScriptEnabled) await findsNothing(page, where);
      };
      const secret = await setUp(page);
      await looksWell("the secret");
      const on = page.getByRole("button", { name: "Switch on" });
      await page.getByLabel("Code", { exact: true }).fill("000000");
      await on.click();
      await page.getByText("not the code that your app should show").waitFor();
      await looksWell("a wrong code");
      const first = appCode(secret);
      await page.getByLabel("Code", { exact: true }).fill(first);
      await on.click();
      await page.getByText("From now on, a login asks for a code of your app.").waitFor();
      const codes = page.locator(".code-list code");
      assert.equal(await codes.count(), 10);
      await looksWell("the recovery codes");
      const recovery = await codes.first().textContent();

      await passwordAgain(page, person);
      await looksWell("the code's page");
      const code = page.getByLabel("Code", { exact: true });
      const logIn = page.getByRole("button", { name: "Log in", exact: true });
      await code.fill(first);
      await logIn.click();
      await page.getByText("This code is wrong, or was used already.").waitFor();
      await looksWell("a code that was used");
      // The next step's code is taken early, as clocks differ.
      await code.fill(appCode(secret, 1));
      await logIn.click();
      await page.waitForURL("**/room/lobby");

      await passwordAgain(page, person);
      await code.fill(recovery);
      await logIn.click();
      await page.waitForURL("**/room/lobby");

      await page.goto("/settings/two-factor");
      await page.getByText("You have 9 left.").waitFor();
      await page.getByRole("button", { name: "Make new ones; the old ones end" }).click();
      await codes.first().waitFor();
      await page.getByRole("button", { name: "Switch off" }).click();
      await page.getByText("From now on, a login asks for your password alone.").waitFor();
      await page.goto("/profile");
      await page.getByRole("button", { name: "Log out" }).click();
      await page.getByLabel("Name or e-mail").fill(person.name);
      await page.getByLabel("Password").fill(person.password);
      await logIn.click();
      await page.waitForURL((url) => url.pathname === "/");
    });
  }
}

test("what is asked for again after a while leads back to where it was asked", async (t) => {
  const soon = await Stage.open({ "proof-lifetime": "1s" });
  t.after(() => soon.close());
  const person = await soon.server.person("ben");
  const page = await soon.page(t, { person, complaints: false });
  const again = page.getByRole("heading", { name: "Confirm that it is you" });
  await eventually(async () => {
    await page.goto("/settings/two-factor");
    await page.getByRole("button", { name: /recovery codes|new ones/ }).click();
    await page.getByRole("heading", { level: 1 }).waitFor();
    return again.isVisible();
  }, "the proof is too old");
  await findsNothing(page, "the page that asks for the password");
  await page.getByLabel("Present password").fill(person.password);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.waitForURL("**/settings/two-factor");
});
