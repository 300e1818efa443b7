// What a moderator did about me in the room on the page: said at the place where I write.

import { announce } from "./announce";
import { myId } from "./me";
import { socket } from "./socket";
import { part } from "./templates";
import { fullDate } from "./times";
import type { Moderated } from "./wire";

/** A time in this year stands for "until it is taken back". */
const FAR = 9999;

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

/** Says so where I cannot write any more, and takes it back when I can again. */
export function heedOrder(): void {
  const chat = document.querySelector<HTMLElement>("chat-room");
  if (!chat) return;
  socket.on("moderated", (told) => {
    if (told.room !== chat.dataset.room || told.user_id !== myId) return;
    const text = words(told);
    if (text === undefined && told.action !== "unmute") return;
    const note = part(chat, ".standing");
    note.textContent = text ?? "";
    note.hidden = text === undefined;
    part(chat, "message-composer").hidden = text !== undefined;
    if (text) announce(text);
  });
}
