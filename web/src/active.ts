// Tells the server whether somebody is at this device: the page is in sight, and was touched lately.

import { socket } from "./socket";

/** Who does nothing for so long is away. */
const IDLE_MS = 5 * 60 * 1000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

let lastSign = Date.now();
/** What the server takes to be so; of a new connection it is that somebody is there. */
let told = true;

function tell(): void {
  const on = document.visibilityState === "visible" && Date.now() - lastSign < IDLE_MS;
  if (on === told || !socket.connected) return;
  told = on;
  socket.emit("active", { on });
}

/** Looks again when the time is over that the last sign stands for. */
function watch(): void {
  tell();
  setTimeout(watch, Math.max(lastSign + IDLE_MS - Date.now(), 0) || IDLE_MS);
}

function sign(): void {
  lastSign = Date.now();
  if (!told) tell();
}

/** Follows whether somebody is here. */
export function followActivity(): void {
  for (const event of SIGNS) window.addEventListener(event, sign, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") sign();
    else tell();
  });
  socket.on("connect", () => {
    told = true;
    tell();
  });
  watch();
}
