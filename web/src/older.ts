// Loads older messages as the reader comes near the top, in the place of the link "Older messages".

import type { MessageList } from "./elements/message-list";
import { readHistory, socket } from "./socket";
import { clone, part } from "./templates";

const PAGE = 50;
const SKELETONS = 4;
const SKELETONS_AFTER_MS = 200;

/** Watches the top of `list` and loads what comes before it in `room`. */
export class OlderMessages {
  private readonly link: HTMLElement;
  private readonly watcher: IntersectionObserver;
  private loading = false;

  constructor(
    private readonly list: MessageList,
    private readonly room: string,
  ) {
    this.link = part(list, ".older");
    this.watcher = new IntersectionObserver((entries) => this.seen(entries), {
      root: list,
      rootMargin: "600px 0px 0px",
    });
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      void this.load();
    });
    socket.on("ready", () => this.watch());
  }

  /** Looks again whether the top is near; call it when the list has changed as a whole. */
  watch(): void {
    this.watcher.unobserve(this.link);
    this.watcher.observe(this.link);
  }

  private seen(entries: IntersectionObserverEntry[]): void {
    if (entries.some((entry) => entry.isIntersecting)) void this.load();
  }

  private async load(): Promise<void> {
    const before = this.list.oldestId;
    if (this.loading || this.link.hidden || before === undefined || !socket.connected) return;
    this.loading = true;
    const bones: HTMLElement[] = [];
    const patience = setTimeout(() => {
      for (let count = 0; count < SKELETONS; count += 1) bones.push(clone("skeleton-template"));
      this.list.hold(() => this.link.after(...bones));
    }, SKELETONS_AFTER_MS);
    try {
      const { messages, more_before } = await readHistory(this.room, PAGE, before);
      this.link.hidden = !more_before;
      this.list.hold(() => {
        for (const bone of bones) bone.remove();
        this.list.putOlder(messages);
      });
      if (more_before) this.watch();
    } catch {
      // The link stays: it can be pressed again, and a new connection tries by itself.
      for (const bone of bones) bone.remove();
    } finally {
      clearTimeout(patience);
      this.loading = false;
    }
  }
}
