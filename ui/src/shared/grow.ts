// A text box that is as high as what is written in it, between its CSS bounds.

/** For `{@attach grow(() => text)}`: fits the box to its text now and whenever the text or the width changes. */
export function grow(text: () => string): (box: HTMLTextAreaElement) => (() => void) | undefined {
  return (box) => {
    text();
    size(box);
    // In a dialog that opens in this moment a box has no height yet.
    if (box.scrollHeight === 0) requestAnimationFrame(() => size(box));
    return followWidth(box);
  };
}

function followWidth(box: HTMLTextAreaElement): (() => void) | undefined {
  if (typeof ResizeObserver === "undefined") return undefined;
  let width = box.clientWidth;
  const resized = new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    size(box);
  });
  resized.observe(box);
  return () => resized.disconnect();
}

function size(box: HTMLTextAreaElement): void {
  box.style.height = "auto";
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}
