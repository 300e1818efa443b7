// One HTTP request over the server's own TLS, without a pool: nothing stays open after its answer.
import http from "node:http";
import https from "node:https";
import { checkBody } from "./schemas.mjs";

const ANSWERS_WITHIN_MS = 20_000;

/**
 * Sends one request; redirects are not followed.
 * `body` may be text, bytes, `URLSearchParams` or `FormData`.
 */
export async function request(server, method, path, { headers = {}, body, within = ANSWERS_WITHIN_MS } = {}) {
  const encoded = body === undefined ? undefined : new Response(body);
  const bytes = encoded && Buffer.from(await encoded.arrayBuffer());
  const type = encoded?.headers.get("content-type");
  const all = {
    ...(type ? { "content-type": type } : {}),
    ...(bytes ? { "content-length": bytes.length } : {}),
    ...headers,
  };
  const { request: send } = server.url.startsWith("https:") ? https : http;
  return new Promise((answered, failed) => {
    const options = { method, headers: all, ca: server.ca, agent: false, timeout: within };
    const asked = send(new URL(path, server.url), options, async (answer) => {
      try {
        const parts = await answer.toArray();
        const whole = new Answer(answer, Buffer.concat(parts));
        if (path.startsWith("/api/v1/")) checkBody(method, path, whole.status, whole.json);
        answered(whole);
      } catch (error) {
        failed(error);
      }
    });
    asked.on("timeout", () =>
      asked.destroy(new Error(`${method} ${path} was not answered within ${within} ms`)),
    );
    asked.on("error", failed);
    asked.end(bytes);
  });
}

class Answer {
  constructor({ statusCode, headers }, bytes) {
    this.status = statusCode;
    this.headers = headers;
    this.bytes = bytes;
  }

  get text() {
    return this.bytes.toString("utf8");
  }

  get json() {
    return this.bytes.length === 0 ? undefined : JSON.parse(this.text);
  }
}
