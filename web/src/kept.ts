// The last messages of the rooms that were looked at, kept in the browser, so that a room opens with them offline.
// The page that the service worker keeps is as old as the visit; this is what came while it was looked at.

import { empty, within } from "./database";
import type { Message } from "./wire";

/** So many of each room are kept. */
const AT_MOST = 200;

async function ofRoom(room: string): Promise<Message[]> {
  return within<Message[]>("messages", "readonly", (store) => store.index("room").getAll(room));
}

function drop(messages: Message[]): Promise<unknown> {
  return Promise.all(messages.map(({ id }) => within("messages", "readwrite", (store) => store.delete(id))));
}

/** Keeps messages of one room in their present state, and forgets its oldest beyond a bound. */
export async function keepMessages(room: string, messages: Message[]): Promise<void> {
  try {
    await Promise.all(
      messages.map((message) => within("messages", "readwrite", (store) => store.put(message))),
    );
    const all = await ofRoom(room);
    if (all.length > AT_MOST) await drop(all.slice(0, all.length - AT_MOST));
  } catch {
    // The browser keeps nothing: rooms then need a connection to open.
  }
}

/** What is kept of `room` and newer than a page of it that was made at `seq`; the rest is forgotten. */
export async function keptSince(room: string, seq: number): Promise<Message[]> {
  try {
    const all = await ofRoom(room);
    await drop(all.filter((message) => message.seq <= seq));
    return all.filter((message) => message.seq > seq);
  } catch {
    return [];
  }
}

/** Forgets what was said in `room` before the message `from`. */
export async function forgetBefore(room: string, from: number): Promise<void> {
  try {
    await drop((await ofRoom(room)).filter(({ id }) => id < from));
  } catch {
    // Nothing is kept.
  }
}

/** Forgets all messages: somebody else uses this browser now. */
export async function forgetMessages(): Promise<void> {
  await empty("messages").catch(() => undefined);
}
