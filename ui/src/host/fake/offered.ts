// The rows that the fake's connections offer: who chats, paints, speaks, sees and labels.
import type { BuiltinModel, ModelRow, ProviderRow } from "../../bindings";

/** What a language model does. */
export const TASKS = ["chat_completion", "text_generation"];
/** What a voice does. */
export const SPEECH = "text_to_speech";
/** What a model that sees does. */
export const SEEING = "image_text_to_text";
/** The built-in painter. */
export const PAINTER = "painter";
/** Who captions, answers about pictures and labels at Hugging Face, by task. */
export const LABELS: Record<string, string[]> = {
  [SEEING]: ["Qwen/Qwen2.5-VL-7B-Instruct", "meta-llama/Llama-3.2-11B-Vision-Instruct"],
  image_to_text: ["Salesforce/blip-image-captioning-large"],
  visual_question_answering: ["dandelin/vilt-b32-finetuned-vqa"],
  image_classification: ["google/vit-base-patch16-224", "microsoft/resnet-50"],
  zero_shot_image_classification: ["openai/clip-vit-large-patch14"],
  object_detection: ["facebook/detr-resnet-50"],
  text_classification: ["distilbert/distilbert-base-uncased-finetuned-sst-2-english"],
  token_classification: ["dslim/bert-base-NER", "FacebookAI/xlm-roberta-large-finetuned-conll03-english"],
  zero_shot_classification: ["facebook/bart-large-mnli"],
};
const MAKERS = [
  "meta-llama",
  "Qwen",
  "mistralai",
  "google",
  "deepseek-ai",
  "HuggingFaceTB",
  "microsoft",
  "zai-org",
];
const FAMILIES = [
  "Llama-3.3",
  "Qwen3",
  "Mistral-Small",
  "gemma-3",
  "DeepSeek-R1-Distill",
  "SmolLM3",
  "Phi-4",
  "GLM-4.6",
];
const SIZES = ["1B", "3B", "7B", "8B", "14B", "32B", "70B"];
const PAINTERS = [
  "black-forest-labs/FLUX.1-schnell",
  "black-forest-labs/FLUX.1-dev",
  "stabilityai/stable-diffusion-xl-base-1.0",
  "stabilityai/stable-diffusion-3.5-large",
  "ByteDance/SDXL-Lightning",
  "Qwen/Qwen-Image",
];
const SPEAKERS = [
  "hexgrad/Kokoro-82M",
  "nari-labs/Dia-1.6B",
  "ResembleAI/chatterbox",
  "canopylabs/orpheus-3b-0.1-ft",
  "suno/bark",
];
const PROVIDERS = ["together", "novita", "fireworks-ai", "groq", "cerebras", "nscale", "hf-inference"];

/** What every row has. */
export const EMPTY = { tasks: TASKS, vision: false, ready: true, providers: [], ignored: [] };

/** Labels, put into words by the language model: the way without a model that sees. */
export const IN_WORDS: ModelRow = {
  ...{ ...EMPTY, id: "labels", name: "Labels into words", tasks: [SEEING] },
  about: "The classifier’s labels, phrased by SmolLM2 135M Instruct",
};

/** A built-in model as a row; what it needs beside itself may not be here. */
export function builtinRow(model: BuiltinModel, needed: boolean): ModelRow {
  const { id, name, about, tasks, context_length } = model;
  const ready = model.state === "present" && needed;
  return { ...EMPTY, id, name, about, tasks, context_length, ready };
}

/** One of the thousands. */
export function hubRow(at: number): ModelRow {
  const maker = MAKERS[at % MAKERS.length];
  const family = FAMILIES[at % FAMILIES.length];
  const id = `${maker}/${family}-${SIZES[at % SIZES.length]}-Instruct${at < 56 ? "" : `-v${Math.floor(at / 56)}`}`;
  const providers = PROVIDERS.slice(0, 1 + (at % PROVIDERS.length)).map((name, rank) =>
    provider(name, rank + at),
  );
  return { ...EMPTY, id, name: id, context_length: 131_072, vision: at % 8 === 3, providers };
}

function provider(name: string, seed: number): ProviderRow {
  return {
    name,
    live: seed % 11 !== 5,
    context_length: 131_072,
    input_price: ((seed % 9) + 1) / 20,
    output_price: ((seed % 9) + 1) / 8,
    throughput: 40 + ((seed * 37) % 300),
    first_token_latency_ms: 200 + ((seed * 53) % 900),
    tools: true,
    structured_output: seed % 3 !== 0,
    ignored: [],
  };
}

/** Those who speak. */
export function speakers(connection: string): ModelRow[] {
  const ids = connection === "hf" ? SPEAKERS : ["tiny-voice"];
  const provider = { live: true, tools: false, structured_output: false };
  const providers = [
    { ...provider, name: "fal-ai", ignored: ["seed"] },
    { ...provider, name: "replicate", ignored: [] },
  ];
  return ids.map((id) => ({
    ...{ ...EMPTY, id, tasks: [SPEECH], name: id },
    providers: connection === "hf" ? providers : [],
  }));
}

/** Those who caption, answer about pictures, and label. */
export function labellers(connection: string, task: string): ModelRow[] {
  const ids = connection === "hf" ? (LABELS[task] ?? []) : ["tiny"];
  const provider = { name: "hf-inference", live: true, tools: false, structured_output: false, ignored: [] };
  return ids.map((id) => ({
    ...{ ...EMPTY, id, tasks: [task], name: id, vision: task === SEEING },
    providers: connection === "hf" ? [provider] : [],
  }));
}

/** Those who paint. */
export function painters(connection: string, task: string): ModelRow[] {
  const ids = connection === "hf" ? PAINTERS : ["tiny-painter"];
  const ignored = { nscale: ["num_inference_steps", "guidance_scale", "scheduler"], "fal-ai": ["scheduler"] };
  const providers = Object.entries(ignored).map(([name, names]) => ({
    ...{ name, ignored: names, live: true, tools: false, structured_output: false },
  }));
  return ids.map((id) => ({
    ...{ ...EMPTY, id, tasks: [task], name: id.split("/").at(-1) ?? id },
    providers: connection === "hf" ? providers : [],
  }));
}
