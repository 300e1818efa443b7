// <push-field>: has the server push to this device, or not any more. The browser asks for its permission only here, after
// the button was pressed.

import { addThisDevice, forgetThisDevice, thisDevice } from "../push";
import { part } from "../templates";

const DENIED =
  "Notifications of this site are blocked. Allow them in the browser's settings, then reload the page.";
const HOME_SCREEN = "Add Parlor to the home screen and open it there to be notified on this device.";

export class PushField extends HTMLElement {
  connectedCallback(): void {
    this.hidden = false;
    if (!("PushManager" in window)) this.say(HOME_SCREEN);
    else if (Notification.permission === "denied") this.say(DENIED);
    else {
      void this.show();
      this.button.addEventListener("click", () => void this.change());
    }
  }

  private get button(): HTMLButtonElement {
    return part<HTMLButtonElement>(this, "button");
  }

  /** Says why there is nothing to press. */
  private say(words: string): void {
    part(this, "[role=status]").textContent = words;
    this.button.hidden = true;
  }

  private async show(): Promise<void> {
    const on = await thisDevice();
    this.dataset.on = String(on !== null);
    this.button.textContent = on ? "Stop notifying me on this device" : "Notify me on this device";
    this.button.classList.toggle("primary", !on);
  }

  private async change(): Promise<void> {
    this.button.disabled = true;
    try {
      if (this.dataset.on === "true") await forgetThisDevice();
      else if ((await Notification.requestPermission()) === "granted")
        await addThisDevice(this.dataset.key ?? "");
      else this.say(DENIED);
      if (!this.button.hidden) location.reload();
    } catch (failure) {
      part(this, "[role=status]").textContent =
        `That did not work: ${failure instanceof Error ? failure.message : failure}`;
    } finally {
      this.button.disabled = false;
    }
  }
}
