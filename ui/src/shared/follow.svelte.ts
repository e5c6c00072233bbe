// Keeps the end of a growing text in sight while the reader is there, and never pulls against them.

/** Within this many px of the bottom the reader counts as reading along. */
export const NEAR = 100;

/** Where a scrolled element stands, in px. */
export interface Place {
  top: number;
  height: number;
  full: number;
}

/** Whether the bottom is near. */
export function isNear(place: Place): boolean {
  return place.full - place.top - place.height <= NEAR;
}

/** Decides whether to follow: pure, the element is told what to do by `follow`. */
export class Follow {
  /** The end is kept in sight. */
  following = $state(true);
  #last: Place = { top: 0, height: 0, full: 0 };

  /** The reader or the page scrolled. */
  scrolled(place: Place): void {
    const shrank = place.full < this.#last.full;
    const up = place.top < this.#last.top - 1 && !shrank;
    if (up) this.following = false;
    else if (place.top > this.#last.top && isNear(place)) this.following = true;
    if (place.full <= place.height) this.following = true;
    this.#last = place;
  }

  /** Follows `element` as its content grows, while there is something to `read`; the return ends it. */
  attach(element: HTMLElement, content: HTMLElement, read: () => boolean): () => void {
    const onscroll = () => this.scrolled(placeOf(element));
    const grown = new ResizeObserver(() => {
      if (this.following && read()) this.toEnd(element);
      else this.scrolled(placeOf(element));
    });
    element.addEventListener("scroll", onscroll, { passive: true });
    grown.observe(content);
    grown.observe(element);
    return () => {
      element.removeEventListener("scroll", onscroll);
      grown.disconnect();
    };
  }

  /** Goes to the end, and follows again. */
  toEnd(element: HTMLElement): void {
    this.following = true;
    element.scrollTop = element.scrollHeight;
    this.#last = placeOf(element);
  }
}

function placeOf(element: HTMLElement): Place {
  return { top: element.scrollTop, height: element.clientHeight, full: element.scrollHeight };
}
