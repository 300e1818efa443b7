// Opens a picture of a message over the page. The link in it leads to the same picture without this.

import { clone, part } from "./templates";

/** The pictures of one message, in their order. */
function neighbours(link: HTMLAnchorElement): HTMLAnchorElement[] {
  return [...(link.closest(".pictures")?.querySelectorAll<HTMLAnchorElement>("a.picture[href]") ?? [])];
}

function open(link: HTMLAnchorElement): void {
  const dialog = clone("lightbox-template") as HTMLDialogElement;
  const image = part<HTMLImageElement>(dialog, ".lightbox-picture");
  const links = neighbours(link);
  let at = links.indexOf(link);
  const show = () => {
    const now = links[at];
    if (!now) return;
    const name = now.querySelector("img")?.alt ?? "";
    image.src = now.dataset.large ?? now.href;
    image.alt = name;
    part(dialog, ".lightbox-name").textContent =
      links.length > 1 ? `${name} (${at + 1} of ${links.length})` : name;
    part<HTMLAnchorElement>(dialog, ".lightbox-original").href = now.href;
  };
  dialog.addEventListener("keydown", ({ key }) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[key];
    if (!step) return;
    at = (at + step + links.length) % links.length;
    show();
  });
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog || target === image) dialog.close();
  });
  dialog.addEventListener("close", () => {
    dialog.remove();
    link.focus({ preventScroll: true });
  });
  show();
  document.body.append(dialog);
  dialog.showModal();
}

/** Pictures open here when they are pressed, unless the reader asks for a tab of their own. */
export function openPicturesHere(): void {
  document.addEventListener("click", (event) => {
    const plain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    const link =
      event.target instanceof Element && event.target.closest<HTMLAnchorElement>("a.picture[href]");
    if (!link || !plain || !document.getElementById("lightbox-template")) return;
    event.preventDefault();
    open(link);
  });
}
