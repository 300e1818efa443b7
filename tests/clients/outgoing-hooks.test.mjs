// What outgoing webhooks post, checked by the library that their receivers use.
import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import { after, before, test } from "node:test";
import { Webhook } from "standardwebhooks";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start({ "outgoing-to-private-addresses": true });
});
after(() => server?.end());

/** A receiver that answers with the next of `statuses`, then with 204; `next` resolves with what was posted. */
async function receiver(t, statuses = []) {
  const posts = [];
  const local = http.createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    posts.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 204).end();
    local.emit("posted");
  });
  local.listen(0, "127.0.0.1");
  await once(local, "listening");
  t.after(() => local.close());
  let read = 0;
  const next = async () => {
    while (posts.length <= read) await once(local, "posted", { signal: AbortSignal.timeout(40_000) });
    return posts[read++];
  };
  return { url: `http://127.0.0.1:${local.address().port}/hook`, next };
}

async function hook(anna, room, url) {
  const made = await anna.api("POST", `/rooms/${room}/outgoing-hooks`, { url });
  assert.equal(made.status, 201, made.text);
  return { id: made.json.hook.id, secret: new Webhook(made.json.secret) };
}

test("each message and each change to one is posted, signed as Standard Webhooks say", async (t) => {
  const anna = await server.person("anna");
  const room = await anna.room();
  const { url, next } = await receiver(t);
  const { secret } = await hook(anna, room, url);
  const said = (await anna.api("POST", `/rooms/${room}/messages`, { data: "hello" })).json.message;
  const first = await next();
  assert.equal(first.headers["content-type"], "application/json");
  const told = secret.verify(first.body, first.headers);
  assert.equal(told.type, "message");
  assert.deepEqual(told.data.message, said);
  assert.throws(() => secret.verify(`${first.body} `, first.headers), /No matching signature/);
  const edited = (await anna.api("PATCH", `/messages/${said.id}`, { data: "hello again" })).json.message;
  const second = await next();
  const changed = secret.verify(second.body, second.headers);
  assert.equal(changed.type, "message_updated");
  assert.deepEqual(changed.data, { message: edited, change: "edited" });
  assert.notEqual(first.headers["webhook-id"], second.headers["webhook-id"]);
});

test("what was not taken is posted again under its id, also after the server was killed", async (t) => {
  const anna = await server.person("anna");
  const room = await anna.room();
  const { url, next } = await receiver(t, [500]);
  const { secret } = await hook(anna, room, url);
  await anna.api("POST", `/rooms/${room}/messages`, { data: "stubborn" });
  const first = await next();
  await server.crash();
  await server.begin();
  const second = await next();
  assert.equal(second.headers["webhook-id"], first.headers["webhook-id"]);
  assert.equal(secret.verify(second.body, second.headers).data.message.text, "stubborn");
});

test("a receiver that is gone is told nothing more", async (t) => {
  const anna = await server.person("anna");
  const room = await anna.room();
  const { url, next } = await receiver(t, [410]);
  await hook(anna, room, url);
  const other = await receiver(t);
  await hook(anna, room, other.url);
  await anna.api("POST", `/rooms/${room}/messages`, { data: "one" });
  await next();
  await other.next();
  // Nothing tells of it, so it is looked at again.
  const disabled = async () =>
    (await anna.api("GET", `/rooms/${room}/outgoing-hooks`)).json.hooks.find((one) => one.url === url)
      .disabled;
  while (!(await disabled())) await new Promise((again) => setTimeout(again, 50));
});
