// Running the site on its pages: accounts are found, made, disabled and given a new password; rooms are archived and
// deleted; and the audit log says so.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { request } from "../clients/support/request.mjs";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, SIZES, Stage } from "./support/browser.mjs";

let stage;
let admin;
before(async () => {
  stage = await Stage.open();
  admin = await stage.server.person("owner");
});
after(() => stage?.close());

const cases = Object.entries(SIZES).flatMap(([width, viewport]) =>
  ["light", "dark"].map((colorScheme) => [`${width} px, ${colorScheme}`, { viewport, colorScheme }]),
);
cases.push(["390 px, with scripts off", { viewport: SIZES[390], javaScriptEnabled: false }]);

/** The page of this name among those for admins. */
async function goTo(page, name) {
  await page.getByRole("navigation", { name: "Admin" }).getByRole("link", { name, exact: true }).click();
  await page.getByRole("heading", { level: 1, name, exact: true }).waitFor();
}

/** What somebody is told who logs in with these. */
async function logIn(login, password) {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ login, password });
  return (await request(stage.server, "POST", "/api/v1/tokens", { headers, body })).status;
}

for (const [index, [where, options]] of cases.entries()) {
  const scripts = options.javaScriptEnabled !== false;
  const looks = (page, what) => (scripts ? findsNothing(page, what) : fitsTheWidth(page, what));

  test(`accounts are run at ${where}`, async (t) => {
    const person = await stage.server.person("anna");
    await person.token();
    const page = await stage.page(t, { ...options, person: admin });
    const press = (name) => page.getByRole("button", { name }).click();
    await page.goto("/admin");
    await looks(page, "reports");
    await goTo(page, "People");
    await looks(page, "people");
    await page.getByLabel("Name or e-mail").fill(person.name.toUpperCase());
    await press("Search");
    await page.getByRole("heading", { level: 2, name: "Found" }).waitFor();
    await page.getByRole("link", { name: person.name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name: person.name }).waitFor();
    await looks(page, "a person");
    await press("Disable account");
    await page.getByText("The account is disabled.").waitFor();
    assert.equal((await person.api("GET", "/me")).status, 401);
    await press("Enable account");
    await page.getByText("The account is open.").waitFor();
    await press("Make an admin");
    await page.getByText("runs the site from now on").waitFor();
    await press("End that");
    await page.getByText("no longer runs the site").waitFor();

    const confirm = page.getByLabel("Type the account's name");
    await confirm.fill("somebody else");
    await press("Give a new password");
    await page.getByText("as it stands to give it a new password").waitFor();
    await looks(page, "a name that is not the account's");
    await confirm.fill(person.name);
    await press("Give a new password");
    const shown = page.getByLabel("New password", { exact: true });
    await shown.waitFor();
    await looks(page, "a new password");
    assert.equal(await logIn(person.name, await shown.inputValue()), 201);
    assert.equal(await logIn(person.name, person.password), 401);

    await goTo(page, "People");
    const name = `newcomer.${index}`;
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("E-mail", { exact: true }).fill(`${name}@example.org`);
    await press("Create account");
    await page.getByRole("heading", { level: 1, name }).waitFor();
    assert.equal(await logIn(name, await shown.inputValue()), 201);
    await goTo(page, "Audit log");
    await page.getByText(`${admin.name} made the account ${name}.`).waitFor();
    await page.getByText(`${admin.name} gave ${person.name} a new password.`).waitFor();
    await looks(page, "the audit log");
  });

  test(`rooms are run at ${where}`, async (t) => {
    const name = `Attic ${index}`;
    await admin.api("POST", "/rooms", { name, visibility: "private", topic: "old things" });
    const page = await stage.page(t, { ...options, person: admin });
    const press = (what) => page.getByRole("button", { name: what }).click();
    await page.goto("/admin");
    await goTo(page, "Rooms");
    await looks(page, "rooms");
    await page.getByRole("link", { name, exact: true }).click();
    await page.getByRole("heading", { level: 1, name }).waitFor();
    await looks(page, "a room");
    await press("Archive room");
    await page.getByText("The room is archived.").waitFor();
    await press("Open the room again");
    await page.getByText("The room is open again.").waitFor();
    await page.getByLabel("Type the room's name").fill("Cellar");
    await press("Delete room");
    await page.getByText("as it stands to delete the room").waitFor();
    await looks(page, "a name that is not the room's");
    await page.getByLabel("Type the room's name").fill(name);
    await press("Delete room");
    await page.getByText("The room is deleted.").waitFor();
    await becomes(() => page.getByRole("link", { name, exact: true }).count(), 0, "it is gone");
  });
}
