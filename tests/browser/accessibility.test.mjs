// axe-core finds nothing on any page, in light and dark, on a desk and on a phone; and no page scrolls sideways.
import { after, before, describe, test } from "node:test";
import { png } from "../clients/support/png.mjs";
import { findsNothing } from "./support/axe.mjs";
import { message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
let room;
let anna;
before(async () => {
  stage = await Stage.open();
  anna = await stage.server.person("anna");
  const ben = await stage.server.person("ben");
  room = await anna.room("Tea & cake");
  await anna.room("Nobody writes here");
  await ben.room("A public room of somebody else's");
  const photo = { bytes: png(64, 64, [200, 120, 60]), name: "ben.png", type: "image/png" };
  await ben.forms.upload("/profile", "/profile/photo", "photo", photo);
  await ben.api("POST", `/rooms/${room}/join`);
  for (const person of [anna, ben, ben, anna]) {
    await person.api("POST", `/rooms/${room}/messages`, {
      data: "Whoever comes may bring a cake, see https://example.org/cakes for those that we like",
    });
  }
  await ben.api("POST", `/rooms/${room}/messages`, { data: "🫖" });
});
after(() => stage?.close());

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    describe(`${colorScheme}, at ${width} px`, () => {
      test("pages for everybody", async (t) => {
        const page = await stage.page(t, { viewport, colorScheme });
        for (const path of ["/login", "/recover", "/register", "/no-such-page"]) {
          await page.goto(path);
          await findsNothing(page, path);
        }
        await page.goto("/register");
        await page.getByLabel("Name", { exact: true }).fill("two words");
        await page.getByLabel("E-mail").fill("somebody@example.org");
        await page.getByLabel("Password").fill("short");
        await page.getByRole("button", { name: "Create account" }).click();
        await page.locator("#name-error").waitFor();
        await findsNothing(page, "the form with errors");
      });

      test("pages for members", async (t) => {
        const page = await stage.page(t, { viewport, colorScheme, person: anna });
        for (const path of [
          "/",
          `/room/${room}`,
          `/room/${room}/members`,
          "/profile",
          "/settings/notifications",
          "/settings/confirm",
          "/settings/two-factor",
          "/settings/passkeys",
          `/u/${anna.name}`,
          "/room/none",
        ]) {
          await page.goto(path);
          await page.locator("main").waitFor();
          await findsNothing(page, path);
        }
      });

      test("a room that is empty, one in use, and an open menu", async (t) => {
        const page = await stage.page(t, { viewport, colorScheme, person: anna });
        await page.goto(`/room/${await anna.room("Empty")}`);
        await findsNothing(page, "an empty room");
        await say(page, "no longer empty");
        await message(page, "no longer empty").waitFor();
        await page.locator(".message").last().hover();
        await findsNothing(page, "a room in use");
        await page.goto("/");
        await page.locator(".menu summary").click();
        await findsNothing(page, "the menu");
      });
    });
  }
}

for (const [what, options] of [
  ["at twice the size", { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
  ["in the system's high contrast", { forcedColors: "active" }],
]) {
  test(`pages for members ${what}`, async (t) => {
    const page = await stage.page(t, { ...options, person: anna });
    const paths = ["/", `/room/${room}`, `/room/${room}/members`, `/room/${room}/settings`, "/search?q=cake"];
    for (const path of paths) {
      await page.goto(path);
      await findsNothing(page, `${path} ${what}`);
    }
    await page.goto(`/room/${room}`);
    await say(page, `said ${what}`);
    await message(page, `said ${what}`).waitFor();
  });
}
