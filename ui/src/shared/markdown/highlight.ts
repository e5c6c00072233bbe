// Asks the worker to colour code. Without a worker (or with one that fails) code simply stays plain.

/** Runs of code in order: the text and what it is (`keyword`, `string`, … or nothing). */
export type Colours = [text: string, kind: string][];

let worker: Worker | undefined;
let broken = false;
let last = 0;
const waiting = new Map<number, (colours: Colours | undefined) => void>();

function start(): Worker {
  const made = new Worker(new URL("./highlight.worker.ts", import.meta.url), { type: "module" });
  made.onmessage = ({ data }: MessageEvent<{ id: number; colours?: Colours }>) => {
    waiting.get(data.id)?.(data.colours);
    waiting.delete(data.id);
  };
  made.onerror = () => {
    broken = true;
    for (const answer of waiting.values()) answer(undefined);
    waiting.clear();
  };
  return made;
}

/** The colours of a piece of code in a language of `languages.ts`; undefined when it stays plain. */
export function highlight(language: string, code: string): Promise<Colours | undefined> {
  if (broken || typeof Worker === "undefined") return Promise.resolve(undefined);
  worker ??= start();
  const id = ++last;
  worker.postMessage({ id, language, code });
  return new Promise((resolve) => waiting.set(id, resolve));
}
