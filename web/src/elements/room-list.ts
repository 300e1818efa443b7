// <room-list>: my rooms with what waits in each, kept up to date; the tab's title shows the sum.

import { inOneLine } from "../attachments";
import { myId } from "../me";
import { paintRow, placeRow, rowItem } from "../room-row";
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
    socket.on("ready", ({ rooms }) => this.showStates(rooms));
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

  /** All my rooms as they are now: some may have become mine, or ceased to be, while there was no connection. */
  private showStates(states: RoomState[]): void {
    const mine = new Set(states.map(({ room }) => room.room));
    for (const { dataset } of this.rows) if (!mine.has(dataset.room ?? "")) this.take(dataset.room ?? "");
    for (const state of states) this.showState(state);
  }

  /** What the server counts includes all up to `last_seq`: what is sent again after it is not counted twice. */
  private showState({ room, unread, mentions, preferences, last_message }: RoomState): void {
    const isNew = !this.row(room.room);
    const row = this.showRoom(room);
    if (last_message) this.showMessage(last_message, isNew);
    row.dataset.seq = String(Math.max(room.last_seq, Number(row.dataset.seq)));
    this.prefer(room.room, preferences);
    this.setUnread(room.room, unread, mentions);
    if (isNew) this.place(row);
  }

  /** A room of mine in its present state; one that is new here is heard from now on. */
  private showRoom(room: Room): HTMLElement {
    const here = this.row(room.room);
    if (here) {
      paintRow(here, room);
      return here;
    }
    const item = rowItem(room);
    const row = part<HTMLElement>(item, ".room-row");
    placeRow(part(this, ".room-rows"), item, true);
    follow(room.room, room.last_seq);
    // Where it fails, the next connection resumes it.
    socket.emit("join", { room: room.room, seq: room.last_seq }, () => undefined);
    this.sum();
    return row;
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

  private showMessage(message: Message, counted = false): void {
    const row = this.row(message.room);
    if (!row || (message.seq <= Number(row.dataset.seq) && !counted)) return;
    row.dataset.seq = String(Math.max(message.seq, Number(row.dataset.seq)));
    part(row, ".room-row-excerpt").textContent = `${message.name}: ${inOneLine(message)}`;
    part<HTMLTimeElement>(row, ".room-row-time").dateTime = message.created_at;
    this.showTime(row);
    if (message.user_id === myId || counted) return;
    const mentions = Number(row.dataset.mentions) + Number(message.mentions.includes(myId));
    this.setUnread(message.room, Number(row.dataset.unread) + 1, mentions);
  }

  private showTime(row: HTMLElement): void {
    const time = part<HTMLTimeElement>(row, ".room-row-time");
    if (!time.dateTime) return;
    time.textContent = shortTime(new Date(time.dateTime));
  }

  /** A room is mine no more. */
  private take(room: string): void {
    this.row(room)?.closest("li")?.remove();
    this.sum();
  }

  private prefer(room: string, { notify, muted_until, favourite, hidden }: Preferences): void {
    const row = this.row(room);
    if (!row) return;
    const moves = row.dataset.favourite !== String(favourite);
    Object.assign(row.dataset, { notify, favourite, unlisted: hidden });
    const muted = muted_until !== undefined && new Date(muted_until) > new Date();
    row.classList.toggle("is-quiet", notify === "none" || muted);
    if (moves) this.place(row);
    this.sum();
  }

  private place(row: HTMLElement): void {
    const item = row.closest("li");
    if (item) placeRow(part(this, ".room-rows"), item);
  }

  /** Counts anew, and leaves out the rooms that I want to see only while something in them is unread. */
  private sum(): void {
    const { rows } = this;
    for (const { dataset, parentElement: item } of rows) {
      if (item) item.hidden = dataset.unlisted === "true" && dataset.unread === "0";
    }
    part(this, ".rooms-empty").hidden = rows.length > 0;
    const loud = rows.filter(({ dataset }) => dataset.notify !== "none");
    const total = (of: "unread" | "mentions") =>
      loud.reduce((sum, { dataset }) => sum + Number(dataset[of]), 0);
    titleUnread(total("unread"), total("mentions"));
  }
}
