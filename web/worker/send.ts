// Sends what was written offline when the browser says that there is a network again, whether or not a page is open.
// A page may send the same at the same time: `client_id` makes that harmless.

import { dropUnsent, keepUnsent, loadUnsent, type Unsent } from "../src/outbox";

const HEADERS = { "content-type": "application/json" };

/** Whose session this browser holds; nobody else's messages are sent by it. */
async function whoAmI(): Promise<number | undefined> {
  const answer = await fetch("/api/v1/me");
  if (answer.status === 401) return undefined;
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  return ((await answer.json()) as { user: { id: number } }).user.id;
}

async function sendOne(unsent: Unsent): Promise<void> {
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
