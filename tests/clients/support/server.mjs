// The real binary on a folder of its own: started on a free port, stopped by the process that this file started.
// What it prints is kept, so that a failed start says why.
import { execFile, spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { Person } from "./person.mjs";
import { request } from "./request.mjs";

const BINARY = resolve(process.env.PARLOR_BINARY ?? "target/debug/parlor");
const STARTS_WITHIN_MS = 30_000;
const STOPS_WITHIN_MS = 15_000;

/** What tests want in place of the defaults: quick logins, no rate that a test's own pace would meet, and nothing asked of
 * servers elsewhere. */
const SETTINGS = {
  "password-cost": 14,
  "message-rate": 0,
  "registrations-per-address": 0,
  "login-failures-per-address": 0,
  "link-previews": false,
};

/** The environment without settings of whoever runs the tests. */
function environment() {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith("PARLOR_"));
  return { ...Object.fromEntries(own), PARLOR_LOG: process.env.PARLOR_TEST_LOG ?? "warn" };
}

export class Server {
  #settings;
  #child;
  #exit;
  #people = 0;
  /** What the server wrote to standard error, for the report of a failure. */
  log = "";

  constructor(folder, settings) {
    this.folder = folder;
    process.once("exit", this.#abandoned);
    this.#settings = { ...SETTINGS, ...settings };
  }

  /** The test's process ends in the middle: neither server nor folder outlives it. */
  #abandoned = () => {
    this.#child?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  };

  /** Starts a server on a new folder. */
  static async start(settings = {}) {
    const folder = await mkdtemp(join(tmpdir(), "parlor-clients-"));
    const server = new Server(folder, settings);
    try {
      await server.begin();
    } catch (error) {
      await server.end();
      throw error;
    }
    return server;
  }

  /** Starts the binary: on a free port the first time, on the same one again after that. */
  async begin() {
    const settings = { listen: `127.0.0.1:${this.port ?? 0}`, "data-dir": this.folder, ...this.#settings };
    const flags = Object.entries(settings).flatMap(([name, value]) =>
      value === true ? [`--${name}`] : [value].flat().map((one) => `--${name}=${one}`),
    );
    const child = spawn(BINARY, ["serve", ...flags], {
      cwd: this.folder,
      env: environment(),
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.#exit = new Promise((ended) => child.once("exit", (code) => ended(code)));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      this.log += text;
    });
    await this.#announced(child);
    const cert = this.#settings.cert ?? join(this.folder, "certs", "cert.pem");
    this.ca ??= this.url.startsWith("https:") ? await readFile(cert) : undefined;
    await this.#ready();
  }

  /** Reads the address, and the one-time link that follows while nobody owns the server. */
  async #announced(child) {
    const lines = createInterface({ input: child.stdout });
    const late = setTimeout(() => child.kill("SIGKILL"), STARTS_WITHIN_MS);
    try {
      await new Promise((found, failed) => {
        lines.on("line", (line) => {
          const address = line.match(/^Parlor is at (https?:\/\/\S+)$/)?.[1];
          if (address) {
            this.url = address;
            this.port = new URL(address).port;
          }
          this.metricsUrl = line.match(/^Metrics are at (\S+)$/)?.[1] ?? this.metricsUrl;
          this.redirectPort = line.match(/^http:\/\/\S+:(\d+) leads to HTTPS$/)?.[1] ?? this.redirectPort;
          this.setupPath = line.match(/\/setup\/\S+/)?.[0] ?? this.setupPath;
          const metrics = this.metricsUrl || !this.#settings["admin-listen"];
          const redirect = this.redirectPort || !this.#settings["redirect-http"];
          if (this.url && metrics && redirect) found();
        });
        lines.on("close", () => failed(new Error(`the server ended without an address:\n${this.log}`)));
        child.on("error", (error) => failed(new Error(`${BINARY} does not start: ${error.message}`)));
      });
    } finally {
      clearTimeout(late);
    }
  }

  /** The socket is bound before the address is printed, so the first answer only has to be waited for. */
  async #ready() {
    const { status } = await request(this, "GET", "/readyz", { within: STARTS_WITHIN_MS });
    if (status !== 200) throw new Error(`the server is not ready: ${status}\n${this.log}`);
  }

  /** Settings for the next start. */
  change(settings) {
    this.#settings = { ...this.#settings, ...settings };
  }

  /** The process, for whoever looks at it from outside. */
  get pid() {
    return this.#child.pid;
  }

  /** The process's resident memory, in bytes. */
  async memory() {
    const status = await readFile(`/proc/${this.pid}/status`, "utf8");
    return Number(status.match(/VmRSS:\s+(\d+)/)[1]) * 1024;
  }

  /** The metrics; needs the setting `admin-listen`. */
  async metrics() {
    return (await fetch(this.metricsUrl)).text();
  }

  /** Waits until the log says it. Nothing else tells of it, so it looks again. */
  async logged(pattern, within = 30_000) {
    const late = Date.now() + within;
    while (!pattern.test(this.log)) {
      if (Date.now() > late) throw new Error(`the log does not say ${pattern}:\n${this.log}`);
      await new Promise((passed) => setTimeout(passed, 50));
    }
  }

  /** Waits until the metrics hold this line. Nothing tells of it, so it looks again. */
  async until(line, within = 60_000) {
    const late = Date.now() + within;
    for (;;) {
      const text = await this.metrics();
      if (text.split("\n").includes(line)) return;
      if (Date.now() > late) throw new Error(`the metrics never held "${line}":\n${text}`);
      await new Promise((next) => setTimeout(next, 100));
    }
  }

  /** Asks it to stop, as a supervisor does; resolves with its exit status. */
  async stop() {
    const late = setTimeout(() => this.#child.kill("SIGKILL"), STOPS_WITHIN_MS);
    this.#child.kill("SIGTERM");
    const code = await this.#exit;
    clearTimeout(late);
    return code;
  }

  /** Runs a command of the program on the folder, on which no server may run; resolves with what it says. */
  async command(...words) {
    const flags = [...words, `--data-dir=${this.folder}`];
    return (await promisify(execFile)(BINARY, flags, { env: environment() })).stdout;
  }

  /** Ends it in the middle of whatever it does. */
  async crash() {
    this.#child.kill("SIGKILL");
    await this.#exit;
  }

  /** Stops it and deletes its folder. */
  async end() {
    const running = this.#child && this.#child.exitCode === null && this.#child.signalCode === null;
    if (running && this.#child.pid) await this.stop();
    await rm(this.folder, { recursive: true, force: true });
    process.off("exit", this.#abandoned);
  }

  /** Registers somebody whose name begins with `name`; nobody else on this server has that name. */
  async person(name) {
    this.#people += 1;
    return Person.register(this, `${name}${this.#people}`);
  }
}
