// How well a name fits what somebody types: the same for rooms, people and emoji.

/** Without case and accents, so that "mull" finds "Müller". */
export function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();
}

/** 3 where `name` begins with `typed`, 2 where one of its words does, 1 where it is within, 0 where it is not. Both are
 * {@link folded}. */
export function fit(name: string, typed: string): number {
  if (name.startsWith(typed)) return 3;
  if (name.split(/[\s_.-]+/).some((word) => word.startsWith(typed))) return 2;
  return name.includes(typed) ? 1 : 0;
}

/** Those of `all` that fit what was typed, best first, in their own order where they fit alike. */
export function best<T>(all: T[], typed: string, nameOf: (one: T) => string, most: number): T[] {
  const wanted = folded(typed.trim());
  if (wanted === "") return all.slice(0, most);
  return all
    .map((one) => ({ one, fits: fit(folded(nameOf(one)), wanted) }))
    .filter(({ fits }) => fits > 0)
    .sort((a, b) => b.fits - a.fits)
    .slice(0, most)
    .map(({ one }) => one);
}
