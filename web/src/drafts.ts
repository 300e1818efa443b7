// What I had begun to write, per room, kept in this browser.

import { myId } from "./me";

const key = (room: string) => `parlor:draft:${myId}:${room}`;

/** What I had begun to write in `room`. */
export function loadDraft(room: string): string {
  try {
    return localStorage.getItem(key(room)) ?? "";
  } catch {
    return "";
  }
}

export function keepDraft(room: string, text: string): void {
  try {
    if (text) localStorage.setItem(key(room), text);
    else localStorage.removeItem(key(room));
  } catch {
    // Storage is full or forbidden: the page still works, it only cannot outlive a reload.
  }
}
