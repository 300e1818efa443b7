// Requests that are HTTP, whatever is in them.
import https from "node:https";

const ANSWERS_WITHIN_MS = 20_000;

/** Sends one request; its status, text and headers. A connection that ends without an answer has the status `closed`. */
export function send(server, method, path, { headers = {}, body } = {}) {
  const bytes = body === undefined ? undefined : Buffer.from(body);
  return new Promise((answered) => {
    const asked = https.request(
      {
        host: "127.0.0.1",
        port: server.port,
        method,
        path,
        ca: server.ca,
        agent: false,
        timeout: ANSWERS_WITHIN_MS,
        headers: { ...(bytes ? { "content-length": bytes.length } : {}), ...headers },
      },
      async (answer) => {
        const parts = [];
        try {
          for await (const part of answer) parts.push(part);
        } catch {
          // What was sent before the end is the answer.
        }
        answered({
          status: answer.statusCode,
          headers: answer.headers,
          text: Buffer.concat(parts).toString(),
        });
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => answered({ status: "closed", headers: {}, text: "" }));
    asked.end(bytes);
  });
}

/** The status of a refusal in JSON and its code, as `422 invalid`; the status alone of anything else. */
export function outcome({ status, text }) {
  try {
    const code = JSON.parse(text).error?.code;
    return code ? `${status} ${code}` : `${status}`;
  } catch {
    return `${status}`;
  }
}
