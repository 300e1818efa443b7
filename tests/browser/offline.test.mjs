// The installable app: a room opens without a network with the last messages read, what is written there is sent exactly
// once when the network is back, page or no page, and logging out leaves nothing behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { becomes, eventually, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const textsOf = (page) => page.locator(".message-text").allTextContents();

/** Waits until the service worker has taken the page over and keeps it. */
async function kept(page) {
  await page.evaluate(() => navigator.serviceWorker.ready);
  await eventually(
    () => page.evaluate(async () => (await caches.match(location.pathname)) !== undefined).catch(() => false),
    "the worker keeps the page",
  );
}

/** A person in a room of hers, and a page that the worker keeps. */
async function atHome(t, viewport) {
  const anna = await stage.server.person("anna");
  const code = await anna.room("Garden");
  const page = await stage.page(t, { viewport, person: anna, complaints: false });
  await page.goto(`/room/${code}`);
  await kept(page);
  return { anna, code, page };
}

async function storedTexts(person, code) {
  return (await person.api("GET", `/rooms/${code}/messages`)).json.messages.map(({ text }) => text);
}

/** Wakes the worker as the browser does when there is a network again. */
async function wake(page) {
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((found) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      const [one] = registrations;
      if (one) found(one.registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const { origin } = new URL(page.url());
  const registrationId = await registered;
  await session.send("ServiceWorker.dispatchSyncEvent", {
    origin,
    registrationId,
    tag: "outbox",
    lastChance: false,
  });
}

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a room opens offline with the last messages read, and goes on when the network is back", async (t) => {
      const { anna, code, page } = await atHome(t, viewport);
      const ben = await stage.server.person("ben");
      assert.equal((await ben.api("POST", `/rooms/${code}/join`)).status, 200);
      await say(page, "before the page was kept");
      await page.locator(".message:not(.pending)").first().waitFor();
      await ben.api("POST", `/rooms/${code}/messages`, { data: "told while it was open" });
      await message(page, "told while it was open").waitFor();
      await page.context().setOffline(true);
      await page.goto(`/room/${code}`);
      await message(page, "told while it was open").waitFor();
      await message(page, "before the page was kept").waitFor();
      await say(page, "written on the train");
      await page.locator(".message.pending").waitFor();
      await page.reload();
      await page.locator(".message.pending").getByText("written on the train").waitFor();
      await page.goto("/profile");
      await page.getByRole("heading", { name: "You are offline" }).waitFor();
      await page.goto(`/room/${code}`);
      await ben.api("POST", `/rooms/${code}/messages`, { data: "said meanwhile" });
      await page.context().setOffline(false);
      await message(page, "said meanwhile").waitFor();
      await eventually(async () => (await page.locator(".message.pending").count()) === 0, "all is sent");
      const stored = await storedTexts(anna, code);
      assert.deepEqual(
        [...stored].sort(),
        [
          "before the page was kept",
          "told while it was open",
          "written on the train",
          "said meanwhile",
        ].sort(),
      );
      await becomes(() => textsOf(page), stored);
    });

    test("what was written offline is sent once, by the page and by the worker at the same time", async (t) => {
      const { anna, code, page } = await atHome(t, viewport);
      await page.context().setOffline(true);
      for (const text of ["one", "two", "three"]) await say(page, text);
      await page.context().setOffline(false);
      await wake(page);
      await eventually(async () => (await storedTexts(anna, code)).length === 3, "three are stored");
      await eventually(async () => (await page.locator(".message.pending").count()) === 0, "all is sent");
      assert.deepEqual((await storedTexts(anna, code)).sort(), ["one", "three", "two"]);
      await becomes(() => page.locator(".message").count(), 3);
    });
  });
}

test("the worker sends what was written when no page is open any more", async (t) => {
  const { anna, code, page } = await atHome(t);
  await page.context().setOffline(true);
  for (const text of ["first", "second"]) await say(page, text);
  await page.locator(".message.pending").nth(1).waitFor();
  // A page of this origin without the client's script, so that nothing but the worker can send.
  await page.goto("/manifest.webmanifest").catch(() => undefined);
  await page.context().setOffline(false);
  await page.goto("/manifest.webmanifest");
  await wake(page);
  await eventually(async () => (await storedTexts(anna, code)).length === 2, "both are stored");
  await becomes(() => storedTexts(anna, code), ["first", "second"]);
});

test("logging out leaves no page, no message and no draft in the browser", async (t) => {
  const { code, page } = await atHome(t);
  await say(page, "between us");
  await page.locator(".message:not(.pending)").first().waitFor();
  await page.getByRole("textbox", { name: /^Message to/ }).fill("half a thought");
  await page.goto("/profile");
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL("**/login");
  const left = () =>
    page.evaluate(async () => {
      const databases = await indexedDB.databases();
      const pages = (await caches.keys()).filter((name) => name.startsWith("pages-"));
      return [...Object.keys(localStorage), ...pages, ...databases.map(({ name }) => name)];
    });
  await eventually(async () => (await left()).length === 0, "nothing is left");
  await page.context().setOffline(true);
  await assert.rejects(page.goto(`/room/${code}`), "the room does not open");
});

test("the app can be installed: its manifest, its icons and its worker are there", async (t) => {
  const page = await stage.page(t);
  await page.goto("/login");
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector('link[rel="manifest"]');
    const answer = await fetch(link.href);
    const icons = (await answer.clone().json()).icons;
    const sizes = await Promise.all(
      icons.map(async ({ src }) => {
        const picture = await createImageBitmap(await (await fetch(src)).blob());
        return `${picture.width}x${picture.height}`;
      }),
    );
    return { ...(await answer.json()), type: answer.headers.get("content-type"), sizes };
  });
  assert.equal(manifest.type, "application/manifest+json");
  assert.deepEqual([manifest.start_url, manifest.display], ["/", "standalone"]);
  assert.deepEqual(
    manifest.sizes,
    manifest.icons.map(({ sizes }) => sizes),
  );
});
