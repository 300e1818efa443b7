// Clones of the page's `<template>`s: the same markup that the server renders.

/** A fresh copy of the first element in the template `id`. */
export function clone(id: string): HTMLElement {
  const template = document.getElementById(id);
  const first = template instanceof HTMLTemplateElement ? template.content.firstElementChild : null;
  if (!first) throw new Error(`The page has no template ${id}.`);
  return document.importNode(first, true) as HTMLElement;
}

/** The one element in `root` that the page's markup promises. */
export function part<T extends Element = HTMLElement>(root: ParentNode, selector: string): T {
  const found = root.querySelector<T>(selector);
  if (!found) throw new Error(`The page has no ${selector}.`);
  return found;
}
