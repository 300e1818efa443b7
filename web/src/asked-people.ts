// People whose names begin as somebody types, asked of the server a moment after the last letter.

import { ask } from "./socket";
import type { ListPeople, User } from "./wire";

const PAUSE_MS = 120;

/** Asks for one field at a time: an answer that was overtaken by more letters is not heard. */
export class AskedPeople {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private asked = 0;

  constructor(private readonly limit: number) {}

  /** Takes back what is being asked. */
  stop(): void {
    clearTimeout(this.timer);
    this.asked += 1;
  }

  /** While there is no connection the question waits for it. */
  ask(query: string, heard: (people: User[]) => void, room?: string): void {
    this.stop();
    const mine = this.asked;
    const request: ListPeople = { query, limit: this.limit, ...(room ? { room } : {}) };
    this.timer = setTimeout(() => {
      ask("people", request).then(
        ({ people }) => mine === this.asked && heard(people),
        // What the page itself knows is shown already.
        () => undefined,
      );
    }, PAUSE_MS);
  }
}
