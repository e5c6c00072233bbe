// What the fake answers to a prompt: "error:auth", "long", "huge", "wide", "think", "slow", "retry", else a limerick.
import type { ErrorCode, Status } from "../../bindings";

/** One answer. */
export interface Script {
  statuses: Status[];
  /** Milliseconds after each status. */
  statusPause: number;
  reasoning: string[];
  text: string[];
  /** How it fails after its text; undefined when it does not. */
  error?: ErrorCode | undefined;
}

const LIMERICK = `There once was a cat, keen on **code**,
Who debugged in her basket abode;
  With a purr and a *click*
  She would fix it so quick
That her humans stayed out of the road.

\`\`\`python
def purr(times: int) -> str:
    """Says it as often as asked."""
    return " ".join(["purr"] * times)
\`\`\`

| step | what it does |
| ---- | ------------ |
| 1 | reads the prompt |
| 2 | writes the answer |
`;
const THOUGHTS =
  "The person wants something cheerful. A limerick has five lines, rhymed AABBA. I shall keep it short.";
const WIDE = `${"Donaudampfschifffahrtsgesellschaftskapitän".repeat(12)} and https://example.org/${"a-very-long-path/".repeat(20)}\n\n\`\`\`\n${"x = 1; ".repeat(60)}\n\`\`\`\n`;
const LOADING: Status[] = [0.1, 0.4, 0.7, 1].map((fraction) => ({ state: "loading", fraction }));

/** The answer to a prompt. */
export function scriptFor(prompt: string): Script {
  const words = (text: string) => text.match(/\s*\S+\s*/g) ?? [];
  const script: Script = {
    statuses: [{ state: "sent" }],
    statusPause: 300,
    reasoning: [],
    text: words(LIMERICK),
  };
  const error = /error:(\w+)/.exec(prompt)?.[1] as ErrorCode | undefined;
  if (error) return { ...script, error, text: error === "incomplete" ? words(LIMERICK).slice(0, 12) : [] };
  if (/\blong\b/.test(prompt)) script.text = words(`${LIMERICK}\n`.repeat(30));
  if (/\bhuge\b/.test(prompt)) script.text = `${LIMERICK}\n`.repeat(260).match(/[\s\S]{1,40}/g) ?? [];
  if (/\bwide\b/.test(prompt)) script.text = words(WIDE);
  if (/\bthink\b/.test(prompt)) script.reasoning = words(THOUGHTS);
  if (/\bslow\b/.test(prompt)) Object.assign(script, { statuses: LOADING, statusPause: 1500 });
  if (/\bnote\b/.test(prompt))
    script.statuses.push({ state: "note", text: "The built-in engine does not use n, tools." });
  if (/\bretry\b/.test(prompt)) {
    const reason = "The server is busy.";
    script.statuses = [{ state: "retrying", after: 4, attempt: 2, reason }];
    script.statusPause = 4000;
  }
  return script;
}
