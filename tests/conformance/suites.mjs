// Where the Socket.IO project's suites are: in a folder that was given, or fetched at one commit from the public
// repository. They are run from a copy in the build folder; nothing of them is kept in ours.

import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";

const REPOSITORY = "https://github.com/socketio/socket.io.git";
const COMMIT = "d2d753fed4435015c2d83fe62e676b44e07fa3f7";
const FILES = ["package.json", "node-imports.js", "test-suite.js"];

/** The suites: how we call them, what they test, and where they lie in the public repository. */
export const SUITES = [
  { name: "engine.io-v3", protocol: "Engine.IO 3", path: "docs/engine.io-protocol/v3-test-suite" },
  { name: "engine.io-v4", protocol: "Engine.IO 4", path: "docs/engine.io-protocol/v4-test-suite" },
  { name: "socket.io-v5", protocol: "Socket.IO 5", path: "docs/socket.io-protocol/v5-test-suite" },
];

/** A problem that the person who runs this can do something about. */
export class Problem extends Error {}

/**
 * Copies the suites into `work`, one folder each, from `given` or, without it, from the public repository.
 * @param {string | undefined} given a folder with one folder a suite
 * @param {string} work
 */
export function prepare(given, work) {
  const folder = given ? (suite) => join(given, suite.name) : fetched(join(work, "socket.io"));
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

/** Fetches the commit into `checkout`, only the suites' folders, unless it is there; says where a suite is in it. */
function fetched(checkout) {
  if (git(checkout, "rev-parse", "HEAD").stdout?.trim() !== COMMIT) {
    rmSync(checkout, { recursive: true, force: true });
    mkdirSync(checkout, { recursive: true });
    const steps = [
      ["init", "--quiet"],
      ["remote", "add", "origin", REPOSITORY],
      ["sparse-checkout", "set", "--no-cone", ...SUITES.map((suite) => `/${suite.path}/`)],
      ["fetch", "--quiet", "--depth=1", "--filter=blob:none", "origin", COMMIT],
      ["checkout", "--quiet", "FETCH_HEAD"],
    ];
    for (const step of steps) {
      const { status, stderr, error } = git(checkout, ...step);
      if (status !== 0) {
        rmSync(checkout, { recursive: true, force: true });
        const reason = (error?.message ?? stderr).trim();
        throw new Problem(
          `The suites could not be fetched from ${REPOSITORY} at ${COMMIT}: git ${step[0]} says "${reason}". ` +
            "Where they are on this machine, name their folder: make conformance SUITES=FOLDER",
        );
      }
    }
  }
  return (suite) => join(checkout, suite.path);
}

/** Runs git in a folder, and only in a repository that is there itself. */
function git(folder, ...parameters) {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0", GIT_CEILING_DIRECTORIES: join(folder, "..") };
  return spawnSync("git", parameters, { cwd: folder, env, encoding: "utf8" });
}
