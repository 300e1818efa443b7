// Somebody looks for what was said, at a desk and on a phone, and comes to where it stands.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { Person } from "../clients/support/person.mjs";
import { findsNothing } from "./support/axe.mjs";
import { becomes, SIZES, Stage } from "./support/browser.mjs";

let stage;
let anna;
before(async () => {
  stage = await Stage.open();
  anna = await Person.register(stage.server, "anna");
  const texts = ["The plum cake is mine", "Tea at four?", "A second cake, with <b>lemon</b>"];
  for (const data of texts) {
    const { status } = await anna.api("POST", "/rooms/lobby/messages", { data });
    assert.equal(status, 201);
  }
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("what was said is found, with its words marked, and leads to its place", async (t) => {
      const page = await stage.page(t, { viewport, person: anna });
      await page.goto("/");
      const field = page.getByRole("searchbox", { name: "Search messages" });
      await field.fill("cak");
      await field.press("Enter");
      await page.waitForURL("**/search?q=cak");
      const hits = page.locator(".hit");
      await becomes(() => hits.count(), 2);
      await hits.first().getByText("A second cake, with <b>lemon</b>").waitFor();
      await becomes(() => page.locator(".hit mark").allTextContents(), ["cake", "cake"]);
      await findsNothing(page, "/search?q=cak");
      await hits.last().click();
      await page.waitForURL(/\/room\/lobby\/m\/\d+#m\d+$/);
      await page.locator(".message:target").getByText("The plum cake is mine").waitFor();
    });
  });
}
