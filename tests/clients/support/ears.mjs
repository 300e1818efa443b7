// Hears all that a socket is told from its first packet on, so that no test misses what came before it looked.
import { once } from "node:events";
import { checkEvent } from "./schemas.mjs";

const HEARS_WITHIN_MS = 15_000;

export class Ears {
  #heard = [];
  #waiting = new Set();

  constructor(socket) {
    const note = (name, payload) => {
      this.#heard.push({ name, payload });
      for (const look of [...this.#waiting]) look();
    };
    if (socket.onAny) socket.onAny((name, payload) => note(name, checkEvent(name, payload)));
    for (const name of ["connect", "connect_error", "disconnect"]) {
      socket.on(name, (payload) => note(name, payload));
    }
  }

  /** Every payload of `event` until now. */
  all(event) {
    return this.#heard.filter(({ name }) => name === event).map(({ payload }) => payload);
  }

  /** The names of all that was heard, in order. */
  get names() {
    return this.#heard.map(({ name }) => name);
  }

  /** The first `event` that fits, past or to come. */
  until(event, fits = () => true) {
    return this.#wait(
      () => this.#heard.find(({ name, payload }) => name === event && fits(payload)),
      `no ${event}`,
    ).then(({ payload }) => payload);
  }

  /** All payloads of `event` once there are `count` that fit. */
  count(event, count, fits = () => true) {
    return this.#wait(
      () => {
        const fitting = this.all(event).filter(fits);
        return fitting.length >= count ? fitting : undefined;
      },
      () => `${this.all(event).filter(fits).length} of ${count} ${event}`,
    );
  }

  /** Forgets what was heard until now. */
  forget() {
    this.#heard = [];
  }

  #wait(look, missing) {
    return new Promise((found, failed) => {
      const done = () => {
        clearTimeout(late);
        this.#waiting.delete(attempt);
      };
      const attempt = () => {
        const result = look();
        if (result === undefined) return;
        done();
        found(result);
      };
      const late = setTimeout(() => {
        done();
        const what = typeof missing === "function" ? missing() : missing;
        failed(
          new Error(`${what} within ${HEARS_WITHIN_MS} ms; heard: ${this.names.join(", ") || "nothing"}`),
        );
      }, HEARS_WITHIN_MS);
      this.#waiting.add(attempt);
      attempt();
    });
  }
}

/** The arguments of the next `event` of an emitter; for what is no official 4.x client. */
export function next(emitter, event) {
  return once(emitter, event, { signal: AbortSignal.timeout(HEARS_WITHIN_MS) });
}
