// Uploads one file from the page, and tells how far it has come: only XMLHttpRequest knows.

import { formOf, UPLOADS } from "./files";
import { Refusal } from "./socket";
import type { Attachment, WireError } from "./wire";

/** Sends `file`; `told` hears the share of it that is on its way, from 0 to 1. Rejects with a {@link Refusal}, or when the
 * connection breaks. */
export function upload(file: File, told: (share: number) => void): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", UPLOADS);
    request.responseType = "json";
    request.upload.addEventListener("progress", ({ loaded, total }) => told(total > 0 ? loaded / total : 0));
    request.addEventListener("load", () => {
      const body = request.response as { attachment?: Attachment; error?: WireError } | null;
      if (body?.attachment) resolve(body.attachment.id);
      else if (body?.error) reject(new Refusal(body.error));
      else reject(new Error(`The server answered ${request.status}.`));
    });
    request.addEventListener("error", () => reject(new Error("The connection broke.")));
    request.send(formOf(file));
  });
}
