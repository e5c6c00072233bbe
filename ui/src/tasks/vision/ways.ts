// The ways to ask about a picture: what each is, where it is open, which one fits by itself, and what it sends. Pure.
import type { ChatInput, Connection, RunInput } from "../../bindings";
import { chatParameters, textParameters } from "../../parameters/request";
import type { Destination, ParameterKey, Values } from "../../parameters/specs";

/** A way to ask. */
export type Way = "chat" | "question" | "caption" | "prompt";

/** What a way is, in words, and the task under which its models are listed. */
export interface WayRow {
  way: Way;
  label: string;
  about: string;
  models: string;
}

/** The ways, the main one first. */
export const WAYS: WayRow[] = [
  {
    way: "chat",
    label: "Chat",
    about: "Pictures and words go into a conversation that the model remembers.",
    models: "image_text_to_text",
  },
  {
    way: "question",
    label: "One question",
    about: "One picture and one question go out; a few words come back. It remembers nothing.",
    models: "visual_question_answering",
  },
  {
    way: "caption",
    label: "Caption",
    about: "The picture alone goes out; a sentence about it comes back. It takes no question.",
    models: "image_to_text",
  },
  {
    way: "prompt",
    label: "Raw prompt",
    about: "Pictures are written into a raw prompt, as Idefics2 on a TGI server reads it.",
    models: "image_text_to_text",
  },
];

const ROWS = Object.fromEntries(WAYS.map((row) => [row.way, row])) as Record<Way, WayRow>;

/** What a way is. */
export function rowOf(way: Way): WayRow {
  return ROWS[way];
}

/** Why a way is not open at a connection, one sentence; undefined where it is. */
export function closed(way: Way, kind: Connection["kind"]): string | undefined {
  if (way === "chat") return undefined;
  if (kind === "builtin") return "Built-in models answer in a chat.";
  if (way === "prompt" && kind !== "server") return "Only a server of your own takes pictures in a prompt.";
  return undefined;
}

/** Names by which models of a way are known that an inference server or the Hub does not tell apart. */
const KNOWN: { way: Way; is: RegExp; at?: Connection["kind"] }[] = [
  { way: "prompt", is: /idefics2?(?!3)/i, at: "server" },
  { way: "question", is: /\bvqa\b|-vqa|vilt/i },
  { way: "caption", is: /blip.*caption|vit-gpt2|git-(base|large)|trocr|pix2struct/i },
];

/** The way that fits a model at a connection. */
export function fitting(kind: Connection["kind"], model: string): Way {
  const known = KNOWN.find(({ way, is, at }) => is.test(model) && (!at || at === kind) && !closed(way, kind));
  return known?.way ?? "chat";
}

const ONLY: Partial<Record<Way, { keys: readonly ParameterKey[]; reason: string }>> = {
  caption: {
    keys: ["max_tokens", "temperature", "top_k", "top_p", "do_sample", "extra"],
    reason: "A caption takes no such parameter.",
  },
  question: { keys: ["extra"], reason: "One question takes no such parameter." },
};

/** The way in which a run asked. */
export function wayOf({ task }: RunInput): Way {
  const ways = {
    image_to_text: "caption",
    visual_question_answering: "question",
    text_generation: "prompt",
  } as const;
  return task in ways ? ways[task as keyof typeof ways] : "chat";
}

/** What counts of the parameters of a text where it is asked in this way. */
export function counts(way: Way): Pick<Destination, "task" | "only"> {
  return { task: way === "chat" ? "chat_completion" : "text_generation", only: ONLY[way] };
}

/** The picture and the question of a turn: Rust takes them from the conversation. */
const LAST = { image: "media:", question: "" };

/** What is sent in a turn; its words and pictures are filled in from the conversation. */
export function inputOf(way: Way, model: string, values: Values, to: Destination): RunInput {
  if (way === "chat") return { task: "chat_completion", model, messages: [], ...chatParameters(values, to) };
  if (way === "prompt") return { task: "text_generation", model, prompt: "", ...textParameters(values, to) };
  const { extra_body = {}, ...set } = chatParameters(values, to);
  if (way === "question") return { task: "visual_question_answering", model, ...LAST, extra_body };
  const { image } = LAST;
  return { task: "image_to_text", model, image, ...generation(set, values.do_sample), extra_body };
}

/** What is asked of each picture of a folder; the picture itself is put in for each row. */
export function folderInput(
  way: Way,
  model: string,
  words: string,
  values: Values,
  to: Destination,
): RunInput {
  const input = inputOf(way, model, values, to);
  if (input.task === "chat_completion") return { ...input, messages: [{ role: "user", content: words }] };
  if (input.task === "text_generation") return { ...input, prompt: words };
  return input.task === "visual_question_answering" ? { ...input, question: words } : input;
}

/** A caption's parameters: the length has a name of its own, the others stand together. */
function generation({ max_tokens, ...set }: Partial<ChatInput>, do_sample: boolean | undefined) {
  return {
    ...(max_tokens === undefined ? {} : { max_new_tokens: max_tokens }),
    generation_parameters: { ...set, ...(do_sample === undefined ? {} : { do_sample }) },
  };
}
