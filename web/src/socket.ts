// The page's one connection: it resumes every room that the page shows from the last `seq` seen.

import { io, type Socket } from "socket.io-client";
import type {
  Answer,
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

function settle<T>(
  resolve: (value: T) => void,
  reject: (reason: Error) => void,
): (failure: Error | null, answer: Answer<T> | undefined) => void {
  return (failure, answer) => {
    if (failure || !answer) reject(failure ?? new Error("no answer"));
    else if (answer.ok) resolve(answer);
    else reject(new Refusal(answer.error));
  };
}

/** Sends a message; resolves once the server has it on disk, rejects with a {@link Refusal} or on time-out. */
export function sendMessage(message: SendMessage): Promise<MessageAck> {
  return new Promise((resolve, reject) => {
    socket.timeout(ANSWER_WITHIN_MS).emit("message", message, settle<MessageAck>(resolve, reject));
  });
}

/** Reads `limit` messages before the id `before`, or the newest ones without it. */
export function readHistory(room: string, limit: number, before?: number): Promise<HistoryAck> {
  return new Promise((resolve, reject) => {
    const request = before === undefined ? { room, limit } : { room, limit, before };
    socket.timeout(ANSWER_WITHIN_MS).emit("history", request, settle<HistoryAck>(resolve, reject));
  });
}
