// A device that makes a passkey, and the browser between it and the server (W3C Web Authentication, section 6).
import { createHash, generateKeyPairSync, randomBytes } from "node:crypto";

/** The person was there, was verified, and a key comes along. */
const FLAGS = 0x45;

/** What a browser on a page of `origin` sends that was told to make a passkey. */
export function madePasskey({ public_key: options }, origin) {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const { x, y } = publicKey.export({ format: "jwk" });
  const bytes = (text) => Buffer.from(text, "base64url");
  const id = randomBytes(16);
  // The key as COSE has it (RFC 9053, section 7.1.1): EC2, ES256, P-256, x and y.
  const key = [Buffer.from("a5010203262001215820", "hex"), bytes(x), Buffer.from("225820", "hex"), bytes(y)];
  const data = Buffer.concat([
    createHash("sha256").update(options.rp.id).digest(),
    Buffer.from([FLAGS, 0, 0, 0, 0]),
    Buffer.alloc(16),
    Buffer.from([0, id.length]),
    id,
    ...key,
  ]);
  const head = Buffer.from("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58", "latin1");
  const told = { type: "webauthn.create", challenge: options.challenge, origin, crossOrigin: false };
  return {
    id: id.toString("base64url"),
    rawId: id.toString("base64url"),
    type: "public-key",
    response: {
      clientDataJSON: Buffer.from(JSON.stringify(told)).toString("base64url"),
      attestationObject: Buffer.concat([head, Buffer.from([data.length]), data]).toString("base64url"),
      transports: ["internal"],
    },
    clientExtensionResults: {},
  };
}
