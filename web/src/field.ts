/** Says under a field what to do about what stands in it; an empty text takes that back. */
export function showProblem(field: HTMLTextAreaElement, place: HTMLElement, problem: string): void {
  place.hidden = problem === "";
  place.textContent = problem;
  field.setAttribute("aria-invalid", String(problem !== ""));
  if (problem === "") field.removeAttribute("aria-describedby");
  else field.setAttribute("aria-describedby", place.id);
}

/** For browsers without `field-sizing`: as high as its text. */
export function growWithText(field: HTMLTextAreaElement): void {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
