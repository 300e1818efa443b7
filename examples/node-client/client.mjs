import { io } from "socket.io-client";
const { PARLOR_URL: url, PARLOR_LOGIN: login, PARLOR_PASSWORD: password, PARLOR_ROOM: room = "lobby" } = process.env;
const form = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ login, password }) };
const { token, error } = await (await fetch(`${url}/api/v1/tokens`, form)).json();
if (error) throw new Error(error.message);
const seen = {}; // the last seq heard in each room: after a break, the server sends what came since
const socket = io(url, { auth: (send) => send({ token, rooms: seen }), retries: 100, ackTimeout: 5000 });
const told = (then) => (late, ack) => (ack?.ok ? then(ack) : console.error((late ?? ack.error).message));
socket.on("message", ({ room, seq, name, text }) => { seen[room] = seq; console.log(`${name}: ${text}`); });
socket.emit("join", { room }, told((ack) => { seen[room] ??= ack.room.last_seq; }));
const say = (data) => socket.emit("message", { room, data, client_id: crypto.randomUUID() }, told((ack) => ack.id));
process.stdin.setEncoding("utf8").on("data", say);
