// How many belong to the room on the page, wherever it says so.

import { socket } from "./socket";

/** Counts who comes into `room` and who leaves it. */
export function followCount(here: string): void {
  const change = (room: string, by: number) => {
    if (room !== here) return;
    for (const element of document.querySelectorAll("[data-room-members]")) {
      element.textContent = String(Number(element.textContent) + by);
    }
  };
  socket.on("member_joined", ({ room }) => change(room, 1));
  socket.on("member_left", ({ room }) => change(room, -1));
}
