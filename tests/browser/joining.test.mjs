// Invitations to the site: whoever runs it makes one, hands its link on as text, as a QR code or to another program, and
// somebody without an account registers by it and lands in its room.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, eventually, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
let admin;
before(async () => {
  stage = await Stage.open({ registration: "invite" });
  admin = await stage.server.person("owner");
});
after(() => stage?.close());

/** What the page gave to another program, in a browser that can do that. */
const sharing = () => {
  window.shared = [];
  navigator.share = async (what) => void window.shared.push(what.url);
};

async function make(page, room, uses) {
  await page.getByLabel("Leads into").selectOption(room);
  await page.getByLabel("Holds for").selectOption("A day");
  await page.getByLabel("For how many people").fill(uses);
  await page.getByRole("button", { name: "Make invitation" }).click();
}

async function register(page, name) {
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("E-mail").fill(`${name}@example.org`);
  await page.getByLabel("Password").fill("quiet armchairs 7");
  await page.getByRole("button", { name: "Create account and come in" }).click();
  await page.waitForURL(/\/room\//);
}

const cases = Object.entries(SIZES).flatMap(([width, viewport]) =>
  ["light", "dark"].map((colorScheme) => [`${width} px, ${colorScheme}`, { viewport, colorScheme }]),
);
cases.push(["390 px, with scripts off", { viewport: SIZES[390], javaScriptEnabled: false }]);

for (const [index, [where, options]] of cases.entries()) {
  const scripts = options.javaScriptEnabled !== false;
  test(`who is invited to the site registers and lands in its room, at ${where}`, async (t) => {
    const looks = (page, what) => (scripts ? findsNothing(page, what) : fitsTheWidth(page, what));
    const name = `Cellar ${index}`;
    await admin.api("POST", "/rooms", { name, visibility: "private" });
    const page = await stage.page(t, { ...options, person: admin });
    if (scripts) {
      await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
      await page.addInitScript(sharing);
    }
    await page.goto("/admin");
    await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name: "Invitations" }).click();
    await page.getByRole("heading", { level: 1, name: "Invitations" }).waitFor();
    await make(page, name, "nobody");
    await page.getByText("An invitation is for 1 to 10,000 people.").waitFor();
    await looks(page, "an invitation that failed");
    await make(page, name, "1");
    const link = page.getByLabel("Link of the new invitation");
    await link.waitFor();
    await page.getByRole("img", { name: "The link as a QR code" }).waitFor();
    await looks(page, "a new invitation");
    const address = await link.inputValue();
    const [copy, share] = ["Copy link", "Share link"].map((words) =>
      page.getByRole("button", { name: words }),
    );
    if (scripts) {
      await copy.click();
      const copied = () => page.evaluate(() => navigator.clipboard.readText());
      await eventually(async () => (await copied()) === address, "the link is copied");
      await share.click();
      await becomes(() => page.evaluate(() => window.shared), [address], "the link is shared");
    } else {
      assert.deepEqual([await copy.count(), await share.count()], [0, 0]);
    }

    const guest = await stage.page(t, options);
    await guest.goto(new URL(address).pathname);
    await guest.getByRole("heading", { level: 1, name: `Come into ${name}` }).waitFor();
    await looks(guest, "an invitation");
    await register(guest, `newcomer.${index}`);
    await guest.getByRole("heading", { level: 1, name }).waitFor();
    await say(guest, "Here I am");
    await message(guest, "Here I am").waitFor();

    await page.goto("/admin/invites");
    await becomes(() => page.getByText(`Into ${name}`).count(), 0, "it is used up");
    await make(page, name, "5");
    const row = page.locator(".plain-row", { hasText: `Into ${name}` });
    await row.getByText("nobody came yet · 5 left").waitFor();
    const second = new URL(await link.inputValue()).pathname;
    await row.getByRole("button", { name: /^Revoke the invitation into/ }).click();
    await becomes(() => row.count(), 0, "it is revoked");
    const late = await stage.page(t, options);
    await late.goto(second);
    await late.getByRole("heading", { level: 1, name: "There is nothing here" }).waitFor();
  });
}

test("a browser that shares nothing shows no button for it", async (t) => {
  const page = await stage.page(t, { person: admin });
  await page.addInitScript(() => {
    delete Navigator.prototype.share;
  });
  await page.goto("/admin/invites");
  await make(page, "The lobby", "");
  await page.getByRole("button", { name: "Copy link" }).waitFor();
  assert.equal(await page.getByRole("button", { name: "Share link" }).count(), 0);
});
