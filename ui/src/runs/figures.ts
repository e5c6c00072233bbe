// The figures of a run in words, each with what it means: time to the first token, speed, tokens, cost.
import type { Figures } from "../bindings";
import { dollars, duration } from "../shared/figures";

/** One figure. */
export interface Figure {
  key: string;
  text: string;
  /** What it means, for a title. */
  about: string;
}

const whole = new Intl.NumberFormat();
const tenth = new Intl.NumberFormat(undefined, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** The figures that are known, in their order. */
export function figuresOf(figures: Figures): Figure[] {
  const { first_token_ms, tokens_per_second, completion_tokens, prompt_tokens, cost_usd, total_ms } = figures;
  const known: (Figure | undefined)[] = [
    first_token_ms === undefined
      ? undefined
      : {
          key: "first",
          text: `${duration(first_token_ms)} to first token`,
          about: "Loading the model is included",
        },
    tokens_per_second === undefined
      ? undefined
      : {
          key: "speed",
          text: `${tenth.format(tokens_per_second)} tokens/s`,
          about: "Speed after the first token",
        },
    completion_tokens === undefined
      ? undefined
      : {
          key: "tokens",
          text: `${figures.estimated ? "about " : ""}${whole.format(completion_tokens)} ${completion_tokens === 1 ? "token" : "tokens"}`,
          about: tokensAbout(prompt_tokens, figures.estimated),
        },
    total_ms === undefined ? undefined : { key: "total", text: duration(total_ms), about: "The whole run" },
    cost_usd === undefined
      ? undefined
      : { key: "cost", text: dollars(cost_usd), about: "By the provider's price" },
  ];
  return known.filter((figure) => figure !== undefined);
}

function tokensAbout(prompt: number | undefined, estimated: boolean): string {
  const answer = estimated ? "Counted here, piece by piece" : "Tokens of the answer";
  return prompt === undefined ? answer : `${answer}; the prompt had ${whole.format(prompt)}`;
}
