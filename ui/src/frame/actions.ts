// What the person can do from anywhere: one list for the command palette, the shortcuts and the shortcut sheet.
import type { Settings } from "../bindings";
import { connections } from "../connections/connections.svelte";
import { asFailure } from "../runs/failure";
import { queue } from "../runs/queue.svelte";
import { settings } from "../settings/settings.svelte";
import { nextZoom, USUAL } from "../settings/zoom";
import { announce } from "../shared/announce.svelte";
import { toast } from "../shared/toasts.svelte";
import { player } from "../sound/player.svelte";
import { TASKS } from "../tasks";
import { layout } from "./layout.svelte";
import { nextRegion } from "./regions";
import { stage } from "./stage.svelte";

/** One thing to do. */
export interface Action {
  id: string;
  /** What it does, in the imperative. */
  title: string;
  /** Where it stands in the palette and in the sheet. */
  group: "Run" | "Go to" | "Window" | "Connection";
  /** Its shortcut ("Mod+K"), where it has one. */
  keys?: string;
  /** Another shortcut for the same, as other programs have it. */
  also?: string;
  /** More words to find it by. */
  words?: string;
  /** False where it has nothing to do now. */
  enabled?: () => boolean;
  run: () => void;
}

const inStage: Action[] = [
  {
    id: "run",
    title: "Run",
    group: "Run",
    keys: "Mod+Enter",
    words: "send generate answer",
    enabled: () => stage.current !== undefined && (!stage.current.running || stage.current.adds === true),
    run: () => stage.current?.run(),
  },
  {
    id: "stop",
    title: "Stop",
    group: "Run",
    keys: "Escape",
    words: "cancel",
    enabled: () => stage.current?.running === true,
    run: () => stage.current?.stop(),
  },
  {
    id: "fresh",
    title: "Begin anew",
    group: "Run",
    keys: "Mod+Shift+O",
    also: "Mod+Shift+N",
    words: "new chat clear empty picture",
    enabled: () => stage.current !== undefined,
    run: () => stage.current?.fresh(),
  },
  {
    id: "write",
    title: "Write the prompt",
    group: "Run",
    keys: "/",
    words: "focus type",
    enabled: () => stage.current !== undefined,
    run: () => stage.current?.focus(),
  },
];

const window_: Action[] = [
  { id: "palette", title: "Find a command", group: "Window", keys: "Mod+K", run: () => toggle("palette") },
  {
    id: "shortcuts",
    title: "Show the shortcuts",
    group: "Window",
    keys: "?",
    run: () => toggle("shortcuts"),
  },
  {
    id: "model",
    title: "Pick a model",
    group: "Window",
    keys: "Mod+Shift+M",
    words: "provider price",
    enabled: () => stage.current !== undefined,
    run: () => toggle("modelPicker"),
  },
  {
    id: "parameters",
    title: "Show or hide the parameters",
    group: "Window",
    keys: "Mod+.",
    words: "temperature seed column",
    enabled: () => stage.current !== undefined,
    run: () => layout.toggleParameters(),
  },
  {
    id: "next-region",
    title: "Next part of the window",
    group: "Window",
    keys: "F6",
    run: () => nextRegion(1),
  },
  {
    id: "last-region",
    title: "Previous part of the window",
    group: "Window",
    keys: "Shift+F6",
    run: () => nextRegion(-1),
  },
  {
    id: "queue",
    title: "Show the queue",
    group: "Window",
    words: "waiting running jobs pictures order",
    run: () => toggle("queue"),
  },
  {
    id: "silence",
    title: "Stop all sound",
    group: "Window",
    keys: "Mod+Shift+S",
    words: "silence quiet audio player",
    enabled: () => player.now.pieces.length > 0,
    run: () => player.stop(),
  },
  {
    id: "play",
    title: "Play or pause the sound",
    group: "Window",
    words: "resume audio player",
    enabled: () => player.now.pieces.length > 0,
    run: () => player.toggle(player.now.pieces.map(({ sound }) => sound.replace(/^run:/, ""))),
  },
  {
    id: "queue-rest",
    title: "Pause or resume the queue",
    group: "Run",
    words: "rest go on wait",
    enabled: () => queue.waiting.length > 0,
    run: () => void queue.pause(!queue.paused),
  },
  theme("light", "Light theme"),
  theme("dark", "Dark theme"),
  theme("system", "Theme of the system"),
  { ...zoomed("larger", "in"), keys: "Mod+Plus", also: "Mod+=" },
  { ...zoomed("smaller", "out"), keys: "Mod+-" },
  {
    id: "usual-size",
    title: "Draw everything at its usual size",
    group: "Window",
    keys: "Mod+0",
    words: "zoom reset 100 %",
    enabled: () => settings.current.zoom !== USUAL,
    run: () => zoom(USUAL),
  },
  {
    id: "offline",
    title: "Go offline or online",
    group: "Window",
    words: "network airplane",
    run: () => set({ offline: !settings.current.offline }),
  },
];

/** All actions that there are now. */
export function actions(): Action[] {
  return [...inStage, ...TASKS.map(goTo), ...window_, ...connections.list.map(use)];
}

function goTo(task: (typeof TASKS)[number]): Action {
  return {
    id: `open-${task.id}`,
    title: task.title,
    group: "Go to",
    keys: task.keys,
    words: "tab open",
    run: () => layout.open(task.id),
  };
}

function use(connection: { id: string; name: string }): Action {
  return {
    id: `use-${connection.id}`,
    title: `Use ${connection.name}`,
    group: "Connection",
    words: "connect switch server",
    enabled: () => connections.current.id !== connection.id,
    run: () => connections.use(connection.id),
  };
}

function theme(theme: "light" | "dark" | "system", title: string): Action {
  return {
    id: `theme-${theme}`,
    title,
    group: "Window",
    words: "colours appearance mode",
    enabled: () => settings.current.theme !== theme,
    run: () => set({ theme }),
  };
}

function zoomed(way: "larger" | "smaller", word: "in" | "out"): Action {
  const next = () => nextZoom(settings.current.zoom, way);
  return {
    id: way,
    title: `Draw everything ${way}`,
    group: "Window",
    words: `zoom ${word} text size`,
    enabled: () => next() !== settings.current.zoom,
    run: () => zoom(next()),
  };
}

function zoom(percent: number): void {
  set({ zoom: percent });
  announce(`${percent} percent.`);
}

function set(change: Partial<Settings>): void {
  settings.save(change).catch((reason: unknown) => toast(asFailure(reason).message));
}

function toggle(what: "palette" | "shortcuts" | "modelPicker" | "queue"): void {
  layout[what] = !layout[what];
}
