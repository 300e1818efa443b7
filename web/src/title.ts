// What the browser's tab says while the page is out of sight: "(3) lobby · Parlor" and a dot on the icon, an orange one
// when somebody means me; the installed app's icon bears the number.

const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const calm = icon?.href ?? "";
const base = document.title;

/** How many messages wait over all rooms that are not muted, and how many of them mean me. */
export function titleUnread(unread: number, mentions: number): void {
  document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${base}` : base;
  const marked = mentions > 0 ? icon?.dataset.mention : icon?.dataset.unread;
  const wanted = unread > 0 && marked ? marked : calm;
  if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
  navigator.setAppBadge?.(mentions).catch(() => undefined);
}
