// Menus close as menus do: by Escape, and by a click elsewhere.

/** Makes every open `<details class="menu">` close. */
export function closeMenus(): void {
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(".menu[open]")) {
      if (event.target instanceof Node && !menu.contains(event.target)) menu.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll<HTMLDetailsElement>(".menu[open]")) {
      menu.open = false;
      menu.querySelector("summary")?.focus();
    }
  });
}
