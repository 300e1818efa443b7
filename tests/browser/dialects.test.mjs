// Pages that speak as other chat servers' do, in Chromium: for who is logged in, for guests, and across a restart.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Stage } from "./support/browser.mjs";
import { serve } from "./support/foreign.mjs";

const FILES = {
  "/get-started": new URL("pages/get-started.html", import.meta.url),
  "/chat": new URL("pages/chat.html", import.meta.url),
};

let stage;
let owner;
before(async () => {
  stage = await Stage.open({ guests: true });
  owner = await stage.server.person("owner");
});
after(() => stage?.close());

/** A page for this person, or for a guest. */
async function open(t, path, person) {
  const context = await stage.context(t, { person });
  await serve(context, FILES, stage.server.url);
  const page = await context.newPage();
  await page.goto(path);
  return page;
}

const say = async (page, text) => {
  await page.getByLabel("Text").fill(text);
  await page.getByRole("button", { name: "Say" }).click();
};
const heard = (page, text) => page.locator("li", { hasText: text }).first().waitFor();

test("the get started chat goes on across a restart: all that was said, once and in order", async (t) => {
  const anna = await stage.server.person("anna");
  const [hers, guests] = [await open(t, "/get-started", anna), await open(t, "/get-started")];
  await say(hers, "from an account");
  await heard(guests, "from an account");
  await say(guests, "from a guest");
  await heard(hers, "from a guest");
  await stage.server.stop();
  await hers.getByText("gone").waitFor();
  await stage.server.begin();
  await owner.api("POST", "/rooms/lobby/messages", { data: "said meanwhile" });
  for (const page of [hers, guests]) {
    await heard(page, "said meanwhile");
    const lines = await page.locator("li").allTextContents();
    assert.deepEqual(lines, ["from an account", "from a guest", "said meanwhile"]);
  }
});

test("examples/chat: who comes, types, says something and goes", async (t) => {
  const ben = await stage.server.person("ben");
  const his = await open(t, "/chat", ben);
  await his.getByRole("button", { name: "Enter" }).click();
  await heard(his, "in, with 1");
  const guests = await open(t, "/chat");
  await guests.getByLabel("Name").fill("a name that does not count");
  await guests.getByRole("button", { name: "Enter" }).click();
  await heard(guests, "in, with 2");
  await his.locator("li", { hasText: /^guest-\w{6} came, 2$/ }).waitFor();
  await say(guests, "good evening");
  await his.locator("li", { hasText: /^guest-\w{6} types$/ }).waitFor();
  await his.locator("li", { hasText: /^guest-\w{6}: good evening$/ }).waitFor();
  await his.locator("li", { hasText: /^guest-\w{6} stopped$/ }).waitFor();
  await say(his, "and to you");
  await heard(guests, `${ben.name}: and to you`);
  await guests.close();
  await his.locator("li", { hasText: /^guest-\w{6} went, 1$/ }).waitFor();
});
