// A browser's push service and one of its devices: takes what the server pushes, checks who sent it (RFC 8292) and
// decrypts it (RFC 8291) with the device's keys. Nothing here is the server's own code.
import assert from "node:assert/strict";
import { createDecipheriv, createECDH, createPublicKey, hkdfSync, randomBytes, verify } from "node:crypto";
import { once } from "node:events";
import http from "node:http";

const RAISED_WITHIN_MS = 40_000;

function sha256(key, salt, info, length) {
  return Buffer.from(hkdfSync("sha256", key, salt, info, length));
}

/** The claims of a VAPID proof, once its signature by the key beside it is checked. */
function proven(header) {
  const [, token, key] = /^vapid t=([^,]+), k=([\w-]+)$/.exec(header);
  const [head, claims, signature] = token.split(".");
  assert.deepEqual(JSON.parse(Buffer.from(head, "base64url")), { typ: "JWT", alg: "ES256" });
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const jwk = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const signed = Buffer.from(`${head}.${claims}`);
  const options = { key: jwk, dsaEncoding: "ieee-p1363" };
  assert.ok(verify("sha256", signed, options, Buffer.from(signature, "base64url")), "a valid signature");
  return { key, claims: JSON.parse(Buffer.from(claims, "base64url")) };
}

export class Device {
  #ecdh = createECDH("prime256v1");
  #auth = randomBytes(16);
  #service;

  constructor(service, endpoint) {
    this.#service = service;
    this.endpoint = endpoint;
    this.#ecdh.generateKeys();
  }

  /** What a browser's `PushSubscription.toJSON()` yields. */
  subscription() {
    const p256dh = this.#ecdh.getPublicKey("base64url");
    return {
      endpoint: this.endpoint,
      expirationTime: null,
      keys: { p256dh, auth: this.#auth.toString("base64url") },
    };
  }

  /** Reads a body of the coding `aes128gcm` in one record. */
  #decrypt(body) {
    const [salt, size, length] = [body.subarray(0, 16), body.readUInt32BE(16), body[20]];
    const sender = body.subarray(21, 21 + length);
    const sealed = body.subarray(21 + length);
    assert.ok(sealed.length <= size, "one record");
    const ours = this.#ecdh.getPublicKey();
    const info = Buffer.concat([Buffer.from("WebPush: info\0"), ours, sender]);
    const secret = sha256(this.#ecdh.computeSecret(sender), this.#auth, info, 32);
    const key = sha256(secret, salt, "Content-Encoding: aes128gcm\0", 16);
    const nonce = sha256(secret, salt, "Content-Encoding: nonce\0", 12);
    const cipher = createDecipheriv("aes-128-gcm", key, nonce);
    cipher.setAuthTag(sealed.subarray(-16));
    const padded = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()]);
    const end = padded.lastIndexOf(2);
    assert.ok(end >= 0 && padded.subarray(end + 1).every((byte) => byte === 0), "the last record's mark");
    return padded.subarray(0, end).toString();
  }

  /** How many pushes came that nobody has asked for yet. */
  get waiting() {
    return this.#service.waiting(this.endpoint);
  }

  /** The next push to this device, decrypted. */
  async next() {
    const { headers, body } = await this.#service.next(this.endpoint);
    assert.equal(headers["content-encoding"], "aes128gcm");
    assert.ok(Number(headers.ttl) > 0);
    const { key, claims } = proven(headers.authorization);
    assert.equal(claims.aud, new URL(this.endpoint).origin);
    assert.ok(claims.exp > Date.now() / 1000 && claims.exp <= Date.now() / 1000 + 86_400);
    return { key, headers, payload: JSON.parse(this.#decrypt(body)) };
  }
}

export class PushService {
  #posts = new Map();
  #answers = new Map();
  #server;
  #devices = 0;

  /** Starts one that ends with the test. */
  static async start(t) {
    const service = new PushService();
    service.#server = http.createServer((request, response) => service.#take(request, response));
    service.#server.listen(0, "127.0.0.1");
    await once(service.#server, "listening");
    t.after(() => service.#server.close());
    return service;
  }

  async #take(request, response) {
    const body = Buffer.concat(await request.toArray());
    const [status, headers] = this.#answers.get(request.url)?.shift() ?? [201];
    this.#of(request.url).push({ headers: request.headers, body, status });
    response.writeHead(status, headers).end();
    this.#server.emit("pushed");
  }

  #of(path) {
    if (!this.#posts.has(path)) this.#posts.set(path, []);
    return this.#posts.get(path);
  }

  /** A device whose first pushes are answered with `answers`, each `[status, headers?]`. */
  device(answers = []) {
    this.#devices += 1;
    const path = `/push/${this.#devices}`;
    this.#answers.set(path, [...answers]);
    return new Device(this, `http://127.0.0.1:${this.#server.address().port}${path}`);
  }

  waiting(endpoint) {
    return this.#of(new URL(endpoint).pathname).length;
  }

  /** The next push to this address. */
  async next(endpoint) {
    const posts = this.#of(new URL(endpoint).pathname);
    while (posts.length === 0) {
      await once(this.#server, "pushed", { signal: AbortSignal.timeout(RAISED_WITHIN_MS) });
    }
    return posts.shift();
  }
}
