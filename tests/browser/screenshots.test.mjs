// The pictures of the README, made only when PARLOR_SCREENSHOTS=1 asks for them, so that a test run leaves the tree as it is.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Person } from "../clients/support/person.mjs";
import { message, SIZES, Stage } from "./support/browser.mjs";
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

/** Everybody joins a room of Maya's, and says there what they have to say. */
async function talk(name, topic, lines) {
  const made = await people.maya.api("POST", "/rooms", { name, topic });
  const code = made.json.room.room;
  for (const person of Object.values(people)) await person.api("POST", `/rooms/${code}/join`);
  const ids = [];
  for (const [who, data, extras = {}] of lines) {
    const body = { data, reply_to: extras.to === undefined ? undefined : ids[extras.to] };
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

/** The pictures of a page are loaded and its connection stands. */
async function settle(page) {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
}

/** One state in light and dark, on a desk and on a phone: `arrange` leads to it. */
function state(
  name,
  path,
  { person = () => people.maya, arrange = async () => {}, sizes = ["1280", "390"] } = {},
) {
  test(`${name}`, { skip: !WANTED }, async (t) => {
    for (const { width, viewport, colorScheme, name: look } of LOOKS) {
      if (!sizes.includes(width)) continue;
      const page = await stage.page(t, { viewport, colorScheme, person: person() });
      await page.goto(path());
      await settle(page);
      await arrange(page);
      await page.screenshot({ path: `${FOLDER}${name}-${look}.jpg`, type: "jpeg", quality: 80 });
      await page.context().close();
    }
  });
}

const openThread = async (page) => {
  await message(page, TALK[3][1]).locator(".message-replies").click();
  await page.locator("thread-pane .message").nth(2).waitFor();
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
state("members", () => `/room/${room}/members`);
state("saved", () => "/saved");
state("profile", () => "/profile");
