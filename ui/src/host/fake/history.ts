// The fake's History: lists, filters, marks, exports and the gallery, over all runs that the fake's store holds.
import type { Commands, ListPictures, ListRuns, Picture, Run, RunSummary } from "../../bindings";
import { rowsOf } from "../../history/answers";
import { picturesAsked, questionOf, textOf } from "../../runs/output";
import { gone } from "./gone";
import { sizeOf } from "./pictures";
import type { FakeStore } from "./store";
import { questionIn } from "./turns";

type Filter = Omit<ListRuns, "cursor" | "limit">;

/** Everything that History asks. */
export class FakeHistory {
  readonly #store: FakeStore;
  readonly #made: Run[];
  /** Whether the model that compares meanings is here. */
  readonly #ready: () => boolean;
  readonly #deleted = new Set<string>();
  /** The answer to the last question of the gallery: it asks the same, page by page. */
  #gallery: { asked: string; pictures: Picture[] } | undefined;

  constructor(store: FakeStore, made: Run[], ready: () => boolean) {
    this.#store = store;
    this.#made = made;
    this.#ready = ready;
  }

  /** The commands that it answers. */
  answers(): Partial<{ [K in keyof Commands]: (args: Commands[K]["args"]) => Commands[K]["reply"] }> {
    return {
      run: ({ id }) => this.#get(id),
      runs: ({ cursor, limit, ...filter }) => {
        const found = this.#found(filter);
        const from = Number(cursor ?? 0);
        const to = from + (limit || 50);
        const runs = found.slice(from, to).map((run) => {
          return filter.by_meaning
            ? { ...summary(run), nearness: nearness(run, filter.query) }
            : summary(run);
        });
        return { runs, total: found.length, ...(to < found.length && { next: String(to) }) };
      },
      pictures: ({ offset, limit, ...filter }) => {
        const all = this.#pictures(filter);
        return { pictures: all.slice(offset, offset + (limit || 100)), total: all.length };
      },
      filter_choices: () => this.#choices(),
      delete_runs: ({ ids }) => this.#change(() => ids.forEach((id) => void this.#deleted.add(id))),
      restore_runs: ({ ids }) => this.#change(() => ids.forEach((id) => void this.#deleted.delete(id))),
      mark_runs: (args) => this.#change(() => args.ids.forEach((id) => void mark(this.#get(id), args))),
      export_runs: ({ ids, path, form }) => {
        const pictures = this.#pictures({ query: "" }).filter((picture) => ids.includes(picture.run));
        const missing = pictures.filter((picture) => picture.missing).length;
        const written = form === "zip" ? path : `${path}/limerick`;
        return { path: written, runs: ids.length, files: pictures.length - missing, missing };
      },
      storage: () => {
        const pictures = this.#pictures({ query: "" });
        const media_bytes = pictures.reduce((sum, { bytes }) => sum + bytes, 0);
        const missing = pictures.filter((picture) => picture.missing).length;
        const small = { thumb_bytes: pictures.length * 24_000, history_bytes: this.#all().length * 1_900 };
        const sounds = this.#all().filter(({ input }) => input.task === "text_to_speech").length;
        return { pictures: pictures.length, sounds, media_bytes, missing, ...small };
      },
      repeated: ({ id }) => this.#repeated(this.#get(id)),
      meanings: () => {
        const total = this.#all().filter((run) => asked(run) !== "").length;
        return { ready: this.#ready(), known: Math.min(total, 1_200), total };
      },
    };
  }

  /** A run, deleted or not; undefined when there is none. */
  find(id: string): Run | undefined {
    return this.#store.runs.get(id) ?? this.#made.find((each) => each.id === id);
  }

  #change(what: () => void): Record<string, never> {
    what();
    this.#gallery = undefined;
    return {};
  }

  #all(): Run[] {
    return [...[...this.#store.runs.values()].reverse(), ...this.#made];
  }

  #get(id: string): Run {
    const run = this.find(id);
    if (!run || this.#deleted.has(id)) throw gone("run");
    return run;
  }

  #found({ by_meaning, query, ...filter }: Filter): Run[] {
    const words = by_meaning ? "" : query;
    const found = this.#all().filter(
      (run) => !this.#deleted.has(run.id) && fits(run, { ...filter, query: words }),
    );
    if (!by_meaning) return found;
    return found.sort((a, b) => nearness(b, query) - nearness(a, query)).slice(0, 100);
  }

