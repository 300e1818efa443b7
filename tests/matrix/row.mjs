// One row of the matrix: one client over one transport, step by step, with a person and a room of its own.
import assert from "node:assert/strict";
import { checkAck } from "../clients/support/schemas.mjs";

/** The columns of the table; each is a method of `Row`. */
export const STEPS = {
  connects: "connects",
  joins: "joins",
  sends: "sends, acknowledged",
  hears: "hears another",
  binary: "binary answered `invalid`",
  crashed: "comes back after a crash",
  stopped: "comes back after a planned stop",
  resumes: "resumes by `auth.rooms`",
  rejoins: "resumes by `join` with `seq`",
  rejected: "hears `unauthorized`",
};
/** What a step answers where the client has no way to do it; no failure. */
export const NOT_APPLICABLE = "–";

export class Row {
  #other;
  #client;
  #seq = 0;

  constructor(kind, transport, client, person, other) {
    this.kind = kind;
    this.transport = transport;
    this.#client = client;
    this.person = person;
    this.#other = other;
  }

  get #ears() {
    return this.#client.told.ears;
  }

  async #credential() {
    if (this.kind.credential === "cookie") return { cookie: this.person.forms.cookie };
    return { token: await this.person.token() };
  }

  async #ask(event, payload) {
    return checkAck(event, await this.#client.ask(event, payload));
  }

  /** Another person says `count` things in the room; answers with their ids. */
  async say(word, count) {
    const ids = [];
    for (let n = 0; n < count; n += 1) {
      const path = `/rooms/${this.room}/messages`;
      const { json, text } = await this.#other.api("POST", path, { data: `${word} ${n}` });
      assert.ok(json?.message, text);
      ids.push(json.message.id);
      this.#seq = json.message.seq;
    }
    return ids;
  }

  /** Waits until just these were heard: none twice, none left out, and in order, where the client keeps it. */
  async #heardJust(ids) {
    const heard = (await this.#ears.count("message", ids.length)).map(({ id }) => id);
    const sorted = this.kind.ordered ? heard : heard.toSorted((one, two) => one - two);
    assert.deepEqual(sorted, ids);
  }

  /** Begins anew: closes, lets others speak, forgets what was heard. */
  async #away(word) {
    const seq = this.#seq;
    await this.#client.close();
    const ids = await this.say(word, 3);
    this.#ears.forget();
    return { seq, ids };
  }

  async connects() {
    this.room = await this.#other.room();
    await this.#client.connect(await this.#credential());
    const { me } = await this.#ears.until("ready");
    assert.equal(me.name, this.person.name);
    if (this.transport === "upgrade") assert.equal(await this.#client.transport(), "websocket");
  }

  async joins() {
    const joined = await this.#ask("join", { room: this.room });
    assert.equal(joined.ok, true, JSON.stringify(joined));
    this.#client.follow(this.room, joined.room.last_seq);
  }

  async sends() {
    const ack = await this.#ask("message", { room: this.room, data: "said here" });
    assert.equal(ack.ok, true, JSON.stringify(ack));
    this.#seq = ack.seq;
    await this.#heardJust([ack.id]);
  }

  async hears() {
    this.#ears.forget();
    await this.#heardJust(await this.say("said by another", 2));
  }

  /** The error that bytes are answered with: in the acknowledgement, or as a `problem` where the client asks for none. */
  async #refused() {
    if (this.kind.acknowledgesBinary) {
      const refused = checkAck("message", await this.#client.askBinary("message"));
      assert.equal(refused.ok, false);
      return refused.error;
    }
    this.#client.sendBinary("message");
    const { event, error } = await this.#ears.until("problem");
    assert.equal(event, "message");
    return error;
  }

  async binary() {
    assert.equal((await this.#refused()).code, "invalid");
    assert.equal((await this.#ask("rooms", {})).ok, true, "the connection goes on");
  }

  /** The server has been restarted, and another person has spoken since: `missed` are the ids. */
  async #returns() {
    await this.#ears.until("ready");
    if (!this.kind.current) {
      const joined = await this.#ask("join", { room: this.room, seq: this.before });
      assert.equal(joined.ok, true, JSON.stringify(joined));
    }
    await this.#heardJust(this.missed);
    assert.equal((await this.#ask("rooms", {})).ok, true);
  }

  crashed() {
    return this.#returns();
  }

  stopped() {
    return this.#returns();
  }

  /** The server is about to go: remembers where the room is, and what is heard from now on is heard on return. */
  pause() {
    this.before = this.#seq;
    this.#ears.forget();
  }

  async resumes() {
    if (!this.kind.resumes) return NOT_APPLICABLE;
    const { seq, ids } = await this.#away("missed");
    await this.#client.connect({ ...(await this.#credential()), rooms: { [this.room]: seq } });
    const told = await this.#ears.until("resumed");
    assert.deepEqual([told.room, told.more], [this.room, false]);
    await this.#heardJust(ids);
    return undefined;
  }

  async rejoins() {
    const { seq, ids } = await this.#away("missed again");
    await this.#client.connect(await this.#credential());
    await this.#ears.until("ready");
    const joined = await this.#ask("join", { room: this.room, seq });
    assert.equal(joined.ok, true, JSON.stringify(joined));
    assert.deepEqual(joined.messages, []);
    await this.#ears.until("resumed");
    await this.#heardJust(ids);
  }

  async rejected() {
    await this.#client.close();
    this.#ears.forget();
    await this.#client.connect(this.kind.credential === "cookie" ? {} : { token: "nobody's" });
    const { message } = await this.#ears.until("connect_error");
    assert.equal(message, "unauthorized");
    assert.deepEqual(this.#ears.all("ready"), []);
  }

  /** Takes one step: `passed`, `–` where it does not apply, or what went wrong. */
  async take(step) {
    try {
      const result = await this[step]();
      if (this.#client.told.failure) throw this.#client.told.failure;
      return result ?? "passed";
    } catch (error) {
      return error;
    }
  }

  async end() {
    await this.#client.end();
  }
}
