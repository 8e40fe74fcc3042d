//! What one person holds across records: tasks taken on, and asks that name them. Read when someone leaves,
//! for the house to hand it over; whoever administers learns numbers, never whose records they are.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::access::Grant;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{ask, patient, person, seat, task};

/// States of a task that can still be done.
const OPEN: [&str; 3] = ["ready", "claimed", "resting"];

/// Records in which someone holds something. Frozen and closed ones wait: nobody writes in them.
pub(crate) fn records(conn: &mut Conn, who: PersonId) -> Result<Vec<PatientId>> {
    Ok(on!(conn, |c| {
        let tasks =
            task::table.filter(task::holder.eq(who).and(task::state.eq_any(OPEN))).select(task::patient);
        let asks = ask::table.filter(ask::to_person.eq(who).and(ask::state.eq("open"))).select(ask::patient);
        patient::table
            .filter(patient::id.eq_any(tasks).or(patient::id.eq_any(asks)))
            .filter(patient::consent.eq("given"))
            .filter(patient::state.eq("open"))
            .order(patient::id.asc())
            .select(patient::id)
            .load(c)
    })?)
}

/// How many tasks and asks someone holds, in all records.
pub fn counts(conn: &mut Conn, who: PersonId) -> Result<(i64, i64)> {
    Ok(on!(conn, |c| {
        let tasks = task::table
            .filter(task::holder.eq(who).and(task::state.eq_any(OPEN)))
            .select(count_star())
            .first(c)?;
        let asks = ask::table
            .filter(ask::to_person.eq(who).and(ask::state.eq("open")))
            .select(count_star())
            .first(c)?;
        diesel::QueryResult::Ok((tasks, asks))
    })?)
}

/// Who of a profession sits in how many of these teams.
pub(crate) fn successors(
    conn: &mut Conn,
    of: &[PatientId],
    profession: &str,
    now: Time,
) -> Result<Vec<(PersonId, i64)>> {
    Ok(on!(conn, |c| seat::table
        .inner_join(person::table.on(person::id.eq(seat::person)))
        .filter(seat::patient.eq_any(of))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(now)))
        .filter(person::profession.eq(profession).and(person::state.eq("active")))
        .group_by(seat::person)
        .order(seat::person.asc())
        .select((seat::person, count_star()))
        .load(c))?)
}

/// The open asks of a record that name someone.
pub fn asks(conn: &mut Conn, grant: &Grant, who: PersonId) -> Result<Vec<AskId>> {
    Ok(on!(conn, |c| ask::table
        .filter(ask::patient.eq(grant.patient()).and(ask::to_person.eq(who)).and(ask::state.eq("open")))
        .order(ask::id.asc())
        .select(ask::id)
        .load(c))?)
}

/// Passes asks of a record on, to a person or to a profession.
pub fn pass_asks(
    conn: &mut Conn,
    grant: &Grant,
    asks: &[AskId],
    to: Option<PersonId>,
    profession: &str,
) -> Result<()> {
    let pool = to.is_none().then_some(profession);
    on!(conn, |c| diesel::update(
        ask::table.filter(ask::patient.eq(grant.patient()).and(ask::id.eq_any(asks)))
    )
    .set((ask::to_person.eq(to), ask::to_profession.eq(pool)))
    .execute(c))?;
    Ok(())
}
