// Character references (`&amp;`, `&#x2014;`) to the characters they stand for.

const REFERENCE = /&(?:#[xX]([0-9a-fA-F]{1,6})|#(\d{1,7})|([a-zA-Z][a-zA-Z0-9]{1,31}));/g;
const known = new Map<string, string>();

/** Asks the browser, which knows all 2,231 names; it is given a bare name and nothing else. */
function named(reference: string): string {
  const found = known.get(reference);
  if (found !== undefined) return found;
  const text = new DOMParser().parseFromString(reference, "text/html").body.textContent ?? reference;
  known.set(reference, text);
  return text;
}

function numbered(code: number): string {
  const allowed = code > 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return allowed ? String.fromCodePoint(code) : "\ufffd";
}

/** The text with its character references resolved. */
export function decode(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(REFERENCE, (all, hex?: string, decimal?: string) => {
    if (hex) return numbered(Number.parseInt(hex, 16));
    if (decimal) return numbered(Number.parseInt(decimal, 10));
    return named(all);
  });
}
