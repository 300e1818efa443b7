// The story of a team with scripts on: register, open a room, talk live, show a face, come back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { png } from "../clients/support/png.mjs";
import { becomes, eventually, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

const PASSWORD = "quiet armchairs 7";

async function register(page, name) {
  await page.goto("/register");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: /^Create/ }).click();
  await page.waitForURL("**/room/lobby");
}

/** The picture beside a message, once it is loaded. */
async function photoBeside(page, text) {
  const photo = message(page, text).locator(".avatar img");
  await photo.waitFor();
  await eventually(
    () => photo.evaluate((image) => image.complete && image.naturalWidth > 0),
    "the photo is loaded",
  );
  return photo.getAttribute("src");
}

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a team registers, opens a room, talks live, shows a face and comes back", async (t) => {
      const anna = await stage.page(t, { viewport });
      const ben = await stage.page(t, { viewport });
      await register(anna, `anna${width}`);
      await anna.getByRole("heading", { level: 1, name: "lobby" }).waitFor();
      await anna.goto("/");
      await anna.getByLabel("Name", { exact: true }).fill("Tea & cake");
      await anna.getByLabel("Topic").fill("Who brings what");
      await anna.getByRole("button", { name: "Create room" }).click();
      await anna.waitForURL(/\/room\/(?!lobby)/);
      await anna.getByRole("heading", { level: 1, name: "Tea & cake" }).waitFor();
      const room = new URL(anna.url()).pathname;

      await register(ben, `ben${width}`);
      await ben.goto(room);
      await say(anna, "Is anybody there?");
      await message(ben, "Is anybody there?").waitFor();
      await say(ben, "I am. <b>Hello</b> https://example.org/tea");
      const link = anna.getByRole("link", { name: "https://example.org/tea", exact: true });
      await link.waitFor();
      await becomes(() => anna.locator(".message-text b").count(), 0);
      await becomes(() => message(anna, "Is anybody there?").count(), 1);
      await becomes(() => anna.locator(".message.pending").count(), 0);

      const profile = await anna.context().newPage();
      await profile.goto("/profile");
      const file = { name: "anna.png", mimeType: "image/png", buffer: png(80, 60, [210, 120, 60]) };
      await profile.getByLabel("A picture of you").setInputFiles(file);
      await profile.getByRole("button", { name: "Save photo" }).click();
      await profile.getByText("Your photo is saved.").waitFor();
      const shown = await photoBeside(ben, "Is anybody there?");
      assert.match(shown, /^\/uploads\//);
      assert.equal(await photoBeside(anna, "Is anybody there?"), shown);

      await ben.goto("/");
      await ben
        .getByRole("link", { name: /Tea & cake/ })
        .first()
        .click();
      await message(ben, "Is anybody there?").waitFor();
      await becomes(
        () => ben.locator(".message-text").allTextContents(),
        ["Is anybody there?", "I am. <b>Hello</b> https://example.org/tea"],
      );
      for (const page of [anna, ben, profile]) await fitsTheWidth(page, page.url());
    });

    test("a new name shows at once in every open page", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const page = await stage.page(t, { viewport, person: ben });
      const hers = await stage.page(t, { viewport, person: anna });
      const code = await anna.room("Names");
      for (const one of [page, hers]) await one.goto(`/room/${code}`);
      await say(hers, "before the change");
      await message(page, "before the change").waitFor();
      const renamed = await anna.api("PATCH", "/me", { name: `${anna.name}.b` });
      assert.equal(renamed.status, 200);
      for (const one of [page, hers]) {
        await message(one, "before the change")
          .getByRole("link", { name: `${anna.name}.b` })
          .waitFor();
      }
    });

    test("what waits in another room shows in the list, and reading clears it", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const code = await anna.room("Elsewhere");
      assert.equal((await ben.api("POST", `/rooms/${code}/join`)).status, 200);
      const page = await stage.page(t, { viewport, person: ben });
      await page.goto("/");
      const row = page.locator(`.room-row[data-room="${code}"]`);
      await row.waitFor();
      for (const data of ["one", "two"]) await anna.api("POST", `/rooms/${code}/messages`, { data });
      await eventually(async () => (await row.locator(".badge-count").textContent()) === "2", "two unread");
      await eventually(async () => /^\(2\) /.test(await page.title()), "the title says so");
      const icon = () => page.locator('link[rel="icon"]').getAttribute("href");
      assert.match(await icon(), /favicon-unread/, "a dot on the icon");
      await anna.api("POST", `/rooms/${code}/messages`, { data: `three, @${ben.name}` });
      await eventually(async () => /favicon-mention/.test(await icon()), "another one for a mention");
      await row.click();
      await message(page, "two").waitFor();
      await page.goto("/");
      await row.waitFor();
      await becomes(() => row.getAttribute("data-unread"), "0");
      assert.match(await icon(), /favicon\.svg/);
    });

    test("older messages load at the top, and the new line stands above the first unread one", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const code = await anna.room("Long");
      assert.equal((await ben.api("POST", `/rooms/${code}/join`)).status, 200);
      const ids = [];
      for (let n = 1; n <= 70; n += 1) {
        const sent = await anna.api("POST", `/rooms/${code}/messages`, { data: `line ${n}` });
        ids.push(sent.json.message.id);
      }
      assert.equal((await ben.api("POST", `/rooms/${code}/read`, { id: ids[63] })).status, 200);
      const page = await stage.page(t, { viewport, person: ben });
      await page.goto(`/room/${code}`);
      const divider = page.locator(".divider.new");
      await divider.waitFor();
      const first = page.locator(".divider.new ~ .message").first();
      await becomes(() => first.locator(".message-text").textContent(), "line 65");
      await eventually(
        () => divider.evaluate((line) => line.getBoundingClientRect().top >= 0),
        "the line is in sight",
      );
      const messages = page.locator("message-list");
      await messages.evaluate((list) => list.scrollTo({ top: -list.scrollHeight }));
      await message(page, "line 1").waitFor();
      await becomes(
        () => page.locator(".message-text").allTextContents(),
        ids.map((_, n) => `line ${n + 1}`),
      );
    });
  });
}
