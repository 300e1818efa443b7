// What a client of the matrix was told, in the shape that `Ears` listens to; a schema that does not fit is kept for
// the row, because no handler of a client's library would pass it on.
import { EventEmitter } from "node:events";
import { Ears } from "../clients/support/ears.mjs";

const CONNECTION = new Set(["connect", "connect_error", "disconnect"]);

export class Told extends EventEmitter {
  #any;
  /** The first event that did not match its schema. */
  failure;

  constructor() {
    super();
    this.ears = new Ears(this);
  }

  /** Where `Ears` ask for every event. */
  onAny(listener) {
    this.#any = listener;
  }

  /** Passes one event on. */
  hear(name, payload) {
    try {
      if (CONNECTION.has(name)) this.emit(name, payload);
      else this.#any(name, payload);
    } catch (error) {
      this.failure ??= error;
    }
  }
}
