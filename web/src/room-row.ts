// One of my rooms as a row of the list, in the server's own markup.

import { myId } from "./me";
import { paintAvatar } from "./people";
import { clone, part } from "./templates";
import type { Person, Room } from "./wire";

/** Later than any time: a room in which nothing was said yet, and that has just become mine. */
const NOW = "9";

/** Whom a direct conversation is with: the first of the others as its name has them, or myself. */
function partner({ name, people = [] }: Room): Person | undefined {
  const others = people.filter(({ id }) => id !== myId);
  return others.find((person) => person.name === name.split(", ")[0]) ?? others[0] ?? people[0];
}

/** Shows what the room is called, of what kind it is, and whether it is archived. */
export function paintRow(row: HTMLElement, room: Room): void {
  part(row, ".room-row-name").textContent = room.name;
  part(row, ".room-row-mark").hidden = room.kind !== "private";
  row.classList.toggle("is-archived", room.archived);
  const face = row.querySelector<HTMLElement>(".avatar");
  const whom = room.kind === "direct" ? partner(room) : undefined;
  if (face && whom) paintAvatar(face, whom);
  else face?.remove();
}

/** The list's entry for a room that the page did not have. */
export function rowItem(room: Room): HTMLElement {
  const item = clone("room-row-template");
  const row = part<HTMLAnchorElement>(item, ".room-row");
  row.href = `/room/${room.room}`;
  row.dataset.room = room.room;
  row.dataset.seq = String(room.last_seq);
  const people = room.members === 1 ? "Only you so far" : `${room.members} people`;
  part(row, ".room-row-excerpt").textContent = people;
  paintRow(row, room);
  return item;
}

function placeOf(item: Element): { top: boolean; at: string } {
  const row = part<HTMLElement>(item, ".room-row");
  const at = part<HTMLTimeElement>(row, ".room-row-time").dateTime;
  return { top: row.dataset.favourite === "true", at };
}

/** Puts an entry where the server would: favourites first, and in each group the newest on top. */
export function placeRow(list: Element, item: HTMLElement, isNew = false): void {
  const { top, at: said } = placeOf(item);
  const at = isNew && said === "" ? NOW : said;
  const next = [...list.children].find((other) => {
    const place = placeOf(other);
    return other !== item && (place.top === top ? place.at < at : top);
  });
  list.insertBefore(item, next ?? null);
}
