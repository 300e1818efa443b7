// The page's one connection: it resumes every room that the page shows from the last `seq` seen.

import { io, type Socket } from "socket.io-client";
import type {
  ClientToServerEvents,
  HistoryAck,
  MessageAck,
  SendMessage,
  ServerToClientEvents,
  WireError,
} from "./wire";

/** A request that the server answered with `ok: false`. */
export class Refusal extends Error {
  readonly error: WireError;

  constructor(error: WireError) {
    super(error.message);
    this.error = error;
  }
}

/** How long an acknowledgement is waited for. */
const ANSWER_WITHIN_MS = 10_000;

/** How long after a refused connection the next try follows. */
const TRY_AGAIN_MS = 5000;

const seen = new Map<string, number>();

export const socket: Socket<ServerToClientEvents, ClientToServerEvents> = io({
  autoConnect: false,
  auth: (answer) => answer({ rooms: Object.fromEntries(seen) }),
});

/** Listen to `room` and, when the connection comes back, go on after `seq`. */
export function follow(room: string, seq: number): void {
  seen.set(room, Math.max(seq, seen.get(room) ?? 0));
}

function advance(room: string, seq: number): void {
  if (seen.has(room)) follow(room, seq);
}

socket.on("message", (message) => advance(message.room, message.seq));
socket.on("message_updated", (message) => advance(message.room, message.seq));
socket.on("resumed", (resumed) => advance(resumed.room, resumed.seq));
socket.on("server_closing", (closing) => {
  socket.io.reconnectionDelay(Math.max(closing.reconnect_after_ms, 500));
});
socket.on("problem", (problem) => {
  if (problem.event === "resume") console.info("A room could not be resumed:", problem.error.message);
});

window.addEventListener("online", () => {
  // Not after the pause that the client makes between its tries: the network has just come back.
  if (!socket.connected && socket.active) socket.disconnect().connect();
});

// The official client tries again by itself, except where the server refused the namespace.
socket.on("connect_error", (error) => {
  if (!socket.active && error.message !== "unauthorized") setTimeout(() => socket.connect(), TRY_AGAIN_MS);
});

/** What the event `E` is acknowledged with when all is well. */
export type Acked<E extends keyof ClientToServerEvents> = Extract<
  Parameters<NonNullable<Parameters<ClientToServerEvents[E]>[1]>>[0],
  { ok: true }
>;

interface Asking {
  emit(
    event: string,
    request: unknown,
    settle: (failure: Error | null, answer?: { ok: true } | { ok: false; error: WireError }) => void,
  ): void;
}

/** Asks the server; resolves with its answer, rejects with a {@link Refusal} or on time-out. */
export function ask<E extends keyof ClientToServerEvents>(
  event: E,
  request: Parameters<ClientToServerEvents[E]>[0],
): Promise<Acked<E>> {
  return new Promise((resolve, reject) => {
    const asking = socket.timeout(ANSWER_WITHIN_MS) as unknown as Asking;
    asking.emit(event, request, (failure, answer) => {
      if (failure || !answer) reject(failure ?? new Error("no answer"));
      else if (answer.ok) resolve(answer as Acked<E>);
      else reject(new Refusal(answer.error));
    });
  });
}

/** Sends a message; resolves once the server has it on disk. */
export function sendMessage(message: SendMessage): Promise<MessageAck> {
  return ask("message", message);
}

/** Reads `limit` messages before the id `before`, or the newest ones without it. */
export function readHistory(room: string, limit: number, before?: number): Promise<HistoryAck> {
  return ask("history", before === undefined ? { room, limit } : { room, limit, before });
}
