// What is done with messages, with two people looking on: reply, react, edit, delete, pin, save, threads, all in place, by
// mouse and by keyboard, on a desk and on a phone.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, eventually, message, SIZES, Stage, say } from "./support/browser.mjs";
import { choose, menu, sent } from "./support/rooms.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const field = (page) => page.getByRole("textbox", { name: /^Message to/ });

/** Anna's room with Ben in it, and a page for each. */
async function pair(t, viewport) {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  const code = await anna.room("Garden");
  assert.equal((await ben.api("POST", `/rooms/${code}/join`)).status, 200);
  const open = async (person) => {
    const page = await stage.page(t, { viewport, person });
    await page.goto(`/room/${code}`);
    return page;
  };
  return { anna, ben, code, hers: await open(anna), his: await open(ben) };
}

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a reply quotes its source, leads to it, and counts in the thread", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(hers, "Who waters the beans?");
      await sent(his, "Who waters the beans?").waitFor();
      await choose(his, "Who waters the beans?", "Reply");
      const chip = his.locator(".composer-reply");
      await chip.getByText("Who waters the beans?").waitFor();
      await findsNothing(his, "a reply being written");
      await say(his, "I do, on Tuesday");
      await chip.waitFor({ state: "detached" });
      const quote = sent(hers, "I do, on Tuesday").locator("a.quote");
      await quote.getByText("Who waters the beans?").waitFor();
      await quote.click();
      await eventually(
        () => sent(hers, "Who waters the beans?").evaluate((article) => article === document.activeElement),
        "the quote leads to its source",
      );
      await sent(hers, "Who waters the beans?").getByText("1 reply").waitFor();
    });

    test("a reaction is counted, mine is marked, and a click takes it back", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(hers, "Cake at four");
      await (await menu(his, "Cake at four")).getByText("🎉").click();
      const hersOf = sent(hers, "Cake at four").locator(".reaction");
      await hersOf.getByText("🎉").waitFor();
      await becomes(() => hersOf.getAttribute("aria-pressed"), "false");
      await hersOf.click();
      const hisOf = sent(his, "Cake at four").locator(".reaction");
      await eventually(async () => (await hisOf.locator(".reaction-count").textContent()) === "2", "two");
      await becomes(() => hisOf.getAttribute("aria-pressed"), "true");
      await findsNothing(his, "a message with reactions");
      await hisOf.click();
      await hersOf.click();
      await eventually(async () => (await hisOf.count()) === 0, "none is left");
      await sent(his, "Cake at four").hover();
      await sent(his, "Cake at four").getByRole("button", { name: "React", exact: true }).click();
      const picker = his.getByRole("dialog", { name: "Choose an emoji" });
      await picker.getByRole("option").first().waitFor();
      await picker.getByRole("combobox").fill("rocket");
      await picker.getByRole("option", { name: "rocket", exact: true }).waitFor();
      await findsNothing(his, "the emoji picker");
      await picker.getByRole("combobox").press("Enter");
      await hersOf.getByText("🚀").waitFor();
    });

    test("the arrow up changes my last message in place, Escape leaves it as it was", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(hers, "Carrots on Monday");
      await sent(his, "Carrots on Monday").waitFor();
      await sent(hers, "Carrots on Monday").waitFor();
      await field(hers).press("ArrowUp");
      await eventually(
        async () => (await field(hers).inputValue()) === "Carrots on Monday",
        "it is in the field",
      );
      await field(hers).press("Escape");
      await becomes(() => field(hers).inputValue(), "");
      await field(hers).press("ArrowUp");
      await eventually(async () => (await field(hers).inputValue()) !== "", "it is in the field");
      await say(hers, "Tomatoes on Monday");
      await sent(his, "Tomatoes on Monday").getByText("Edited").waitFor();
      await becomes(() => his.locator(".message").count(), 1);
      await becomes(() => field(hers).inputValue(), "");
    });

    test("deleting asks first, leaves a place, and only mine can be deleted", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(his, "Not for this room");
      await say(hers, "Stays");
      const sheet = await menu(his, "Stays");
      await sheet.getByText("Save for later").waitFor();
      await becomes(() => sheet.getByText("Delete", { exact: true }).count(), 0);
      await his.keyboard.press("Escape");
      await choose(his, "Not for this room", "Delete");
      const question = his.getByRole("dialog", { name: "Delete this message?" });
      await findsNothing(his, "the question");
      await question.getByRole("button", { name: "Keep it" }).click();
      await choose(his, "Not for this room", "Delete");
      await question.getByRole("button", { name: "Delete message" }).click();
      await message(hers, "This message was deleted.").waitFor();
      await becomes(() => message(hers, "Not for this room").count(), 0);
      await becomes(() => message(hers, "This message was deleted.").locator(".actions").count(), 0);
    });

    test("what is pinned is listed for everybody, what is saved for me alone", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(hers, "The key is under the pot");
      await sent(his, "The key is under the pot").waitFor();
      const sheet = await menu(his, "The key is under the pot");
      await sheet.getByText("Save for later").waitFor();
      await becomes(() => sheet.getByText("Pin", { exact: true }).count(), 0);
      await his.keyboard.press("Escape");
      await choose(hers, "The key is under the pot", "Pin");
      await sent(his, "The key is under the pot").getByText("Pinned").waitFor();
      await his.locator("pinned-list .pinned-row").getByText("under the pot").waitFor({ state: "attached" });
      await choose(his, "The key is under the pot", "Save for later");
      await his.getByText("Saved. You find it").waitFor();
      await his.goto("/saved");
      await message(his, "The key is under the pot").waitFor();
      await findsNothing(his, "the saved messages");
      await hers.goto("/saved");
      await becomes(() => message(hers, "The key is under the pot").count(), 0);
    });

    test("a thread opens beside the room, goes on there, and back closes it", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await say(hers, "Film night?");
      await sent(his, "Film night?").waitFor();
      await choose(his, "Film night?", "Open thread");
      const pane = his.getByRole("complementary", { name: "Thread" });
      await pane.getByText("Film night?").waitFor();
      await pane.getByRole("textbox").fill("The one with the train");
      await pane.getByRole("textbox").press("Enter");
      await pane.locator(".message").getByText("The one with the train").waitFor();
      await findsNothing(his, "the thread");
      const count = sent(hers, "Film night?").getByText("1 reply");
      await count.click();
      const other = hers.getByRole("complementary", { name: "Thread" });
      await other.locator(".message").getByText("The one with the train").waitFor();
      await other.getByRole("textbox").fill("Again?");
      await other.getByRole("textbox").press("Enter");
      await pane.locator(".message").getByText("Again?", { exact: true }).waitFor();
      await his.goBack();
      await pane.waitFor({ state: "hidden" });
      await becomes(() => sent(his, "Again?").count(), 1);
      await hers.keyboard.press("Escape");
      await other.waitFor({ state: "hidden" });
    });

    test("names and emoji are completed while I write", async (t) => {
      const { ben, hers } = await pair(t, viewport);
      await field(hers).pressSequentially(`@${ben.name.slice(0, 3)}`);
      await hers.getByRole("option", { name: new RegExp(ben.name) }).waitFor();
      await findsNothing(hers, "suggestions");
      await field(hers).press("Enter");
      await becomes(() => field(hers).inputValue(), `@${ben.name} `);
      await field(hers).pressSequentially("well done :rocket");
      await hers.getByRole("option", { name: ":rocket:" }).waitFor();
      await field(hers).press("Tab");
      await becomes(() => field(hers).inputValue(), `@${ben.name} well done 🚀 `);
    });
  });
}

