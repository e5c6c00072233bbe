// What narrows History, in the list and in the gallery alike, and the question to Rust that it makes.
import type { ListPictures, ListRuns, RunState } from "../bindings";
import { kindOf } from "./words";

/** A span of days. */
export type When = "any" | "today" | "week" | "month" | "own";
/** How large a picture is. */
export type Size = "any" | "small" | "medium" | "large";

/** What the list asks, but for its pages. */
export type RunFilter = Omit<ListRuns, "cursor" | "limit">;
/** What the gallery asks, but for its pages. */
export type PictureFilter = Omit<ListPictures, "offset" | "limit">;

/** Pixels in all: small is under half a megapixel, large over one and a half. */
const SIZES: Record<Size, Pick<PictureFilter, "min_pixels" | "max_pixels">> = {
  any: {},
  small: { max_pixels: 499_999 },
  medium: { min_pixels: 500_000, max_pixels: 1_500_000 },
  large: { min_pixels: 1_500_001 },
};
/** Days before today that a span begins. */
const BACK: Partial<Record<When, number>> = { today: 0, week: 6, month: 29 };

/** Tasks whose answers are pictures: others have none to show in the gallery. */
export const PICTURE_TASKS: readonly string[] = ["text_to_image", "image_to_image"];

const NONE = {
  /** A `Kind` of words.ts. */
  task: "",
  state: "" as RunState | "",
  model: "",
  provider: "",
  tag: "",
  when: "any" as When,
  from: "",
  to: "",
  size: "any" as Size,
  favourite: false,
};

/** Every filter but the words. */
export type Filter = typeof NONE;

class Filters {
  /** The words to find. */
  query = $state("");
  /** They are compared by their meaning; the list alone can. */
  meaning = $state(false);
  /** The rest. */
  set = $state<Filter>({ ...NONE });

  /** How many filters are set that stand in the popover; the size counts in the gallery only. */
  count(gallery: boolean): number {
    const { state, model, provider, tag, when, size } = this.set;
    const chosen = [state, model, provider, tag].filter((value) => value !== "").length;
    return chosen + Number(when !== "any") + Number(gallery && size !== "any");
  }

  /** Whether anything narrows what is shown. */
  narrows(gallery: boolean): boolean {
    const { task, favourite } = gallery ? { ...this.set, task: pictureTask(this.set.task) } : this.set;
    return this.query.trim() !== "" || task !== "" || favourite || this.count(gallery) > 0;
  }

  /** Takes every filter away, the words too. */
  clear(): void {
    this.query = "";
    this.set = { ...NONE };
  }

  /** What the list asks. */
  runs(now = new Date()): RunFilter {
    const filter = runFilter(this.query, this.set, now);
    return this.meaning && filter.query !== "" ? { ...filter, by_meaning: true } : filter;
  }

  /** What the gallery asks. */
  pictures(now = new Date()): PictureFilter {
    const set = { ...this.set, task: pictureTask(this.set.task) };
    return { ...runFilter(this.query, set, now), ...SIZES[set.size] };
  }
}

/** A task as far as the gallery can show it. */
export function pictureTask(task: string): string {
  return PICTURE_TASKS.includes(task) ? task : "";
}

/** What is not set is not sent. */
function runFilter(query: string, set: Filter, now: Date): RunFilter {
  const { task, state, model, provider, tag, favourite } = set;
  return {
    query: query.trim(),
    ...(task && kindOf(task)),
    ...(state && { state }),
    ...(model && { model }),
    ...(provider && { provider }),
    ...(tag && { tag }),
    ...(favourite && { favourite }),
    ...span(set, now),
  };
}

/** Whole days of this machine's own clock; `to` is part of the span. */
function span({ when, from, to }: Filter, now: Date): Pick<RunFilter, "since" | "until"> {
  const back = BACK[when];
  if (back !== undefined) return { since: midnight(now, -back) };
  if (when !== "own") return {};
  const since = day(from);
  const until = day(to);
  return {
    ...(since && { since: midnight(since, 0) }),
    ...(until && { until: midnight(until, 1) }),
  };
}

function midnight(date: Date, days: number): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime();
}

/** A day as a date field writes it ("2026-11-21"), here and not in UTC; nothing for an empty field. */
function day(text: string): Date | undefined {
  const [year, month, date] = text.split("-").map(Number);
  return year && month && date ? new Date(year, month - 1, date) : undefined;
}

/** The filters of History. */
export const filters = new Filters();
