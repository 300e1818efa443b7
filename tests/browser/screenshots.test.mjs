// The pictures of the README, made only when PARLOR_SCREENSHOTS=1 asks for them, so that a test run leaves the tree as it is.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Person } from "../clients/support/person.mjs";
import { request } from "../clients/support/request.mjs";
import { message, SIZES, Stage } from "./support/browser.mjs";
import { addPasskey, byName, withDevice } from "./support/passkeys.mjs";
import { portrait } from "./support/portrait.mjs";

const WANTED = process.env.PARLOR_SCREENSHOTS === "1";
const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

/** Who says what; `to` replies to the line of that number, `reactions` are who answers with what. */
const TALK = [
  ["maya", "Morning all. The courtyard is ours **from eight** on Saturday"],
  ["maya", "The caretaker leaves the gate open, and there is power by the fountain"],
  [
    "jonas",
    "Great. I can bring the two long tables and the coffee urn",
    { reactions: { "☕": ["maya", "tom"] } },
  ],
  ["elif", "Who takes the bike repair stand in the morning? I can do twelve to four, but not before"],
  ["jonas", "I will do ten to twelve. Somebody please bring a pump that works this time", { to: 3 }],
  ["elif", "Deal. The pump is new, I promise", { to: 3, reactions: { "😂": ["jonas", "maya", "priya"] } }],
  [
    "priya",
    "Cakes so far:\n- lemon\n- plum crumble\n- one *without nuts*\n\nAdd yours: https://example.org/fair/cakes",
  ],
  ["tom", "🥧"],
  [
    "maya",
    "Lovely. The plan for the door, shout by six if something is missing:\n```\n10:00  tables and coffee\n11:00  cakes\n12:00  bikes, until the last one rolls\n```",
    { pin: true, reactions: { "👍": ["jonas", "priya", "tom", "elif"], "❤️": ["elif"] } },
  ],
  ["priya", "One more thing, @jonas: the forecast has a shower around two. Do we still have the big tarp?"],
];
const ELSEWHERE = {
  "Kitchen rota": ["tom", "I swapped Thursday with Elif, the list is up to date"],
  "Bike repair": ["elif", "Two inner tubes left, I order ten more"],
  "Film night": ["priya", "Vote closes on Friday. So far: the one with the train"],
};

const SCENE = `<body style="margin:0"><svg viewBox="0 0 960 640" xmlns="http://www.w3.org/2000/svg">
  <defs><linearGradient id="sky" x2="0" y2="1"><stop stop-color="#f6c98f"/><stop offset="1" stop-color="#fbe9cf"/></linearGradient>
  <linearGradient id="wall" x2="1" y2="0"><stop stop-color="#b9775a"/><stop offset="1" stop-color="#d9a27c"/></linearGradient></defs>
  <rect width="960" height="640" fill="url(#sky)"/><circle cx="700" cy="120" r="56" fill="#fff3dc"/>
  <rect y="90" width="250" height="330" fill="url(#wall)"/><rect x="740" y="150" width="220" height="270" fill="#a8684f"/>
  ${[40, 110, 180].map((x) => `<rect x="${x}" y="140" width="36" height="56" fill="#6d4a41"/><rect x="${x}" y="250" width="36" height="56" fill="#f3d9a4"/>`).join("")}
  ${[780, 850, 910].map((x) => `<rect x="${x}" y="210" width="30" height="50" fill="#5c3d38"/>`).join("")}
  <path d="M0 420h960v220H0z" fill="#d8c3a0"/><path d="M0 470h960M0 540h960" stroke="#c5ac85" stroke-width="4"/>
  <path d="M250 60q230 70 490 100" stroke="#5c4a3d" stroke-width="3" fill="none"/>
  ${[300, 360, 420, 480, 540, 600, 660].map((x, n) => `<path d="M${x} ${78 + n * 12}l24 4-14 32z" fill="${["#2f7d78", "#c8553d", "#e9b44c"][n % 3]}"/>`).join("")}
  <path d="M60 420a90 70 0 0 1 180 0z" fill="#2f7d78"/><path d="M148 350h4v180h-4z" fill="#5c4a3d"/>
  ${[300, 520, 730].map((x) => `<path d="M${x} 455h150v18H${x}z" fill="#7d5a44"/><path d="M${x + 14} 473h10v70h-10zM${x + 126} 473h10v70h-10z" fill="#67493a"/><circle cx="${x + 50}" cy="446" r="13" fill="#c8553d"/><circle cx="${x + 90}" cy="447" r="11" fill="#e9b44c"/>`).join("")}
</svg></body>`;

/** A machine without a desktop takes DejaVu Sans, wide as it is, for the system's font; without it, Liberation Sans. */
const FONTS = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd"><fontconfig>
  <include>/etc/fonts/fonts.conf</include>
  <selectfont><rejectfont><glob>*/DejaVu*</glob></rejectfont></selectfont>
  <match target="pattern"><edit name="family" mode="append"><string>Liberation Sans</string></edit></match>
</fontconfig>`;

