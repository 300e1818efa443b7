// What a member who stops reading costs the others: 50 members, to each of whom 50 MB go, once with all of them reading
// and once with one who stops. Prints the others' delays and the server's memory in both runs, and how they compare.
import { parseArgs } from "node:util";
import { RawSocket } from "../clients/support/raw.mjs";
import { Server } from "../clients/support/server.mjs";

const MB = 1e6;
const MIB = 1024 * 1024;
const ROOM = "lobby";
const TEXT = "x".repeat(3_900);
/** The text stands three times in a message: as `text`, as `message` and in `html`. */
const TOLD = 3 * TEXT.length;
const WATCH_MS = 250;
const ENDS_WITHIN_MS = 300_000;
/** Fewer than the server lets wait for one socket. */
const AT_ONCE = 40;

const { values: options } = parseArgs({
  options: {
    members: { type: "string", default: "50" },
    megabytes: { type: "string", default: "50" },
    // Messages a second. The whole run should take less than the 30 s after which who takes nothing is cut.
    rate: { type: "string", default: "200" },
  },
});
const members = Number(options.members);
const messages = Math.ceil((Number(options.megabytes) * MB) / TOLD);
const rate = Number(options.rate);

/** Sends `messages` of them at `rate`, or as fast as they are acknowledged; notes when each one went. */
async function talk(writer, sent) {
  const begun = performance.now();
  const asked = [];
  for (let number = 1; number <= messages; number += 1) {
    const due = begun + (number * 1000) / rate;
    const early = due - performance.now();
    if (early > 1) await new Promise((next) => setTimeout(next, early));
    await asked.at(-AT_ONCE);
    sent[number] = performance.now();
    asked.push(writer.ask("message", { room: ROOM, data: `#${number} ${TEXT}` }));
  }
  const answers = await Promise.all(asked);
  const refused = answers.find(({ ok }) => !ok);
  if (refused) throw new Error(`a message was refused: ${JSON.stringify(refused)}`);
  return (performance.now() - begun) / 1000;
}

/** Notes the most memory that the server had. */
function watch(server) {
  const seen = { before: 0, most: 0 };
  const look = async () => {
    seen.most = Math.max(seen.most, await server.memory());
  };
  const every = setInterval(() => look().catch(() => {}), WATCH_MS);
  return { seen, end: () => clearInterval(every) };
}

/** That these are all messages, each once and in order. */
function complete(numbers) {
  return numbers.length === messages && numbers.every((number, index) => number === index + 1);
}

/** What the stuck reader has in the end. Was it cut meanwhile, it comes back and reads the room's history. */
async function goesOn(server, token, stuck) {
  let cut = false;
  stuck.closed().then(() => {
    cut = true;
    stuck.heard?.();
  });
  stuck.goOnReading();
  await stuck.until(() => cut || stuck.numbers.length >= messages, ENDS_WITHIN_MS);
  if (!cut) return { cut, numbers: stuck.numbers };
  const back = await RawSocket.open(server, token);
  const numbers = [...stuck.numbers];
  for (let after = 0; ; ) {
    const page = await back.ask("history", { room: ROOM, after, limit: 200 });
    const missed = page.messages.map(({ text }) => Number(text.match(/^#(\d+)/)[1]));
    numbers.push(...missed.filter((number) => number > stuck.numbers.length));
    if (!page.more_after) break;
    after = page.messages.at(-1).id;
  }
  back.close();
  return { cut, numbers };
}

const percentile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];

/** One run; `stops` says whether one member stops reading. */
async function run(stops) {
  const server = await Server.start({ "plain-http": true, "sockets-per-person": members + 1 });
  try {
    const token = await (await server.person("anna")).token();
    const sockets = [];
    for (let index = 0; index <= members; index += 1) {
      const socket = await RawSocket.open(server, token);
      const joined = await socket.ask("join", { room: ROOM });
      if (!joined.ok) throw new Error(`a member could not join: ${JSON.stringify(joined)}`);
      sockets.push(socket);
    }
    const [writer, one, ...others] = sockets;
    const [sent, delays] = [[], []];
    for (const other of others) {
      other.hears = (number) => delays.push(performance.now() - sent[number]);
    }
    const memory = watch(server);
    memory.seen.before = await server.memory();
    if (stops) one.stopReading();
    const seconds = await talk(writer, sent);
    await Promise.all(others.map((other) => other.until(() => other.numbers.length >= messages)));
    memory.end();
    const whole = others.every(({ numbers }) => complete(numbers));
    const stuck = stops ? await goesOn(server, token, one) : undefined;
    for (const socket of sockets) socket.close();
    delays.sort((a, b) => a - b);
    return {
      seconds,
      whole,
      stuck,
      grown: (memory.seen.most - memory.seen.before) / MIB,
      p50: percentile(delays, 0.5),
      p99: percentile(delays, 0.99),
    };
  } finally {
    await server.end();
  }
}

function print(name, { seconds, p50, p99, grown, whole, stuck }) {
  const his = stuck
    ? `; who stopped ${stuck.cut ? "was cut, and " : ""}${complete(stuck.numbers) ? "has" : "does NOT have"} every message once and in order`
    : "";
  console.log(
    `${name}: ${messages} messages in ${seconds.toFixed(1)} s, the others' delay p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, ` +
      `memory grew by ${grown.toFixed(1)} MiB; the others ${whole ? "have" : "do NOT have"} every message once and in order${his}`,
  );
}

const late = setTimeout(() => {
  console.error(`the bench did not end within ${ENDS_WITHIN_MS} ms`);
  process.exit(1);
}, ENDS_WITHIN_MS);
console.log(
  `${members} members, ${((messages * TOLD) / MB).toFixed(0)} MB to each, ${rate} messages a second`,
);
const without = await run(false);
print("all read", without);
const withOne = await run(true);
print("one stops", withOne);
clearTimeout(late);
const ratio = withOne.p99 / without.p99;
console.log(
  `p99 with him is ${ratio.toFixed(2)} times that without him (goal: within 2), memory ${withOne.grown.toFixed(1)} MiB (goal: within 64)`,
);
const missing = ![without, withOne].every(({ whole }) => whole) || !complete(withOne.stuck.numbers);
process.exitCode = missing ? 1 : 0;
