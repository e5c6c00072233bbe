// Sends what came in one tab on to another: words to be said, painted or answered, a picture to be asked about, labelled
// or begun with. What was being written there can be had back.
import { layout } from "../frame/layout.svelte";
import { plainText } from "../shared/markdown/plain";
import { toast } from "../shared/toasts.svelte";
import { classify } from "./classify/classify.svelte";
import { image } from "./image/image.svelte";
import { shown } from "./image/shown.svelte";
import { speech } from "./speech/speech.svelte";
import { chat } from "./text/chat.svelte";
import { text } from "./text/text.svelte";
import { vision } from "./vision/vision.svelte";

/** Where something can go: a tab, what it is there, and the way. */
export interface Goal {
  /** The tab's id. */
  tab: string;
  /** What the thing will be there. */
  as: string;
  send: (what: string) => void;
}

/** Where words can go. They may be markdown. */
export const WORD_GOALS: Goal[] = [
  { tab: "text", as: "As a message in a new chat", send: toText },
  { tab: "image", as: "As the prompt", send: (words) => put(image, "prompt", plainText(words), "image") },
  { tab: "speech", as: "To be said aloud", send: (words) => put(speech, "text", plainText(words), "speech") },
  { tab: "classify", as: "As the text to label", send: toLabels },
];

/** Where a picture can go, by its `media:` address. */
export const PICTURE_GOALS: Goal[] = [
  {
    tab: "image",
    as: "As the start picture",
    send: (address) => go("image", () => shown.startWith(address)),
  },
  { tab: "vision", as: "To ask about it", send: (address) => go("vision", () => vision.take([address])) },
  { tab: "classify", as: "To label it", send: (address) => go("classify", () => classify.take(address)) },
];

function go(tab: string, how: () => unknown): void {
  layout.open(tab);
  void how();
}

function toText(words: string): void {
  layout.open("text");
  text.mode = "chat";
  chat.fresh();
  const before = chat.draft;
  chat.draft = words;
  offerBack(before, words, () => {
    chat.fresh();
    chat.draft = before;
  });
}

function toLabels(words: string): void {
  const before = classify.text;
  layout.open("classify");
  classify.takeText(plainText(words));
  offerBack(before, plainText(words), () => (classify.text = before));
}

/** Writes words into a box of a tab. */
function put<K extends string>(box: Record<K, string>, name: K, words: string, tab: string): void {
  const before = box[name];
  layout.open(tab);
  box[name] = words;
  offerBack(before, words, () => (box[name] = before));
}

/** What stood there before is not lost. */
function offerBack(before: string, now: string, back: () => void): void {
  if (before.trim() === "" || before === now) return;
  toast("What you were writing was replaced.", { action: { label: "Undo", run: back } });
}
