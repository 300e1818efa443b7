// A forgotten password: replaced by a recovery code where no mail is set up, else by a link from a mail; with scripts and
// without.
import { after, before, test } from "node:test";
import { MailServer } from "../clients/support/mail-server.mjs";
import { findsNothing } from "./support/axe.mjs";
import { fitsTheWidth, SIZES, Stage } from "./support/browser.mjs";

const NEW = "three quiet armchairs";

let mails;
let plain;
let mailing;
before(async () => {
  mails = await MailServer.start();
  plain = await Stage.open();
  mailing = await Stage.open(mails.settings);
});
after(async () => {
  await plain?.close();
  await mailing?.close();
  mails?.end();
});

/** From the login page to the one for a forgotten password. */
async function forgotten(page) {
  await page.goto("/login");
  await page.getByRole("link", { name: "Forgotten your password?" }).click();
  await page.getByRole("heading", { name: "Forgotten your password?" }).waitFor();
}

/** The login page, on which the new password opens the account. */
async function logsIn(page, person) {
  await page.getByText("Your new password is saved. Log in with it.").waitFor();
  await page.getByLabel("Name or e-mail").fill(person.name);
  await page.getByLabel("Password").fill(NEW);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await page.waitForURL((url) => url.pathname === "/");
}

for (const [width, viewport] of Object.entries(SIZES)) {
  for (const [colorScheme, javaScriptEnabled] of [
    ["light", true],
    ["dark", false],
  ]) {
    const how = `${colorScheme}, scripts ${javaScriptEnabled}, at ${width} px`;
    const open = (stage, t) => stage.page(t, { viewport, colorScheme, javaScriptEnabled, complaints: false });
    const looksWell = async (page, where) => {
      await fitsTheWidth(page, where);
      if (javaScriptEnabled) await findsNothing(page, where);
    };

    test(`by a recovery code, ${how}`, async (t) => {
      const person = await plain.server.person(`anna${width}${colorScheme}`);
      const made = await person.api("POST", "/me/recovery-codes", { current_password: person.password });
      const page = await open(plain, t);
      await forgotten(page);
      await page.getByLabel("Name or e-mail").fill(person.name);
      const code = page.getByLabel("Recovery code", { exact: true });
      const password = page.getByLabel("New password");
      const save = page.getByRole("button", { name: "Save password" });
      await code.fill("abcd-efgh");
      await password.fill(NEW);
      await save.click();
      await page.getByText("do not belong together").waitFor();
      await looksWell(page, "a wrong code");
      await code.fill(made.json.recovery_codes[0]);
      await password.fill(NEW);
      await save.click();
      await logsIn(page, person);
    });

    test(`a new address is confirmed from both, ${how}`, async (t) => {
      const person = await mailing.server.person(`cleo${width}${colorScheme}`);
      const page = await mailing.page(t, {
        viewport,
        colorScheme,
        javaScriptEnabled,
        person,
        complaints: false,
      });
      const fresh = `${person.name}@elsewhere.example`;
      await page.goto("/profile");
      await page.getByLabel("Your e-mail").fill(fresh);
      await page.locator("#email-current-password").fill(person.password);
      await page.getByRole("button", { name: "Save e-mail" }).click();
      await page.getByText("Two mails are on their way").waitFor();
      await looksWell(page, "two mails are on their way");
      for (const words of [
        "once the link in the mail to the other address",
        "Your account has its new address.",
      ]) {
        const [path] = (await mails.next()).text.match(/\/address\/[\w-]{43}/);
        await page.goto(path);
        await page.getByText(`is to have the address ${fresh}`).waitFor();
        await looksWell(page, "the page of a link");
        await page.getByRole("button", { name: "Confirm" }).click();
        await page.getByText(words).waitFor();
        await looksWell(page, words);
      }
      await page.goto("/profile");
      await page
        .getByLabel("Your e-mail")
        .and(page.locator(`[value="${fresh}"]`))
        .waitFor();
      await mails.next();
    });

    test(`by a link from a mail, ${how}`, async (t) => {
      const person = await mailing.server.person(`ben${width}${colorScheme}`);
      const page = await open(mailing, t);
      await forgotten(page);
      await looksWell(page, "the page that mails a link");
      await page.getByLabel("Name or e-mail").fill(person.email);
      await page.getByRole("button", { name: "Send me a link" }).click();
      await page.getByText("a link is on its way").waitFor();
      await looksWell(page, "the link is on its way");
      const [path] = (await mails.next()).text.match(/\/recover\/[\w-]{43}/);
      await page.goto(path);
      await page.getByText(`For the account ${person.name}`).waitFor();
      await page.getByLabel("New password").fill("password");
      await page.getByRole("button", { name: "Save password" }).click();
      await page.getByText("Many people have this password").waitFor();
      await looksWell(page, "a bad password");
      await page.getByLabel("New password").fill(NEW);
      await page.getByRole("button", { name: "Save password" }).click();
      await logsIn(page, person);
      await mails.next();
    });
  }
}
