// The example bots are run as they are, with a token that may do what their README says, and answer in a room.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Server } from "./support/server.mjs";

let server;
let owner;
before(async () => {
  server = await Server.start();
  owner = await server.person("owner");
});
after(() => server?.end());

const example = (path) => fileURLToPath(new URL(`../../examples/${path}`, import.meta.url));
// With python-socketio in it, as tests/matrix/requirements.txt names it.
const PYTHON = process.env.PARLOR_PYTHON ?? "target/matrix/venv/bin/python";

/** A token of a new bot; the first account of a server owns its lobby, and so may make bots. */
async function token(name) {
  const made = await owner.api("POST", "/bots", { name });
  assert.equal(made.status, 201, made.text);
  const scopes = ["read", "write", "join"];
  const issued = await owner.api("POST", `/bots/${made.json.bot.user.id}/tokens`, { scopes });
  assert.equal(issued.status, 201, issued.text);
  return issued.json.token;
}

/** Starts a bot in a room; resolves once it says that it listens. */
async function start(t, command, room, bearer) {
  const ca = join(server.folder, "certs", "cert.pem");
  const env = { ...process.env, PARLOR_URL: server.url, PARLOR_TOKEN: bearer, PARLOR_ROOM: room };
  const child = spawn(command[0], command.slice(1), {
    env: { ...env, NODE_EXTRA_CA_CERTS: ca, SSL_CERT_FILE: ca },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exit = once(child, "exit");
  t.after(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  let told = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    told += text;
  });
  const ended = exit.then(([code]) => {
    throw new Error(`the bot ended with ${code}: ${told}`);
  });
  ended.catch(() => {});
  const lines = createInterface({ input: child.stdout });
  await Promise.race([once(lines, "line", { signal: AbortSignal.timeout(30_000) }), ended]);
  return { exit, told: () => told };
}

for (const [name, command, question, answer] of [
  ["dice", [process.execPath, example("bot-node/bot.mjs")], "!roll 3d1", "1 + 1 + 1 = 3"],
  ["counter", [PYTHON, example("bot-python/bot.py")], "!count one two three", "3 words"],
]) {
  test(`${name} answers in its room, also after the server was killed, each question once`, async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room("Games");
    await start(t, command, room, await token(name));
    const { ears, ask } = await anna.inRoom(t, room);
    const answers = ({ name: author, text }) => author === name && text === `@${anna.name} ${answer}`;
    await ask("message", { room, data: "not a question" });
    await ask("message", { room, data: question });
    await ears.until("message", answers);
    await server.crash();
    await server.begin();
    const back = await anna.inRoom(t, room);
    await back.ask("message", { room, data: question });
    await back.ears.until("message", answers);
    const { messages } = (await anna.api("GET", `/rooms/${room}/messages`)).json;
    assert.equal(messages.filter((message) => message.name === name).length, 2);
    assert.equal(messages.length, 5);
  });
}

test("a bot whose token does not hold says so and ends", async (t) => {
  const bearer = "A".repeat(43);
  await assert.rejects(
    start(t, [process.execPath, example("bot-node/bot.mjs")], "lobby", bearer),
    /ended with 1: unauthorized/,
  );
});
