//! The outputs of a call while they come: whole ones, edits, and the deltas that are told of them.

use limerick_tasks::{Progress, Result};
use serde_json::Value;

use super::diff::{Patched, Patcher};
use super::{Change, SpaceDelta};

/// How many bytes of replaced values are told in between; after that only texts that go on, and the end.
const MOST_TOLD: usize = 1 << 30;

/// Where deltas are told.
pub(crate) type Tell<'a> = &'a mut (dyn FnMut(Progress<SpaceDelta>) + Send);

/// One value an output on the wire.
#[derive(Debug, Default)]
pub(crate) struct Outputs {
    values: Vec<Value>,
    /// What was told of an output is no longer what it is.
    stale: Vec<bool>,
    /// Which are shown; the others (states, layout) are nobody's business.
    shown: Vec<bool>,
    patcher: Patcher,
    /// Bytes that came so far: no value can be larger.
    came: usize,
    told: usize,
    begun: bool,
}

impl Outputs {
    pub(crate) fn of(shown: &[bool]) -> Self {
        Self { shown: shown.to_vec(), ..Self::default() }
    }

    /// Whether something came already.
    pub(crate) fn begun(&self) -> bool {
        self.begun
    }

    /// Counts what came.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.came = self.came.saturating_add(bytes);
    }

    /// Takes whole outputs and tells what is new in them.
    pub(crate) fn set(&mut self, data: Vec<Value>, tell: Tell<'_>) {
        self.begun = true;
        self.reach(data.len());
        for (at, new) in data.into_iter().enumerate() {
            let change = changed(&self.values[at], &new);
            self.values[at] = new;
            self.tell(at, change, tell);
        }
    }

    /// Takes a list of edits an output.
    pub(crate) fn patch(&mut self, edits: &[Value], tell: Tell<'_>) -> Result<()> {
        self.reach(edits.len());
        for (at, edits) in edits.iter().enumerate() {
            let change = self.patcher.apply(&mut self.values[at], edits)?;
            self.tell(at, change, tell);
        }
        Ok(())
    }

    /// Tells what was left untold, and gives the outputs that are shown.
    pub(crate) fn finish(mut self, tell: Tell<'_>) -> Vec<Value> {
        for at in 0..self.values.len() {
            if std::mem::take(&mut self.stale[at]) {
                self.told = 0;
                self.tell(at, Patched::Changed, tell);
            }
        }
        let shown = self.shown;
        let kept = |at: usize| shown.get(at).copied().unwrap_or(true);
        let values = self.values.into_iter().enumerate();
        values.filter(|(at, _)| kept(*at)).map(|(_, value)| settled(value)).collect()
    }

    fn reach(&mut self, count: usize) {
        if self.values.len() < count {
            self.values.resize(count, Value::Null);
            self.stale.resize(count, false);
        }
    }

    /// Tells a text's next piece, or the whole value.
    fn tell(&mut self, at: usize, change: Patched, tell: Tell<'_>) {
        let is_shown = |at: usize| self.shown.get(at).copied().unwrap_or(true);
        if !is_shown(at) || self.stale[at] {
            return;
        }
        let output = (0..at).filter(|at| is_shown(*at)).count();
        let change = match change {
            Patched::Same => return,
            Patched::Longer(more) => Change::Append(more),
            Patched::Changed => {
                self.told = self.told.saturating_add(self.came);
                if self.told > MOST_TOLD {
                    self.stale[at] = true;
                    return;
                }
                Change::Replace(settled(self.values[at].clone()))
            }
        };
        tell(Progress::Delta(SpaceDelta { output, change }));
    }
}

fn changed(old: &Value, new: &Value) -> Patched {
    if old == new {
        return Patched::Same;
    }
    let more = old.as_str().zip(new.as_str()).and_then(|(old, new)| new.strip_prefix(old));
    more.map_or(Patched::Changed, |more| Patched::Longer(more.to_owned()))
}

/// A value inside an update of its component (`gr.update`), or the value itself.
fn settled(mut value: Value) -> Value {
    if value.get("__type__").and_then(Value::as_str) == Some("update") {
        return value.get_mut("value").map(Value::take).unwrap_or_default();
    }
    value
}

/// What deltas add up to: the law that each call keeps, stated once for its tests.
#[cfg(test)]
pub(super) fn joined(deltas: &[SpaceDelta]) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for delta in deltas {
        if values.len() <= delta.output {
            values.resize(delta.output + 1, Value::Null);
        }
        values[delta.output] = match (&delta.change, &values[delta.output]) {
            (Change::Replace(value), _) => value.clone(),
            (Change::Append(more), Value::String(text)) => Value::String(format!("{text}{more}")),
            (Change::Append(more), _) => Value::String(more.clone()),
        };
    }
    values
}
