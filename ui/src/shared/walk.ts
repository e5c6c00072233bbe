// Arrow keys walk through the buttons of a list, round its ends.

/** For `onkeydown` of the list's own element. */
export function walkButtons(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (step === 0) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll("button")];
  const here = buttons.indexOf(document.activeElement as HTMLButtonElement);
  buttons.at((here + step) % buttons.length)?.focus();
}
