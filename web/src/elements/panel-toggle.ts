// <panel-toggle>: folds the right column away, and remembers it.

import { part } from "../templates";

const KEY = "parlor:details";

export class PanelToggle extends HTMLElement {
  connectedCallback(): void {
    const button = part<HTMLButtonElement>(this, "button");
    const panel = document.getElementById(button.getAttribute("aria-controls") ?? "");
    if (!panel) return;
    const show = (open: boolean) => {
      panel.hidden = !open;
      button.setAttribute("aria-expanded", String(open));
    };
    show(localStorage.getItem(KEY) !== "folded");
    button.addEventListener("click", () => {
      const open = panel.hidden !== false;
      show(open);
      localStorage.setItem(KEY, open ? "open" : "folded");
    });
    this.hidden = false;
  }
}
