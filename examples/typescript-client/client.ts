// Joins a room, prints what is said in it and who comes and goes, and says each line that is typed.

import { createInterface } from "node:readline";
import { connect, done, logIn } from "./parlor.ts";

const { PARLOR_URL = "", PARLOR_LOGIN = "", PARLOR_PASSWORD = "", PARLOR_ROOM: room = "lobby" } = process.env;

const seen = new Map<string, number>();
const connection = connect(PARLOR_URL, await logIn(PARLOR_URL, PARLOR_LOGIN, PARLOR_PASSWORD), seen);

connection.on("message", (message) => console.log(`${message.name}: ${message.text}`));
connection.on("member_joined", ({ member }) => console.log(`${member.user.name} joined`));
connection.on("member_left", ({ name, reason }) => console.log(`${name}: ${reason}`));
connection.on("problem", ({ event, error }) => console.error(`${event}: ${error.code}: ${error.message}`));

const joined = done(await connection.emitWithAck("join", { room }));
if (!seen.has(room)) seen.set(room, joined.room.last_seq);
console.log(`In ${joined.room.name} with ${joined.members.map(({ user }) => user.name).join(", ")}`);

for await (const data of createInterface({ input: process.stdin })) {
  done(await connection.emitWithAck("message", { room, data, client_id: crypto.randomUUID() }));
}
connection.disconnect();
