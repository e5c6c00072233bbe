// What is known of a picture, in words: from its run, from its file, and from the list that it was found in.
import type { Picture, PictureFacts, PictureSettings, Run } from "../bindings";
import { questionOf } from "../runs/output";
import { bytesOf, dollars, duration, momentInFull } from "../shared/figures";

/** What of a picture is taken over into the tab. */
export type Used = "all" | "prompt" | "seed";

/** One thing that is known. */
export interface Fact {
  name: string;
  value: string;
  /** What goes on the clipboard, where that is not what is shown. */
  copy?: string;
  /** Where it comes from, for a title. */
  about?: string;
}

/** Where facts come from; what could not be had is missing. */
export interface Sources {
  picture: Picture;
  run?: Run | undefined;
  file?: PictureFacts | undefined;
}

/** What was set, under `huggingface_hub`'s names: as the run asked, else as the file tells. */
export type Asked = Partial<PictureSettings> & { extra: Record<string, unknown> };

/** The settings that a picture was asked for with. */
export function askedOf({ run, file }: Sources): Asked {
  if (!run) return { ...file?.settings, extra: {} };
  const input = run.input as unknown as Record<string, unknown>;
  const { seed: later, scheduler: named, ...extra } = (input.extra_body ?? {}) as Record<string, unknown>;
  const size = (input.target_size ?? {}) as Record<string, unknown>;
  return {
    prompt: questionOf(run.input),
    negative_prompt: text(input.negative_prompt),
    width: number(input.width ?? size.width),
    height: number(input.height ?? size.height),
    num_inference_steps: number(input.num_inference_steps),
    guidance_scale: number(input.guidance_scale),
    scheduler: text(input.scheduler ?? named),
    seed: number(input.seed ?? later),
    model: run.model,
    extra,
  };
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** The whole prompt, as far as it can be had: a list holds its first words only. */
export function promptOf(sources: Sources): string {
  return askedOf(sources).prompt || sources.picture.prompt;
}

/** The seed: as the provider told it, else as it was sent. */
export function seedOf(sources: Sources): number | undefined {
  return toldSeed(sources.run) ?? askedOf(sources).seed;
}

function toldSeed(run: Run | undefined): number | undefined {
  return run && "seed" in run.output ? run.output.seed : undefined;
}

/** All facts that are known, in the order of the panel; prompts stand apart. */
export function factsOf(sources: Sources): Fact[] {
  const { picture, run, file } = sources;
  const asked = askedOf(sources);
  const rows: (Fact | undefined)[] = [
    fact("Model", run?.model || picture.model || asked.model),
    fact("Provider", run && (run.provider ?? run.connection_name)),
    fact("Size", sizeOf(sources), asked.width ? sizeAbout(asked, sources) : undefined),
    fact("Steps", asked.num_inference_steps),
    fact("Guidance", asked.guidance_scale),
    fact("Scheduler", asked.scheduler),
    ...seeds(toldSeed(run), asked.seed, run !== undefined),
    ...Object.entries(asked.extra).map(([name, value]) => fact(name, wire(value))),
    fact("Time", run?.figures.total_ms === undefined ? undefined : duration(run.figures.total_ms)),
    fact("Cost", run?.figures.cost_usd === undefined ? undefined : dollars(run.figures.cost_usd)),
    fact("File", fileOf(sources)),
    fact("Made", momentInFull(picture.created_at)),
    fact("Written by", file?.settings?.software),
  ];
  return rows.filter((row) => row !== undefined);
}

function fact(name: string, value: string | number | undefined, about?: string): Fact | undefined {
  return value === undefined || value === ""
    ? undefined
    : { name, value: String(value), ...(about && { about }) };
}

function wire(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** One row where both agree or one is known, else both: a seed that was not honoured is no secret. */
function seeds(told: number | undefined, sent: number | undefined, run: boolean): (Fact | undefined)[] {
  if (told === undefined) return [fact("Seed", sent, run ? "As it was sent" : "As the file tells it")];
  if (sent === undefined || sent === told) return [fact("Seed", told, "As the provider told it")];
  return [
    fact("Seed", told, "As the provider told it"),
    fact("Seed sent", sent, "The provider used another"),
  ];
}

function sizeOf({ picture, file }: Sources): string | undefined {
  const width = file?.width || picture.width;
  const height = file?.height || picture.height;
  return width && height ? `${width} × ${height}` : undefined;
}

function sizeAbout(asked: Asked, sources: Sources): string | undefined {
  const wanted = `${asked.width} × ${asked.height}`;
  return wanted === sizeOf(sources) ? undefined : `Asked for ${wanted}`;
}

const KINDS: Record<string, string> = {
  "image/png": "PNG",
  "image/jpeg": "JPEG",
  "image/webp": "WebP",
  "image/gif": "GIF",
};

function fileOf({ picture, file }: Sources): string {
  if (picture.missing) return "Gone from the disk";
  const kind = file && (KINDS[file.media_type] ?? file.media_type);
  return [kind, bytesOf(file?.bytes ?? picture.bytes)].filter(Boolean).join(", ");
}

/** What a person should know about how it came out; empty where there is nothing to say. */
export function remarksOf({ picture, run }: Sources): string[] {
  const filtered = run && "filtered" in run.output && run.output.filtered;
  return [
    filtered ? "The provider's filter struck: such a picture comes black or blurred." : "",
    picture.blank && !filtered ? "It is all one colour. That is nearly always a filter's doing." : "",
    picture.missing ? "Its file is no longer in the data folder; what was asked for is kept." : "",
  ].filter(Boolean);
}

/** One setting in which two pictures differ. */
export interface Difference {
  name: string;
  a: string;
  b: string;
}

/** Times and files always differ; that says nothing. */
const ALWAYS = new Set(["Made", "File", "Time", "Written by"]);

/** What differs between two pictures: the settings in the order of the panel, then the prompts, which may be long. */
export function differences(a: Sources, b: Sources): Difference[] {
  const [left, right] = [compared(a), compared(b)];
  const both = new Set([...left.keys(), ...right.keys()]);
  const names = [...both].sort((one, other) => Number(PROMPTS.has(one)) - Number(PROMPTS.has(other)));
  return names
    .map((name) => ({ name, a: left.get(name) ?? "none", b: right.get(name) ?? "none" }))
    .filter((row) => row.a !== row.b);
}

const PROMPTS = new Set(["Prompt", "Negative prompt"]);

function compared(sources: Sources): Map<string, string> {
  const known = factsOf(sources).filter(({ name }) => !ALWAYS.has(name));
  const rows = known.map(({ name, value }): [string, string] => [name, value]);
  const negative = askedOf(sources).negative_prompt;
  const words: [string, string][] = [["Prompt", promptOf(sources)]];
  if (negative) words.push(["Negative prompt", negative]);
  return new Map([...rows, ...words]);
}

/** What a picture's file is called before the person changes it: the first words of its prompt and its seed. */
export function fileName(prompt: string, seed: number | undefined): string {
  const words = prompt
    .normalize("NFC")
    .replaceAll(/[^\p{L}\p{N}]+/gu, "-")
    .replaceAll(/^-+|-+$/g, "");
  const short = Array.from(words).slice(0, 48).join("").replace(/-$/, "");
  return [short || "picture", seed].filter((part) => part !== undefined).join("-");
}
