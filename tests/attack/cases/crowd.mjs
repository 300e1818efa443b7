// Very many at once: connections that never end their headers, sessions that nobody polls, and guesses at a password.
import { request } from "../../clients/support/request.mjs";
import { ends, open } from "../support/line.mjs";
import { send } from "../support/send.mjs";

export default function cases({ server, people }) {
  return [
    [
      "100 connections that never end their headers",
      "served, and they are closed",
      async () => {
        const held = await Promise.all(Array.from({ length: 100 }, () => open(server)));
        for (const socket of held) socket.write("GET / HTTP/1.1\r\nX: ");
        const { status } = await request(server, "GET", "/healthz");
        const ended = await Promise.all(held.map((socket) => ends(socket)));
        return `${status === 200 ? "served" : status}, and they are ${ended.every((end) => end === "closed") ? "closed" : "open"}`;
      },
    ],
    [
      "200 sessions of Engine.IO that nobody polls",
      "served",
      async () => {
        const path = "/socket.io/?EIO=4&transport=polling";
        const opened = await Promise.all(Array.from({ length: 200 }, () => send(server, "GET", path)));
        const fine = opened.every(({ status }) => [200, 503].includes(status));
        const { status } = await request(server, "GET", "/healthz");
        return fine && status === 200 ? "served" : `${status}`;
      },
    ],
    [
      "15 guesses at one password, and the right one behind them",
      "429 after 10 of 401",
      async () => {
        const body = (password) => JSON.stringify({ login: people.mallory.name, password });
        const headers = { "content-type": "application/json" };
        const statuses = [];
        for (let n = 0; n < 15; n += 1) {
          statuses.push(
            (await send(server, "POST", "/api/v1/tokens", { headers, body: body(`guess ${n}`) })).status,
          );
        }
        statuses.push(
          (await send(server, "POST", "/api/v1/tokens", { headers, body: body(people.mallory.password) }))
            .status,
        );
        const failed = statuses.filter((status) => status === 401).length;
        return statuses.at(-1) === 429 ? `429 after ${failed} of 401` : statuses.join(" ");
      },
    ],
  ];
}
