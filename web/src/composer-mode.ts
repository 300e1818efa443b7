// What the composer is about to do with what is written: say it, reply with it, or put it in the place of an earlier
// text. A chip above the field shows it and takes it back; without the script the page itself was opened for a reply.

import { clone, part } from "./templates";
import type { Quote } from "./wire";

export type Mode = { kind: "reply"; quote: Quote } | { kind: "edit"; id: number; wordless: boolean };

const EXCERPT = 140;

/** What the files of a message are called. */
function filesOf(article: HTMLElement): string[] {
  const files = article.querySelectorAll(":scope > .pictures img, :scope > .files .file-name");
  return [...files].map((file) => (file instanceof HTMLImageElement ? file.alt : (file.textContent ?? "")));
}

/** The quote of a message as the page shows it. */
function quoteOf(article: HTMLElement): Quote {
  const text = (part(article, ".message-text").textContent ?? "").trim() || filesOf(article).join(", ");
  return {
    id: Number(article.dataset.id),
    user_id: Number(article.dataset.userId),
    name: part(article, ".message-name").textContent ?? "",
    excerpt: text.slice(0, EXCERPT),
    deleted: false,
  };
}

export class ComposerMode {
  current: Mode | undefined;

  constructor(
    private readonly form: HTMLFormElement,
    private readonly field: HTMLTextAreaElement,
    private readonly whenEnded: (mode: Mode) => void,
  ) {
    const chip = this.chip;
    if (!chip) return;
    const quote = {
      id: Number(chip.dataset.reply),
      user_id: 0,
      name: part(chip, ".quote-name").textContent ?? "",
      excerpt: part(chip, ".quote-text").textContent ?? "",
      deleted: false,
    };
    this.enter({ kind: "reply", quote }, quote.name, quote.excerpt);
  }

  private get chip(): HTMLElement | null {
    return this.form.querySelector<HTMLElement>(".composer-reply");
  }

  reply(article: HTMLElement): void {
    const quote = quoteOf(article);
    this.enter({ kind: "reply", quote }, quote.name, quote.excerpt);
  }

  /** Puts `text` into the field, to be said in the place of what `article` says now. */
  edit(article: HTMLElement, text: string): void {
    const wordless = filesOf(article).length > 0;
    this.enter({ kind: "edit", id: Number(article.dataset.id), wordless }, "Edit your message", "");
    this.field.value = text;
    this.field.setSelectionRange(text.length, text.length);
  }

  /** Whether what is said needs no words: it has files, as an earlier message of mine or by now. */
  mayBeWordless(chosen: boolean): boolean {
    return this.current?.kind === "edit" ? this.current.wordless : chosen;
  }

  /** Back to saying something new. */
  end(): void {
    const { current } = this;
    this.chip?.remove();
    this.current = undefined;
    if (current) this.whenEnded(current);
  }

  private enter(mode: Mode, name: string, text: string): void {
    if (this.current?.kind === "edit") this.end();
    this.chip?.remove();
    const chip = clone("composer-chip-template");
    part(chip, ".quote-name").textContent = name;
    part(chip, ".quote-text").textContent = text;
    const end = part(chip, ".composer-reply-end");
    end.ariaLabel = mode.kind === "edit" ? "Do not edit" : "Do not reply";
    end.addEventListener("click", () => {
      this.end();
      this.field.focus();
    });
    this.form.prepend(chip);
    this.current = mode;
    this.field.focus();
  }
}
