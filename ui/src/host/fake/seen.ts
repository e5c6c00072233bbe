// What the fake sees in a picture and finds in a text: made of the question itself, so that the same gives the same.
import type { DetectedObject, Entity, Label, RunInput, RunOutput } from "../../bindings";
import { sizeOf } from "./pictures";

/** What the fake's seer answers. */
export type SeeingTask = Extract<
  RunInput["task"],
  | "image_to_text"
  | "visual_question_answering"
  | "image_classification"
  | "zero_shot_image_classification"
  | "object_detection"
  | "text_classification"
  | "token_classification"
  | "zero_shot_classification"
>;
/** What it is asked. */
export type SeeingInput = Extract<RunInput, { task: SeeingTask }>;
/** What it says. */
export type SeeingOutput = Extract<RunOutput, { task: SeeingTask }>;

const THINGS = ["tabby cat", "Egyptian cat", "lynx", "tiger cat", "remote control", "window screen", "quilt"];
const TONES = ["POSITIVE", "NEUTRAL", "NEGATIVE"];
const KINDS = ["PER", "LOC", "ORG"];

/** The answer to a question. */
export function seenIn(input: SeeingInput): SeeingOutput {
  const mark = markOf(JSON.stringify(input));
  switch (input.task) {
    case "image_to_text":
      return { task: input.task, generated_text: captionOf(mark) };
    case "visual_question_answering":
      return { task: input.task, answers: answersOf(mark) };
    case "image_classification":
      return { task: input.task, labels: labelled(THINGS, mark, input.top_k ?? 5) };
    case "zero_shot_image_classification":
      return { task: input.task, labels: labelled(input.candidate_labels, mark) };
    case "object_detection":
      return { task: input.task, objects: objectsIn(input.image) };
    case "text_classification":
      return { task: input.task, labels: labelled(TONES, mark, input.top_k ?? TONES.length) };
    case "zero_shot_classification":
      return {
        task: input.task,
        labels: labelled(input.candidate_labels, mark, undefined, input.multi_label),
      };
    case "token_classification":
      return { task: input.task, entities: entitiesIn(input.text) };
  }
}

/** A sentence about a picture. */
export function captionOf(mark: number): string {
  const light = ["at dusk", "in the morning sun", "under a grey sky"][mark % 3];
  return `A ${THINGS[mark % THINGS.length]} ${light}, seen from the side.`;
}

/** A number that hangs on every letter. */
export function markOf(text: string): number {
  let mark = 2_166_136_261;
  for (const letter of text) mark = Math.imul(mark ^ (letter.codePointAt(0) ?? 0), 16_777_619) >>> 0;
  return mark;
}

function answersOf(mark: number) {
  const answers = ["two", "yes", "on the sofa"];
  return labelled(answers, mark, 3).map(({ label, score }) => ({ answer: label, score }));
}

/** The best first. They add up to 1, but where each stands for itself. */
function labelled(names: string[], mark: number, most = names.length, apart = false): Label[] {
  const weights = names.map((name, at) => Math.exp((markOf(`${name}${mark}${at}`) % 500) / 100));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return names
    .map((label, at) => ({ label, score: (weights[at] ?? 0) / (apart ? 160 : all) }))
    .sort((a, b) => b.score - a.score)
    .slice(0, most);
}

/** Words with a capital that do not begin the text; places are in characters, not in UTF-16 units. */
function entitiesIn(text: string): Entity[] {
  return [...text.matchAll(/\p{Lu}[\p{L}\p{M}]+(?: \p{Lu}[\p{L}\p{M}]+)*/gu)].map(([word], at) => {
    const start = [...text.slice(0, text.indexOf(word))].length;
    const entity_group = KINDS[at % KINDS.length] ?? "PER";
    return { entity_group, score: 0.99 - at / 50, word, start, end: start + [...word].length };
  });
}

function objectsIn(image: string): DetectedObject[] {
  const [width, height] = sizeOf(image) ?? [640, 480];
  const box = (left: number, top: number, right: number, bottom: number) => ({
    xmin: Math.round(left * width),
    ymin: Math.round(top * height),
    xmax: Math.round(right * width),
    ymax: Math.round(bottom * height),
  });
  return [
    { label: "cat", score: 0.98, box: box(0.05, 0.1, 0.5, 0.95) },
    { label: "cat", score: 0.91, box: box(0.45, 0.15, 0.98, 0.9) },
    { label: "remote control", score: 0.64, box: box(0.1, 0.2, 0.25, 0.4) },
  ];
}
