// The pictures of the README, made only when PARLOR_SCREENSHOTS=1 asks for them, so that a test run leaves the tree as it is.
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Person } from "../clients/support/person.mjs";
import { DESK, message, PHONE, Stage } from "./support/browser.mjs";
import { portrait } from "./support/portrait.mjs";

const WANTED = process.env.PARLOR_SCREENSHOTS === "1";
const FOLDER = fileURLToPath(new URL("../../docs/screenshots/", import.meta.url));

const TALK = [
  ["maya", "Morning all. The courtyard is ours from eight on Saturday"],
  ["maya", "The caretaker leaves the gate open, and there is power by the fountain"],
  ["jonas", "Great. I can bring the two long tables and the coffee urn"],
  ["priya", "Cakes so far: lemon, plum crumble, one without nuts. Add yours: https://example.org/fair/cakes"],
  ["tom", "Put me down for flapjacks"],
  ["tom", "🥧"],
  ["elif", "Who takes the bike repair stand in the morning? I can do twelve to four, but not before"],
  ["jonas", "I will do ten to twelve. Somebody please bring a pump that works this time"],
  ["elif", "Deal. The pump is new, I promise"],
  [
    "maya",
    "Lovely. I'll put the plan on the door tonight, so shout by six if something is missing:\n10:00 tables and coffee\n11:00 cakes\n12:00 bikes, until the last one rolls",
  ],
  ["priya", "One more thing: the forecast has a shower around two. Do we still have the big tarp?"],
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
  for (const [who, data] of lines) await people[who].api("POST", `/rooms/${code}/messages`, { data });
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
});
after(async () => {
  await stage?.close();
  if (fonts) await rm(fonts, { recursive: true, force: true });
});

const open = (t, options) => stage.page(t, { deviceScaleFactor: 2, ...options });
const save = (page, name) => page.screenshot({ path: `${FOLDER}${name}.png` });

/** The pictures of a page are loaded and its connection stands. */
async function settle(page) {
  await page.waitForLoadState("networkidle");
  await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
}

test("the room on a desk, in light and dark, and on a phone", { skip: !WANTED }, async (t) => {
  for (const name of ["jonas", "priya", "tom"]) await people[name].socket(t);
  const writer = await people.tom.inRoom(t, room);
  for (const [name, viewport, colorScheme] of [
    ["room-light", DESK, "light"],
    ["room-dark", DESK, "dark"],
    ["room-phone", PHONE, "light"],
  ]) {
    const page = await open(t, { viewport, colorScheme, person: people.maya });
    await page.goto(`/room/${room}`);
    await message(page, TALK.at(-1)[1]).waitFor();
    await settle(page);
    writer.socket.emit("typing", { room, on: true });
    await page.getByText("tom is typing").waitFor();
    await save(page, name);
    writer.socket.emit("typing", { room, on: false });
    await page.close();
  }
});

test("home, login and profile", { skip: !WANTED }, async (t) => {
  for (const [name, path, person] of [
    ["home", "/", people?.maya],
    ["profile", "/profile", people?.maya],
    ["login", "/login", undefined],
  ]) {
    const page = await open(t, { person });
    await page.goto(path);
    await settle(page);
    await save(page, name);
  }
});
