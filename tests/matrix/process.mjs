// A client in another language as one row of the matrix: a process that takes orders as lines of JSON and answers so.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Told } from "./told.mjs";

const ANSWERS_WITHIN_MS = 15_000;
const ENDS_WITHIN_MS = 3_000;

/** The run ends in the middle: no client outlives it. */
const running = new Set();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export class Process {
  #child;
  #server;
  #transports;
  #waiting = new Map();
  #number = 0;
  #connected;
  #complaints = "";
  told = new Told();

  constructor(command, args, server, transports) {
    this.#server = server;
    this.#transports = transports;
    this.#child = spawn(command, args, { stdio: "pipe" });
    this.#child.on("error", (error) => this.#gone(`${command} does not start: ${error.message}`));
    this.#child.on("exit", (code) => this.#gone(`${command} ended with ${code}:\n${this.#complaints}`));
    this.#child.stdin.on("error", () => {});
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#complaints += text;
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#take(JSON.parse(line)));
    running.add(this.#child);
  }

  #gone(why) {
    running.delete(this.#child);
    for (const { failed } of this.#waiting.values()) failed(new Error(why));
    this.#waiting.clear();
  }

  #take(answer) {
    if (answer.heard) this.told.hear(answer.heard, answer.payload);
    const key = answer.done ?? answer.number;
    this.#waiting.get(key)?.answered(answer);
  }

  #order(order) {
    this.#child.stdin.write(`${JSON.stringify(order)}\n`);
  }

  /** Sends an order and resolves with the answer that is about `key`. */
  #obeyed(key, order) {
    return new Promise((answered, failed) => {
      const late = setTimeout(
        () => done(failed)(new Error(`${order.do} was not answered; it said:\n${this.#complaints}`)),
        ANSWERS_WITHIN_MS,
      );
      const done = (settle) => (value) => {
        clearTimeout(late);
        this.#waiting.delete(key);
        settle(value);
      };
      this.#waiting.set(key, { answered: done(answered), failed: done(failed) });
      this.#order(order);
    });
  }

  /** Dials; what follows is heard. A refused client may take long to say so: asyncio's waits for its pending poll. */
  async connect({ token, rooms = {} }) {
    const [url, ca] = [this.#server.url, join(this.#server.folder, "certs", "cert.pem")];
    this.#connected = this.#obeyed("connect", {
      do: "connect",
      url,
      ca,
      transports: this.#transports,
      token,
      rooms,
    });
    this.#connected.catch(() => {});
  }

  follow(room, seq) {
    this.#order({ do: "follow", room, seq });
  }

  /** The transport's name, as far as the library tells. */
  async transport() {
    return (await this.#connected).transport ?? this.#transports.at(-1);
  }

  async ask(event, payload) {
    return this.#ask({ do: "ask", event, payload, binary: false });
  }

  askBinary(event) {
    return this.#ask({ do: "ask", event, binary: true });
  }

  /** Emits bytes without an acknowledgement. */
  sendBinary(event) {
    this.#order({ do: "send", event });
  }

  async #ask(order) {
    this.#number += 1;
    const number = this.#number;
    return (await this.#obeyed(number, { ...order, number })).ack;
  }

  async close() {
    await this.#obeyed("close", { do: "close" });
  }

  /** Ends the process, in the end by force. */
  async end() {
    if (running.has(this.#child)) {
      const exit = once(this.#child, "exit");
      const late = setTimeout(() => this.#child.kill("SIGKILL"), ENDS_WITHIN_MS);
      this.#child.stdin.end();
      await exit;
      clearTimeout(late);
    }
  }
}
