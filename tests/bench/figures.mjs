// How a benchmark says what it found (one JSON line a figure) and how far it is (plain words).

/** The middle value. */
export function median(values) {
  return quantile(values, 0.5);
}

/** The value that this share of all values does not exceed. */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Prints a figure. */
export function print(name, value, unit, note) {
  const digits = Math.abs(value) < 10 ? 3 : 1;
  process.stdout.write(`${JSON.stringify({ name, value: Number(value.toFixed(digits)), unit, note })}\n`);
}

/** Says how far the measurement is. */
export function progress(words) {
  process.stdout.write(`   ${words}\n`);
}
