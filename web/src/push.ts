// What this browser shows while no page is looked at: its subscription to pushes, and the notifications on its screen.

import { socket } from "./socket";
import type { WireError } from "./wire";

const SUBSCRIPTIONS = "/api/v1/push/subscriptions";

async function call(method: "POST" | "DELETE", body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(SUBSCRIPTIONS, { method, headers, body: JSON.stringify(body) });
  if (answer.ok || (method === "DELETE" && answer.status === 404)) return;
  const { error } = (await answer.json()) as { error: WireError };
  throw new Error(error.message);
}

/** This browser's subscription, if it has one. */
export async function thisDevice(): Promise<PushSubscription | null> {
  const registration = await navigator.serviceWorker.getRegistration("/");
  return (await registration?.pushManager.getSubscription()) ?? null;
}

/** Has the server of this key push here. */
export async function addThisDevice(key: string): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const subscription = await pushManager.subscribe(options);
  await call("POST", subscription.toJSON());
}

export async function forgetThisDevice(): Promise<void> {
  const subscription = await thisDevice();
  if (!subscription) return;
  await call("DELETE", { endpoint: subscription.endpoint });
  await subscription.unsubscribe();
}

/** Takes the notification of a room that was read off this device's screen. */
async function clear(room: string): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration("/");
  for (const shown of (await registration?.getNotifications({ tag: room })) ?? []) shown.close();
}

/** Keeps what the server pushes and what this device shows in step with what is read. */
export function followPushes(): void {
  socket.on("unread", ({ room, unread }) => {
    if (unread === 0) void clear(room);
  });
  document.addEventListener("room-read", (event) => void clear((event as CustomEvent<string>).detail));
}
