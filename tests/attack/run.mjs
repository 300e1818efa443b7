// Hostile requests and events against the real binary, each with what has to come of it. Prints what came of them, by
// class, and ends with 1 on any surprise: another outcome, a panic, a server that does not serve any more, or one that
// has grown.
import assert from "node:assert/strict";
import { PASSWORD } from "../clients/support/person.mjs";
import { request } from "../clients/support/request.mjs";
import { Server } from "../clients/support/server.mjs";

const GROUPS = [
  "http",
  "paths",
  "forms",
  "credentials",
  "injections",
  "uploads",
  "json",
  "handshakes",
  "packets",
  "events",
  "frames",
  "http2",
  "slow",
  "crowd",
];
/** How many cases run side by side. */
const AT_ONCE = 12;
/** No case takes longer. */
const CASE_ENDS_WITHIN_MS = 40_000;
/** How much more memory the server may hold when all is over: one picture of as many pixels as there may be, unpacked, which
 * the allocator may keep for the next one, and as much again. */
const GROWTH_BYTES = 320 * 1024 * 1024;
/** How much the server may have logged, at the level that it has here (`warn`). */
const LOG_BYTES = 256 * 1024;
const FEWEST = 200;

const server = await Server.start({
  "header-timeout": "1s",
  "body-idle-timeout": "1s",
  "handshake-timeout": "4s",
  "ping-interval": "4s",
  "ping-timeout": "8s",
  "connect-timeout": "2s",
  "idle-timeout": "3s",
  "sockets-per-person": 200,
  "login-failures-per-address": 0,
});
const surprises = [];
const classes = new Map();
let total = 0;

/** Runs one case; what came of it is a class, or a text that says what went wrong. */
async function attempt(group, [name, expected, run]) {
  let outcome;
  let late;
  try {
    const patience = new Promise((_, failed) => {
      late = setTimeout(
        () => failed(new Error(`no end within ${CASE_ENDS_WITHIN_MS} ms`)),
        CASE_ENDS_WITHIN_MS,
      );
    });
    outcome = String(await Promise.race([run(), patience]));
  } catch (error) {
    outcome = `failed: ${error.message}`;
  } finally {
    clearTimeout(late);
  }
  total += 1;
  classes.set(outcome, (classes.get(outcome) ?? 0) + 1);
  const allowed = [expected].flat();
  if (!allowed.includes(outcome))
    surprises.push(`${group}: ${name}: ${outcome}, and not ${allowed.join(" or ")}`);
}

async function runGroup(group, arena) {
  const { default: cases } = await import(`./cases/${group}.mjs`);
  const waiting = await cases(arena);
  const began = performance.now();
  const count = waiting.length;
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await attempt(group, next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  console.log(
    `${group.padEnd(12)} ${String(count).padStart(4)} cases in ${Math.round(performance.now() - began)} ms`,
  );
}

/** Two people who talk while others attack, and notice nothing of it. */
async function witnesses(t, arena) {
  const [speaks, hears] = [arena.people.anna, arena.people.ben];
  const lines = [];
  for (const person of [speaks, hears])
    lines.push(await person.inRoom(t, arena.room, { reconnection: false }));
  return async (text) => {
    const ack = await lines[0].ask("message", { room: arena.room, data: text });
    assert.equal(ack.ok, true);
    await lines[1].ears.until("message", ({ id }) => id === ack.id);
    assert.deepEqual(
      lines.flatMap(({ ears }) => ears.all("disconnect")),
      [],
    );
  };
}

const cleanUps = [];
const t = { after: (clean) => cleanUps.push(clean) };
try {
  const people = {};
  for (const name of ["anna", "ben", "mallory"]) people[name] = await server.person(name);
  const room = await people.anna.room("Tea");
  for (const name of ["ben", "mallory"]) await people[name].api("POST", `/rooms/${room}/join`);
  const hidden = await people.anna.api("POST", "/rooms", { name: "Hidden", visibility: "private" });
  const arena = { server, people, room, hidden: hidden.json.room.room, t, password: PASSWORD };
  const talk = await witnesses(t, arena);
  await talk("before");
  const before = await server.memory();
  for (const group of GROUPS) {
    await runGroup(group, arena);
    await talk(`after ${group}`);
  }
  const page = await request(server, "GET", "/login");
  assert.equal(page.status, 200);
  const grown = (await server.memory()) - before;
  if (grown > GROWTH_BYTES) surprises.push(`the server holds ${grown} bytes more than before`);
  // What anybody may send at will must not fill a disk with lines.
  if (server.log.length > LOG_BYTES) surprises.push(`the log has grown by ${server.log.length} bytes`);
  if (/panicked/.test(server.log)) surprises.push(`a panic in the log:\n${server.log}`);
  if (total < FEWEST) surprises.push(`there were ${total} cases, and not ${FEWEST}`);
  for (const clean of cleanUps.splice(0)) await clean();
  const code = await server.stop();
  if (code !== 0) surprises.push(`the server ended with ${code}:\n${server.log}`);
  console.log("\nwhat came of them:");
  const counts = [...classes].sort(([, one], [, other]) => other - one);
  for (const [outcome, count] of counts) console.log(`${String(count).padStart(6)}  ${outcome}`);
  console.log(
    `${String(total).padStart(6)}  in all; the server held ${Math.round(grown / 1024 / 1024)} MiB more, and served on`,
  );
} catch (error) {
  surprises.push(`${error.stack}\n${server.log.slice(-4000)}`);
} finally {
  await server.end();
}
for (const surprise of surprises) console.error(`SURPRISE ${surprise}`);
process.exit(surprises.length === 0 ? 0 : 1);
