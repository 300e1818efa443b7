// Forms that a foreign page made a browser send (CSRF), and pages that a foreign page wants to frame or to open.
import { hiddenFields } from "../../clients/support/forms.mjs";
import { send } from "../support/send.mjs";

const FORM = "application/x-www-form-urlencoded";

export default async function cases({ server, people, room, password }) {
  const victim = people.ben;
  const own = { origin: server.url, "content-type": FORM, cookie: victim.forms.cookie };
  const page = (path) => victim.forms.get(path).then(({ text }) => text);
  const token = hiddenFields(await page(`/room/${room}`), `/room/${room}`).csrf;
  const stranger = hiddenFields((await people.mallory.forms.get("/profile")).text, "/profile").csrf;
  const actions = {
    "/logout": {},
    "/rooms": { name: "Mine" },
    "/profile": { name: "owned", email: "owned@example.org", current_password: password },
    "/settings/tokens": { label: "x", current_password: password },
    [`/room/${room}`]: { data: "forged" },
    [`/room/${room}/leave`]: {},
  };
  const rows = [];
  for (const [action, fields] of Object.entries(actions)) {
    for (const [what, headers, csrf] of [
      ["a foreign origin", { ...own, origin: "https://evil.example" }, token],
      ["an origin that begins like ours", { ...own, origin: `${server.url}.evil.example` }, token],
      ["our name over plain HTTP", { ...own, origin: server.url.replace("https", "http") }, token],
      ["a sandboxed page", { ...own, origin: "null" }, token],
      ["no token", own, ""],
      ["somebody else's token", own, stranger],
      ["a token that was made up", own, "A".repeat(43)],
    ]) {
      const body = new URLSearchParams({ ...fields, csrf }).toString();
      rows.push([
        `${action}: ${what}`,
        "403",
        async () => (await send(server, "POST", action, { headers, body })).status,
      ]);
    }
  }
  rows.push([
    "the same form as it should be",
    "303",
    async () => {
      const body = new URLSearchParams({ data: "not forged", csrf: token }).toString();
      return (await send(server, "POST", `/room/${room}`, { headers: own, body })).status;
    },
  ]);
  const login = (headers) => async () => {
    const body = new URLSearchParams({ login: victim.name, password, csrf: token }).toString();
    const answer = await send(server, "POST", "/login", {
      headers: { "content-type": FORM, ...headers },
      body,
    });
    return answer.headers["set-cookie"]?.some((line) => line.startsWith("__Host-session"))
      ? "logged in"
      : answer.status;
  };
  rows.push(
    ["a login by a foreign page", "403", login({ origin: "https://evil.example" })],
    ["a login by a page that hides where it is", "403", login({ "sec-fetch-site": "cross-site" })],
    ["a login without its page", "403", login({ origin: server.url })],
    [
      "a form that is JSON",
      "422",
      async () => {
        const headers = { ...own, "content-type": "application/json" };
        return (
          await send(server, "POST", "/rooms", { headers, body: JSON.stringify({ name: "x", csrf: token }) })
        ).status;
      },
    ],
    [
      "a call by cookie and a form's type",
      "415 invalid",
      async () => {
        const headers = { ...own, "content-type": "text/plain" };
        const answer = await send(server, "POST", "/api/v1/rooms", {
          headers,
          body: JSON.stringify({ name: "x" }),
        });
        return `${answer.status} ${JSON.parse(answer.text).error.code}`;
      },
    ],
    [
      "a call by cookie from a foreign page",
      "403 forbidden",
      async () => {
        const headers = { ...own, "content-type": "application/json", origin: "https://evil.example" };
        const answer = await send(server, "POST", "/api/v1/rooms", {
          headers,
          body: JSON.stringify({ name: "x" }),
        });
        return `${answer.status} ${JSON.parse(answer.text).error.code}`;
      },
    ],
  );
  for (const next of [
    "https://evil.example",
    "//evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "javascript:alert(1)",
    "/%0d%0aSet-Cookie:a=b",
    "///evil.example",
    "https:evil.example",
  ]) {
    rows.push([
      `a login that leads to ${next}`,
      "303 to an own path",
      async () => {
        const visitor = (await send(server, "GET", `/login?next=${encodeURIComponent(next)}`)).headers[
          "set-cookie"
        ][0].split(";")[0];
        const login = await send(server, "GET", `/login?next=${encodeURIComponent(next)}`, {
          headers: { cookie: visitor },
        });
        const fields = { ...hiddenFields(login.text, "/login"), login: victim.name, password };
        const headers = { "content-type": FORM, origin: server.url, cookie: visitor };
        const answer = await send(server, "POST", "/login", {
          headers,
          body: new URLSearchParams(fields).toString(),
        });
        const location = answer.headers.location ?? "";
        const leads = new URL(location, server.url);
        const safe =
          location.startsWith("/") &&
          leads.origin === server.url &&
          !answer.headers["set-cookie"]?.some((line) => line.startsWith("a=b"));
        return `${answer.status} to ${safe ? "an own path" : location}`;
      },
    ]);
  }
  for (const path of ["/", "/login", `/room/${room}`, "/profile", "/no/such/page", "/api/v1/me"]) {
    rows.push([
      `${path} in a frame`,
      "refused",
      async () => {
        const { headers } = await send(server, "GET", path, { headers: { cookie: victim.forms.cookie } });
        const policy = headers["content-security-policy"].includes("frame-ancestors 'none'");
        return policy && headers["x-frame-options"] === "DENY" ? "refused" : "framed";
      },
    ]);
  }
  return rows;
}
