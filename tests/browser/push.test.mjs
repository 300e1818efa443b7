// What is pushed, as a browser shows it: a notification appears while no page of the room is looked at, a click opens the
// room, and reading takes it away. A headless Chromium reaches no push service, so the push comes from DevTools.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { setTimeout } from "node:timers/promises";
import { PushService } from "../clients/support/push-service.mjs";
import { findsNothing } from "./support/axe.mjs";
import { eventually, message, SIZES, Stage } from "./support/browser.mjs";

const SENT_AT_MOST = 4;
const LOOKED_AT_MOST = 50;
const LOOK_MS = 100;

let stage;
before(async () => {
  stage = await Stage.open({ "outgoing-to-private-addresses": true });
  await stage.server.person("owner");
});
after(() => stage?.close());

/** A person's page with a worker that may show notifications, and a way to push to it. */
async function ready(t, path, viewport) {
  const anna = await stage.server.person("anna");
  const code = await anna.room("Garden");
  const page = await stage.page(t, { viewport, person: anna });
  await page.context().grantPermissions(["notifications"]);
  await page.goto(path.replace("{code}", code));
  await page.evaluate(() => navigator.serviceWorker.ready);
  const session = await page.context().newCDPSession(page);
  const registered = new Promise((found) => {
    session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
      if (registrations[0]) found(registrations[0].registrationId);
    });
  });
  await session.send("ServiceWorker.enable");
  const registrationId = await registered;
  const { origin } = new URL(page.url());
  const data = (payload) => JSON.stringify({ room: code, tag: code, ...payload });
  // DevTools does not say whether a push came to the worker, and on a busy machine one of a hundred did not: what had no
  // effect is sent again, which changes nothing where it came late.
  const push = async (payload) => {
    for (let sent = 0; sent < SENT_AT_MOST; sent += 1) {
      await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data: data(payload) });
      for (let looked = 0; looked < LOOKED_AT_MOST; looked += 1) {
        const bodies = (await shown(page)).map(({ body }) => body);
        if (payload.clear ? bodies.length === 0 : bodies.includes(payload.body)) return;
        await setTimeout(LOOK_MS);
      }
    }
    assert.fail(`the worker did nothing with ${data(payload)}`);
  };
  return { anna, code, page, push };
}

function shown(page) {
  return page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    return (await registration.getNotifications()).map(({ title, body, tag }) => ({ title, body, tag }));
  });
}

const seen = (page, count) =>
  eventually(async () => (await shown(page)).length === count, `${count} notifications`);

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a push is shown, a newer one takes its place, and what was read elsewhere goes", async (t) => {
      const { code, page, push } = await ready(t, "/", viewport);
      const url = `/room/${code}`;
      await push({ title: "ben in Garden", body: "one", url, seq: 1, unread: 1 });
      await seen(page, 1);
      await push({ title: "ben in Garden", body: "two", url, seq: 2, unread: 2 });
      await eventually(async () => (await shown(page))[0]?.body === "two", "the newer one");
      assert.deepEqual(await shown(page), [{ title: "ben in Garden", body: "two", tag: code }]);
      await push({ clear: true, unread: 0 });
      await seen(page, 0);
    });

    test("a click opens the room in the page that is there", async (t) => {
      const { code, page, push } = await ready(t, "/profile", viewport);
      await push({ title: "ben", body: "hello", url: `/room/${code}`, seq: 1, unread: 1 });
      await seen(page, 1);
      const [worker] = page.context().serviceWorkers();
      await worker.evaluate(async () => {
        const [notification] = await self.registration.getNotifications();
        self.dispatchEvent(new NotificationEvent("notificationclick", { notification }));
      });
      await page.waitForURL(`**/room/${code}`);
      await seen(page, 0);
    });

    test("reading the room on another device takes its notification away here", async (t) => {
      const { anna, code, page, push } = await ready(t, "/", viewport);
      const ben = await stage.server.person("ben");
      await ben.api("POST", `/rooms/${code}/join`);
      const said = await ben.api("POST", `/rooms/${code}/messages`, { data: `@${anna.name}` });
      await push({ title: "ben in Garden", body: "hello", url: `/room/${code}`, seq: 1, unread: 1 });
      await seen(page, 1);
      await anna.api("POST", `/rooms/${code}/read`, { id: said.json.message.id });
      await seen(page, 0);
    });

    test("nothing is pushed of the room that the page shows, but of it once another page is open", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const carla = await stage.server.person("carla");
      const code = await anna.room("Garden");
      const service = await PushService.start(t);
      const [device, witness] = [service.device(), service.device()];
      for (const [person, theirs] of [
        [ben, device],
        [carla, witness],
      ]) {
        await person.api("POST", `/rooms/${code}/join`);
        const added = await person.api("POST", "/push/subscriptions", theirs.subscription());
        assert.equal(added.status, 201, added.text);
      }
      const say = (data) => anna.api("POST", `/rooms/${code}/messages`, { data });
      /** Once the witness was told, it is decided whether ben is. */
      const mention = async (words) => {
        await say(`@${ben.name} @${carla.name} ${words}`);
        await witness.next();
      };
      const page = await stage.page(t, { viewport, person: ben });
      await page.goto(`/room/${code}`);
      await say("hello");
      await message(page, "hello").waitFor();
      const unread = async () => {
        const { json } = await ben.api("GET", "/rooms");
        return json.rooms.find(({ room }) => room.room === code).unread;
      };
      // What the page says of itself goes before that it has read.
      await eventually(async () => (await unread()) === 0, "the page has read it");
      await mention("you see this");
      assert.equal(device.waiting, 0);
      await page.goto("/");
      await eventually(async () => {
        await mention("you do not see this");
        return device.waiting > 0;
      }, "a push");
      assert.match((await device.next()).payload.body, /you do not see this$/);
    });

    test("the page of notifications works with scripts off", async (t) => {
      const anna = await stage.server.person("anna");
      const code = await anna.room("Garden");
      const page = await stage.page(t, { viewport, person: anna, javaScriptEnabled: false });
      await page.goto("/settings/notifications");
      await page.locator(`#level-${code}`).selectOption("none");
      await page.getByRole("button", { name: "Save levels" }).click();
      await page.getByText("The levels of your rooms are saved.").waitFor();
      assert.equal(await page.locator(`#level-${code}`).inputValue(), "none");
      await page.getByLabel("Tell me nothing").selectOption("3600");
      await page.getByLabel("From").fill("22:00");
      await page.getByLabel("To", { exact: true }).fill("07:00");
      await page.getByLabel("Time zone").fill("Nowhere");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText("There is no such time zone.").waitFor();
      assert.equal(await page.getByLabel("From").inputValue(), "22:00");
      await page.getByLabel("Time zone").fill("Europe/Berlin");
      await page.getByLabel("Tell me nothing").selectOption("3600");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByText(/^Nothing is told until/).waitFor();
    });

    test("the page of notifications says how this device stands, and saves levels", async (t) => {
      const { code, page } = await ready(t, "/settings/notifications", viewport);
      await page.getByRole("button", { name: "Notify me on this device" }).waitFor();
      const zone = await page.evaluate(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
      assert.equal(await page.getByLabel("Time zone").inputValue(), zone);
      await page.locator(`#level-${code}`).selectOption("all");
      await page.getByRole("button", { name: "Save levels" }).click();
      await page.getByText("The levels of your rooms are saved.").waitFor();
      assert.equal(await page.locator(`#level-${code}`).inputValue(), "all");
      await findsNothing(page, "the page of notifications");
    });
  });
}
