//! What needs attention because the engine could not go on: runs, and plans where no run is to blame. The
//! team sees whose they are; an administrator sees how many there are.

use diesel::dsl::count_star;
use diesel::prelude::*;

use crate::access::Scope;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{patient, plan, run, seat};

/// The reader's patients whose whole plan stands still.
pub fn plans(conn: &mut Conn, scope: &Scope) -> Result<Vec<PatientId>> {
    let who = scope.person();
    Ok(on!(conn, |c| plan::table
        .inner_join(seat::table.on(seat::patient.eq(plan::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(plan::patient)))
        .filter(plan::trouble.eq(true))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order(plan::seq.asc())
        .select(plan::patient)
        .load(c))?)
}

/// In the whole region: how many runs of each version, and how many whole plans.
pub fn counts(conn: &mut Conn) -> Result<(Vec<(String, i64)>, i64)> {
    Ok(on!(conn, |c| {
        let runs = run::table
            .filter(run::state.eq("faulty"))
            .group_by(run::hash)
            .order(run::hash.asc())
            .select((run::hash, count_star()))
            .load(c)?;
        let plans = plan::table.filter(plan::trouble.eq(true)).select(count_star()).first(c)?;
        diesel::QueryResult::Ok((runs, plans))
    })?)
}
