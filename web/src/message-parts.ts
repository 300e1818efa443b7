// What a message has beside its text: quote, reactions, notes. Adds what is missing out of the page's own
// template, in the template's order, and takes away what is no longer so.

import { clone, part } from "./templates";
import type { Message, Quote } from "./wire";

/** The part of `article`, put in its place out of the template where it is missing. */
export function ensure(article: HTMLElement, selector: string): HTMLElement {
  const here = article.querySelector<HTMLElement>(`:scope > ${selector}`);
  if (here) return here;
  const pattern = clone("message-template");
  const fresh = part(pattern, selector);
  for (let next = fresh.nextElementSibling; next; next = next.nextElementSibling) {
    const below = article.querySelector(`:scope > .${next.classList[0]}`);
    if (!below) continue;
    below.before(fresh);
    return fresh;
  }
  article.append(fresh);
  return fresh;
}

export function take(article: HTMLElement, selector: string): void {
  article.querySelector(`:scope > ${selector}`)?.remove();
}

/** Points the links and buttons of `root` to the message with this id. */
export function readdress(root: HTMLElement, id: number): void {
  for (const element of root.querySelectorAll("[href], [formaction]")) {
    for (const name of ["href", "formaction"]) {
      const path = element.getAttribute(name);
      if (path === null) continue;
      element.setAttribute(
        name,
        path
          .replace(/\/m\/\d+/, `/m/${id}`)
          .replace(/#m\d+/, `#m${id}`)
          .replace(/reply=\d+/, `reply=${id}`),
      );
    }
  }
}

export function paintQuote(article: HTMLElement, quote: Quote | undefined): void {
  if (!quote) {
    take(article, ".quote");
    return;
  }
  const link = ensure(article, ".quote") as HTMLAnchorElement;
  const room = article.closest<HTMLElement>("[data-room]")?.dataset.room;
  if (room) link.href = `/room/${room}/m/${quote.id}#m${quote.id}`;
  else
    link.setAttribute(
      "href",
      (link.getAttribute("href") ?? "").replace(/\d+#m\d+$/, `${quote.id}#m${quote.id}`),
    );
  link.dataset.quote = String(quote.id);
  const text = document.createElement("span");
  text.className = "quote-text";
  text.textContent = quote.deleted ? "The message that this replies to was deleted." : quote.excerpt;
  const name = document.createElement("span");
  name.className = "quote-name";
  name.textContent = quote.name;
  const hint = document.createElement("span");
  hint.className = "visually-hidden";
  hint.textContent = "Replies to ";
  if (quote.deleted) link.replaceChildren(text);
  else link.replaceChildren(hint, name, " ", text);
}

export function paintReactions(article: HTMLElement, { id, reactions }: Message): void {
  if (reactions.length === 0) {
    take(article, ".reactions");
    return;
  }
  const row = ensure(article, ".reactions");
  const pattern = part(part(clone("message-template"), ".reactions"), ".reaction");
  const known = new Map(
    [...row.querySelectorAll<HTMLButtonElement>(".reaction")].map((button) => [button.value, button]),
  );
  const wanted = reactions.map(({ emoji, count, me }) => {
    const button = known.get(emoji) ?? (pattern.cloneNode(true) as HTMLButtonElement);
    button.value = emoji;
    button.name = me ? "remove" : "add";
    button.classList.toggle("chosen", me);
    button.ariaPressed = String(me);
    part(button, ".reaction-emoji").textContent = emoji;
    part(button, ".reaction-count").textContent = String(count);
    return button;
  });
  // Those that stay are not moved, so that the focus stays on them.
  for (const button of [...row.children]) if (!wanted.includes(button as HTMLButtonElement)) button.remove();
  for (const [index, button] of wanted.entries()) {
    if (row.children[index] !== button) row.insertBefore(button, row.children[index] ?? null);
  }
  readdress(row, id);
}

/** Whether I saved the message that `article` shows: as the server drew it, until something else is told. */
export function isSaved(article: HTMLElement): boolean {
  article.dataset.saved ??= String(
    article.querySelector(":scope > .message-notes > .message-saved") !== null,
  );
  return article.dataset.saved === "true";
}

export function paintNotes(article: HTMLElement, message: Message): void {
  const saved = isSaved(article) && !message.deleted;
  const edited = message.edited_at !== undefined && !message.deleted;
  const shown = new Map([
    [".message-edited", edited],
    [".message-pinned", message.pinned],
    [".message-saved", saved],
    [".message-replies", message.reply_count > 0],
  ]);
  take(article, ".message-notes");
  if (![...shown.values()].includes(true)) return;
  const notes = ensure(article, ".message-notes");
  for (const [selector, on] of shown) if (!on) notes.querySelector(selector)?.remove();
  const replies = notes.querySelector(".message-replies");
  if (replies) replies.textContent = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const when = notes.querySelector<HTMLElement>(".message-edited");
  if (when && message.edited_at) when.title = new Date(message.edited_at).toLocaleString("en-GB");
  readdress(notes, message.id);
}

/** The first message of the thread that the message `id` belongs to, as far as the page shows it. */
function rootOf(list: Element, id: number): HTMLElement | undefined {
  const article = list.querySelector<HTMLElement>(`:scope > [data-id="${id}"]`) ?? undefined;
  const quoted = article?.querySelector<HTMLElement>(":scope > .quote")?.dataset.quote;
  return quoted === undefined ? article : (rootOf(list, Number(quoted)) ?? article);
}

/** A new reply to the message `id`: its thread has one more. The server does not tell the first message again for it. */
export function countReply(list: Element, id: number): void {
  const root = rootOf(list, id);
  if (!root || root.classList.contains("deleted")) return;
  const notes = root.querySelector<HTMLElement>(":scope > .message-notes");
  const before = Number.parseInt(notes?.querySelector(".message-replies")?.textContent ?? "0", 10);
  const shown = notes ?? ensure(root, ".message-notes");
  if (!notes) for (const note of [...shown.children]) if (!note.matches(".message-replies")) note.remove();
  let replies = shown.querySelector(".message-replies");
  if (!replies) {
    replies = part(part(clone("message-template"), ".message-notes"), ".message-replies");
    shown.append(replies);
  }
  replies.textContent = before === 0 ? "1 reply" : `${before + 1} replies`;
  readdress(shown, Number(root.dataset.id));
}
