// Rolls dice for whoever writes "!roll 2d6". Answers each message once, also after a break or a restart of either side.
import { randomInt } from "node:crypto";
import { io } from "socket.io-client";

const { PARLOR_URL: url, PARLOR_TOKEN: token, PARLOR_ROOM: room = "lobby" } = process.env;
const seen = {}; // the last seq heard in each room: after a break, the server sends what came since
const socket = io(url, { auth: (send) => send({ token, rooms: seen }), retries: 100, ackTimeout: 5000 });

const failed = (error) => console.error(error.message);
const told = (then) => (late, ack) => (ack?.ok ? then(ack) : failed(late ?? ack.error));

socket.on("connect_error", (error) => {
  failed(error);
  if (["unauthorized", "forbidden"].includes(error.message)) process.exit(1);
});

socket.on("message", ({ room, seq, id, text, name }) => {
  seen[room] = seq;
  const [, count, sides] = text.match(/^!roll (\d{1,2})d(\d{1,3})$/) ?? [];
  if (!(count > 0 && sides > 0)) return;
  const rolls = Array.from({ length: count }, () => randomInt(1, Number(sides) + 1));
  const data = `@${name} ${rolls.join(" + ")} = ${rolls.reduce((sum, roll) => sum + roll)}`;
  // One client_id for one question: however often this is sent, it is said once.
  socket.emit("message", { room, data, client_id: `roll-${id}` }, told(() => {}));
});

socket.emit("join", { room }, told((ack) => {
  seen[room] ??= ack.room.last_seq;
  console.log(`listening in ${ack.room.name}`);
}));
