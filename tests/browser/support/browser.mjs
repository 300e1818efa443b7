// Chromium against the real binary: contexts as small as a phone or as wide as a desk, with scripts on or off.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { chromium } from "playwright-core";
import { eventually } from "../../clients/support/eventually.mjs";
import { Server } from "../../clients/support/server.mjs";

export { eventually };

const EXECUTABLE = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => `/usr/bin/${name}`)
  .find((path) => existsSync(path));
const ARGUMENTS = [
  "--no-sandbox",
  // A service worker is not taken over a certificate of our own otherwise, whatever a context ignores.
  "--ignore-certificate-errors",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const SHOWS_WITHIN_MS = 15_000;

export const DESK = { width: 1280, height: 800 };
export const PHONE = { width: 390, height: 844 };
export const SIZES = { 1280: DESK, 390: PHONE };

/** A server and a browser for one test file. */
export class Stage {
  static async open(settings, environment = {}) {
    const stage = new Stage();
    stage.server = await Server.start(settings);
    try {
      const env = { ...process.env, ...environment };
      stage.browser = await chromium.launch({ executablePath: EXECUTABLE, args: ARGUMENTS, env });
    } catch (error) {
      await stage.server.end();
      throw error;
    }
    return stage;
  }

  async close() {
    await this.browser.close();
    await this.server.end();
  }

  /** A browser of its own, closed when the test ends; what its pages complain about fails the test. */
  async context(t, { viewport = DESK, person, baseURL = this.server.url, ...options } = {}) {
    const context = await this.browser.newContext({
      baseURL,
      ignoreHTTPSErrors: true,
      viewport,
      locale: "en-GB",
      reducedMotion: "reduce",
      ...options,
    });
    t.after(() => context.close());
    context.setDefaultTimeout(SHOWS_WITHIN_MS);
    if (person) await context.addCookies(cookiesOf(person, baseURL));
    return context;
  }

  /** A page in a browser of its own. */
  async page(t, options = {}) {
    const { complaints = true, ...rest } = options;
    const context = await this.context(t, rest);
    const page = await context.newPage();
    if (complaints) noComplaints(t, page);
    return page;
  }
}

function cookiesOf(person, url) {
  return person.forms.cookie.split("; ").map((pair) => {
    const [name, value] = pair.split("=");
    return { name, value, url, secure: true, httpOnly: true, sameSite: "Lax" };
  });
}

/** Errors of scripts, and what the content security policy stopped, fail the test. */
function noComplaints(t, page) {
  const found = [];
  page.on("pageerror", (error) => found.push(error.message));
  page.on("console", (line) => {
    const refusedForm = /Failed to load resource: the server responded with a status of 4/.test(line.text());
    if (line.type() === "error" && !refusedForm) found.push(line.text());
  });
  t.after(() => assert.deepEqual(found, []));
}

/** Waits until what `look` yields is `expected`: a page is never read once, right after something was done to it. */
export async function becomes(look, expected, what) {
  let found;
  const asExpected = async () => {
    found = await look();
    return isDeepStrictEqual(found, expected);
  };
  await eventually(asExpected, what).catch(() => assert.deepEqual(found, expected, what));
}

/** The message on the page whose text is `text`. */
export function message(page, text) {
  return page
    .locator(".message")
    .filter({ has: page.locator(".message-text").getByText(text, { exact: true }) });
}

/** Writes into the composer and sends it. */
export async function say(page, text) {
  await page.getByRole("textbox", { name: /^Message to/ }).fill(text);
  await page.getByRole("button", { name: "Send" }).click();
}

/** No part of the page reaches beyond its right edge. */
export async function fitsTheWidth(page, where) {
  const { scroll, client } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    client: document.documentElement.clientWidth,
  }));
  assert.ok(scroll <= client, `${where}: ${scroll} px of content in ${client} px`);
}
