// <seen-line>: who has read the last thing that I said, in a direct conversation.

import { myId } from "../me";
import { socket } from "../socket";
import { part } from "../templates";

interface Mark {
  user_id: number;
  name: string;
  read_id: number;
}

export class SeenLine extends HTMLElement {
  private readonly marks = new Map<number, Mark>();

  connectedCallback(): void {
    for (const mark of JSON.parse(this.dataset.marks ?? "[]") as Mark[]) this.marks.set(mark.user_id, mark);
    const chat = this.closest<HTMLElement>("[data-room]");
    if (!chat || this.marks.size === 0) return;
    const list = part<HTMLElement>(chat, ".messages");
    new MutationObserver(() => this.show(list)).observe(list, {
      attributeFilter: ["data-id"],
      childList: true,
      subtree: true,
    });
    socket.on("read", ({ room, user_id, id }) => {
      const mark = this.marks.get(user_id);
      if (room !== chat.dataset.room || !mark) return;
      mark.read_id = Math.max(mark.read_id, id);
      this.show(list);
    });
    socket.on("profile_updated", ({ id, name }) => {
      const mark = this.marks.get(id);
      if (mark) mark.name = name;
      this.show(list);
    });
    this.show(list);
  }

  private show(list: HTMLElement): void {
    const last = [...list.querySelectorAll<HTMLElement>(":scope > .message")].at(-1);
    const mine = last?.dataset.id !== undefined && Number(last.dataset.userId) === myId;
    const all = [...this.marks.values()];
    const seen = mine ? all.filter(({ read_id }) => read_id >= Number(last.dataset.id)) : [];
    const names = seen.map(({ name }) => name).join(", ");
    if (seen.length === 0) this.textContent = "";
    else if (all.length === 1) this.textContent = "Seen";
    else this.textContent = seen.length === all.length ? "Seen by everybody" : `Seen by ${names}`;
  }
}
