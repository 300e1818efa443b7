// The examples are run as they are: what a reader copies works.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { PASSWORD } from "./support/person.mjs";
import { Server } from "./support/server.mjs";

let server;
before(async () => {
  server = await Server.start();
});
after(() => server?.end());

const ROOT = new URL("../../", import.meta.url);
const CLIENT = fileURLToPath(new URL("examples/node-client/client.mjs", ROOT));

/** The example as a program of its own; `until` waits for a line that it prints. */
function run(t, settings) {
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: join(server.folder, "certs", "cert.pem"), ...settings };
  const child = spawn(process.execPath, [CLIENT], { env, stdio: ["pipe", "pipe", "pipe"] });
  const exit = once(child, "exit");
  t.after(async () => {
    child.kill("SIGTERM");
    await exit;
  });
  const lines = [];
  const output = createInterface({ input: child.stdout });
  output.on("line", (line) => lines.push(line));
  const until = async (line) => {
    while (!lines.includes(line)) await once(output, "line", { signal: AbortSignal.timeout(20_000) });
  };
  return { child, exit, lines, until };
}

test("the Node client joins, says what is typed, prints what is said, and misses nothing over a restart", async (t) => {
  const [anna, ben] = [await server.person("anna"), await server.person("ben")];
  const listener = await ben.inRoom(t, "lobby");
  const settings = { PARLOR_URL: server.url, PARLOR_LOGIN: anna.name, PARLOR_PASSWORD: PASSWORD };
  const client = run(t, settings);
  client.child.stdin.write("typed in a terminal\n");
  await client.until(`${anna.name}: typed in a terminal`);
  await listener.ears.until(
    "message",
    ({ text, name }) => text === "typed in a terminal" && name === anna.name,
  );
  await listener.ask("message", { room: "lobby", data: "heard in a terminal" });
  await client.until(`${ben.name}: heard in a terminal`);
  assert.equal(await server.stop(), 0);
  client.child.stdin.write("typed while it was away\n");
  await server.begin();
  await ben.api("POST", "/rooms/lobby/messages", { data: "said after the restart" });
  await client.until(`${ben.name}: said after the restart`);
  await client.until(`${anna.name}: typed while it was away`);
  assert.equal(new Set(client.lines).size, 4);
  assert.equal(client.lines.length, 4);
  const { messages } = (await ben.api("GET", "/rooms/lobby/messages")).json;
  assert.equal(messages.length, 4);
});

test("the Node client says why it cannot log in", async (t) => {
  const client = run(t, { PARLOR_URL: server.url, PARLOR_LOGIN: "nobody", PARLOR_PASSWORD: "wrong" });
  let told = "";
  client.child.stderr.setEncoding("utf8").on("data", (text) => {
    told += text;
  });
  const [code] = await client.exit;
  assert.equal(code, 1);
  assert.match(told, /do not belong together/);
});

test("the README shows the examples as they are, and links to files that exist", async () => {
  const readme = await readFile(new URL("README.md", ROOT), "utf8");
  for (const example of ["examples/node-client/client.mjs", "examples/html-client/index.html"]) {
    const text = await readFile(new URL(example, ROOT), "utf8");
    assert.ok(readme.includes(`\n${text}\`\`\`\n`), `${example} is in the README`);
  }
  const links = [...readme.matchAll(/(?:\]\(|src="|srcset=")([^)"#]+)/g)].map(([, link]) => link);
  assert.ok(links.length > 8);
  for (const link of links.filter((one) => !one.startsWith("https:"))) await readFile(new URL(link, ROOT));
});
