// Files with messages: chosen, dropped and pasted; on their way, arrived, opened; and all of it with scripts off.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { png } from "../clients/support/png.mjs";
import { findsNothing } from "./support/axe.mjs";
import { becomes, eventually, fitsTheWidth, message, SIZES, Stage } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open({ "attachment-bytes": "2MiB" });
  await stage.server.person("owner");
});
after(() => stage?.close());

const RED = { name: "red.png", mimeType: "image/png", buffer: png(800, 400, [200, 40, 40]) };
const BLUE = { name: "blue.png", mimeType: "image/png", buffer: png(300, 500, [40, 60, 200]) };
const NOTES = { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("milk, bread") };

const chooser = (page) => page.locator("input[type=file]");
const field = (page) => page.getByRole("textbox", { name: /^Message to/ });

/** What a page's drag or clipboard carries. */
async function carried(page, files) {
  const plain = files.map(({ name, mimeType, buffer }) => ({
    name,
    mimeType,
    text: buffer.toString("base64"),
  }));
  return page.evaluateHandle((files) => {
    const transfer = new DataTransfer();
    for (const { name, mimeType, text } of files) {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      transfer.items.add(new File([bytes], name, { type: mimeType }));
    }
    return transfer;
  }, plain);
}

/** Anna and Ben look at a room of hers. */
async function pair(t, viewport) {
  const [anna, ben] = [await stage.server.person("anna"), await stage.server.person("ben")];
  const code = await anna.room("Pictures");
  const pages = [];
  for (const person of [anna, ben]) {
    const page = await stage.page(t, { person, viewport });
    await page.goto(`/room/${code}`);
    pages.push(page);
  }
  return { anna, code, hers: pages[0], his: pages[1] };
}

for (const [width, viewport] of Object.entries(SIZES)) {
  describe(`at ${width} px`, () => {
    test("chosen files stand above the field, can be taken out, and arrive with the words", async (t) => {
      const { hers, his } = await pair(t, viewport);
      await chooser(hers).setInputFiles([RED, NOTES, BLUE]);
      const strip = hers.locator(".chosen");
      await becomes(
        () => strip.locator(".chosen-name").allTextContents(),
        ["red.png", "notes.txt", "blue.png"],
      );
      await findsNothing(hers, "files above the field");
      await hers.getByRole("button", { name: "Remove blue.png" }).click();
      await becomes(() => strip.count(), 2);
      await field(hers).fill("look at this");
      await field(hers).press("Enter");
      await becomes(() => strip.count(), 0);
      for (const page of [hers, his]) {
        const article = message(page, "look at this");
        await article.locator(".picture[href]").waitFor();
        await article.locator(".file[href]").getByText("notes.txt").waitFor();
        const image = article.locator(".picture img");
        await eventually(
          () => image.evaluate((img) => img.complete && img.naturalWidth > 0),
          "the picture is there",
        );
        await eventually(async () => {
          const { width, height } = await image.boundingBox();
          return Math.abs(width / height - 2) < 0.05;
        }, "it is in proportion");
        await findsNothing(page, "a message with files");
      }
      const [download] = await Promise.all([
        his.waitForEvent("download"),
        his.getByText("notes.txt").click(),
      ]);
      assert.equal(download.suggestedFilename(), "notes.txt");
    });

    test("dropped and pasted files go without words, in a grid; a picture opens and closes", async (t) => {
      const { hers, his } = await pair(t, viewport);
      const dropped = await carried(hers, [RED, BLUE]);
      await hers.dispatchEvent(".messages", "dragenter", { dataTransfer: dropped });
      await hers.locator(".drop-here").waitFor();
      await hers.dispatchEvent(".messages", "drop", { dataTransfer: dropped });
      await becomes(() => hers.locator(".drop-here").count(), 0);
      const pasted = await carried(hers, [{ ...RED, name: "shot.png" }]);
      await field(hers).evaluate((element, clipboardData) => {
        element.dispatchEvent(
          new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }),
        );
      }, pasted);
      await becomes(() => hers.locator(".chosen").count(), 3);
      await field(hers).press("Enter");
      await eventually(async () => (await his.locator(".picture[href]").count()) === 3, "all three arrive");
      await findsNothing(his, "a grid of pictures");
      const first = his.locator(".picture").first();
      await first.click();
      const box = his.getByRole("dialog", { name: "Picture" });
      await box.getByText("red.png (1 of 3)").waitFor();
      await his.keyboard.press("ArrowRight");
      await box.getByText("blue.png (2 of 3)").waitFor();
      await findsNothing(his, "an open picture");
      await his.keyboard.press("Escape");
      await box.waitFor({ state: "detached" });
      await hers.reload();
      await becomes(() => hers.locator(".picture[href]").count(), 3);
    });

    test("with scripts off one form sends words and files", async (t) => {
      const anna = await stage.server.person("anna");
      const code = await anna.room("By form");
      const page = await stage.page(t, { person: anna, viewport, javaScriptEnabled: false });
      await page.goto(`/room/${code}`);
      await field(page).fill("by form");
      await page.getByLabel("Attach files").setInputFiles([RED, NOTES]);
      await fitsTheWidth(page, "the form with a file field");
      await page.getByRole("button", { name: "Send" }).click();
      const sent = message(page, "by form");
      await becomes(() => sent.locator(".picture").count(), 1);
      await sent
        .locator(".file")
        .filter({ hasText: /notes\.txt.*11 bytes/ })
        .waitFor();
      // One that does not fit is told; those that do wait, and go with the next try.
      const large = {
        name: "large.bin",
        mimeType: "application/octet-stream",
        buffer: Buffer.alloc(3 << 20),
      };
      await page.getByLabel("Attach files").setInputFiles([{ ...NOTES, name: "kept.txt" }, large]);
      await page.getByRole("button", { name: "Send" }).click();
      await page.getByText("This file is larger than 2 MiB").waitFor();
      await becomes(() => page.getByLabel("kept.txt").isChecked(), true);
      await page.getByRole("button", { name: "Send" }).click();
      await page.locator(".file").getByText("kept.txt").waitFor();
    });
  });
}

