// One message as an element: fills the server's own markup with a record from the wire, or with one still on its way.

import { paintAttachments, paintUnsent } from "./attachments";
import { myAvatar, myId, myName } from "./me";
import { asButton, paintActions } from "./message-actions";
import { paintNotes, paintQuote, paintReactions } from "./message-parts";
import type { Unsent } from "./outbox";
import { type Face, paintAvatar, paintName } from "./people";
import { clone, part } from "./templates";
import { clock, fullDate } from "./times";
import type { Message } from "./wire";

/** How many emoji a message may have to be shown large. */
const LARGE_EMOJI = 6;

const symbols = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function isEmojiOnly(text: string): boolean {
  const found = [...symbols.segment(text.replace(/\s+/gu, ""))].map(({ segment }) => segment);
  return (
    found.length > 0 &&
    found.length <= LARGE_EMOJI &&
    found.every((symbol) => /^\p{RGI_Emoji}$/v.test(symbol) || /^\p{Extended_Pictographic}$/u.test(symbol))
  );
}

/** When the message was sent. */
export function sentAt(article: Element): Date {
  return new Date(article.querySelector("time")?.dateTime ?? 0);
}

/** Shows the article's time in the reader's own zone. */
export function localise(article: Element): void {
  const time = part<HTMLTimeElement>(article, ".message-time");
  const at = new Date(time.dateTime);
  time.textContent = clock(at);
  time.title = fullDate(at);
}

/** Makes an article that the server drew this page's own. */
export function adopt(article: HTMLElement): void {
  localise(article);
  asButton(article);
}

function paintHead(article: HTMLElement, face: Face): void {
  article.dataset.userId = String(face.id);
  article.classList.toggle("mine", face.id === myId);
  paintAvatar(part(article, ".avatar"), face);
  paintName(part(article, ".message-name"), face);
}

function paintTime(article: HTMLElement, at: string): void {
  part<HTMLTimeElement>(article, ".message-time").dateTime = at;
  localise(article);
}

/** Makes `article` show `message` in its present state. */
export function paintMessage(article: HTMLElement, message: Message): void {
  article.id = `m${message.id}`;
  article.dataset.id = String(message.id);
  article.dataset.seq = String(message.seq);
  article.classList.remove("pending", "failed");
  article.classList.toggle("emoji-only", !message.deleted && isEmojiOnly(message.text));
  article.classList.toggle("deleted", message.deleted);
  article.querySelector(".message-state")?.remove();
  const { user_id: id, name, avatar, author_deleted: deleted } = message;
  paintHead(article, { id, name, avatar, deleted });
  paintTime(article, message.created_at);
  const text = part(article, ".message-text");
  if (message.deleted) text.textContent = "This message was deleted.";
  else text.innerHTML = message.html;
  article.classList.toggle("pinned", message.pinned);
  paintQuote(article, message.reply_to);
  paintReactions(article, message);
  paintNotes(article, message);
  paintAttachments(article, message);
  paintActions(article);
}

/** A new element for `message`. */
export function messageElement(message: Message): HTMLElement {
  const article = clone("message-template");
  article.dataset.saved = "false";
  paintMessage(article, message);
  return article;
}

/** A new element for a message of mine that the server has not acknowledged yet. */
export function pendingElement(unsent: Unsent): HTMLElement {
  const article = clone("message-template");
  article.removeAttribute("id");
  delete article.dataset.id;
  article.dataset.clientId = unsent.client_id;
  article.classList.remove("pinned");
  article.classList.add("pending");
  article.classList.toggle("emoji-only", isEmojiOnly(unsent.message.data));
  paintHead(article, { id: myId, name: myName(), avatar: myAvatar() });
  paintTime(article, unsent.at);
  part(article, ".message-text").textContent = unsent.message.data;
  article.dataset.saved = "false";
  for (const later of article.querySelectorAll(":scope > :is(.reactions, .message-notes, .actions)"))
    later.remove();
  paintQuote(article, unsent.quote);
  paintUnsent(article, unsent);
  return article;
}

/** Says under the message that it was not sent and why, with a way on; without `problem`, that it is on its way. */
export function paintState(article: HTMLElement, problem: string | undefined): void {
  article.querySelector(".message-state")?.remove();
  article.classList.toggle("pending", problem === undefined);
  article.classList.toggle("failed", problem !== undefined);
  if (problem === undefined) return;
  const state = clone("failed-template");
  part(state, ".message-problem").textContent = `Not sent. ${problem}`.trim();
  article.append(state);
}
