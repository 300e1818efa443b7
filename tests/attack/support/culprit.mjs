// A client that is connected and logged in, and whose packets are made by hand.
import WebSocket from "ws";

const WITHIN_MS = 15_000;
/** An acknowledgement that only the question behind what was sent has. */
const ASKED = 7_777_777;

export class Culprit {
  #ws;
  #refused = false;

  static async connect(server, token) {
    const culprit = new Culprit();
    const url = `${server.url.replace("https", "wss")}/socket.io/?EIO=4&transport=websocket`;
    culprit.#ws = new WebSocket(url, { ca: server.ca, perMessageDeflate: false });
    culprit.#ws.on("error", () => {});
    await new Promise((ready, failed) => {
      const late = setTimeout(() => failed(new Error("the culprit was not greeted")), WITHIN_MS);
      const hear = (data) => {
        const packet = String(data);
        if (packet.startsWith("0")) culprit.#ws.send(`40${JSON.stringify({ token })}`);
        if (!packet.startsWith('42["ready"')) return;
        clearTimeout(late);
        culprit.#ws.off("message", hear);
        ready();
      };
      culprit.#ws.on("message", hear);
    });
    return culprit;
  }

  /** Sends packets; those that are bytes go out as binary frames. */
  send(packets) {
    for (const packet of packets) this.#ws.send(packet);
  }

  /** What became of it: `closed`; `refused`, when it was told of an error and goes on; `goes on`. */
  async fate() {
    const answered = new Promise((done) => {
      this.#ws.on("message", (data, binary) => {
        const packet = binary ? "" : String(data);
        if (packet === "2") this.#ws.send("3");
        if (packet.startsWith(`43${ASKED}[`)) done(this.#refused ? "refused" : "goes on");
        else if (
          packet.startsWith('42["problem"') ||
          packet.startsWith("44") ||
          /^43\d*\[\{"ok":false/.test(packet)
        )
          this.#refused = true;
        else if (packet === "1") done("closed");
      });
      this.#ws.once("close", () => done("closed"));
      if (this.#ws.readyState !== WebSocket.OPEN) done("closed");
    });
    this.#ws.send(`42${ASKED}["rooms",{}]`, () => {});
    const fate = await answered;
    this.#ws.terminate();
    return fate;
  }

  /** `closed`, once the server has closed it. */
  async end() {
    const closed = new Promise((done) => {
      this.#ws.once("close", () => done("closed"));
      if (this.#ws.readyState !== WebSocket.OPEN) done("closed");
    });
    this.#ws.on("message", (data) => {
      if (String(data) === "2") this.#ws.send("3");
    });
    return closed;
  }

  /** The code with which an event is refused, or `ok`. */
  async ask(event, payload) {
    const answer = new Promise((done) => {
      this.#ws.on("message", (data) => {
        const packet = String(data);
        if (!packet.startsWith("431[")) return;
        const [ack] = JSON.parse(packet.slice(3));
        done(ack.ok ? "ok" : ack.error.code);
      });
      this.#ws.once("close", () => done("closed"));
    });
    this.#ws.send(`421${JSON.stringify([event, payload])}`);
    const code = await answer;
    this.#ws.terminate();
    return code;
  }
}
