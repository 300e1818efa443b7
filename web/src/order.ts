// Where a message stands in the conversation: in the order of the ids, and below them all what is still on its way.

import { arrangeAll, arrangeOne } from "./arrange";
import { part } from "./templates";

/** More messages than this are thinned out from the top while the end is in sight. */
const KEEP_AT_MOST = 500;
const KEEP_AT_LEAST = 300;

/** The messages of a conversation, from the top. */
export function articlesOf(list: Element): HTMLElement[] {
  return [...list.querySelectorAll<HTMLElement>(":scope > .message")];
}

function idOf(article: HTMLElement): number {
  return Number(article.dataset.id ?? Number.POSITIVE_INFINITY);
}

/** Puts `article` where its id belongs and draws the lines around it. */
export function place(list: Element, article: HTMLElement): void {
  list.querySelector(":scope > .room-empty")?.remove();
  const others = articlesOf(list).filter((other) => other !== article);
  const above = others.findLast((other) => idOf(other) <= idOf(article));
  const anchor = above ?? part(list, ".older");
  const settled =
    article.isConnected && articlesOf(list).indexOf(article) === (above ? others.indexOf(above) + 1 : 0);
  if (!settled) anchor.after(article);
  arrangeOne(article);
  const below = others[above ? others.indexOf(above) + 1 : 0];
  if (below) arrangeOne(below);
}

/** Takes `article` out and draws the lines again where it was. */
export function takeOut(list: Element, article: HTMLElement): void {
  const articles = articlesOf(list);
  const next = articles[articles.indexOf(article) + 1];
  article.remove();
  if (next) arrangeOne(next);
  else while (list.lastElementChild?.matches(".divider")) list.lastElementChild.remove();
}

/** Takes out what is older than `from`, where old messages go; a tombstone stays as long as something refers to it. */
export function takeOlder(list: Element, from: number): void {
  const old = articlesOf(list).filter((article) => idOf(article) < from && !article.matches(".deleted"));
  for (const article of old) article.remove();
  const older = part(list, ".older");
  while (older.nextElementSibling?.matches(".divider")) older.nextElementSibling.remove();
  if (old.length > 0) arrangeAll(list);
}

/** Drops the oldest of very many; they can be loaded again. */
export function thin(list: Element): void {
  const articles = articlesOf(list);
  if (articles.length <= KEEP_AT_MOST) return;
  const older = part(list, ".older");
  older.hidden = false;
  for (const article of articles.slice(0, articles.length - KEEP_AT_LEAST)) article.remove();
  while (older.nextElementSibling?.matches(".divider")) older.nextElementSibling.remove();
  arrangeAll(list);
}
