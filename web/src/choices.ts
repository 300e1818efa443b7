// Where the quick switcher leads: my rooms, and people, with whom it opens a direct conversation.

import { myId } from "./me";
import { ask } from "./socket";
import { part } from "./templates";
import type { RoomState } from "./wire";

export interface Choice {
  /** Tells choices apart, also when they come again in a newer state. */
  key: string;
  name: string;
  note: string;
  mark: string;
  /** Resolves with the path that it leads to. */
  open(): Promise<string>;
}

function roomChoice(code: string, name: string, note: string, mark: string): Choice {
  const path = `/room/${code}`;
  return { key: path, name, note, mark, open: async () => path };
}

export function personChoice({ id, name }: { id: number; name: string }): Choice {
  const open = async () => `/room/${(await ask("direct", { users: [id] })).room.room}`;
  return { key: `@${id}`, name, note: "", mark: "@", open };
}

/** My rooms as the page lists them, for when there is no connection. */
export function rowsHere(): Choice[] {
  return [...document.querySelectorAll<HTMLElement>("a.room-row")].map((row) => {
    const name = part(row, ".room-row-name").textContent ?? "";
    return roomChoice(row.dataset.room ?? "", name, "", row.querySelector(".avatar") ? "@" : "#");
  });
}

/** The people whom this page shows. */
export function peopleHere(): Choice[] {
  const found = new Map<number, Choice>();
  for (const { dataset, textContent } of document.querySelectorAll<HTMLElement>("[data-name-of]")) {
    const [id, name] = [Number(dataset.nameOf), textContent?.trim() ?? ""];
    if (name && id > 0 && id !== myId) found.set(id, personChoice({ id, name }));
  }
  return [...found.values()];
}

/** My rooms as the server has them. */
export function roomsOf(states: RoomState[]): Choice[] {
  return states.map(({ room, unread }) => {
    const note = unread > 0 ? `${unread} unread` : room.topic;
    return roomChoice(room.room, room.name, note, room.kind === "direct" ? "@" : "#");
  });
}

/** `choices` without people who stand in it already by the conversation with them alone. */
export function eachOnce(choices: Choice[]): Choice[] {
  const direct = new Set(
    choices.flatMap(({ key, mark, name }) => (mark === "@" && key[0] === "/" ? name : [])),
  );
  return choices.filter(({ key, name }) => key[0] === "/" || !direct.has(name));
}
