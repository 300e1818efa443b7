import type { Quote, SendMessage } from "./wire";

/** What somebody wrote, with what it replies to and the files that go with it. */
export interface Composed {
  message: SendMessage;
  quote?: Quote;
  files?: File[];
}
