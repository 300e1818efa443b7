// What a reader sees of a message's HTML, in one line.

/** The words of HTML that the server made, blocks apart by a blank. Nothing in it runs or is fetched. */
export function words(html: string): string {
  const apart = html.replace(/<(?!\/?(?:a|code|del|em|span|strong)\b)/g, " <");
  const { body } = new DOMParser().parseFromString(apart, "text/html");
  return (body.textContent ?? "").replace(/\s+/g, " ").trim();
}
