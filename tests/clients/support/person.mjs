// Somebody with an account: speaks by form, by JSON and by socket.
import assert from "node:assert/strict";
import { io } from "socket.io-client";
import { Ears } from "./ears.mjs";
import { Forms } from "./forms.mjs";
import { request } from "./request.mjs";
import { checkAck } from "./schemas.mjs";

export const PASSWORD = "quiet armchairs 7";

export class Person {
  #token;
  #server;

  constructor(server, name) {
    this.#server = server;
    this.name = name;
    this.email = `${name}@example.org`;
    this.password = PASSWORD;
    this.forms = new Forms(server);
  }

  /** Makes the account by the form, which logs it in. */
  static async register(server, name) {
    const person = new Person(server, name);
    const answer = await person.forms.submit("/register", "/register", {
      name,
      email: person.email,
      password: PASSWORD,
    });
    assert.equal(answer.status, 303, `registering ${name}: ${answer.text}`);
    return person;
  }

  /** A bearer token, made at the first need. */
  async token() {
    this.#token ??= this.newToken();
    return this.#token;
  }

  /** Another bearer token. */
  async newToken() {
    const answer = await request(this.#server, "POST", "/api/v1/tokens", {
      body: JSON.stringify({ login: this.name, password: this.password }),
      headers: { "content-type": "application/json" },
    });
    assert.equal(answer.status, 201, answer.text);
    return answer.json.token;
  }

  /** A JSON call with the bearer token. */
  async api(method, path, json) {
    return request(this.#server, method, `/api/v1${path}`, {
      headers: {
        authorization: `Bearer ${await this.token()}`,
        ...(json === undefined ? {} : { "content-type": "application/json" }),
      },
      body: json === undefined ? undefined : JSON.stringify(json),
    });
  }

  /** The official client with the session cookie, not yet connected; `ears` hear from the first packet on. */
  dial(options = {}) {
    const socket = io(this.#server.url, {
      autoConnect: false,
      forceNew: true,
      ca: this.#server.ca,
      extraHeaders: { cookie: this.forms.cookie },
      reconnectionDelay: 50,
      reconnectionDelayMax: 250,
      ...options,
    });
    return { socket, ears: new Ears(socket), ask: asking(socket) };
  }

  /** The same, connected and greeted; closed when the test ends. */
  async socket(t, options = {}) {
    const line = this.dial(options);
    t.after(() => line.socket.disconnect());
    line.socket.connect();
    line.ready = await line.ears.until("ready");
    return line;
  }

  /** A connected socket that has joined `room`, and what the join was answered. */
  async inRoom(t, room, options = {}) {
    const line = await this.socket(t, options);
    const joined = await line.ask("join", { room });
    assert.equal(joined.ok, true, JSON.stringify(joined));
    return { ...line, joined };
  }

  /** A new room of this person's. */
  async room(name = "A room") {
    const answer = await this.api("POST", "/rooms", { name });
    assert.equal(answer.status, 201, answer.text);
    return answer.json.room.room;
  }
}

function asking(socket) {
  /** Emits with an acknowledgement and resolves with it. */
  return async (event, ...payload) =>
    checkAck(event, await socket.timeout(15_000).emitWithAck(event, ...payload));
}
