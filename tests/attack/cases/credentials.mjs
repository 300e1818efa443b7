// Cookies and tokens that nobody was given, and what belongs to others.
import { outcome, send } from "../support/send.mjs";

const FORGED = {
  nothing: "",
  "a word": "token",
  "the right length": "A".repeat(43),
  "one more": "A".repeat(44),
  "a hundred kilobytes less than the limit": "A".repeat(40_000),
  SQL: "' OR '1'='1",
  "a null byte": "%00",
  "a JWT without a signature": "eyJhbGciOiJub25lIn0.eyJzdWIiOiIxIiwiYWRtaW4iOnRydWV9.",
  "a path": "../../parlor.db",
  padding: `${"A".repeat(43)}=`,
  "the other alphabet": `${"A".repeat(41)}+/`,
};

export default async function cases({ server, people, room, hidden }) {
  const token = await people.mallory.token();
  const victim = await people.anna.token();
  const rows = [];
  for (const [what, forged] of Object.entries(FORGED)) {
    rows.push([
      `a bearer token: ${what}`,
      "401 unauthorized",
      async () =>
        outcome(await send(server, "GET", "/api/v1/me", { headers: { authorization: `Bearer ${forged}` } })),
    ]);
    rows.push([
      `a session cookie: ${what}`,
      "303",
      async () =>
        outcome(await send(server, "GET", "/profile", { headers: { cookie: `__Host-session=${forged}` } })),
    ]);
  }
  const flipped = victim.slice(0, -2) + (victim.endsWith("AA") ? "BB" : "AA");
  for (const [what, authorization] of [
    ["one letter changed", `Bearer ${flipped}`],
    ["in capitals", `Bearer ${victim.toUpperCase()}`],
    ["as a password", `Basic ${Buffer.from(`anna:${victim}`).toString("base64")}`],
    ["another scheme", `Digest ${victim}`],
    ["two of them", `Bearer ${victim}, Bearer ${victim}`],
    ["no scheme", victim],
  ]) {
    rows.push([
      `an authorization: ${what}`,
      "401 unauthorized",
      async () => outcome(await send(server, "GET", "/api/v1/me", { headers: { authorization } })),
    ]);
  }
  rows.push(
    [
      "a token in the query",
      "401 unauthorized",
      async () => outcome(await send(server, "GET", `/api/v1/me?token=${victim}&access_token=${victim}`)),
    ],
    [
      "a session cookie without its prefix",
      "303",
      async () =>
        outcome(
          await send(server, "GET", "/profile", {
            headers: { cookie: people.anna.forms.cookie.replace("__Host-", "") },
          }),
        ),
    ],
    [
      "a session cookie in capitals",
      "303",
      async () =>
        outcome(
          await send(server, "GET", "/profile", {
            headers: { cookie: people.anna.forms.cookie.replace("__Host-session", "__HOST-SESSION") },
          }),
        ),
    ],
  );
  const mine = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = (method, path, body) => async () =>
    outcome(
      await send(server, method, `/api/v1${path}`, { headers: mine, body: body && JSON.stringify(body) }),
    );
  const other = await people.anna.api("POST", `/rooms/${hidden}/messages`, { data: "a secret" });
  const said = await people.anna.api("POST", `/rooms/${room}/messages`, { data: "mine" });
  rows.push(
    ["a room that is private", "404 not_found", call("GET", `/rooms/${hidden}`)],
    ["its messages", "404 not_found", call("GET", `/rooms/${hidden}/messages`)],
    ["its members", "404 not_found", call("GET", `/rooms/${hidden}/members`)],
    ["joining it", "404 not_found", call("POST", `/rooms/${hidden}/join`)],
    ["speaking in it", "404 not_found", call("POST", `/rooms/${hidden}/messages`, { data: "x" })],
    ["deleting it", "404 not_found", call("DELETE", `/rooms/${hidden}`, { confirm: "Hidden" })],
    ["a message of it", "404 not_found", call("PATCH", `/messages/${other.json.message.id}`, { data: "x" })],
    [
      "a reaction to it",
      "404 not_found",
      call("PUT", `/messages/${other.json.message.id}/reactions/${encodeURIComponent("👍")}`),
    ],
    [
      "an edit of somebody's message",
      "403 forbidden",
      call("PATCH", `/messages/${said.json.message.id}`, { data: "x" }),
    ],
    ["a deletion of it", "403 forbidden", call("DELETE", `/messages/${said.json.message.id}`)],
    ["a room that is somebody's", "403 forbidden", call("PATCH", `/rooms/${room}`, { name: "Mine" })],
    ["its end", "403 forbidden", call("DELETE", `/rooms/${room}`, { confirm: "Tea" })],
    [
      "a role for oneself",
      "403 forbidden",
      call("POST", `/rooms/${room}/moderate`, {
        action: "set_role",
        user: people.mallory.name,
        role: "owner",
      }),
    ],
    [
      "a ban of the owner",
      "403 forbidden",
      call("POST", `/rooms/${room}/moderate`, { action: "ban", user: people.anna.name }),
    ],
    ["the site's audit log", "403 forbidden", call("GET", "/admin/audit")],
    ["being an admin by a field of one's own", ["200", "422 invalid"], call("PATCH", "/me", { admin: true })],
  );
  rows.push([
    "still no admin",
    "false",
    async () => {
      const { text } = await send(server, "GET", "/api/v1/me", { headers: mine });
      return JSON.parse(text).user.admin;
    },
  ]);
  return rows;
}
