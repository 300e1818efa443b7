// <message-composer>: the form under a conversation. Enter sends, Shift+Enter breaks the line; what is
// written is kept per room. Emits `compose` with the message. Without the script the form posts by itself.

import { keepDraft, loadDraft } from "../drafts";
import { socket } from "../socket";
import { part } from "../templates";
import type { SendMessage } from "../wire";

/** While somebody writes, the others are told again after this time. */
const TYPING_AGAIN_MS = 3000;

const touchKeyboard = matchMedia("(hover: none) and (pointer: coarse)");

export class MessageComposer extends HTMLElement {
  private field!: HTMLTextAreaElement;
  private problem!: HTMLElement;
  private room = "";
  private limit = Number.POSITIVE_INFINITY;
  private toldTyping = 0;

  connectedCallback(): void {
    this.field = part<HTMLTextAreaElement>(this, "textarea");
    this.problem = part(this, ".composer-error");
    this.room = this.closest<HTMLElement>("[data-room]")?.dataset.room ?? "";
    part(this, "form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.field.addEventListener("keydown", (event) => this.pressed(event));
    this.field.addEventListener("input", () => this.changed());
    this.field.addEventListener("blur", () => this.tellTyping(false));
    socket.on("ready", ({ server }) => {
      this.limit = server.limits.message_characters;
    });
    this.field.required = false;
    if (!this.field.value) this.field.value = loadDraft(this.room);
    this.grow();
    if (!touchKeyboard.matches && !location.hash) this.field.focus({ preventScroll: true });
  }

  private pressed(event: KeyboardEvent): void {
    const composing = event.isComposing || event.keyCode === 229;
    const modified = event.shiftKey || event.altKey || event.ctrlKey || event.metaKey;
    if (event.key !== "Enter" || modified || composing || touchKeyboard.matches) return;
    event.preventDefault();
    this.submit();
  }

  private changed(): void {
    keepDraft(this.room, this.field.value);
    this.tellTyping(this.field.value.trim() !== "");
    if (!this.problem.hidden) this.check();
    this.grow();
  }

  private submit(): void {
    const text = this.field.value.trim();
    this.field.focus();
    if (text === "" || !this.check()) return;
    this.field.value = "";
    keepDraft(this.room, "");
    this.tellTyping(false);
    this.grow();
    this.dispatchEvent(new CustomEvent<SendMessage>("compose", { detail: { data: text } }));
  }

  /** Says what to do about a text that is too long; returns whether it may be sent. */
  private check(): boolean {
    const length = [...this.field.value.trim()].length;
    const fits = length <= this.limit;
    const count = (value: number) => value.toLocaleString("en-GB");
    this.problem.hidden = fits;
    this.problem.textContent = fits
      ? ""
      : `Keep a message under ${count(this.limit)} characters. This one has ${count(length)}.`;
    this.field.setAttribute("aria-invalid", String(!fits));
    if (fits) this.field.removeAttribute("aria-describedby");
    else this.field.setAttribute("aria-describedby", this.problem.id);
    return fits;
  }

  private tellTyping(on: boolean): void {
    const now = Date.now();
    if (!socket.connected || (on ? now - this.toldTyping < TYPING_AGAIN_MS : this.toldTyping === 0)) return;
    this.toldTyping = on ? now : 0;
    socket.emit("typing", { room: this.room, on });
  }

  /** For browsers without `field-sizing`. */
  private grow(): void {
    if (CSS.supports("field-sizing", "content")) return;
    this.field.style.height = "auto";
    this.field.style.height = `${this.field.scrollHeight}px`;
  }
}
