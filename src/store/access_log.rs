//! Who opened what: rows projected from the access logs' entries.

use diesel::prelude::*;

use crate::access::Grant;
use crate::kernel::error::Result;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::looked;

/// One access.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = looked, treat_none_as_default_value = false)]
pub struct Looked {
    /// Which node's log.
    pub log: LogId,
    /// Which entry.
    pub seq: i64,
    /// Which line of it.
    pub line: i32,
    /// Whose record.
    pub patient: PatientId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: Time,
    /// What was opened.
    pub what: String,
    /// `shown` or `refused`.
    pub outcome: String,
}

/// Adds a batch.
pub fn add(conn: &mut Conn, rows: &[Looked]) -> Result<()> {
    on!(conn, |c| diesel::insert_into(looked::table).values(rows).execute(c))?;
    Ok(())
}

/// Who opened this patient's record, newest first.
pub fn of(conn: &mut Conn, grant: &Grant, limit: i64) -> Result<Vec<Looked>> {
    Ok(on!(conn, |c| looked::table
        .filter(looked::patient.eq(grant.patient()))
        .order((looked::at.desc(), looked::line.desc()))
        .limit(limit)
        .select(Looked::as_select())
        .load(c))?)
}
