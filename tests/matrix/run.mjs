// Drives every client of the matrix over every transport against the real binary, and holds the table in
// docs/clients.md to what it saw: `UPDATE_GENERATED=1` writes it anew, otherwise a stale one fails.
import { readFile, writeFile } from "node:fs/promises";
import { Server } from "../clients/support/server.mjs";
import { CLIENTS, TRANSPORTS } from "./clients.mjs";
import { NOT_APPLICABLE, Row, STEPS } from "./row.mjs";

const DOCUMENT = new URL("../../docs/clients.md", import.meta.url);
const [BEGIN, END] = ["<!-- matrix: generated -->", "<!-- matrix: end -->"];
const ENDS_WITHIN_MS = 110_000;
const names = Object.keys(STEPS);
const results = new Map();

function table(rows) {
  const cell = (row, step) =>
    ({ passed: "yes", [NOT_APPLICABLE]: NOT_APPLICABLE })[results.get(row)[step]] ?? "no";
  const line = (cells) => `| ${cells.join(" | ")} |`;
  const exceptions = CLIENTS.flatMap(({ name, exceptions: steps }) =>
    Object.entries(steps).map(([step, cause]) => `- ${name}, "${STEPS[step]}": ${cause}.`),
  );
  return [
    line(["client", "transport", ...Object.values(STEPS)]),
    line(Array.from({ length: names.length + 2 }, () => "---")),
    ...rows.map((row) => line([row.kind.name, row.transport, ...names.map((step) => cell(row, step))])),
    "",
    ...exceptions,
  ].join("\n");
}

/** The rows, each with somebody of its own. */
async function made(server) {
  const other = await server.person("other");
  const rows = [];
  for (const kind of CLIENTS) {
    for (const [transport, list] of Object.entries(TRANSPORTS)) {
      const person = await server.person("reader");
      rows.push(new Row(kind, transport, kind.make(server, list), person, other));
    }
  }
  for (const row of rows) results.set(row, {});
  return rows;
}

const known = (row, step) => row.kind.exceptions[step] !== undefined;

/** Takes steps until one fails unexpectedly; what is left then fails too. */
async function take(row, steps) {
  const own = results.get(row);
  for (const step of steps) {
    const broken = names.find((name) => own[name] instanceof Error && !known(row, name));
    own[step] = broken ? new Error(`not tried, because "${STEPS[broken]}" failed`) : await row.take(step);
  }
}

/** Ends the server by `end`, starts it again on the same port, and takes the step of coming back. */
async function restart(rows, server, end, step) {
  for (const row of rows) row.pause();
  await end();
  await server.begin();
  await Promise.all(
    rows.map(async (row) => {
      row.missed = row.room ? await row.say("said meanwhile", 2) : [];
      await take(row, [step]);
    }),
  );
}

async function drive(rows, server) {
  const at = names.indexOf("crashed");
  await Promise.all(rows.map((row) => take(row, names.slice(0, at))));
  await restart(rows, server, () => server.crash(), "crashed");
  await restart(rows, server, () => server.stop(), "stopped");
  await Promise.all(rows.map((row) => take(row, names.slice(at + 2))));
}

/** Compares the document with what was seen; answers with what is wrong. */
async function stale(seen) {
  const text = await readFile(DOCUMENT, "utf8");
  const [from, to] = [text.indexOf(BEGIN), text.indexOf(END)];
  if (from < 0 || to < from) return `docs/clients.md lacks ${BEGIN} or ${END}`;
  const fresh = `${text.slice(0, from + BEGIN.length)}\n${seen}\n${text.slice(to)}`;
  if (fresh === text) return undefined;
  if (!process.env.UPDATE_GENERATED) return "docs/clients.md is stale; run UPDATE_GENERATED=1 make matrix";
  await writeFile(DOCUMENT, fresh);
  return undefined;
}

/** What went otherwise than expected in a cell, if anything. */
function wrongIn({ row, step, result }) {
  if (result instanceof Error) return known(row, step) ? undefined : result.message;
  return known(row, step) ? "works, though it is listed as an exception" : undefined;
}

/** Prints each failure, then the counts; answers with how many failed. */
function report(rows) {
  const cells = rows.flatMap((row) => names.map((step) => ({ row, step, result: results.get(row)[step] })));
  const failed = cells.filter((cell) => wrongIn(cell));
  for (const cell of failed)
    console.error(
      `FAILED ${cell.row.kind.name}, ${cell.row.transport}: ${STEPS[cell.step]}: ${wrongIn(cell)}`,
    );
  const exceptions = cells.filter((cell) => known(cell.row, cell.step) && !wrongIn(cell)).length;
  const passed = cells.filter((cell) => cell.result === "passed" && !wrongIn(cell)).length;
  console.log(`${passed} passed, ${failed.length} failed, ${exceptions} known exceptions`);
  return failed.length;
}

const late = setTimeout(() => {
  console.error(`the matrix did not end within ${ENDS_WITHIN_MS} ms`);
  process.exit(1);
}, ENDS_WITHIN_MS);
const server = await Server.start();
let rows = [];
try {
  await server.person("owner");
  rows = await made(server);
  await drive(rows, server);
} finally {
  await Promise.all(rows.map((row) => row.end()));
  await server.end();
}
clearTimeout(late);
const failed = report(rows);
const wrong = failed === 0 ? await stale(table(rows)) : undefined;
if (wrong) console.error(wrong);
process.exitCode = failed || wrong ? 1 : 0;
