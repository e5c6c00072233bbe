// Where the rows of the next table come from, as the person chooses it: pictures, lines, or a column of a file.
import type { Columns, Error as Failure, TableSource } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";
import { counted } from "../history/words";
import { host } from "../host/host";
import { asFailure } from "../runs/failure";
import { toast } from "../shared/toasts.svelte";
import { isPicture, LARGEST_LINES, LINES_FILES, linesIn, PICTURE_FILES, picturesIn } from "./dropped";

/** Lines of this many characters in all are kept for the next start; more would fill the settings. */
const MOST_KEPT = 20_000;
const NO_PICTURES =
  "No picture is in what you dropped. Drop pictures, a folder of them, a CSV or a JSONL file.";
const NO_LINES = "This is no CSV or JSONL file. Drop one of these, or paste the lines.";

/** A CSV or JSONL file, and the column that counts. */
interface DataFile {
  path: string;
  found: Columns;
  column: string;
  /** It was dropped: nobody knows in which folder it lay. */
  dropped: boolean;
}

/** Pictures that were chosen. */
interface Chosen {
  title: string;
  source: Extract<TableSource, { kind: "pictures" }>;
}

/** What a table is to be made of. */
export class Draft {
  /** Pictures that were picked or dropped. */
  pictures = $state.raw<Chosen | undefined>();
  /** A file with columns. */
  file = $state.raw<DataFile | undefined>();
  /** Lines that were written or pasted. */
  lines = $state("");
  /** Dropped pictures that are being taken in: how many of how many. */
  taking = $state.raw<{ done: number; all: number } | undefined>();
  /** What could not be read. */
  failure = $state.raw<Failure | undefined>();

  /** Takes up the lines of the last time. */
  start(place: string): void {
    this.lines = recall(`lines.${place}`, "");
    keep(`lines.${place}`, () => (this.lines.length > MOST_KEPT ? "" : this.lines));
  }

  /** Lines that hold something. */
  get texts(): string[] {
    return this.lines.split("\n").flatMap((line) => line.trim() || []);
  }

  /** What the table will be made of; undefined while nothing is chosen. Pictures are wanted, or texts. */
  source(pictures: boolean): TableSource | undefined {
    if (this.#isLost(pictures)) return undefined;
    if (this.file) return { kind: "file", path: this.file.path, column: this.file.column, pictures };
    if (pictures) return this.pictures?.source;
    return this.texts.length > 0 ? { kind: "texts", texts: this.texts } : undefined;
  }

  /** What has to be done before there is a source, one sentence; empty where there is one. */
  missing(pictures: boolean): string {
    if (this.source(pictures)) return "";
    if (this.file)
      return "Its paths begin where the file lies, which a drop does not tell. Choose the file instead.";
    return pictures ? "Choose pictures first." : "Write lines or choose a file first.";
  }

  /** Whether the file's pictures are named by where it lay, and that is not known. */
  #isLost(pictures: boolean): boolean {
    if (!pictures || !this.file?.dropped) return false;
    const { found, column } = this.file;
    return found.sample.some((line) => /^(?!([a-z]:)?[\\/])./i.test(line[column] ?? ""));
  }

  /** Forgets what was chosen; the lines stay, for they may have been written by hand. */
  clear(): void {
    this.pictures = this.file = this.failure = undefined;
  }

  /** Lets the person pick a folder. */
  async pickFolder(): Promise<void> {
    await this.#read(async () => {
      const path = await host().pickFolder("Choose a folder of pictures");
      if (path === null) return;
      this.clear();
      this.pictures = { title: lastOf(path), source: { kind: "pictures", paths: [path] } };
    });
  }

  /** Lets the person pick pictures. */
  async pickPictures(): Promise<void> {
    await this.#read(async () => {
      const paths = await host().pickFiles("Choose pictures", PICTURE_FILES);
      if (paths.length === 0) return;
      this.clear();
      this.pictures = { title: titleOf(paths.map(lastOf)), source: { kind: "pictures", paths } };
    });
  }

  /** Lets the person pick a CSV or JSONL file; the column that looks most like what is wanted is proposed. */
  async pickFile(pictures: boolean): Promise<void> {
    await this.#read(async () => {
      const path = await host().pickFile("Choose a CSV or JSONL file", LINES_FILES);
      if (path === null) return;
      await this.#open(path, pictures, false);
    });
  }

  async #open(path: string, pictures: boolean, dropped: boolean): Promise<void> {
    const found = await host().call("columns", { path });
    this.clear();
    this.file = { path, found, column: likely(found, pictures), dropped };
  }

  /** Says which column counts. */
  choose(column: string): void {
    if (this.file) this.file = { ...this.file, column };
  }

  /**
   * Takes what was dropped, called in the event itself: pictures where these are wanted, else one file with lines. What
   * is neither is refused, and what was chosen before stays.
   */
  async drop(data: DataTransfer, pictures: boolean): Promise<void> {
    const lines = linesIn(data);
    const found = pictures ? picturesIn(data) : [];
    await this.#read(async () => {
      const shown = await found;
      if (shown.length > 0) await this.#takePictures(shown);
      else await this.#takeLines(lines, pictures);
    });
    this.taking = undefined;
  }

  async #takeLines([file, another]: File[], pictures: boolean): Promise<void> {
    if (!file) throw refusal(pictures ? NO_PICTURES : NO_LINES);
    if (another) throw refusal("These are several files. Drop one at a time.");
    if (file.size > LARGEST_LINES)
      throw refusal("This file is larger than 64 MB. Choose it instead of dropping it.");
    const path = await host().putLines(file.name, new Uint8Array(await file.arrayBuffer()));
    await this.#open(path, pictures, true);
  }

  /** Dropped pictures have no path, so that their bytes are kept. Broken ones are left out. */
  async #takePictures(files: File[]): Promise<void> {
    const [paths, names]: [string[], string[]] = [[], []];
    let refused: unknown;
    for (const [done, file] of files.entries()) {
      this.taking = { done, all: files.length };
      try {
        const { address } = await host().putPicture(new Uint8Array(await file.arrayBuffer()));
        paths.push(address);
        names.push(file.name);
      } catch (reason) {
        refused = reason;
      }
    }
    if (paths.length === 0) throw refused;
    const left = files.length - paths.length;
    if (left > 0)
      toast(`${counted(left, "file")} could not be read and ${left === 1 ? "is" : "are"} left out.`);
    this.clear();
    this.pictures = { title: titleOf(names), source: { kind: "pictures", paths, names } };
  }

  async #read(how: () => Promise<void>): Promise<void> {
    this.failure = undefined;
    try {
      await how();
    } catch (reason) {
      this.failure = asFailure(reason);
    }
  }
}

function refusal(message: string): Failure {
  return { code: "input", message };
}

function titleOf(names: string[]): string {
  return names.length === 1 ? (names[0] ?? "") : `${names.length} pictures`;
}

/** The column with the pictures' names, or with the longest texts. */
function likely({ columns, sample }: Columns, pictures: boolean): string {
  const said = (column: string) => sample.map((line) => line[column] ?? "");
  const weight = (column: string) =>
    pictures ? said(column).filter(isPicture).length : said(column).join("").length;
  const [best = ""] = columns.toSorted((a, b) => weight(b) - weight(a));
  return best;
}

/** The last part of a path. */
export function lastOf(path: string): string {
  return path.split(/[\\/]/).filter(Boolean).at(-1) ?? path;
}
