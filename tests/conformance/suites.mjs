// Where the Socket.IO project's suites and its chat example are: in a folder that was given, or fetched at one commit
// from the public repository. They are run from the build folder; nothing of them is kept in ours.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";

const REPOSITORY = "https://github.com/socketio/socket.io.git";
const COMMIT = "d2d753fed4435015c2d83fe62e676b44e07fa3f7";
const CHAT = "examples/chat/public";
const NEARBY = resolve(import.meta.dirname, "../../../shared/conformance");
const FETCHED_WITHIN_MS = 60_000;
const FILES = ["package.json", "node-imports.js", "test-suite.js"];

/** The suites: how we call them, what they test, and where they lie in the public repository. */
export const SUITES = [
  { name: "engine.io-v3", protocol: "Engine.IO 3", path: "docs/engine.io-protocol/v3-test-suite" },
  { name: "engine.io-v4", protocol: "Engine.IO 4", path: "docs/engine.io-protocol/v4-test-suite" },
  { name: "socket.io-v5", protocol: "Socket.IO 5", path: "docs/socket.io-protocol/v5-test-suite" },
];

/** A problem that the person who runs this can do something about. */
export class Problem extends Error {}

/** The folder that was named, else the one beside the repository, if it is there. */
export function given(named) {
  if (named) return resolve(named);
  return existsSync(NEARBY) ? NEARBY : undefined;
}

/**
 * The folder with the browser's part of `examples/chat`, from `given` or, without it, from the public repository.
 * @param {string | undefined} given
 * @param {string} work
 */
export function chatExample(given, work) {
  const folder = given
    ? join(given, "chat-example")
    : join(fetched(join(work, "chat-example"), [CHAT]), CHAT);
  if (!existsSync(join(folder, "main.js"))) throw new Problem(`${folder} does not hold the chat example.`);
  return folder;
}

/**
 * Copies the suites into `work`, one folder each, from `given` or, without it, from the public repository.
 * @param {string | undefined} given a folder with one folder a suite
 * @param {string} work
 */
export function prepare(given, work) {
  const paths = SUITES.map((suite) => suite.path);
  const checkout = given ?? fetched(join(work, "socket.io"), paths);
  const folder = (suite) => join(checkout, given ? suite.name : suite.path);
  for (const suite of SUITES) {
    const copy = join(work, suite.name);
    rmSync(copy, { recursive: true, force: true });
    mkdirSync(copy, { recursive: true });
    for (const file of FILES) {
      const source = join(folder(suite), file);
      if (!existsSync(source))
        throw new Problem(
          `${source} is missing. Name the folder that holds the suites: make conformance SUITES=FOLDER`,
        );
      copyFileSync(source, join(copy, file));
    }
  }
}

/** Fetches the commit into `checkout`, only these folders of it, unless it is there. */
function fetched(checkout, paths) {
  if (git(checkout, "rev-parse", "HEAD").stdout?.trim() !== COMMIT) {
    rmSync(checkout, { recursive: true, force: true });
    mkdirSync(checkout, { recursive: true });
    const steps = [
      ["init", "--quiet"],
      ["remote", "add", "origin", REPOSITORY],
      ["sparse-checkout", "set", "--no-cone", ...paths.map((path) => `/${path}/`)],
      ["fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", COMMIT],
      ["checkout", "--quiet", "FETCH_HEAD"],
    ];
    for (const step of steps) {
      const { status, stderr, error } = git(checkout, ...step);
      if (status !== 0) {
        rmSync(checkout, { recursive: true, force: true });
        const reason = (error?.message ?? stderr).trim();
        throw new Problem(
          `The Socket.IO project's files could not be fetched from ${REPOSITORY} at ${COMMIT}: git ${step[0]} says "${reason}". ` +
            "Where they are on this machine, name their folder: make conformance SUITES=FOLDER",
        );
      }
    }
  }
  return checkout;
}

/** Runs git in a folder, and only in a repository that is there itself. */
function git(folder, ...parameters) {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CEILING_DIRECTORIES: join(folder, "..") };
  return spawnSync("git", parameters, { cwd: folder, env, encoding: "utf8", timeout: FETCHED_WITHIN_MS });
}
