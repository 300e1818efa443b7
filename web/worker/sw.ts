// The service worker: opens rooms without a network as they were last seen, sends what was written offline, and shows
// what is pushed.
// The server puts one line before it that names the version of the web client.

import { keepPage, offlineOr } from "./pages";
import { open, receive, renew } from "./push";
import { sendOutbox } from "./send";
import { asset, keepShell, SHELL } from "./shell";

declare const self: ServiceWorkerGlobalScope;

interface SyncEvent extends ExtendableEvent {
  readonly tag: string;
}

self.addEventListener("install", (event) => {
  event.waitUntil(keepShell().then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(takeOver());
});

/** Pages of another version of the client would not fit this one's script. */
async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) {
    if (!name.endsWith(SHELL.slice("shell".length))) await caches.delete(name);
  }
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(offlineOr(event));
  else if (pathname.startsWith("/assets/")) event.respondWith(asset(request));
});

self.addEventListener("message", (event) => {
  const { keep } = event.data as { keep?: string };
  if (keep) event.waitUntil(keepPage(keep));
});

self.addEventListener("sync" as keyof ServiceWorkerGlobalScopeEventMap, (event) => {
  const { tag } = event as SyncEvent;
  if (tag === "outbox") (event as SyncEvent).waitUntil(sendOutbox());
});

self.addEventListener("push", (event) => event.waitUntil(receive(event)));

self.addEventListener("notificationclick", (event) => event.waitUntil(open(event)));

self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event)));
