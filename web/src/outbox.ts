// What I wrote and the server does not have yet, kept in the browser so that a reload loses nothing.

import { myId } from "./me";

export interface Unsent {
  client_id: string;
  data: string;
  /** When it was written, RFC 3339. */
  at: string;
  /** Why the server did not take it; absent while it is on its way. */
  problem?: string;
}

function key(kind: "unsent" | "draft", room: string): string {
  return `parlor:${kind}:${myId}:${room}`;
}

function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    if (value) localStorage.setItem(name, value);
    else localStorage.removeItem(name);
  } catch {
    // Storage is full or forbidden: the page still works, it only cannot outlive a reload.
  }
}

function isUnsent(value: unknown): value is Unsent {
  const item = value as Partial<Unsent> | null;
  return typeof item?.client_id === "string" && typeof item.data === "string" && typeof item.at === "string";
}

/** The messages of `room` that wait, oldest first. */
export function loadUnsent(room: string): Unsent[] {
  try {
    const list: unknown = JSON.parse(read(key("unsent", room)) ?? "[]");
    return Array.isArray(list) ? list.filter(isUnsent) : [];
  } catch {
    return [];
  }
}

/** Adds `unsent` to those that wait in `room`, or replaces the one with its `client_id`. */
export function keepUnsent(room: string, unsent: Unsent): void {
  const list = loadUnsent(room);
  const index = list.findIndex((item) => item.client_id === unsent.client_id);
  if (index < 0) list.push(unsent);
  else list[index] = unsent;
  write(key("unsent", room), JSON.stringify(list));
}

/** Forgets one that arrived or was given up. */
export function dropUnsent(room: string, clientId: string): void {
  const list = loadUnsent(room).filter((item) => item.client_id !== clientId);
  write(key("unsent", room), list.length > 0 ? JSON.stringify(list) : "");
}

/** What I had begun to write in `room`. */
export function loadDraft(room: string): string {
  return read(key("draft", room)) ?? "";
}

export function keepDraft(room: string, text: string): void {
  write(key("draft", room), text);
}

/** A name for a new message that nobody else's has; works without a secure context too. */
export function newClientId(): string {
  return [...crypto.getRandomValues(new Uint8Array(16))]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
