// <chat-room>: one room's conversation, live. Joins the list, the composer and the connection.

import { announce } from "../announce";
import { inOneLine } from "../attachments";
import type { Composed } from "../composed";
import { keepMessages, keptSince } from "../kept";
import { myId } from "../me";
import { listenToMessages } from "../message-keys";
import { OlderMessages } from "../older";
import { Reading } from "../reading";
import { followRetention } from "../retention";
import { routeActs } from "../room-acts";
import { followHead } from "../room-head";
import { Sender } from "../sender";
import { follow, readHistory, socket } from "../socket";
import { part } from "../templates";
import type { Message } from "../wire";
import type { MessageComposer } from "./message-composer";
import type { MessageList } from "./message-list";
import type { ThreadPane } from "./thread-pane";
import type { TypingLine } from "./typing-line";

/** Messages that come within this time are shown together. */
const BATCH_MS = 20;
const PAGE = 50;
/** The pill shows from this far above the end, in pixels, even when nothing is new. */
const FAR_FROM_END = 1200;

export class ChatRoom extends HTMLElement {
  private readonly room = this.dataset.room ?? "";
  private list!: MessageList;
  private pill!: HTMLButtonElement;
  private sender!: Sender;
  private older!: OlderMessages;
  private reading!: Reading;
  private batch: Message[] = [];
  private fresh = 0;

  connectedCallback(): void {
    this.list = part<MessageList>(this, "message-list");
    this.pill = part<HTMLButtonElement>(this, ".pill");
    follow(this.room, Number(this.dataset.seq));
    this.older = new OlderMessages(this.list, this.room);
    this.sender = new Sender(this.list, this.room);
    this.reading = new Reading(this.list, this.room, Number(this.dataset.lastRead), () => this.isRead());
    this.list.addEventListener("scroll", () => this.showPill(), { passive: true });
    this.pill.addEventListener("click", () => this.toPresent());
    this.showPill();
    this.listenToComposer();
    this.listenToServer();
    void this.showKept();
  }

  /** Puts what came after this page was made: it is an older one when it comes from the service worker. */
  private async showKept(): Promise<void> {
    const seq = Number(this.dataset.seq);
    const kept = await keptSince(this.room, seq);
    if (!this.list.atPresent || kept.length === 0) return;
    const fresh = kept.filter((message) => message.created_seq > seq);
    if (fresh.length >= PAGE) this.list.restart(fresh, true);
    else this.batch.push(...kept.filter((message) => fresh.includes(message) || this.list.find(message.id)));
    this.showBatch();
  }

  private listenToComposer(): void {
    const composer = part<MessageComposer>(this, "message-composer");
    composer.addEventListener("compose", (event) => {
      const { message, quote, files } = (event as CustomEvent<Composed>).detail;
      this.reading.resume();
      void this.toPresent().then(() => this.sender.send(message, quote, files));
    });
    const pane = document.querySelector<ThreadPane>("thread-pane");
    pane?.addEventListener("say", (event) => {
      this.sender.send((event as CustomEvent<Composed>).detail.message);
    });
    routeActs(composer, pane);
    listenToMessages(this.list);
  }

  private listenToServer(): void {
    const take = (message: Message) => {
      if (message.room !== this.room) return;
      this.batch.push(message);
      if (this.batch.length === 1) setTimeout(() => this.showBatch(), BATCH_MS);
    };
    socket.on("message", take);
    socket.on("message_updated", (message) => {
      if (message.room === this.room && this.list.find(message.id)) take(message);
    });
    socket.on("resumed", ({ room, more }) => {
      if (room === this.room && more) void this.restart();
    });
    followHead(this);
    followRetention(this.room, this.list);
  }

  private showBatch(): void {
    const batch = this.batch;
    this.batch = [];
    void keepMessages(this.room, batch);
    const away = !this.reading.present;
    const line = part<TypingLine>(this, "typing-line");
    const fresh: Message[] = [];
    const show = (message: Message) => {
      const mine = message.user_id === myId;
      if (mine && message.client_id) this.sender.arrived(message.client_id);
      const isNew = this.list.atPresent ? this.list.put(message, mine) : message.id > this.list.newestId;
      if (isNew && !mine) fresh.push(message);
      line.end(message.user_id);
    };
    this.list.hold(() => batch.forEach(show));
    const first = fresh[0];
    if (away && first && this.list.atPresent) this.list.markNew(this.list.find(first.id));
    if (!this.list.atEnd || !this.list.atPresent) this.fresh += fresh.length;
    for (const message of fresh) announce(`${message.name}: ${inOneLine(message)}`);
    this.showPill();
    this.reading.look();
  }

  private isRead(): void {
    this.fresh = 0;
    this.showPill();
    document.dispatchEvent(new CustomEvent("room-read", { detail: this.room }));
  }

  private showPill(): void {
    if (this.list.atEnd && this.list.atPresent) this.fresh = 0;
    const far = Math.abs(this.list.scrollTop) > FAR_FROM_END || !this.list.atPresent;
    this.pill.hidden = this.fresh === 0 && !far;
    part(this.pill, ".pill-text").textContent = this.fresh > 0 ? `${this.fresh} new` : "Newest";
  }

  /** Back to the newest messages, loading them when the page shows a part of the past. */
  private async toPresent(): Promise<void> {
    if (!this.list.atPresent) await this.restart();
    this.list.toEnd();
  }

  private async restart(): Promise<void> {
    try {
      const { messages, more_before } = await readHistory(this.room, PAGE);
      this.list.restart(messages, more_before);
      this.older.watch();
      this.showPill();
    } catch {
      location.assign(`/room/${this.room}`);
    }
  }
}
