// Packets over a WebSocket, from somebody who is logged in, that no client sends.
import { Culprit } from "../support/culprit.mjs";

const BYTES = Buffer.from([1, 2, 3]);
const nested = (open, close) =>
  `42["message",{"room":"lobby","data":${open.repeat(100_000)}${close.repeat(100_000)}}]`;

const ROWS = [
  ["closed", "binary that nobody announced", [BYTES]],
  ["closed", "a count past the limit", ['4511-["message",{"_placeholder":true,"num":0}]']],
  ["closed", "a count past every type", ['4599999999999999999999-["message"]']],
  ["closed", "a negative count", ['45-1-["message"]']],
  ["closed", "no count", ['45["message"]']],
  [
    "refused",
    "a placeholder that is not there",
    ['451-["message",{"data":{"_placeholder":true,"num":9}}]', BYTES],
  ],
  ["refused", "a negative placeholder", ['451-["message",{"data":{"_placeholder":true,"num":-1}}]', BYTES]],
  [
    "refused",
    "a placeholder that is text",
    ['451-["message",{"data":{"_placeholder":true,"num":"splice"}}]', BYTES],
  ],
  ["closed", "no event", ["42"]],
  ["closed", "an event of nothing", ["42[]"]],
  ["closed", "an event that is a number", ["42[7]"]],
  ["closed", "an event that is an object", ['42[{"toString":"foo"}]']],
  ["closed", "half an event", ['42["message",{"data":"unfin']],
  ["refused", "an event of the client's own", ['42["connect",{}]']],
  ["refused", "disconnecting", ['42["disconnecting",{}]']],
  ["refused", "an event of the server's", ['42["message_updated",{}]']],
  ["refused", "__proto__", ['42["__proto__",{}]']],
  ["refused", "constructor", ['42["constructor",{}]']],
  ["refused", "a name of 100,000 letters", [`42["${"n".repeat(100_000)}",{}]`]],
  ["refused", "a name of no letters", ['42["",{}]']],
  ["refused", "a thousand arguments", [`42["message"${",{}".repeat(1000)}]`]],
  ["refused", "arrays past every stack", [nested("[", "]")]],
  ["closed", "objects past every stack", [nested('{"a":', "}")]],
  [
    "refused",
    "a text of 900,000 letters",
    [`42["message",{"room":"lobby","data":"${"x".repeat(900_000)}"}]`],
  ],
  ["closed", "a packet past the limit", [`42["message",{"data":"${"x".repeat(1 << 20)}"}]`]],
  ["refused", "100,000 keys", [`42["message",{${'"a":0,'.repeat(100_000)}"data":"x"}]`]],
  ["closed", "a negative acknowledgement", ['42-1["rooms",{}]']],
  ["goes on", "an acknowledgement past every type", ['4218446744073709551616["rooms",{}]']],
  ["goes on", "an acknowledgement of nothing", ["431[1]"]],
  ["goes on", "a namespace that was not entered", ['42/admin,["rooms",{}]']],
  ["refused", "a namespace that there is not", ["40/admin,"]],
  ["goes on", "a second CONNECT", ["40"]],
  ["closed", "a CONNECT_ERROR", ["44{}"]],
  ["closed", "a type that there is not", ["47"]],
  ["closed", "an open packet", ["0{}"]],
  ["closed", "a close packet", ["1"]],
  ["closed", "an upgrade", ["5"]],
  ["closed", "a noop", ["6"]],
  ["closed", "no packet", ["x"]],
  ["closed", "nothing", [""]],
];

export default async function cases({ server, people }) {
  const token = await people.mallory.token();
  const after = (packets, look) => async () => {
    const culprit = await Culprit.connect(server, token);
    culprit.send(packets);
    return look(culprit);
  };
  const rows = ROWS.map(([expected, name, packets]) => [
    name,
    expected,
    after(packets, (culprit) => culprit.fate()),
  ]);
  // What comes on the heels of a goodbye may be answered; the connection ends all the same.
  const goodbye = after(["41", '42["rooms",{}]'], (culprit) => culprit.end());
  return [...rows, ["a goodbye, and more", "closed", goodbye]];
}
