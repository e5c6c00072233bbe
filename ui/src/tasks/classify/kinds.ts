// The six kinds of the Classify tab: what each takes, and the examples of its empty stage.
import Box from "@lucide/svelte/icons/box-select";
import FileText from "@lucide/svelte/icons/file-text";
import Highlighter from "@lucide/svelte/icons/highlighter";
import Image from "@lucide/svelte/icons/image";
import Images from "@lucide/svelte/icons/images";
import Tags from "@lucide/svelte/icons/tags";
import type { Component } from "svelte";
import type { ClassifyingTask } from "../../runs/output";
import type { ParameterKey } from "./specs";

/** A task of this tab, by `huggingface_hub`'s name. */
export type Kind = ClassifyingTask["task"];

/** One kind. */
export interface KindRow {
  id: Kind;
  title: string;
  /** What it does, for a title. */
  about: string;
  icon: Component<{ size?: number; "aria-hidden"?: "true" }>;
  takes: "text" | "picture";
  /** Labels of the person's own that it needs at least; 0 where it takes none. */
  labels: number;
  parameters: ParameterKey[];
  /** The empty stage's headline. */
  invitation: string;
  /** What stands in the empty box. */
  placeholder: string;
}

/** The kinds, in the order of the tab. */
export const KINDS: KindRow[] = [
  {
    ...{ id: "text_classification", title: "Text", icon: FileText, takes: "text", labels: 0 },
    about: "Which of a model's own labels fits a text",
    parameters: ["top_k", "function_to_apply"],
    invitation: "What tone has it?",
    placeholder: "Write or paste the text",
  },
  {
    ...{ id: "token_classification", title: "Tokens", icon: Highlighter, takes: "text", labels: 0 },
    about: "Names, places and the like, marked in a text",
    parameters: ["aggregation_strategy", "ignore_labels", "stride"],
    invitation: "Who and where is in it?",
    placeholder: "Write or paste the text",
  },
  {
    ...{ id: "zero_shot_classification", title: "Labels for a text", icon: Tags, takes: "text", labels: 1 },
    about: "Which of your own labels fits a text",
    parameters: ["multi_label", "hypothesis_template"],
    invitation: "Which of your labels fits the text?",
    placeholder: "Write or paste the text",
  },
  {
    ...{ id: "image_classification", title: "Picture", icon: Image, takes: "picture", labels: 0 },
    about: "Which of a model's own labels fits a picture",
    parameters: ["top_k", "function_to_apply"],
    invitation: "What is in the picture?",
    placeholder: "",
  },
  {
    ...{ id: "zero_shot_image_classification", title: "Labels for a picture", icon: Images },
    ...{ takes: "picture", labels: 2 },
    about: "Which of your own labels fits a picture",
    parameters: ["hypothesis_template"],
    invitation: "Which of your labels fits the picture?",
    placeholder: "",
  },
  {
    ...{ id: "object_detection", title: "Objects", icon: Box, takes: "picture", labels: 0 },
    about: "Things in a picture, each with its place",
    parameters: ["threshold"],
    invitation: "What is where in the picture?",
    placeholder: "",
  },
];

/** The row of a kind. */
export function kindRow(id: Kind): KindRow {
  return KINDS.find((row) => row.id === id) ?? (KINDS[0] as KindRow);
}
