// Waits for what nothing tells of.

const WITHIN_MS = 15_000;

/** Waits until `look` yields something truthy. */
export async function eventually(look, what) {
  const end = performance.now() + WITHIN_MS;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (performance.now() > end) throw new Error(`not within ${WITHIN_MS} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 50));
  }
}
