// Breaks words into lines where the page does not do it: on a canvas. Pure: it is told how wide words are.

/** Breaks words into at most `most` lines of at most `room`; what does not fit ends in "…". */
export function wrap(text: string, room: number, most: number, measure: (text: string) => number): string[] {
  const words = text.trim().split(/\s+/).filter(Boolean);
  const lines: string[] = [];
  while (words.length > 0 && lines.length < most) {
    let line = words.shift() ?? "";
    while (words[0] !== undefined && measure(`${line} ${words[0]}`) <= room) line += ` ${words.shift()}`;
    if (measure(line) > room && lines.length + 1 < most) {
      const [head, tail] = cut(line, room, measure);
      line = head;
      words.unshift(tail);
    }
    lines.push(line);
  }
  const last = lines.at(-1);
  if (last !== undefined && (words.length > 0 || measure(last) > room))
    lines[lines.length - 1] = short(last, room, measure);
  return lines;
}

/** As much of a word as fits, at least a letter, and the rest. */
function cut(word: string, room: number, measure: (text: string) => number): [string, string] {
  const letters = Array.from(word);
  let [low, high] = [1, letters.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (measure(letters.slice(0, middle).join("")) <= room) low = middle;
    else high = middle - 1;
  }
  return [letters.slice(0, low).join(""), letters.slice(low).join("")];
}

function short(line: string, room: number, measure: (text: string) => number): string {
  const [head] = cut(line, Math.max(0, room - measure("…")), measure);
  return `${head.trimEnd()}…`;
}
