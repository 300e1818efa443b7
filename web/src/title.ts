// What the browser's tab says while the page is out of sight: "(3) lobby · Parlor" and a dot on the icon.

const icon = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
const calm = icon?.href ?? "";
const base = document.title;
let unread = 0;

function show(): void {
  document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${base}` : base;
  const wanted = unread > 0 && icon?.dataset.unread ? icon.dataset.unread : calm;
  if (icon && icon.getAttribute("href") !== wanted) icon.href = wanted;
}

/** How many messages wait, over all rooms. */
export function titleUnread(count: number): void {
  unread = count;
  show();
}
