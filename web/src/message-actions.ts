// What a message's menu offers: what I may do with it as the room and I stand now, so it follows a changed role at once.

import { myId } from "./me";
import { ensure, readdress, take } from "./message-parts";
import { clone, part } from "./templates";

const TOGGLES: Record<string, [string, string]> = {
  pin: ["Pin", "Unpin"],
  save: ["Save for later", "Take out of saved"],
};

/** What I may do with the message that `article` shows, as far as it is not the same for everybody. */
function offered(article: HTMLElement): Map<string, boolean> {
  const chat = document.querySelector<HTMLElement>("chat-room")?.dataset;
  const order = chat?.role === "owner" || chat?.role === "moderator";
  const open = !document.querySelector(".standing[data-archived]");
  // Who is muted says nothing new by an edit or a pin, either.
  const free = !document.querySelector(".standing:not([hidden])");
  const mine = Number(article.dataset.userId) === myId;
  return new Map([
    ["unread", !mine],
    ["pin", free && (order || chat?.kind === "direct")],
    ["previews", open && (mine || order) && article.querySelector(":scope > .previews") !== null],
    ["edit", free && mine],
    ["report", !mine],
    ["delete", open && (mine || order)],
  ]);
}

/** Puts an action into the menu, in the template's order. */
function add(sheet: HTMLElement, action: string): void {
  const pattern = part(clone("message-template"), ".actions-sheet");
  const fresh = part(pattern, `[data-action="${action}"]`);
  for (let next = fresh.nextElementSibling; next; next = next.nextElementSibling) {
    const below = sheet.querySelector(`:scope > [data-action="${(next as HTMLElement).dataset.action}"]`);
    if (!below) continue;
    below.before(fresh);
    return;
  }
  sheet.append(fresh);
}

/** Makes the menu of `article`, which shows a message in its present state, offer what I may do with it. */
export function paintActions(article: HTMLElement): void {
  if (article.classList.contains("deleted")) {
    take(article, ".actions");
    return;
  }
  const sheet = part(ensure(article, ".actions"), ".actions-sheet");
  for (const [action, on] of offered(article)) {
    const here = sheet.querySelector(`:scope > [data-action="${action}"]`);
    if (here && !on) here.remove();
    else if (!here && on) add(sheet, action);
  }
  const states = { pin: article.classList.contains("pinned"), save: article.dataset.saved === "true" };
  for (const [action, on] of Object.entries(states)) {
    const button = sheet.querySelector<HTMLButtonElement>(`[data-action="${action}"]`);
    if (!button) continue;
    button.value = String(!on);
    button.textContent = TOGGLES[action]?.[on ? 1 : 0] ?? "";
  }
  readdress(part(article, ":scope > .actions"), Number(article.dataset.id));
}

/** Does so for every message on the page that the server has. */
export function paintAllActions(): void {
  for (const article of document.querySelectorAll<HTMLElement>(".message[data-id]")) paintActions(article);
}
