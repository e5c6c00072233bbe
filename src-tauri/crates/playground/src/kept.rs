//! Answers that were not made for their run: the history had them, where the person wants that, or the server says
//! that it had.

use limerick_inference::Exchange;
use limerick_tasks::Progress;
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::UnboundedSender;
use ts_rs::TS;
use uuid::Uuid;

use crate::{
    Answers, Figures, Playground, Run, RunOutput, RunState,
    running::{Live, Told},
    store::{answers, runs::RunEnd},
};

/// Who had an answer already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Cached {
    /// The history: another run had asked the very same, and nothing was sent.
    History {
        /// That run.
        #[ts(type = "string")]
        run: Uuid,
    },
    /// The server, which says so.
    Server,
}

/// An answer of the history.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The run that it was made for.
    pub(crate) run: Uuid,
    pub(crate) output: RunOutput,
    /// Who gave it, or was asked for.
    pub(crate) provider: Option<String>,
}

/// Where a kept answer comes from.
pub(crate) struct Source {
    run: Uuid,
    provider: Option<String>,
}

impl Playground {
    /// The answer that the history has for a run, where the person wants such answers. What is repeated to compare,
    /// asked anew or stopped already gets none.
    pub(crate) async fn kept_answer(&self, live: &Live, run: &Run) -> Option<Kept> {
        let wanted = self.settings_now().answers == Answers::Keep && !run.anew && run.repeats.is_none();
        if !wanted || live.stop.is_cancelled() {
            return None;
        }
        let id = run.id.clone();
        let found = self.inner.store.ask("look for this answer", move |db| answers::same(db, &id)).await;
        // What cannot be read is asked for.
        found.unwrap_or_else(|error| {
            tracing::warn!(detail = error.detail, "{error}");
            None
        })
    }
}

impl Kept {
    /// Where it comes from.
    pub(crate) fn source(&self) -> Source {
        Source { run: self.run, provider: self.provider.clone() }
    }

    /// Tells it as a run tells what comes.
    pub(crate) fn tell(self, tell: &UnboundedSender<Told>) -> RunOutput {
        if let Some(delta) = self.output.as_delta() {
            // Nobody listens any more only when the run has ended.
            let _ = tell.send(Progress::Delta(delta));
        }
        self.output
    }
}

impl Source {
    /// Says so in the ending: nothing was measured but the time, and nothing was paid.
    pub(crate) fn mark(self, end: &mut RunEnd) {
        if end.state == RunState::Done {
            let (total_ms, cached) = (end.figures.total_ms, Some(Cached::History { run: self.run }));
            end.figures = Figures { total_ms, cached, ..Figures::default() };
            end.provider = self.provider;
        }
    }
}

/// Whether the server says that it had an answer already: `x-compute-type: cache` (hf-api 5.4).
pub(crate) fn was_kept_there(exchanges: &[Exchange]) -> bool {
    let says =
        |(name, value): &(String, String)| name == "x-compute-type" && value.eq_ignore_ascii_case("cache");
    exchanges
        .iter()
        .any(|exchange| exchange.status == Some(200) && exchange.response.headers.iter().any(says))
}
