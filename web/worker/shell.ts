// What every page needs: script, style and icons of this version of the client.

declare const self: ServiceWorkerGlobalScope & { PARLOR_VERSION: string };

const version = self.PARLOR_VERSION;
const FILES = ["main.css", "main.js", "favicon.svg", "favicon-unread.svg", "favicon-mention.svg"];

export const SHELL = `shell-${version}`;
export const PAGES = `pages-${version}`;
/** What is shown in the place of a page that is not kept. */
export const OFFLINE = "/offline";

/** Fetches the shell for later. */
export async function keepShell(): Promise<void> {
  const shell = await caches.open(SHELL);
  await shell.addAll([OFFLINE, ...FILES.map((name) => `/assets/${name}?v=${version}`)]);
}

/** A file of the client: as kept, since its address changes with its content, or else from the server. */
export async function asset(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
