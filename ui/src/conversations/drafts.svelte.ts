// What the person is about to say in each conversation: words and pictures. Kept across restarts.
import type { PictureFacts } from "../bindings";
import { keep, recall } from "../frame/remembered.svelte";

/** The drafts of one tab, by the id of their conversation. */
export class Drafts {
  #words = $state<Record<string, string>>({});
  #pictures = $state.raw<Record<string, PictureFacts[]>>({});

  /** Takes up what was left at the last exit, under these names. */
  start(words: string, pictures: string): void {
    this.#words = recall(words, this.#words);
    this.#pictures = recall(pictures, this.#pictures);
    keep(words, () => this.#words);
    keep(pictures, () => this.#pictures);
  }

  /** The words. */
  words(id: string): string {
    return this.#words[id] ?? "";
  }

  /** Other words. */
  write(id: string, words: string): void {
    if (words) this.#words[id] = words;
    else delete this.#words[id];
  }

  /** The pictures, in their order. */
  pictures(id: string): PictureFacts[] {
    return this.#pictures[id] ?? [];
  }

  /** Other pictures. */
  show(id: string, pictures: PictureFacts[]): void {
    const { [id]: _, ...others } = this.#pictures;
    this.#pictures = pictures.length > 0 ? { ...others, [id]: pictures } : others;
  }
}
