// Brings what waits in the outbox to the server over the socket, whichever room it is for. Those who show it listen to
// `outgoing`: `progress`, `sent` and `refused`.

import { bringFiles } from "./files";
import { myId } from "./me";
import { dropUnsent, keepUnsent, loadUnsent, type Unsent } from "./outbox";
import { Refusal, sendMessage, socket } from "./socket";
import { upload } from "./upload";
import type { MessageAck } from "./wire";

export interface Sent {
  unsent: Unsent;
  ack: MessageAck;
}
export interface Progress {
  unsent: Unsent;
  /** How much of its files has arrived, from 0 to 1. */
  share: number;
}
export interface Refused {
  unsent: Unsent;
  problem: string;
}

/** The name under which the service worker is woken when there is a network again. */
const SYNC_TAG = "outbox";

export const outgoing = new EventTarget();
const underway = new Set<string>();

interface SyncRegistration extends ServiceWorkerRegistration {
  sync?: { register(tag: string): Promise<void> };
}

/** Asks the browser to send even when this page is gone, where it can (Background Sync). */
async function askForSync(): Promise<void> {
  if (!navigator.serviceWorker?.controller) return;
  const registration: SyncRegistration = await navigator.serviceWorker.ready;
  await registration.sync?.register(SYNC_TAG).catch(() => undefined);
}

function tell(type: "sent" | "refused" | "progress", detail: Sent | Refused | Progress): void {
  outgoing.dispatchEvent(new CustomEvent(type, { detail }));
}

async function refuse(unsent: Unsent, problem: string): Promise<void> {
  // What everybody was told meanwhile is with the server, whatever became of the answer.
  const waits = (await loadUnsent(myId)).some(({ client_id }) => client_id === unsent.client_id);
  if (!waits) return;
  const refused = { ...unsent, problem };
  await keepUnsent(refused);
  tell("refused", { unsent: refused, problem });
}

/** Keeps `unsent` and sends it, now or as soon as there is a connection. */
export async function send(unsent: Unsent): Promise<void> {
  const kept = keepUnsent(unsent);
  if (socket.connected) return transmit(unsent);
  await kept;
  await askForSync();
}

async function transmit(unsent: Unsent): Promise<void> {
  const id = unsent.client_id;
  if (!socket.connected || underway.has(id)) return;
  underway.add(id);
  let current = unsent;
  try {
    const all = (unsent.files ?? []).reduce((sum, { size }) => sum + size, 0);
    let done = 0;
    const bring = async (file: File) => {
      const here = done;
      const name = await upload(file, (share) => {
        tell("progress", { unsent, share: (here + share * file.size) / all });
      });
      done += file.size;
      return name;
    };
    for await (const next of bringFiles(unsent, bring)) current = next;
    const ack = await sendMessage(current.message);
    void dropUnsent(id);
    tell("sent", { unsent: current, ack });
  } catch (failure) {
    if (failure instanceof Refusal) await refuse(current, failure.message);
    else if (socket.connected) await refuse(current, "The server did not answer.");
    else await askForSync();
  } finally {
    underway.delete(id);
  }
}

/** Sends all that waits whenever there is a connection. */
export function sendWhatWaits(): void {
  socket.on("ready", async () => {
    for (const unsent of await loadUnsent(myId)) {
      if (unsent.problem === undefined) void transmit(unsent);
    }
  });
}
