//! What went over the wire, run by run.

use limerick_inference::Exchange;
use rusqlite::Connection;

use super::{
    Stored,
    runs::{from_json, json},
};

/// Writes the exchanges of a run that ends.
pub(super) fn add(db: &Connection, run: &str, exchanges: &[Exchange]) -> Stored<()> {
    let mut insert = db.prepare_cached("insert or replace into exchanges values (?1, ?2, ?3)")?;
    for (number, exchange) in exchanges.iter().enumerate() {
        insert.execute((run, i64::try_from(number).unwrap_or(i64::MAX), json(exchange)?))?;
    }
    Ok(())
}

/// The exchanges of a run, in their order.
pub(crate) fn of(db: &Connection, run: &str) -> Stored<Vec<Exchange>> {
    let mut rows = db.prepare_cached("select exchange from exchanges where run = ?1 order by number")?;
    let found = rows.query_map([run], |row| row.get::<_, String>(0))?;
    found.map(|text| from_json(&text?)).collect()
}
