// The conversation without a mouse: arrow keys go from message to message, which shows what can be done with each; on
// touch a long press does.

import { openMenu } from "./message-actions";

const LONG_MS = 450;
/** A finger that moved further scrolls. */
const STILL_PX = 10;

function neighbour(article: HTMLElement, step: 1 | -1): HTMLElement | undefined {
  const all = [...(article.parentElement?.querySelectorAll<HTMLElement>(":scope > .message") ?? [])];
  return all[all.indexOf(article) + step];
}

function focusMessage(article: HTMLElement | undefined): void {
  if (!article) return;
  article.tabIndex = -1;
  article.focus({ preventScroll: true });
  article.scrollIntoView({ block: "nearest" });
}

function pressed(event: KeyboardEvent, list: HTMLElement): void {
  const step = event.key === "ArrowUp" ? -1 : event.key === "ArrowDown" ? 1 : undefined;
  const target = event.target as HTMLElement;
  if (!step || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (target === list) focusMessage([...list.querySelectorAll<HTMLElement>(".message")].at(-1));
  else if (target.matches(".message")) focusMessage(neighbour(target, step));
  else return;
  event.preventDefault();
}

function longPress(list: HTMLElement): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let start = { x: 0, y: 0 };
  let held = false;
  const stop = () => clearTimeout(timer);
  list.addEventListener("pointerdown", (event) => {
    const article = (event.target as Element).closest<HTMLElement>(".message[data-id]");
    if (event.pointerType !== "touch" || !article) return;
    start = { x: event.clientX, y: event.clientY };
    stop();
    held = false;
    timer = setTimeout(() => {
      held = true;
      openMenu(article);
    }, LONG_MS);
  });
  list.addEventListener("pointermove", ({ clientX, clientY }) => {
    if (Math.hypot(clientX - start.x, clientY - start.y) > STILL_PX) stop();
  });
  for (const end of ["pointerup", "pointercancel", "scroll"])
    list.addEventListener(end, stop, { passive: true });
  // The finger's lifting is no click, neither beside the menu that it opened nor on it.
  list.addEventListener(
    "click",
    (event) => {
      if (held) {
        event.stopPropagation();
        event.preventDefault();
      }
      held = false;
    },
    true,
  );
  list.addEventListener("contextmenu", (event) => {
    if (matchMedia("(hover: none)").matches && !(event.target as Element).closest("a"))
      event.preventDefault();
  });
}

const touch = matchMedia("(hover: none)");

/** On touch the menu lies over everything at the bottom of the screen, where the list would cut it. */
function showSheet(menu: HTMLDetailsElement): void {
  const sheet = menu.querySelector<HTMLElement>(".actions-sheet");
  if (!sheet || sheet.popover === "manual") return;
  sheet.popover = "manual";
  sheet.showPopover();
}

/** Opens a menu to that side of its message where there is room for it. */
function turnMenu(menu: HTMLDetailsElement, list: HTMLElement): void {
  const { bottom, top } = menu.getBoundingClientRect();
  const box = list.getBoundingClientRect();
  menu.classList.toggle("upwards", box.bottom - bottom < top - box.top);
}

function placeMenus(list: HTMLElement): void {
  const place = (menu: HTMLDetailsElement) => {
    if (!menu.open) menu.querySelector(".actions-sheet")?.removeAttribute("popover");
    else if (touch.matches) showSheet(menu);
    else turnMenu(menu, list);
  };
  list.addEventListener(
    "toggle",
    ({ target }) => {
      if (target instanceof HTMLDetailsElement && target.matches(".actions details")) place(target);
    },
    true,
  );
  // One that came open was so before anybody listened.
  for (const menu of list.querySelectorAll<HTMLDetailsElement>(".actions details[open]")) place(menu);
}

/** Makes the messages in `list` answer to keys and fingers. */
export function listenToMessages(list: HTMLElement): void {
  list.addEventListener("keydown", (event) => pressed(event, list));
  longPress(list);
  placeMenus(list);
}
