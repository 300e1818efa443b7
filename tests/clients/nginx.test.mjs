// Parlor behind a real nginx, with the configuration that docs/operations.md shows.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, describe, test } from "node:test";
import { next } from "./support/ears.mjs";
import { eventually } from "./support/eventually.mjs";
import { ask, connect } from "./support/h2.mjs";
import { Person } from "./support/person.mjs";
import { request } from "./support/request.mjs";
import { Server } from "./support/server.mjs";

const NGINX = ["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/usr/local/bin/nginx"]
  .concat(resolve(process.env.CARGO_TARGET_DIR ?? "target", "nginx/usr/sbin/nginx"))
  .find((path) => existsSync(path));
const PASSES = 26 * 1024 * 1024;

async function freePort() {
  const holder = net.createServer().listen(0, "127.0.0.1");
  await once(holder, "listening");
  const { port } = holder.address();
  holder.close();
  await once(holder, "close");
  return port;
}

/** The configuration of the documentation, with the addresses and files of this test. */
async function configuration(folder, port, upstream) {
  const document = await readFile(new URL("../../docs/operations.md", import.meta.url), "utf8");
  const shown = document.match(/^```nginx\n([\s\S]*?)^```/m)[1];
  const replaced = (text, from, to) => {
    assert.ok(text.includes(from), `the documentation holds ${from}`);
    return text.replace(from, to);
  };
  let site = replaced(shown, "listen 443 ssl http2", `listen 127.0.0.1:${port} ssl http2`);
  site = replaced(site, "http://127.0.0.1:5000", upstream);
  site = replaced(site, "/etc/parlor/fullchain.pem", join(folder, "cert.pem"));
  site = replaced(site, "/etc/parlor/privkey.pem", join(folder, "key.pem"));
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const temporary = kinds.map((kind) => `  ${kind}_temp_path ${join(folder, kind)};`);
  // Started by root, its worker would become somebody who may not read this folder.
  const user = process.getuid() === 0 ? "user root;\n" : "";
  return `${user}daemon off;
pid ${join(folder, "nginx.pid")};
error_log ${join(folder, "error.log")} warn;
worker_processes 1;
events {}
http {
  access_log off;
${temporary.join("\n")}
${site}
}
`;
}

