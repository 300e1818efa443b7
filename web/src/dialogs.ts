// Native dialogs: opened by buttons that name them, closed by Escape (which the browser does) and by a click beside them.

/** Opens the dialog `id`, unless one is open already. */
export function openDialog(id: string): void {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !document.querySelector("dialog[open]")) dialog.showModal();
}

/** Makes `<button data-opens="id">` open a dialog; such buttons are hidden without scripts. */
export function openersOfDialogs(): void {
  for (const opener of document.querySelectorAll<HTMLElement>("[data-opens]")) {
    opener.hidden = false;
    opener.addEventListener("click", () => openDialog(opener.dataset.opens ?? ""));
  }
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}
