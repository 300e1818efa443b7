// <quick-switcher>: Ctrl or Cmd and K, some letters, Enter: another room, or a person. Arrow keys choose.

import { best } from "../find";
import { socket } from "../socket";
import { clone, part } from "../templates";
import type { RoomState } from "../wire";

const SHOWS_AT_MOST = 8;

interface Choice {
  name: string;
  note: string;
  mark: string;
  path: string;
}

function roomChoice({ room, unread }: RoomState): Choice {
  const note = unread > 0 ? `${unread} unread` : room.topic;
  return { name: room.name, note, mark: "#", path: `/room/${room.room}` };
}

/** The people whom this page shows. */
function peopleHere(): Choice[] {
  const found = new Map<string, Choice>();
  for (const { dataset, textContent } of document.querySelectorAll<HTMLElement>("[data-name-of]")) {
    const name = textContent?.trim() ?? "";
    if (!name || dataset.nameOf === document.body.dataset.me) continue;
    found.set(name, { name, note: "", mark: "@", path: `/u/${encodeURIComponent(name)}` });
  }
  return [...found.values()];
}

export class QuickSwitcher extends HTMLElement {
  private field!: HTMLInputElement;
  private list!: HTMLElement;
  private known: Choice[] = [];
  private shown: Choice[] = [];
  private at = 0;

  connectedCallback(): void {
    this.field = part(this, ".switcher-field");
    this.list = part(this, ".switcher-list");
    const dialog = part<HTMLDialogElement>(this, "dialog");
    dialog.addEventListener("toggle", () => dialog.open && this.opened());
    this.field.addEventListener("input", () => this.show());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest(".choice");
      if (row) this.go([...this.list.children].indexOf(row));
    });
  }

  private opened(): void {
    this.field.value = "";
    this.known = [...this.rowsHere(), ...peopleHere()];
    this.show();
    socket.emit("rooms", {}, (answer) => {
      if (answer.ok) this.refresh([...answer.rooms.map(roomChoice), ...peopleHere()]);
    });
  }

  /** Takes the newest state under somebody's hands: what is listed keeps its place, what is chosen stays chosen. */
  private refresh(fresh: Choice[]): void {
    const newest = new Map(fresh.map((choice) => [choice.path, choice]));
    const before = this.known.flatMap(({ path }) => newest.get(path) ?? []);
    this.known = [...new Set([...before, ...newest.values()])];
    this.show(this.shown[this.at]?.path);
  }

  /** My rooms as the page lists them, for when there is no connection. */
  private rowsHere(): Choice[] {
    return [...document.querySelectorAll<HTMLAnchorElement>("a.room-row")].map((row) => {
      const name = part(row, ".room-row-name").textContent ?? "";
      return { name, note: "", mark: "#", path: new URL(row.href).pathname };
    });
  }

  /** Lists what fits; what leads to `path` is chosen where it is listed, the first one where not. */
  private show(path?: string): void {
    this.shown = best(this.known, this.field.value, ({ name }) => name, SHOWS_AT_MOST);
    this.list.replaceChildren(
      ...this.shown.map((choice, index) => {
        const row = clone("choice-template");
        row.id = `choice-${index}`;
        part(row, ".choice-mark").textContent = choice.mark;
        part(row, ".choice-name").textContent = choice.name;
        part(row, ".choice-note").textContent = choice.note;
        return row;
      }),
    );
    part(this, ".switcher-none").hidden = this.shown.length > 0;
    this.choose(
      Math.max(
        0,
        this.shown.findIndex((choice) => choice.path === path),
      ),
    );
  }

  private choose(index: number): void {
    this.at = index;
    for (const [place, row] of [...this.list.children].entries()) {
      row.ariaSelected = String(place === index);
      if (place === index) row.scrollIntoView({ block: "nearest" });
    }
    if (this.shown.length > 0) this.field.setAttribute("aria-activedescendant", `choice-${index}`);
    else this.field.removeAttribute("aria-activedescendant");
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.shown.length;
    if (event.isComposing || count === 0) return;
    if (event.key === "ArrowDown") this.choose((this.at + 1) % count);
    else if (event.key === "ArrowUp") this.choose((this.at + count - 1) % count);
    else if (event.key === "Enter") this.go(this.at);
    else return;
    event.preventDefault();
  }

  private go(index: number): void {
    const choice = this.shown[index];
    if (choice) location.assign(choice.path);
  }
}
