// What the page says of its room, as it changes: its name, its topic, what I am in it, and how many belong to it.

import { myId } from "./me";
import { paintAllActions } from "./message-actions";
import { socket } from "./socket";
import { titleBase } from "./title";
import type { Role } from "./wire";

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
  const stand = (role: Role | null | undefined) => {
    if (!role || chat.dataset.role === role) return;
    chat.dataset.role = role;
    paintAllActions();
  };
  socket.on("member_updated", ({ room, member }) => {
    if (room === here && member.user.id === myId) stand(member.role);
  });
  // It may have changed while there was no connection.
  socket.on("ready", ({ rooms }) => stand(rooms.find(({ room }) => room.room === here)?.room.role));
  socket.on("member_joined", ({ room }) => change(room, 1));
  socket.on("member_left", ({ room }) => change(room, -1));
  socket.on("room_updated", ({ room }) => {
    if (room.room !== here) return;
    for (const element of everywhere("data-room-name")) element.textContent = room.name;
    for (const element of everywhere("data-room-topic")) element.textContent = room.topic;
    stand(room.role);
    titleBase(room.name);
  });
}
