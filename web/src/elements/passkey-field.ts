// <passkey-field>: a form whose answer only a passkey can give. On submitting it, the server is asked what the passkey has to
// sign, the browser has the person confirm it, and the answer goes with the form.

import { part } from "../templates";
import type { ErrorBody, PasskeyChallenge } from "../wire";

const NO_PASSKEYS = "This browser cannot use passkeys. Update it, or use another one.";
const CONFIRM = "/settings/confirm?next=/settings/passkeys";

/** What a browser's refusal means, by the name of its exception (Web Authentication, sections 5.1.3 and 5.1.4). */
const REFUSALS: Record<string, string> = {
  NotAllowedError: "No passkey was chosen, or it took too long. Try again.",
  InvalidStateError: "This device has a passkey of yours for this server already.",
  SecurityError:
    "The browser allows no passkeys at this address. Open this server by the name that it is known by.",
};

/** What the server answered instead of a challenge. */
class Refused extends Error {
  constructor(readonly body: ErrorBody) {
    super(body.error.message);
  }
}

export class PasskeyField extends HTMLElement {
  private waiting = false;

  connectedCallback(): void {
    const adds = this.dataset.purpose === "add";
    if (!available()) {
      // Where there are other ways in, nothing is said of this one.
      if (adds) this.replaceChildren(NO_PASSKEYS);
      this.hidden = !adds;
      return;
    }
    this.hidden = false;
    this.answer.value = "";
    const form = part<HTMLFormElement>(this, "form");
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!this.waiting) void this.send(form);
    });
  }

  private get answer(): HTMLInputElement {
    return part<HTMLInputElement>(this, "input[name=passkey]");
  }

  private async send(form: HTMLFormElement): Promise<void> {
    this.waiting = true;
    this.say("");
    try {
      const answer = this.dataset.purpose === "add" ? await make() : await ask(this.dataset.purpose ?? "");
      this.answer.value = JSON.stringify(answer);
      form.submit();
    } catch (failure) {
      if (failure instanceof Refused && failure.body.error.field === "current_password")
        location.assign(CONFIRM);
      else this.say(explain(failure));
    } finally {
      this.waiting = false;
    }
  }

  private say(words: string): void {
    const place = part(this, "[role=alert]");
    place.textContent = words;
    place.hidden = words === "";
  }
}

function available(): boolean {
  return typeof PublicKeyCredential === "function" && "parseRequestOptionsFromJSON" in PublicKeyCredential;
}

/** Makes a passkey. */
async function make(): Promise<unknown> {
  const { public_key } = await challenge("/api/v1/me/passkeys/challenge", {});
  const wanted = public_key as unknown as PublicKeyCredentialCreationOptionsJSON;
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(wanted);
  return json(await navigator.credentials.create({ publicKey }));
}

/** Asks for a passkey. */
async function ask(purpose: string): Promise<unknown> {
  const { public_key } = await challenge("/api/v1/passkeys/challenge", { purpose });
  const wanted = public_key as unknown as PublicKeyCredentialRequestOptionsJSON;
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(wanted);
  return json(await navigator.credentials.get({ publicKey }));
}

function json(credential: Credential | null): unknown {
  if (credential instanceof PublicKeyCredential) return credential.toJSON();
  throw new DOMException("nothing was chosen", "NotAllowedError");
}

async function challenge(path: string, body: object): Promise<PasskeyChallenge> {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const read: unknown = await answer.json();
  if (!answer.ok) throw new Refused(read as ErrorBody);
  return read as PasskeyChallenge;
}

function explain(failure: unknown): string {
  if (failure instanceof Refused) return failure.message;
  if (failure instanceof DOMException && failure.name in REFUSALS) return REFUSALS[failure.name] ?? "";
  if (failure instanceof TypeError) return "The server does not answer. Try again.";
  return `That did not work: ${failure instanceof Error ? failure.message : failure}`;
}
