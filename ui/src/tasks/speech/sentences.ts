// The sentences of a take as buttons: one stop of Tab, the arrows walk, and the one that is heard stays in sight.

/** For `onkeydown` of what holds them all. */
export function walkSentences(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".sentence")];
  const here = all.indexOf(event.target as HTMLElement);
  if (step === undefined || here < 0) return;
  event.preventDefault();
  all[here + step]?.focus();
}

/** Brings a sentence into sight, where the one before it is: who reads elsewhere is left there. */
export function follow(sentence: HTMLElement, before: HTMLElement | undefined): void {
  const room = sentence.closest(".text");
  if (room && (!before || inSight(before, room))) sentence.scrollIntoView?.({ block: "nearest" });
}

function inSight(element: HTMLElement, room: Element): boolean {
  const [at, around] = [element.getBoundingClientRect(), room.getBoundingClientRect()];
  return at.bottom > around.top && at.top < around.bottom;
}
