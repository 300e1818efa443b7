// Keeping order: a moderator mutes, slows, puts out and lets in again, gives roles; somebody reports; the admin sees it.
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";
import { choose, row, sent } from "./support/rooms.mjs";

let stage;
let admin;
before(async () => {
  stage = await Stage.open();
  admin = await stage.server.person("owner");
});
after(() => stage?.close());

const field = (page) => page.getByRole("textbox", { name: /^Message to/ });

/** Anna's room, with Ben in it. */
async function room() {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  const code = await anna.room("Common room");
  await ben.api("POST", `/rooms/${code}/join`);
  return { anna, ben, code };
}

/** Does something about somebody from the menu beside their name. */
async function measure(page, code, ben, button, fill = async () => {}) {
  await page.goto(`/room/${code}/members`);
  await page.getByLabel(`Keep order: ${ben.name}`).click();
  const sheet = page.locator(".menu-sheet").filter({ has: page.getByRole("button", { name: button }) });
  await fill(sheet);
  await sheet.getByRole("button", { name: button }).click();
  await page.locator(".flash").waitFor();
}

const cases = Object.entries(SIZES).map(([width, viewport]) => [`at ${width} px`, { viewport }]);
cases.push(["with scripts off", { viewport: SIZES[390], javaScriptEnabled: false }]);

for (const [where, options] of cases) {
  const scripted = options.javaScriptEnabled !== false;
  const looks = (page, what) => (scripted ? findsNothing(page, what) : fitsTheWidth(page, what));
  /** Without scripts a page is as it was until it is opened again. */
  const again = async (page) => {
    if (!scripted) await page.reload();
  };

  describe(where, () => {
    test("mute and unmute, kick, ban and unban: the person reads at once what was done and why", async (t) => {
      const { anna, ben, code } = await room();
      const open = (person) => stage.page(t, { ...options, person });
      const [hers, his] = [await open(anna), await open(ben)];
      await his.goto(`/room/${code}`);
      await say(his, "Buy my cakes");
      await message(his, "Buy my cakes").waitFor();
      await measure(hers, code, ben, `Mute ${ben.name}`, async (sheet) => {
        await sheet.getByLabel("Why").fill("No advertisements");
        await looks(hers, "the measures against somebody");
      });
      await again(his);
      await his.locator(".standing").getByText("muted you here").waitFor();
      await field(his).waitFor({ state: "hidden" });
      await looks(his, "a room in which I am muted");
      await measure(hers, code, ben, `Unmute ${ben.name}`);
      await again(his);
      await field(his).waitFor();

      await measure(hers, code, ben, `Kick ${ben.name}`);
      if (scripted) {
        await his.locator(".standing").getByText("A moderator put you out of this room.").waitFor();
        await row(his, code).waitFor({ state: "detached" });
      }
      await his.goto(`/room/${code}`);
      await field(his).waitFor();
      await measure(hers, code, ben, `Ban ${ben.name}`, (sheet) =>
        sheet.getByLabel("Why").fill("Again and again"),
      );
      if (scripted) await his.locator(".standing").getByText("Why: Again and again").waitFor();
      await his.goto(`/room/${code}`);
      await his.getByText("keeps you out").waitFor();
      await hers.getByRole("heading", { name: "Kept out" }).waitFor();
      await looks(hers, "who is kept out");
      await hers.getByRole("button", { name: `Unban ${ben.name}` }).click();
      await becomes(() => hers.getByRole("heading", { name: "Kept out" }).count(), 0);
      await his.goto(`/room/${code}`);
      await field(his).waitFor();

      await hers.getByRole("link", { name: "Log of this room" }).click();
      for (const text of ["No advertisements", "Again and again"]) await hers.getByText(text).waitFor();
      await looks(hers, "the log");
    });

    test("a moderator is made, and a slow room makes members wait", async (t) => {
      const { anna, ben, code } = await room();
      const carl = await stage.server.person("carl");
      await carl.api("POST", `/rooms/${code}/join`);
      const open = (person) => stage.page(t, { ...options, person });
      const [hers, his, carls] = [await open(anna), await open(ben), await open(carl)];
      await carls.goto(`/room/${code}/members`);
      const role = carls.locator(".member").filter({ hasText: ben.name }).locator(".member-role");
      await measure(hers, code, ben, `Change role of ${ben.name}`, (sheet) =>
        sheet.getByLabel("Role").selectOption("moderator"),
      );
      await again(carls);
      await role.getByText("moderator").waitFor();

      await his.goto(`/room/${code}/members`);
      await his.getByLabel("Members wait between two messages").selectOption({ index: 2 });
      await his.locator("form:has(#slow-mode)").getByRole("button", { name: "Save" }).click();
      await his.getByText("Slow mode is changed.").waitFor();
      await carls.goto(`/room/${code}`);
      await say(carls, "first");
      await message(carls, "first").waitFor();
      await say(carls, "second");
      const told = scripted ? carls.locator(".message.failed") : carls.locator("#data-error");
      await told.getByText("slow mode").waitFor();
      await looks(carls, "a message that came too soon");
    });

    test("a reported message is read by the admin, who resolves it", async (t) => {
      const { anna, ben, code } = await room();
      const text = `Not nice ${ben.name}`;
      await ben.api("POST", `/rooms/${code}/messages`, { data: text });
      const open = (person) => stage.page(t, { ...options, person });
      const [hers, admins] = [await open(anna), await open(admin)];
      await hers.goto(`/room/${code}`);
      await sent(hers, text).waitFor();
      await choose(hers, text, "Report");
      await hers.getByRole("heading", { level: 1, name: "Report a message" }).waitFor();
      await looks(hers, "a report");
      await hers.getByLabel("What is wrong").fill("It hurts somebody");
      await hers.getByRole("button", { name: "Report" }).click();
      await hers.getByRole("heading", { level: 1, name: "Thank you" }).waitFor();

      await admins.goto("/admin");
      const report = admins.locator(".report").filter({ hasText: text });
      await report.getByText("It hurts somebody").waitFor();
      await looks(admins, "the admin's page");
      await report.getByRole("button", { name: /^Resolve/ }).click();
      await report.waitFor({ state: "detached" });
      await admins.getByRole("link", { name: "Resolved reports" }).click();
      await report.waitFor();
      await hers.goto("/admin");
      await becomes(() => hers.locator(".report").count(), 0);
    });
  });
}
