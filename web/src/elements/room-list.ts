// <room-list>: my rooms with what waits in each, kept up to date; the tab's title shows the sum.

import { inOneLine } from "../attachments";
import { myId } from "../me";
import { follow, socket } from "../socket";
import { part } from "../templates";
import { shortTime } from "../times";
import { titleUnread } from "../title";
import type { Message, Preferences, Room, RoomState } from "../wire";

export class RoomList extends HTMLElement {
  private get rows(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>(".room-row")];
  }

  connectedCallback(): void {
    for (const row of this.rows) {
      follow(row.dataset.room ?? "", Number(row.dataset.seq));
      this.showTime(row);
    }
    this.sum();
    socket.on("ready", ({ rooms }) => {
      for (const state of rooms) this.showState(state);
    });
    socket.on("unread", ({ room, unread, mentions }) => this.setUnread(room, unread, mentions));
    socket.on("message", (message) => this.showMessage(message));
    socket.on("room_updated", ({ room }) => this.showRoom(room));
    socket.on("room_removed", ({ room }) => this.take(room));
    socket.on("preferences_updated", ({ room, preferences }) => this.prefer(room, preferences));
    // Who is named in it is counted with the message; whoever is meant with the whole room is told only here.
    socket.on("mention", ({ message: { room, mentions, user_id } }) => {
      const row = this.row(room);
      if (!row || mentions.includes(myId) || user_id === myId) return;
      this.setUnread(room, Number(row.dataset.unread), Number(row.dataset.mentions) + 1);
    });
    document.addEventListener("room-read", (event) => {
      this.setUnread((event as CustomEvent<string>).detail, 0, 0);
    });
  }

  private row(room: string): HTMLElement | undefined {
    return this.rows.find(({ dataset }) => dataset.room === room);
  }

  /** What the server counts includes all up to `last_seq`: what is sent again after it is not counted twice. */
  private showState({ room, unread, mentions, preferences, last_message }: RoomState): void {
    const row = this.row(room.room);
    if (!row) return;
    if (last_message) this.showMessage(last_message);
    row.dataset.seq = String(Math.max(room.last_seq, Number(row.dataset.seq)));
    this.showRoom(room);
    this.prefer(room.room, preferences);
    this.setUnread(room.room, unread, mentions);
  }

  private setUnread(room: string, unread: number, mentions: number): void {
    const row = this.row(room);
    if (!row) return;
    row.dataset.unread = String(unread);
    row.dataset.mentions = String(mentions);
    row.classList.toggle("has-unread", unread > 0);
    part(row, ".badge").classList.toggle("means-me", mentions > 0);
    part(row, ".badge").hidden = unread === 0;
    part(row, ".badge-count").textContent = unread > 999 ? "999+" : String(unread);
    this.sum();
  }

  private showMessage(message: Message): void {
    const row = this.row(message.room);
    if (!row || message.seq <= Number(row.dataset.seq)) return;
    row.dataset.seq = String(message.seq);
    part(row, ".room-row-excerpt").textContent = `${message.name}: ${inOneLine(message)}`;
    part<HTMLTimeElement>(row, ".room-row-time").dateTime = message.created_at;
    this.showTime(row);
    if (message.user_id === myId) return;
    const mentions = Number(row.dataset.mentions) + Number(message.mentions.includes(myId));
    this.setUnread(message.room, Number(row.dataset.unread) + 1, mentions);
  }

  private showTime(row: HTMLElement): void {
    const time = part<HTMLTimeElement>(row, ".room-row-time");
    if (!time.dateTime) return;
    time.textContent = shortTime(new Date(time.dateTime));
  }

  private showRoom(room: Room): void {
    const row = this.row(room.room);
    if (row) part(row, ".room-row-name").textContent = room.name;
  }

  /** A room is mine no more: its row goes, and whoever is in it goes to the others. */
  private take(room: string): void {
    const row = this.row(room);
    if (row?.ariaCurrent === "page") location.assign("/");
    row?.closest("li")?.remove();
    this.sum();
  }

  private prefer(room: string, { notify, muted_until }: Preferences): void {
    const row = this.row(room);
    if (!row) return;
    row.dataset.notify = notify;
    const muted = muted_until !== undefined && new Date(muted_until) > new Date();
    row.classList.toggle("is-quiet", notify === "none" || muted);
    this.sum();
  }

  private sum(): void {
    const loud = this.rows.filter(({ dataset }) => dataset.notify !== "none");
    const total = (of: "unread" | "mentions") =>
      loud.reduce((sum, { dataset }) => sum + Number(dataset[of]), 0);
    titleUnread(total("unread"), total("mentions"));
  }
}
