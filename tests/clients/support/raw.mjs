// A Socket.IO 5 client without a library's buffers: it counts what it hears instead of keeping it, and it can stop
// reading, as no official client can.
import { once } from "node:events";
import WebSocket from "ws";
import { Polls } from "./polls.mjs";
import { request } from "./request.mjs";

/** Numbers that stand in a text as ` <number> `, so that order and completeness need no JSON. */
const NUMBER = /"text":"#(\d+) /;

export class RawSocket {
  #ws;
  #acks = new Map();
  #ack = 0;
  /** The numbers of the messages heard, in order. */
  numbers = [];
  /** Event names heard, but for `message`. */
  events = [];

  /** Connects by WebSocket, by polling first and an upgrade after that, or by polling alone. */
  static async open(server, token, { transport = "websocket", rooms } = {}) {
    const raw = new RawSocket();
    raw.#ws = await OPENS[transport](server);
    raw.#ws.on("message", (data) => raw.#take(String(data)));
    const ready = raw.#event("ready");
    raw.#ws.send(`40${JSON.stringify({ token, rooms })}`);
    await ready;
    return raw;
  }

  #take(packet) {
    if (packet === "2") return this.#ws.send("3");
    if (packet.startsWith("43")) {
      const [, id, json] = packet.match(/^43(\d+)(.*)$/s);
      this.#acks.get(Number(id))?.(JSON.parse(json)[0]);
      return;
    }
    const name = packet.match(/^42\["([^"]+)"/)?.[1];
    if (name === "message") {
      const number = Number(packet.match(NUMBER)?.[1]);
      this.numbers.push(number);
      this.hears?.(number);
    } else if (name) this.events.push(name);
    this.heard?.();
  }

  async #event(name) {
    await this.until(() => this.events.includes(name));
  }

  /** Waits until `fits` holds, looking at each packet. */
  until(fits, within = 60_000) {
    if (fits()) return Promise.resolve();
    return new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error("a raw socket waited in vain")), within);
      this.heard = () => {
        if (!fits()) return;
        clearTimeout(late);
        this.heard = undefined;
        done();
      };
    });
  }

  /** Emits with an acknowledgement. */
  ask(name, payload) {
    this.#ack += 1;
    const id = this.#ack;
    const answer = new Promise((answered) => this.#acks.set(id, answered));
    this.#ws.send(`42${id}${JSON.stringify([name, payload])}`);
    return answer;
  }

  stopReading() {
    this.#ws.pause();
  }

  goOnReading() {
    this.#ws.resume();
  }

  /** Resolves when the connection is gone. */
  closed() {
    return this.#ws.readyState === WebSocket.CLOSED ? Promise.resolve() : once(this.#ws, "close");
  }

  close() {
    this.#ws.terminate();
  }
}

function address(server, query) {
  return `${server.url.replace(/^http/, "ws")}/socket.io/?EIO=4&transport=websocket${query}`;
}

async function direct(server) {
  const ws = new WebSocket(address(server, ""), { ca: server.ca, perMessageDeflate: false });
  await once(ws, "message");
  return ws;
}

async function upgraded(server) {
  const opened = await request(server, "GET", "/socket.io/?EIO=4&transport=polling");
  const { sid } = JSON.parse(opened.text.slice(1));
  const ws = new WebSocket(address(server, `&sid=${sid}`), { ca: server.ca, perMessageDeflate: false });
  await once(ws, "open");
  ws.send("2probe");
  await once(ws, "message");
  ws.send("5");
  return ws;
}

const OPENS = { websocket: direct, upgrade: upgraded, polling: Polls.open };
