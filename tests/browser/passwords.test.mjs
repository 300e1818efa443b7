// Choosing a password: how strong it is shows while it is typed, and the form's answer tells without scripts.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a password's strength shows while it is typed, ${colorScheme}, at ${width} px`, async (t) => {
      const page = await stage.page(t, { viewport, colorScheme });
      await page.goto("/register");
      await page.getByLabel("Name", { exact: true }).fill("anneliese");
      const field = page.getByLabel("Password");
      const says = (text) => page.locator(".strength").filter({ hasText: text }).waitFor();
      await field.fill("anneliese7");
      await says("too close to your name");
      await findsNothing(page, "a password that is refused");
      await field.fill("iloveyou");
      await says("Many people have this password");
      await field.fill("correct horse battery staple");
      await says("Strong.");
      await page.locator('.strength-bar[data-score="4"]').waitFor();
      await findsNothing(page, "a strong password");
      await field.fill("");
      await page.locator(".strength:empty").waitFor({ state: "attached" });
    });
  }
}

test("without scripts the form says what to do", async (t) => {
  const page = await stage.page(t, { javaScriptEnabled: false });
  await page.goto("/register");
  await page.getByLabel("Name", { exact: true }).fill("anna");
  await page.getByLabel("E-mail").fill("anna@example.org");
  const field = page.getByLabel("Password");
  await field.fill("iloveyou");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.locator("#password-error").filter({ hasText: "Many people have this password" }).waitFor();
  assert.equal(await field.inputValue(), "");
  await field.fill("three quiet armchairs");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.waitForURL("**/room/lobby");
});
