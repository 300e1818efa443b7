// The installable app: hands the pages that are looked at to the service worker, which opens them without a network.
// Whoever logs out, or in as somebody else, leaves nothing behind.

import { forgetMessages } from "./kept";
import { myId } from "./me";

const WHOSE = "parlor:whose";

function whose(): string | null {
  try {
    return localStorage.getItem(WHOSE);
  } catch {
    return null;
  }
}

async function forgetAll(): Promise<void> {
  await forgetMessages();
  for (const name of await caches.keys()) if (name.startsWith("pages-")) await caches.delete(name);
}

/** Keeps this browser's copies those of whoever is logged in, and the worker up to date. */
export function keepOffline(): void {
  if (!("serviceWorker" in navigator)) return;
  const loggedOut = myId === 0 && location.pathname === "/login";
  if (loggedOut || (myId !== 0 && whose() !== String(myId))) void forgetAll();
  if (myId === 0) return;
  localStorage.setItem(WHOSE, String(myId));
  // The worker came after the page, so it has not seen it pass.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    navigator.serviceWorker.controller?.postMessage({ keep: location.pathname });
  });
  // Without it the app works as ever, but not offline: a browser does not take it over a certificate that it distrusts.
  navigator.serviceWorker.register("/sw.js").catch(() => undefined);
}
