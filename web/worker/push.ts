// What the server pushes: shown while no page of that room is looked at, taken away once it is read elsewhere, opened
// with a click.

declare const self: ServiceWorkerGlobalScope;

/** What is pushed. */
interface Pushed {
  readonly room: string;
  readonly tag: string;
  readonly unread: number;
  readonly clear?: true;
  readonly title?: string;
  readonly body?: string;
  readonly url?: string;
}

async function take(tag: string): Promise<void> {
  for (const shown of await self.registration.getNotifications({ tag })) shown.close();
}

/** Shows or takes away what was pushed. */
export async function receive(event: PushEvent): Promise<void> {
  const pushed = event.data?.json() as Pushed;
  if (pushed.clear) return take(pushed.tag);
  // One notification a room; a newer one sounds again.
  const options = {
    body: pushed.body,
    tag: pushed.tag,
    renotify: true,
    icon: "/assets/icons/icon-192.png",
    data: { url: pushed.url },
  };
  await self.registration.showNotification(pushed.title ?? "", options);
}

/** Opens the room: in a page that shows it, else in any page of ours, else in a new one. */
export async function open(event: NotificationEvent): Promise<void> {
  event.notification.close();
  const { url = "/" } = event.notification.data as { url?: string };
  const { href, pathname } = new URL(url, self.location.origin);
  const pages = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = pages.find((page) => new URL(page.url).pathname === pathname);
  const any = there ?? pages[0];
  if (!any) {
    await self.clients.openWindow(href);
    return;
  }
  // A browser that does not let the page come forward shows the room in it all the same.
  await any.focus().catch(() => undefined);
  if (any !== there) await any.navigate(href).catch(() => self.clients.openWindow(href));
}

interface SubscriptionChange extends ExtendableEvent {
  readonly oldSubscription: PushSubscription | null;
  readonly newSubscription: PushSubscription | null;
}

/** The browser has taken another address at its push service: the server learns of it. */
export async function renew(event: Event): Promise<void> {
  const { oldSubscription, newSubscription } = event as SubscriptionChange;
  const answer = await fetch("/api/v1/push/key");
  if (!answer.ok) return;
  const { key } = (await answer.json()) as { key: string };
  const options = { userVisibleOnly: true, applicationServerKey: key };
  const renewed = newSubscription ?? (await self.registration.pushManager.subscribe(options));
  await send("POST", renewed.toJSON());
  const old = oldSubscription?.endpoint;
  if (old !== undefined && old !== renewed.endpoint) await send("DELETE", { endpoint: old });
}

async function send(method: string, body: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  await fetch("/api/v1/push/subscriptions", { method, headers, body: JSON.stringify(body) });
}
