// What is done with a message from its menu: the same links and buttons that work as forms, answered in place.

import { confirmed } from "./confirm";
import { pickEmoji } from "./emoji";
import { paintMessage } from "./message-view";
import { ask, socket } from "./socket";
import { part } from "./templates";
import { toast, toastFailure } from "./toast";
import type { Message } from "./wire";

/** What the room's page does about a message: its composer and its thread pane listen on the document. */
export type RoomAct = "reply" | "edit" | "thread";

/** Shows the state of a message wherever the page has it. */
export function showEverywhere(message: Message): void {
  for (const article of document.querySelectorAll<HTMLElement>(`.message[data-id="${message.id}"]`)) {
    if (Number(article.dataset.seq ?? 0) <= message.seq) paintMessage(article, message);
  }
}

export function showSaved(id: number, on: boolean): void {
  for (const article of document.querySelectorAll<HTMLElement>(`.message[data-id="${id}"]`)) {
    article.dataset.saved = String(on);
    const button = article.querySelector<HTMLButtonElement>('[data-action="save"]');
    if (!button) continue;
    button.value = String(!on);
    button.textContent = on ? "Take out of saved" : "Save for later";
  }
}

async function react(id: number, emoji: string, on: boolean): Promise<void> {
  showEverywhere((await ask("react", { id, emoji, on })).message);
}

async function remove(id: number): Promise<void> {
  const sure = await confirmed(
    "Delete this message?",
    "Its text, files and reactions go for everybody. Only its place stays.",
    "Delete message",
  );
  if (sure) showEverywhere((await ask("delete_message", { id })).message);
}

async function copyLink(link: HTMLAnchorElement): Promise<void> {
  await navigator.clipboard.writeText(link.href);
  toast("The link is copied.");
}

async function save(id: number, on: boolean): Promise<void> {
  await ask("save", { id, on });
  showSaved(id, on);
  toast(on ? "Saved. You find it under your picture." : "Taken out of saved.");
}

/** Counts a message and what came after it as not read, here and on my other devices. */
async function markUnread(article: HTMLElement, id: number): Promise<void> {
  const room = article.closest<HTMLElement>("[data-room]")?.dataset.room ?? "";
  document.dispatchEvent(new CustomEvent("marked-unread", { detail: id }));
  await ask("mark_unread", { room, id });
  toast("Marked as unread.");
}

/** Does what `control` stands for; false leaves it to the browser: its link, or its form. */
function act(article: HTMLElement, control: HTMLElement): Promise<unknown> | boolean {
  const id = Number(article.dataset.id);
  const value = (control as HTMLButtonElement).value;
  const inRoom = document.querySelector("chat-room") !== null;
  const action = control.matches(".reaction") ? "toggle" : control.dataset.action;
  switch (action) {
    case "toggle":
      return react(id, value, control.ariaPressed !== "true");
    case "react":
      return react(id, value, true);
    case "pick":
      return pickEmoji().then((emoji) => (emoji ? react(id, emoji, true) : undefined));
    case "pin":
      return ask("pin", { id, on: value === "true" }).then(({ message }) => showEverywhere(message));
    case "previews":
      return ask("remove_previews", { id }).then(({ message }) => showEverywhere(message));
    case "save":
      return save(id, value === "true");
    case "unread":
      return inRoom && markUnread(article, id);
    case "delete":
      return remove(id);
    case "link":
      return navigator.clipboard ? copyLink(control as HTMLAnchorElement) : false;
    case "reply":
    case "edit":
    case "thread":
      return inRoom && tellRoom(action, article);
    default:
      return false;
  }
}

function tellRoom(action: RoomAct, article: HTMLElement): boolean {
  // Who listens takes it by preventing the default.
  const event = new CustomEvent("message-act", { detail: { action, article }, cancelable: true });
  return !document.dispatchEvent(event);
}

/** A quoted message that is on the page is shown there; any other is opened by its link. */
function toSource(event: MouseEvent, quote: HTMLElement): void {
  const source = document.querySelector<HTMLElement>(
    `message-list .message[data-id="${quote.dataset.quote}"]`,
  );
  if (!source) return;
  event.preventDefault();
  source.scrollIntoView({ block: "center" });
  source.tabIndex = -1;
  source.focus({ preventScroll: true });
  source.classList.remove("targeted");
  requestAnimationFrame(() => source.classList.add("targeted"));
}

function clicked(event: MouseEvent): void {
  const target = event.target as Element;
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const quote = target.closest<HTMLElement>("a.quote");
  if (quote) toSource(event, quote);
  const control = target.closest<HTMLElement>("[data-action], .reaction, .message-replies");
  const article = target.closest<HTMLElement>(".message[data-id]");
  if (!control || !article || !socket.connected) return;
  // Pages that only list messages have no pattern to draw a changed one with.
  if (!document.getElementById("message-template")) return;
  const done = act(article, control);
  if (done === false) return;
  event.preventDefault();
  const menu = article.querySelector<HTMLDetailsElement>(".actions details");
  if (menu?.open) {
    menu.open = false;
    part(menu, "summary").focus();
  }
  if (done instanceof Promise) done.catch(toastFailure);
}

/** Makes the menus of all messages act in place. */
export function listenToActs(): void {
  document.addEventListener("click", clicked);
  socket.on("saved", ({ id, on }) => showSaved(id, on));
}
