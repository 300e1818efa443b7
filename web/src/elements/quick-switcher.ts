// <quick-switcher>: Ctrl or Cmd and K, some letters, Enter: another room, or a person. Arrow keys choose.

import { AskedPeople } from "../asked-people";
import { type Choice, eachOnce, peopleHere, personChoice, roomsOf, rowsHere } from "../choices";
import { best } from "../find";
import { socket } from "../socket";
import { clone, part } from "../templates";
import { toastFailure } from "../toast";

const SHOWS_AT_MOST = 8;

export class QuickSwitcher extends HTMLElement {
  private field!: HTMLInputElement;
  private list!: HTMLElement;
  private known: Choice[] = [];
  private shown: Choice[] = [];
  private at = 0;
  private readonly people = new AskedPeople(SHOWS_AT_MOST);

  connectedCallback(): void {
    this.field = part(this, ".switcher-field");
    this.list = part(this, ".switcher-list");
    const dialog = part<HTMLDialogElement>(this, "dialog");
    // Before it opens: "toggle" comes a moment after, when somebody quick has typed already.
    dialog.addEventListener("beforetoggle", ({ newState }) => newState === "open" && this.opened());
    this.field.addEventListener("input", () => this.typed());
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("click", (event) => {
      const row = (event.target as Element).closest(".choice");
      if (row) this.go([...this.list.children].indexOf(row));
    });
  }

  private opened(): void {
    this.field.value = "";
    this.people.stop();
    this.known = eachOnce([...rowsHere(), ...peopleHere()]);
    this.show();
    socket.emit("rooms", {}, (answer) => {
      if (answer.ok)
        this.refresh([...roomsOf(answer.rooms), ...this.known.filter(({ key }) => key[0] === "@")]);
    });
  }

  private typed(): void {
    this.show();
    const typed = this.field.value.trim();
    if (typed === "") this.people.stop();
    else this.people.ask(typed, (people) => this.refresh([...this.known, ...people.map(personChoice)]));
  }

  /** Takes the newest state under somebody's hands: what is listed keeps its place, what is chosen stays chosen. */
  private refresh(fresh: Choice[]): void {
    const newest = new Map(fresh.map((choice) => [choice.key, choice]));
    const before = this.known.flatMap(({ key }) => newest.get(key) ?? []);
    this.known = eachOnce([...new Set([...before, ...newest.values()])]);
    this.show(this.shown[this.at]?.key);
  }

  /** Lists what fits; the choice `key` is chosen where it is listed, the first one where not. */
  private show(key?: string): void {
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
        this.shown.findIndex((choice) => choice.key === key),
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
    this.shown[index]?.open().then((path) => location.assign(path), toastFailure);
  }
}
