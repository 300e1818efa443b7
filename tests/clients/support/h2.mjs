// Requests over one connection of HTTP/2, by Node's own client.
import { once } from "node:events";
import http2 from "node:http2";
import tls from "node:tls";

const ANSWERS_WITHIN_MS = 20_000;

/** A connection, closed when the test ends. */
export async function connect(t, server, options = {}) {
  const session = http2.connect(server.url, { ca: server.ca, ...options });
  // A session that the server ends fails what is asked over it; who waits for that hears of it there.
  session.on("error", () => {});
  t.after(() => session.destroy());
  await once(session, "remoteSettings", { signal: AbortSignal.timeout(ANSWERS_WITHIN_MS) });
  return session;
}

/** One request: its status, headers and text. */
export async function ask(session, headers, body) {
  const stream = session.request(headers, { endStream: body === undefined });
  stream.setEncoding("utf8");
  if (body !== undefined) stream.end(body);
  const signal = AbortSignal.timeout(ANSWERS_WITHIN_MS);
  const [answer] = await once(stream, "response", { signal });
  let text = "";
  for await (const part of stream) text += part;
  return { status: answer[":status"], headers: answer, text };
}

const PREFACE = Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
export const FRAME = {
  data: 0,
  headers: 1,
  reset: 3,
  settings: 4,
  push: 5,
  ping: 6,
  goaway: 7,
  window: 8,
  continuation: 9,
};

/** One frame as it is on the line (RFC 9113, section 4.1). */
export function frame(type, flags, stream, payload = Buffer.alloc(0)) {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream >>> 0, 5);
  return Buffer.concat([head, payload]);
}

/** The header block of `GET /` over https from `authority`, without Huffman's code or a table (RFC 7541). */
export function block(authority, ...more) {
  const name = Buffer.from(authority);
  return Buffer.concat([Buffer.from([0x82, 0x84, 0x87, 0x01, name.length]), name, ...more]);
}

/** Sends these frames after the preface over TLS; resolves, once the server ends the connection, with the code of its GOAWAY. */
export async function sendFrames(server, frames, within = ANSWERS_WITHIN_MS) {
  const socket = tls.connect({ host: "127.0.0.1", port: server.port, ca: server.ca, ALPNProtocols: ["h2"] });
  const heard = [];
  socket.on("data", (bytes) => heard.push(bytes));
  // A reset is an end as good as another.
  socket.on("error", () => {});
  const closed = once(socket, "close", { signal: AbortSignal.timeout(within) });
  socket.write(Buffer.concat([PREFACE, frame(FRAME.settings, 0, 0), ...frames]));
  await closed;
  let rest = Buffer.concat(heard);
  let code;
  while (rest.length >= 9) {
    const end = 9 + rest.readUIntBE(0, 3);
    if (rest[3] === FRAME.goaway && rest.length >= end) code = rest.readUInt32BE(13);
    rest = rest.subarray(end);
  }
  return code;
}
