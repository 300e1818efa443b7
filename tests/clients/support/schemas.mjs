// Holds what a server sends to its schema: every event, acknowledgement and JSON body that a test sees. Schemas here
// are closed: a key that the wire types do not know fails, though clients must ignore it.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const read = (name) => JSON.parse(readFileSync(new URL(`../../../docs/${name}`, import.meta.url), "utf8"));
const wire = read("wire.schema.json");
const calls = Object.entries(read("openapi.json").paths);

/** The definitions, each without room for other keys. */
function closed() {
  const definitions = Object.entries(structuredClone(wire.$defs));
  for (const [, definition] of definitions) {
    if (definition.type === "object") definition.additionalProperties ??= false;
  }
  return Object.fromEntries(definitions);
}

/** What other chat clients hear (contract, section 3), in the place of or beside the contract's own words. */
const text = { type: "string", minLength: 1 };
const who = (keys = {}) => ({
  type: "object",
  required: ["username", ...Object.keys(keys)],
  properties: { username: text, ...keys },
  additionalProperties: false,
});
const numUsers = { numUsers: { type: "integer", minimum: 1 } };
const OTHERS = {
  message: {
    type: "object",
    required: ["name", "message"],
    properties: { name: text, message: { enum: ["has entered the room", "has left the room"] } },
    additionalProperties: false,
  },
  "chat message": text,
  login: { type: "object", required: ["numUsers"], properties: numUsers, additionalProperties: false },
  "user joined": who(numUsers),
  "user left": who({ numUsers: { type: "integer", minimum: 0 } }),
  "new message": who({ message: text }),
  typing: who(),
  "stop typing": who(),
};

const ajv = new Ajv({ strict: true, allErrors: true });
formats(ajv);
for (const [name, most] of Object.entries({ uint32: 2 ** 32 - 1, uint64: 2 ** 64 })) {
  ajv.addFormat(name, { type: "number", validate: (n) => Number.isInteger(n) && n >= 0 && n <= most });
}
for (const keyword of ["x-requests", "x-events", "x-auth"]) ajv.addKeyword(keyword);
ajv.addSchema({ ...wire, $defs: closed() }, "wire");

const compiled = new Map();

function validator(schema) {
  const key = JSON.stringify(schema);
  if (!compiled.has(key)) compiled.set(key, ajv.compile(schema));
  return compiled.get(key);
}

/** A schema of ours, wherever it stands, with its references led to the closed definitions. */
function ours({ $ref }) {
  return { $ref: `wire#/$defs/${$ref.split("/").at(-1)}` };
}

function fits(schema, value, what) {
  const validate = validator(schema);
  const told = () => `${what} does not match its schema: ${ajv.errorsText(validate.errors)}\n${json(value)}`;
  if (!validate(value)) assert.fail(told());
}

const json = (value) => JSON.stringify(value, null, 2);

/** Checks what the server emitted; answers with it. */
export function checkEvent(name, payload) {
  const [own, other] = [wire["x-events"][name], OTHERS[name]];
  assert.ok(own || other, `the server emitted ${name}, which no schema names: ${json(payload)}`);
  if (!(other && validator(other)(payload))) fits(own ? ours(own) : other, payload, `the event ${name}`);
  return payload;
}

/** Checks what an event was acknowledged with; answers with it. */
export function checkAck(event, answer) {
  const what = `the acknowledgement of ${event}`;
  assert.equal(typeof answer?.ok, "boolean", `${what} says neither yes nor no: ${json(answer)}`);
  const { ok, ...rest } = answer;
  const request = wire["x-requests"][event];
  assert.ok(request || !ok, `${event}, which no schema names, was done: ${json(answer)}`);
  fits(ours(ok ? request.acknowledgement : { $ref: "ErrorBody" }), rest, what);
  return answer;
}

/** The call of the OpenAPI document at a path, a literal segment before a parameter. */
function call(path) {
  const segments = (text) => text.split("?")[0].split("/");
  const wanted = segments(path);
  const matching = calls.filter(([template]) => {
    const parts = segments(template);
    return parts.length === wanted.length && parts.every((part, n) => /^\{/.test(part) || part === wanted[n]);
  });
  return matching.sort(([one], [two]) => one.split("{").length - two.split("{").length)[0]?.[1];
}

/**
 * Checks the JSON body with which a call below `/api/v1/` was answered, `undefined` for none. The status must be one
 * that the OpenAPI document names for the call; where there is no such call, 404 and 405 are.
 */
export function checkBody(method, path, status, body) {
  const what = `${method} ${path}, answered with ${status},`;
  const operation = call(path)?.[method.toLowerCase()];
  if (!operation) {
    assert.ok([404, 405].includes(status), `${what} is not in docs/openapi.json`);
    fits(ours({ $ref: "ErrorBody" }), body, what);
    return;
  }
  const answer = operation.responses[status];
  assert.ok(answer, `${what} has a status that docs/openapi.json does not name: ${json(body)}`);
  if (answer.content) fits(ours(answer.content["application/json"].schema), body, what);
  else assert.equal(body, undefined, `${what} has a body, and should have none`);
}
