// What the page says of its room, as it changes: its name, its topic, what I am in it, and how many belong to it.

import { socket } from "./socket";
import { titleBase } from "./title";

function everywhere(attribute: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[${attribute}]`)];
}

/** Follows the room that `chat` shows. */
export function followHead(chat: HTMLElement): void {
  const here = chat.dataset.room;
  const change = (room: string, by: number) => {
    if (room !== here) return;
    for (const element of everywhere("data-room-members")) {
      element.textContent = String(Number(element.textContent) + by);
    }
  };
  socket.on("member_joined", ({ room }) => change(room, 1));
  socket.on("member_left", ({ room }) => change(room, -1));
  socket.on("room_updated", ({ room }) => {
    if (room.room !== here) return;
    for (const element of everywhere("data-room-name")) element.textContent = room.name;
    for (const element of everywhere("data-room-topic")) element.textContent = room.topic;
    if (room.role) chat.dataset.role = room.role;
    titleBase(room.name);
  });
}
