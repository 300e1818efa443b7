// Socket.IO's own `examples/chat`, its files as they are, in Chromium: for who is logged in, for a guest, and across a
// restart. jQuery comes from npm in the place of its CDN. The files are where `make conformance` takes its suites from.
import assert from "node:assert/strict";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { chatExample, given, Problem } from "../conformance/suites.mjs";
import { Stage } from "./support/browser.mjs";
import { serve } from "./support/foreign.mjs";

const WORK = resolve(process.env.CARGO_TARGET_DIR ?? "target", "conformance");
const JQUERY = new URL("../../node_modules/jquery/dist/jquery.min.js", import.meta.url);

let folder;
let skip = false;
try {
  folder = chatExample(given(process.env.SUITES), WORK);
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  skip = error.message;
}

let stage;
before(async () => {
  stage = await Stage.open({ guests: true });
  await stage.server.person("owner");
});
after(() => stage?.close());

/** The example's page, with its question for a name answered. */
async function enter(t, name, person) {
  const context = await stage.context(t, { person });
  const files = {
    "/chat/": join(folder, "index.html"),
    "/chat/style.css": join(folder, "style.css"),
    "/main.js": join(folder, "main.js"),
    "https://code.jquery.com/jquery-1.10.2.min.js": JQUERY,
  };
  await serve(context, files, stage.server.url);
  const page = await context.newPage();
  await page.goto("/chat/");
  await page.locator(".usernameInput").fill(name);
  await page.keyboard.press("Enter");
  await page.getByText("Welcome to Socket.IO Chat").waitFor();
  return page;
}

const log = (page, text) => page.locator(".log", { hasText: text }).last().waitFor();

async function say(page, text) {
  await page.locator(".inputMessage").fill(text);
  await page.keyboard.press("Enter");
}

/** The message with this text; answers with its author's name. */
async function heard(page, text) {
  const message = page.locator(".message", { has: page.locator(".messageBody", { hasText: text }) });
  return message.locator(".username").textContent();
}

test("the chat example runs unmodified, for an account and for a guest", { skip }, async (t) => {
  const anna = await stage.server.person("anna");
  const hers = await enter(t, "a nickname", anna);
  await log(hers, "there's 1 participant");
  const guests = await enter(t, "visitor");
  await log(guests, "there are 2 participants");
  await log(hers, /^guest-\w{6} joined$/);
  await guests.locator(".inputMessage").pressSequentially("hel");
  await hers.locator(".typing.message", { hasText: /^guest-\w{6}is typing$/ }).waitFor();
  await say(guests, "hello");
  assert.match(await heard(hers, "hello"), /^guest-\w{6}$/);
  await say(hers, "good evening");
  assert.equal(await heard(guests, "good evening"), anna.name);
  await stage.server.stop();
  for (const page of [hers, guests]) await log(page, "you have been disconnected");
  await stage.server.begin();
  for (const page of [hers, guests]) await log(page, "you have been reconnected");
  await log(guests, "there are 2 participants");
  await log(hers, "there are 2 participants");
  await say(hers, "back again");
  assert.equal(await heard(guests, "back again"), anna.name);
  await guests.close();
  await log(hers, /^guest-\w{6} left$/);
});
