// <copy-field>: a button that copies the text beside it, and where the page has one and the browser can, one that hands
// it to another program. Without the script the text can be selected.

import { part } from "../templates";

const SAYS_SO_MS = 2000;

export class CopyField extends HTMLElement {
  connectedCallback(): void {
    const field = part<HTMLInputElement>(this, "input");
    const button = part<HTMLButtonElement>(this, "button");
    const share = this.querySelector<HTMLButtonElement>("[data-share]");
    const words = button.textContent;
    button.setAttribute("aria-live", "polite");
    button.hidden = !navigator.clipboard;
    if (share && navigator.share) {
      share.hidden = false;
      // Who closes the list of programs again has decided not to.
      share.addEventListener(
        "click",
        () => void navigator.share({ url: field.value }).catch(() => share.focus()),
      );
    }
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
