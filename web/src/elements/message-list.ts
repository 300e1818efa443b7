// <message-list>: the scrolling conversation. Shows each message once, follows the newest near the end
// and holds still everywhere else.

import { arrangeAll, arrangeOne } from "../arrange";
import { countReply } from "../message-parts";
import { adopt, localise, messageElement, paintMessage, pendingElement } from "../message-view";
import { articlesOf, place, takeOlder, takeOut, thin } from "../order";
import type { Unsent } from "../outbox";
import { clone, part } from "../templates";
import type { Message, MessageAck } from "../wire";

/** How near to its end the list follows new messages, in pixels. */
const FOLLOW_WITHIN = 100;

export class MessageList extends HTMLElement {
  get list(): HTMLElement {
    return part(this, ".messages");
  }

  get articles(): HTMLElement[] {
    return articlesOf(this.list);
  }

  connectedCallback(): void {
    for (const article of this.articles) adopt(article);
    arrangeAll(this.list);
    if (!location.hash) this.querySelector(".divider.new")?.scrollIntoView({ block: "start" });
  }

  /** The list is laid out from its end, so that the end is at 0. */
  get atEnd(): boolean {
    return Math.abs(this.scrollTop) < FOLLOW_WITHIN;
  }

  /** Whether the list reaches up to the newest message; else it is a part of the past. */
  get atPresent(): boolean {
    return this.dataset.newest === "true";
  }

  toEnd(): void {
    this.scrollTop = 0;
  }

  get newestId(): number {
    return this.articles.reduce((newest, { dataset }) => Math.max(newest, Number(dataset.id ?? 0)), 0);
  }

  get oldestId(): number | undefined {
    const id = this.articles[0]?.dataset.id;
    return id === undefined ? undefined : Number(id);
  }

  find(id: number): HTMLElement | undefined {
    return this.list.querySelector<HTMLElement>(`:scope > [data-id="${id}"]`) ?? undefined;
  }

  pending(clientId: string | null | undefined): HTMLElement | undefined {
    return this.articles.find((article) => clientId && article.dataset.clientId === clientId);
  }

  /** Does `change` without moving what is being read; at the end, the end stays in sight. */
  hold(change: () => void): void {
    if (this.atEnd) {
      change();
      thin(this.list);
      this.toEnd();
      return;
    }
    const top = this.getBoundingClientRect().top;
    const anchor = this.articles.find((article) => article.getBoundingClientRect().bottom > top);
    const before = anchor?.getBoundingClientRect().top ?? 0;
    change();
    if (anchor?.isConnected) this.scrollTop += anchor.getBoundingClientRect().top - before;
  }

  /** Shows a message in its place, or the new state of one that is here. Returns whether it was new. */
  put(message: Message, mine: boolean): boolean {
    const here = this.find(message.id) ?? (mine ? this.pending(message.client_id) : undefined);
    const known = this.find(message.id) !== undefined;
    // A state that was overtaken on its way is not shown again.
    if (here && Number(here.dataset.seq ?? 0) > message.seq) return false;
    if (here) paintMessage(here, message);
    place(this.list, here ?? messageElement(message));
    if (!known && message.reply_to) countReply(this.list, message.reply_to.id);
    return !here;
  }

  /** Shows a message of mine that is on its way. */
  putPending(unsent: Unsent): HTMLElement {
    const article = pendingElement(unsent);
    this.hold(() => place(this.list, article));
    return article;
  }

  /** The server has the message: it takes its place among the others. */
  acknowledge(article: HTMLElement, ack: MessageAck): void {
    const here = this.find(ack.id);
    if (here) {
      if (here !== article) this.take(article);
      return;
    }
    article.id = `m${ack.id}`;
    article.dataset.id = String(ack.id);
    article.dataset.seq = String(ack.seq);
    part<HTMLTimeElement>(article, ".message-time").dateTime = ack.created_at;
    localise(article);
    article.classList.remove("pending", "failed");
    article.querySelector(".message-state")?.remove();
    this.hold(() => place(this.list, article));
  }

  take(article: HTMLElement): void {
    this.hold(() => takeOut(this.list, article));
  }

  /** Takes out what the room does not keep any more. */
  forget(from: number): void {
    this.hold(() => takeOlder(this.list, from));
  }

  /** Puts older messages above all others. */
  putOlder(messages: Message[]): void {
    const fresh = messages.filter((message) => !this.find(message.id)).map(messageElement);
    this.hold(() => {
      part(this.list, ".older").after(...fresh);
      arrangeAll(this.list);
    });
  }

  /** Starts again from `messages`, at the end; what is still on its way stays. */
  restart(messages: Message[], moreBefore: boolean): void {
    const waiting = this.articles.filter((article) => article.dataset.id === undefined);
    const older = part(this.list, ".older");
    older.hidden = !moreBefore;
    this.list.replaceChildren(older, ...messages.map(messageElement), ...waiting);
    arrangeAll(this.list);
    this.dataset.newest = "true";
    this.toEnd();
  }

  /** Draws the *new* line above `article`, unless there is one already. */
  markNew(article: HTMLElement | undefined): void {
    if (!article || this.list.querySelector(":scope > .divider.new")) return;
    this.hold(() => {
      article.before(clone("new-template"));
      arrangeOne(article);
    });
  }
}
