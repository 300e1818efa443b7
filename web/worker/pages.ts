// Pages: from the server as long as it answers soon; without it, as they were when last seen. A kept page becomes
// current by itself once it is connected, since its script goes on from the `seq` that it was made at.

import { OFFLINE, PAGES } from "./shell";

/** A server that has not answered by then is as good as gone. */
const PATIENCE_MS = 4000;
const KEEP_AT_MOST = 40;

/** The path under which a page is kept: the home page and rooms, at their newest messages. */
function keptAs(url: URL): string | undefined {
  const room = /^\/room\/[^/]+/.exec(url.pathname)?.[0];
  return url.pathname === "/" ? "/" : room;
}

function isWhole(url: URL): boolean {
  return url.search === "" && keptAs(url) === url.pathname;
}

async function store(path: string, response: Response): Promise<void> {
  const pages = await caches.open(PAGES);
  // Put anew, so that the first ones are those that were not looked at for longest.
  await pages.delete(path);
  await pages.put(path, response);
  const keys = await pages.keys();
  for (const key of keys.slice(0, Math.max(0, keys.length - KEEP_AT_MOST))) await pages.delete(key);
}

/** The room is gone, or not mine any more. */
async function forget(path: string): Promise<void> {
  await (await caches.open(PAGES)).delete(path);
}

function isPage(response: Response): boolean {
  return response.ok && !response.redirected && response.type === "basic";
}

/** Fetches a page that was loaded before this worker was there. */
export async function keepPage(path: string): Promise<void> {
  if (!isWhole(new URL(path, self.location.origin))) return;
  const response = await fetch(path, { redirect: "manual" });
  if (isPage(response)) await store(path, response);
}

async function fromServer(event: FetchEvent): Promise<Response> {
  const url = new URL(event.request.url);
  const response = ((await event.preloadResponse) as Response | undefined) ?? (await fetch(event.request));
  if (isPage(response) && isWhole(url)) event.waitUntil(store(url.pathname, response.clone()));
  if (response.status === 404) event.waitUntil(forget(url.pathname));
  return response;
}

function after(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

/** The page from the server, or as it is kept, or the one that says that there is no network. */
export async function offlineOr(event: FetchEvent): Promise<Response> {
  const path = keptAs(new URL(event.request.url));
  const kept = path === undefined ? undefined : await caches.match(path, { cacheName: PAGES });
  const answer = fromServer(event);
  event.waitUntil(answer.catch(() => undefined));
  try {
    const soon = kept ? await Promise.race([answer, after(PATIENCE_MS)]) : await answer;
    return soon ?? kept ?? (await answer);
  } catch {
    return kept ?? (await caches.match(OFFLINE)) ?? Response.error();
  }
}
