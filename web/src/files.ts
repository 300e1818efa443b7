// Brings the files of a message to the server before the message itself; the page and the service worker both do.

import { keepUnsent, type Unsent } from "./outbox";

/** Uploads one file and yields the id under which the server has it. */
export type Bring = (file: File) => Promise<string>;

/** Brings the files one by one and yields the message after each: what has arrived is kept, so that it is sent once. */
export async function* bringFiles(unsent: Unsent, bring: Bring): AsyncGenerator<Unsent> {
  const { files = [], message } = unsent;
  const [first, ...rest] = files;
  if (!first) return;
  const attachments = [...(message.attachments ?? []), await bring(first)];
  const next: Unsent = { ...unsent, files: rest, message: { ...message, attachments } };
  await keepUnsent(next);
  yield next;
  yield* bringFiles(next, bring);
}

/** What a multipart form of the call for uploads holds. */
export function formOf(file: File): FormData {
  const form = new FormData();
  form.append("file", file, file.name);
  return form;
}

/** Where it goes. */
export const UPLOADS = "/api/v1/uploads";

/** A number of bytes in words, as `src/edge/pages/view/attachments.rs` writes it too. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return bytes === 1 ? "1 byte" : `${bytes} bytes`;
  const [unit, of]: [number, string] = bytes < 1e6 ? [1e3, "KB"] : bytes < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  const tenths = Math.round((bytes * 10) / unit);
  return `${tenths >= 100 ? Math.round(tenths / 10) : tenths / 10} ${of}`;
}
