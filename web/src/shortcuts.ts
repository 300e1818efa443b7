// Keys that work everywhere. None of them is one that a screen reader or the browser needs, or works while somebody types
// a text, except with a modifier.

import { openDialog } from "./dialogs";

const apple = /Mac|iPhone|iPad/.test(navigator.userAgent);

function types(event: KeyboardEvent): boolean {
  const target = event.target as HTMLElement | null;
  return target?.matches("input, textarea, select, [contenteditable]") ?? false;
}

/** Opens the room above or below the one on the page; with `unread`, the next one in which something waits. */
function goTo(step: 1 | -1, unread: boolean): void {
  const rows = [...document.querySelectorAll<HTMLAnchorElement>("li:not([hidden]) > a.room-row")];
  const here = rows.findIndex((row) => row.ariaCurrent === "page");
  const start = here < 0 && step < 0 ? rows.length : here;
  for (let index = start + step; rows[index]; index += step) {
    if (unread && rows[index]?.dataset.unread === "0") continue;
    rows[index]?.click();
    return;
  }
}

function pressed(event: KeyboardEvent): void {
  const command = apple ? event.metaKey : event.ctrlKey;
  const vertical = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
  if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") openDialog("switcher");
  else if (event.key === "?" && !types(event) && !command) openDialog("shortcuts");
  else if (vertical && event.altKey && !event.ctrlKey && !event.metaKey) goTo(vertical, event.shiftKey);
  else return;
  event.preventDefault();
}

/** Listens to the keys, and names them as this device does. */
export function listenToKeys(): void {
  document.addEventListener("keydown", pressed);
  if (apple) for (const key of document.querySelectorAll("[data-command]")) key.textContent = "⌘";
}
