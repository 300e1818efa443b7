// Sends what was written offline when the browser says that there is a network again, whether or not a page is open.
// A page may send the same at the same time: `client_id` makes that harmless.

import { bringFiles, formOf, UPLOADS } from "../src/files";
import { dropUnsent, keepUnsent, loadUnsent, type Unsent } from "../src/outbox";

const HEADERS = { "content-type": "application/json" };

/** Whose session this browser holds; nobody else's messages are sent by it. */
async function whoAmI(): Promise<number | undefined> {
  const answer = await fetch("/api/v1/me");
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return ((await answer.json()) as { user: { id: number } }).user.id;
}

/** Uploads a file of a message; what the server refuses for good ends the message. */
async function bring(file: File): Promise<string> {
  const answer = await fetch(UPLOADS, { method: "POST", body: formOf(file) });
  if (answer.ok) return ((await answer.json()) as { attachment: { id: string } }).attachment.id;
  if (answer.status >= 500 || answer.status === 429 || answer.status === 401) {
    throw new Error(`The server answered ${answer.status}.`);
  }
  const { error } = (await answer.json()) as { error: { message: string } };
  throw new Refused(error.message);
}

class Refused extends Error {}

async function sendOne(unsent: Unsent): Promise<void> {
  let current = unsent;
  try {
    for await (const next of bringFiles(unsent, bring)) current = next;
  } catch (failure) {
    if (!(failure instanceof Refused)) throw failure;
    return keepUnsent({ ...current, problem: failure.message });
  }
  await sendWords(current);
}

async function sendWords(unsent: Unsent): Promise<void> {
  const path = `/api/v1/rooms/${encodeURIComponent(unsent.room)}/messages`;
  const body = JSON.stringify(unsent.message);
  const answer = await fetch(path, { method: "POST", headers: HEADERS, body });
  if (answer.ok) await dropUnsent(unsent.client_id);
  else if (answer.status >= 500 || answer.status === 429 || answer.status === 401) {
    throw new Error(`The server answered ${answer.status}.`);
  } else {
    const { error } = (await answer.json()) as { error: { message: string } };
    await keepUnsent({ ...unsent, problem: error.message });
  }
}

/** Sends all that waits, in order. The browser tries again later when this fails. */
export async function sendOutbox(): Promise<void> {
  const me = await whoAmI();
  if (me === undefined) return;
  for (const unsent of await loadUnsent(me)) {
    if (unsent.problem === undefined) await sendOne(unsent);
  }
}
