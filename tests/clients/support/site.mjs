// A site of somebody else's on this machine: pages by their paths.
import { once } from "node:events";
import http from "node:http";
import { png } from "./png.mjs";

/** Answers each path of `pages` with its HTML, and `/picture.png` with a picture; everything else is not there. */
export async function site(t, pages) {
  const asked = [];
  const local = http.createServer(({ url }, response) => {
    asked.push(url);
    if (url === "/picture.png") {
      response.writeHead(200, { "content-type": "image/png" }).end(png(600, 315, [70, 130, 90]));
    } else if (pages[url]) {
      response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(pages[url]);
    } else {
      response.writeHead(404).end();
    }
  });
  local.listen(0, "127.0.0.1");
  await once(local, "listening");
  t.after(() => local.close());
  return { url: `http://127.0.0.1:${local.address().port}`, asked };
}

/** What a server needs to show previews of such a site. */
export const SHOWS_PREVIEWS = { "link-previews": true, "link-previews-of-private-addresses": true };
