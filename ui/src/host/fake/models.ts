// The fake's models: three built-in ones, a server's, and thousands at Hugging Face.
import type { BuiltinModel, Commands, FetchEvent, ModelRow, ProviderRow, Streams } from "../../bindings";
import { gone } from "./gone";

const TASKS = ["chat_completion", "text_generation"];
const SPEECH = "text_to_speech";
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

/** The models and the fetching of them. */
export class FakeModels {
  #hub: ModelRow[];
  #stopped = new Set<string>();
  #builtin: BuiltinModel[] = [
    {
      id: "quick",
      name: "SmolLM2 135M Instruct",
      about: "Tiny and fast, for a first try",
      tasks: TASKS,
      licence: "Apache-2.0",
      size: 98_000_000,
      context_length: 8192,
      own: false,
      state: "present",
    },
    {
      id: "good",
      name: "Qwen2.5 Coder 1.5B Instruct",
      about: "Answers well, and writes code",
      tasks: TASKS,
      licence: "Apache-2.0",
      size: 1_120_000_000,
      context_length: 32_768,
      own: false,
      state: "absent",
    },
    {
      id: "kokoro",
      name: "Kokoro 82M",
      about: "Reads English aloud in 28 voices",
      tasks: [SPEECH],
      licence: "Apache-2.0",
      size: 178_000_000,
      own: false,
      state: "present",
    },
  ];

  constructor(count: number) {
    this.#hub = Array.from({ length: count }, (_, at) => hubRow(at));
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      models: ({ connection, task }) => this.#rows(connection, task),
      builtin_models: () => this.#builtin,
      remove_model: ({ id }) => this.#set(id, { state: "absent" }),
      add_model: ({ path }) => this.#add(path),
      stop_fetch: ({ id }) => {
        this.#stopped.add(id);
        return {};
      },
    };
  }

  /** The streams that it answers. */
  flows(): Partial<{
    [K in keyof Streams]: (args: Streams[K]["args"], on: (event: Streams[K]["event"]) => void) => void;
  }> {
    return {
      fetch_model: ({ id }, on) => this.#fetch(id, on),
      verify_model: ({ id }, on) => this.#fetch(id, on),
    };
  }

  #rows(connection: string, task: string): ModelRow[] {
    if (connection === "builtin")
      return this.#builtin.filter(({ tasks }) => tasks.includes(task)).map(builtinRow);
    if (task === SPEECH) return speakers(connection);
    if (task.endsWith("to_image")) return painters(connection, task);
    if (connection === "hf") return this.#hub;
    return [{ ...EMPTY, id: "tiny", name: "tiny", about: "The server's only model" }];
  }

  #fetch(id: string, on: (event: FetchEvent) => void): void {
    this.#stopped.delete(id);
    const total = this.#builtin.find((model) => model.id === id)?.size ?? 0;
    let bytes = 0;
    const timer = setInterval(() => {
      bytes = Math.min(total, bytes + total / 40);
      if (this.#stopped.has(id)) {
        this.#set(id, { state: "partial", bytes });
        on({ kind: "cancelled" });
      } else if (bytes < total) {
        on({ kind: "progress", bytes: Math.round(bytes), total });
        return;
      } else {
        this.#set(id, { state: "present" });
        on({ kind: "done" });
      }
      clearInterval(timer);
    }, 100);
  }

  #add(path: string): BuiltinModel {
    const name = path.split("/").at(-1) ?? path;
    const model: BuiltinModel = {
      id: `file:${path}`,
      name,
      about: path,
      tasks: name.endsWith(".onnx") ? [SPEECH] : TASKS,
      licence: "",
      size: 5e8,
      own: true,
      state: "present",
    };
    this.#builtin.push(model);
    return model;
  }

  #set(id: string, state: { state: "present" } | { state: "absent" } | { state: "partial"; bytes: number }) {
    const model = this.#builtin.find((each) => each.id === id);
    if (!model) throw gone("model");
    Object.assign(model, state);
    return {};
  }
}

const EMPTY = { tasks: TASKS, vision: false, ready: true, providers: [], ignored: [] };

function builtinRow(model: BuiltinModel): ModelRow {
  const { id, name, about, tasks, context_length } = model;
  return { ...EMPTY, id, name, about, tasks, context_length, ready: model.state === "present" };
}

function hubRow(at: number): ModelRow {
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

function speakers(connection: string): ModelRow[] {
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

function painters(connection: string, task: string): ModelRow[] {
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
