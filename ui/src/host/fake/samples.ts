// One run of each task that has no tab of its own yet, so that History can be looked at with all of them.
import type { Run, RunInput, RunOutput } from "../../bindings";

const EN = "Ada Lovelace wrote the first program in London.";
const WAV = `data:audio/wav;base64,${"A".repeat(16_000)}`;

const ASKED: [RunInput, RunOutput][] = [
  [
    { task: "text_to_speech", model: "hexgrad/Kokoro-82M", text: "There was an old man with a beard." },
    { task: "text_to_speech", audio: WAV },
  ],
  [
    {
      task: "automatic_speech_recognition",
      model: "openai/whisper-large-v3",
      audio: WAV,
      return_timestamps: true,
    },
    {
      task: "automatic_speech_recognition",
      text: "It is just as I feared. Two owls and a hen.",
      chunks: [
        { text: "It is just as I feared.", timestamp: [0, 2.4] },
        { text: "Two owls and a hen.", timestamp: [2.4, null] },
      ],
    },
  ],
  [
    {
      task: "text_classification",
      model: "distilbert-sst-2",
      text: "What a lovely lantern.",
      extra_body: {},
    },
    {
      task: "text_classification",
      labels: [
        { label: "POSITIVE", score: 0.9987 },
        { label: "NEGATIVE", score: 0.0013 },
      ],
    },
  ],
  [
    {
      task: "token_classification",
      ...{ model: "dslim/bert-base-NER", text: EN, ignore_labels: [], extra_body: {} },
    },
    {
      task: "token_classification",
      entities: [
        { entity_group: "PER", score: 0.998, word: "Ada Lovelace", start: 0, end: 12 },
        { entity_group: "LOC", score: 0.99, word: "London", start: 40, end: 46 },
      ],
    },
  ],
  [
    { task: "question_answering", model: "roberta-squad2", question: "Where?", context: EN, extra_body: {} },
    { task: "question_answering", answers: [{ answer: "London", score: 0.93, start: 40, end: 46 }] },
  ],
  [
    {
      task: "fill_mask",
      ...{ model: "bert-base", text: "An owl and a [MASK].", targets: [], extra_body: {} },
    },
    {
      task: "fill_mask",
      masks: [
        [
          { score: 0.31, sequence: "an owl and a cat.", token_str: "cat" },
          { score: 0.12, sequence: "an owl and a hen.", token_str: "hen" },
        ],
      ],
    },
  ],
  [
    {
      task: "sentence_similarity",
      model: "all-MiniLM-L6-v2",
      sentence: "A beard full of birds",
      other_sentences: ["Owls nest in a beard", "The price of steel rose"],
      extra_body: {},
    },
    { task: "sentence_similarity", scores: [0.71, 0.04] },
  ],
];

/** The runs, the newest first. */
export function sampleRuns(now = Date.now()): Run[] {
  return ASKED.map(([input, output], at) => ({
    id: `sample-${at}`,
    state: "done",
    created_at: now - at * 60_000,
    connection: "hf",
    connection_name: "Hugging Face",
    provider: "hf-inference",
    model: input.model,
    input,
    output,
    figures: { total_ms: 640, estimated: false },
    marks: { favourite: false, tags: [], note: "" },
  }));
}
