// Shortcuts: how they are written ("Mod+Enter"), matched and shown.

/** Cmd on macOS, Ctrl elsewhere. */
export const onMac = /Mac|iPhone|iPad/.test(navigator.platform);

const SHOWN: Record<string, string> = onMac
  ? { Mod: "⌘", Shift: "⇧", Alt: "⌥", Enter: "↵", Escape: "Esc" }
  : { Mod: "Ctrl", Enter: "↵", Escape: "Esc" };

/** Characters that a shortcut cannot be written with. */
const NAMED: Record<string, string> = { Plus: "+" };

/** The parts of a shortcut as a person reads them: `["Ctrl", "K"]`. */
export function shownKeys(keys: string): string[] {
  return keys.split("+").map((part) => SHOWN[part] ?? NAMED[part] ?? part);
}

/** One shortcut in one string: "Ctrl+K", "⌘K". */
export function shownShortcut(keys: string): string {
  return shownKeys(keys).join(onMac ? "" : "+");
}

/** Whether a key press is this shortcut. A character such as `?` counts with whatever keys make it. */
export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts.pop() ?? "";
  const mod = onMac ? event.metaKey : event.ctrlKey;
  const other = onMac ? event.ctrlKey : event.metaKey;
  const shiftCounts = key.length > 1 || /[a-z]/i.test(key);
  return (
    event.key.toLowerCase() === (NAMED[key] ?? key).toLowerCase() &&
    mod === parts.includes("Mod") &&
    !other &&
    event.altKey === parts.includes("Alt") &&
    (!shiftCounts || event.shiftKey === parts.includes("Shift"))
  );
}

/** Whether the person is writing, so that a bare letter is a letter. */
export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest("input, textarea, select, [contenteditable]") !== null
  );
}

/** Whether something is popped open that Esc is to close first. */
export function somethingIsOpen(): boolean {
  return document.querySelector("dialog[open], [popover][data-open]") !== null;
}
