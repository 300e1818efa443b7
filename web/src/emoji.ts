// Emoji by their names: the server's own list, fetched when it is first needed, and the dialog to choose one.

import type { EmojiPicker } from "./elements/emoji-picker";
import { best } from "./find";

/** One emoji as the server lists it: itself, its name, its short names. */
export type Emoji = [symbol: string, name: string, short: string[]];

const RECENT = "parlor:emoji";
const RECENT_AT_MOST = 16;
const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "😢", "🙏", "👀"];

let loading: Promise<Emoji[]> | undefined;

async function load(): Promise<Emoji[]> {
  const version = document.querySelector<HTMLScriptElement>('script[type="module"]')?.src.split("?")[1] ?? "";
  const answer = await fetch(`/assets/emoji.json?${version}`);
  if (!answer.ok) throw new Error("The emoji could not be loaded. Try again.");
  return (await answer.json()) as Emoji[];
}

/** All emoji, in the order of Unicode. */
export function allEmoji(): Promise<Emoji[]> {
  loading ??= load().catch((failure: unknown) => {
    loading = undefined;
    throw failure;
  });
  return loading;
}

/** Those whose name, or one of whose short names, fits what is typed; the best first. */
export async function findEmoji(typed: string, most: number): Promise<Emoji[]> {
  return best(await allEmoji(), typed, ([, name, short]) => [...short, name].join(" "), most);
}

/** Those that I chose lately, and the usual ones behind them. */
export function recentEmoji(): string[] {
  const kept = (localStorage.getItem(RECENT) ?? "").split(" ").filter(Boolean);
  return [...new Set([...kept, ...USUAL])].slice(0, RECENT_AT_MOST);
}

export function keepRecent(symbol: string): void {
  localStorage.setItem(RECENT, [symbol, ...recentEmoji().filter((other) => other !== symbol)].join(" "));
}

/** Lets somebody choose one; resolves with nothing when they do not. */
export function pickEmoji(): Promise<string | undefined> {
  const picker = document.querySelector<EmojiPicker>("emoji-picker");
  return picker ? picker.pick() : Promise.resolve(undefined);
}
