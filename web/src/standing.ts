// Why I cannot write in the room on the page: a moderator's measure, or the room's end, said at the place where I write.

import { announce } from "./announce";
import { myId } from "./me";
import { paintAllActions } from "./message-actions";
import { socket } from "./socket";
import { part } from "./templates";
import { fullDate } from "./times";
import type { Moderated, RemovalReason } from "./wire";

/** A time in this year stands for "until it is taken back". */
const FAR = 9999;
/** Browsers' timers hold no longer times. */
const LONGEST_MS = 2 ** 31 - 1;
const ARCHIVED = "This room is archived: it can be read, and nobody writes in it.";

function lasting(until: string | undefined): string {
  if (!until) return "";
  const end = new Date(until);
  return end.getFullYear() >= FAR ? "" : ` until ${fullDate(end)}`;
}

/** The sentence about it; nothing where it does not keep me from writing. */
function words({ action, until, reason }: Moderated): string | undefined {
  const why = reason ? ` Why: ${reason}` : "";
  switch (action) {
    case "kick":
      return `A moderator put you out of this room.${why}`;
    case "ban":
      return `A moderator keeps you out of this room${lasting(until)}.${why}`;
    case "mute":
      return `A moderator muted you here${lasting(until)}. You may read on.${why}`;
    default:
      return undefined;
  }
}

class Standing {
  private readonly note: HTMLElement;
  /** For good, as far as this page goes. */
  private out: string | undefined;
  private archived: boolean;
  private muted: string | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly chat: HTMLElement) {
    this.note = part(chat, ".standing");
    this.archived = this.note.dataset.archived !== undefined;
    if (!this.archived && !this.note.hidden) this.mute(this.note.textContent ?? "", this.note.dataset.until);
  }

  /** What a moderator did about me. */
  take(told: Moderated): void {
    const text = words(told);
    if (told.action === "unmute") this.mute(undefined, undefined);
    else if (text && told.action === "mute") this.mute(text, told.until);
    else if (text) this.out = text;
    this.show();
  }

  archive(on: boolean): void {
    if (this.archived === on) return;
    this.archived = on;
    this.show();
  }

  /** The room is not mine any more. Who leaves on another device goes; who is put out reads why. */
  end(reason: RemovalReason): void {
    if (reason === "left") location.assign("/");
    if (reason === "deleted") this.out = "This room was deleted.";
    this.show();
  }

  private mute(text: string | undefined, until: string | undefined): void {
    this.muted = text;
    clearTimeout(this.timer);
    const left = until ? Date.parse(until) - Date.now() : Number.POSITIVE_INFINITY;
    if (text !== undefined && left < LONGEST_MS) {
      this.timer = setTimeout(() => {
        this.muted = undefined;
        this.show();
      }, left);
    }
  }

  private show(): void {
    const text = this.out ?? (this.archived ? ARCHIVED : this.muted);
    const before = this.note.hidden ? undefined : this.note.textContent;
    this.note.textContent = text ?? "";
    this.note.hidden = text === undefined;
    this.note.toggleAttribute("data-archived", this.archived);
    part(this.chat, "message-composer").hidden = text !== undefined;
    paintAllActions();
    if (text && text !== before) announce(text);
  }
}

/** Says so where I cannot write any more, and takes it back when I can again. */
export function heedOrder(): void {
  const chat = document.querySelector<HTMLElement>("chat-room");
  if (!chat) return;
  const here = chat.dataset.room;
  const standing = new Standing(chat);
  socket.on("moderated", (told) => {
    if (told.room === here && told.user_id === myId) standing.take(told);
  });
  socket.on("room_updated", ({ room }) => {
    if (room.room === here) standing.archive(room.archived);
  });
  socket.on("room_removed", ({ room, reason }) => {
    if (room === here) standing.end(reason);
  });
  // Some of it may have happened while there was no connection.
  socket.on("ready", ({ rooms }) => {
    const mine = rooms.find(({ room }) => room.room === here);
    if (mine) standing.archive(mine.room.archived);
    else location.assign("/");
  });
}
