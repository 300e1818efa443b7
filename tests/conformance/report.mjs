// What the suites gave, against what is known: every failure must be on the list, and everything on the list must
// fail. A test that passes only on another try must be on the list of races, each with the suite's own reason.

import { readFileSync, writeFileSync } from "node:fs";

const BEGIN = "<!-- written by make conformance -->";
const END = "<!-- end of what make conformance writes -->";

/**
 * What one suite gave.
 * @typedef {{ passed: string[], again: string[], failed: { test: string, message: string }[], skipped: string[] }} Outcome
 */

/**
 * Reads what mocha's JSON reporter wrote.
 * @param {string} file
 * @returns {Outcome}
 */
export function outcome(file) {
  const { passes, failures, pending } = JSON.parse(readFileSync(file, "utf8"));
  return {
    passed: passes.map((test) => test.fullTitle),
    again: passes.filter((test) => test.currentRetry > 0).map((test) => test.fullTitle),
    failed: failures.map((test) => ({ test: test.fullTitle, message: test.err.message })),
    skipped: pending.map((test) => test.fullTitle),
  };
}

/**
 * Where an outcome and the list differ, a sentence each; none where the list is exact.
 * @param {Outcome} outcome
 * @param {{ test: string }[]} failures
 * @param {{ test: string }[]} races
 */
export function differences({ passed, again, failed }, failures, races) {
  const listed = new Set(failures.map(({ test }) => test));
  const racing = new Set(races.map(({ test }) => test));
  const fails = new Set(failed.map(({ test }) => test));
  const exists = new Set([...passed, ...fails]);
  return [
    ...failed
      .filter(({ test }) => !listed.has(test))
      .map(({ test, message }) => `"${test}" fails: ${message}`),
    ...[...listed]
      .filter((test) => !fails.has(test))
      .map((test) => `"${test}" is listed as failing, and does not`),
    ...again.filter((test) => !racing.has(test)).map((test) => `"${test}" passes only on another try`),
    ...[...racing]
      .filter((test) => !exists.has(test))
      .map((test) => `"${test}" is listed as a race, and is no test`),
  ];
}

/**
 * Puts the results into the document, between its two marks.
 * @param {string} file
 * @param {{ suite: { name: string, protocol: string }, outcome: Outcome }[]} results
 * @param {{ failures: Record<string, Listed[]>, races: Record<string, Listed[]> }} known
 * @typedef {{ test: string, cause: string }} Listed
 */
export function write(file, results, known) {
  const text = readFileSync(file, "utf8");
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`${file} has lost the marks between which the results stand.`);
  const rows = results.map(
    ({ suite, outcome: { passed, failed, skipped } }) =>
      `| \`${suite.name}\` | ${suite.protocol} | ${passed.length} | ${failed.length} | ${skipped.length} |`,
  );
  const lists = [
    "| suite | protocol | passed | failed | skipped by the suite itself |\n| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    ...listing("Tests that fail", results, known.failures),
    ...listing("Tests that race with the server's clock, and may need another try", results, known.races),
  ];
  writeFileSync(file, [before, BEGIN, "\n\n", lists.join("\n"), "\n", END, after].join(""));
}

function listing(title, results, lists) {
  const rows = results.flatMap(({ suite }) =>
    lists[suite.name].map(({ test, cause }) => `| \`${suite.name}\` | ${test} | ${cause} |`),
  );
  if (rows.length === 0) return [`${title}: none.`, ""];
  return [`${title}:`, "", "| suite | test | cause |\n| --- | --- | --- |", ...rows, ""];
}
