// Completes names after `@` and emoji after `:` while somebody writes. The field keeps the focus; Enter or Tab takes what
// is chosen, Escape closes the list.

import { AskedPeople } from "./asked-people";
import { findEmoji } from "./emoji";
import { best } from "./find";
import { clone, part } from "./templates";

const SHOWS_AT_MOST = 6;
/** One letter after a colon is a smiley more often than the beginning of a name. */
const EMOJI_FROM = 2;

interface Offer {
  mark: string;
  name: string;
  text: string;
}

/** What the caret stands behind: the mark and the letters after it. */
function token(field: HTMLTextAreaElement): { mark: string; typed: string } | undefined {
  if (field.selectionStart !== field.selectionEnd) return undefined;
  const before = field.value.slice(0, field.selectionStart);
  const found = /(?:^|[\s(])([@:])([\p{L}\p{N}_.+-]*)$/u.exec(before);
  return found ? { mark: found[1] ?? "", typed: found[2] ?? "" } : undefined;
}

/** The members whom the page lists, and the whole room. */
function people(): string[] {
  const names = [...document.querySelectorAll("member-list .member-name")].map(
    (one) => one.textContent ?? "",
  );
  return [...new Set([...names, "room"])].filter(Boolean);
}

function named(names: string[], typed: string): Offer[] {
  const fitting = best([...new Set(names)], typed, (name) => name, SHOWS_AT_MOST);
  return fitting.map((name) => ({ mark: "@", name, text: `@${name} ` }));
}

async function offers({ mark, typed }: { mark: string; typed: string }): Promise<Offer[]> {
  if (mark === "@") return named(people(), typed);
  if (typed.length < EMOJI_FROM) return [];
  const found = await findEmoji(typed, SHOWS_AT_MOST);
  return found.map(([symbol, name, [short]]) => ({
    mark: symbol,
    name: short ? `:${short}:` : name,
    text: `${symbol} `,
  }));
}

export class Completion {
  private readonly list: HTMLElement;
  private shown: Offer[] = [];
  private at = 0;
  private readonly asked = new AskedPeople(SHOWS_AT_MOST);

  constructor(private readonly field: HTMLTextAreaElement) {
    this.list = clone("completion-template");
    this.list.id = `${field.id}-completion`;
    field.form?.before(this.list);
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-controls", this.list.id);
    field.addEventListener("input", () => void this.look());
    field.addEventListener("blur", () => this.close());
    // Before the field loses the focus.
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      const row = (event.target as Element).closest(".choice");
      if (row) this.take([...this.list.children].indexOf(row));
    });
  }

  /** Handles a key while the list is open; says whether it did. */
  pressed(event: KeyboardEvent): boolean {
    const count = this.shown.length;
    if (count === 0 || event.isComposing) return false;
    if (event.key === "ArrowDown") this.choose((this.at + 1) % count);
    else if (event.key === "ArrowUp") this.choose((this.at + count - 1) % count);
    else if (event.key === "Escape") this.close();
    else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") this.take(this.at);
    else return false;
    event.preventDefault();
    return true;
  }

  private close(): void {
    this.asked.stop();
    this.show([]);
  }

  private async look(): Promise<void> {
    const wanted = token(this.field);
    const found = wanted ? await offers(wanted).catch(() => []) : [];
    if (token(this.field)?.typed !== wanted?.typed) return;
    this.show(found);
    this.asked.stop();
    if (wanted?.mark === "@" && found.length < SHOWS_AT_MOST) this.askFor(wanted.typed);
  }

  /** The page lists the first members of a room; the server knows all. What is chosen meanwhile stays chosen. */
  private askFor(typed: string): void {
    const room = this.field.closest<HTMLElement>("[data-room]")?.dataset.room;
    const take = (more: string[]) => {
      if (token(this.field)?.typed !== typed || document.activeElement !== this.field) return;
      this.show(named([...people(), ...more], typed), this.shown[this.at]?.name);
    };
    this.asked.ask(typed, (found) => take(found.map(({ name }) => name)), room);
  }

  private show(found: Offer[], name?: string): void {
    this.shown = found;
    this.list.hidden = found.length === 0;
    this.list.replaceChildren(
      ...found.map(({ mark, name }, index) => {
        const row = clone("choice-template");
        row.id = `${this.list.id}-${index}`;
        part(row, ".choice-mark").textContent = mark;
        part(row, ".choice-name").textContent = name;
        return row;
      }),
    );
    const chosen = found.findIndex((offer) => offer.name === name);
    if (found.length > 0) this.choose(Math.max(0, chosen));
    else this.field.removeAttribute("aria-activedescendant");
  }

  private choose(index: number): void {
    this.at = index;
    for (const [place, row] of [...this.list.children].entries()) row.ariaSelected = String(place === index);
    this.field.setAttribute("aria-activedescendant", `${this.list.id}-${index}`);
  }

  private take(index: number): void {
    const offer = this.shown[index];
    const written = token(this.field);
    if (!offer || !written) return;
    const end = this.field.selectionStart;
    this.field.setRangeText(offer.text, end - written.typed.length - 1, end, "end");
    this.show([]);
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}
