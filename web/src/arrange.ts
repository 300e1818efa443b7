// Draws a conversation's lines: which message continues the one above it, and where a day begins.
// The server drew them in its own zone; here they follow the reader's.

import { sentAt } from "./message-view";
import { clone, part } from "./templates";
import { dayKey, dayLabel } from "./times";

/** How long after the one above a message of the same author still continues it. */
const CONTINUES_WITHIN_MS = 5 * 60 * 1000;

function articleBefore(article: Element): Element | undefined {
  let before = article.previousElementSibling;
  while (before && !before.matches(".message")) before = before.previousElementSibling;
  return before ?? undefined;
}

/** The dividers directly above `article`. */
function dividersAbove(article: Element): Element[] {
  const found: Element[] = [];
  let above = article.previousElementSibling;
  while (above?.matches(".divider")) {
    found.push(above);
    above = above.previousElementSibling;
  }
  return found;
}

function dayDivider(at: Date): HTMLElement {
  const divider = clone("day-template");
  const time = part<HTMLTimeElement>(divider, "time");
  time.dateTime = dayKey(at);
  time.textContent = dayLabel(at);
  return divider;
}

/** Draws the lines between `article` and the message above it. */
export function arrangeOne(article: HTMLElement): void {
  const at = sentAt(article);
  const above = articleBefore(article);
  const newDay = !above || dayKey(sentAt(above)) !== dayKey(at);
  let lines = dividersAbove(article);
  const day = lines.find((line) => line.matches(".day"));
  if (day && !newDay) day.remove();
  if (newDay) {
    const topmost = lines.at(-1) ?? article;
    if (day) day.replaceWith(dayDivider(at));
    else topmost.before(dayDivider(at));
  }
  lines = dividersAbove(article);
  const apart = above ? at.getTime() - sentAt(above).getTime() : Number.POSITIVE_INFINITY;
  const continued =
    lines.length === 0 &&
    above instanceof HTMLElement &&
    above.dataset.userId === article.dataset.userId &&
    Math.abs(apart) < CONTINUES_WITHIN_MS;
  article.classList.toggle("continued", continued);
  // The name is only heard there, so the keyboard passes it by.
  if (continued) part(article, ".message-name").setAttribute("tabindex", "-1");
  else part(article, ".message-name").removeAttribute("tabindex");
}

/** Draws all lines of a conversation. */
export function arrangeAll(list: Element): void {
  for (const article of list.querySelectorAll<HTMLElement>(":scope > .message")) arrangeOne(article);
}
