// <file-strip>: the files that go with the next message: chosen, dropped on the conversation or pasted; each can be taken
// out again. Without the script the file field in it does the same by itself.

import { sizeInWords } from "../files";
import { socket } from "../socket";
import { clone, part } from "../templates";

export class FileStrip extends HTMLElement {
  private chosen: File[] = [];
  private most = Number.POSITIVE_INFINITY;
  private largest = Number.POSITIVE_INFINITY;
  private list!: HTMLElement;
  private problem!: HTMLElement;

  connectedCallback(): void {
    this.list = part(this, ".strip");
    this.problem = part(this, ".strip-problem");
    const field = part<HTMLInputElement>(this, "input[type=file]");
    field.addEventListener("change", () => {
      this.add([...(field.files ?? [])]);
      field.value = "";
    });
    socket.on("ready", ({ server }) => {
      this.most = server.limits.attachments_per_message;
      this.largest = server.limits.attachment_bytes;
    });
    this.closest("form")?.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      this.add(files);
    });
    this.listenToDrops(this.closest<HTMLElement>("chat-room") ?? this);
  }

  get empty(): boolean {
    return this.chosen.length === 0;
  }

  /** Hands the files over, and is empty then. */
  take(): File[] {
    const taken = this.chosen;
    this.chosen = [];
    this.show();
    this.tell("");
    return taken;
  }

  private listenToDrops(target: HTMLElement): void {
    let inside = 0;
    const carries = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const over = (change: number, event: DragEvent) => {
      if (!carries(event)) return;
      inside = Math.max(0, inside + change);
      target.classList.toggle("drop-here", inside > 0);
    };
    target.addEventListener("dragenter", (event) => over(1, event));
    target.addEventListener("dragleave", (event) => over(-1, event));
    target.addEventListener("dragover", (event) => {
      if (carries(event)) event.preventDefault();
    });
    target.addEventListener("drop", (event) => {
      if (!carries(event)) return;
      event.preventDefault();
      over(-inside, event);
      this.add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  private add(files: File[]): void {
    const fits = files.filter(({ size }) => size <= this.largest && size > 0);
    const free = this.most - this.chosen.length;
    this.chosen.push(...fits.slice(0, Math.max(0, free)));
    const [unfit] = files.filter((file) => !fits.includes(file));
    if (unfit?.size === 0) this.tell(`${unfit.name} is empty or a folder. Choose another file.`);
    else if (unfit)
      this.tell(`${unfit.name} is larger than ${sizeInWords(this.largest)}. Choose a smaller file.`);
    else if (fits.length > free) this.tell(`A message takes ${this.most} files at most.`);
    else this.tell("");
    this.show();
    this.closest("form")?.querySelector("textarea")?.focus();
  }

  private tell(problem: string): void {
    this.problem.textContent = problem;
    this.problem.hidden = problem === "";
  }

  private show(): void {
    this.list.hidden = this.empty;
    this.list.replaceChildren(...this.chosen.map((file) => this.row(file)));
  }

  private row(file: File): HTMLElement {
    const row = clone("chosen-template");
    part(row, ".chosen-name").textContent = file.name;
    part(row, ".file-size").textContent = sizeInWords(file.size);
    const remove = part(row, ".chosen-remove");
    remove.setAttribute("aria-label", `Remove ${file.name}`);
    remove.addEventListener("click", () => {
      this.chosen = this.chosen.filter((other) => other !== file);
      this.tell("");
      this.show();
      this.closest("form")?.querySelector("textarea")?.focus();
    });
    if (file.type.startsWith("image/")) {
      const image = new Image(40, 40);
      image.alt = "";
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      part(row, ".chosen-face").replaceChildren(image);
    }
    return row;
  }
}
