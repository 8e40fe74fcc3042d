//! Who opened a patient's record, and who changed what in it.

use crate::acts::Look;
use crate::acts::views::PersonView;
use crate::kernel::error::Result;
use crate::kernel::time::Time;
use crate::store::access_log;
use crate::store::log;

/// How many lines each list shows.
const LINES_MAX: i64 = 200;

/// One access.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AccessView {
    /// Who.
    pub person: Option<PersonView>,
    /// When.
    pub at: Time,
    /// What was opened: a page's stable word.
    pub what: String,
    /// Whether it was refused.
    pub refused: bool,
}

/// One entry of the record, without its content.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChangeView {
    /// Its number.
    pub seq: i64,
    /// What kind of entry.
    pub kind: String,
    /// Who wrote it; `None` for the clock or an operator.
    pub person: Option<PersonView>,
    /// When it was accepted.
    pub at: Time,
    /// The chain's hash at this entry, in hex: what a paper note of it can be compared with.
    pub hash: String,
}

/// Who opened the record, and who changed it; newest first.
pub fn read(look: &mut Look<'_>) -> Result<(Vec<AccessView>, Vec<ChangeView>)> {
    let looked = access_log::of(look.conn, &look.grant, LINES_MAX)?;
    let changes = log::latest(look.conn, &look.grant, LINES_MAX)?;
    let people = look.directory()?;
    let accesses = looked
        .into_iter()
        .map(|row| AccessView {
            person: people.get(row.person).cloned(),
            at: row.at,
            what: row.what,
            refused: row.outcome == "refused",
        })
        .collect();
    let changes = changes
        .into_iter()
        .map(|log::Linked { row, hash, .. }| ChangeView {
            seq: row.seq,
            kind: row.kind,
            person: row.author.and_then(|id| people.get(id).cloned()),
            at: row.at,
            hash: data_encoding::HEXLOWER.encode(&hash),
        })
        .collect();
    Ok((accesses, changes))
}
