// <typing-line>: who else is writing in this room.

import { myId } from "../me";
import { socket } from "../socket";

/** The server ends a forgotten one after 6 s; this is for a connection that is lost meanwhile. */
const FORGET_AFTER_MS = 8000;

interface Writer {
  name: string;
  timer: ReturnType<typeof setTimeout>;
}

export class TypingLine extends HTMLElement {
  private readonly writers = new Map<number, Writer>();

  connectedCallback(): void {
    const here = this.closest<HTMLElement>("[data-room]")?.dataset.room;
    socket.on("typing", ({ room, user_id, name, on }) => {
      if (room !== here || user_id === myId) return;
      this.end(user_id);
      if (on) this.begin(user_id, name);
    });
    socket.on("disconnect", () => {
      for (const userId of [...this.writers.keys()]) this.end(userId);
    });
  }

  /** Somebody stopped, or what they wrote is here. */
  end(userId: number): void {
    clearTimeout(this.writers.get(userId)?.timer);
    if (this.writers.delete(userId)) this.show();
  }

  private begin(userId: number, name: string): void {
    const timer = setTimeout(() => this.end(userId), FORGET_AFTER_MS);
    this.writers.set(userId, { name, timer });
    this.show();
  }

  private show(): void {
    const names = [...this.writers.values()].map(({ name }) => name);
    if (names.length === 0) this.textContent = "";
    else if (names.length === 1) this.textContent = `${names[0]} is typing…`;
    else if (names.length === 2) this.textContent = `${names[0]} and ${names[1]} are typing…`;
    else this.textContent = "Several people are typing…";
  }
}
