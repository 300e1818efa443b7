// What a room does not keep any more goes from the page and from what the browser keeps of it, too.

import type { MessageList } from "./elements/message-list";
import { forgetBefore } from "./kept";
import { socket } from "./socket";

/** Has `list`, which shows `room`, forget what the server deleted for being old. */
export function followRetention(here: string, list: MessageList): void {
  socket.on("room_updated", ({ room, kept_from: from }) => {
    if (typeof from !== "number") return;
    void forgetBefore(room.room, from);
    if (room.room === here) list.forget(from);
  });
}
