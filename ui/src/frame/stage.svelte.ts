// What the open tab offers to the frame: so that one shortcut runs, stops and begins anew in every tab.

/** What a tab can do for the frame. */
export interface Stage {
  /** The task that its model must do (`chat_completion`, …). */
  readonly task: string;
  /** Whether something runs in it. */
  readonly running: boolean;
  /** While something runs, more can be added to the queue. */
  readonly adds?: boolean;
  run(): void;
  stop(): void;
  /** Begins anew (a new chat, an empty prompt). */
  fresh(): void;
  /** Puts the focus where the person types. */
  focus(): void;
}

class CurrentStage {
  /** The open tab's offer; none where a tab runs nothing. */
  current = $state.raw<Stage | undefined>();

  /** Called by a tab when it is shown; the return takes it back. */
  enter(stage: Stage): () => void {
    this.current = stage;
    return () => {
      if (this.current === stage) this.current = undefined;
    };
  }
}

/** The open tab's offer. */
export const stage = new CurrentStage();
