// A short soft sound when somebody means me while I look elsewhere. Off until it is asked for, in each browser.

import { roomLookedAt } from "./active";
import { myId } from "./me";
import { socket } from "./socket";

const KEY = "parlor:sound";
/** Two notes, a fourth apart, in hertz. */
const NOTES = [587.33, 783.99];
const APART_S = 0.12;
const FADES_S = 0.45;
const LOUDNESS = 0.08;
/** Several pages of one browser sound once. */
const LOCK = "parlor-sound";

let audio: AudioContext | undefined;
const direct = new Set<string>();

export function soundIsOn(): boolean {
  return localStorage.getItem(KEY) === "on";
}

export function setSound(on: boolean): void {
  if (on) localStorage.setItem(KEY, "on");
  else localStorage.removeItem(KEY);
}

/** Sounds once, where the browser lets the page. */
export async function chime(): Promise<void> {
  audio ??= new AudioContext();
  await audio.resume();
  for (const [index, frequency] of NOTES.entries()) {
    const start = audio.currentTime + index * APART_S;
    const note = new OscillatorNode(audio, { frequency, type: "sine" });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.01);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + FADES_S);
    note.connect(volume).connect(audio.destination);
    note.start(start);
    note.stop(start + FADES_S);
  }
}

function tell(room: string): void {
  if (!soundIsOn() || roomLookedAt() === room) return;
  void navigator.locks.request(LOCK, { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    await chime();
    await new Promise((done) => setTimeout(done, 1000));
  });
}

/** Sounds for what mentions me and for what comes in a direct room. */
export function followSound(): void {
  socket.on("ready", ({ rooms }) => {
    direct.clear();
    for (const { room } of rooms) if (room.kind === "direct") direct.add(room.room);
  });
  socket.on("mention", ({ message }) => tell(message.room));
  socket.on("message", ({ room, user_id }) => {
    if (user_id !== myId && direct.has(room)) tell(room);
  });
}
