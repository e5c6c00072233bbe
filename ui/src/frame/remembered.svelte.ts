// What the UI itself remembers across restarts (open tab, sizes, drafts, parameters): it lives in `settings.ui`.
import { untrack } from "svelte";
import { settings } from "../settings/settings.svelte";
import { toast } from "../shared/toasts.svelte";

/** Typing must not write the settings at each key; milliseconds from the first change to the writing. */
const PAUSE = 800;

let timer: ReturnType<typeof setTimeout> | undefined;
let complained = false;

/** What was kept under `key`, when it is of the same kind as `fallback`; else `fallback`. */
export function recall<T>(key: string, fallback: T): T {
  const kept = settings.current.ui[key];
  const same = typeof kept === typeof fallback && Array.isArray(kept) === Array.isArray(fallback);
  return same && kept !== null ? (kept as T) : fallback;
}

/** Keeps what `value` reads under `key`, now and whenever it changes. */
export function keep(key: string, value: () => unknown): void {
  $effect.root(() => {
    let first = true;
    $effect(() => {
      const now = $state.snapshot(value());
      if (!first) untrack(() => remember(key, now));
      first = false;
    });
  });
}

/** Stores at once what is still waiting; called when the page goes away. */
export function flush(): void {
  if (timer === undefined) return;
  clearTimeout(timer);
  timer = undefined;
  settings.save({}).catch(complain);
}

function remember(key: string, value: unknown): void {
  settings.current.ui = { ...settings.current.ui, [key]: value };
  timer ??= setTimeout(flush, PAUSE);
}

function complain(): void {
  if (complained) return;
  complained = true;
  toast("Limerick cannot keep its settings. Is the disk full?");
}
