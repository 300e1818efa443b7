// By keyboard to wherever: the quick switcher, the list of shortcuts, the rooms above and below; and the sound.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, eventually, message, SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const heading = (page, name) => page.getByRole("heading", { level: 1, name });

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    describe(`${colorScheme}, at ${width} px`, () => {
      test("some letters and Enter lead to another room, arrow keys to the one after it", async (t) => {
        const anna = await stage.server.person("anna");
        const garden = await anna.room("Garden");
        for (const name of ["Film night", "Fête du quartier"]) await anna.room(name);
        const page = await stage.page(t, { viewport, colorScheme, person: anna });
        await page.goto(`/room/${garden}`);
        await page.keyboard.press("ControlOrMeta+K");
        const field = page.getByRole("combobox", { name: "Name of a room or a person" });
        await field.waitFor();
        await findsNothing(page, "the quick switcher");
        await page.keyboard.type("fete");
        await page.keyboard.press("Enter");
        // Once the page is loaded its script listens to keys.
        await page.waitForURL((url) => !url.pathname.endsWith(garden));
        await heading(page, "Fête du quartier").waitFor();
        await page.keyboard.press("ControlOrMeta+K");
        await page.keyboard.type("f");
        const chosen = (name) => page.getByRole("option", { name, selected: true }).waitFor();
        await page.getByRole("option").nth(1).waitFor();
        const [first, second] = await page.getByRole("option").locator(".choice-name").allTextContents();
        await chosen(first);
        await page.keyboard.press("ArrowDown");
        await chosen(second);
        await page.keyboard.press("ArrowUp");
        await chosen(first);
        await page.keyboard.type("zzz");
        await page.getByText("No room and nobody you know is called that.").waitFor();
        await page.keyboard.press("Escape");
        await field.waitFor({ state: "hidden" });
      });

      test("a question mark lists the shortcuts, but not while somebody writes", async (t) => {
        const anna = await stage.server.person("anna");
        const page = await stage.page(t, { viewport, colorScheme, person: anna });
        await page.goto(`/room/${await anna.room()}`);
        const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
        const composer = page.getByRole("textbox", { name: /^Message to/ });
        await composer.press("?");
        await becomes(() => composer.inputValue(), "?");
        await becomes(() => list.isVisible(), false);
        await page.locator("message-list").focus();
        await page.keyboard.press("?");
        await list.waitFor();
        await findsNothing(page, "the list of shortcuts");
        await page.keyboard.press("Escape");
        await list.waitFor({ state: "hidden" });
      });
    });
  }
}

test("what the arrow keys chose stays chosen when the newest rooms come late", async (t) => {
  const anna = await stage.server.person("anna");
  const garden = await anna.room("Garden");
  for (const [name, topic] of [
    ["Film night", "Popcorn"],
    ["Fishing", "Worms"],
  ]) {
    assert.equal((await anna.api("POST", "/rooms", { name, topic })).status, 201);
  }
  const page = await stage.page(t, { person: anna, serviceWorkers: "block", complaints: false });
  // Over polling alone, each answer of the server can be held back.
  await page.routeWebSocket(/socket\.io/, (line) => line.close());
  let release;
  const released = new Promise((resolve) => {
    release = resolve;
  });
  await page.route("**/socket.io/**", async (route) => {
    const response = await route.fetch();
    if ((await response.text()).includes('{"ok":true,"rooms":')) await released;
    await route.fulfill({ response });
  });
  await page.goto(`/room/${garden}`);
  await page.keyboard.press("ControlOrMeta+K");
  await page.keyboard.type("fi");
  const options = page.getByRole("option");
  await options.nth(1).waitFor();
  const [, second] = await options.locator(".choice-name").allTextContents();
  await page.keyboard.press("ArrowDown");
  const chosen = page.getByRole("option", { name: second, selected: true });
  await chosen.waitFor();
  await becomes(() => options.getByText("Popcorn").count(), 0);
  release();
  await options.getByText("Popcorn").waitFor();
  await chosen.waitFor();
  await becomes(
    () =>
      options
        .locator(".choice-name")
        .allTextContents()
        .then(([, name]) => name),
    second,
  );
  // What is still being asked for ends with the page.
  await page.unrouteAll({ behavior: "ignoreErrors" });
});

test("Alt with an arrow opens the room above or below, and with Shift only where something is unread", async (t) => {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  const rooms = [];
  for (const name of ["One", "Two", "Three"]) rooms.push(await anna.room(name));
  const page = await stage.page(t, { person: anna });
  await page.goto("/");
  const listed = await page
    .locator("a.room-row")
    .evaluateAll((rows) => rows.map(({ dataset }) => dataset.room));
  const last = listed.at(-1);
  await page.keyboard.press("Alt+ArrowDown");
  await page.waitForURL(`**/room/${listed[0]}`);
  await page.keyboard.press("Alt+ArrowDown");
  await page.waitForURL(`**/room/${listed[1]}`);
  await page.keyboard.press("Alt+ArrowUp");
  await page.waitForURL(`**/room/${listed[0]}`);
  await ben.api("POST", `/rooms/${last}/join`);
  await ben.api("POST", `/rooms/${last}/messages`, { data: "over here" });
  await page.locator(`.room-row[data-room="${last}"][data-unread="1"]`).waitFor();
  await page.keyboard.press("Alt+Shift+ArrowDown");
  await page.waitForURL(`**/room/${last}`);
  await message(page, "over here").waitFor();
});

test("the sound is off until it is asked for, in this browser", async (t) => {
  const anna = await stage.server.person("anna");
  const page = await stage.page(t, { person: anna });
  await page.addInitScript(() => {
    globalThis.notes = 0;
    const { start } = OscillatorNode.prototype;
    OscillatorNode.prototype.start = function (at) {
      globalThis.notes += 1;
      start.call(this, at);
    };
  });
  await page.goto("/profile");
  const box = page.getByLabel("Play a soft sound when somebody mentions me");
  await becomes(() => box.isChecked(), false);
  await box.check();
  await eventually(() => page.evaluate(() => globalThis.notes === 2), "it is heard when it is turned on");
  await page.reload();
  await becomes(() => box.isChecked(), true);
  await box.uncheck();
  await page.reload();
  await becomes(() => box.isChecked(), false);
});
