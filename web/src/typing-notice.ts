// Tells a room that I am writing, and that I stopped.

import { socket } from "./socket";

/** While somebody writes, the others are told again after this time. */
const AGAIN_MS = 3000;

export class TypingNotice {
  private told = 0;

  constructor(private readonly room: string) {}

  tell(on: boolean): void {
    const now = Date.now();
    if (!socket.connected || (on ? now - this.told < AGAIN_MS : this.told === 0)) return;
    this.told = on ? now : 0;
    socket.emit("typing", { room: this.room, on });
  }
}
