// The clients of the matrix, each behind the same few words: connect, follow, ask, close, and ears for what it hears.
import { resolve } from "node:path";
import { io } from "socket.io-client";
import ioTwo from "socket.io-client-2";
import { io as ioThree } from "socket.io-client-3";
import { Official } from "./official.mjs";
import { Process } from "./process.mjs";

const TARGET = resolve(process.env.CARGO_TARGET_DIR ?? "target", "matrix");
const PYTHON = resolve(TARGET, "venv/bin/python");
const source = (name) => resolve(import.meta.dirname, name);

export const TRANSPORTS = {
  WebSocket: ["websocket"],
  polling: ["polling"],
  upgrade: ["polling", "websocket"],
};

/**
 * What is known of each client:
 * `credential`: what it shows; `resumes`: whether its CONNECT packet can carry `auth.rooms`; `current`: whether what it
 * sends there is current when it comes back by itself; `ordered`: whether it hands events over in the order in which
 * they came; `acknowledgesBinary`: whether it can ask for the acknowledgement of bytes; `exceptions`: the steps that are
 * known to fail, each with its cause; one that passes all the same fails the run.
 */
const NATIVE = {
  credential: "token",
  resumes: true,
  current: true,
  ordered: true,
  acknowledgesBinary: true,
  exceptions: {},
};

export const CLIENTS = [
  {
    ...NATIVE,
    name: "socket.io-client 2.5.0",
    credential: "cookie",
    resumes: false,
    current: false,
    make: (...row) => new Official(ioTwo, ...row),
  },
  { ...NATIVE, name: "socket.io-client 3.1.3", make: (...row) => new Official(ioThree, ...row) },
  { ...NATIVE, name: "socket.io-client 4.8.4", make: (...row) => new Official(io, ...row) },
  {
    ...NATIVE,
    name: "python-socketio 5.18.1",
    ordered: false,
    make: (...row) => new Process(PYTHON, ["-B", source("python/client_sync.py")], ...row),
  },
  {
    ...NATIVE,
    name: "python-socketio 5.18.1, asyncio",
    make: (...row) => new Process(PYTHON, ["-B", source("python/client_asyncio.py")], ...row),
  },
  {
    ...NATIVE,
    name: "rust_socketio 0.6.0",
    current: false,
    acknowledgesBinary: false,
    make: (...row) => new Process(resolve(TARGET, "rust/debug/matrix-client"), [], ...row),
  },
];
