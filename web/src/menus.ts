// Menus close as menus do: by Escape, and by a click elsewhere. A message's opens by its link, where the page has a pattern.

import { openMenu } from "./message-actions";

const MENUS = ".menu[open], .actions details[open]";

/** Opens the menu whose link was clicked. */
function openHere(event: MouseEvent | KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  const link = (event.target as Element).closest('[data-action="more"]');
  const article = link?.closest<HTMLElement>(".message[data-id]");
  if (!article || !document.getElementById("menu-template")) return;
  event.preventDefault();
  openMenu(article)?.focus();
}

/** Makes messages' menus open, and every open menu close. */
export function listenToMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(MENUS)) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
    openHere(event);
  });
  document.addEventListener("keydown", (event) => {
    // As with every button; Enter makes a click of a link.
    if (event.key === " ") openHere(event);
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(MENUS)) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
