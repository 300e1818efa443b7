// How long a message may be, in the words of the page.

import { socket } from "./socket";

const count = (value: number) => value.toLocaleString("en-GB");

export class TextLimit {
  private most = Number.POSITIVE_INFINITY;

  constructor() {
    socket.on("ready", ({ server }) => {
      this.most = server.limits.message_characters;
    });
  }

  /** What to do about a text that is too long; empty for one that may be sent. */
  problem(text: string): string {
    const length = [...text].length;
    if (length <= this.most) return "";
    return `Keep a message under ${count(this.most)} characters. This one has ${count(length)}.`;
  }
}
