// An official JavaScript client, 2.x to 4.x, as one row of the matrix.
import { next } from "../clients/support/ears.mjs";
import { Told } from "./told.mjs";

const ACKNOWLEDGED_WITHIN_MS = 15_000;
const BINARY = Buffer.from([0x00, 0x01, 0xfe, 0xff]);
/** What 2.x, which has no `onAny`, listens to by name. */
const NAMES = ["ready", "message", "resumed", "problem", "member_joined", "presence", "server_closing"];

export class Official {
  #io;
  #server;
  #transports;
  #socket;
  told = new Told();

  constructor(io, server, transports) {
    this.#io = io;
    this.#server = server;
    this.#transports = transports;
  }

  /** Dials; what follows is heard. `rooms` is what `auth.rooms` says, kept current by what is heard. */
  async connect({ token, cookie, rooms = {} }) {
    this.seen = { ...rooms };
    const socket = this.#io(this.#server.url, {
      autoConnect: false,
      forceNew: true,
      transports: this.#transports,
      ca: this.#server.ca,
      reconnectionDelay: 200,
      reconnectionDelayMax: 500,
      ...(cookie ? { extraHeaders: { cookie } } : {}),
      ...(token ? { auth: (send) => send({ token, rooms: this.seen }) } : {}),
    });
    this.#socket = socket;
    this.#listen(socket);
    socket.connect();
  }

  #listen(socket) {
    const hear = (name) => (payload) => {
      if (name === "message" && payload.room in this.seen)
        this.seen[payload.room] = Math.max(this.seen[payload.room], payload.seq);
      this.told.hear(name, payload);
    };
    if (socket.onAny) socket.onAny((name, payload) => hear(name)(payload));
    else for (const name of NAMES) socket.on(name, hear(name));
    // Only 2.x calls a refusal `error`.
    socket.on("error", (error) => hear("connect_error")(error));
    for (const name of ["connect", "connect_error", "disconnect"]) socket.on(name, hear(name));
  }

  /** From now on `room` is resumed after `seq`. */
  follow(room, seq) {
    this.seen[room] = seq;
  }

  /** Waits for the upgrade, where there is one; answers with the transport's name. */
  async transport() {
    const { engine } = this.#socket.io;
    if (engine.transport.name !== this.#transports.at(-1)) await next(engine, "upgrade");
    return engine.transport.name;
  }

  /** Emits with an acknowledgement and resolves with it. */
  ask(event, payload) {
    return new Promise((answered, failed) => {
      const late = setTimeout(
        () => failed(new Error(`${event} was not acknowledged`)),
        ACKNOWLEDGED_WITHIN_MS,
      );
      this.#socket.emit(event, payload, (answer) => {
        clearTimeout(late);
        answered(answer);
      });
    });
  }

  /** The same with bytes in the place of the payload. */
  askBinary(event) {
    return this.ask(event, BINARY);
  }

  async close() {
    this.#socket?.close();
  }

  async end() {
    await this.close();
  }
}
