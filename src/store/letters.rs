//! Forms under way: letters with their state and address, hospital stays, and drafts (the second
//! door: unsigned work of one person, sealed).

use diesel::prelude::*;
use diesel::query_dsl::methods;
use diesel::upsert::excluded;

use crate::access::Grant;
use crate::access::LetterFacts;
use crate::access::LetterGrant;
use crate::access::Scope;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::TaskId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{data_key, draft, letter, patient, seat, stay};
use crate::store::thread::own;
use crate::store::thread::same;

/// A signed form and where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = letter, treat_none_as_default_value = false, treat_none_as_null = true)]
pub struct Letter {
    /// Its id.
    pub id: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The form's code.
    pub form: String,
    /// The form version it is pinned to.
    pub form_hash: String,
    /// The workflow's state.
    pub state: String,
    /// Counted from 1.
    pub version: i32,
    /// Who signed.
    pub author: PersonId,
    /// The office of whoever signed.
    pub from_office: OfficeId,
    /// The office it was sent to.
    pub to_office: Option<OfficeId>,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
    /// When the present state's clock runs out.
    pub clock_at: Option<Time>,
    /// The entry that holds the answers.
    pub signed_seq: i64,
    /// The entry of the last move.
    pub seq: i64,
    /// When it moved last.
    pub changed_at: Time,
    /// A task was done by it: it does no other.
    pub spent: bool,
}

/// A letter with the wrapped key of the record it stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressed {
    /// The letter.
    pub letter: Letter,
    /// The record's wrapped key.
    pub wrapped: Vec<u8>,
    /// The patient's sealed card and the entry it stands in.
    pub patient: crate::store::patients::Patient,
}

/// Unsigned work.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = draft, treat_none_as_default_value = false)]
pub struct Draft {
    /// The letter it will become.
    pub id: LetterId,
    /// Whose work.
    pub person: PersonId,
    /// About whom.
    pub patient: PatientId,
    /// The form's code.
    pub form: String,
    /// The form version.
    pub form_hash: String,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
    /// The record's last entry when it was begun: tells whether the prefill is still true.
    pub base_seq: i64,
    /// When it was kept last.
    pub changed_at: Time,
    /// The sealed answers.
    pub sealed: Vec<u8>,
}

/// Unsigned work in a list, unopened.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = draft)]
pub struct DraftHead {
    /// The letter it will become.
    pub id: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The form's code.
    pub form: String,
    /// The form version.
    pub form_hash: String,
    /// When it was kept last.
    pub changed_at: Time,
}

/// A hospital stay.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = stay, treat_none_as_default_value = false)]
pub struct Stay {
    /// Its id.
    pub id: LetterId,
    /// Whose.
    pub patient: PatientId,
    /// Where.
    pub hospital: OfficeId,
    /// Since when.
    pub admitted_at: Time,
    /// When discharge is planned.
    pub planned_at: Option<Time>,
    /// When it ended.
    pub discharged_at: Option<Time>,
    /// The entry of the admission.
    pub seq: i64,
}

/// Where a letter stands and who it is for: what access to it is judged by.
pub fn facts(conn: &mut Conn, id: LetterId) -> Result<(PatientId, LetterFacts)> {
    let (patient, to_office, from_office) = on!(conn, |c| letter::table
        .find(id)
        .select((letter::patient, letter::to_office, letter::from_office))
        .first(c))?;
    Ok((patient, LetterFacts { letter: id, to_office, from_office }))
}

/// Adds or changes a letter.
pub fn set(conn: &mut Conn, grant: &Grant, row: &Letter) -> Result<()> {
    same(grant, row.patient)?;
    own(on!(conn, |c| methods::FilterDsl::filter(
        diesel::insert_into(letter::table).values(row).on_conflict(letter::id).do_update().set(row),
        letter::patient.eq(row.patient)
    )
    .execute(c))?)
}

