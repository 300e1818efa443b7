// A chat as small as can be, as one commonly writes it with Socket.IO and SQLite, for `make bench` to compare with:
// `join` and `message` are acknowledged, a message once its row is stored, and the room hears it.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { join } from "node:path";
import { parseArgs } from "node:util";
import Database from "better-sqlite3";
import { Server } from "socket.io";

const { values: options } = parseArgs({
  options: {
    folder: { type: "string", default: "." },
    // NORMAL, as such servers commonly run: what was acknowledged may be lost with the power. Or FULL.
    sync: { type: "string", default: "NORMAL" },
    cert: { type: "string" },
    key: { type: "string" },
  },
});

const database = new Database(join(options.folder, "messages.db"));
database.pragma("journal_mode = WAL");
database.pragma(`synchronous = ${options.sync}`);
database.exec(
  `CREATE TABLE IF NOT EXISTS messages (
    id INTEGER PRIMARY KEY, room TEXT NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, created_at TEXT NOT NULL
  )`,
);
const keep = database.prepare("INSERT INTO messages (room, name, text, created_at) VALUES (?, ?, ?, ?)");

const alive = (_, answer) => answer.end("ok");
const secure = options.cert !== undefined;
const server = secure
  ? createTlsServer({ cert: readFileSync(options.cert), key: readFileSync(options.key) }, alive)
  : createServer(alive);

const io = new Server(server);
io.on("connection", (socket) => {
  const name = socket.handshake.auth.name ?? "guest";

  socket.on("join", ({ room }, answer) => {
    socket.join(room);
    answer({ ok: true });
  });

  socket.on("message", ({ room, data }, answer) => {
    const created_at = new Date().toISOString();
    const id = Number(keep.run(room, name, data, created_at).lastInsertRowid);
    io.to(room).emit("message", { id, room, name, text: data, created_at });
    answer({ ok: true, id, created_at });
  });
});

server.listen(0, "127.0.0.1", () => {
  console.log(`listening at ${secure ? "https" : "http"}://127.0.0.1:${server.address().port}`);
});
process.once("SIGTERM", () => process.exit(0));
