// The theme: the person's choice on the root element, where the tokens look for it.
import type { Theme } from "../bindings";

/** Shows this theme; `system` follows the machine. */
export function showTheme(theme: Theme): void {
  if (theme === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}
