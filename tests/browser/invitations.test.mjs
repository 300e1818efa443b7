// Somebody without an account comes into a private room by a link, at a desk, on a phone, and with scripts off; a link that
// is used up or revoked lets nobody in.
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

/** Makes an invitation on the settings page that is open; answers with its link. */
async function invitation(page, uses) {
  await page.getByLabel("Holds for").selectOption({ label: "A day" });
  await page.getByLabel("For how many people").fill(uses);
  await page.getByRole("button", { name: "Make invitation" }).click();
  const link = page.getByLabel("Link of the new invitation");
  await link.waitFor();
  return new URL(await link.inputValue()).pathname;
}

async function register(page, name) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill("quiet armchairs 7");
  await page.getByRole("button", { name: "Create account and come in" }).click();
  await page.waitForURL(/\/room\//);
}

const cases = Object.entries(SIZES).map(([width, viewport]) => [`at ${width} px`, width, { viewport }]);
cases.push(["with scripts off", "off", { viewport: SIZES[390], javaScriptEnabled: false }]);

for (const [where, mark, options] of cases) {
  describe(where, () => {
    test("a link for one person lets one in; used up and revoked ones lead nowhere", async (t) => {
      const anna = await stage.server.person("anna");
      const made = await anna.api("POST", "/rooms", { name: "Cellar", visibility: "private" });
      const code = made.json.room.room;
      const looks = async (page, what) =>
        options.javaScriptEnabled === false ? fitsTheWidth(page, what) : findsNothing(page, what);
      const hers = await stage.page(t, { ...options, person: anna });
      await hers.goto(`/room/${code}/settings`);
      const link = await invitation(hers, "1");
      await looks(hers, "settings with a new invitation");

      const guest = await stage.page(t, options);
      await guest.goto(link);
      await guest.getByRole("heading", { level: 1, name: "Come into Cellar" }).waitFor();
      await looks(guest, "an invitation");
      await register(guest, `newcomer.${mark}`);
      await guest.getByRole("heading", { level: 1, name: "Cellar" }).waitFor();
      await say(guest, "Found it");
      await message(guest, "Found it").waitFor();
      await hers.goto(`/room/${code}`);
      await message(hers, "Found it").waitFor();

      const late = await stage.page(t, options);
      await late.goto(link);
      await late.getByRole("heading", { level: 1 }).waitFor();
      await becomes(() => late.getByRole("heading", { name: "Come into Cellar" }).count(), 0);
      await looks(late, "an invitation that is used up");

      await hers.goto(`/room/${code}/settings`);
      const second = await invitation(hers, "");
      const before = hers.locator("#invites .plain-row");
      await before.first().waitFor();
      await hers
        .getByRole("button", { name: /^Revoke the invitation/ })
        .first()
        .click();
      await becomes(() => hers.getByLabel("Link of the new invitation").count(), 0);
      await late.goto(second);
      await becomes(() => late.getByRole("heading", { name: "Come into Cellar" }).count(), 0);
    });
  });
}

test("who has an account comes in by one click, also after logging in on the way", async (t) => {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  const made = await anna.api("POST", "/rooms", { name: "Attic", visibility: "private" });
  const hers = await stage.page(t, { person: anna });
  await hers.goto(`/room/${made.json.room.room}/settings`);
  const link = await invitation(hers, "");
  const his = await stage.page(t);
  await his.goto(link);
  await his.getByRole("link", { name: "Log in", exact: true }).click();
  await his.getByLabel("Name or e-mail").fill(ben.name);
  await his.getByLabel("Password").fill(ben.password);
  await his.getByRole("button", { name: "Log in", exact: true }).click();
  await his.getByRole("button", { name: "Join Attic" }).click();
  await his.getByRole("heading", { level: 1, name: "Attic" }).waitFor();
});
