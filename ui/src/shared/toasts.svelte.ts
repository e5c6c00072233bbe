// Toasts: news from the background and Undo, nothing else (a failed run is a card where its result would be).

/** What a toast offers to do. */
export interface ToastAction {
  label: string;
  run: () => void;
}

/** A toast on the screen. */
export interface Toast {
  id: number;
  text: string;
  action?: ToastAction | undefined;
}

/** How long a toast stays, in milliseconds: longer where it offers something. */
const PLAIN = 5_000;
const WITH_ACTION = 10_000;
/** More than this many at once would cover the page; the oldest goes. */
const MOST = 3;

class Toasts {
  /** The toasts on the screen, oldest first. */
  list = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();
  #held = false;

  /** Shows a toast; returns its id. */
  show(text: string, action?: ToastAction): number {
    const toast = { id: this.#next++, text, action };
    this.list.push(toast);
    if (this.list.length > MOST && this.list[0]) this.close(this.list[0].id);
    if (!this.#held) this.#arm(toast);
    return toast.id;
  }

  /** Takes a toast away. */
  close(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
    this.list = this.list.filter((toast) => toast.id !== id);
    if (this.list.length === 0) this.#held = false;
  }

  /** Does what a toast offers, and takes it away. */
  act(toast: Toast): void {
    this.close(toast.id);
    toast.action?.run();
  }

  /** Keeps all toasts while the person points at one or has the focus in it. */
  hold(): void {
    this.#held = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Lets them go again, each with its full time. */
  release(): void {
    this.#held = false;
    for (const toast of this.list) this.#arm(toast);
  }

  #arm(toast: Toast): void {
    clearTimeout(this.#timers.get(toast.id));
    const time = toast.action ? WITH_ACTION : PLAIN;
    this.#timers.set(
      toast.id,
      setTimeout(() => this.close(toast.id), time),
    );
  }
}

/** The toasts of the window. */
export const toasts = new Toasts();

/** Shows a toast, with at most one thing to do (Undo). */
export function toast(text: string, options: { action?: ToastAction } = {}): number {
  return toasts.show(text, options.action);
}
