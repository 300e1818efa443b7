// One's data: a copy of it is saved, and an account is deleted on its page, with scripts and without, and others see it at once.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`an account is deleted with what it said, ${colorScheme}, at ${width} px`, async (t) => {
      const name = `anna${width}${colorScheme}`;
      const [person, reader] = [
        await stage.server.person(name),
        await stage.server.person(`ben${width}${colorScheme}`),
      ];
      const javaScriptEnabled = colorScheme === "light";
      const page = await stage.page(t, {
        viewport,
        colorScheme,
        person,
        complaints: false,
        javaScriptEnabled,
      });
      const other = await stage.page(t, { viewport, colorScheme, person: reader });
      await Promise.all([page, other].map((one) => one.goto("/room/lobby")));
      await say(page, `a word of ${name}`);
      await message(other, `a word of ${name}`).waitFor();

      await page.goto("/profile");
      await page.getByRole("link", { name: "Your data" }).click();
      await page.getByRole("heading", { name: "Delete your account" }).waitFor();
      if (javaScriptEnabled) await findsNothing(page, "one's data");
      await fitsTheWidth(page, "one's data");
      const download = page.waitForEvent("download");
      await page.getByRole("button", { name: "Make an export" }).click();
      const archive = await download;
      assert.match(archive.suggestedFilename(), /^parlor-anna.*\.zip$/);
      assert.equal((await readFile(await archive.path())).subarray(0, 2).toString(), "PK");
      const remove = page.getByRole("button", { name: "Delete account" });
      await page.getByLabel("is removed, with its files").check();
      await page.getByLabel("Your name, to confirm").fill("somebody");
      await page.getByLabel("Present password").fill(person.password);
      await remove.click();
      await page.getByText("Type your name as it stands").waitFor();
      assert.equal(await page.getByLabel("is removed, with its files").isChecked(), true);
      await page.getByLabel("Your name, to confirm").fill(person.name);
      await page.getByLabel("Present password").fill(person.password);
      await remove.click();
      await page.getByText("Your account is deleted.").waitFor();
      await message(other, `a word of ${name}`).waitFor({ state: "detached" });
      await other.getByText("This message was deleted.").first().waitFor();
      for (const how of ["as it happens", "as the page is opened"]) {
        const gone = other.locator(".message.deleted .message-name").last();
        await becomes(() => gone.textContent(), "deleted account", how);
        await becomes(() => gone.getAttribute("href"), null, how);
        await other.reload();
      }
      await page.getByLabel("Name or e-mail").fill(person.name);
      await page.getByLabel("Password").fill(person.password);
      await page.getByRole("button", { name: "Log in", exact: true }).click();
      await page.getByText("do not belong together").waitFor();
    });
  }
}
