// The fake's models: the built-in ones, a server's, and thousands at Hugging Face.
import type { BuiltinModel, Commands, FetchEvent, ModelRow, Streams } from "../../bindings";
import { gone } from "./gone";
import {
  builtinRow,
  EMPTY,
  hubRow,
  IN_WORDS,
  LABELS,
  labellers,
  PAINTER,
  painters,
  SEEING,
  SPEECH,
  speakers,
  TASKS,
} from "./offered";

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
      removable: true,
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
      removable: true,
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
      removable: true,
      state: "present",
    },
    {
      id: "smolvlm",
      name: "SmolVLM 500M Instruct",
      about: "Sees pictures and answers about them",
      tasks: [SEEING],
      licence: "Apache-2.0",
      size: 545_590_272,
      context_length: 8192,
      own: false,
      removable: true,
      state: "absent",
    },
    {
      id: "efficientnet",
      name: "EfficientNet Lite0",
      about: "Names what is on a photo, in 1,000 labels",
      tasks: ["image_classification", "zero_shot_image_classification"],
      licence: "Apache-2.0",
      size: 19_000_000,
      own: false,
      removable: true,
      state: "present",
    },
    {
      id: PAINTER,
      name: "Limerick Painter 10M",
      about: "Draws stickers of 64 × 64 pixels from a few English words; made by us, experimental",
      tasks: ["text_to_image"],
      licence: "Apache-2.0",
      size: 24_000_000,
      own: false,
      removable: false,
      state: "present",
    },
    {
      id: "minilm",
      name: "all-MiniLM-L6-v2",
      about: "Compares texts by their meaning",
      tasks: ["zero_shot_classification", "text_classification", "feature_extraction", "sentence_similarity"],
      licence: "Apache-2.0",
      size: 91_000_000,
      own: false,
      removable: true,
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

  /** Whether a built-in model is here. */
  ready(id: string): boolean {
    return this.#builtin.some((model) => model.id === id && model.state === "present");
  }

  #rows(connection: string, task: string): ModelRow[] {
    if (connection === "builtin") {
      const rows = this.#builtin
        .filter(({ tasks }) => tasks.includes(task))
        .map((model) => builtinRow(model, model.id !== PAINTER || this.ready("minilm")));
      return task === SEEING ? [...rows, IN_WORDS] : rows;
    }
    if (task === SPEECH) return speakers(connection);
    if (task.endsWith("to_image")) return painters(connection, task);
    if (task === SEEING && connection === "hf")
      return [...labellers(connection, task), ...this.#hub.filter(({ vision }) => vision)];
    if (LABELS[task]) return labellers(connection, task);
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
      removable: true,
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
