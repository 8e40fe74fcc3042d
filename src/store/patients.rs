//! Patients, seats, and the facts by which access is judged. What concerns one patient asks for a
//! grant, lists ask for a scope; `facts` alone takes an id, because it is what grants are made from.

use std::str::FromStr;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::access::ConsentState;
use crate::access::Facts;
use crate::access::Grant;
use crate::access::Scope;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::on;
use crate::record::payload::SeatRole;
use crate::store::Conn;
use crate::store::plans::Plan;
use crate::store::schema::{data_key, entry, head, mark, patient, person, plan, post, seat};
use crate::store::thread::coalesce;

/// A patient's row: codes, and the sealed card.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = patient, treat_none_as_default_value = false)]
pub struct Patient {
    /// The patient's id; the record is the log of the same id.
    pub id: PatientId,
    /// The number that people say aloud.
    pub number: i64,
    /// `open` or `closed`.
    pub state: String,
    /// `given` or `withdrawn`.
    pub consent: String,
    /// The office that registered the patient.
    pub owner: OfficeId,
    /// Look-up value of kana and birth date: finds the same person registered twice.
    pub twin: Vec<u8>,
    /// Look-up value of the insured number.
    pub insured: Option<Vec<u8>>,
    /// The entry the card stands in.
    pub seq: i64,
    /// The sealed card.
    pub sealed: Vec<u8>,
}

/// A seat's row.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = seat, treat_none_as_default_value = false)]
pub struct Seat {
    /// Whose team.
    pub patient: PatientId,
    /// Who sits there.
    pub person: PersonId,
    /// The role's code.
    pub role: String,
    /// Since when.
    pub from_at: Time,
    /// The end date of a temporary seat.
    pub until_at: Option<Time>,
    /// When it was ended.
    pub ended_at: Option<Time>,
    /// The entry it stands in.
    pub seq: i64,
}

/// A patient in a reader's list, with the reader's own marks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The patient's row.
    pub patient: Patient,
    /// The record's key, wrapped.
    pub wrapped: Vec<u8>,
    /// The record's last entry.
    pub head: i64,
    /// How far this reader has opened the thread.
    pub opened: i64,
    /// The posts of others that the reader may see and has not opened.
    pub unread: i64,
    /// The plan of the patient that is being looked at, if there ever was one.
    pub plan: Option<Plan>,
}

type PersonFacts = (OfficeId, String, String);
type SeatFacts = (String, Option<Time>, Option<Time>);
type PatientFacts = (String, String, Option<Vec<u8>>);

/// What access is judged by; `Missing` when there is no such patient.
pub fn facts(conn: &mut Conn, id: PatientId, who: Option<PersonId>) -> Result<Facts> {
    let ((state, consent, wrapped), known, seat): (PatientFacts, Option<PersonFacts>, Option<SeatFacts>) =
        on!(conn, |c| patient::table
            // A record whose key is lost is not missing: it cannot be opened, and that is a fault.
            .left_join(data_key::table.on(data_key::log.eq(patient::id)))
            .left_join(person::table.on(person::id.nullable().eq(who)))
            .left_join(seat::table.on(seat::patient.eq(patient::id).and(seat::person.nullable().eq(who))))
            .filter(patient::id.eq(id))
            .select((
                (patient::state, patient::consent, data_key::wrapped.nullable()),
                (person::office, person::profession, person::state).nullable(),
                (seat::role, seat::until_at, seat::ended_at).nullable(),
            ))
            .first(c))?;
    let profession = |code: &str| Profession::from_str(code).map_err(|()| strange());
    Ok(Facts {
        patient: id,
        person: who,
        office: known.as_ref().map(|(office, ..)| *office),
        profession: known.as_ref().map(|(_, code, _)| profession(code)).transpose()?,
        active: known.as_ref().is_some_and(|(.., account)| account == "active"),
        seat: seat.map(read_seat).transpose()?,
        consent: read_consent(&consent)?,
        open: state == "open",
        wrapped: wrapped.unwrap_or_default(),
    })
}

fn read_seat((role, until, ended): SeatFacts) -> Result<crate::access::Seat> {
    Ok(crate::access::Seat { role: SeatRole::read(&role).ok_or_else(strange)?, until, ended })
}

fn read_consent(code: &str) -> Result<ConsentState> {
    match code {
        "given" => Ok(ConsentState::Given),
        "withdrawn" => Ok(ConsentState::Withdrawn),
        _ => Err(strange()),
    }
}

