// <emoji-picker>: all emoji in a dialog, found by name. The field keeps the focus; arrow keys move over the grid.

import { allEmoji, type Emoji, findEmoji, keepRecent, recentEmoji } from "../emoji";
import { part } from "../templates";

const COLUMNS = 8;
const SHOWS_AT_MOST = 160;

export class EmojiPicker extends HTMLElement {
  private dialog!: HTMLDialogElement;
  private field!: HTMLInputElement;
  private grid!: HTMLElement;
  private at = 0;
  /** Ends when the grid shows what is typed. */
  private drawn = Promise.resolve();
  private done: (symbol: string | undefined) => void = () => undefined;

  connectedCallback(): void {
    this.dialog = part(this, "dialog");
    this.field = part(this, "input");
    this.grid = part(this, ".emoji-grid");
    this.field.addEventListener("input", () => {
      this.drawn = this.show();
    });
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.grid.addEventListener("click", (event) => {
      const cell = (event.target as Element).closest<HTMLElement>(".emoji");
      if (cell) this.choose(cell);
    });
    this.dialog.addEventListener("close", () => this.done(undefined));
  }

  /** Opens the dialog; resolves with what is chosen, or nothing. */
  pick(): Promise<string | undefined> {
    this.field.value = "";
    this.dialog.showModal();
    this.drawn = this.show();
    return new Promise((resolve) => {
      this.done = resolve;
    });
  }

  private get cells(): HTMLElement[] {
    return [...this.grid.children] as HTMLElement[];
  }

  private async wanted(): Promise<Emoji[]> {
    if (this.field.value.trim()) return findEmoji(this.field.value, SHOWS_AT_MOST);
    const all = await allEmoji();
    const recent = recentEmoji();
    const first = recent.flatMap((symbol) => all.filter(([other]) => other === symbol));
    return [...first, ...all.filter(([symbol]) => !recent.includes(symbol))];
  }

  private async show(): Promise<void> {
    const typed = this.field.value;
    const none = part(this, ".emoji-none");
    try {
      const wanted = await this.wanted();
      if (typed !== this.field.value) return;
      this.grid.replaceChildren(...wanted.map((emoji, index) => this.cell(emoji, index)));
      none.textContent = "No emoji has that name.";
      none.hidden = wanted.length > 0;
      this.move(0);
    } catch (failure) {
      none.textContent = (failure as Error).message;
      none.hidden = false;
    }
  }

  private cell([symbol, name]: Emoji, index: number): HTMLElement {
    const cell = document.createElement("li");
    cell.className = "emoji";
    cell.id = `emoji-${index}`;
    cell.role = "option";
    cell.ariaLabel = name;
    cell.ariaSelected = "false";
    cell.title = name;
    cell.textContent = symbol;
    return cell;
  }

  private move(index: number): void {
    const { cells } = this;
    if (cells[this.at]) (cells[this.at] as HTMLElement).ariaSelected = "false";
    this.at = Math.max(0, Math.min(index, cells.length - 1));
    const cell = cells[this.at];
    if (!cell) {
      this.field.removeAttribute("aria-activedescendant");
      return;
    }
    cell.ariaSelected = "true";
    cell.scrollIntoView({ block: "nearest" });
    this.field.setAttribute("aria-activedescendant", cell.id);
  }

  private pressed(event: KeyboardEvent): void {
    const steps: Record<string, number> = { ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    // Left and right move within what is typed, where something is.
    if (this.field.value === "") Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    const step = steps[event.key];
    if (step !== undefined) this.move(this.at + step);
    else if (event.key === "Enter") void this.drawn.then(() => this.chooseHere());
    else return;
    event.preventDefault();
  }

  private chooseHere(): void {
    const cell = this.cells[this.at];
    if (cell && this.dialog.open) this.choose(cell);
  }

  private choose(cell: HTMLElement): void {
    const symbol = cell.textContent ?? "";
    keepRecent(symbol);
    this.done(symbol);
    this.done = () => undefined;
    this.dialog.close();
  }
}
