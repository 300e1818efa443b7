// Asks once more before something that cannot be undone.

import { part } from "./templates";

/** Resolves with whether `doing` (the words on the button) is what is wanted. */
export function confirmed(question: string, consequence: string, doing: string): Promise<boolean> {
  const dialog = document.getElementById("confirm");
  if (!(dialog instanceof HTMLDialogElement)) return Promise.resolve(window.confirm(question));
  part(dialog, "h2").textContent = question;
  part(dialog, "p").textContent = consequence;
  part(dialog, ".danger").textContent = doing;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
  });
}
