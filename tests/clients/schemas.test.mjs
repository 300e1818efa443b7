// What describes the server to programs: valid by the checkers of others, served by the server, and not stale.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Parser } from "@asyncapi/parser";
import { Validator } from "@seriousme/openapi-schema-validator";
import { build } from "esbuild";
import { PASSWORD } from "./support/person.mjs";
import { request } from "./support/request.mjs";
import { checkAck, checkBody, checkEvent } from "./support/schemas.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.end());

const root = fileURLToPath(new URL("../../", import.meta.url));
const kept = (name) => readFile(join(root, name), "utf8");

test("the server serves the documents that are kept", async () => {
  for (const [path, name, type] of [
    ["/api/schema.json", "docs/wire.schema.json", "application/json"],
    ["/api/openapi.json", "docs/openapi.json", "application/json"],
    ["/api/asyncapi.yaml", "docs/asyncapi.yaml", "application/yaml"],
  ]) {
    const answer = await request(server, "GET", path);
    assert.equal(answer.status, 200, path);
    assert.equal(answer.headers["content-type"], type);
    assert.equal(answer.text, await kept(name), `${path}: build the server, then run the tests again`);
  }
});

test("AsyncAPI's own parser finds nothing wrong, and every event and acknowledgement", async () => {
  const { document, diagnostics } = await new Parser().parse(await kept("docs/asyncapi.yaml"));
  const wrong = diagnostics.filter(({ severity }) => severity < 2);
  assert.deepEqual(wrong, []);
  const wire = JSON.parse(await kept("docs/wire.schema.json"));
  const events = (operations) => operations.map((operation) => operation.messages()[0].name()).sort();
  const { sent, received } = {
    sent: document.operations().filterBySend(),
    received: document.operations().filterByReceive(),
  };
  assert.deepEqual(events(sent), Object.keys(wire["x-events"]).sort());
  assert.deepEqual(events(received), ["connect", ...Object.keys(wire["x-requests"])].sort());
  const answered = received.filter((operation) => operation.reply());
  assert.equal(answered.length, received.length - 1, "every event but the CONNECT packet has a reply");
});

test("the OpenAPI document is valid by OpenAPI 3.1", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(await kept("docs/openapi.json")));
  assert.deepEqual([valid, errors ?? []], [true, []]);
  assert.equal(validator.version, "3.1");
});

test("the TypeScript types are not stale", () => {
  execFileSync(process.execPath, [join(root, "web/generate.mjs"), "--check"], { stdio: "pipe" });
});

test("what does not match its schema is found", () => {
  const error = { code: "invalid", message: "No." };
  const message = /does not match its schema/;
  checkEvent("problem", { event: "x", error });
  checkEvent("message", { name: "anna", message: "has left the room" });
  checkAck("typing", { ok: true });
  checkAck("nonsense", { ok: false, error });
  checkBody("GET", "/api/v1/me", 401, { error });
  checkBody("DELETE", "/api/v1/tokens/current", 204, undefined);
  checkBody("GET", "/api/v1/nothing", 404, { error });
  assert.throws(() => checkEvent("message", { name: "anna", message: "hello" }), message);
  assert.throws(() => checkEvent("resumed", { room: "lobby", seq: 1.5, more: false }), message);
  assert.throws(() => checkEvent("resumed", { room: "lobby", seq: 1, more: false, other: 1 }), message);
  assert.throws(() => checkEvent("surprise", {}), /no schema names/);
  assert.throws(() => checkAck("rooms", { ok: true }), message);
  assert.throws(() => checkAck("rooms", { ok: false, error: { ...error, code: "bad" } }), message);
  assert.throws(() => checkAck("rooms", undefined), /neither yes nor no/);
  assert.throws(() => checkBody("GET", "/api/v1/me", 200, { user: {} }), message);
  assert.throws(() => checkBody("GET", "/api/v1/me", 418, { error }), /does not name/);
  assert.throws(() => checkBody("GET", "/api/v1/nothing", 200, {}), /not in docs/);
  const sent = { id: 1, seq: 1, created_at: "2026-11-24T10:00:00.000Z", duplicate: false };
  checkAck("message", { ok: true, ...sent });
  for (const created_at of ["2026-11-24T10:00:00Z", "2026-13-24T10:00:00.000Z", "now"]) {
    assert.throws(() => checkAck("message", { ok: true, ...sent, created_at }), message);
  }
});

/** The TypeScript example, for a Node that does not run TypeScript itself. */
async function compiled() {
  const folder = join(root, "node_modules/.cache/parlor");
  await mkdir(folder, { recursive: true });
  const outfile = join(folder, "typescript-client.mjs");
  const { outputFiles } = await build({
    entryPoints: [join(root, "examples/typescript-client/client.ts")],
    bundle: true,
    format: "esm",
    packages: "external",
    platform: "node",
    write: false,
  });
  await writeFile(outfile, outputFiles[0].contents);
  return outfile;
}

test("the TypeScript client joins, says what is typed and prints what is said", async (t) => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const room = await ben.room("Typed talk");
  const { ears, ask } = await ben.inRoom(t, room);
  const settings = {
    NODE_EXTRA_CA_CERTS: join(server.folder, "certs", "cert.pem"),
    PARLOR_URL: server.url,
    PARLOR_LOGIN: anna.name,
    PARLOR_PASSWORD: PASSWORD,
    PARLOR_ROOM: room,
  };
  const child = spawn(process.execPath, [await compiled()], { env: { ...process.env, ...settings } });
  t.after(() => child.kill());
  const lines = [];
  const output = createInterface({ input: child.stdout }).on("line", (line) => lines.push(line));
  const until = async (line) => {
    while (!lines.includes(line)) await once(output, "line", { signal: AbortSignal.timeout(20_000) });
  };
  await until(`In Typed talk with ${anna.name}, ${ben.name}`);
  await ask("message", { room, data: "said to types" });
  await until(`${ben.name}: said to types`);
  child.stdin.end("typed in types\n");
  await ears.until("message", ({ text, name }) => text === "typed in types" && name === anna.name);
  const [code] = await once(child, "exit");
  assert.equal(code, 0, "it ends with what is typed");
});
