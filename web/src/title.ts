// What the browser's tab says while the page is out of sight: "(3) lobby · Parlor" and a dot on the icon, an orange one
// when somebody means me; the installed app's icon bears the number.

const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const calm = icon?.href ?? "";
let base = document.title;
let waiting = 0;

function show(): void {
  document.title = waiting > 0 ? `(${waiting > 99 ? "99+" : waiting}) ${base}` : base;
}

/** How many messages wait over all rooms that are not muted, and how many of them mean me. */
export function titleUnread(unread: number, mentions: number): void {
  waiting = unread;
  show();
  const marked = mentions > 0 ? icon?.dataset.mention : icon?.dataset.unread;
  const wanted = unread > 0 && marked ? marked : calm;
  if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
  navigator.setAppBadge?.(mentions).catch(() => undefined);
}

/** What the page shows is called so now: "lobby" in "lobby · Parlor". */
export function titleBase(name: string): void {
  base = `${name}${base.slice(base.lastIndexOf(" · "))}`;
  show();
}
