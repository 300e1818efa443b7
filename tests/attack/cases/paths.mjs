// Paths that lead out of what is served, or to what is nobody's business.
import { raw } from "../support/line.mjs";

const PATHS = [
  "/../../../../etc/passwd",
  "/assets/../../../../etc/passwd",
  "/assets/..%2f..%2f..%2fetc%2fpasswd",
  "/assets/%2e%2e/%2e%2e/parlor.db",
  "/assets/%252e%252e%252fparlor.db",
  "/assets/..\\..\\parlor.db",
  "/assets/..%5c..%5cparlor.db",
  "/assets/%c0%ae%c0%ae/parlor.db",
  "/assets/....//....//parlor.db",
  "/assets//etc/passwd",
  "/assets/%00",
  "/assets/a.css%00.png",
  "/uploads/../parlor.db",
  "/uploads/..%2fparlor.db",
  "/uploads/%2fetc%2fpasswd",
  "/uploads/1%00",
  "/uploads/-1",
  "/uploads/99999999999999999999",
  "/uploads/1'%20OR%201=1--",
  "/socket.io/../../parlor.db",
  "/socket.io/..%2f..%2fparlor.db",
  "/socket.io/socket.io.js%00",
  "/parlor.db",
  "/parlor.db-wal",
  "/parlor.sock",
  "/certs/key.pem",
  "/.git/config",
  "/.env",
  "/metrics",
  "/debug/pprof",
  "/server-status",
  "/wp-login.php",
  "/cgi-bin/sh",
  "//evil.example/",
  "/;/login",
  "/api/v1/../../parlor.db",
  "/api/v2/users",
  "/room/../parlor.db",
  "/room/%00",
  "/room/' OR 1=1--",
  "/u/%3Cscript%3E",
  "/invite/%2e%2e%2f",
  "/setup/%00",
  `/${"../".repeat(500)}etc/passwd`,
  `/${"%2e%2e/".repeat(500)}`,
];

/** Where a path names a page for people who are logged in, whoever is not is sent to the login. */
const LOGIN = /^\/(uploads|room|u)\//;

export default function cases({ server }) {
  const host = new URL(server.url).host;
  return PATHS.map((path) => {
    const target = path.replaceAll(" ", "%20");
    const request = `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    const expected = LOGIN.test(path)
      ? ["404 closed", "303 closed", "400 closed"]
      : ["404 closed", "400 closed"];
    return [path.slice(0, 60), expected, () => raw(server, request)];
  });
}
