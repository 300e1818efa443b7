// <sound-field>: turns this browser's sound on and off. It is hidden without the script, which makes the sound.

import { chime, setSound, soundIsOn } from "../sound";
import { part } from "../templates";

export class SoundField extends HTMLElement {
  connectedCallback(): void {
    const box = part<HTMLInputElement>(this, "input");
    box.checked = soundIsOn();
    box.addEventListener("change", () => {
      setSound(box.checked);
      if (box.checked) void chime();
    });
    this.hidden = false;
  }
}
