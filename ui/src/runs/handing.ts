// Hands runs to the queue one after the other.

/** Until the last run that is being handed to the queue is in it. */
let handing: Promise<void> | undefined;

/** Settles when all runs that were asked for are in the queue. */
export async function allHanded(): Promise<void> {
  await handing;
}

/**
 * Hands a run over: at once, or, where it is `queued`, when the one before is in the queue. So they stand in it in the
 * order in which they were asked for.
 */
export function handOver(queued: boolean | undefined, hand: () => Promise<void>): Promise<void> {
  if (!queued) return hand();
  const mine = handing ? handing.then(hand) : hand();
  const over = mine
    .catch(() => undefined)
    .then(() => {
      if (handing === over) handing = undefined;
    });
  handing = over;
  return mine;
}
