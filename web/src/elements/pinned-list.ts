// <pinned-list>: what is pinned in the room, in its details. Without the script there is a link to the same list.

import { inOneLine } from "../attachments";
import { ask, socket } from "../socket";
import { part } from "../templates";
import type { Message } from "../wire";

const SHOWS_AT_MOST = 5;

export class PinnedList extends HTMLElement {
  private readonly room = this.dataset.room ?? "";
  private pinned = new Set<number>();

  connectedCallback(): void {
    socket.on("ready", () => void this.load());
    socket.on("message_updated", (message) => {
      if (message.room !== this.room) return;
      if (message.change === "pinned" || this.pinned.has(message.id)) void this.load();
    });
  }

  private async load(): Promise<void> {
    const { messages } = await ask("pins", { room: this.room }).catch(() => ({ messages: [] as Message[] }));
    this.pinned = new Set(messages.map(({ id }) => id));
    this.hidden = messages.length === 0;
    part(this, ".count").textContent = String(messages.length);
    part(this, ".pinned-rows").replaceChildren(
      ...messages.slice(0, SHOWS_AT_MOST).map((one) => this.row(one)),
    );
  }

  private row(message: Message): HTMLElement {
    const { id, name } = message;
    const link = document.createElement("a");
    link.className = "pinned-row";
    link.href = `/room/${this.room}/m/${id}#m${id}`;
    const author = document.createElement("span");
    author.className = "quote-name";
    author.textContent = name;
    const start = document.createElement("span");
    start.className = "quote-text";
    start.textContent = inOneLine(message);
    link.append(author, " ", start);
    const row = document.createElement("li");
    row.append(link);
    return row;
  }
}
