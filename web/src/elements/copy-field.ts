// <copy-field>: a button that copies the text beside it. Without the script the text can be selected.

import { part } from "../templates";

const SAYS_SO_MS = 2000;

export class CopyField extends HTMLElement {
  connectedCallback(): void {
    const field = part<HTMLInputElement>(this, "input");
    const button = part<HTMLButtonElement>(this, "button");
    const words = button.textContent;
    button.setAttribute("aria-live", "polite");
    button.hidden = !navigator.clipboard;
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", () => {
      navigator.clipboard.writeText(field.value).then(
        () => {
          button.textContent = "Copied";
          setTimeout(() => {
            button.textContent = words;
          }, SAYS_SO_MS);
        },
        () => field.focus(),
      );
    });
  }
}
