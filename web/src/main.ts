// The web client's start: names the elements, then opens the connection for whoever is logged in.

import { followActivity } from "./active";
import { listenToActs } from "./acts";
import { openersOfDialogs } from "./dialogs";
import { ChatRoom } from "./elements/chat-room";
import { ConnectionLine } from "./elements/connection-line";
import { CopyField } from "./elements/copy-field";
import { EmojiPicker } from "./elements/emoji-picker";
import { FileStrip } from "./elements/file-strip";
import { MemberList } from "./elements/member-list";
import { MessageComposer } from "./elements/message-composer";
import { MessageList } from "./elements/message-list";
import { PanelToggle } from "./elements/panel-toggle";
import { PasswordStrength } from "./elements/password-strength";
import { PhotoField } from "./elements/photo-field";
import { PinnedList } from "./elements/pinned-list";
import { QuickSwitcher } from "./elements/quick-switcher";
import { RoomList } from "./elements/room-list";
import { SeenLine } from "./elements/seen-line";
import { SoundField } from "./elements/sound-field";
import { ThreadPane } from "./elements/thread-pane";
import { TypingLine } from "./elements/typing-line";
import { openPicturesHere } from "./lightbox";
import { myId } from "./me";
import { closeMenus } from "./menus";
import { keepOffline } from "./offline";
import { sendWhatWaits } from "./outgoing";
import { followPeople } from "./people";
import { listenToKeys } from "./shortcuts";
import { socket } from "./socket";
import { followSound } from "./sound";
import { heedOrder } from "./standing";

customElements.define("copy-field", CopyField);
customElements.define("quick-switcher", QuickSwitcher);
customElements.define("sound-field", SoundField);
customElements.define("password-strength", PasswordStrength);
customElements.define("photo-field", PhotoField);
customElements.define("panel-toggle", PanelToggle);
customElements.define("connection-line", ConnectionLine);
customElements.define("room-list", RoomList);
customElements.define("file-strip", FileStrip);
customElements.define("member-list", MemberList);
customElements.define("typing-line", TypingLine);
customElements.define("seen-line", SeenLine);
customElements.define("message-list", MessageList);
customElements.define("message-composer", MessageComposer);
customElements.define("emoji-picker", EmojiPicker);
customElements.define("pinned-list", PinnedList);
customElements.define("thread-pane", ThreadPane);
customElements.define("chat-room", ChatRoom);

closeMenus();
openPicturesHere();
followPeople();
heedOrder();
keepOffline();
openersOfDialogs();
listenToActs();
listenToKeys();
if (myId !== 0) {
  followActivity();
  followSound();
  sendWhatWaits();
  socket.connect();
}
