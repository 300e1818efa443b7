// Chromium speaks HTTP/2 for pages and polls, and HTTP/1.1 for the WebSocket, at one address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { message, Stage, say } from "./support/browser.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage?.close());

/** The protocols over which the page and what it loaded came. */
function protocols(page, type) {
  return page.evaluate(
    (wanted) =>
      performance.getEntriesByType(wanted).map(({ name, nextHopProtocol }) => [name, nextHopProtocol]),
    type,
  );
}

test("a room opens over HTTP/2, and what is said comes over a WebSocket", async (t) => {
  const person = await stage.server.person("anna");
  const room = await person.room("Tea");
  const page = await stage.page(t, { person });
  const opened = page.waitForEvent("websocket");
  await page.goto(`/room/${room}`);
  const socket = await opened;
  await say(page, "over two protocols");
  await message(page, "over two protocols").waitFor();
  assert.match(socket.url(), /^wss:.*transport=websocket/);
  assert.equal(socket.isClosed(), false);
  const loaded = [...(await protocols(page, "navigation")), ...(await protocols(page, "resource"))];
  assert.ok(loaded.length > 2, `${loaded.length}`);
  for (const [name, protocol] of loaded) {
    // What the browser has kept has no protocol.
    assert.ok(["h2", ""].includes(protocol), `${name} came by ${protocol}`);
  }
  assert.equal(loaded[0][1], "h2");
});

test("a client that only polls does so over HTTP/2, beside other pages of its browser", async (t) => {
  const person = await stage.server.person("ben");
  const room = await person.room("Coffee");
  const page = await stage.page(t, { person });
  await page.goto("/profile");
  await page.addScriptTag({ url: "/socket.io/socket.io.js" });
  const token = await person.token();
  await page.evaluate(
    async ({ token, room }) => {
      globalThis.heard = [];
      globalThis.socket = globalThis.io({ transports: ["polling"], auth: { token } });
      globalThis.socket.on("message", ({ text }) => globalThis.heard.push(text));
      await globalThis.socket.timeout(10_000).emitWithAck("join", { room });
    },
    { token, room },
  );
  // Another page over the same connection, while the poll waits.
  const other = await page.context().newPage();
  await other.goto(`/room/${room}`);
  await say(other, "to who polls");
  await page.waitForFunction(() => globalThis.heard.includes("to who polls"));
  const polls = (await protocols(page, "resource")).filter(([name]) => name.includes("transport=polling"));
  assert.ok(polls.length >= 2, `${polls.length}`);
  for (const [name, protocol] of polls) assert.equal(protocol, "h2", name);
  await page.evaluate(() => globalThis.socket.disconnect());
});
