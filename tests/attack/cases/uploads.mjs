// Pictures that are bombs or none, files whose names lead elsewhere, and multipart bodies that do not add up.
import { deflateSync } from "node:zlib";
import { crc32 } from "../../clients/support/png.mjs";
import { outcome, send } from "../support/send.mjs";

function chunk(type, data) {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const whole = Buffer.alloc(body.length + 8);
  whole.writeUInt32BE(data.length);
  body.copy(whole, 4);
  whole.writeUInt32BE(crc32(body) >>> 0, body.length + 4);
  return whole;
}

/** A PNG of this size, which holds only so many rows of zeros. */
function png(width, height, rows = 0) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, 2], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.alloc(rows * (width * 3 + 1)));
  return Buffer.concat([signature, chunk("IHDR", head), chunk("IDAT", data), chunk("IEND", Buffer.alloc(0))]);
}

/** A GIF of many frames of one pixel on a canvas of this size. */
function gif(width, height, frames) {
  const head = Buffer.from([
    ...Buffer.from("GIF89a"),
    width & 255,
    width >> 8,
    height & 255,
    height >> 8,
    0x80,
    0,
    0,
    0,
    0,
    0,
    255,
    255,
    255,
  ]);
  const frame = Buffer.from([0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  return Buffer.concat([head, ...Array(frames).fill(frame), Buffer.from([0x3b])]);
}

const BOUNDARY = "----boundary";

function part(name, { filename, type = "application/octet-stream", bytes }) {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"; filename="${filename}"\r\nContent-Type: ${type}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), Buffer.from(bytes), Buffer.from("\r\n")]);
}

const END = Buffer.from(`--${BOUNDARY}--\r\n`);

export default async function cases({ server, people }) {
  const token = await people.mallory.token();
  const headers = {
    authorization: `Bearer ${token}`,
    "content-type": `multipart/form-data; boundary=${BOUNDARY}`,
  };
  const photo = (filename, type, bytes) => async () =>
    outcome(
      await send(server, "PUT", "/api/v1/me/photo", {
        headers,
        body: Buffer.concat([part("photo", { filename, type, bytes }), END]),
      }),
    );
  const file = (filename, type, bytes) => async () => {
    const answer = await send(server, "POST", "/api/v1/uploads", {
      headers,
      body: Buffer.concat([part("file", { filename, type, bytes }), END]),
    });
    if (answer.status !== 201) return outcome(answer);
    const { attachment } = JSON.parse(answer.text);
    const served = await send(server, "GET", attachment.url, {
      headers: { authorization: `Bearer ${token}`, cookie: people.mallory.forms.cookie },
    });
    const policy = served.headers["content-security-policy"] ?? "";
    const sandboxed = policy.includes("sandbox") && served.headers["x-content-type-options"] === "nosniff";
    const plain = !/[\r\n\0/\\]/.test(attachment.name);
    const saved = /^attachment/.test(served.headers["content-disposition"] ?? "");
    return `201, ${served.status} ${sandboxed && plain && saved ? "only saved" : JSON.stringify([policy, attachment.name, served.headers["content-disposition"]])}`;
  };
  const raw =
    (body, type = headers["content-type"]) =>
    async () =>
      outcome(
        await send(server, "POST", "/api/v1/uploads", {
          headers: { ...headers, "content-type": type },
          body,
        }),
      );
  const refused = ["400 invalid", "422 invalid", "413 too_large", "422 too_large"];
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>';
  const html = "<script>alert(document.domain)</script>";
  return [
    [
      "a photo of 60,000 × 60,000 pixels in 70 bytes",
      refused,
      photo("a.png", "image/png", png(60_000, 60_000)),
    ],
    [
      "a photo of 4 thousand million pixels a side",
      refused,
      photo("a.png", "image/png", png(0xffffffff, 0xffffffff)),
    ],
    ["a photo of no pixels", refused, photo("a.png", "image/png", png(0, 0))],
    [
      "a photo of 6,000 × 7,000 pixels that unpacks to 126 MB",
      refused,
      photo("a.png", "image/png", png(6000, 7000, 7000)),
    ],
    ["a photo with half its rows", refused, photo("a.png", "image/png", png(100, 100, 50))],
    ["an animation of 3,000 large frames", refused, photo("a.gif", "image/gif", gif(10_000, 10_000, 3000))],
    ["a photo that is HTML", refused, photo("a.png", "image/png", Buffer.from(html))],
    ["a photo that is SVG", refused, photo("a.svg", "image/svg+xml", Buffer.from(svg))],
    ["a photo with another ending", refused, photo("a.php", "image/png", png(2, 2, 2))],
    ["a photo with two endings", refused, photo("a.png.exe", "image/png", png(2, 2, 2))],
    ["a photo of nothing", refused, photo("a.png", "image/png", Buffer.alloc(0))],
    ["a photo past the limit", refused, photo("a.png", "image/png", Buffer.alloc(5 * 1024 * 1024 + 1))],
    ["half of a signature", refused, photo("a.png", "image/png", Buffer.from([0x89, 0x50, 0x4e]))],
    [
      "a JPEG that only begins",
      refused,
      photo("a.jpg", "image/jpeg", Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16])),
    ],
    ["a file of HTML", "201, 200 only saved", file("a.html", "text/html", Buffer.from(html))],
    ["a file of SVG", "201, 200 only saved", file("a.svg", "image/svg+xml", Buffer.from(svg))],
    ["HTML that says it is a picture", "201, 200 only saved", file("a.png", "image/png", Buffer.from(html))],
    ["a program", "201, 200 only saved", file("a.exe", "application/x-msdownload", Buffer.from("MZ"))],
    [
      "a script for workers",
      "201, 200 only saved",
      file("sw.js", "text/javascript", Buffer.from("self.onfetch=0")),
    ],
    [
      "a name that leads up",
      "201, 200 only saved",
      file("../../../etc/passwd", "text/plain", Buffer.from("x")),
    ],
    [
      "a name that leads up, another way",
      "201, 200 only saved",
      file("..\\\\..\\\\win.ini", "text/plain", Buffer.from("x")),
    ],
    [
      "a name of a hundred kilobytes",
      ["201, 200 only saved", ...refused],
      file("a".repeat(6000), "text/plain", Buffer.from("x")),
    ],
    [
      "a name that turns letters round",
      "201, 200 only saved",
      file("\u00e2\u0080\u00aegnp.exe", "text/plain", Buffer.from("x")),
    ],
    ["no file at all", refused, raw(END)],
    ["no end", [...refused, "closed"], raw(part("file", { filename: "a", bytes: "x" }).subarray(0, 60))],
    ["no boundary", [...refused, "415 invalid"], raw(END, "multipart/form-data")],
    ["another boundary", refused, raw(END, "multipart/form-data; boundary=other")],
    ["a part without a name", refused, raw(Buffer.concat([Buffer.from(`--${BOUNDARY}\r\n\r\nx\r\n`), END]))],
    [
      "a part whose headers never end",
      refused,
      raw(Buffer.from(`--${BOUNDARY}\r\n${"X: y\r\n".repeat(20_000)}`)),
    ],
    [
      "ten thousand parts",
      refused,
      raw(
        Buffer.concat([
          ...Array(10_000).fill(
            Buffer.from(`--${BOUNDARY}\r\nContent-Disposition: form-data; name="x"\r\n\r\ny\r\n`),
          ),
          END,
        ]),
      ),
    ],
  ];
}
