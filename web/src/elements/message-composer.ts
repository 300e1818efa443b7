// <message-composer>: the field under a conversation; what is written is kept per room. Emits `compose` with the message.

import { showEverywhere } from "../acts";
import { Completion } from "../completion";
import type { Composed } from "../composed";
import { ComposerMode } from "../composer-mode";
import { keepDraft, loadDraft } from "../drafts";
import { growWithText, showProblem } from "../field";
import { ask } from "../socket";
import { part } from "../templates";
import { TextLimit } from "../text-limit";
import { toastFailure } from "../toast";
import { TypingNotice } from "../typing-notice";
import type { SendMessage } from "../wire";
import type { FileStrip } from "./file-strip";

/** What I may still change. */
const MINE = ".message.mine[data-id]:not(.deleted)";

const touchKeyboard = matchMedia("(hover: none) and (pointer: coarse)");

export class MessageComposer extends HTMLElement {
  private field!: HTMLTextAreaElement;
  private problem!: HTMLElement;
  private mode!: ComposerMode;
  private completion!: Completion;
  private readonly limit = new TextLimit();
  private room = "";
  private typing!: TypingNotice;

  connectedCallback(): void {
    this.field = part<HTMLTextAreaElement>(this, "textarea");
    this.problem = part(this, ".composer-error");
    this.room = this.closest<HTMLElement>("[data-room]")?.dataset.room ?? "";
    this.typing = new TypingNotice(this.room);
    const form = part<HTMLFormElement>(this, "form");
    this.mode = new ComposerMode(form, this.field, ({ kind }) => kind === "edit" && this.restore());
    this.completion = new Completion(this.field);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("blur", () => this.typing.tell(false));
    this.field.required = false;
    if (!this.field.value) this.restore();
    if (!touchKeyboard.matches && !location.hash && !this.closest("[hidden]")) this.focusField();
  }

  focusField(): void {
    this.field.focus({ preventScroll: true });
  }

  /** Shows what I had begun to write here. */
  restore(): void {
    this.field.value = loadDraft(this.place);
    this.grow();
  }

  reply(article: HTMLElement): void {
    this.mode.reply(article);
  }

  /** Takes a message's text into the field, to be changed. */
  async edit(article: HTMLElement): Promise<void> {
    const id = Number(article.dataset.id);
    const { messages } = await ask("history", { room: this.room, around: id, limit: 3 });
    const message = messages.find((one) => one.id === id);
    if (!message || message.deleted) return;
    this.mode.edit(article, message.text);
    this.grow();
  }

  private get place(): string {
    return this.dataset.thread ? `${this.room}/${this.dataset.thread}` : this.room;
  }

  private pressed(event: KeyboardEvent): void {
    if (this.completion.pressed(event)) return;
    const composing = event.isComposing || event.keyCode === 229;
    const modified = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey;
    if (composing || modified) return;
    if (event.key === "Escape" && this.mode.current) this.mode.end();
    else if (event.key === "ArrowUp" && this.field.value === "") this.editLast();
    else if (event.key === "Enter" && !touchKeyboard.matches) this.submit();
    else return;
    event.preventDefault();
  }

  private editLast(): void {
    const mine = this.closest("thread-pane, chat-room")?.querySelectorAll<HTMLElement>(MINE);
    const last = mine?.[mine.length - 1];
    if (last) this.edit(last).catch(toastFailure);
  }

  private changed(): void {
    if (this.mode.current?.kind !== "edit") keepDraft(this.place, this.field.value);
    this.typing.tell(this.field.value.trim() !== "");
    if (!this.problem.hidden) this.check();
    this.grow();
  }

  private submit(): void {
    const text = this.field.value.trim();
    this.field.focus();
    const strip = this.querySelector<FileStrip>("file-strip");
    if ((text === "" && !this.mode.mayBeWordless(strip?.empty === false)) || !this.check()) return;
    const mode = this.mode.current;
    if (mode?.kind === "edit") {
      void this.change(mode.id, text);
      return;
    }
    this.field.value = "";
    keepDraft(this.place, "");
    this.typing.tell(false);
    this.grow();
    const message: SendMessage = { data: text };
    if (mode) message.reply_to = mode.quote.id;
    const files = strip?.take() ?? [];
    const composed: Composed = mode ? { message, quote: mode.quote, files } : { message, files };
    this.mode.end();
    this.dispatchEvent(new CustomEvent<Composed>("compose", { detail: composed }));
  }

  private async change(id: number, data: string): Promise<void> {
    try {
      showEverywhere((await ask("edit_message", { id, data })).message);
      this.typing.tell(false);
      this.mode.end();
    } catch (failure) {
      this.say(failure instanceof Error ? failure.message : "");
    }
  }

  /** Says what to do about a text that is too long; returns whether it may be sent. */
  private check(): boolean {
    const problem = this.limit.problem(this.field.value.trim());
    this.say(problem);
    return problem === "";
  }

  private say(problem: string): void {
    showProblem(this.field, this.problem, problem);
  }

  private grow(): void {
    growWithText(this.field);
  }
}
