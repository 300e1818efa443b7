// What I wrote and the server does not have yet: kept in the browser so that a reload, a closed tab or a journey
// without a network loses nothing. The service worker sends from here too; `client_id` makes that harmless.

import { within } from "./database";
import type { Quote, SendMessage } from "./wire";

export interface Unsent {
  /** Sorts by the time at which it was written. */
  client_id: string;
  /** Who wrote it: nobody else's session may send it. */
  me: number;
  room: string;
  message: SendMessage;
  /** What it replies to, to be shown meanwhile. */
  quote?: Quote;
  /** Files that the server does not have yet; those that it has are named in the message. */
  files?: File[];
  /** When it was written, RFC 3339. */
  at: string;
  /** Why the server did not take it; absent while it is on its way. */
  problem?: string;
}

/** The same in memory, for a browser that keeps nothing. */
const memory = new Map<string, Unsent>();

/** What `me` wrote and is not sent yet, oldest first. */
export async function loadUnsent(me: number): Promise<Unsent[]> {
  const all: Unsent[] = await within("outbox", "readonly", (store) => store.getAll()).catch(() => [
    ...memory.values(),
  ]);
  return all.filter((unsent) => unsent.me === me);
}

/** Adds `unsent` to those that wait, or replaces the one with its `client_id`. */
export async function keepUnsent(unsent: Unsent): Promise<void> {
  await within("outbox", "readwrite", (store) => store.put(unsent)).catch(() => {
    memory.set(unsent.client_id, unsent);
  });
}

/** Forgets one that arrived or was given up. */
export async function dropUnsent(clientId: string): Promise<void> {
  memory.delete(clientId);
  await within("outbox", "readwrite", (store) => store.delete(clientId)).catch(() => undefined);
}

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
let written = 0;

/** A name for a new message that nobody else's has and that sorts after those before it. */
export function newClientId(): string {
  written += 1;
  const random = [...crypto.getRandomValues(new Uint8Array(10))].map((byte) => hex(byte, 2)).join("");
  return `${hex(Date.now(), 12)}${hex(written % 0x10000, 4)}${random}`;
}
