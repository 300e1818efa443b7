// The web client's start: names the elements, then opens the connection for whoever is logged in.

import { ChatRoom } from "./elements/chat-room";
import { ConnectionLine } from "./elements/connection-line";
import { CopyField } from "./elements/copy-field";
import { MemberList } from "./elements/member-list";
import { MessageComposer } from "./elements/message-composer";
import { MessageList } from "./elements/message-list";
import { PanelToggle } from "./elements/panel-toggle";
import { PhotoField } from "./elements/photo-field";
import { RoomList } from "./elements/room-list";
import { TypingLine } from "./elements/typing-line";
import { myId } from "./me";
import { closeMenus } from "./menus";
import { keepOffline } from "./offline";
import { sendWhatWaits } from "./outgoing";
import { followPeople } from "./people";
import { socket } from "./socket";

customElements.define("copy-field", CopyField);
customElements.define("photo-field", PhotoField);
customElements.define("panel-toggle", PanelToggle);
customElements.define("connection-line", ConnectionLine);
customElements.define("room-list", RoomList);
customElements.define("member-list", MemberList);
customElements.define("typing-line", TypingLine);
customElements.define("message-list", MessageList);
customElements.define("message-composer", MessageComposer);
customElements.define("chat-room", ChatRoom);

closeMenus();
followPeople();
keepOffline();
if (myId !== 0) {
  sendWhatWaits();
  socket.connect();
}
