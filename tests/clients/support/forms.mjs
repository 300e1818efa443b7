// A browser with scripts off, as far as forms go: keeps cookies, reads a page, fills one of its forms in, posts it.
import { request } from "./request.mjs";

const ENTITIES = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescaped(text) {
  return text.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(Number.parseInt(hex, 16));
    return ENTITIES[name] ?? whole;
  });
}

function attribute(tag, name) {
  const found = tag.match(new RegExp(`\\s${name}="([^"]*)"`));
  return found ? unescaped(found[1]) : undefined;
}

/** The hidden fields of a page's form that posts to `action` (and holds `mark`, where several do). */
export function hiddenFields(page, action, mark = "") {
  for (const [whole, head, body] of page.matchAll(/<form([^>]*)>([\s\S]*?)<\/form>/g)) {
    if (attribute(head, "action") !== action || !whole.includes(mark)) continue;
    const inputs = [...body.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([tag]) => tag);
    return Object.fromEntries(inputs.map((tag) => [attribute(tag, "name"), attribute(tag, "value") ?? ""]));
  }
  throw new Error(`the page has no form for ${action} ${mark}`);
}

export class Forms {
  #server;
  #cookies = new Map();

  constructor(server) {
    this.#server = server;
  }

  /** The `Cookie` header as it would be sent now. */
  get cookie() {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  /** A second browser that holds the same cookies. */
  copy() {
    const other = new Forms(this.#server);
    for (const [name, value] of this.#cookies) other.#cookies.set(name, value);
    return other;
  }

  async #send(method, path, options = {}) {
    const headers = { ...(this.cookie ? { cookie: this.cookie } : {}), ...options.headers };
    const answer = await request(this.#server, method, path, { ...options, headers });
    for (const line of answer.headers["set-cookie"] ?? []) this.#keep(line);
    return answer;
  }

  #keep(line) {
    const [pair, ...rest] = line.split(";").map((part) => part.trim());
    const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
    const gone = value === "" || rest.some((part) => /^max-age=0$/i.test(part));
    if (gone) this.#cookies.delete(name);
    else this.#cookies.set(name, value);
  }

  /** Opens a page. */
  get(path, headers = {}) {
    return this.#send("GET", path, { headers });
  }

  /** Opens `page`, fills its form for `action` in with `fields`, and sends it, as a browser does. */
  async submit(page, action, fields = {}, { mark, headers = {} } = {}) {
    const { text } = await this.get(page);
    const body = new URLSearchParams({ ...hiddenFields(text, action, mark), ...fields });
    return this.post(action, body, headers);
  }

  /** Sends `body` to `action` with the own `Origin`. */
  post(action, body, headers = {}) {
    return this.#send("POST", action, { body, headers: { origin: this.#server.url, ...headers } });
  }

  /** Sends a file by the multipart form of `page` for `action`. */
  async upload(page, action, field, { bytes, name, type }, fields = {}) {
    const { text } = await this.get(page);
    const body = new FormData();
    for (const [key, value] of Object.entries({ ...hiddenFields(text, action), ...fields }))
      body.set(key, value);
    body.set(field, new Blob([bytes], { type }), name);
    return this.post(action, body);
  }
}
