//! The library's own rows: drafts, what was proposed for publishing, what was said of versions, and how
//! many runs a version has. Numbers of runs tell nobody whose they are.

use diesel::dsl::count_star;
use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{library_change, library_draft, library_mark, patient, run};

/// Someone's unpublished work on a pathway.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = library_draft, treat_none_as_default_value = false)]
pub struct Draft {
    /// Its id.
    pub id: DraftId,
    /// Whose.
    pub person: PersonId,
    /// When it was kept last.
    pub changed_at: Time,
    /// The sealed text.
    pub sealed: Vec<u8>,
}

/// What was proposed for publishing.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = library_change, treat_none_as_default_value = false)]
pub struct Change {
    /// Its id.
    pub id: ChangeId,
    /// Which draft.
    pub draft: DraftId,
    /// The hash that was proposed.
    pub hash: String,
    /// The pathway's id.
    pub code: String,
    /// The version.
    pub version: String,
    /// `open`, `published`, `turned_down`, or `replaced` by a later one of the same draft.
    pub state: String,
    /// Who proposed it.
    pub proposer: PersonId,
    /// When.
    pub proposed_at: Time,
    /// Who decided.
    pub decider: Option<PersonId>,
    /// When.
    pub decided_at: Option<Time>,
    /// The entry of the decision.
    pub decided_seq: Option<i64>,
    /// The entry of the proposal.
    pub seq: i64,
}

/// What was said of a version last.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = library_mark, treat_none_as_default_value = false)]
pub struct Mark {
    /// The version.
    pub hash: String,
    /// It starts no more.
    pub stopped: bool,
    /// All its runs rest.
    pub suspended: bool,
    /// The register's entry that said so last.
    pub seq: i64,
}

/// Keeps a draft; one that stands is its author's alone to change.
pub fn keep_draft(conn: &mut Conn, row: &Draft) -> Result<()> {
    on!(conn, |c| diesel::insert_into(library_draft::table)
        .values(row)
        .on_conflict(library_draft::id)
        .do_update()
        .set((
            library_draft::changed_at.eq(excluded(library_draft::changed_at)),
            library_draft::sealed.eq(excluded(library_draft::sealed)),
        ))
        .execute(c))?;
    Ok(())
}

/// One draft.
pub fn draft(conn: &mut Conn, id: DraftId) -> Result<Option<Draft>> {
    Ok(on!(conn, |c| library_draft::table.find(id).select(Draft::as_select()).first(c).optional())?)
}

/// All drafts, those that changed last first.
pub fn drafts(conn: &mut Conn) -> Result<Vec<Draft>> {
    Ok(on!(conn, |c| library_draft::table
        .order((library_draft::changed_at.desc(), library_draft::id.asc()))
        .select(Draft::as_select())
        .load(c))?)
}

/// How many drafts someone keeps.
pub fn drafts_of(conn: &mut Conn, person: PersonId) -> Result<i64> {
    Ok(on!(conn, |c| library_draft::table
        .filter(library_draft::person.eq(person))
        .select(count_star())
        .first(c))?)
}

/// Throws a draft away.
pub fn drop_draft(conn: &mut Conn, id: DraftId) -> Result<()> {
    on!(conn, |c| diesel::delete(library_draft::table.find(id)).execute(c))?;
    Ok(())
}

/// Adds what was proposed; what was proposed of the same draft before is replaced by it.
pub fn add_change(conn: &mut Conn, row: &Change) -> Result<()> {
    on!(conn, |c| {
        let before = library_change::draft.eq(row.draft).and(library_change::state.eq("open"));
        diesel::update(library_change::table.filter(before))
            .set(library_change::state.eq("replaced"))
            .execute(c)?;
        diesel::insert_into(library_change::table).values(row).execute(c)
    })?;
    Ok(())
}

/// Notes how it ended.
pub fn end_change(
    conn: &mut Conn,
    id: ChangeId,
    state: &str,
    decider: Option<PersonId>,
    at: Time,
    seq: i64,
) -> Result<()> {
    on!(conn, |c| diesel::update(library_change::table.find(id))
        .set((
            library_change::state.eq(state),
            library_change::decider.eq(decider),
            library_change::decided_at.eq(at),
            library_change::decided_seq.eq(seq),
        ))
        .execute(c))?;
    Ok(())
}

/// One of what was proposed.
pub fn change(conn: &mut Conn, id: ChangeId) -> Result<Option<Change>> {
    Ok(on!(conn, |c| library_change::table.find(id).select(Change::as_select()).first(c).optional())?)
}

/// All that was proposed, the newest first.
pub fn changes(conn: &mut Conn) -> Result<Vec<Change>> {
    Ok(on!(conn, |c| library_change::table
        .order(library_change::seq.desc())
        .select(Change::as_select())
        .load(c))?)
}

/// Whether two people of the region published this version.
pub fn is_own(conn: &mut Conn, hash: &str) -> Result<bool> {
    let published = library_change::hash.eq(hash).and(library_change::state.eq("published"));
    Ok(on!(conn, |c| diesel::select(diesel::dsl::exists(library_change::table.filter(published)))
        .get_result(c))?)
}

/// Says of a version what holds now.
pub fn set_mark(conn: &mut Conn, row: &Mark) -> Result<()> {
    on!(conn, |c| diesel::insert_into(library_mark::table)
        .values(row)
        .on_conflict(library_mark::hash)
        .do_update()
        .set((
            library_mark::stopped.eq(excluded(library_mark::stopped)),
            library_mark::suspended.eq(excluded(library_mark::suspended)),
            library_mark::seq.eq(excluded(library_mark::seq)),
        ))
        .execute(c))?;
    Ok(())
}

/// What was said of one version.
pub fn mark(conn: &mut Conn, hash: &str) -> Result<Option<Mark>> {
    Ok(on!(conn, |c| library_mark::table.find(hash).select(Mark::as_select()).first(c).optional())?)
}

/// What was said of versions.
pub fn marks(conn: &mut Conn) -> Result<Vec<Mark>> {
    Ok(on!(conn, |c| library_mark::table.order(library_mark::hash.asc()).select(Mark::as_select()).load(c))?)
}

/// How many runs of a version are in each state.
pub fn runs_of(conn: &mut Conn, hash: &str) -> Result<Vec<(String, i64)>> {
    Ok(on!(conn, |c| run::table
        .filter(run::hash.eq(hash))
        .group_by(run::state)
        .select((run::state, count_star()))
        .load(c))?)
}

/// Runs that are not yet as the region said of their version, a part at a time, for the house to bring
/// them there: those that should rest and do not, or that rest and need not. Frozen records wait until
/// consent is given again.
pub fn not_as_said(
    conn: &mut Conn,
    hash: &str,
    suspended: bool,
    after: Option<RunId>,
    limit: i64,
) -> Result<Vec<(RunId, PatientId)>> {
    // One that the engine could not go on with rests as well: nobody shall wake it meanwhile.
    let states: &[&str] = if suspended { &["active", "suspended", "faulty"] } else { &["halted"] };
    Ok(on!(conn, |c| {
        let mut query = run::table
            .inner_join(patient::table.on(patient::id.eq(run::patient)))
            .filter(run::hash.eq(hash))
            .filter(run::state.eq_any(states))
            .filter(patient::consent.eq("given"))
            .filter(patient::state.eq("open"))
            .order(run::id.asc())
            .limit(limit)
            .select((run::id, run::patient))
            .into_boxed();
        if let Some(after) = after {
            query = query.filter(run::id.gt(after));
        }
        query.load(c)
    })?)
}
