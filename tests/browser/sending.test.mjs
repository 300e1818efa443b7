// What becomes of what I write: drafts, a connection that is gone for a while, a server that restarts or refuses.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { becomes, eventually, message, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const field = (page) => page.getByRole("textbox", { name: /^Message to/ });
const textsOf = (page) => page.locator(".message-text").allTextContents();

/** Two people who look at one room. */
async function pair(t, on = stage, options = {}) {
  const [anna, ben] = [await on.server.person("anna"), await on.server.person("ben")];
  const code = await anna.room("Tea room");
  const pages = [];
  for (const person of [anna, ben]) {
    const page = await on.page(t, { person, complaints: false, ...options });
    await page.goto(`/room/${code}`);
    pages.push(page);
  }
  const [hers, his] = pages;
  await say(his, "ready");
  await message(hers, "ready").waitFor();
  await say(hers, "ready too");
  await message(his, "ready too").waitFor();
  return { anna, ben, code, hers, his };
}

describe("sending", () => {
  test("a draft survives a reload, per room, and is gone once it is sent", async (t) => {
    const anna = await stage.server.person("anna");
    const [one, two] = [await anna.room("One"), await anna.room("Two")];
    const page = await stage.page(t, { person: anna });
    await page.goto(`/room/${one}`);
    await field(page).fill("half a thought");
    await page.reload();
    await becomes(() => field(page).inputValue(), "half a thought");
    await page.goto(`/room/${two}`);
    await becomes(() => field(page).inputValue(), "");
    await page.goto(`/room/${one}`);
    await field(page).press("Enter");
    await message(page, "half a thought").waitFor();
    await page.reload();
    await becomes(() => field(page).inputValue(), "");
    await becomes(() => textsOf(page), ["half a thought"]);
  });

  test("what is sent without a connection is shown at once and arrives once when it is back", async (t) => {
    const { anna, code, hers, his } = await pair(t);
    await hers.context().setOffline(true);
    await say(hers, "into the void");
    await hers.locator(".message.pending").waitFor();
    await say(his, "she does not see this yet");
    await hers.context().setOffline(false);
    await message(his, "into the void").waitFor();
    await message(hers, "she does not see this yet").waitFor();
    await eventually(
      async () => (await hers.locator(".message.pending").count()) === 0,
      "nothing is on its way",
    );
    await say(hers, "and on");
    await message(his, "and on").waitFor();
    const { messages } = (await anna.api("GET", `/rooms/${code}/messages`)).json;
    const texts = messages.map(({ text }) => text);
    assert.equal(texts.filter((text) => text === "into the void").length, 1);
    for (const page of [hers, his]) await becomes(() => textsOf(page), texts);
  });

  test("what is on its way outlives a reload", async (t) => {
    // The worker would send it before the page is back.
    const { hers, his } = await pair(t, stage, { serviceWorkers: "block" });
    await hers.route("**/socket.io/**", (route) => route.abort());
    await hers.context().setOffline(true);
    await say(hers, "kept in the browser");
    await hers.locator(".message.pending").waitFor();
    await hers.context().setOffline(false);
    await hers.reload();
    await hers.locator(".message.pending").getByText("kept in the browser").waitFor();
    await hers.unroute("**/socket.io/**");
    await message(his, "kept in the browser").waitFor();
    await say(his, "got it");
    await message(hers, "got it").waitFor();
    for (const page of [hers, his]) await becomes(() => message(page, "kept in the browser").count(), 1);
  });

  test("the server restarts: the line says so calmly, and everything goes on by itself", async (t) => {
    const other = await Stage.open();
    t.after(() => other.close());
    await other.server.person("owner");
    const { hers, his, anna, code } = await pair(t, other);
    assert.equal(await other.server.stop(), 0);
    await say(hers, "while it is away");
    await hers.locator("connection-line").getByText("Reconnecting").waitFor();
    await other.server.begin();
    await message(his, "while it is away").waitFor();
    await hers.locator("connection-line").waitFor({ state: "hidden" });
    await say(his, "welcome back");
    await message(hers, "welcome back").waitFor();
    const texts = ["ready", "ready too", "while it is away", "welcome back"];
    for (const page of [hers, his]) await becomes(() => textsOf(page), texts);
    const { messages } = (await anna.api("GET", `/rooms/${code}/messages`)).json;
    assert.deepEqual(
      messages.map(({ text }) => text),
      texts,
    );
  });

  test("what the server refuses is marked where it stands, and can be sent again or given up", async (t) => {
    const strict = await Stage.open({ "message-rate": 1, "message-burst": 2 });
    t.after(() => strict.close());
    const anna = await strict.server.person("anna");
    const page = await strict.page(t, { person: anna });
    await page.goto("/room/lobby");
    const words = ["one", "two", "three", "four", "five"];
    for (const word of words) {
      await field(page).fill(word);
      await field(page).press("Enter");
    }
    const failed = page.locator(".message.failed");
    await failed.first().waitFor();
    await failed.first().getByText("Not sent.").waitFor();
    const given = await failed.first().locator(".message-text").textContent();
    await failed.first().getByRole("button", { name: "Delete" }).click();
    await eventually(async () => (await message(page, given).count()) === 0, "one is given up");
    await eventually(async () => {
      if ((await failed.count()) === 0) return (await page.locator(".message.pending").count()) === 0;
      await failed
        .first()
        .getByRole("button", { name: "Retry" })
        .click({ timeout: 1000 })
        .catch(() => undefined);
      return false;
    }, "all others are sent");
    const { messages } = (await anna.api("GET", "/rooms/lobby/messages")).json;
    const kept = words.filter((word) => word !== given);
    assert.deepEqual(messages.map(({ text }) => text).sort(), [...kept].sort());
    await page.reload();
    await becomes(() => page.locator(".message").count(), kept.length);
  });

  test("a text that is too long is not sent but told, and stays in the field", async (t) => {
    const anna = await stage.server.person("anna");
    const page = await stage.page(t, { person: anna });
    await page.goto(`/room/${await anna.room()}`);
    await field(page).fill("first");
    await field(page).press("Enter");
    // The page knows the limit once it is connected, which an acknowledged message shows.
    await page.locator(".message:not(.pending)").getByText("first").waitFor();
    await field(page).fill("x".repeat(4001));
    await field(page).press("Enter");
    await page.locator("#data-error").getByText("4,001").waitFor();
    await becomes(async () => (await field(page).inputValue()).length, 4001);
    await field(page).fill("shorter");
    await field(page).press("Enter");
    await message(page, "shorter").waitFor();
  });

  test("logged out elsewhere: the page says so and keeps what is written", async (t) => {
    const anna = await stage.server.person("anna");
    const page = await stage.page(t, { person: anna, complaints: false });
    await page.goto(`/room/${await anna.room()}`);
    await say(page, "here");
    await page.locator(".message:not(.pending)").getByText("here").waitFor();
    await field(page).fill("half a thought");
    await anna.forms.submit("/profile", "/logout");
    const line = page.locator("connection-line");
    await line.getByRole("link", { name: "Log in again" }).click();
    await page.getByLabel("Name or e-mail").fill(anna.name);
    await page.getByLabel("Password").fill(anna.password);
    await page.getByRole("button", { name: "Log in", exact: true }).click();
    await page.waitForURL(/\/room\//);
    await becomes(() => field(page).inputValue(), "half a thought");
  });

  test("who writes shows, and goes when the message comes", async (t) => {
    const { anna, hers, his } = await pair(t);
    await field(hers).pressSequentially("thinking");
    const line = his.locator("typing-line");
    await line.getByText(`${anna.name} is typing`).waitFor();
    await field(hers).press("Enter");
    await message(his, "thinking").waitFor();
    await eventually(async () => (await line.textContent()) === "", "the line is empty");
  });
});
