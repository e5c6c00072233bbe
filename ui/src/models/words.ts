// What a model costs and how much it reads, in words.
import type { ModelRow, ProviderRow } from "../bindings";

const money = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  maximumFractionDigits: 2,
});
const small = new Intl.NumberFormat(undefined, {
  style: "currency",
  currency: "USD",
  currencyDisplay: "narrowSymbol",
  maximumSignificantDigits: 2,
});
const compact = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 0 });
const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });

/** US dollars for a million tokens. */
export function price(dollars: number): string {
  return dollars > 0 && dollars < 0.1 ? small.format(dollars) : money.format(dollars);
}

/** "$0.10 in, $0.40 out" for a million tokens; empty where it is not known. */
export function prices(provider: ProviderRow): string {
  if (provider.input_price === undefined || provider.output_price === undefined) return "";
  if (provider.input_price === 0 && provider.output_price === 0) return "free";
  return `${price(provider.input_price)} in, ${price(provider.output_price)} out`;
}

/** "from $0.40" for a million tokens of answer at the cheapest provider; empty where none says. */
export function cheapest(row: ModelRow): string {
  const known = row.providers.flatMap((provider) => provider.output_price ?? []);
  if (known.length === 0) return "";
  const least = Math.min(...known);
  return least === 0 ? "free" : `${known.length > 1 ? "from " : ""}${price(least)}`;
}

/** "131K tokens" of context; empty where it is not known. */
export function context(tokens: number | undefined): string {
  return tokens === undefined ? "" : `${compact.format(tokens)} tokens`;
}

/** "120 tokens/s"; empty where it is not known. */
export function throughput(provider: ProviderRow): string {
  return provider.throughput === undefined ? "" : `${whole.format(provider.throughput)} tokens/s`;
}

/** How the router can choose among the providers of a model. */
export const CHOICES = [
  { value: "fastest", label: "Fastest", about: "The provider that writes the most tokens a second" },
  { value: "cheapest", label: "Cheapest", about: "The lowest price for a token of answer" },
  { value: "preferred", label: "Preferred", about: "The first in your order at huggingface.co" },
] as const;
