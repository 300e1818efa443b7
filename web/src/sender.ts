// Shows what I write in a room while it is on its way: at once, until it is acknowledged, and what can be done when the
// server did not take it.

import { paintUnsent } from "./attachments";
import type { MessageList } from "./elements/message-list";
import { myId } from "./me";
import { paintState } from "./message-view";
import { dropUnsent, loadUnsent, newClientId, type Unsent } from "./outbox";
import { outgoing, type Progress, type Refused, type Sent, send } from "./outgoing";
import { part } from "./templates";
import type { Quote, SendMessage } from "./wire";

export class Sender {
  constructor(
    private readonly list: MessageList,
    private readonly room: string,
  ) {
    outgoing.addEventListener("sent", (event) => this.sent((event as CustomEvent<Sent>).detail));
    outgoing.addEventListener("refused", (event) => this.refused((event as CustomEvent<Refused>).detail));
    outgoing.addEventListener("progress", (event) => this.progress((event as CustomEvent<Progress>).detail));
    void this.restore();
  }

  /** Sends a message to this room, now or as soon as there is a connection. */
  send(message: SendMessage, quote?: Quote, files: File[] = []): void {
    const client_id = newClientId();
    const unsent: Unsent = {
      client_id,
      me: myId,
      room: this.room,
      message: { ...message, room: this.room, client_id },
      at: new Date().toISOString(),
      ...(quote && { quote }),
      ...(files.length > 0 && { files }),
    };
    this.list.putPending(unsent);
    void send(unsent);
  }

  /** The server told everybody about a message of mine: it is no longer on its way. */
  arrived(clientId: string): void {
    void dropUnsent(clientId);
  }

  private async restore(): Promise<void> {
    for (const unsent of await loadUnsent(myId)) {
      if (unsent.room !== this.room || this.list.pending(unsent.client_id)) continue;
      this.list.putPending(unsent);
      if (unsent.problem !== undefined) this.refused({ unsent, problem: unsent.problem });
    }
  }

  private progress({ unsent, share }: Progress): void {
    const bar = this.list.pending(unsent.client_id)?.querySelector<HTMLProgressElement>(".upload");
    if (bar) bar.value = share;
  }

  private sent({ unsent, ack }: Sent): void {
    const article = this.list.pending(unsent.client_id);
    if (article) this.list.acknowledge(article, ack);
  }

  private refused({ unsent, problem }: Refused): void {
    const article = this.list.pending(unsent.client_id);
    // What everybody was told is with the server, whatever became of the answer.
    if (!article || article.dataset.id !== undefined) return;
    this.list.hold(() => paintState(article, problem));
    part(article, '[data-action="retry"]').addEventListener("click", () => this.retry(article, unsent));
    part(article, '[data-action="delete"]').addEventListener("click", () => {
      void dropUnsent(unsent.client_id);
      this.list.take(article);
    });
  }

  private retry(article: HTMLElement, { problem: _, ...again }: Unsent): void {
    this.list.hold(() => {
      paintState(article, undefined);
      paintUnsent(article, again);
    });
    void send(again);
  }
}
