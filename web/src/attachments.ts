// The files of a message, and the pages that it links to, as elements in the server's own markup: pictures in a grid, all
// else in rows.

import { sizeInWords } from "./files";
import type { Unsent } from "./outbox";
import { clone, part } from "./templates";
import type { Attachment, Message, Preview } from "./wire";
import { words } from "./words";

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

function previewRow({ url, title, description, site, image, width, height }: Preview): HTMLElement {
  const item = clone("preview-template");
  part<HTMLAnchorElement>(item, "a").href = url;
  part(item, ".preview-site").textContent = site ?? new URL(url).host.replace(/^www\./, "");
  part(item, ".preview-title").textContent = title;
  part(item, ".preview-about").textContent = description ?? "";
  const picture = part<HTMLImageElement>(item, "img");
  if (image) Object.assign(picture, { width, height, src: image });
  else picture.remove();
  return item;
}

type Kind = "pictures" | "files" | "previews";

function put(article: HTMLElement, kind: Kind, items: HTMLElement[]): void {
  article.querySelector(`:scope > .${kind}`)?.remove();
  if (items.length === 0) return;
  const list = document.createElement("ul");
  list.className = kind;
  list.dataset.count = String(items.length);
  list.append(...items);
  const above = [...article.querySelectorAll(":scope > :is(.message-text, .pictures, .files)")];
  const earlier = { pictures: ".message-text", files: ".message-text, .pictures", previews: "*" }[kind];
  above.findLast((part) => part.matches(earlier))?.after(list);
}

/** Shows the files of a message, and the pages that it links to. */
export function paintAttachments(article: HTMLElement, { attachments, previews = [] }: Message): void {
  const isPicture = ({ width, height }: Attachment) => width !== undefined && height !== undefined;
  put(article, "pictures", attachments.filter(isPicture).map(picture));
  put(article, "files", attachments.filter((file) => !isPicture(file)).map(fileRow));
  put(article, "previews", previews.map(previewRow));
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
export function inOneLine({ html, attachments }: Pick<Message, "html" | "attachments">): string {
  return words(html) || attachments.map(({ name }) => name).join(", ");
}
