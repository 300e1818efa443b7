// One short line about what was just done or could not be done, seen and heard, gone by itself.

const SHOWS_MS = 4000;

let timer: ReturnType<typeof setTimeout> | undefined;

/** Says `text` for a moment. */
export function toast(text: string): void {
  const line = document.querySelector<HTMLElement>("[data-toast]");
  if (!line) return;
  clearTimeout(timer);
  line.textContent = text;
  line.hidden = false;
  timer = setTimeout(() => {
    line.hidden = true;
  }, SHOWS_MS);
}

/** Says why something did not work. */
export function toastFailure(failure: unknown): void {
  toast(failure instanceof Error && failure.message ? failure.message : "That did not work. Try again.");
}
