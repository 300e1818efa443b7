// A typed connection to a Parlor server: what is emitted and heard is checked by the compiler against wire.ts.

import { io, type Socket } from "socket.io-client";
import type {
  Answer,
  Auth,
  ClientToServerEvents,
  ErrorBody,
  NewToken,
  ServerToClientEvents,
  TokenBody,
} from "./wire.ts";

export type Connection = Socket<ServerToClientEvents, ClientToServerEvents>;

/** Logs in: makes a bearer token. */
export async function logIn(server: string, login: string, password: string): Promise<string> {
  const body: NewToken = { login, password, label: "TypeScript example" };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${server}/api/v1/tokens`, {
    method: "POST",
    headers,
    body: JSON.stringify(body),
  });
  const told = (await answer.json()) as TokenBody | ErrorBody;
  if ("error" in told) throw new Error(told.error.message);
  return told.token;
}

/**
 * Connects, and after a break goes on in each room of `seen` after the seq that stands there; the connection keeps
 * `seen` current. Sends again what was not acknowledged in time, so give each message a `client_id`.
 */
export function connect(server: string, token: string, seen: Map<string, number>): Connection {
  const connection: Connection = io(server, {
    auth: (send) => send({ token, rooms: Object.fromEntries(seen) } satisfies Auth),
    retries: 100,
    ackTimeout: 5000,
  });
  const saw = (room: string, seq: number) => seen.set(room, Math.max(seq, seen.get(room) ?? 0));
  connection.on("message", (message) => saw(message.room, message.seq));
  connection.on("message_updated", (message) => saw(message.room, message.seq));
  connection.on("resumed", (resumed) => saw(resumed.room, resumed.seq));
  return connection;
}

/** What an acknowledgement adds to `ok: true`; throws with the server's words where it was refused. */
export function done<T>(answer: Answer<T>): T {
  if (answer.ok) return answer;
  throw new Error(answer.error.message, { cause: answer.error });
}
