// Says new messages to screen readers, a few at a time, without moving the focus.

const GATHER_MS = 400;
const AT_MOST = 5;

let waiting: string[] = [];

function say(): void {
  const region = document.querySelector("[data-announcer]");
  const text = waiting.length > AT_MOST ? `${waiting.length} new messages` : waiting.join(". ");
  waiting = [];
  if (region) region.textContent = text;
}

/** Adds `text` to what is said next. */
export function announce(text: string): void {
  waiting.push(text);
  if (waiting.length === 1) setTimeout(say, GATHER_MS);
}