fn strange() -> Error {
    Error::fault("a row holds an unknown word")
}

/// The next free record number. Taken under the register's lock.
pub fn next_number(conn: &mut Conn) -> Result<i64> {
    let last: Option<i64> = on!(conn, |c| patient::table.select(diesel::dsl::max(patient::number)).first(c))?;
    Ok(last.unwrap_or(10_000) + 1)
}

/// Whether someone with the same kana and birth date, or the same insured number, is registered.
pub fn has_twin(conn: &mut Conn, twin: &[u8], insured: Option<&[u8]>) -> Result<bool> {
    let same = on!(conn, |c| patient::table.filter(patient::twin.eq(twin)).count().get_result::<i64>(c))?;
    let number = match insured {
        Some(insured) => {
            on!(conn, |c| patient::table.filter(patient::insured.eq(insured)).count().get_result::<i64>(c))?
        }
        None => 0,
    };
    Ok(same + number > 0)
}

/// Registrations that may be of the same person, as record numbers with the offices that registered
/// them: for the liaison office, which has no right to the records themselves and asks those offices.
pub fn twins(conn: &mut Conn) -> Result<Vec<Vec<(i64, OfficeId)>>> {
    type Row = (i64, OfficeId, Vec<u8>, Option<Vec<u8>>);
    let rows: Vec<Row> = on!(conn, |c| patient::table
        .order(patient::number.asc())
        .select((patient::number, patient::owner, patient::twin, patient::insured))
        .load(c))?;
    let mut groups: std::collections::BTreeMap<&[u8], Vec<(i64, OfficeId)>> = Default::default();
    for (number, owner, twin, insured) in &rows {
        for key in std::iter::once(twin).chain(insured) {
            groups.entry(key).or_default().push((*number, *owner));
        }
    }
    let mut groups: Vec<_> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

/// Adds a patient. The one write about a patient without a grant: nobody can hold one yet.
pub fn add(conn: &mut Conn, new: &Patient) -> Result<()> {
    on!(conn, |c| diesel::insert_into(patient::table).values(new).execute(c))?;
    Ok(())
}

/// Changes a patient's card.
pub fn set_card(
    conn: &mut Conn,
    grant: &Grant,
    seq: i64,
    twin: &[u8],
    insured: Option<&[u8]>,
    sealed: &[u8],
) -> Result<()> {
    on!(conn, |c| diesel::update(patient::table.find(grant.patient()))
        .set((
            patient::seq.eq(seq),
            patient::twin.eq(twin),
            patient::insured.eq(insured),
            patient::sealed.eq(sealed),
        ))
        .execute(c))?;
    Ok(())
}

/// Notes consent or its withdrawal.
pub fn set_consent(conn: &mut Conn, grant: &Grant, consent: &str) -> Result<()> {
    on!(conn, |c| diesel::update(patient::table.find(grant.patient()))
        .set(patient::consent.eq(consent))
        .execute(c))?;
    Ok(())
}

/// The patient's row.
pub fn one(conn: &mut Conn, grant: &Grant) -> Result<Patient> {
    row(conn, grant.patient())
}

/// The same with the number of the record's newest entry; 0 when the record's head is lost.
pub fn one_with_head(conn: &mut Conn, grant: &Grant) -> Result<(Patient, i64)> {
    let (row, head): (Patient, Option<i64>) = on!(conn, |c| patient::table
        .left_join(head::table.on(head::log.eq(patient::id)))
        .filter(patient::id.eq(grant.patient()))
        .select((Patient::as_select(), head::seq.nullable()))
        .first(c))?;
    Ok((row, head.unwrap_or(0)))
}

/// The row of the patient a letter is about: the receiving office needs the banner.
pub fn of_letter(conn: &mut Conn, grant: &crate::access::LetterGrant) -> Result<Patient> {
    row(conn, grant.patient())
}

fn row(conn: &mut Conn, id: PatientId) -> Result<Patient> {
    Ok(on!(conn, |c| patient::table.find(id).select(Patient::as_select()).first(c))?)
}

/// Sets or changes a seat.
pub fn set_seat(conn: &mut Conn, grant: &Grant, row: &Seat) -> Result<()> {
    if row.patient != grant.patient() {
        return Err(Error::fault("a seat was to be set at another patient's team"));
    }
    on!(conn, |c| diesel::insert_into(seat::table)
        .values(row)
        .on_conflict((seat::patient, seat::person))
        .do_update()
        .set((
            seat::role.eq(excluded(seat::role)),
            seat::from_at.eq(excluded(seat::from_at)),
            seat::until_at.eq(excluded(seat::until_at)),
            seat::ended_at.eq(excluded(seat::ended_at)),
            seat::seq.eq(excluded(seat::seq)),
        ))
        .execute(c))?;
    Ok(())
}

/// Ends a seat; `Missing` when the person has none.
pub fn end_seat(conn: &mut Conn, grant: &Grant, who: PersonId, now: Time) -> Result<()> {
    let ended = on!(conn, |c| diesel::update(
        seat::table.find((grant.patient(), who)).filter(seat::ended_at.is_null())
    )
    .set(seat::ended_at.eq(now))
    .execute(c))?;
    if ended == 0 { Err(Error::Missing) } else { Ok(()) }
}

/// The team: every seat, ended ones too.
pub fn team(conn: &mut Conn, grant: &Grant) -> Result<Vec<Seat>> {
    Ok(on!(conn, |c| seat::table
        .filter(seat::patient.eq(grant.patient()))
        .order((seat::from_at.asc(), seat::person.asc()))
        .select(Seat::as_select())
        .load(c))?)
}

/// How the reader sits in the teams of their patients.
pub fn own_seats(conn: &mut Conn, scope: &Scope) -> Result<Vec<(PatientId, SeatRole)>> {
    let rows: Vec<(PatientId, String)> = on!(conn, |c| seat::table
        .filter(seat::person.eq(scope.person()))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .select((seat::patient, seat::role))
        .load(c))?;
    rows.into_iter()
        .map(|(patient, role)| Ok((patient, SeatRole::read(&role).ok_or_else(strange)?)))
        .collect()
}

/// Everyone whose live pointers an act on this patient may move: seats in force, active accounts.
pub fn reachable(conn: &mut Conn, id: PatientId, now: Time) -> Result<Vec<PersonId>> {
    Ok(on!(conn, |c| seat::table
        .inner_join(person::table.on(person::id.eq(seat::person)))
        .inner_join(patient::table.on(patient::id.eq(seat::patient)))
        .filter(seat::patient.eq(id))
        .filter(patient::consent.eq("given"))
        .filter(person::state.eq("active"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(now)))
        .select(seat::person)
        .load(c))?)
}

/// The reader's patients with their heads and marks, and how much of each thread is unread: those with a
/// seat in force and consent given. A page about one of them gets that plan with the list.
pub fn listed(conn: &mut Conn, scope: &Scope, here: Option<&Grant>) -> Result<Vec<Listed>> {
    let here = plan::patient.nullable().eq(here.map(Grant::patient));
    let (who, [one, other]) = (scope.person(), scope.audiences());
    let unread = post::table
        .inner_join(entry::table.on(entry::log.eq(post::patient).and(entry::seq.eq(post::seq))))
        .filter(post::patient.eq(patient::id).and(post::author.ne(who)))
        .filter(entry::audience.eq(one).or(entry::audience.eq(other)))
        // One bound that does not depend on the post: the index leads to the first unread one.
        .filter(post::seq.gt(coalesce(mark::opened.nullable(), 0)))
        .select(diesel::dsl::count_star())
        .single_value();
    type Row = (Patient, Option<Vec<u8>>, Option<i64>, Option<i64>, Option<i64>, Option<Plan>);
    let rows: Vec<Row> = on!(conn, |c| patient::table
        .inner_join(seat::table.on(seat::patient.eq(patient::id).and(seat::person.eq(who))))
        // A record whose key or head is lost is still somebody's patient.
        .left_join(data_key::table.on(data_key::log.eq(patient::id)))
        .left_join(head::table.on(head::log.eq(patient::id)))
        .left_join(mark::table.on(mark::patient.eq(patient::id).and(mark::person.eq(who))))
        .left_join(plan::table.on(plan::patient.eq(patient::id).and(here)))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order((coalesce(head::touched_at.nullable(), 0).desc(), patient::number.asc()))
        .select((
            Patient::as_select(),
            data_key::wrapped.nullable(),
            head::seq.nullable(),
            mark::opened.nullable(),
            unread,
            Option::<Plan>::as_select(),
        ))
        .load(c))?;
    Ok(rows
        .into_iter()
        .map(|(patient, wrapped, head, opened, unread, plan)| Listed {
            patient,
            wrapped: wrapped.unwrap_or_default(),
            head: head.unwrap_or(0),
            opened: opened.unwrap_or(0),
            unread: unread.unwrap_or(0),
            plan,
        })
        .collect())
}
