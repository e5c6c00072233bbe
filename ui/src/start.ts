// Takes up the state of the last exit, in the order in which one part needs the other.
import { connections } from "./connections/connections.svelte";
import { layout } from "./frame/layout.svelte";
import { models } from "./models/models.svelte";
import { textPresets } from "./parameters/presets.svelte";
import { asFailure } from "./runs/failure";
import { queue } from "./runs/queue.svelte";
import { settings } from "./settings/settings.svelte";
import { toast } from "./shared/toasts.svelte";
import { player } from "./sound/player.svelte";
import { answers } from "./tasks/classify/answers.svelte";
import { shown } from "./tasks/image/shown.svelte";
import { takes } from "./tasks/speech/takes.svelte";
import { chat } from "./tasks/text/chat.svelte";
import { completion } from "./tasks/text/completion.svelte";
import { text } from "./tasks/text/text.svelte";
import { how } from "./tasks/vision/how.svelte";
import { vision } from "./tasks/vision/vision.svelte";

/** Loads the settings, then everything that lives by them; the window need not wait for the lists. */
export async function start(): Promise<void> {
  await settings.load();
  layout.start();
  connections.start();
  models.start();
  text.start();
  textPresets.start();
  takes.start();
  how.recall();
  void chat.start();
  void vision.chat.start();
  void shown.start();
  void answers.start();
  void player.start();
  void queue.start();
  void completion.start();
  void chat.list.load();
  void vision.chat.list.load();
  connections.load().catch((reason: unknown) => toast(asFailure(reason).message));
}
