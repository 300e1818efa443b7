// <member-list>: who is in the room, as people come and go.

import { paintAvatar, paintName } from "../people";
import { follow, socket } from "../socket";
import { clone, part } from "../templates";
import type { Member, Role, User } from "../wire";

export class MemberList extends HTMLElement {
  connectedCallback(): void {
    // Alone on its page it is what listens to the room.
    if (this.dataset.seq) follow(this.dataset.room ?? "", Number(this.dataset.seq));
    socket.on("member_joined", ({ room, member }) => {
      if (room === this.dataset.room) this.add(member);
    });
    socket.on("member_updated", ({ room, member }) => {
      const row = room === this.dataset.room ? this.row(member.user.id) : undefined;
      if (row) this.showRole(row, member.user, member.role);
    });
    socket.on("member_left", ({ room, user_id }) => {
      if (room === this.dataset.room) this.row(user_id)?.remove();
    });
  }

  private row(userId: number): HTMLElement | undefined {
    return this.querySelector<HTMLElement>(`.member[data-user-id="${userId}"]`) ?? undefined;
  }

  private add({ user, role }: Member): void {
    if (this.row(user.id)) return;
    const row = clone("member-template");
    row.dataset.userId = String(user.id);
    row.dataset.status = user.status;
    paintAvatar(part(row, ".avatar"), user);
    paintName(part(row, ".member-name"), user);
    part(row, ".member-status").textContent = user.status;
    this.showRole(row, user, role);
    part(this, ".members").append(row);
  }

  private showRole(row: HTMLElement, user: User, role: Role): void {
    const word = part(row, ".member-role");
    word.textContent = user.guest ? "guest" : role;
    word.hidden = role === "member" && !user.guest;
  }
}
