// <thread-pane>: a message and its replies beside the conversation: in the place of the details on a desk, over
// everything on a phone, where the system's own back closes it.

import { showEverywhere } from "../acts";
import { localise, messageElement } from "../message-view";
import { ask, socket } from "../socket";
import { part } from "../templates";
import { toastFailure } from "../toast";
import type { Message } from "../wire";
import type { Composed, MessageComposer } from "./message-composer";

const PAGE = 200;

export class ThreadPane extends HTMLElement {
  private room = this.dataset.room ?? "";
  private root = 0;
  private opener: HTMLElement | undefined;

  connectedCallback(): void {
    part(this, ".thread-close").addEventListener("click", () => history.back());
    this.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && !event.defaultPrevented) history.back();
    });
    window.addEventListener("popstate", () => this.close());
    this.composer.addEventListener("compose", (event) => {
      const { message } = (event as CustomEvent<Composed>).detail;
      const detail: Composed = { message: { ...message, reply_to: message.reply_to ?? this.root } };
      this.dispatchEvent(new CustomEvent("say", { detail }));
    });
    socket.on("message", (message) => this.add(message));
    socket.on("message_updated", (message) => {
      if (!this.hidden) showEverywhere(message);
    });
    socket.on("ready", () => {
      if (!this.hidden) void this.load(this.root);
    });
  }

  private get list(): HTMLElement {
    return part(this, ".thread-list");
  }

  private get composer(): MessageComposer {
    return part<MessageComposer>(this, "message-composer");
  }

  /** Shows the thread of the message with this id. */
  async open(id: number, opener?: HTMLElement): Promise<void> {
    this.opener = opener;
    try {
      await this.load(id);
    } catch (failure) {
      toastFailure(failure);
      return;
    }
    if (this.hidden) history.pushState({ thread: this.root }, "");
    this.hidden = false;
    this.list.scrollTop = this.list.scrollHeight;
    this.composer.focusField();
  }

  /** Replies to a message of the thread, or changes one of mine, in the pane's own composer. */
  compose(action: "reply" | "edit", article: HTMLElement): void {
    if (action === "reply") this.composer.reply(article);
    else this.composer.edit(article).catch(toastFailure);
  }

  private async load(id: number): Promise<void> {
    const { messages } = await ask("thread", { id, limit: PAGE });
    this.root = messages[0]?.id ?? id;
    this.list.replaceChildren(...messages.map((message) => this.article(message)));
    this.composer.dataset.thread = String(this.root);
    this.composer.restore();
  }

  /** The conversation's message has the id in the page; here it is a second one. */
  private article(message: Message): HTMLElement {
    const article = messageElement(message);
    article.removeAttribute("id");
    article.querySelector(".message-replies")?.remove();
    // What all of them answer stands on top.
    if (message.reply_to?.id === this.root) article.querySelector(".quote")?.remove();
    localise(article);
    return article;
  }

  private add(message: Message): void {
    if (this.hidden || message.room !== this.room || !message.reply_to) return;
    const belongs = this.list.querySelector(`[data-id="${message.reply_to.id}"]`);
    if (!belongs || this.list.querySelector(`[data-id="${message.id}"]`)) return;
    const atEnd = this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < 100;
    this.list.append(this.article(message));
    if (atEnd) this.list.scrollTop = this.list.scrollHeight;
  }

  private close(): void {
    if (this.hidden) return;
    this.hidden = true;
    this.list.replaceChildren();
    this.opener?.focus();
  }
}
