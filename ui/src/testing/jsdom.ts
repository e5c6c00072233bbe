// What jsdom lacks and any test may meet: no size is watched, a dialog only opens and closes, nothing is drawn.

class Unwatched implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

globalThis.ResizeObserver = Unwatched;
HTMLDialogElement.prototype.showModal = function open() {
  this.open = true;
};
HTMLDialogElement.prototype.close = function close() {
  this.open = false;
};
HTMLCanvasElement.prototype.getContext = () => null;
HTMLImageElement.prototype.decode = () => Promise.resolve();
