// A room's life, with its owner, a member, and each of their devices looking on: made, found, favoured, renamed, archived,
// left and deleted, with scripts on and off.
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";
import { add, choose, codeOf, row, sent } from "./support/rooms.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

async function create(page, name, topic) {
  await page.goto("/");
  const form = page.locator('form[action="/rooms"]');
  await form.getByLabel("Name", { exact: true }).fill(name);
  await form.getByLabel("Topic").fill(topic);
  await form.getByLabel("Members, and who is invited").check();
  await form.getByRole("button", { name: "Create room" }).click();
  await page.waitForURL(/\/room\//);
  await page.getByRole("heading", { level: 1, name }).waitFor();
  return codeOf(page);
}

const heading = (page, name) => page.getByRole("heading", { level: 1, name }).waitFor();

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a private room is made, filled, renamed, archived, opened again and deleted", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const open = (person) => stage.page(t, { viewport, person });
      const [hers, other, his] = [await open(anna), await open(anna), await open(ben)];
      await other.goto("/");
      await his.goto("/");
      const name = `Kitchen ${width}`;
      const code = await create(hers, name, "Who cooks");
      await row(other, code).getByText(name).waitFor();
      await row(other, code).getByTitle("Private").waitFor({ state: "visible" });
      await becomes(() => row(his, code).count(), 0);

      await add(hers, code, ben);
      await row(his, code).getByText(name).waitFor();
      await findsNothing(his, "a room that has just come");
      await hers.goto(`/room/${code}`);
      await say(hers, "Come in");
      await row(his, code).getByText(`${anna.name}: Come in`).waitFor();
      await becomes(() => row(his, code).getAttribute("data-unread"), "1");
      await row(his, code).click();
      await heading(his, name);
      await message(his, "Come in").waitFor();

      await hers.goto(`/room/${code}/settings`);
      await findsNothing(hers, "a room's settings");
      await hers.getByLabel("Name", { exact: true }).fill(`${name}, upstairs`);
      await hers.getByRole("textbox", { name: "Topic" }).fill("Who cooks, and when");
      await hers.getByRole("button", { name: "Save room" }).click();
      await hers.getByText("The room is saved.").waitFor();
      await heading(his, `${name}, upstairs`);
      await row(other, code).getByText(`${name}, upstairs`).waitFor();
      await becomes(async () => (await his.title()).startsWith(`${name}, upstairs`), true);

      await hers.getByLabel("Days to keep messages").fill("a week");
      await hers.getByRole("button", { name: "Save days" }).click();
      await hers.locator("#retention-days-error").waitFor();
      await findsNothing(hers, "days that are no number");
      await hers.getByLabel("Days to keep messages").fill("7");
      await hers.getByRole("button", { name: "Save days" }).click();
      await hers.getByText("This room deletes messages after 7 days").waitFor();

      await hers.getByRole("button", { name: "Archive room" }).click();
      await his.getByText("This room is archived").waitFor();
      await his.getByRole("textbox", { name: /^Message to/ }).waitFor({ state: "hidden" });
      await findsNothing(his, "an archived room");
      await row(other, code).getByText("archived").waitFor();
      await his.reload();
      await his.getByText("This room is archived").waitFor();
      await hers.getByRole("button", { name: "Open the room again" }).click();
      await his.getByRole("textbox", { name: /^Message to/ }).waitFor();

      await hers.getByLabel("Type the room's name to delete it").fill(name);
      await hers.getByRole("button", { name: "Delete room" }).click();
      await hers.locator("#confirm-error").waitFor();
      await findsNothing(hers, "a name that is not the room's");
      await hers.getByLabel("Type the room's name to delete it").fill(`${name}, upstairs`);
      await hers.getByRole("button", { name: "Delete room" }).click();
      await hers.getByRole("heading", { level: 1, name: "Find a room" }).waitFor();
      await his.getByText("This room was deleted.").waitFor();
      await row(his, code).waitFor({ state: "detached" });
      await row(other, code).waitFor({ state: "detached" });
    });

    test("a favourite goes on top, a hidden room goes out of sight, on each device, and leaving empties both", async (t) => {
      const anna = await stage.server.person("anna");
      const [one, two] = [await anna.room("First"), await anna.room("Second")];
      const open = () => stage.page(t, { viewport, person: anna });
      const [here, there] = [await open(), await open()];
      await there.goto("/");
      const order = () =>
        there
          .locator('li:not([hidden]) > .room-row:not([data-room="lobby"])')
          .evaluateAll((rows) => rows.map(({ dataset }) => dataset.room));
      await becomes(order, [two, one]);
      await here.goto(`/room/${one}/settings`);
      await here.getByLabel("Keep it on top of my rooms").check();
      await here.locator('form:has([name="favourite"])').getByRole("button", { name: "Save" }).click();
      await becomes(order, [one, two]);
      await here.goto(`/room/${two}/settings`);
      await here.getByLabel("Leave it out of my rooms").check();
      await here.locator('form:has([name="favourite"])').getByRole("button", { name: "Save" }).click();
      await becomes(order, [one]);
      await here.goto(`/room/${one}/members`);
      await here.getByRole("button", { name: "Leave room" }).click();
      await here.getByRole("heading", { level: 1, name: "Find a room" }).waitFor();
      await becomes(order, []);
    });
  });
}

