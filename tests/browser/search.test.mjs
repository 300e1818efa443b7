// Somebody looks for what was said, at a desk and on a phone, narrows it by filters, and comes to where it stands.
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Person } from "../clients/support/person.mjs";
import { zip } from "../clients/support/zip.mjs";
import { findsNothing } from "./support/axe.mjs";
import { becomes, SIZES, Stage } from "./support/browser.mjs";

const CHANNEL = [{ id: "C1", name: "kitchen", created: 1577836800, members: ["U1", "U2"] }];
const PEOPLE = [
  { id: "U1", name: "anna", profile: { display_name: "anna", email: "anna@example.org" } },
  { id: "U2", name: "bertha", profile: { display_name: "bertha", email: "bertha@example.org" } },
];
const OURS = "The plum cake is mine";
const WHERE = "Where is the cake?";
const LIST = "The list for the cake";
const LEMON = "A second cake, with <b>lemon</b>";

/** What was said on three days in another messenger, so that there is something before and after a day. */
const ARCHIVE = zip({
  "users.json": JSON.stringify(PEOPLE),
  "channels.json": JSON.stringify(CHANNEL),
  "kitchen/2020-01-02.json": JSON.stringify([{ user: "U1", ts: "1577959200.000100", text: OURS }]),
  "kitchen/2020-01-03.json": JSON.stringify([{ user: "U2", ts: "1578045600.000100", text: WHERE }]),
  "kitchen/2020-01-04.json": JSON.stringify([
    { user: "U2", ts: "1578132000.000100", text: LIST, files: [{ id: "F1", name: "list.txt" }] },
  ]),
  "__uploads/F1/list.txt": "plums",
});

let stage;
let anna;
before(async () => {
  stage = await Stage.open();
  const { server } = stage;
  anna = await Person.register(server, "anna");
  await server.stop();
  const path = join(server.folder, "export.zip");
  await writeFile(path, ARCHIVE);
  await server.command("import", "slack", `--archive=${path}`, "--match-email");
  await server.begin();
  for (const data of [LEMON, "Tea at four?"]) {
    const { status } = await anna.api("POST", "/rooms/lobby/messages", { data });
    assert.equal(status, 201);
  }
});
after(() => stage?.close());

const field = (page) => page.getByRole("searchbox");

async function look(page, query) {
  await field(page).fill(query);
  await field(page).press("Enter");
  await page.waitForURL((url) => url.searchParams.get("q") === query);
}

const texts = (page) => page.locator(".hit-text").allTextContents();

const FILTERS = [
  ["cake from:bertha", [LIST, WHERE]],
  ["from:@anna cake in:kitchen", [OURS]],
  ["cake in:lobby", [LEMON]],
  ["cake before:2020-01-03", [OURS]],
  ["cake after:2020-01-02 before:2020-01-04", [WHERE]],
  ["after:2020-01-03 cake", [LEMON, LIST]],
  ["has:file", [LIST]],
  ['"plum cake"', [OURS]],
];

const REFUSED = [
  ["cake before:soon", "Write a day after before:, like before:2026-02-28."],
  ["has:lemon", "Only has:file can be asked for."],
  ["from: cake", "Write a name after from:, like from:anna."],
];

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("what was said is found, with its words marked, and leads to its place", async (t) => {
      const page = await stage.page(t, { viewport, person: anna });
      await page.goto("/");
      await look(page, "cak");
      await becomes(() => texts(page), [LEMON, LIST, WHERE, OURS]);
      await becomes(() => page.locator(".hit mark").allTextContents(), ["cake", "cake", "cake", "cake"]);
      await findsNothing(page, "/search?q=cak");
      await page.locator(".hit", { hasText: OURS }).click();
      await page.waitForURL(/\/room\/\w+\/m\/\d+#m\d+$/);
      await page.locator(".message:target").getByText(OURS).waitFor();
      await becomes(
        () =>
          page.locator(".message:target").evaluate((found) => {
            const { top, bottom } = found.getBoundingClientRect();
            return top >= 0 && bottom <= innerHeight;
          }),
        true,
        "it is in sight",
      );
      await page.goBack();
      await becomes(() => field(page).inputValue(), "cak", "the way back leads to what was found");
    });

    test("filters narrow it", async (t) => {
      const page = await stage.page(t, { viewport, person: anna });
      await page.goto("/search");
      for (const [query, expected] of FILTERS) {
        await look(page, query);
        await becomes(() => texts(page), expected, query);
      }
      await findsNothing(page, "a search with filters");
    });

    test("what finds nothing, and what cannot be looked for, says why", async (t) => {
      const page = await stage.page(t, { viewport, person: anna });
      await page.goto("/search");
      for (const [query, said] of [
        ["gooseberry", /^Nothing fits in the rooms that you are in/],
        ["cake from:nobody", "Nobody here is called nobody."],
        ["cake in:elsewhere", "You are in no room called elsewhere."],
      ]) {
        await look(page, query);
        await page.getByText(said).waitFor();
        assert.deepEqual(await texts(page), [], query);
        await findsNothing(page, query);
      }
      for (const [query, said] of REFUSED) {
        await look(page, query);
        await page.locator("#search-error").getByText(said).waitFor();
        await becomes(() => field(page).inputValue(), query, "what was typed stays");
        assert.equal(await field(page).getAttribute("aria-invalid"), "true");
        await findsNothing(page, query);
      }
    });
  });
}
