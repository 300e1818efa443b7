// Tokens of one's own: the page makes one, shows it once with a button that copies it, and ends it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { eventually, SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`a token is made, copied and ended, ${colorScheme}, at ${width} px`, async (t) => {
      const person = await stage.server.person(`anna${width}${colorScheme}`);
      const page = await stage.page(t, { viewport, colorScheme, person, complaints: false });
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.goto("/profile");
      await page.getByRole("link", { name: "Your tokens" }).click();
      await page.getByRole("heading", { name: "A new token" }).waitFor();
      await findsNothing(page, "the tokens");

      const make = page.getByRole("button", { name: "Make token" });
      await page.getByLabel("What it is for").fill("Weather station");
      await page.getByLabel("say something").check();
      await page.getByLabel("How long it holds").selectOption("A week");
      await page.getByLabel("Present password").fill("not this one");
      await make.click();
      await page.getByText("not your present password").waitFor();
      assert.equal(await page.getByLabel("What it is for").inputValue(), "Weather station");
      assert.equal(await page.getByLabel("say something").isChecked(), true);
      await findsNothing(page, "a wrong password");
      await page.getByLabel("Present password").fill(person.password);
      await make.click();

      const shown = page.getByLabel("New token", { exact: true });
      await shown.waitFor();
      await findsNothing(page, "the new token");
      const token = await shown.inputValue();
      await page.getByRole("button", { name: "Copy token" }).click();
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await eventually(async () => (await copied()) === token, "the token is copied");
      const call = () => page.request.get("/api/v1/me", { headers: { authorization: `Bearer ${token}` } });
      assert.equal((await call()).status(), 200);

      await page.goto("/settings/tokens");
      const row = page.locator(".token-list li", { hasText: "Weather station" });
      await row.getByText("May do: read, write", { exact: true }).waitFor();
      await row.getByText(/Last used Today/).waitFor();
      assert.equal(await page.getByLabel("New token", { exact: true }).count(), 0);
      await row.getByRole("button", { name: "End the token Weather station" }).click();
      await row.waitFor({ state: "detached" });
      assert.equal((await call()).status(), 401);
    });
  }
}
