// A certificate that is changed while the server runs, and the address that leads plain HTTP to HTTPS.
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import tls from "node:tls";
import { eventually } from "./support/eventually.mjs";
import { Server } from "./support/server.mjs";

/** The fingerprint of the certificate that a new connection is shown. */
async function shown(port) {
  const socket = tls.connect({ port, rejectUnauthorized: false });
  await once(socket, "secureConnect", { signal: AbortSignal.timeout(10_000) });
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}

const print = async (file) => new X509Certificate(await readFile(file)).fingerprint256;

describe("the certificate is changed", () => {
  let folder;
  // Each server makes itself a certificate: three pairs of files.
  const pairs = [];
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "parlor-pairs-"));
    for (const name of ["one", "two", "three"]) {
      const maker = await Server.start();
      const pair = { cert: join(folder, `${name}.crt`), key: join(folder, `${name}.key`) };
      await copyFile(join(maker.folder, "certs", "cert.pem"), pair.cert);
      await copyFile(join(maker.folder, "certs", "key.pem"), pair.key);
      await maker.end();
      pairs.push({ ...pair, print: await print(pair.cert) });
    }
  });
  after(() => folder && rm(folder, { recursive: true, force: true }));

  test("new connections see it, open ones go on, and a broken file changes nothing", async (t) => {
    const [one, two, three] = pairs;
    const live = { cert: join(folder, "live.crt"), key: join(folder, "live.key") };
    const install = async ({ cert, key }) => {
      await copyFile(cert, live.cert);
      await copyFile(key, live.key);
    };
    await install(one);
    process.env.PARLOR_TEST_LOG = "info";
    const server = await Server.start({ ...live, "certificate-check": "1day" });
    delete process.env.PARLOR_TEST_LOG;
    t.after(() => server.end());
    const anna = await server.person("anna");
    const room = await anna.room();
    const lines = [
      await anna.inRoom(t, room, { transports: ["websocket"], reconnection: false }),
      await anna.inRoom(t, room, {
        transports: ["polling"],
        reconnection: false,
        agent: keptOpen(t, server),
      }),
    ];
    let said = 0;
    const goOn = async () => {
      said += 1;
      const ack = await lines[0].ask("message", { room, data: `${said}` });
      assert.equal(ack.ok, true);
      for (const { ears } of lines) await ears.until("message", ({ id }) => id === ack.id);
    };
    await goOn();
    assert.equal(await shown(server.port), one.print);

    await install(two);
    process.kill(server.pid, "SIGHUP");
    await eventually(async () => (await shown(server.port)) === two.print, "the second certificate is shown");
    await goOn();

    await writeFile(live.cert, "no certificate at all");
    process.kill(server.pid, "SIGHUP");
    await eventually(() => /live\.crt holds no certificate/.test(server.log), "the log says what is wrong");
    assert.equal(await shown(server.port), two.print);
    // The new certificate is there, its key is not yet.
    await copyFile(three.cert, live.cert);
    process.kill(server.pid, "SIGHUP");
    await eventually(() => /live\.key does not belong to/.test(server.log), "the log says what does not fit");
    assert.equal(await shown(server.port), two.print);
    await goOn();

    await copyFile(three.key, live.key);
    process.kill(server.pid, "SIGHUP");
    await eventually(
      async () => (await shown(server.port)) === three.print,
      "the third certificate is shown",
    );
    await goOn();
    assert.deepEqual(
      lines.flatMap(({ ears }) => ears.all("disconnect")),
      [],
    );
    assert.doesNotMatch(server.log, /panicked/);
  });

  test("without a signal, the files are looked at every so often", async (t) => {
    const [one, two] = pairs;
    const live = { cert: join(folder, "timed.crt"), key: join(folder, "timed.key") };
    await copyFile(one.cert, live.cert);
    await copyFile(one.key, live.key);
    const server = await Server.start({ ...live, "certificate-check": "200ms" });
    t.after(() => server.end());
    assert.equal(await shown(server.port), one.print);
    await copyFile(two.key, live.key);
    await copyFile(two.cert, live.cert);
    await eventually(async () => (await shown(server.port)) === two.print, "the second certificate is shown");
  });
});

