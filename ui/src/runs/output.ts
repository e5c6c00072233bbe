// What a run asked and what came, whatever its task: the words of an answer, and which runs are the
// Text tab's.
import type { Part, Run, RunInput, RunOutput } from "../bindings";

/** What the Text tab asks. */
export type TextTask = Extract<RunInput, { task: "chat_completion" | "text_generation" }>;

/** A run of the Text tab. */
export type TextRun = Run & {
  input: TextTask;
  output: Extract<RunOutput, { task: "chat_completion" | "text_generation" }>;
};

/** Whether a run belongs to the Text tab. */
export function isText(input: RunInput): input is TextTask {
  return input.task === "chat_completion" || input.task === "text_generation";
}

/** Whether a run is one of the Text tab's. */
export function isTextRun(run: Run): run is TextRun {
  return isText(run.input);
}

/** What the Image tab asks. */
export type PaintingTask = Extract<RunInput, { task: "text_to_image" | "image_to_image" }>;

/** A run of the Image tab. */
export type PaintingRun = Run & {
  input: PaintingTask;
  output: Extract<RunOutput, { task: "text_to_image" | "image_to_image" }>;
};

/** Whether a run belongs to the Image tab. */
export function isPainting(input: RunInput): input is PaintingTask {
  return input.task === "text_to_image" || input.task === "image_to_image";
}

/** What the Speech tab asks. */
export type SpeakingTask = Extract<RunInput, { task: "text_to_speech" }>;

/** A run of the Speech tab. */
export type SpeakingRun = Run & {
  input: SpeakingTask;
  output: Extract<RunOutput, { task: "text_to_speech" }>;
};

/** Whether a run belongs to the Speech tab. */
export function isSpeaking(input: RunInput): input is SpeakingTask {
  return input.task === "text_to_speech";
}

/** What the Classify tab asks. */
export type ClassifyingTask = Extract<
  RunInput,
  {
    task:
      | "text_classification"
      | "token_classification"
      | "zero_shot_classification"
      | "image_classification"
      | "zero_shot_image_classification"
      | "object_detection";
  }
>;

const CLASSIFYING: readonly RunInput["task"][] = [
  "text_classification",
  "token_classification",
  "zero_shot_classification",
  "image_classification",
  "zero_shot_image_classification",
  "object_detection",
] satisfies ClassifyingTask["task"][];

/** Whether a run belongs to the Classify tab. */
export function isClassifying(input: RunInput): input is ClassifyingTask {
  return CLASSIFYING.includes(input.task);
}

/** An answer in words; rows of figures as they came; nothing for a picture or a sound. */
export function textOf(output: RunOutput): string {
  switch (output.task) {
    case "chat_completion":
    case "text_generation":
    case "automatic_speech_recognition":
      return output.text;
    case "image_to_text":
      return output.generated_text;
    case "summarization":
      return output.summary_text;
    case "translation":
      return output.translation_text;
    case "visual_question_answering":
      return output.answers[0]?.answer ?? "";
    case "text_to_image":
    case "image_to_image":
    case "text_to_speech":
      return "";
    default: {
      const { task: _, ...rest } = output;
      const some = Object.values(rest).some((value) =>
        Array.isArray(value) ? value.length > 0 : Boolean(value),
      );
      return some ? JSON.stringify(rest, null, 2) : "";
    }
  }
}

/** The address of a sound that came; empty where none did: `media:` alone names no file. */
export function soundOf(output: RunOutput | undefined): string {
  const address = output && "audio" in output ? output.audio : "";
  return address === "media:" ? "" : address;
}

const IN_WORDS: readonly string[] = [
  ...["chat_completion", "text_generation", "automatic_speech_recognition"],
  ...["image_to_text", "visual_question_answering", "summarization", "translation"],
];

/** Whether a task answers in words. */
export function answersInWords({ task }: RunInput | RunOutput): boolean {
  return IN_WORDS.includes(task);
}

/** An answer that is words to be read; nothing for figures, pictures and sounds. */
export function wordsOf(output: RunOutput): string {
  return answersInWords(output) ? textOf(output) : "";
}

/** What was asked in words, beside a picture or a sound. */
export function questionOf(input: RunInput): string {
  for (const name of ["prompt", "text", "question", "sentence"] as const) {
    const words = (input as Record<string, unknown>)[name];
    if (typeof words === "string") return words;
  }
  return "";
}

/** Whether a run belongs to the Vision tab: it asks about pictures in words. */
export function isSeeing(input: RunInput): boolean {
  return answersInWords(input) && picturesAsked(input).length > 0;
}

/** A picture in a prompt for TGI: Idefics2's form. */
const IN_PROMPT = /!\[\]\((media:[^)\s]+)\)/g;

/** The pictures that a run was asked about; of a chat those that were shown last. */
export function picturesAsked(input: RunInput): string[] {
  if (input.task === "text_generation")
    return [...input.prompt.matchAll(IN_PROMPT)].map(([, url = ""]) => url);
  if (input.task !== "chat_completion") return "image" in input && !isPainting(input) ? [input.image] : [];
  const said = input.messages.filter(({ role }) => role === "user").map(({ content }) => content);
  const last = said.findLast((content) => typeof content !== "string" && content.some(isPicture));
  return typeof last === "object"
    ? last.flatMap((part) => (isPicture(part) ? [part.image_url.url] : []))
    : [];
}

function isPicture(part: Part): part is Extract<Part, { type: "image_url" }> {
  return part.type === "image_url";
}
