// Draws the installed app's icons out of static/favicon.svg with Chromium: `node web/icons.mjs CHROMIUM`, once, when the
// drawing changes. They are kept beside it, since a build machine has no browser.
import { readFile, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const [executablePath = "/usr/bin/chromium"] = process.argv.slice(2);
const svg = await readFile(new URL("static/favicon.svg", import.meta.url), "utf8");
/** Without rounded corners, and small enough for any shape that a system cuts out (the middle 80%). */
const maskable = svg
  .replace(' rx="8"', "")
  .replace("translate(4 4)", "translate(7 7) scale(.75)")
  .replaceAll("<svg ", '<svg shape-rendering="geometricPrecision" ');

const browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
const page = await browser.newPage();
for (const [name, drawing, size] of [
  ["icon-180", maskable, 180],
  ["icon-192", svg, 192],
  ["icon-512", svg, 512],
  ["icon-maskable-512", maskable, 512],
]) {
  await page.setViewportSize({ width: size, height: size });
  await page.setContent(`<style>body{margin:0}svg{display:block;width:100vw;height:100vh}</style>${drawing}`);
  const bytes = await page.screenshot({ type: "png", omitBackground: true });
  await writeFile(new URL(`static/icons/${name}.png`, import.meta.url), bytes);
}
await browser.close();
