// People whose accounts an import brought take them over by their links: at a desk, on a phone, and with scripts off.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { zip } from "../clients/support/zip.mjs";
import { findsNothing } from "./support/axe.mjs";
import { becomes, fitsTheWidth, message, SIZES, Stage, say } from "./support/browser.mjs";

const cases = Object.entries(SIZES).map(([width, viewport]) => [`at ${width} px`, { viewport }]);
cases.push(["with scripts off", { viewport: SIZES[390], javaScriptEnabled: false }]);
const names = ["desk.anna", "phone.anna", "plain.anna"];

/** An export of Slack in which each of these people said something in one channel. */
function archive() {
  const ids = names.map((_, index) => `U${index}`);
  const users = names.map((name, index) => ({
    id: ids[index],
    name,
    profile: { display_name: name, email: `${name}@old.example` },
  }));
  const said = names.map((name, index) => ({
    type: "message",
    user: ids[index],
    ts: `${1577952000 + index}.000100`,
    text: `${name} was here`,
  }));
  return zip({
    "users.json": JSON.stringify(users),
    "channels.json": JSON.stringify([{ id: "C1", name: "kitchen", created: 1577836800, members: ids }]),
    "kitchen/2020-01-02.json": JSON.stringify(said),
  });
}

let stage;
let links;
before(async () => {
  stage = await Stage.open();
  const { server } = stage;
  await server.person("owner");
  await server.stop();
  const path = join(server.folder, "export.zip");
  await writeFile(path, archive());
  await server.command("import", "slack", `--archive=${path}`);
  const told = await server.command("import", "claim");
  links = Object.fromEntries(
    told
      .trim()
      .split("\n")
      .map((line) => line.split("\t"))
      .map(([name, , link]) => [name, link]),
  );
  await server.begin();
});
after(() => stage?.close());

cases.forEach(([where, options], index) => {
  describe(where, () => {
    test("a link welcomes its person, tells what is wrong, and gives them what they said before", async (t) => {
      const name = names[index];
      const chosen = `${name}.now`;
      const looks = async (page, what) =>
        options.javaScriptEnabled === false ? fitsTheWidth(page, what) : findsNothing(page, what);
      const page = await stage.page(t, options);
      await page.goto(links[name]);
      await page.getByRole("heading", { level: 1, name: `Welcome, ${name}` }).waitFor();
      const field = (label) => page.getByLabel(label, { exact: true });
      await becomes(() => field("Name").inputValue(), name);
      await becomes(() => field("E-mail").inputValue(), `${name}@old.example`);
      await looks(page, "a claim link");

      const take = page.getByRole("button", { name: "Take this account" });
      await field("Name").fill("owner1");
      await field("E-mail").fill(`${chosen}@example.org`);
      await field("Password").fill("quiet armchairs 7");
      await take.click();
      await page.getByText("That name is taken. Try another.").waitFor();
      await becomes(() => field("E-mail").inputValue(), `${chosen}@example.org`);
      assert.equal(await field("Password").inputValue(), "", "a password never comes back");
      await looks(page, "a claim that is refused");

      await field("Name").fill(chosen);
      await field("Password").fill("quiet armchairs 7");
      await take.click();
      await page.waitForURL(/\/$/);
      await page.getByRole("link", { name: /kitchen/ }).click();
      await page.waitForURL(/\/room\//);
      const said = message(page, `${name} was here`);
      await said.waitFor();
      await becomes(() => said.locator(".message-name").textContent(), chosen);
      await say(page, `Here again, ${name}`);
      await message(page, `Here again, ${name}`).waitFor();

      const late = await stage.page(t, options);
      await late.goto(links[name]);
      await late.getByText("This link does not hold any more.").waitFor();
      await looks(late, "a claim link that was used");
    });
  });
});
