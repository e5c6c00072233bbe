// The switch between two takes: the other one goes on where the first was.
import { player } from "../../sound/player.svelte";
import { placeAt, startsOf } from "../../sound/track";
import type { Take } from "./take.svelte";

/** Has `take` go on, or hold, where `before` is; from the start where that one is not held. */
export function switchTo(take: Take, before: Take | undefined): void {
  if (take === before) return;
  const held = before !== undefined && player.holds(before.runs);
  const playing = player.playing;
  const runs = take.sounds.map(({ run }) => run);
  const { piece, at } = placeAt(take.lengths, held ? placeIn(before) : 0);
  if (!held) return;
  player.play(runs, piece, at);
  if (!playing) player.pause();
}

/** Seconds from the start of a take to what is heard of it now. */
function placeIn(take: Take): number {
  const at = take.sounds.findIndex(({ run }) => run === player.run);
  return (startsOf(take.lengths)[at] ?? 0) + player.now.position;
}
