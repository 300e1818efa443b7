// <connection-line>: one calm line while there is no connection, and what to do when it cannot come back by itself.

import { socket } from "../socket";

const PATIENCE_MS = 5000;

export class ConnectionLine extends HTMLElement {
  private timer: ReturnType<typeof setTimeout> | undefined;

  connectedCallback(): void {
    socket.on("connect", () => this.clear());
    socket.on("disconnect", (reason) => {
      if (reason === "io server disconnect") this.ended();
      else this.wait();
    });
    socket.on("connect_error", (error) => {
      if (error.message === "unauthorized") this.ended();
      else if (error.message === "forbidden") this.refused();
      else this.wait();
    });
    if (!socket.connected) this.wait();
  }

  private clear(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.hidden = true;
    this.replaceChildren();
  }

  private wait(): void {
    this.timer ??= setTimeout(() => {
      this.hidden = false;
      this.replaceChildren("Reconnecting… what you write is kept");
    }, PATIENCE_MS);
  }

  /** The server ended this session; only logging in again helps. */
  private ended(): void {
    const here = encodeURIComponent(location.pathname);
    this.lead("You are logged out here; what you write is kept. ", "Log in again", `/login?next=${here}`);
  }

  /** The server asks this account for a second factor first. */
  private refused(): void {
    this.lead("Your account needs a second factor to go on. ", "Set it up", "/settings/two-factor");
  }

  private lead(text: string, words: string, path: string): void {
    this.clear();
    const link = document.createElement("a");
    link.href = path;
    link.textContent = words;
    this.hidden = false;
    this.replaceChildren(text, link);
  }
}
