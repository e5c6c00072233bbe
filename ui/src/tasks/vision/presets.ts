// Questions that are asked often, in words that models follow well. They are written into the box and can be changed there.

/** A question by its name. */
export interface Question {
  name: string;
  text: string;
}

/** The questions, in the order of their chips. */
export const QUESTIONS: Question[] = [
  { name: "Caption", text: "Write one short sentence that says what this picture shows." },
  {
    name: "Alt text",
    text: "Write alt text for this picture: what matters in it, in one or two plain sentences, for somebody who cannot see it. Do not begin with “image of”.",
  },
  {
    name: "Describe in detail",
    text: "Describe this picture in detail: what is in it and where, the colours, the light and the mood.",
  },
  {
    name: "Read the text",
    text: "Write down all text in this picture exactly as it stands, line by line. If there is none, say so.",
  },
  {
    name: "Limerick",
    text: "Write a limerick about this picture: five lines that rhyme AABBA.",
  },
  {
    name: "List the objects",
    text: "List the objects in this picture, one line each, with how many of each there are.",
  },
];

/** What the box says after a chip: a question of the person's own stays, and the chip's follows it. */
export function withQuestion(draft: string, { text }: Question): string {
  const own = draft.trim();
  return own === "" || QUESTIONS.some((question) => question.text === own) ? text : `${own}\n${text}`;
}