/// The letter a grant is for.
pub fn one(conn: &mut Conn, grant: &LetterGrant) -> Result<Letter> {
    Ok(on!(conn, |c| letter::table
        .filter(letter::id.eq(grant.letter()).and(letter::patient.eq(grant.patient())))
        .select(Letter::as_select())
        .first(c))?)
}

/// Notes that a task was done by a letter.
pub fn spend(conn: &mut Conn, grant: &Grant, id: LetterId) -> Result<()> {
    let of_patient = letter::id.eq(id).and(letter::patient.eq(grant.patient()));
    on!(conn, |c| diesel::update(letter::table.filter(of_patient)).set(letter::spent.eq(true)).execute(c))?;
    Ok(())
}

/// A letter of a patient's record, if there is one of that id.
pub fn of_patient(conn: &mut Conn, grant: &Grant, id: LetterId) -> Result<Option<Letter>> {
    Ok(on!(conn, |c| letter::table
        .filter(letter::id.eq(id).and(letter::patient.eq(grant.patient())))
        .select(Letter::as_select())
        .first(c)
        .optional())?)
}

/// Whether a form of some code answers this letter.
pub fn has_answer(conn: &mut Conn, grant: &LetterGrant, id: LetterId, form: &str) -> Result<bool> {
    let found: i64 = on!(conn, |c| letter::table
        .filter(letter::patient.eq(grant.patient()))
        .filter(letter::about.eq(id))
        .filter(letter::form.eq(form))
        .count()
        .get_result(c))?;
    Ok(found > 0)
}

/// The letters of a patient, newest first.
pub fn of(conn: &mut Conn, grant: &Grant) -> Result<Vec<Letter>> {
    Ok(on!(conn, |c| letter::table
        .filter(letter::patient.eq(grant.patient()))
        .order(letter::changed_at.desc())
        .select(Letter::as_select())
        .load(c))?)
}

/// Letters addressed to the reader's office, whose patients' consent stands; those with a clock first.
pub fn desk(conn: &mut Conn, scope: &Scope) -> Result<Vec<Addressed>> {
    type Row = (Letter, Option<Vec<u8>>, crate::store::patients::Patient);
    let rows: Vec<Row> = on!(conn, |c| letter::table
        .inner_join(patient::table.on(patient::id.eq(letter::patient)))
        // Without its record's key a letter still waits here.
        .left_join(data_key::table.on(data_key::log.eq(letter::patient)))
        .filter(letter::to_office.eq(scope.office()))
        .filter(patient::consent.eq("given"))
        .order((letter::clock_at.is_null().asc(), letter::clock_at.asc(), letter::changed_at.desc()))
        .limit(300)
        .select((
            Letter::as_select(),
            data_key::wrapped.nullable(),
            crate::store::patients::Patient::as_select()
        ))
        .load(c))?;
    let addressed =
        |(letter, wrapped, patient): Row| Addressed { letter, wrapped: wrapped.unwrap_or_default(), patient };
    Ok(rows.into_iter().map(addressed).collect())
}

