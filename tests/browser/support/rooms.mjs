// What several stories do with rooms and messages.
import { message } from "./browser.mjs";

/** A row of the list of rooms. */
export const row = (page, code) => page.locator(`.room-row[data-room="${code}"]`);

/** The code of the room on the page. */
export const codeOf = (page) => new URL(page.url()).pathname.split("/")[2];

/** A message that the server has. */
export const sent = (page, text) => message(page, text).and(page.locator(".message[data-id]:not(.pending)"));

/** Opens the menu of a message, as a mouse does. */
export async function menu(page, text) {
  const article = sent(page, text);
  await article.hover();
  await article.getByLabel("What to do with this message").click();
  return article.locator(".actions-sheet");
}

export async function choose(page, text, action) {
  await (await menu(page, text)).getByText(action, { exact: true }).click();
}

/** Brings `who` into the room by the form on its page of people. */
export async function add(page, code, who) {
  await page.goto(`/room/${code}/members`);
  await page.getByLabel("Name", { exact: true }).fill(who.name);
  await page.getByRole("button", { name: "Add to the room" }).click();
  await page.locator(".member-name").getByText(who.name, { exact: true }).waitFor();
}
