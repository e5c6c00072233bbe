// How long a text will last when it is said, in words.
import { clock } from "../../sound/track";

/** Characters that a voice says in a second, on the average of European languages. */
const A_SECOND = 14;
const whole = new Intl.NumberFormat();

/** Seconds that a text will last, about. */
export function expectedSeconds(text: string): number {
  return text.trim().length / A_SECOND;
}

/** "128 characters, about 9 s"; with a bound, "412 characters, about 29 s in 3 parts". */
export function lengthWords(text: string, bound?: number): string {
  const count = [...text.trim()].length;
  if (count === 0) return "";
  const seconds = expectedSeconds(text);
  const parts = bound === undefined ? 1 : Math.ceil(seconds / bound);
  const time = seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : `${clock(seconds)} min`;
  const characters = `${whole.format(count)} ${count === 1 ? "character" : "characters"}`;
  return `${characters}, about ${time}${parts > 1 ? ` in ${whole.format(parts)} parts` : ""}`;
}
