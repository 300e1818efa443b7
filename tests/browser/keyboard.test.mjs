// The whole flow by keyboard: everything is reached by Tab, shows where it is, and works by Enter and Space.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { becomes, eventually, message, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const MOST_STOPS = 60;

/** Whether the element with the focus shows it: an outline, its own or that of what holds it. */
function showsFocus(page) {
  return page.evaluate(() => {
    const visible = (element) => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(element);
      return (outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2) || boxShadow !== "none";
    };
    let element = document.activeElement;
    for (let level = 0; element && level < 4; level += 1) {
      if (visible(element)) return true;
      element = element.parentElement;
    }
    return false;
  });
}

/** Presses Tab until `target` has the focus; every stop on the way must show where it is. */
async function tabTo(page, target, key = "Tab") {
  for (let stop = 0; stop < MOST_STOPS; stop += 1) {
    await page.keyboard.press(key);
    const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 120));
    if (where?.startsWith("<body")) continue;
    assert.ok(await showsFocus(page), `the focus shows on ${where}`);
    if (await target.evaluate((element) => element === document.activeElement)) return;
  }
  throw new Error(`not reached by ${key}`);
}

test("register, create a room, talk, change the name and log out without a mouse", async (t) => {
  const page = await stage.page(t);
  await page.goto("/login");
  await tabTo(page, page.getByRole("link", { name: "Skip to the content" }));
  await tabTo(page, page.getByRole("link", { name: "Make an account" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/register");
  await tabTo(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("kim");
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type("kim@example.org");
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type("quiet armchairs 7");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/room/lobby");

  const composer = page.getByRole("textbox", { name: /^Message to/ });
  await eventually(
    () => composer.evaluate((field) => field === document.activeElement),
    "the composer has the focus",
  );
  await page.keyboard.type("first line");
  await page.keyboard.press("Shift+Enter");
  await page.keyboard.type("second line");
  await page.keyboard.press("Enter");
  const said = page.locator(".message:not(.pending) .message-text");
  await said.waitFor();
  await becomes(() => said.innerText(), "first line\nsecond line");
  await eventually(
    () => composer.evaluate((field) => field === document.activeElement),
    "the focus stays in the composer",
  );

  await tabTo(page, page.getByRole("link", { name: "Find or create a room" }), "Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/#content$/);
  await tabTo(page, page.getByLabel("Name", { exact: true }));
  await page.keyboard.type("By keyboard");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "By keyboard" }).waitFor();
  await eventually(
    () => composer.evaluate((field) => field === document.activeElement),
    "the composer has the focus",
  );
  await page.keyboard.type("typed with care");
  await tabTo(page, page.getByRole("button", { name: "Send" }));
  await page.keyboard.press("Space");
  await message(page, "typed with care").waitFor();

  const menu = page.locator(".menu summary");
  await tabTo(page, menu, "Shift+Tab");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Profile" }));
  await page.keyboard.press("Escape");
  await eventually(() => menu.evaluate((element) => element === document.activeElement), "Escape leads back");
  await page.keyboard.press("Enter");
  await tabTo(page, page.getByRole("link", { name: "Profile" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/profile");
  await tabTo(page, page.getByLabel("Your name"));
  await page.keyboard.press("ControlOrMeta+A");
  await page.keyboard.type("kim.b");
  await page.keyboard.press("Enter");
  await page.getByText("Your name is saved.").waitFor();
  await tabTo(page, page.getByRole("button", { name: "Log out" }));
  await page.keyboard.press("Enter");
  await page.waitForURL("**/login");
});
