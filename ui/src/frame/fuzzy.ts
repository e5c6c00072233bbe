// Finds actions by a few letters: whole words first, then letters in order.
import type { Action } from "./actions";

/** How well a text answers a query, higher is better; undefined when it does not. */
export function score(text: string, query: string): number | undefined {
  const [hay, needle] = [text.toLowerCase(), query.toLowerCase()];
  const at = hay.indexOf(needle);
  if (at === 0) return 100;
  if (at > 0) return hay[at - 1] === " " ? 80 : 50;
  let [from, jumps] = [0, 0];
  for (const letter of needle.replaceAll(" ", "")) {
    const next = hay.indexOf(letter, from);
    if (next < 0) return undefined;
    if (next > from) jumps += hay[next - 1] === " " ? 0.5 : 1;
    from = next + 1;
  }
  return 30 - jumps;
}

/** The actions that answer a query, best first; all of them when it is empty, those of use now first. */
export function ranked(actions: Action[], query: string): Action[] {
  const wanted = query.trim();
  const useful = (action: Action) => Number(action.enabled?.() ?? true);
  if (wanted === "") return [...actions].sort((a, b) => useful(b) - useful(a));
  const best = (action: Action) => {
    const title = score(action.title, wanted);
    const words = score(`${action.group} ${action.words ?? ""}`, wanted);
    return Math.max(title ?? 0, words !== undefined && words >= 50 ? words - 30 : 0);
  };
  return actions
    .map((action) => ({ action, value: best(action) }))
    .filter(({ value }) => value > 12)
    .sort((a, b) => b.value - a.value)
    .map(({ action }) => action);
}
