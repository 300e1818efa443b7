// Link previews as an official client hears them: live, and after it was away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Server } from "./support/server.mjs";
import { SHOWS_PREVIEWS, site } from "./support/site.mjs";

let server;
before(async () => {
  server = await Server.start(SHOWS_PREVIEWS);
});
after(() => server?.end());

test("a preview comes as a change of its message, also to a client that was away", async (t) => {
  const { url } = await site(t, {
    "/": `<title>Plum cake</title><meta property="og:image" content="/picture.png">`,
  });
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await anna.room("Kitchen");
  assert.equal((await ben.api("POST", `/rooms/${room}/join`, {})).status, 200);
  const seen = { [room]: 0 };
  const line = ben.dial({ auth: (send) => send({ rooms: seen }) });
  t.after(() => line.socket.disconnect());
  line.socket.connect();
  await line.ears.until("resumed");

  const answer = await anna.api("POST", `/rooms/${room}/messages`, { data: `look: ${url}` });
  assert.equal(answer.status, 201, answer.text);
  const said = answer.json.message;
  const first = await line.ears.until("message", ({ id }) => id === said.id);
  assert.equal(first.previews, undefined);
  const told = await line.ears.until("message_updated", ({ id }) => id === said.id);
  assert.equal(told.change, "preview");
  assert.equal(told.seq, first.seq + 1);
  const [{ title, image, ...rest }] = told.previews;
  assert.equal(title, "Plum cake");
  assert.match(image, /^\/previews\/[\w-]{32}$/);
  assert.deepEqual(rest, { url: `${url}/`, width: 360, height: 189 });

  seen[room] = first.seq;
  line.socket.disconnect();
  line.ears.forget();
  line.socket.connect();
  await line.ears.until("resumed");
  assert.deepEqual(line.ears.all("message"), []);
  assert.deepEqual(line.ears.all("message_updated"), [told]);
});
