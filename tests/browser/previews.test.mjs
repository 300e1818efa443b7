// Link previews in the conversation: they come by themselves, move nothing that is read, and are there without scripts.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SHOWS_PREVIEWS, site } from "../clients/support/site.mjs";
import { findsNothing } from "./support/axe.mjs";
import { eventually, SIZES, Stage } from "./support/browser.mjs";

const CAKE = `<title>no</title><meta property="og:title" content="Plum cake &lt;b&gt;for six&lt;/b&gt;">
  <meta property="og:site_name" content="The kitchen">
  <meta name="description" content="${"A cake with plums, which are in season from August on. ".repeat(4)}">
  <meta property="og:image" content="/picture.png">`;

let stage;
before(async () => {
  stage = await Stage.open(SHOWS_PREVIEWS);
  await stage.server.person("owner");
});
after(() => stage?.close());

const said = (page) => page.locator(".message", { hasText: "look" });

const pictured = (article) =>
  eventually(
    () =>
      article
        .locator(".preview-image")
        .evaluate((img) => img.complete && img.naturalWidth > 0 && new URL(img.src).pathname),
    "the picture is there",
  );

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a link shows what is behind it, and an edit takes that away", async (t) => {
      const { url } = await site(t, { "/cake": CAKE, "/tea": "<title>Tea</title>" });
      const anna = await stage.server.person("anna");
      const code = await anna.room("Kitchen");
      const page = await stage.page(t, { person: anna, viewport });
      await page.goto(`/room/${code}`);
      const field = page.getByRole("textbox", { name: /^Message to/ });
      await field.fill(`look ${url}/cake and ${url}/tea`);
      await field.press("Enter");
      const article = said(page);
      const card = article.locator(".preview").first();
      await card.locator(".preview-title").getByText("Plum cake <b>for six</b>").waitFor();
      await article.locator(".preview").nth(1).getByText("Tea", { exact: true }).waitFor();
      assert.equal(await card.locator(".preview-site").textContent(), "The kitchen");
      assert.equal(
        await article.locator(".preview").nth(1).locator(".preview-site").textContent(),
        new URL(url).host,
      );
      assert.equal(await card.getAttribute("href"), `${url}/cake`);
      await pictured(article);
      assert.equal(await article.locator(".preview-image").count(), 1);
      await findsNothing(page, "previews that came by themselves");
      const image = await article.locator(".preview-image").getAttribute("src");

      await page.reload();
      await pictured(article);
      await findsNothing(page, "previews of the server's own");
      const plain = await stage.page(t, { person: anna, viewport, javaScriptEnabled: false });
      await plain.goto(`/room/${code}`);
      const still = said(plain);
      assert.equal(await still.locator(".preview").count(), 2);
      assert.equal(await still.locator(".preview-image").getAttribute("src"), image);

      const id = await article.getAttribute("data-id");
      const edited = await anna.api("PATCH", `/messages/${id}`, { data: `look ${url}/tea` });
      assert.equal(edited.status, 200, edited.text);
      await eventually(async () => (await article.locator(".preview").count()) === 1, "one is left");
      assert.equal(await article.locator(".preview-title").textContent(), "Tea");
    });

    test("who wrote a message takes its preview away, with scripts and without; the link stays", async (t) => {
      const { url } = await site(t, { "/cake": CAKE });
      const anna = await stage.server.person("anna");
      const ben = await stage.server.person("ben");
      const code = await anna.room("Kitchen");
      await ben.api("POST", `/rooms/${code}/join`);
      const open = async (person, options = {}) => {
        const page = await stage.page(t, { person, viewport, ...options });
        await page.goto(`/room/${code}`);
        return page;
      };
      const remove = "Remove link previews";
      for (const javaScriptEnabled of [true, false]) {
        const text = `look ${javaScriptEnabled ? "here" : "there"} ${url}/cake`;
        const { json } = await anna.api("POST", `/rooms/${code}/messages`, { data: text });
        const { id } = json.message;
        const his = await open(ben);
        const article = (page) => page.locator(`.message[data-id="${id}"]`);
        const card = (page) => article(page).locator(".preview");
        await eventually(async () => (await card(his).count()) === 1, "the preview came");
        const hers = await open(anna, { javaScriptEnabled });
        await card(hers).waitFor();
        const sheet = async (page) => {
          await article(page).hover();
          await article(page).getByLabel("What to do with this message").click();
          return article(page).locator(".actions-sheet");
        };
        await (await sheet(his)).getByText("Open thread").waitFor();
        assert.equal(await article(his).getByText(remove).count(), 0, "it is not his");
        const menu = await sheet(hers);
        await menu.getByText(remove).waitFor();
        if (javaScriptEnabled) await findsNothing(hers, "the menu of a message with a preview");
        await menu.getByText(remove).click();
        for (const page of [his, hers]) await card(page).waitFor({ state: "detached" });
        await article(hers)
          .getByRole("link", { name: `${url}/cake` })
          .waitFor();
        await (await sheet(hers)).getByText("Open thread").waitFor();
        assert.equal(await article(hers).getByText(remove).count(), 0, "there is nothing more to remove");
      }
    });
  });
}
