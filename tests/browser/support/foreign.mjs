// Pages of other chat servers on Parlor's own origin, as a proxy in front of both would serve them.
import { readFile } from "node:fs/promises";

const TYPES = { html: "text/html; charset=utf-8", css: "text/css", js: "text/javascript" };

/**
 * Serves files to the pages of a browser.
 * @param {import("playwright-core").BrowserContext} context
 * @param {Record<string, string | URL>} files by the URL's path, or by the whole URL
 * @param {string} origin
 */
export async function serve(context, files, origin) {
  // A page that is put in place here has no address, so Chromium asks before it lets it open a WebSocket to loopback:
  // refused, it would poll, and who closes it between two polls is only missed at the ping timeout.
  await context.grantPermissions(["local-network-access"], { origin });
  for (const [path, file] of Object.entries(files)) {
    const body = await readFile(file, "utf8");
    const contentType = TYPES[String(file).split(".").at(-1)];
    await context.route(new URL(path, origin).href, (route) => route.fulfill({ body, contentType }));
  }
}
