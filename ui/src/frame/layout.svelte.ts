// Where things are in the window: the open tab, the parameter column, what is popped open. Facts, no drawing.
import { keep, recall } from "./remembered.svelte";

/** Below this width the parameter column is a popover. */
const NARROW = "(max-width: 56.25rem)";
const LEAST_WIDTH = 15;
const MOST_WIDTH = 30;

class Layout {
  /** Id of the open tab (tasks/index.ts). */
  tab = $state("text");
  /** The section of Settings to show, when somebody sent the person there. */
  settingsSection = $state<string | undefined>();
  /** The parameter column is open (wide windows). */
  column = $state(true);
  /** Its width in rem. */
  columnWidth = $state(19);
  /** The parameters are popped open (narrow windows). */
  popover = $state(false);
  /** The window is narrow. */
  narrow = $state(false);
  /** The command palette is open. */
  palette = $state(false);
  /** The list of shortcuts is open. */
  shortcuts = $state(false);
  /** The queue is shown. */
  queue = $state(false);
  /** The model picker is open. */
  modelPicker = $state(false);

  /** Takes up what was left at the last exit, and follows the window's width. */
  start(): void {
    this.tab = recall("tab", this.tab);
    this.column = recall("column", this.column);
    this.columnWidth = bounded(recall("columnWidth", this.columnWidth));
    keep("tab", () => this.tab);
    keep("column", () => this.column);
    keep("columnWidth", () => this.columnWidth);
    const query = window.matchMedia(NARROW);
    this.narrow = query.matches;
    query.addEventListener("change", () => {
      this.narrow = query.matches;
      this.popover = false;
    });
  }

  /** Whether the parameters can be seen now. */
  get parametersOpen(): boolean {
    return this.narrow ? this.popover : this.column;
  }

  /** Shows or hides the parameters. */
  toggleParameters(): void {
    if (this.narrow) this.popover = !this.popover;
    else this.column = !this.column;
  }

  /** Makes the parameter column so wide; in rem. */
  resizeColumn(rem: number): void {
    this.columnWidth = bounded(rem);
  }

  /** Opens a tab. */
  open(tab: string): void {
    this.tab = tab;
    this.popover = false;
  }

  /** Opens Settings at a section (`connections`, `models`, …). */
  openSettings(section?: string): void {
    this.settingsSection = section;
    this.open("settings");
  }
}

function bounded(rem: number): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH, rem));
}

/** The window's layout. */
export const layout = new Layout();