/** An nginx on a folder of its own, in front of a server. */
class Nginx {
  static async start(server, folder) {
    assert.ok(NGINX, "nginx is missing; .ci/nginx.sh brings it");
    const proxy = new Nginx();
    proxy.port = await freePort();
    proxy.url = `https://127.0.0.1:${proxy.port}`;
    proxy.ca = await readFile(join(folder, "cert.pem"));
    const file = join(folder, "nginx.conf");
    await writeFile(file, await configuration(folder, proxy.port, server.url));
    proxy.process = spawn(NGINX, ["-p", folder, "-c", file, "-e", join(folder, "error.log")], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    proxy.ended = once(proxy.process, "exit");
    let problem = "";
    proxy.process.stderr.on("data", (text) => {
      problem += text;
    });
    const answers = () =>
      request(proxy, "GET", "/healthz").then(
        ({ status }) => status === 200,
        () => {
          if (proxy.process.exitCode !== null) throw new Error(`nginx has ended: ${problem}`);
          return false;
        },
      );
    await eventually(answers, "nginx answers");
    return proxy;
  }

  async end() {
    this.process.kill("SIGTERM");
    await this.ended;
  }
}

let folder;
let server;
let proxy;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), "parlor-nginx-"));
  // A server with TLS makes the certificate that the proxy shows.
  const maker = await Server.start();
  for (const name of ["cert.pem", "key.pem"]) {
    await copyFile(join(maker.folder, "certs", name), join(folder, name));
  }
  await maker.end();
  await mkdir(join(folder, "logs"));
  server = await Server.start({
    "plain-http": true,
    "trusted-proxy": "127.0.0.1",
    "login-failures-per-address": 2,
    "sockets-per-address": 2,
  });
  await server.person("owner");
  proxy = await Nginx.start(server, folder);
});
after(async () => {
  await proxy?.end();
  await server?.end();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The status of a failed login that this address of this machine makes through the proxy. */
function guess(localAddress, headers = {}) {
  const body = JSON.stringify({ login: "nobody", password: "a wrong guess" });
  return new Promise((answered, failed) => {
    const asked = https.request(
      new URL("/api/v1/tokens", proxy.url),
      {
        method: "POST",
        localAddress,
        ca: proxy.ca,
        agent: false,
        headers: { "content-type": "application/json", "content-length": body.length, ...headers },
      },
      (answer) => {
        answer.resume();
        answered(answer.statusCode);
      },
    );
    asked.on("error", failed);
    asked.end(body);
  });
}

describe("behind nginx", () => {
  test("clients are told apart by their own address, which none of them can choose", async () => {
    assert.deepEqual(
      [await guess("127.0.0.2"), await guess("127.0.0.2"), await guess("127.0.0.2")],
      [401, 401, 429],
    );
    assert.equal(await guess("127.0.0.3"), 401);
    const spoofed = {
      "x-forwarded-for": "198.51.100.7",
      forwarded: "for=198.51.100.7",
      "x-real-ip": "198.51.100.7",
    };
    assert.equal(await guess("127.0.0.2", spoofed), 429);
  });

  test("somebody registers and logs in by form, with a cookie for HTTPS alone", async () => {
    const anna = await Person.register(proxy, "anna");
    assert.match(anna.forms.cookie, /__Host-session=/);
    const page = await anna.forms.get("/settings/sessions");
    assert.equal(page.status, 200);
    assert.match(page.text, /127\.0\.0\.1/);
    assert.ok(page.headers["strict-transport-security"]);
    const foreign = await anna.forms.post("/logout", new URLSearchParams(), { origin: server.url });
    assert.equal(foreign.status, 403);
  });

  for (const transports of [["websocket"], ["polling"], ["polling", "websocket"]]) {
    test(`a message comes through, ${transports.join(", then ")}`, async (t) => {
      const ben = await Person.register(proxy, `ben${transports.join("")}`);
      const room = await ben.room();
      const line = await ben.inRoom(t, room, { transports });
      if (transports.length === 2 && line.socket.io.engine.transport.name !== "websocket") {
        await next(line.socket.io.engine, "upgrade");
      }
      const ack = await line.ask("message", { room, data: "through nginx" });
      assert.equal(ack.ok, true);
      const heard = await line.ears.until("message", ({ id }) => id === ack.id);
      assert.equal(heard.text, "through nginx");
      line.socket.disconnect();
      await eventually(() => line.socket.disconnected, "it has left");
    });
  }

  test("sockets are counted for the client's address, and not for the proxy's", async (t) => {
    const cleo = await Person.register(proxy, "cleo");
    const from = (localAddress) => {
      const agent = new https.Agent({ ca: proxy.ca, localAddress });
      t.after(() => agent.destroy());
      return { transports: ["websocket"], agent };
    };
    await cleo.socket(t, from("127.0.0.4"));
    await cleo.socket(t, from("127.0.0.4"));
    const third = cleo.dial({ ...from("127.0.0.4"), reconnection: false });
    t.after(() => third.socket.disconnect());
    third.socket.connect();
    await third.ears.until("connect_error");
    await cleo.socket(t, from("127.0.0.5"));
  });

  test("pages come over HTTP/2, and a link leads to where the client is", async (t) => {
    const session = await connect(t, proxy);
    const { status, headers } = await ask(session, { ":path": "/profile" });
    assert.equal(status, 303);
    assert.equal(headers.location, "/login?next=/profile");
    const dora = await Person.register(proxy, "dora");
    const room = await dora.room();
    const { json } = await dora.api("POST", `/rooms/${room}/hooks`, { name: "weather" });
    assert.ok(json.url.startsWith(`${proxy.url}/hooks/`), json.url);
  });

  test("a file as large as Parlor takes is not stopped on the way, and a larger one is", async () => {
    const emil = await Person.register(proxy, "emil");
    const send = async (size) => {
      const body = new FormData();
      body.set("file", new Blob([Buffer.alloc(size, "a")], { type: "text/plain" }), "notes.txt");
      const headers = { authorization: `Bearer ${await emil.token()}` };
      // What is refused half-way may also end the connection.
      return request(proxy, "POST", "/api/v1/uploads", { body, headers }).then(
        ({ status }) => status,
        () => 413,
      );
    };
    assert.equal(await send(25 * 1024 * 1024), 201);
    assert.equal(await send(PASSES), 413);
  });
});
