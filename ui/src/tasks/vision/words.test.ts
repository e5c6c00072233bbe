// What Vision says and sends, without a screen: the chips' questions, what is sent of a picture, the ways.
import { describe, expect, it } from "vitest";
import { inAll, sentAs } from "./facts";
import { QUESTIONS, withQuestion } from "./presets";
import { closed, counts, fitting, folderInput, inputOf, wayOf } from "./ways";

const [caption = { name: "", text: "" }, alt = caption] = QUESTIONS;
const to = { kind: "hugging_face" as const, ...counts("chat") };
const prepared = {
  address: "media:a.jpg",
  width: 1024,
  height: 768,
  bytes: 143_000,
  original_bytes: 4_000_000,
};
const facts = {
  address: "media:b.jpg",
  media_type: "image/jpeg",
  width: 4032,
  height: 3024,
  bytes: 4_000_000,
};

describe("a chip", () => {
  it("takes the place of another chip's question, and stands behind words of one's own", () => {
    expect(withQuestion("", caption)).toBe(caption.text);
    expect(withQuestion(` ${alt.text} `, caption)).toBe(caption.text);
    expect(withQuestion("In French, please.", caption)).toBe(`In French, please.\n${caption.text}`);
  });
});

describe("what is sent of a picture", () => {
  it("is said with both sizes where it is made smaller, and with one where it is not", () => {
    const ready = { ...prepared, tokens: 765 };
    expect(sentAs(facts, ready)).toBe("4032 × 3024 → 1024 × 768, 143 kB, about 765 tokens");
    expect(sentAs({ ...facts, width: 768, height: 1024 }, { ...ready, tokens: 1 })).toBe(
      "1024 × 768, 143 kB, about 1 token",
    );
    expect(inAll([ready, ready, ready])).toMatch(/^3 pictures, 429 kB, about 2\D?295 tokens in all$/);
  });
});

describe("a way", () => {
  it("is closed where nobody answers in it", () => {
    expect([closed("chat", "builtin"), closed("prompt", "server")]).toEqual([undefined, undefined]);
    expect(closed("caption", "builtin")).toContain("chat");
    expect(closed("prompt", "space")).toContain("server");
  });

  it("fits a model by what its name is known for, and a chat fits all others", () => {
    expect(fitting("server", "HuggingFaceM4/idefics2-8b")).toBe("prompt");
    expect(fitting("server", "HuggingFaceM4/Idefics3-8B-Llama3")).toBe("chat");
    expect(fitting("hugging_face", "HuggingFaceM4/idefics2-8b")).toBe("chat");
    expect(fitting("hugging_face", "Salesforce/blip-image-captioning-base")).toBe("caption");
    expect(fitting("hugging_face", "dandelin/vilt-b32-finetuned-vqa")).toBe("question");
    expect(fitting("hugging_face", "Qwen/Qwen2.5-VL-7B-Instruct")).toBe("chat");
  });

  it("leaves words and pictures to the conversation, and names them itself for a folder", () => {
    expect(inputOf("prompt", "m", { max_tokens: 9 }, { kind: "server", ...counts("prompt") })).toEqual({
      ...{ task: "text_generation", model: "m", prompt: "", max_new_tokens: 9 },
    });
    expect(folderInput("chat", "m", "What?", {}, to)).toMatchObject({
      messages: [{ role: "user", content: "What?" }],
    });
    const prompt = folderInput("prompt", "m", "What?", {}, { kind: "server", ...counts("prompt") });
    expect(prompt).toEqual({ task: "text_generation", model: "m", prompt: "What?" });
    const question = folderInput(
      "question",
      "m",
      "What?",
      { temperature: 1 },
      { ...to, ...counts("question") },
    );
    expect(question).toEqual({
      ...{ task: "visual_question_answering", model: "m", image: "media:", question: "What?" },
      extra_body: {},
    });
    expect([wayOf(question), wayOf(folderInput("chat", "m", "", {}, to))]).toEqual(["question", "chat"]);
  });
});
