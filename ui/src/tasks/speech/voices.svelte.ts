// The voices of models: those that a model is known to have here, with those that its family suggests.
import { SvelteMap } from "svelte/reactivity";
import type { Connection, Voice } from "../../bindings";
import { host } from "../../host/host";
import { familyOf } from "./families";

class Voices {
  readonly #known = new SvelteMap<string, Voice[]>();

  /** The voices of a model: of a built-in one exactly those that are here, else with suggestions. */
  of({ id, kind }: Connection, model: string): Voice[] {
    const known = this.#known.get(`${id} ${model}`) ?? [];
    if (kind === "builtin") return known;
    const ids = new Set(known.map((voice) => voice.id));
    return [...known, ...familyOf(model).voices.filter((voice) => !ids.has(voice.id))];
  }

  /** Asks for the voices of a model. Where none are known, the suggestions stand alone. */
  async load({ id: connection }: Connection, model: string): Promise<void> {
    const found = await host()
      .call("voices", { connection, model })
      .catch(() => []);
    this.#known.set(`${connection} ${model}`, found);
  }
}

/** The voices. */
export const voices = new Voices();

const names = new Intl.DisplayNames(undefined, { type: "language" });

/** A language as people call it; "Any language" where a voice names none. */
export function languageName(tag: string | undefined): string {
  if (!tag) return "Any language";
  try {
    return names.of(tag) ?? tag;
  } catch {
    return tag;
  }
}

/** Voices of one language. */
export interface Group {
  language: string;
  voices: Voice[];
}

/** The voices that hold every word of a query, language by language, in their own order. */
export function grouped(list: Voice[], query: string): Group[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, Voice[]>();
  for (const voice of list) {
    const language = languageName(voice.language);
    const text = `${voice.name} ${voice.id} ${voice.about ?? ""} ${language}`.toLowerCase();
    if (words.every((word) => text.includes(word)))
      groups.set(language, [...(groups.get(language) ?? []), voice]);
  }
  return [...groups].map(([language, found]) => ({ language, voices: found }));
}

/** A voice as a person knows it; its id where nobody named it. */
export function voiceName(list: Voice[], id: string): string {
  return list.find((voice) => voice.id === id)?.name ?? id;
}