test("by keyboard: arrow keys go from message to message, and Tab into what can be done with it", async (t) => {
  const { hers } = await pair(t);
  for (const text of ["one", "two"]) await say(hers, text);
  await sent(hers, "two").waitFor();
  const list = hers.locator("message-list");
  await list.focus();
  await hers.keyboard.press("ArrowUp");
  await hers.keyboard.press("ArrowUp");
  await eventually(
    () => sent(hers, "one").evaluate((article) => article === document.activeElement),
    "the first one has the focus",
  );
  const more = sent(hers, "one").getByLabel("What to do with this message");
  for (let stop = 0; stop < 5; stop += 1) {
    await hers.keyboard.press("Tab");
    if (await more.evaluate((element) => element === document.activeElement)) break;
  }
  await hers.keyboard.press("Enter");
  await findsNothing(hers, "an open menu");
  const pin = sent(hers, "one").getByText("Pin", { exact: true });
  for (let stop = 0; stop < 12; stop += 1) {
    await hers.keyboard.press("Tab");
    if (await pin.evaluate((element) => element === document.activeElement)) break;
  }
  await hers.keyboard.press("Enter");
  await sent(hers, "one").getByText("Pinned").waitFor();
  await list.focus();
  await hers.keyboard.press("ArrowUp");
  const other = sent(hers, "two").getByRole("button", { name: "What to do with this message" });
  await other.focus();
  await becomes(() => other.getAttribute("aria-expanded"), "false");
  await hers.keyboard.press("Space");
  await sent(hers, "two").getByText("Pin", { exact: true }).waitFor();
});

test("a long press opens the menu at the bottom of the screen", async (t) => {
  const anna = await stage.server.person("anna");
  const page = await stage.page(t, { viewport: SIZES[390], hasTouch: true, isMobile: true, person: anna });
  await page.goto(`/room/${await anna.room("Touch")}`);
  await say(page, "hold me");
  await sent(page, "hold me").waitFor();
  const { x, y } = await sent(page, "hold me").boundingBox();
  const session = await page.context().newCDPSession(page);
  await session.send("Input.dispatchTouchEvent", {
    type: "touchStart",
    touchPoints: [{ x: x + 120, y: y + 12 }],
  });
  const sheet = sent(page, "hold me").locator(".actions-sheet");
  await sheet.waitFor();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await sheet.getByText("👍").tap();
  await sent(page, "hold me").locator(".reaction").getByText("👍").waitFor();
});

test("a permalink opens the history around a message, and writing from there returns to the present", async (t) => {
  const anna = await stage.server.person("anna");
  const code = await anna.room("Long");
  const ids = [];
  for (let n = 1; n <= 130; n += 1) {
    const answer = await anna.api("POST", `/rooms/${code}/messages`, { data: `line ${n}` });
    ids.push(answer.json.message.id);
  }
  const page = await stage.page(t, { person: anna });
  await page.goto(`/room/${code}/m/${ids[9]}#m${ids[9]}`);
  await message(page, "line 10").waitFor();
  await becomes(() => message(page, "line 130").count(), 0);
  await eventually(
    () => message(page, "line 10").evaluate((article) => article.getBoundingClientRect().top >= 0),
    "it is in sight",
  );
  await say(page, "back here");
  await sent(page, "back here").waitFor();
  await message(page, "line 130").waitFor();
  // As "More" opened in a tab of its own: the menu is open, to the side where there is room.
  await page.goto(`/room/${code}/m/${ids[129]}?menu=open#m${ids[129]}`);
  await message(page, "line 130").locator("details.upwards[open]").waitFor();
  await message(page, "line 130").getByText("Pin", { exact: true }).click({ trial: true });
});