  #pictures({
    min_pixels = 0,
    max_pixels = Infinity,
    ...filter
  }: Omit<ListPictures, "offset" | "limit">): Picture[] {
    const asked = JSON.stringify([
      min_pixels,
      max_pixels,
      filter,
      this.#store.runs.size,
      this.#store.changes,
    ]);
    if (this.#gallery?.asked === asked) return this.#gallery.pictures;
    const pictures = this.#found(filter)
      .flatMap(picturesOf)
      .filter(({ width, height }) => width * height >= min_pixels && width * height <= max_pixels);
    this.#gallery = { asked, pictures };
    return pictures;
  }

  #repeated(run: Run): Commands["repeated"]["reply"] {
    const of = run.repeats ?? run.id;
    const [before] = picturesOf(this.#get(of));
    const [after] = picturesOf(run);
    const seeded = "seed" in run.input && run.input.seed !== undefined;
    if (!before || !after || before.missing || after.missing) return { of, seeded, sameness: "unknown" };
    return { of, seeded, sameness: before.address === after.address ? "same" : "different" };
  }

  #choices(): Commands["filter_choices"]["reply"] {
    const runs = this.#all();
    const unique = (words: string[]) => [...new Set(words)];
    return {
      models: unique(runs.map((run) => run.model)),
      providers: unique(runs.map((run) => run.provider ?? run.connection_name)),
      tags: unique(runs.flatMap((run) => run.marks.tags)).sort(),
    };
  }
}

function fits(run: Run, filter: Filter): boolean {
  const words =
    `${questionOf(run.input)} ${asked(run)} ${textOf(run.output)} ${run.marks.note}`.toLowerCase();
  return (
    words.includes(filter.query.toLowerCase()) &&
    (!filter.task || run.input.task === filter.task) &&
    (filter.sees === undefined || picturesAsked(run.input).length > 0 === filter.sees) &&
    (!filter.state || run.state === filter.state) &&
    (!filter.model || run.model === filter.model) &&
    (!filter.provider || (run.provider ?? run.connection_name) === filter.provider) &&
    run.created_at >= (filter.since ?? 0) &&
    run.created_at < (filter.until ?? Infinity) &&
    (!filter.tag || run.marks.tags.includes(filter.tag)) &&
    (!filter.batch || run.batch === filter.batch) &&
    (!filter.favourite || run.marks.favourite)
  );
}

function mark(
  run: Run,
  { favourite, add_tags = [], remove_tags = [], note }: Commands["mark_runs"]["args"],
): void {
  const tags = [...new Set([...run.marks.tags, ...add_tags])]
    .filter((tag) => !remove_tags.includes(tag))
    .sort();
  run.marks = { favourite: favourite ?? run.marks.favourite, tags, note: note ?? run.marks.note };
}

function picturesOf(run: Run): Picture[] {
  if (!("images" in run.output)) return [];
  const { id, created_at, model, marks } = run;
  return run.output.images.map((address, place) => {
    const [width, height] = sizeOf(address) ?? [1024, 1024];
    const missing = address.startsWith("media:missing");
    const said = { prompt: asked(run).slice(0, 200), model, favourite: marks.favourite };
    const file = { address, width, height, bytes: width * height + 71_000 };
    return {
      ...file,
      ...said,
      run: id,
      place,
      created_at,
      missing,
      blank: address.startsWith("media:blank"),
    };
  });
}

function asked({ input }: Run): string {
  return questionIn(input);
}

/** As far as letters tell: how many pieces of three letters of the question are in what was said. */
function nearness(run: Run, query: string): number {
  const said = `${asked(run)} ${textOf(run.output)}`.toLowerCase();
  const pieces = Array.from({ length: Math.max(1, query.length - 2) }, (_, at) => query.slice(at, at + 3));
  return pieces.filter((piece) => said.includes(piece.toLowerCase())).length / pieces.length;
}

/** As Rust writes it: labels are lines with their scores. */
function answered({ input, output }: Run): string {
  const rows = rowsOf(input, output);
  return rows?.map(({ score = 0, label }) => `${score.toFixed(4)} ${label}`).join("\n") ?? textOf(output);
}

function summary(run: Run): RunSummary {
  const { id, state, created_at, connection_name, model } = run;
  const pictures = picturesOf(run);
  const shown = pictures[0]?.address ?? picturesAsked(run.input)[0];
  return {
    ...{ id, state, created_at, connection_name, model, task: run.input.task },
    prompt: asked(run).slice(0, 200),
    answer: answered(run).slice(0, 200),
    favourite: run.marks.favourite,
    pictures: pictures.length,
    ...(shown && { picture: shown }),
    ...(run.provider && { provider: run.provider }),
    ...(run.error && { error: run.error.message }),
    ...(run.conversation && { conversation: run.conversation }),
  };
}
