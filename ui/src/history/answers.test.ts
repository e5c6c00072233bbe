// Answers that are tables, and sounds by their address.
import { describe, expect, it } from "vitest";
import { numbersIn, rowsOf, soundIn, spokenIn } from "./answers";

describe("an answer", () => {
  it("of labels is rows with their scores", () => {
    const input = { task: "text_classification" as const, model: "", text: "", extra_body: {} };
    const labels = [{ label: "POSITIVE", score: 0.99 }];
    expect(rowsOf(input, { task: "text_classification", labels })).toEqual(labels);
    expect(rowsOf(input, { task: "summarization", summary_text: "short" })).toBeUndefined();
  });

  it("of a similarity names what each score belongs to", () => {
    const input = { task: "sentence_similarity" as const, model: "", sentence: "a", extra_body: {} };
    const output = { task: "sentence_similarity" as const, scores: [0.5, 0.1] };
    expect(rowsOf({ ...input, other_sentences: ["b"] }, output)).toEqual([
      { label: "b", score: 0.5 },
      { label: "Sentence 2", score: 0.1 },
    ]);
  });

  it("of a transcript tells when each piece was said, as far as it is known", () => {
    const chunks = [
      { text: "Two owls", timestamp: [0, 2.4] as [number, number] },
      { text: "and a hen", timestamp: [2.4, null] as [number, null] },
    ];
    const spoken = spokenIn({ task: "automatic_speech_recognition", text: "", chunks });
    expect(spoken.map(({ time }) => time)).toEqual(["0.0 – 2.4 s", "2.4 –"]);
  });

  it("of an embedding says how many numbers, not which", () => {
    const embeddings = [[0.1, 0.2, 0.3]];
    expect(numbersIn({ task: "feature_extraction", embeddings, averaged: false })).toBe(
      "One embedding of 3 numbers.",
    );
  });

  it("that is a sound says how large and of which kind", () => {
    expect(soundIn(`data:audio/x-wav;base64,${"A".repeat(15_998)}==`)).toBe("A sound, 12 kB, WAV");
    expect(soundIn("media:abc.flac")).toBe("A sound, FLAC");
    expect(soundIn("")).toBe("A sound");
  });
});
