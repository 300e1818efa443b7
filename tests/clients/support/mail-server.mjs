// A real mail server for tests: aiosmtpd.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const PYTHON = process.env.PARLOR_PYTHON ?? "target/matrix/venv/bin/python";
const SCRIPT = new URL("smtp.py", import.meta.url).pathname;

/** Where mails say that the server is. */
export const PUBLIC_URL = "https://chat.example.org";

/** A mail server on a free port. */
export class MailServer {
  static async start(...options) {
    const server = new MailServer();
    server.child = spawn(PYTHON, ["-B", SCRIPT, ...options], { stdio: ["pipe", "pipe", "inherit"] });
    server.lines = createInterface({ input: server.child.stdout })[Symbol.asyncIterator]();
    server.port = (await server.next()).port;
    return server;
  }

  /** The settings of a server that mails by it. */
  get settings() {
    return {
      "smtp-server": "127.0.0.1",
      "smtp-port": this.port,
      "smtp-security": "none",
      "mail-from": "Parlor <parlor@example.org>",
      "public-url": PUBLIC_URL,
    };
  }

  /** The next line that it prints: a mail that it took. */
  async next() {
    const { value, done } = await this.lines.next();
    assert.ok(!done, "the mail server runs");
    return JSON.parse(value);
  }

  end() {
    this.child.kill();
  }
}
