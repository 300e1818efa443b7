// Prints the size of a Parlor binary and its cold start: from starting the process to the first 200 on /healthz,
// on a fresh data folder of its own, the median of several starts.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const STARTS = 9;
const DEADLINE_MS = 30_000;
const binary = resolve(process.argv[2] ?? "target/release/parlor");

/** The status of one GET; the certificate was made a moment ago, so there is nothing to check it against. */
function statusOf(url) {
  return new Promise((done) => {
    const asked = request(url, { rejectUnauthorized: false, agent: false }, (answer) => {
      answer.resume();
      done(answer.statusCode);
    });
    asked.on("error", () => done(0));
    asked.end();
  });
}

/** The address that the server prints on its first line. */
async function addressOf(server) {
  for await (const line of createInterface({ input: server.stdout })) {
    const found = line.match(/^Parlor is at (\S+)$/);
    if (found) return found[1];
  }
  throw new Error("the server ended without printing its address");
}

async function coldStart() {
  const folder = await mkdtemp(join(tmpdir(), "parlor-cold-start-"));
  const begun = performance.now();
  const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", "--data-dir", folder], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, PARLOR_LOG: "warn" },
  });
  const ended = once(server, "exit");
  try {
    const address = await addressOf(server);
    while ((await statusOf(`${address}/healthz`)) !== 200) {
      if (performance.now() - begun > DEADLINE_MS) throw new Error(`no answer within ${DEADLINE_MS} ms`);
    }
    return performance.now() - begun;
  } finally {
    server.kill("SIGTERM");
    await ended;
    await rm(folder, { recursive: true, force: true });
  }
}

const { size } = await stat(binary);
const times = [];
for (let start = 0; start < STARTS; start += 1) times.push(await coldStart());
times.sort((a, b) => a - b);
const ms = (time) => `${time.toFixed(0)} ms`;
console.log(`binary: ${(size / 2 ** 20).toFixed(1)} MiB (${size} bytes)`);
console.log(
  `cold start: ${ms(times[STARTS >> 1])} median of ${STARTS} (${ms(times[0])} to ${ms(times[STARTS - 1])})`,
);
