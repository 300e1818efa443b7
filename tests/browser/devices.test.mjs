// Where somebody is logged in: the page shows it, and one button there ends it elsewhere.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    test(`another device is logged out, ${colorScheme}, at ${width} px`, async (t) => {
      const person = await stage.server.person(`anna${width}${colorScheme}`);
      const here = await stage.page(t, { viewport, colorScheme, person });
      const there = await stage.page(t, { javaScriptEnabled: false });
      await there.goto("/login");
      await there.getByLabel("Name or e-mail").fill(person.name);
      await there.getByLabel("Password").fill(person.password);
      await there.getByRole("button", { name: "Log in", exact: true }).click();
      await there.waitForURL((url) => url.pathname === "/");

      await here.goto("/profile");
      await here.getByRole("link", { name: "Your devices" }).click();
      await here.getByText("This one").waitFor();
      await here.locator(".plain-name", { hasText: "Chrome on Linux" }).first().waitFor();
      await findsNothing(here, "the devices");
      await here
        .getByRole("button", { name: /^Log out Chrome on Linux/ })
        .first()
        .click();
      await here.getByRole("button", { name: "Log out all others" }).waitFor({ state: "hidden" });
      assert.equal(await here.locator(".device-list li").count(), 1);
      await there.goto("/profile");
      await there.waitForURL((url) => url.pathname === "/login");
    });
  }
}