/// Letters in the reader's teams that still wait for someone.
pub fn in_teams(conn: &mut Conn, scope: &Scope, limit: i64) -> Result<Vec<Letter>> {
    let who = scope.person();
    Ok(on!(conn, |c| letter::table
        .inner_join(seat::table.on(seat::patient.eq(letter::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(letter::patient)))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order((letter::clock_at.is_null().asc(), letter::clock_at.asc(), letter::changed_at.desc()))
        .limit(limit)
        .select(Letter::as_select())
        .load(c))?)
}

/// Keeps a draft.
pub fn keep_draft(conn: &mut Conn, grant: &Grant, row: &Draft) -> Result<()> {
    same(grant, row.patient)?;
    own(on!(conn, |c| methods::FilterDsl::filter(
        diesel::insert_into(draft::table)
            .values(row)
            .on_conflict((draft::id, draft::person))
            .do_update()
            .set((
                draft::changed_at.eq(excluded(draft::changed_at)),
                draft::sealed.eq(excluded(draft::sealed)),
            )),
        draft::patient.eq(row.patient)
    )
    .execute(c))?)
}

/// One person's draft.
pub fn draft(conn: &mut Conn, grant: &Grant, id: LetterId, who: PersonId) -> Result<Option<Draft>> {
    Ok(on!(conn, |c| draft::table
        .find((id, who))
        .filter(draft::patient.eq(grant.patient()))
        .select(Draft::as_select())
        .first(c)
        .optional())?)
}

/// A person's drafts about one patient.
pub fn drafts(conn: &mut Conn, grant: &Grant, who: PersonId) -> Result<Vec<Draft>> {
    Ok(on!(conn, |c| draft::table
        .filter(draft::patient.eq(grant.patient()).and(draft::person.eq(who)))
        .order(draft::changed_at.desc())
        .select(Draft::as_select())
        .load(c))?)
}

/// The reader's drafts about all patients in whose teams they sit.
pub fn my_drafts(conn: &mut Conn, scope: &Scope) -> Result<Vec<DraftHead>> {
    let who = scope.person();
    Ok(on!(conn, |c| draft::table
        .inner_join(seat::table.on(seat::patient.eq(draft::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(draft::patient)))
        .filter(draft::person.eq(who))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order(draft::changed_at.desc())
        .limit(200)
        .select(DraftHead::as_select())
        .load(c))?)
}

/// Forgets a draft: it was signed, or thrown away.
pub fn drop_draft(conn: &mut Conn, grant: &Grant, id: LetterId, who: PersonId) -> Result<()> {
    on!(conn, |c| diesel::delete(
        draft::table
            .filter(draft::id.eq(id).and(draft::person.eq(who)).and(draft::patient.eq(grant.patient())))
    )
    .execute(c))?;
    Ok(())
}

/// Adds a stay.
pub fn set_stay(conn: &mut Conn, grant: &Grant, row: &Stay) -> Result<()> {
    same(grant, row.patient)?;
    on!(conn, |c| diesel::insert_into(stay::table).values(row).execute(c))?;
    Ok(())
}

/// Notes the planned day of discharge.
pub fn plan_stay(conn: &mut Conn, grant: &Grant, id: LetterId, at: Time) -> Result<()> {
    on!(conn, |c| diesel::update(
        stay::table.filter(stay::id.eq(id).and(stay::patient.eq(grant.patient())))
    )
    .set(stay::planned_at.eq(at))
    .execute(c))?;
    Ok(())
}

/// Notes that a stay ended.
pub fn end_stay(conn: &mut Conn, grant: &Grant, id: LetterId, at: Time) -> Result<()> {
    on!(conn, |c| diesel::update(
        stay::table.filter(stay::id.eq(id).and(stay::patient.eq(grant.patient())))
    )
    .set(stay::discharged_at.eq(at))
    .execute(c))?;
    Ok(())
}

/// The stay the patient is in now.
pub fn open_stay(conn: &mut Conn, grant: &Grant) -> Result<Option<Stay>> {
    Ok(on!(conn, |c| stay::table
        .filter(stay::patient.eq(grant.patient()).and(stay::discharged_at.is_null()))
        .order(stay::admitted_at.desc())
        .select(Stay::as_select())
        .first(c)
        .optional())?)
}

/// Current stays in the reader's teams: the admissions board.
pub fn stays(conn: &mut Conn, scope: &Scope) -> Result<Vec<Stay>> {
    let who = scope.person();
    Ok(on!(conn, |c| stay::table
        .inner_join(seat::table.on(seat::patient.eq(stay::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(stay::patient)))
        .filter(stay::discharged_at.is_null())
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order((stay::planned_at.is_null().asc(), stay::planned_at.asc()))
        .select(Stay::as_select())
        .load(c))?)
}
