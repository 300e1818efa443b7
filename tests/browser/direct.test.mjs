// Conversations of two and of three: opened by form, by the switcher and from a card; read marks, presence, and what is
// marked as unread.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";
import { choose, codeOf, row, sent } from "./support/rooms.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const people = async (...names) => Promise.all(names.map((name) => stage.server.person(name)));

async function talk(page, names) {
  await page.goto("/");
  await page.getByLabel("With whom").fill(names);
  await page.getByRole("button", { name: "Start conversation" }).click();
  await page.waitForURL(/\/room\//);
  return codeOf(page);
}

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("two talk: the other hears of it at once, and I see that it is read", async (t) => {
      const [anna, ben] = await people("anna", "ben");
      const open = (person) => stage.page(t, { viewport, person });
      const [hers, his] = [await open(anna), await open(ben)];
      await his.goto("/");
      const code = await talk(hers, ben.name);
      await hers.getByRole("heading", { level: 1, name: ben.name }).waitFor();
      await row(his, code).getByText(anna.name, { exact: true }).waitFor();
      await say(hers, "Are you there?");
      await becomes(() => row(his, code).getAttribute("data-unread"), "1");
      await becomes(() => hers.locator("seen-line").textContent(), "");
      await row(his, code).click();
      await message(his, "Are you there?").waitFor();
      await hers.locator("seen-line").getByText("Seen", { exact: true }).waitFor();
      await findsNothing(hers, "a conversation that is read");
      await hers.reload();
      await hers.locator("seen-line").getByText("Seen", { exact: true }).waitFor();
      await say(his, "I am");
      await sent(hers, "I am").waitFor();
      await becomes(() => hers.locator("seen-line").textContent(), "");
    });

    test("three talk: who has read is named, until everybody has", async (t) => {
      const [anna, ben, carl] = await people("anna", "ben", "carl");
      const open = (person) => stage.page(t, { viewport, person });
      const [hers, his, carls] = [await open(anna), await open(ben), await open(carl)];
      const code = await talk(hers, `${ben.name}, ${carl.name}`);
      await say(hers, "Saturday?");
      await sent(hers, "Saturday?").waitFor();
      await his.goto(`/room/${code}`);
      await hers.locator("seen-line").getByText(`Seen by ${ben.name}`).waitFor();
      await carls.goto(`/room/${code}`);
      await hers.locator("seen-line").getByText("Seen by everybody").waitFor();
      await carls.getByRole("heading", { level: 1, name: new RegExp(anna.name) }).waitFor();
    });

    test("the switcher opens a conversation with somebody, also one whom the page does not show", async (t) => {
      const [anna, ben] = await people("anna", "ben");
      const code = await anna.room("Common room");
      await ben.api("POST", `/rooms/${code}/join`);
      const page = await stage.page(t, { viewport, person: anna });
      await page.goto("/");
      await page.keyboard.press("ControlOrMeta+K");
      await page.keyboard.type(ben.name);
      await page.getByRole("option", { name: ben.name, selected: true }).waitFor();
      await findsNothing(page, "a person in the switcher");
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { level: 1, name: ben.name }).waitFor();
      await page.goto(`/u/${ben.name}`);
      await findsNothing(page, "somebody's card");
      await page.getByRole("button", { name: "Message" }).click();
      await page.getByRole("heading", { level: 1, name: ben.name }).waitFor();
    });

    test("who is away shows as away, and comes back with the first sign", async (t) => {
      const [anna, ben] = await people("anna", "ben");
      const code = await anna.room("Common room");
      await ben.api("POST", `/rooms/${code}/join`);
      const open = (person) => stage.page(t, { viewport, person });
      const [hers, his] = [await open(anna), await open(ben)];
      await hers.goto(`/room/${code}/members`);
      await his.goto(`/room/${code}`);
      const dot = hers.locator(".member").filter({ hasText: ben.name });
      await becomes(() => dot.getAttribute("data-status"), "online");
      const seen = (state) =>
        his.evaluate((state) => {
          Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
          document.dispatchEvent(new Event("visibilitychange"));
        }, state);
      await seen("hidden");
      await becomes(() => dot.getAttribute("data-status"), "away");
      await findsNothing(hers, "somebody who is away");
      await seen("visible");
      await becomes(() => dot.getAttribute("data-status"), "online");
    });

    test("a message marked as unread counts on every device, with the line above it", async (t) => {
      const [anna, ben] = await people("anna", "ben");
      const code = await anna.room("Notices");
      await ben.api("POST", `/rooms/${code}/join`);
      const open = () => stage.page(t, { viewport, person: ben });
      const [page, other] = [await open(), await open()];
      for (const data of ["one", "two", "three"]) await anna.api("POST", `/rooms/${code}/messages`, { data });
      await other.goto("/");
      await becomes(() => row(other, code).getAttribute("data-unread"), "3");
      await page.goto(`/room/${code}`);
      await becomes(() => row(other, code).getAttribute("data-unread"), "0");
      await choose(page, "two", "Mark unread");
      await becomes(() => row(other, code).getAttribute("data-unread"), "2");
      await becomes(
        () => page.locator(".divider.new ~ .message .message-text").allTextContents(),
        ["two", "three"],
      );
      await say(page, "I have seen it");
      await becomes(() => row(other, code).getAttribute("data-unread"), "0");
    });
  });
}

test("with scripts off: a conversation, who has read it, and marked as unread", async (t) => {
  const [anna, ben] = await people("anna", "ben");
  const open = (person) => stage.page(t, { person, javaScriptEnabled: false, viewport: SIZES[390] });
  const [hers, his] = [await open(anna), await open(ben)];
  const code = await talk(hers, ben.name);
  await say(hers, "By letter");
  await his.goto(`/room/${code}`);
  await message(his, "By letter").waitFor();
  await hers.goto(`/room/${code}`);
  await hers.locator("seen-line").getByText("Seen", { exact: true }).waitFor();
  const letter = message(his, "By letter");
  const menu = async () => {
    await letter.hover();
    await letter.getByLabel("What to do with this message").click();
    await fitsTheWidth(his, "a menu");
  };
  await menu();
  await letter.getByRole("button", { name: "👍" }).click();
  await letter.locator(".reactions").getByText("👍").waitFor();
  assert.equal(await letter.locator("details[open]").count(), 0);
  await menu();
  await letter.getByRole("button", { name: "Mark unread" }).click();
  await his.waitForURL((url) => url.pathname === "/");
  await becomes(() => row(his, code).getAttribute("data-unread"), "1");
  await fitsTheWidth(his, "the rooms");
});