/** One connection that polls go over. */
function keptOpen(t, server) {
  const agent = new https.Agent({ keepAlive: true, ca: server.ca });
  t.after(() => agent.destroy());
  return agent;
}

describe("plain HTTP leads to HTTPS", { concurrency: true }, () => {
  let server;
  let port;
  before(async () => {
    server = await Server.start({ "redirect-http": "127.0.0.1:0", "header-timeout": "1s" });
    port = server.redirectPort;
  });
  after(() => server?.end());

  /** What the address for plain HTTP answers. */
  async function ask(path, { method = "GET", headers = {}, to = port } = {}) {
    const asked = http.request({ port: to, path, method, agent: false, headers });
    asked.end();
    const [answer] = await once(asked, "response", { signal: AbortSignal.timeout(10_000) });
    answer.resume();
    return { status: answer.statusCode, headers: answer.headers };
  }

  test("what a person opens, under the same path, by a name of the certificate", async () => {
    for (const [host, name] of [
      [`127.0.0.1:${port}`, "127.0.0.1"],
      ["localhost", "localhost"],
      ["LOCALHOST:80", "localhost"],
    ]) {
      for (const path of ["/", "/room/ab?x=1&y=%2F", "//evil.example/a", "/invite/abc"]) {
        const { status, headers } = await ask(path, { headers: { host } });
        assert.equal(status, 308);
        assert.equal(headers.location, `https://${name}:${server.port}${path}`);
        assert.equal(headers["cache-control"], "no-store");
        assert.equal(headers.connection, "close");
      }
    }
    assert.equal((await ask("/login", { method: "HEAD" })).status, 308);
  });

  test("no name that others made up, however it is put", async () => {
    for (const host of [
      "evil.example",
      "127.0.0.1.evil.example",
      "localhost.evil.example:80",
      "evil.example@localhost",
      "localhost@evil.example",
      "localhost/evil",
    ]) {
      const forwarded = { "x-forwarded-host": "localhost", forwarded: "host=localhost" };
      const { status, headers } = await ask("/", { headers: { host, ...forwarded } });
      assert.ok([400, 421].includes(status), `${host}: ${status}`);
      assert.equal(headers.location, undefined);
    }
    const spoofed = { host: "localhost", "x-forwarded-host": "evil.example", forwarded: "host=evil.example" };
    assert.equal(
      (await ask("/", { headers: spoofed })).headers.location,
      `https://localhost:${server.port}/`,
    );
    const absolute = await ask("http://evil.example/", { headers: { host: "localhost" } });
    assert.equal(absolute.status, 400);
  });

  test("what programs send is refused, so that somebody notices", async () => {
    for (const [method, path] of [
      ["GET", "/api/v1/me"],
      ["POST", "/login"],
      ["GET", "/socket.io/?EIO=4&transport=polling"],
      ["POST", "/hooks/abc"],
      ["PUT", "/"],
    ]) {
      const { status, headers } = await ask(path, { method });
      assert.equal(status, 403, `${method} ${path}`);
      assert.equal(headers.location, undefined);
    }
  });

  test("the public address is where everybody is sent, where one is named", async (t) => {
    const named = await Server.start({
      "redirect-http": "127.0.0.1:0",
      "public-url": "https://chat.example.org",
    });
    t.after(() => named.end());
    for (const host of ["evil.example", "localhost"]) {
      const { headers } = await ask("/a?b", { headers: { host }, to: named.redirectPort });
      assert.equal(headers.location, "https://chat.example.org/a?b");
    }
  });

  test("whoever is slow, or sends what is no request, is not waited for", async () => {
    for (const bytes of [
      "",
      "GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ",
      "\x16\x03\x01\x02\x00\x01\x00",
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ]) {
      const socket = net.connect(port, "127.0.0.1");
      socket.on("error", () => {});
      socket.resume();
      socket.write(Buffer.from(bytes, "latin1"));
      await once(socket, "close", { signal: AbortSignal.timeout(10_000) });
    }
    assert.equal((await ask("/")).status, 308);
  });

  test("it needs HTTPS to lead to", async () => {
    await assert.rejects(
      Server.start({ "plain-http": true, "redirect-http": "127.0.0.1:0" }),
      /--redirect-http: There is no HTTPS/,
    );
  });
});
