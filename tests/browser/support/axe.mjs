// What axe-core has to say about a page: nothing.
import assert from "node:assert/strict";
import AxeBuilder from "@axe-core/playwright";
import { fitsTheWidth } from "./browser.mjs";

/** axe-core finds nothing on the page as it stands, and it does not scroll sideways. */
export async function findsNothing(page, where) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map(
    ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`,
  );
  assert.deepEqual(found, [], where);
  await fitsTheWidth(page, where);
}
