// Where a message's menu leads in a room: to the composer of the conversation, or to the thread pane and its own.

import type { RoomAct } from "./acts";
import type { MessageComposer } from "./elements/message-composer";
import type { ThreadPane } from "./elements/thread-pane";
import { toastFailure } from "./toast";

/** Takes what menus ask for to `composer` or `pane`. */
export function routeActs(composer: MessageComposer, pane: ThreadPane | null): void {
  document.addEventListener("message-act", (event) => {
    const { action, article } = (event as CustomEvent<{ action: RoomAct; article: HTMLElement }>).detail;
    if (action === "thread") void pane?.open(Number(article.dataset.id), article);
    else if (pane?.contains(article)) pane.compose(action, article);
    else if (action === "reply") composer.reply(article);
    else composer.edit(article).catch(toastFailure);
    event.preventDefault();
  });
}