let fonts;
let stage;
let people;
let room;
let poster;
let direct;
const online = [];

async function gather() {
  fonts = await mkdtemp(join(tmpdir(), "parlor-fonts-"));
  await writeFile(join(fonts, "fonts.conf"), FONTS);
  stage = await Stage.open({}, { FONTCONFIG_FILE: join(fonts, "fonts.conf") });
  people = {};
  const context = await stage.browser.newContext();
  const page = await context.newPage();
  for (const name of ["maya", "jonas", "priya", "tom", "elif"]) {
    const person = await Person.register(stage.server, name);
    const bytes = await portrait(page, name);
    await person.forms.upload("/profile", "/profile/photo", "photo", {
      bytes,
      name: "me.png",
      type: "image/png",
    });
    people[name] = person;
  }
  await context.close();
}

/** A drawn afternoon in a courtyard, for a message to carry. */
async function photograph() {
  const page = await stage.browser.newPage({ viewport: { width: 960, height: 540 } });
  await page.setContent(SCENE);
  const buffer = await page.screenshot({ type: "jpeg", quality: 90 });
  await page.close();
  return buffer;
}

/** Uploads a file as `who`; answers with its id. */
async function upload(who, name, type, bytes) {
  const body = new FormData();
  body.set("file", new Blob([bytes], { type }), name);
  const { json, text } = await request(stage.server, "POST", "/api/v1/uploads", {
    headers: { authorization: `Bearer ${await who.token()}` },
    body,
  });
  if (!json?.attachment) throw new Error(text);
  return json.attachment.id;
}

/** A room with a picture, a list, and a conversation about both in a thread. */
async function pictures() {
  const files = [
    await upload(people.elif, "courtyard.jpg", "image/jpeg", await photograph()),
    await upload(people.elif, "plan.txt", "text/plain", Buffer.from("stands, tables, power\n".repeat(60))),
  ];
  const said = [
    ["elif", "Last year from my window, with the tables where we want them again", { attachments: files }],
    ["maya", "That is the one for the poster. May we use it?", { to: 0 }],
    [
      "tom",
      "The umbrella on the left is mine. I want it back",
      { to: 0, reactions: { "😂": ["maya", "elif"] } },
    ],
  ];
  return talk("Poster", "What hangs in the stairwell by Friday", said);
}

/** Jonas has been put in order, and Priya has told of it. */
async function order() {
  const { json } = await people.tom.api("POST", `/rooms/${room}/messages`, {
    data: "Cheap phones, today only, write to me",
  });
  await people.priya.api("POST", "/reports", { id: json.message.id, reason: "He sells things here again" });
  const measures = [
    { action: "mute", user: "tom", seconds: 86_400, reason: "No selling in this room" },
    { action: "set_role", user: "priya", role: "moderator" },
    { action: "ban", user: "robin", seconds: 604_800, reason: "Three warnings" },
    { action: "slow_mode", seconds: 30 },
  ];
  for (const measure of measures) await people.maya.api("POST", `/rooms/${room}/moderate`, measure);
  await people.maya.api("DELETE", `/messages/${json.message.id}`);
}

/** Everybody joins a room of Maya's, and says there what they have to say. */
async function talk(name, topic, lines) {
  const made = await people.maya.api("POST", "/rooms", { name, topic });
  const code = made.json.room.room;
  for (const person of Object.values(people)) await person.api("POST", `/rooms/${code}/join`);
  const ids = [];
  for (const [who, data, extras = {}] of lines) {
    const reply = extras.to === undefined ? undefined : ids[extras.to];
    const body = { data, reply_to: reply, attachments: extras.attachments };
    const { json } = await people[who].api("POST", `/rooms/${code}/messages`, body);
    ids.push(json.message.id);
    for (const [emoji, whose] of Object.entries(extras.reactions ?? {})) {
      const path = `/messages/${json.message.id}/reactions/${encodeURIComponent(emoji)}`;
      for (const one of whose) await people[one].api("PUT", path);
    }
    if (extras.pin) await people.maya.api("PUT", `/messages/${json.message.id}/pin`);
    if (extras.pin) await people.maya.api("PUT", `/messages/${json.message.id}/saved`);
  }
  return code;
}

