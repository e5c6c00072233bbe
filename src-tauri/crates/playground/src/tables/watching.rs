//! Follows a table: what changed of it, ten times a second at most.

use std::time::Duration;

use limerick_tasks::Result;
use tokio::time::sleep;

use super::TableEvent;
use crate::{Playground, commands::Id};

/// Time between two events.
const PAUSE: Duration = Duration::from_millis(100);
/// Rows in one event at most.
const AT_ONCE: usize = 500;

impl Playground {
    /// Follows a table until it is deleted: first how it stands, then its rows as they change.
    pub async fn watch_table(
        &self,
        Id { id }: Id,
        on: impl Fn(TableEvent) + Send + Sync + 'static,
    ) -> Result<()> {
        let watcher = self.inner.tables.watch(&id);
        let followed = async {
            on(TableEvent::Rows { rows: Vec::new(), table: self.table(&id).await? });
            loop {
                tokio::select! {
                    biased;
                    () = watcher.gone.cancelled() => break on(TableEvent::Gone),
                    () = watcher.left.cancelled() => break,
                    () = watcher.told() => {}
                }
                let rows = self.rows_at(&id, watcher.take(AT_ONCE)).await?;
                // One that was deleted meanwhile is told as such the next time around.
                if let Ok(table) = self.table(&id).await {
                    on(TableEvent::Rows { rows, table });
                }
                sleep(PAUSE).await;
            }
            Ok(())
        };
        let ended = followed.await;
        self.inner.tables.leave(&watcher);
        ended
    }
}
