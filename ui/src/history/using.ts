// Takes a picture or a run of History into the tab that made it: what made it, itself to begin with, or all of it.
import type { Picture } from "../bindings";
import { layout } from "../frame/layout.svelte";
import type { Used } from "../pictures/facts";
import { shown } from "../tasks/image/shown.svelte";
import { takes } from "../tasks/speech/takes.svelte";

/** Takes over what made a picture. */
export function use(what: Used, picture: Picture): void {
  layout.open("image");
  void shown.use(what, picture);
}

/** Begins the next picture with this one. */
export function startFrom(picture: Picture): void {
  layout.open("image");
  void shown.startWith(picture.address);
}

/** Shows a run as a take of the Speech tab. */
export function openInSpeech(run: string): void {
  layout.open("speech");
  void takes.openRun(run);
}

/** Shows a run as the Image tab showed it when it was made. */
export function openInImage(run: string): void {
  layout.open("image");
  void shown.open(run);
}
