//! The wire view: what went over the wire in a run, as the client wrote it down, secrets masked.

use std::sync::{Arc, Mutex};

use limerick_inference::Exchange;
use limerick_tasks::Result;

use crate::{Playground, commands::Id, playground::lock, store::exchanges};

/// The most exchanges of one run that are kept: a queue that is asked for an hour makes thousands.
const KEPT: usize = 40;

/// The exchanges of a run that is under way.
#[derive(Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Vec<Exchange>>>);

impl Wire {
    /// Adds one; of very many the first half and the newest are kept.
    pub(crate) fn add(&self, exchange: Exchange) {
        let mut all = lock(&self.0);
        if all.len() == KEPT {
            all.remove(KEPT / 2);
        }
        all.push(exchange);
    }

    pub(crate) fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *lock(&self.0))
    }
}

impl Playground {
    /// What went over the wire in a run that has ended; empty for a built-in model.
    pub async fn exchanges(&self, Id { id }: Id) -> Result<Vec<Exchange>> {
        self.inner.store.ask("read what was sent", move |db| exchanges::of(db, &id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_very_many_exchanges_the_first_and_the_newest_are_kept() {
        let wire = Wire::default();
        for status in 0..200 {
            wire.add(Exchange { status: Some(status), ..Exchange::default() });
        }
        let kept: Vec<_> = wire.take().iter().filter_map(|exchange| exchange.status).collect();
        assert_eq!((kept.len(), kept[0], kept[19], kept[20], kept[39]), (KEPT, 0, 19, 180, 199));
    }
}