test("a message says how far its files have come, and arrives once after a break", async (t) => {
  const { hers, his, anna, code } = await pair(t);
  let asked = 0;
  await hers.route("**/api/v1/uploads", (route) => {
    asked += 1;
    // The first one never gets an answer.
    if (asked > 1) return route.continue();
  });
  await chooser(hers).setInputFiles([RED]);
  await field(hers).press("Enter");
  await hers.locator(".message.pending progress").waitFor();
  await findsNothing(hers, "files on their way");
  await eventually(() => asked === 1, "the file is on its way");
  // The page is left and opened again: the file is still in the browser.
  await hers.reload();
  await his.locator(".picture[href]").waitFor();
  await eventually(
    async () => (await hers.locator(".message.pending").count()) === 0,
    "nothing is on its way",
  );
  const { messages } = (await anna.api("GET", `/rooms/${code}/messages`)).json;
  assert.deepEqual(
    messages.map(({ attachments }) => attachments.map(({ name }) => name)),
    [["red.png"]],
  );
});

test("what does not fit is told before it is sent, and what the server refuses after", async (t) => {
  const { hers } = await pair(t);
  // The limits are known once the page is connected.
  await field(hers).fill("hello");
  await field(hers).press("Enter");
  await hers.locator(".message:not(.pending)").getByText("hello").waitFor();
  const large = { name: "large.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3 << 20) };
  await chooser(hers).setInputFiles([large]);
  await hers.getByRole("alert").getByText("large.bin is larger than 2.1 MB").waitFor();
  await becomes(() => hers.locator(".chosen").count(), 0);
  const torn = { ...RED, name: "torn.png", buffer: RED.buffer.subarray(0, 200) };
  await chooser(hers).setInputFiles([torn]);
  await field(hers).press("Enter");
  await hers.locator(".message.failed").getByText("This picture is damaged").waitFor();
  await hers.locator(".message.failed").getByRole("button", { name: "Delete" }).click();
  await hers.locator(".message.failed").waitFor({ state: "detached" });
  await becomes(() => hers.locator(".message").count(), 1);
});
