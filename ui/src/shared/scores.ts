// Scores of labels: in words, in order, and how many are shown at first.

/** A label and how sure a model is of it. */
export interface Scored {
  label: string;
  /** Whatever came: a number mostly. */
  score: number;
}

const percent = new Intl.NumberFormat(undefined, {
  style: "percent",
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});
const plain = new Intl.NumberFormat(undefined, { minimumFractionDigits: 2, maximumFractionDigits: 4 });
/** Under this a percentage would round to nothing. */
const LEAST = 0.0005;
/** Sums of shares are rounded on their way. */
const ROUNDED = 0.02;

/** Whether a score can be shown as a number. */
export function isNumber(score: unknown): score is number {
  return typeof score === "number" && Number.isFinite(score);
}

/** Whether these are shares of one, not what a model gives before it is made into shares. */
export function areShares(rows: Scored[]): boolean {
  return rows.every(({ score }) => !isNumber(score) || (score >= 0 && score <= 1));
}

/** Whether these add up to one, so that what is not shown has a share. */
export function addUp(rows: Scored[]): boolean {
  const sum = rows.reduce((all, { score }) => all + (isNumber(score) ? score : Number.NaN), 0);
  return rows.length > 1 && areShares(rows) && Math.abs(sum - 1) < ROUNDED;
}

/** A score in words. */
export function scoreWords(score: unknown, shares = true): string {
  if (!isNumber(score)) return "no number";
  if (!shares) return plain.format(score);
  return score > 0 && score < LEAST ? "under 0.1%" : percent.format(score);
}

/** The best first, what is no number last, equals in their order. */
export function bestFirst<T extends Scored>(rows: T[]): T[] {
  const worth = ({ score }: Scored) => (isNumber(score) ? score : Number.NEGATIVE_INFINITY);
  return rows.toSorted((a, b) => (worth(a) === worth(b) ? 0 : worth(b) - worth(a)));
}

/** How long the bars of these scores are, 0 to 1: a share is itself, other numbers by the range in which they lie. */
export function lengthsOf(rows: Scored[]): (score: unknown) => number {
  const numbers = rows.map(({ score }) => score).filter(isNumber);
  const [low, high] = areShares(rows)
    ? [0, 1]
    : numbers.reduce(([a, b], each) => [Math.min(a, each), Math.max(b, each)], [0, 0]);
  return (score) => (isNumber(score) && high > low ? (score - low) / (high - low) : 0);
}

/** The share of all rows after the first `shown`, where there is one. */
export function restOf(rows: Scored[], shown: number): number | undefined {
  if (rows.length <= shown || !addUp(rows)) return undefined;
  return rows.slice(shown).reduce((all, { score }) => all + score, 0);
}
