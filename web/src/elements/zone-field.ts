// <zone-field>: knows this browser's time zone, so that nobody has to type it.

import { part } from "../templates";

export class ZoneField extends HTMLElement {
  connectedCallback(): void {
    const input = part<HTMLInputElement>(this, "input");
    if (input.value === "") input.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
  }
}
