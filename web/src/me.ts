// Who looks at the page, as the server wrote it on the body.

const body = document.body.dataset;

/** The id of whoever is logged in; 0 when nobody is. */
export const myId = Number(body.me ?? 0);

export function myName(): string {
  return document.body.dataset.meName ?? "";
}

export function myAvatar(): string | null {
  return document.body.dataset.meAvatar ?? null;
}
