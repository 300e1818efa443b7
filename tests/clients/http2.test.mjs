// Pages, calls and long polling over HTTP/2, and what one connection may cost there.
import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { eventually } from "./support/eventually.mjs";
import { hiddenFields } from "./support/forms.mjs";
import { ask, block, connect, FRAME, frame, sendFrames } from "./support/h2.mjs";
import { PASSWORD } from "./support/person.mjs";
import { Server } from "./support/server.mjs";

const { NGHTTP2_CANCEL, NGHTTP2_ENHANCE_YOUR_CALM, HTTP2_HEADER_PATH: PATH } = http2.constants;

let server;
before(async () => {
  server = await Server.start({
    "header-timeout": "1s",
    "idle-timeout": "2s",
    "body-idle-timeout": "1s",
    "streams-per-connection": 16,
  });
  await server.person("owner");
});
after(() => server?.end());

describe("HTTP/2", { concurrency: true }, () => {
  test("is offered beside HTTP/1.1, and not as a way to a WebSocket", async (t) => {
    for (const [offered, taken] of [
      [["h2", "http/1.1"], "h2"],
      [["http/1.1"], "http/1.1"],
      [[], false],
    ]) {
      const socket = tls.connect({ port: server.port, ca: server.ca, ALPNProtocols: offered });
      await once(socket, "secureConnect");
      assert.equal(socket.alpnProtocol, taken);
      socket.destroy();
    }
    const session = await connect(t, server);
    assert.notEqual(session.remoteSettings.enableConnectProtocol, true);
    assert.equal(session.remoteSettings.maxConcurrentStreams, 16);
    assert.equal(session.remoteSettings.maxHeaderListSize, 64 * 1024);
    const path = "/socket.io/?EIO=4&transport=websocket";
    assert.equal((await ask(session, { [PATH]: path })).status, 400);
  });

  test("somebody logs in by form and reads a page; the cookie may come in crumbs", async (t) => {
    const anna = await server.person("anna");
    const session = await connect(t, server);
    const page = await ask(session, { [PATH]: "/login" });
    assert.equal(page.status, 200);
    const visit = page.headers["set-cookie"][0].split(";")[0];
    const fields = { ...hiddenFields(page.text, "/login"), login: anna.name, password: PASSWORD };
    const form = { ":method": "POST", [PATH]: "/login", cookie: visit };
    const type = { "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams(fields).toString();
    const foreign = await ask(session, { ...form, ...type, origin: "https://evil.example" }, body);
    assert.equal(foreign.status, 403);
    const answer = await ask(session, { ...form, ...type, origin: server.url }, body);
    assert.equal(answer.status, 303);
    const cookies = answer.headers["set-cookie"].map((line) => line.split(";")[0]);
    const mine = cookies.find((pair) => pair.startsWith("__Host-session="));
    const profile = await ask(session, { [PATH]: "/profile", cookie: ["a=b", mine, "c=d"] });
    assert.equal(profile.status, 200);
    assert.match(profile.text, new RegExp(anna.name));
    assert.equal(profile.headers["cache-control"], "no-store");
    assert.ok(profile.headers["strict-transport-security"]);
  });

  test("long polling: what is said is heard, over a connection that others use meanwhile", async (t) => {
    const anna = await server.person("anna");
    const room = await anna.room();
    const session = await connect(t, server);
    const path = "/socket.io/?EIO=4&transport=polling";
    const { sid } = JSON.parse((await ask(session, { [PATH]: path })).text.slice(1));
    const mine = `${path}&sid=${sid}`;
    const send = (packet) =>
      ask(session, { ":method": "POST", [PATH]: mine, "content-type": "text/plain" }, packet);
    const heard = [];
    const polls = (async () => {
      while (!heard.join("").includes("over and out")) {
        const { status, text } = await ask(session, { [PATH]: mine });
        assert.equal(status, 200);
        heard.push(text);
        if (text.split("\x1e").includes("2")) await send("3");
      }
    })();
    assert.equal((await send(`40${JSON.stringify({ token: await anna.token() })}`)).text, "ok");
    await eventually(() => heard.join("").includes('["ready"'), "ready");
    await send(`42["join",${JSON.stringify({ room })}]`);
    // A poll waits for longer than a connection may stay idle, and other requests pass it.
    for (let n = 0; n < 5; n += 1) {
      assert.equal((await ask(session, { [PATH]: "/healthz" })).status, 200);
      await new Promise((next) => setTimeout(next, 500));
    }
    assert.equal((await anna.api("POST", `/rooms/${room}/messages`, { data: "over and out" })).status, 201);
    await polls;
  });

  test("a name that the certificate's server does not go by, or two of them, is refused", async (t) => {
    const session = await connect(t, server);
    const authority = new URL(server.url).host;
    assert.equal(
      (await ask(session, { [PATH]: "/login", ":authority": authority, host: authority })).status,
      200,
    );
    const two = { ":authority": authority, host: "evil.example" };
    assert.equal((await ask(session, { [PATH]: "/login", ...two })).status, 400);
    assert.equal((await ask(session, { [PATH]: "/login", ":authority": "evil@a" })).status, 400);
  });
});

describe("what one connection may cost", { concurrency: true }, () => {
  test("headers past the limit are refused, and the connection goes on", async (t) => {
    for (const kib of [80, 160, 800]) {
      const session = await connect(t, server, { maxSendHeaderBlockLength: 1 << 20 });
      const large = Object.fromEntries(
        Array.from({ length: kib / 4 }, (_, n) => [`x-${n}`, "x".repeat(4090)]),
      );
      const refused = await ask(session, { [PATH]: "/login", ...large }).then(
        ({ status }) => status,
        ({ code, name }) => code ?? name,
      );
      // A few of them too many are answered; far too many end the connection.
      assert.ok(
        kib === 80 ? refused === 431 : /^ERR_HTTP2_(STREAM|SESSION)_ERROR$/.test(refused),
        `${kib}: ${refused}`,
      );
      const other = session.closed || session.destroyed ? await connect(t, server) : session;
      assert.equal((await ask(other, { [PATH]: "/healthz" })).status, 200);
    }
  });

  test("who cancels one request after the other is cut off", async (t) => {
    const open = block(new URL(server.url).host);
    const cancelled = Array.from({ length: 2000 }, (_, n) => [
      frame(FRAME.headers, 0x5, 2 * n + 1, open),
      frame(FRAME.reset, 0, 2 * n + 1, Buffer.from([0, 0, 0, NGHTTP2_CANCEL])),
    ]);
    assert.equal(await sendFrames(server, cancelled.flat()), NGHTTP2_ENHANCE_YOUR_CALM);
    const other = await connect(t, server);
    assert.equal((await ask(other, { [PATH]: "/healthz" })).status, 200);
  });

  test("a connection that carries nothing ends; one with a poll under way does not", async (t) => {
    const idle = await connect(t, server);
    const began = performance.now();
    await ask(idle, { [PATH]: "/healthz" });
    await once(idle, "close", { signal: AbortSignal.timeout(15_000) });
    assert.ok(performance.now() - began >= 1_900);
  });

  test("who takes nothing of an answer is cut off", async (t) => {
    const session = await connect(t, server, { settings: { initialWindowSize: 0 } });
    const stream = session.request({ [PATH]: "/login" });
    stream.on("error", () => {});
    await once(session, "close", { signal: AbortSignal.timeout(15_000) });
  });

  test("a body that does not come ends its request", async (t) => {
    const session = await connect(t, server);
    const stream = session.request(
      { ":method": "POST", [PATH]: "/api/v1/users", "content-type": "application/json" },
      { endStream: false },
    );
    stream.write("{");
    stream.on("error", () => {});
    const [answer] = await once(stream, "response", { signal: AbortSignal.timeout(15_000) });
    assert.ok(answer[":status"] >= 400, `${answer[":status"]}`);
    assert.equal((await ask(session, { [PATH]: "/healthz" })).status, 200);
  });

  test("a connection that never sends a request ends, whatever it began with", async () => {
    const preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    for (const [protocol, bytes] of [
      ["h2", ""],
      ["h2", preface.slice(0, 7)],
      ["h2", `${preface}\0\0\0\x04\0\0\0\0\0`],
      // A header that is begun and never ended: HEADERS without END_HEADERS.
      ["h2", `${preface}\0\0\0\x04\0\0\0\0\0\0\0\x01\x01\0\0\0\0\x01\x82`],
      ["http/1.1", ""],
    ]) {
      const socket = tls.connect({ port: server.port, ca: server.ca, ALPNProtocols: [protocol] });
      socket.on("error", () => {});
      await once(socket, "secureConnect");
      socket.write(Buffer.from(bytes, "latin1"));
      socket.resume();
      await once(socket, "close", { signal: AbortSignal.timeout(15_000) });
    }
  });
});
