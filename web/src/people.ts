// How a person is shown wherever the page names them: one place, so that a new name or photo shows everywhere.

import { myId } from "./me";
import { socket } from "./socket";
import type { User } from "./wire";

export interface Face {
  id: number;
  name: string;
  avatar?: string | null;
  /** Whether the account is gone. */
  deleted?: boolean | null;
}

/** The letter avatars' hues; `styles/avatar.css` names a colour for each. */
const HUES = 12;

function letterOf(name: string): string {
  return /[\p{L}\p{N}]/u.exec(name)?.[0].toUpperCase() ?? "?";
}

/** Shows a photo, or the first letter of the name, in an `.avatar`. */
export function paintAvatar(element: HTMLElement, face: Face): void {
  element.dataset.avatar = String(face.id);
  element.dataset.hue = String(face.id % HUES);
  if (!face.avatar) {
    element.replaceChildren(letterOf(face.name));
    return;
  }
  const photo = new Image(36, 36);
  photo.alt = "";
  photo.decoding = "async";
  photo.src = face.avatar;
  element.replaceChildren(photo);
}

/** Shows a name in an element that holds it, and points its link to the person's card; who is gone has none. */
export function paintName(element: HTMLElement, face: Face): void {
  element.dataset.nameOf = String(face.id);
  element.textContent = face.name;
  const link = element.closest("a");
  if (face.deleted) link?.removeAttribute("href");
  else if (link) link.href = `/u/${encodeURIComponent(face.name)}`;
}

function paintEverywhere(face: Face): void {
  for (const element of document.querySelectorAll<HTMLElement>(`[data-avatar="${face.id}"]`)) {
    paintAvatar(element, face);
  }
  for (const element of document.querySelectorAll<HTMLElement>(`[data-name-of="${face.id}"]`)) {
    paintName(element, face);
  }
  if (face.id !== myId) return;
  document.body.dataset.meName = face.name;
  if (face.avatar) document.body.dataset.meAvatar = face.avatar;
  else delete document.body.dataset.meAvatar;
}

function paintStatus(userId: number, status: User["status"]): void {
  const places = `.member[data-user-id="${userId}"], .person[data-user-id="${userId}"]`;
  for (const element of document.querySelectorAll<HTMLElement>(places)) {
    element.dataset.status = status;
    const word = element.querySelector(".member-status, .person-status");
    if (word) word.textContent = status;
  }
}

/** Keeps names, photos and status dots on the page as the server says they are. */
export function followPeople(): void {
  socket.on("profile_updated", (user) => {
    paintEverywhere(user);
    if (user.status) paintStatus(user.id, user.status);
  });
  socket.on("presence", (presence) => paintStatus(presence.user_id, presence.status));
  socket.on("ready", ({ me }) => {
    paintEverywhere(me);
    paintStatus(me.id, me.status);
  });
}
