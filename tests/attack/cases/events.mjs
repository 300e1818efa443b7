// Every event of the contract with payloads that it does not take, from somebody who is logged in.
import { readFile } from "node:fs/promises";
import { Culprit } from "../support/culprit.mjs";

const PAYLOADS = {
  nothing: null,
  "a text": "x",
  "a list": [1, 2],
  "wrong types": { room: 7, id: "x", data: {}, query: [], user: {}, on: "yes", name: 0, limit: "many" },
  "what is not there": {
    room: "'; DROP TABLE rooms; --",
    id: -1,
    data: "\u0000",
    query: "\u0000",
    user: "../x",
    name: "\u202e",
    on: true,
    emoji: "x",
    reason: "",
  },
};
/** Events of which no field has to be there. */
const TAKES_ANYTHING = new Set(["rooms", "saved"]);

export default async function cases({ server, people }) {
  const schema = await readFile(new URL("../../../docs/wire.schema.json", import.meta.url), "utf8");
  const names = Object.keys(JSON.parse(schema)["x-requests"]);
  const token = await people.mallory.token();
  return names.flatMap((name) =>
    Object.entries(PAYLOADS).map(([what, payload]) => [
      `${name} with ${what}`,
      TAKES_ANYTHING.has(name) ? ["ok", "invalid"] : ["invalid", "not_found", "forbidden", "too_long"],
      async () => (await Culprit.connect(server, token)).ask(name, payload),
    ]),
  );
}
