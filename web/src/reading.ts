// Tells the server how far I have read: the newest message, once it is in sight and the page has the focus.

import { arrangeAll } from "./arrange";
import type { MessageList } from "./elements/message-list";
import { socket } from "./socket";

const SETTLES_AFTER_MS = 150;

export class Reading {
  private timer: ReturnType<typeof setTimeout> | undefined;
  /** I marked something as unread: it stays so until I come back, or write. */
  private kept = false;

  constructor(
    private readonly list: MessageList,
    private readonly room: string,
    private lastRead: number,
    private readonly whenRead: () => void,
  ) {
    const look = () => this.look();
    for (const happening of ["focus", "pageshow"]) window.addEventListener(happening, () => this.resume());
    document.addEventListener("marked-unread", (event) => {
      this.kept = true;
      list.list.querySelector(":scope > .divider.new")?.remove();
      arrangeAll(list.list);
      list.markNew(list.find((event as CustomEvent<number>).detail));
    });
    document.addEventListener("visibilitychange", look);
    list.addEventListener("scroll", look, { passive: true });
    socket.on("ready", look);
  }

  /** Whether somebody looks at the end of the list now. */
  get present(): boolean {
    return (
      this.list.atPresent && this.list.atEnd && document.visibilityState === "visible" && document.hasFocus()
    );
  }

  /** What is in sight counts as read again. */
  resume(): void {
    this.kept = false;
    this.look();
  }

  /** Something changed that may mean that the newest message is read. */
  look(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.mark(), SETTLES_AFTER_MS);
  }

  private mark(): void {
    if (!this.present || !socket.connected || this.kept) return;
    this.whenRead();
    const newest = this.list.newestId;
    if (newest <= this.lastRead) return;
    const before = this.lastRead;
    this.lastRead = newest;
    socket.emit("read", { room: this.room, id: newest }, (answer) => {
      // What the server did not take is said again with the next message.
      if (!answer.ok && this.lastRead === newest) this.lastRead = before;
    });
  }
}
