// The files of a message as elements, in the server's own markup: pictures in a grid, all else in rows.

import { sizeInWords } from "./files";
import type { Unsent } from "./outbox";
import { clone, part } from "./templates";
import type { Attachment } from "./wire";

/** The widest and the highest that a picture alone is shown; the server says the same. */
const BOX = { width: 360, height: 300 };

function shown(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, BOX.width / width, BOX.height / height);
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

function picture({ url, name, type, width, height, thumbnail }: Attachment): HTMLElement {
  const item = clone("picture-template");
  const link = part<HTMLAnchorElement>(item, "a");
  const image = part<HTMLImageElement>(item, "img");
  const moves = type === "image/gif";
  const small = thumbnail ?? url;
  const large = small.replace("size=360", "size=1200");
  link.href = url;
  link.dataset.large = moves ? url : large;
  Object.assign(image, shown(width ?? BOX.width, height ?? BOX.height), { alt: name });
  if (moves) {
    const still = document.createElement("source");
    still.media = "(prefers-reduced-motion: reduce)";
    still.srcset = small;
    image.before(still);
    image.removeAttribute("srcset");
    image.src = url;
  } else {
    image.srcset = `${small} 1x, ${large} 2x`;
    image.src = small;
  }
  return item;
}

function fileRow({ url, name, size }: Pick<Attachment, "url" | "name" | "size">): HTMLElement {
  const item = clone("file-template");
  const link = part<HTMLAnchorElement>(item, "a");
  if (url) link.href = url;
  else link.removeAttribute("href");
  link.download = name;
  part(item, ".file-name").textContent = name;
  part(item, ".file-size").textContent = sizeInWords(size);
  return item;
}

function put(article: HTMLElement, kind: "pictures" | "files", items: HTMLElement[]): void {
  article.querySelector(`:scope > .${kind}`)?.remove();
  if (items.length === 0) return;
  const list = document.createElement("ul");
  list.className = kind;
  list.dataset.count = String(items.length);
  list.append(...items);
  const before = kind === "files" ? article.querySelector(":scope > .pictures") : null;
  (before ?? part(article, ".message-text")).after(list);
}

/** Shows the files of a message. */
export function paintAttachments(article: HTMLElement, attachments: Attachment[]): void {
  const isPicture = ({ width, height }: Attachment) => width !== undefined && height !== undefined;
  put(article, "pictures", attachments.filter(isPicture).map(picture));
  put(article, "files", attachments.filter((file) => !isPicture(file)).map(fileRow));
}

/** Shows the files of a message that is on its way, from this browser's own copies. */
export function paintUnsent(article: HTMLElement, { files = [] }: Unsent): void {
  const pictures = files.filter(({ type }) => /^image\/(png|jpeg|gif|webp)$/.test(type));
  put(
    article,
    "pictures",
    pictures.map((file) => {
      const item = clone("picture-template");
      const image = part<HTMLImageElement>(item, "img");
      for (const name of ["srcset", "width", "height", "loading"]) image.removeAttribute(name);
      image.alt = file.name;
      image.src = URL.createObjectURL(file);
      image.addEventListener("load", () => URL.revokeObjectURL(image.src), { once: true });
      part(item, "a").removeAttribute("href");
      return item;
    }),
  );
  const others = files.filter((file) => !pictures.includes(file));
  put(
    article,
    "files",
    others.map(({ name, size }) => fileRow({ url: "", name, size })),
  );
  if (files.length > 0) article.append(clone("upload-template"));
}

/** What stands for a message in one line: its words, or what its files are called. */
export function inOneLine(message: { text: string; attachments: { name: string }[] }): string {
  return message.text || message.attachments.map(({ name }) => name).join(", ");
}
