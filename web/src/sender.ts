// Brings what I write to the server: shown at once, kept until acknowledged, sent again after a break
// under the same `client_id`, so that it arrives once.

import type { MessageList } from "./elements/message-list";
import { paintState } from "./message-view";
import { dropUnsent, keepUnsent, loadUnsent, newClientId, type Unsent } from "./outbox";
import { Refusal, sendMessage, socket } from "./socket";
import { part } from "./templates";

export class Sender {
  private readonly underway = new Set<string>();

  constructor(
    private readonly list: MessageList,
    private readonly room: string,
  ) {
    for (const unsent of loadUnsent(room)) {
      const article = list.putPending(unsent);
      if (unsent.problem !== undefined) this.fail(article, unsent, unsent.problem);
    }
    socket.on("ready", () => this.flush());
  }

  /** Sends `data`, now or as soon as there is a connection. */
  send(data: string): void {
    const unsent: Unsent = { client_id: newClientId(), data, at: new Date().toISOString() };
    keepUnsent(this.room, unsent);
    this.list.putPending(unsent);
    void this.transmit(unsent);
  }

  /** The server told everybody about a message of mine: it is no longer on its way. */
  arrived(clientId: string): void {
    dropUnsent(this.room, clientId);
  }

  private flush(): void {
    for (const unsent of loadUnsent(this.room)) {
      if (unsent.problem === undefined) void this.transmit(unsent);
    }
  }

  private async transmit(unsent: Unsent): Promise<void> {
    const id = unsent.client_id;
    if (!socket.connected || this.underway.has(id)) return;
    this.underway.add(id);
    try {
      const ack = await sendMessage(this.room, unsent.data, id);
      dropUnsent(this.room, id);
      const article = this.list.pending(id);
      if (article) this.list.acknowledge(article, ack);
    } catch (failure) {
      const article = this.list.pending(id);
      const waiting = article?.dataset.id === undefined;
      if (failure instanceof Refusal) this.fail(article, unsent, failure.message);
      else if (socket.connected && waiting) this.fail(article, unsent, "The server did not answer.");
    } finally {
      this.underway.delete(id);
    }
  }

  private fail(article: HTMLElement | undefined, unsent: Unsent, problem: string): void {
    keepUnsent(this.room, { ...unsent, problem });
    if (!article) return;
    this.list.hold(() => paintState(article, problem));
    part(article, '[data-action="retry"]').addEventListener("click", () => this.retry(article, unsent));
    part(article, '[data-action="delete"]').addEventListener("click", () => {
      dropUnsent(this.room, unsent.client_id);
      this.list.take(article);
    });
  }

  private retry(article: HTMLElement, { client_id, data, at }: Unsent): void {
    const again: Unsent = { client_id, data, at };
    keepUnsent(this.room, again);
    this.list.hold(() => paintState(article, undefined));
    void this.transmit(again);
  }
}
