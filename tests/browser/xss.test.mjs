// Every text of tests/xss as a message, in a browser without the content security policy: nothing of it runs, live or on a page made by
// the server, and all that it becomes are the elements and attributes that a message may have.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { Person } from "../clients/support/person.mjs";
import { eventually, message, Stage } from "./support/browser.mjs";

const VECTORS = JSON.parse(await readFile(new URL("../xss/vectors.json", import.meta.url), "utf8"));
const BATCH = 40;
const ELEMENTS =
  "A BLOCKQUOTE BR CODE DEL DIV EM HR LI OL P PRE SPAN STRONG TABLE TBODY TD TH THEAD TR UL".split(" ");
const ATTRIBUTES = ["class", "data-user-id", "href", "rel", "start", "tabindex", "target"];

let stage;
before(async () => {
  stage = await Stage.open({ "message-rate": 0 });
});
after(() => stage?.close());

/** What in the messages' texts is not on the lists; handlers of a mouse or of the keyboard's focus have had their chance. */
function faults(page) {
  return page.evaluate(
    ({ elements, attributes }) =>
      [...document.querySelectorAll(".message-text *")].flatMap((element) => {
        for (const kind of ["pointerenter", "mouseover", "focus", "click", "animationstart"]) {
          element.dispatchEvent(new Event(kind, { cancelable: true }));
        }
        const names = [...element.attributes].filter(({ name }) => !attributes.includes(name));
        const web = element.tagName !== "A" || /^https?:/.test(element.protocol);
        return elements.includes(element.tagName) && names.length === 0 && web ? [] : [element.outerHTML];
      }),
    { elements: ELEMENTS, attributes: ATTRIBUTES },
  );
}

test("nothing of what people write runs", async (t) => {
  const anna = await Person.register(stage.server, "anna");
  const page = await stage.page(t, { person: anna, bypassCSP: true });
  const ran = [];
  page.on("dialog", (dialog) => {
    ran.push(dialog.message());
    return dialog.dismiss();
  });
  page.on("request", (request) => {
    const inline = /^(data|blob):/.test(request.url());
    if (!inline && new URL(request.url()).origin !== stage.server.url) ran.push(request.url());
  });
  await page.exposeFunction("__ran", (what) => ran.push(what));
  await page.addInitScript(() => {
    for (const name of ["alert", "msgbox", "print"]) globalThis[name] = () => globalThis.__ran(name);
  });
  await page.goto("/room/lobby");
  await page.evaluate(() => {
    const probe = document.createElement("div");
    probe.innerHTML = "<img src=data:, onerror=alert(1)>";
    return new Promise((loaded) => {
      probe.firstChild.addEventListener("error", loaded);
    });
  });
  assert.deepEqual(ran.splice(0), ["alert"], "a handler would be heard");

  const pages = [];
  for (let from = 0; from < VECTORS.length; from += BATCH) {
    for (const data of VECTORS.slice(from, from + BATCH)) {
      const { status, text } = await anna.api("POST", "/rooms/lobby/messages", { data });
      assert.equal(status, 201, `${data}: ${text}`);
    }
    const end = await anna.api("POST", "/rooms/lobby/messages", { data: `up to ${from}` });
    await message(page, `up to ${from}`).waitFor();
    assert.deepEqual(await faults(page), []);
    pages.push(end.json.message.id);
  }
  await eventually(async () => (await page.locator(".message").count()) > BATCH, "all of them are there");
  for (const id of pages) {
    await page.goto(`/room/lobby?before=${id}`);
    const least = Math.min(BATCH, VECTORS.length % BATCH);
    await eventually(async () => (await page.locator(".message").count()) >= least, "its messages are there");
    assert.deepEqual(await faults(page), []);
  }
  assert.deepEqual(ran, []);
});
