// Builds the web client into web/dist: script and style bundled and minified, static files and the
// official Socket.IO client bundles copied beside them.
import { copyFile, cp, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const web = dirname(fileURLToPath(import.meta.url));
const dist = join(web, "dist");
const client = join(web, "..", "node_modules", "socket.io-client", "dist");
const bundles = ["socket.io.js", "socket.io.min.js", "socket.io.esm.min.js"];

await rm(dist, { recursive: true, force: true });
await mkdir(join(dist, "socket.io"), { recursive: true });

await build({
  entryPoints: [join(web, "src", "main.ts"), join(web, "worker", "sw.ts"), join(web, "styles", "main.css")],
  entryNames: "[name]",
  outdir: dist,
  bundle: true,
  minify: true,
  sourcemap: true,
  format: "esm",
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "warning",
});

for (const name of await readdir(join(web, "static"))) {
  await cp(join(web, "static", name), join(dist, name), { recursive: true });
}
for (const name of bundles.flatMap((bundle) => [bundle, `${bundle}.map`])) {
  await copyFile(join(client, name), join(dist, "socket.io", name));
}
