// What the menu of a message offers follows what I am in the room, at once, and after I was away.
import { after, before, describe, test } from "node:test";
import { findsNothing } from "./support/axe.mjs";
import { becomes, SIZES, Stage } from "./support/browser.mjs";
import { menu, sent } from "./support/rooms.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const MEMBER = ["reply", "thread", "link", "save", "unread", "report"];
const MODERATOR = ["reply", "thread", "link", "save", "unread", "pin", "report", "delete"];
const AUTHOR = ["reply", "thread", "link", "save", "edit", "delete"];
const AUTHOR_IN_ORDER = ["reply", "thread", "link", "save", "pin", "edit", "delete"];

/** What the menu of a message offers, in its order. */
const offered = (page, text) =>
  sent(page, text)
    .locator(".actions-sheet > .menu-item")
    .evaluateAll((items) => items.map((item) => item.dataset.action));

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("a new role changes the menus of messages without a reload", async (t) => {
      const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
      const code = await anna.room("Common room");
      await ben.api("POST", `/rooms/${code}/join`);
      const him = (await ben.api("GET", "/me")).json.user.id;
      const say = async (person, data) => person.api("POST", `/rooms/${code}/messages`, { data });
      const role = (role) =>
        anna.api("POST", `/rooms/${code}/moderate`, { action: "set_role", user: him, role });
      await say(anna, "Hers, before");
      await say(ben, "His, before");
      const his = await stage.page(t, { person: ben, viewport });
      await his.goto(`/room/${code}`);
      await say(anna, "Hers, live");
      // What comes moves what is there, away from under the mouse.
      await sent(his, "Hers, live").waitFor();
      for (const text of ["Hers, before", "Hers, live", "His, before"]) {
        await menu(his, text);
        await his.keyboard.press("Escape");
      }
      const shows = async (others, own, what) => {
        for (const text of ["Hers, before", "Hers, live"])
          await becomes(() => offered(his, text), others, `${text}: ${what}`);
        await becomes(() => offered(his, "His, before"), own, `his own: ${what}`);
      };
      await shows(MEMBER, AUTHOR, "a member");

      const open = await menu(his, "Hers, before");
      await role("moderator");
      await shows(MODERATOR, AUTHOR_IN_ORDER, "a moderator");
      await open.getByText("Delete", { exact: true }).waitFor();
      await findsNothing(his, "a menu that got more");
      await open.getByText("Pin", { exact: true }).click();
      await sent(his, "Hers, before").locator(".message-pinned").waitFor();

      await role("member");
      await shows(MEMBER, AUTHOR, "a member again");
      await his.context().setOffline(true);
      await role("moderator");
      await his.context().setOffline(false);
      await shows(MODERATOR, AUTHOR_IN_ORDER, "a moderator, after being away");

      await anna.api("POST", `/rooms/${code}/archive`, { on: true });
      const still = ["reply", "thread", "link", "save", "unread", "report"];
      await becomes(() => offered(his, "Hers, live"), still, "nothing changes in an archived room");
      await anna.api("POST", `/rooms/${code}/archive`, { on: false });
      await shows(MODERATOR, AUTHOR_IN_ORDER, "the room is open again");
    });
  });
}
