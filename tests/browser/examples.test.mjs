// The page of plain HTML is opened as a reader would: from a server of its own, with a token.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { becomes, Stage } from "./support/browser.mjs";

const PAGE = new URL("../../examples/html-client/index.html", import.meta.url);
const WRITTEN_FOR = "https://127.0.0.1:5000";

let files;
let origin;
let stage;
before(async () => {
  const page = await readFile(PAGE, "utf8");
  files = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(page.replaceAll(WRITTEN_FOR, stage.server.url));
  });
  files.listen(0, "127.0.0.1");
  await once(files, "listening");
  origin = `http://127.0.0.1:${files.address().port}`;
  stage = await Stage.open({ "allowed-origin": origin });
});
after(async () => {
  await stage?.close();
  files?.closeAllConnections();
  files?.close();
});

/** The page with `token` given when it asks. */
async function open(t, token) {
  const page = await stage.page(t, { complaints: false });
  page.on("dialog", (dialog) => dialog.accept(token));
  await page.goto(origin);
  return page;
}

test("the page of plain HTML shows what was said, says, and hears", async (t) => {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  await ben.api("POST", "/rooms/lobby/join");
  await ben.api("POST", "/rooms/lobby/messages", { data: "said before" });
  const page = await open(t, await anna.token());
  await page.getByText(`${ben.name}: said before`).waitFor();
  await page.getByLabel("Message").fill("<b>from a page</b>");
  await page.getByRole("button", { name: "Send" }).click();
  await page.getByText(`${anna.name}: <b>from a page</b>`).waitFor();
  await ben.api("POST", "/rooms/lobby/messages", { data: "said after" });
  await page.getByText(`${ben.name}: said after`).waitFor();
  await becomes(() => page.locator("li").count(), 3);
});

test("without a valid token it says so", async (t) => {
  const page = await open(t, "no token");
  await page.getByText("unauthorized").waitFor();
});
