// Bytes as they are, over the server's own TLS: what no HTTP client would send.
import { once } from "node:events";
import tls from "node:tls";

const ENDS_WITHIN_MS = 30_000;
/** How long an open connection is listened to for more, where its going on is what is expected. */
const LOOK_MS = 400;

/** An open connection that speaks HTTP/1.1. */
export async function open(server) {
  const socket = tls.connect({
    host: "127.0.0.1",
    port: server.port,
    ca: server.ca,
    ALPNProtocols: ["http/1.1"],
  });
  // A reset is an end as good as another.
  socket.on("error", () => {});
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(ENDS_WITHIN_MS) });
  return socket;
}

/** The statuses of the answers in these bytes, whose bodies are as long as they say. */
export function statuses(bytes) {
  const found = [];
  let rest = bytes.toString("latin1");
  for (;;) {
    const head = rest.match(/^HTTP\/1\.[01] (\d{3})[^\r]*\r\n([\s\S]*?)\r\n\r\n/);
    if (!head) return found;
    found.push(head[1]);
    const length = Number(head[2].match(/^content-length: (\d+)/im)?.[1] ?? 0);
    rest = rest.slice(head[0].length + length);
  }
}

/**
 * Sends bytes and waits for the end, or for silence. What came of it: the statuses, and `closed` when the server ended
 * the connection.
 */
export async function raw(server, bytes, { look = LOOK_MS } = {}) {
  const socket = await open(server);
  const heard = [];
  let ended = false;
  await new Promise((done) => {
    const late = setTimeout(done, ENDS_WITHIN_MS);
    let silence = setTimeout(done, look * 5);
    const over = () => {
      ended = true;
      clearTimeout(late);
      clearTimeout(silence);
      done();
    };
    socket.on("data", (part) => {
      heard.push(part);
      clearTimeout(silence);
      silence = setTimeout(done, look);
    });
    socket.once("close", over);
    socket.once("end", over);
    socket.write(typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes);
  });
  socket.destroy();
  const found = statuses(Buffer.concat(heard));
  return [...found, ...(ended ? ["closed"] : ["open"])].join(" ");
}

/** Waits for the end of a connection after these bytes; `closed`, or `open` when it never came. */
export async function ends(socket, within = ENDS_WITHIN_MS) {
  if (socket.closed) return "closed";
  socket.resume();
  const fate = await new Promise((found) => {
    const late = setTimeout(found, within, "open");
    // Also after an error: a reset is an end.
    socket.once("close", () => {
      clearTimeout(late);
      found("closed");
    });
  });
  socket.destroy();
  return fate;
}
