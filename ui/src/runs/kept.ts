// What is said of answers that were there already.
import type { Cached } from "../bindings";

/** Who had them, in one sentence; `of` is how many answers there are in all. */
export function keptWords(cached: Cached[], of: number): string {
  const here = cached.filter(({ by }) => by === "history").length;
  const share = (count: number) => (of > 1 ? `${count} of ${of} ` : "");
  const parts = [
    here > 0 ? `${share(here)}from your history, no call was made` : "",
    cached.length > here ? `${share(cached.length - here)}from what the server had kept` : "",
  ];
  const words = parts.filter(Boolean).join("; ");
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}
