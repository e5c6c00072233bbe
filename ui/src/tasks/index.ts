// The tabs: one row each. To add a tab, write its row here.
import AudioLines from "@lucide/svelte/icons/audio-lines";
import History from "@lucide/svelte/icons/history";
import Image from "@lucide/svelte/icons/image";
import MessageSquareText from "@lucide/svelte/icons/message-square-text";
import ScanEye from "@lucide/svelte/icons/scan-eye";
import Settings from "@lucide/svelte/icons/settings";
import Tags from "@lucide/svelte/icons/tags";
import type { Component } from "svelte";

/** One tab. */
export interface TaskRow {
  /** Its name in settings and tests. */
  id: string;
  title: string;
  icon: Component<{ size?: number; "aria-hidden"?: "true" }>;
  /** Its shortcut. */
  keys: string;
  /** At the foot of the rail, apart from the tasks. */
  apart: boolean;
  /** What it shows, fetched when the tab is first opened. */
  load: () => Promise<{ default: Component }>;
}

/** The tabs, in the order of the rail. */
export const TASKS: TaskRow[] = [
  {
    id: "text",
    title: "Text",
    icon: MessageSquareText,
    keys: "Mod+1",
    apart: false,
    load: () => import("./text/TextTab.svelte"),
  },
  {
    id: "image",
    title: "Image",
    icon: Image,
    keys: "Mod+2",
    apart: false,
    load: () => import("./image/ImageTab.svelte"),
  },
  {
    id: "vision",
    title: "Vision",
    icon: ScanEye,
    keys: "Mod+3",
    apart: false,
    load: () => import("./vision/VisionTab.svelte"),
  },
  {
    id: "speech",
    title: "Speech",
    icon: AudioLines,
    keys: "Mod+4",
    apart: false,
    load: () => import("./speech/SpeechTab.svelte"),
  },
  {
    id: "classify",
    title: "Classify",
    icon: Tags,
    keys: "Mod+5",
    apart: false,
    load: () => import("./classify/ClassifyTab.svelte"),
  },
  {
    id: "history",
    title: "History",
    icon: History,
    keys: "Mod+9",
    apart: true,
    load: () => import("../history/HistoryTab.svelte"),
  },
  {
    id: "settings",
    title: "Settings",
    icon: Settings,
    keys: "Mod+,",
    apart: true,
    load: () => import("../settings/SettingsTab.svelte"),
  },
];
