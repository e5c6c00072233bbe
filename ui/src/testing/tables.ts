// Where a table is begun, put on the page for a test, and patience with a busy machine.
import { configure, render } from "@testing-library/svelte";
import { createRawSnippet } from "svelte";
import { vi } from "vitest";
import type { MakeTable } from "../bindings";
import TableStage from "../tables/TableStage.svelte";

export const LABELS = {
  task: "zero_shot_classification" as const,
  ...{ model: "minilm", text: "", candidate_labels: ["praise", "blame"], extra_body: {} },
};
export const CAPTION = {
  task: "image_to_text" as const,
  ...{ model: "", image: "media:", generation_parameters: {}, extra_body: {} },
};
/** A busy machine takes its time; milliseconds. */
const PATIENCE = 20_000;
vi.setConfig({ testTimeout: PATIENCE });
configure({ asyncUtilTimeout: PATIENCE });

const words = createRawSnippet(() => ({ render: () => "<p>What is on it?</p>" }));

/** Waits until `look` does not throw any more. */
export const soon = <T>(look: () => T) => vi.waitFor(look, { timeout: PATIENCE });

/** Puts it on the page; pictures are asked for where `input` is `CAPTION`. */
export function show(task: string, input: MakeTable["input"]) {
  const ask = () => ({ connection: "builtin", input });
  return render(TableStage, { pictures: input === CAPTION, task, obstacle: "", ask, words });
}
