// A run's picture where only the run's row is known: enough to show it and to compare it.
import type { Picture, Run, RunSummary } from "../bindings";
import { questionOf } from "../runs/output";

/** The first picture of a run of the list; undefined where it made none: the one it shows was only asked about then. */
export function asPicture(run: RunSummary): Picture | undefined {
  if (!run.picture || run.pictures === 0) return undefined;
  const { id, picture, created_at, prompt, model, favourite } = run;
  return { ...BARE, run: id, address: picture, place: 0, created_at, prompt, model, favourite };
}

/** The pictures of a run as far as the run itself tells; an address of any kind will do for an `<img>`. */
export function picturesIn(run: Run): Picture[] {
  if (!("images" in run.output)) return [];
  const { id, created_at, model, marks } = run;
  const prompt = questionOf(run.input);
  return run.output.images.map((address, place) => {
    return { ...BARE, run: id, address, place, created_at, prompt, model, favourite: marks.favourite };
  });
}

const BARE = { width: 0, height: 0, bytes: 0, blank: false, missing: false };
