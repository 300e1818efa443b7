// <password-strength>: says under the field of a new password how strong it is, while it is typed. The server judges it;
// where it does not answer, nothing is shown, and the form's own answer tells.

import { myName } from "../me";
import { part } from "../templates";
import type { PasswordStrength as Judged } from "../wire";

/** After how long a pause in typing the server is asked. */
const PAUSE_MS = 350;

export class PasswordStrength extends HTMLElement {
  private asked = new AbortController();
  private pause = 0;

  connectedCallback(): void {
    const field = part<HTMLInputElement>(this, "input");
    const place = part(this, ".strength");
    field.addEventListener("input", () => {
      this.forget();
      if (field.value === "") place.replaceChildren();
      else this.pause = window.setTimeout(() => void this.ask(field, place), PAUSE_MS);
    });
  }

  disconnectedCallback(): void {
    this.forget();
  }

  private forget(): void {
    clearTimeout(this.pause);
    this.asked.abort();
    this.asked = new AbortController();
  }

  private async ask(field: HTMLInputElement, place: HTMLElement): Promise<void> {
    const typed = (name: string): string | undefined =>
      field.form?.querySelector<HTMLInputElement>(`input[name="${name}"]`)?.value;
    const body = { password: field.value, name: typed("name") ?? myName(), email: typed("email") };
    try {
      const answer = await fetch("/api/v1/passwords/strength", {
        method: "POST",
        credentials: "omit",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(body),
        signal: this.asked.signal,
      });
      if (answer.ok) show((await answer.json()) as Judged, place);
      else place.replaceChildren();
    } catch {
      // Typing went on, or there is no connection.
    }
  }
}

function show(judged: Judged, place: HTMLElement): void {
  const bar = document.createElement("span");
  bar.className = "strength-bar";
  bar.dataset.score = String(judged.score);
  place.replaceChildren(bar, judged.words);
}
