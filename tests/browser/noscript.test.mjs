// The same pages with scripts off: forms, redirects and links do everything.
import { after, before, describe, test } from "node:test";
import { png } from "../clients/support/png.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
  await stage.server.person("owner");
});
after(() => stage?.close());

const PASSWORD = "quiet armchairs 7";

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`with scripts off, at ${width} px`, { concurrency: 2 }, () => {
    const open = (t, person) => stage.page(t, { viewport, person, javaScriptEnabled: false });

    test("register, log out, log in and back to the page that was asked for", async (t) => {
      const page = await open(t);
      const name = `nora${width}`;
      await page.goto("/login");
      await page.getByRole("link", { name: "Make an account" }).click();
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByLabel("E-mail").fill(`${name}@example.org`);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await page.waitForURL("**/room/lobby");
      await page.goto("/profile");
      await page.getByRole("button", { name: "Log out" }).click();
      await page.goto("/room/lobby");
      await page.waitForURL(/\/login\?next=/);
      await page.getByLabel("Name or e-mail").fill(`${name}@EXAMPLE.org`);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Log in", exact: true }).click();
      await page.waitForURL("**/room/lobby");
    });

    test("create a room, join it by its code and from the list, leave it", async (t) => {
      const [anna, ben, carl] = await Promise.all(
        ["anna", "ben", "carl"].map((name) => stage.server.person(name)),
      );
      const page = await open(t, anna);
      const name = `Garden ${width} of ${anna.name}`;
      await page.goto("/");
      await page.getByLabel("Name", { exact: true }).fill(name);
      await page.getByLabel("Topic").fill("Beans");
      await page.getByRole("button", { name: "Create room" }).click();
      await page.waitForURL(/\/room\//);
      const code = new URL(page.url()).pathname.split("/").at(-1);

      const his = await open(t, ben);
      await his.goto("/");
      await his.getByLabel("Room code").fill(code);
      await his.getByRole("button", { name: "Join", exact: true }).click();
      await his.getByRole("heading", { level: 1, name }).waitFor();

      const other = await open(t, carl);
      await other.goto("/");
      await other.getByRole("button", { name: `Join ${name}` }).click();
      await other.getByRole("heading", { level: 1, name }).waitFor();
      await other.goto(`/room/${code}/members`);
      for (const person of [anna, ben, carl])
        await other.getByRole("link", { name: person.name }).first().waitFor();
      await other.getByRole("button", { name: "Leave room" }).click();
      await other.getByRole("button", { name: `Join ${name}` }).waitFor();
      for (const one of [page, his, other]) await fitsTheWidth(one, one.url());
    });

    test("a message is posted, the page comes back, and it is there, once", async (t) => {
      const anna = await stage.server.person("anna");
      const page = await open(t, anna);
      await page.goto(`/room/${await anna.room()}`);
      await say(page, "By form & with <tags>");
      await message(page, "By form & with <tags>").waitFor();
      await page.reload();
      await becomes(() => page.locator(".message").count(), 1);
      const hint = page.locator("noscript p");
      await hint.getByText("Scripts are off").waitFor();
      await hint.getByRole("link").click();
      await becomes(() => page.locator(".message").count(), 1);
    });

    test("a message that is refused stays in its field, with the reason beside it", async (t) => {
      const anna = await stage.server.person("anna");
      const page = await open(t, anna);
      await page.goto(`/room/${await anna.room()}`);
      const long = "long ".repeat(801).trim();
      await say(page, long);
      const field = page.getByRole("textbox", { name: /^Message to/ });
      await page
        .locator("#data-error")
        .getByText(/4,?000/)
        .waitFor();
      await becomes(() => field.inputValue(), long);
      await becomes(() => field.getAttribute("aria-invalid"), "true");
      await becomes(() => page.locator(".message").count(), 0);
    });

    test("older messages are a link away, and the newest one link back", async (t) => {
      const anna = await stage.server.person("anna");
      const code = await anna.room();
      for (let n = 1; n <= 60; n += 1)
        await anna.api("POST", `/rooms/${code}/messages`, { data: `line ${n}` });
      const page = await open(t, anna);
      await page.goto(`/room/${code}`);
      await becomes(() => page.locator(".message").count(), 50);
      await page.getByRole("link", { name: "Older messages" }).click();
      await message(page, "line 1").waitFor();
      await becomes(() => message(page, "line 11").count(), 0, "no message is on both pages");
      await page.getByRole("link", { name: "Newest messages" }).click();
      await message(page, "line 60").waitFor();
    });

    test("name, e-mail, password and photo, each by its own form", async (t) => {
      const anna = await stage.server.person("anna");
      const page = await open(t, anna);
      await page.goto("/profile");
      await page.getByLabel("Your name").fill(`${anna.name}.x`);
      await page.getByRole("button", { name: "Save name" }).click();
      await page.getByText("Your name is saved.").waitFor();
      await page.getByLabel("Your e-mail").fill(`${anna.name}@example.net`);
      await page.locator("#email-current-password").fill(PASSWORD);
      await page.getByRole("button", { name: "Save e-mail" }).click();
      await page.getByText("Your e-mail is saved.").waitFor();
      const file = { name: "anna.png", mimeType: "image/png", buffer: png(80, 60, [60, 120, 160]) };
      await page.getByLabel("A picture of you").setInputFiles(file);
      await page.getByRole("button", { name: "Save photo" }).click();
      await page.getByText("Your photo is saved.").waitFor();
      await page.locator(".photo-form .avatar img").waitFor();
      await page.getByRole("button", { name: "Remove photo" }).click();
      await page.getByText("Your photo is removed.").waitFor();
      await page.locator("#current-password").fill(PASSWORD);
      await page.getByLabel("New password").fill("another armchair 8");
      await page.getByRole("button", { name: "Save password" }).click();
      await page.getByText("Your password is saved.").waitFor();
      await fitsTheWidth(page, "the profile");
    });

    test("a form that fails keeps what was typed, but for passwords, with each error beside its field", async (t) => {
      const anna = await stage.server.person("anna");
      const page = await open(t);
      await page.goto("/register");
      await page.getByLabel("Name", { exact: true }).fill(anna.name);
      await page.getByLabel("E-mail").fill(`new-${anna.name}@example.org`);
      await page.getByLabel("Password").fill(PASSWORD);
      await page.getByRole("button", { name: "Create account" }).click();
      await page.locator("#name-error").waitFor();
      const name = page.getByLabel("Name", { exact: true });
      await becomes(() => name.inputValue(), anna.name);
      await becomes(() => name.getAttribute("aria-describedby"), "name-error");
      await becomes(() => page.getByLabel("E-mail").inputValue(), `new-${anna.name}@example.org`);
      await becomes(() => page.getByLabel("Password").inputValue(), "");
      await name.fill("two words");
      await page.getByLabel("Password").fill("short");
      await page.getByRole("button", { name: "Create account" }).click();
      await page.locator("#name-error").getByText("no spaces").waitFor();
      await page.locator("#password-error").waitFor();
      await fitsTheWidth(page, "the form with errors");
    });
  });
}
