// A real OpenID Connect provider for tests: oidc-provider, with its own pages for logging in and agreeing.
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { Forms, hiddenFields } from "./forms.mjs";

/** A port that is free now. */
export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  await once(server, "close");
  return port;
}

const key = () => {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return {
    ...privateKey.export({ format: "jwk" }),
    alg: "RS256",
    use: "sig",
    kid: randomBytes(4).toString("hex"),
  };
};

export class LoginProvider {
  static SECRET = "a secret of two friends";

  /** Starts one, to which a client comes back at `redirect`. `answered` may change what it answers to a token request. */
  static async start(redirect, port = 0) {
    const it = new LoginProvider();
    it.people = new Map();
    it.http = createServer((request, response) => it.handle(request, response)).listen(port, "127.0.0.1");
    await once(it.http, "listening");
    it.port = it.http.address().port;
    it.url = `http://127.0.0.1:${it.port}`;
    const provider = new Provider(it.url, {
      clients: [{ client_id: "parlor", client_secret: LoginProvider.SECRET, redirect_uris: [redirect] }],
      jwks: { keys: [key()] },
      cookies: { keys: [randomBytes(16).toString("hex")] },
      pkce: { required: () => true },
      claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email"] },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...it.people.get(id) }) }),
    });
    it.handle = provider.callback();
    return it;
  }

  /** A browser on its way from `address`: logs in as `subject`, agrees, and says where it is led back to. */
  async visit(address, subject, { agrees = true, browser = new Forms(this) } = {}) {
    let next = new URL(address);
    for (let step = 0; step < 12; step += 1) {
      if (next.origin !== this.url) return next.pathname + next.search;
      const page = await browser.get(next.pathname + next.search);
      if (page.headers.location) {
        next = new URL(page.headers.location, next);
        continue;
      }
      if (page.status !== 200) throw new Error(`${next}: ${page.status} ${page.text}`);
      if (!agrees) {
        next = new URL(`${next.pathname}/abort`, next);
        agrees = true;
        continue;
      }
      const action = page.text.match(/<form[^>]*action="([^"]+)"/)[1];
      const fields = { ...hiddenFields(page.text, action), login: subject, password: "any" };
      const sent = await browser.post(new URL(action).pathname, new URLSearchParams(fields));
      next = new URL(sent.headers.location, next);
    }
    throw new Error("the provider leads round in a circle");
  }

  async end() {
    this.http.closeAllConnections();
    this.http.close();
    await once(this.http, "close");
  }
}
