// Tells the server whether somebody is at this device: the page is in sight, and was touched lately. And which room they
// have before them, as nothing is pushed of that one.

import { socket } from "./socket";
import type { SetActive } from "./wire";

/** Who does nothing for so long is away. */
const IDLE_MS = 5 * 60 * 1000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

let lastSign = Date.now();
/** What the server takes to be so; of a new connection it is that somebody is there, and looks at no room. */
let told: SetActive = { on: true };

/** The room that somebody has before them: it is on this page, and keys that are pressed go there. */
export function roomLookedAt(): string | undefined {
  if (document.visibilityState !== "visible" || !document.hasFocus()) return undefined;
  return document.querySelector<HTMLElement>("chat-room")?.dataset.room;
}

function tell(): void {
  const on = document.visibilityState === "visible" && Date.now() - lastSign < IDLE_MS;
  const room = on ? roomLookedAt() : undefined;
  if ((on === told.on && room === told.room) || !socket.connected) return;
  told = room === undefined ? { on } : { on, room };
  socket.emit("active", told);
}

/** Looks again when the time is over that the last sign stands for. */
function watch(): void {
  tell();
  setTimeout(watch, Math.max(lastSign + IDLE_MS - Date.now(), 0) || IDLE_MS);
}

function sign(): void {
  lastSign = Date.now();
  tell();
}

/** Follows whether somebody is here. */
export function followActivity(): void {
  for (const event of SIGNS) window.addEventListener(event, sign, { passive: true });
  window.addEventListener("blur", tell);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sign();
    else tell();
  });
  socket.on("connect", () => {
    told = { on: true };
    tell();
  });
  watch();
}
