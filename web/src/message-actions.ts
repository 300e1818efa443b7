// What a message's menu offers: what I may do with it as the room and I stand now, so it follows a changed role at once.
// It is made when it is first opened; until then there is a link to the message's own page, where it is open.

import { myId } from "./me";
import { ensure, isSaved, readdress, take } from "./message-parts";
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
  const beside = (action: string) =>
    article.querySelector(`:scope > .actions > [data-action="${action}"]`) !== null;
  return new Map([
    ["react", beside("pick")],
    ["reply", beside("reply")],
    ["unread", !mine],
    ["pin", free && (order || chat?.kind === "direct")],
    ["previews", open && (mine || order) && article.querySelector(":scope > .previews") !== null],
    ["edit", free && mine],
    ["report", !mine],
    ["delete", open && (mine || order)],
  ]);
}

/** The part of the menu that stands for an action. */
const item = (action: string) =>
  action === "react" ? ":scope > .actions-emoji" : `:scope > [data-action="${action}"]`;

/** Puts an action into the menu, in the template's order. */
function add(sheet: HTMLElement, action: string): void {
  const fresh = part(part(clone("menu-template"), ".actions-sheet"), item(action));
  for (let next = fresh.nextElementSibling; next; next = next.nextElementSibling) {
    const below = sheet.querySelector(item((next as HTMLElement).dataset.action ?? ""));
    if (!below) continue;
    below.before(fresh);
    return;
  }
  sheet.append(fresh);
}

function paintSheet(article: HTMLElement, sheet: HTMLElement): void {
  for (const [action, on] of offered(article)) {
    const here = sheet.querySelector(item(action));
    if (here && !on) here.remove();
    else if (!here && on) add(sheet, action);
  }
  const states = { pin: article.classList.contains("pinned"), save: isSaved(article) };
  for (const [action, on] of Object.entries(states)) {
    const button = sheet.querySelector<HTMLButtonElement>(`[data-action="${action}"]`);
    if (!button) continue;
    button.value = String(!on);
    button.textContent = TOGGLES[action]?.[on ? 1 : 0] ?? "";
  }
}

/** Makes what stands beside `article`, which shows a message in its present state, offer what I may do with it. */
export function paintActions(article: HTMLElement): void {
  if (article.classList.contains("deleted")) {
    take(article, ".actions");
    return;
  }
  const actions = ensure(article, ".actions");
  const sheet = actions.querySelector<HTMLElement>(".actions-sheet");
  if (sheet) paintSheet(article, sheet);
  asButton(article);
  readdress(actions, Number(article.dataset.id));
}

/** Does so for every message on the page that the server has. */
export function paintAllActions(): void {
  for (const article of document.querySelectorAll<HTMLElement>(".message[data-id]")) paintActions(article);
}

/** The link to a message's menu opens it in place here, which is a button's work. */
export function asButton(article: HTMLElement): void {
  const link = article.querySelector<HTMLElement>(':scope > .actions > [data-action="more"]');
  if (!link) return;
  link.role = "button";
  link.ariaExpanded = "false";
}

/** Opens the menu of `article`; gives what opens and closes it, if the message has one. */
export function openMenu(article: HTMLElement): HTMLElement | undefined {
  const actions = article.querySelector<HTMLElement>(":scope > .actions");
  if (!actions) return;
  const link = actions.querySelector('[data-action="more"]');
  if (link) {
    link.replaceWith(clone("menu-template"));
    paintActions(article);
  }
  const menu = part<HTMLDetailsElement>(actions, "details");
  menu.open = true;
  return part(menu, "summary");
}
