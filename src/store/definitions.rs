//! Published pathways and forms, each named by the hash of its canonical JSON and never changed.

use diesel::prelude::*;

use crate::kernel::error::Result;
use crate::on;
use crate::store::Conn;
use crate::store::schema::definition;

/// A published definition.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = definition, treat_none_as_default_value = false)]
pub struct Definition {
    /// SHA-256 of its canonical JSON, in hex.
    pub hash: String,
    /// `pathway`, `form`, or `stories` for what stands beside a pathway's version.
    pub kind: String,
    /// Its id.
    pub code: String,
    /// Its version.
    pub version: String,
    /// `current` or `older`.
    pub state: String,
    /// The file's text.
    pub body: String,
    /// The register's entry it was published by.
    pub seq: i64,
}

/// Publishes a version; one that is current takes the place of the one before.
pub fn publish(conn: &mut Conn, new: &Definition) -> Result<()> {
    on!(conn, |c| {
        if new.state == "current" {
            let same = definition::kind.eq(&new.kind).and(definition::code.eq(&new.code));
            diesel::update(definition::table.filter(same)).set(definition::state.eq("older")).execute(c)?;
        }
        diesel::insert_into(definition::table).values(new).execute(c)
    })?;
    Ok(())
}

/// Every version ever published: those in use must stay readable.
pub fn all(conn: &mut Conn) -> Result<Vec<Definition>> {
    Ok(on!(conn, |c| definition::table
        .order((definition::kind.asc(), definition::code.asc(), definition::seq.asc()))
        .select(Definition::as_select())
        .load(c))?)
}

/// Every version of one pathway or form, oldest first.
pub fn of_code(conn: &mut Conn, kind: &str, code: &str) -> Result<Vec<Definition>> {
    Ok(on!(conn, |c| definition::table
        .filter(definition::kind.eq(kind).and(definition::code.eq(code)))
        .order(definition::seq.asc())
        .select(Definition::as_select())
        .load(c))?)
}

/// One version by its hash.
pub fn by_hash(conn: &mut Conn, hash: &str) -> Result<Option<Definition>> {
    Ok(on!(conn, |c| definition::table.find(hash).select(Definition::as_select()).first(c).optional())?)
}
