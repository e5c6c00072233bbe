// Words for screen readers: a status node that speaks while an answer streams, so that the stream itself is
// never a live region. How much it says is the person's setting.
import { settings } from "../settings/settings.svelte";

/** An unfinished sentence is said after this many milliseconds. */
const PATIENCE = 5_000;
const SENTENCE_END = /[.!?…。!?]["')\]]*\s|\n\s*\n/g;

class Announcements {
  /** What the polite node says. */
  polite = $state("");
  /** What the assertive node says. */
  urgent = $state("");
  #waiting = "";
  #spoken = 0;

  /** Says something when the screen reader is free. Said twice, it is heard twice. */
  say(text: string): void {
    this.polite = this.polite === text ? `${text}\u00a0` : text;
  }

  /** Says an error at once. */
  alert(text: string): void {
    this.urgent = this.urgent === text ? `${text}\u00a0` : text;
  }

  started(): void {
    this.#waiting = "";
    this.#spoken = performance.now();
    if (settings.current.announce !== "off") this.say("Answer started.");
  }

  text(chunk: string): void {
    if (settings.current.announce !== "sentences") return;
    this.#waiting += chunk;
    const end = this.#sentenceEnd();
    if (end > 0) this.#speak(end);
  }

  finished(words: number): void {
    if (settings.current.announce === "off") return;
    const rest = settings.current.announce === "sentences" ? `${this.#waiting.trim()} ` : "";
    this.#waiting = "";
    this.say(`${rest}Answer finished, ${words} ${words === 1 ? "word" : "words"}.`.trim());
  }

  /** Where the last whole sentence ends; all of it when the person has waited long enough; else 0. */
  #sentenceEnd(): number {
    let end = 0;
    for (const match of this.#waiting.matchAll(SENTENCE_END)) end = match.index + match[0].length;
    if (end === 0 && performance.now() - this.#spoken > PATIENCE) end = this.#waiting.length;
    return end;
  }

  #speak(end: number): void {
    this.say(this.#waiting.slice(0, end).trim());
    this.#waiting = this.#waiting.slice(end);
    this.#spoken = performance.now();
  }
}

/** What the Announcer component shows. */
export const announcements = new Announcements();

/** Says something politely ("Copied"). */
export function announce(text: string): void {
  announcements.say(text);
}

/** Says an error at once. */
export function announceError(text: string): void {
  announcements.alert(text);
}

/** An answer begins to stream. */
export function answerStarted(): void {
  announcements.started();
}

/** More of the answer has come. */
export function answerText(chunk: string): void {
  announcements.text(chunk);
}

/** The answer has ended, with so many words. */
export function answerFinished(words: number): void {
  announcements.finished(words);
}
