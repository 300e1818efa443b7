// Long polling with the shape of a WebSocket, one request at a time; it can stop to poll, as no official client can.
import { EventEmitter } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import WebSocket from "ws";
import { request } from "./request.mjs";

/** A poll waits as long as nothing is said: past the server's own ping. */
const POLLED_WITHIN_MS = 60_000;
const SEPARATOR = "\u001e";

export class Polls extends EventEmitter {
  #server;
  #path;
  #paused;
  #unpause;
  #sending = Promise.resolve();
  readyState = WebSocket.OPEN;

  /** Opens a session. */
  static async open(server) {
    const polls = new Polls();
    polls.#server = server;
    const path = "/socket.io/?EIO=4&transport=polling";
    const opened = await request(server, "GET", path);
    polls.#path = `${path}&sid=${JSON.parse(opened.text.slice(1)).sid}`;
    polls.#poll();
    return polls;
  }

  async #poll() {
    // The first packets are for whoever listens by then.
    await sleep(0);
    while (this.readyState === WebSocket.OPEN) {
      await this.#paused;
      const answer = await this.#ask("GET");
      if (answer?.status !== 200) return this.terminate();
      for (const packet of answer.text.split(SEPARATOR)) this.emit("message", packet);
    }
  }

  async #ask(method, body) {
    const options = { body, within: POLLED_WITHIN_MS };
    return request(this.#server, method, this.#path, options).catch(() => undefined);
  }

  /** Sends a packet behind those before it: one request at a time. */
  send(packet) {
    this.#sending = this.#sending.then(() => this.#ask("POST", packet));
  }

  /** Polls no more, once the present poll is answered. */
  pause() {
    this.#paused = new Promise((unpause) => {
      this.#unpause = unpause;
    });
  }

  resume() {
    this.#paused = undefined;
    this.#unpause?.();
  }

  terminate() {
    if (this.readyState === WebSocket.CLOSED) return;
    this.readyState = WebSocket.CLOSED;
    this.emit("close");
  }
}