before(async () => {
  if (!WANTED) return;
  await mkdir(FOLDER, { recursive: true });
  await gather();
  for (const [name, line] of Object.entries(ELSEWHERE)) await talk(name, "", [line]);
  room = await talk("Summer fair", "Saturday, ten to four, in the courtyard", TALK);
  await people.jonas.api("POST", "/rooms", { name: "Allotment", topic: "Plot 14: water, weeds, courgettes" });
  await people.tom.api("POST", "/rooms", { name: "Lost and found", topic: "" });
  poster = await pictures();
  const { json } = await people.maya.api("POST", "/direct", { users: ["elif"] });
  direct = json.room.room;
  const between = [
    [people.elif, "Are you still up? I have the keys to the shed"],
    [people.maya, "Wonderful. I fetch them before eight, with croissants"],
  ];
  for (const [who, data] of between) await who.api("POST", `/rooms/${direct}/messages`, { data });
  const last = (await people.maya.api("GET", `/rooms/${direct}/messages`)).json.messages.at(-1);
  await people.elif.api("POST", `/rooms/${direct}/read`, { id: last.id });
  people.newcomer = await Person.register(stage.server, "robin");
  for (const name of ["jonas", "priya", "tom"])
    online.push(await people[name].inRoom({ after: () => {} }, room));
});
after(async () => {
  for (const { socket } of online) socket.disconnect();
  await stage?.close();
  if (fonts) await rm(fonts, { recursive: true, force: true });
});

const LOOKS = [];
for (const [width, viewport] of Object.entries(SIZES)) {
  for (const colorScheme of ["light", "dark"]) {
    LOOKS.push({ width, viewport, colorScheme, name: `${colorScheme}-${width}` });
  }
}

/** The pictures of a page are loaded, the mouse is out of the way and its connection stands. */
async function settle(page) {
  await page.mouse.move(0, 0);
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
}

/** One state in light and dark, on a desk and on a phone: `arrange` leads to it. */
function state(
  name,
  path,
  {
    person = () => people.maya,
    arrange = async () => {},
    sizes = ["1280", "390"],
    baseURL = () => stage.server.url,
  } = {},
) {
  test(`${name}`, { skip: !WANTED }, async (t) => {
    for (const { width, viewport, colorScheme, name: look } of LOOKS) {
      if (!sizes.includes(width)) continue;
      const page = await stage.page(t, { viewport, colorScheme, person: person(), baseURL: baseURL() });
      await page.goto(path());
      await settle(page);
      await arrange(page);
      await page.mouse.move(0, 0);
      await page.screenshot({ path: `${FOLDER}${name}-${look}.jpg`, type: "jpeg", quality: 80 });
      await page.context().close();
    }
  });
}

const openPosterThread = async (page) => {
  await page.locator(".message-replies").first().click();
  await page.locator("thread-pane .message").nth(2).waitFor();
  await settle(page);
};
const openMeasures = async (page) => {
  await page.getByLabel("Keep order: jonas").click();
  await page.locator("#people-title").evaluate((title) => title.scrollIntoView());
};
const invite = async (page) => {
  await page.getByRole("button", { name: "Make invitation" }).click();
  await page.getByLabel("Link of the new invitation").waitFor();
};
const openThread = async (page) => {
  await message(page, TALK[3][1]).locator(".message-replies").click();
  await page.locator("thread-pane .message").nth(2).waitFor();
};
const addPasskeys = async (page) => {
  if (await page.locator(".passkey-list").isVisible()) return;
  for (const name of ["Phone", "Laptop"]) {
    const device = await withDevice(page);
    await addPasskey(page, name);
    await device.leave();
  }
  await page.goto("/settings/passkeys");
  await settle(page);
};
const openSwitcher = async (page) => {
  await page.keyboard.press("ControlOrMeta+K");
  await page.keyboard.type("f");
  await page.getByRole("option").first().waitFor();
};

state("login", () => "/login", { person: () => undefined });
state("home-empty", () => "/", { person: () => people.newcomer });
state("home", () => "/");
state("room", () => `/room/${room}`, { arrange: (page) => message(page, TALK.at(-1)[1]).waitFor() });
state("thread", () => `/room/${room}`, { arrange: openThread });
state("switcher", () => `/room/${room}`, { arrange: openSwitcher });
state("picture", () => `/room/${poster}`, { arrange: (page) => page.locator(".picture img").waitFor() });
state("picture-thread", () => `/room/${poster}`, { arrange: openPosterThread });
state("direct", () => `/room/${direct}`);
state("search", () => "/search?q=bring");
state("settings", () => `/room/${room}/settings`, { arrange: invite });
state("members", () => `/room/${room}/members`);
state("saved", () => "/saved");
state("profile", () => "/profile");
state("notifications", () => "/settings/notifications");
state("sessions", () => "/settings/sessions");
state("tokens", () => "/settings/tokens");
state("two-factor", () => "/settings/two-factor");
state("passkeys", () => "/settings/passkeys", {
  arrange: addPasskeys,
  baseURL: () => byName(stage.server),
});
state("data", () => "/settings/data");
state("recover", () => "/recover", { person: () => undefined });

test("order is kept", { skip: !WANTED }, order);
state("moderation", () => `/room/${room}/members`, { arrange: openMeasures });
state("room-log", () => `/room/${room}/log`);
state("admin", () => "/admin");
state("admin-invites", () => "/admin/invites", { arrange: invite });
state("admin-people", () => "/admin/people");
state("admin-person", () => "/admin/people/2");
state("admin-rooms", () => "/admin/rooms");
state("audit", () => "/admin/audit");
