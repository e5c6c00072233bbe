// What the empty Vision tab offers: pictures with a question.
import { CAT, CHART, type ExamplePicture, HARBOUR, SIGN } from "../../pictures/examples";
import { QUESTIONS } from "./presets";

/** A picture and what to ask about it. */
export interface Example {
  title: string;
  picture: ExamplePicture;
  prompt: string;
}

/** The examples. */
export const EXAMPLES: Example[] = [
  { title: "What is this?", picture: CAT, prompt: questionOf("Caption") },
  { title: "A limerick", picture: HARBOUR, prompt: questionOf("Limerick") },
  { title: "Read a sign", picture: SIGN, prompt: questionOf("Read the text") },
  {
    title: "Ask about a chart",
    picture: CHART,
    prompt: "In which month were the most books read, and how many?",
  },
];

function questionOf(name: string): string {
  return QUESTIONS.find((question) => question.name === name)?.text ?? "";
}