test("with scripts off: made, renamed, archived, opened again and deleted by forms", async (t) => {
  const anna = await stage.server.person("anna");
  const page = await stage.page(t, { person: anna, javaScriptEnabled: false, viewport: SIZES[390] });
  const code = await create(page, "By hand", "Beans");
  await page.goto(`/room/${code}/settings`);
  await fitsTheWidth(page, "settings");
  await page.getByLabel("Name", { exact: true }).fill("long".repeat(17));
  await page.getByRole("button", { name: "Save room" }).click();
  await page.locator("#room-name-error").waitFor();
  await page.getByLabel("Name", { exact: true }).fill("By hand, again");
  await page.getByRole("button", { name: "Save room" }).click();
  await becomes(() => page.getByLabel("Name", { exact: true }).inputValue(), "By hand, again");
  await page.getByLabel("Days to keep messages").fill("1");
  await page.getByRole("button", { name: "Save days" }).click();
  await page.getByText("This room deletes messages after a day").waitFor();
  await page.getByRole("button", { name: "Archive room" }).click();
  await page.getByText("This room is archived").waitFor();
  await page.goto(`/room/${code}`);
  await page.getByText("This room is archived").waitFor();
  await page.getByRole("textbox", { name: /^Message to/ }).waitFor({ state: "hidden" });
  await page.goto(`/room/${code}/settings`);
  await page.getByRole("button", { name: "Open the room again" }).click();
  await page.getByRole("button", { name: "Archive room" }).waitFor();
  await page.getByLabel("Type the room's name to delete it").fill("By hand, again");
  await page.getByRole("button", { name: "Delete room" }).click();
  await page.getByRole("heading", { level: 1, name: "Find a room" }).waitFor();
  await becomes(() => row(page, code).count(), 0);
});

test("what a room does not keep any more goes from an open page", async (t) => {
  const anna = await stage.server.person("anna");
  const code = await anna.room("Short of memory");
  const page = await stage.page(t, { person: anna });
  // No clock of the binary can be turned: what a server would say a day later is said in its place.
  let upgraded;
  await page.routeWebSocket(/\/socket\.io\//, (socket) => {
    const server = socket.connectToServer();
    socket.onMessage((packet) => {
      server.send(packet);
      if (packet === "5") upgraded = socket;
    });
  });
  await page.goto(`/room/${code}`);
  for (const text of ["old", "referred to", "older than kept", "kept"]) {
    await say(page, text);
    await sent(page, text).waitFor();
  }
  await choose(page, "referred to", "Delete");
  await page.getByRole("button", { name: "Delete message" }).click();
  await page.getByText("This message was deleted.").waitFor();
  const kept_from = Number(await sent(page, "kept").getAttribute("data-id"));
  const { room } = (await anna.api("GET", `/rooms/${code}`)).json;
  await becomes(() => upgraded !== undefined, true);
  upgraded.send(`42${JSON.stringify(["room_updated", { room, kept_from }])}`);
  const texts = () => page.locator("message-list .message-text").allTextContents();
  await becomes(texts, ["This message was deleted.", "kept"]);
  await becomes(() => page.locator("message-list .divider.day").count(), 1);
});
