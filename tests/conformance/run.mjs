// Runs the Socket.IO project's own suites, unmodified, against the example server, and holds the result to the list of
// known failures. Called by `make conformance`.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { connect } from "node:net";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { differences, outcome, write } from "./report.mjs";
import { given, Problem, prepare, SUITES } from "./suites.mjs";

const HERE = import.meta.dirname;
const ROOT = resolve(HERE, "../..");
/** The port that is written into the suites. */
const PORT = 3000;
/** How often a test is tried before it counts as failed; only those listed as races may need more than one try. */
const TRIES = 6;
/** How long a suite may take, in milliseconds. */
const SUITE_WITHIN = 180_000;
/** How long the server may take to listen, in milliseconds. */
const LISTENS_WITHIN = 10_000;

const { values: options } = parseArgs({
  options: { server: { type: "string" }, work: { type: "string" }, suites: { type: "string" } },
});

async function listens() {
  const socket = connect(PORT, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function start() {
  if (await listens()) {
    throw new Problem(
      `Port ${PORT} is taken, and the suites have it written into them. Free it, then run this again.`,
    );
  }
  const server = spawn(resolve(options.server), { stdio: ["ignore", "inherit", "inherit"] });
  const until = Date.now() + LISTENS_WITHIN;
  while (!(await listens())) {
    if (server.exitCode !== null || Date.now() > until) {
      server.kill();
      throw new Problem(`${options.server} does not listen on port ${PORT}.`);
    }
    await sleep(50);
  }
  return server;
}

/** Runs one suite with mocha, and reads its results. */
function run(suite, work) {
  const results = join(work, `${suite.name}.json`);
  rmSync(results, { force: true });
  const parameters = [
    // The server listens on IPv4, and `localhost` may be either.
    "--dns-result-order=ipv4first",
    join(HERE, "node_modules/mocha/bin/mocha"),
    "--exit",
    `--retries=${TRIES - 1}`,
    "--reporter=json",
    `--reporter-option=output=${results}`,
    "test-suite.js",
  ];
  const ended = spawnSync(process.execPath, parameters, {
    cwd: join(work, suite.name),
    timeout: SUITE_WITHIN,
    encoding: "utf8",
  });
  if (!existsSync(results)) {
    throw new Problem(
      `The suite ${suite.name} did not come to an end. ${ended.error?.message ?? ended.stderr}`,
    );
  }
  return outcome(results);
}

async function main() {
  const work = resolve(options.work);
  prepare(given(options.suites), work);
  // Node looks for what the suites import in the folders above them.
  const modules = join(work, "node_modules");
  rmSync(modules, { force: true });
  symlinkSync(join(HERE, "node_modules"), modules);
  const known = JSON.parse(readFileSync(join(HERE, "known-failures.json"), "utf8"));
  const server = await start();
  const results = [];
  let exact = true;
  try {
    for (const suite of SUITES) {
      const got = run(suite, work);
      results.push({ suite, outcome: got });
      const tried = got.again.length > 0 ? ` (${got.again.length} on another try)` : "";
      console.log(`${suite.name}: ${got.passed.length} passed, ${got.failed.length} failed${tried}`);
      for (const difference of differences(got, known.failures[suite.name], known.races[suite.name])) {
        exact = false;
        console.log(`  ${difference}`);
      }
    }
  } finally {
    server.kill();
  }
  if (!exact) {
    throw new Problem(
      "The suites and tests/conformance/known-failures.json do not agree. Mend the server, or the list with its cause.",
    );
  }
  write(join(ROOT, "docs/protocol.md"), results, known);
}

try {
  await main();
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  console.error(`conformance: ${error.message}`);
  process.exitCode = 1;
}
