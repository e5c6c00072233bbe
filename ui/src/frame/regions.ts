// F6 moves between the parts of the window: each bears `data-region` with its name.

/** Puts the focus on the next part (`1`) or the one before (`-1`). A part with parts in it is only their frame. */
export function nextRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>("[data-region]")].filter(isPart);
  if (regions.length === 0) return;
  const here = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions.at((here + step + regions.length) % regions.length);
  if (next) firstStop(next).focus();
}

function isPart(region: HTMLElement): boolean {
  return region.getClientRects().length > 0 && region.querySelector("[data-region]") === null;
}

/** Where the focus lands in a part: on itself where it takes it, else on what it names, else its first control. */
function firstStop(region: HTMLElement): HTMLElement {
  if (region.tabIndex >= 0) return region;
  const stop =
    region.querySelector<HTMLElement>("[data-first-stop]") ??
    region.querySelector<HTMLElement>(
      "button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select, [tabindex='0']",
    );
  return stop ?? region;
}
