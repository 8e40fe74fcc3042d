//! The plan's projections: the engine's snapshot with the one timer of each patient, runs, tasks and
//! proposals. All are derived from the record's plan entries and can be rebuilt.

use diesel::prelude::*;

use crate::access::Grant;
use crate::access::Scope;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{data_key, patient, person, plan, proposal, run, seat, task};
use crate::store::thread::own;
use crate::store::thread::same;
use crate::store::upsert::upsert;

/// The engine's state of one patient, sealed.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = plan, treat_none_as_default_value = false)]
pub struct Plan {
    /// Whose.
    pub patient: PatientId,
    /// The plan entry it includes.
    pub seq: i64,
    /// The engine failed here: the run needs attention.
    pub trouble: bool,
    /// The sealed state.
    pub sealed: Vec<u8>,
    /// When something next happens by itself: the patient's one timer.
    pub due_at: Option<Time>,
}

/// A run of a pathway.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = run, treat_none_as_default_value = false)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// On whom.
    pub patient: PatientId,
    /// The pathway's code.
    pub pathway: String,
    /// The definition it is pinned to.
    pub hash: String,
    /// The phase it is in.
    pub phase: String,
    /// `active`, `suspended`, `halted` by the region, `faulty`, `stopped` or `ended`.
    pub state: String,
    /// The entry that changed it last.
    pub seq: i64,
}

/// A task that is before someone. What is over has no row: it stands in the record and, for a while, in the
/// snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = task, treat_none_as_default_value = false)]
pub struct Task {
    /// Its id, derived from run, task and occurrence.
    pub id: TaskId,
    /// For whom.
    pub patient: PatientId,
    /// Of which run.
    pub run: RunId,
    /// The task's code in the definition.
    pub code: String,
    /// Whose it is: a profession's code.
    pub role: String,
    /// The task's state.
    pub state: String,
    /// The form that does it.
    pub form: Option<String>,
    /// Earliest.
    pub from_at: Option<Time>,
    /// Due.
    pub due_at: Option<Time>,
    /// Latest.
    pub late_at: Option<Time>,
    /// Who claimed it.
    pub holder: Option<PersonId>,
    /// The entry that changed it last.
    pub seq: i64,
}

/// A phase change that waits for people.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposal, treat_none_as_default_value = false)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// Whose.
    pub patient: PatientId,
    /// Of which run.
    pub run: RunId,
    /// To which phase.
    pub to_phase: String,
    /// The proposal's state.
    pub state: String,
    /// By when someone should decide.
    pub due_at: Option<Time>,
    /// The entry that changed it last.
    pub seq: i64,
}

/// The snapshot, if the patient ever had a plan.
pub fn plan(conn: &mut Conn, grant: &Grant) -> Result<Option<Plan>> {
    Ok(on!(conn, |c| plan::table.find(grant.patient()).select(Plan::as_select()).first(c).optional())?)
}

/// Keeps the snapshot.
pub fn set_plan(conn: &mut Conn, grant: &Grant, row: &Plan) -> Result<()> {
    same(grant, row.patient)?;
    on!(conn, |c| upsert!(
        diesel::insert_into(plan::table).values(row),
        " ON CONFLICT (patient) DO UPDATE SET \
         seq = excluded.seq, trouble = excluded.trouble, sealed = excluded.sealed, due_at = excluded.due_at"
    )
    .execute(c))?;
    Ok(())
}

/// Marks a plan that the engine could not go on with; its timer stops so that others tick on.
pub fn trouble(conn: &mut Conn, grant: &Grant) -> Result<()> {
    let none: Option<Time> = None;
    on!(conn, |c| diesel::update(plan::table.find(grant.patient()))
        .set((plan::trouble.eq(true), plan::due_at.eq(none)))
        .execute(c))?;
    Ok(())
}

/// Adds or changes a run.
pub fn set_run(conn: &mut Conn, grant: &Grant, row: &Run) -> Result<()> {
    same(grant, row.patient)?;
    own(on!(conn, |c| upsert!(
        diesel::insert_into(run::table).values(row),
        " ON CONFLICT (id) DO UPDATE SET pathway = excluded.pathway, hash = excluded.hash, \
         phase = excluded.phase, state = excluded.state, seq = excluded.seq \
         WHERE run.patient = excluded.patient"
    )
    .execute(c))?)
}

/// Adds or changes a task.
pub fn set_task(conn: &mut Conn, grant: &Grant, row: &Task) -> Result<()> {
    same(grant, row.patient)?;
    on!(conn, |c| upsert!(
        diesel::insert_into(task::table).values(row),
        " ON CONFLICT (patient, id) DO UPDATE SET run = excluded.run, code = excluded.code, \
         role = excluded.role, state = excluded.state, form = excluded.form, \
         from_at = excluded.from_at, due_at = excluded.due_at, late_at = excluded.late_at, \
         holder = excluded.holder, seq = excluded.seq"
    )
    .execute(c))?;
    Ok(())
}

/// Takes away a task that is over.
pub fn end_task(conn: &mut Conn, grant: &Grant, id: TaskId) -> Result<()> {
    on!(conn, |c| diesel::delete(task::table.find((grant.patient(), id))).execute(c))?;
    Ok(())
}

/// Adds or changes a proposal.
pub fn set_proposal(conn: &mut Conn, grant: &Grant, row: &Proposal) -> Result<()> {
    same(grant, row.patient)?;
    own(on!(conn, |c| upsert!(
        diesel::insert_into(proposal::table).values(row),
        " ON CONFLICT (id) DO UPDATE SET run = excluded.run, to_phase = excluded.to_phase, \
         state = excluded.state, due_at = excluded.due_at, seq = excluded.seq \
         WHERE proposal.patient = excluded.patient"
    )
    .execute(c))?)
}

/// The patient's runs.
pub fn runs(conn: &mut Conn, grant: &Grant) -> Result<Vec<Run>> {
    Ok(on!(conn, |c| run::table
        .filter(run::patient.eq(grant.patient()))
        .order(run::seq.asc())
        .select(Run::as_select())
        .load(c))?)
}

/// The patient's tasks that are open.
pub fn tasks(conn: &mut Conn, grant: &Grant) -> Result<Vec<Task>> {
    Ok(on!(conn, |c| task::table
        .filter(task::patient.eq(grant.patient()))
        .order((task::due_at.is_null().asc(), task::due_at.asc(), task::id.asc()))
        .select(Task::as_select())
        .load(c))?)
}

/// The patient's proposals.
pub fn proposals(conn: &mut Conn, grant: &Grant) -> Result<Vec<Proposal>> {
    Ok(on!(conn, |c| proposal::table
        .filter(proposal::patient.eq(grant.patient()))
        .order(proposal::seq.asc())
        .select(Proposal::as_select())
        .load(c))?)
}

/// Proposals that wait in the reader's teams.
pub fn waiting_proposals(conn: &mut Conn, scope: &Scope) -> Result<Vec<Proposal>> {
    let who = scope.person();
    Ok(on!(conn, |c| proposal::table
        .inner_join(seat::table.on(seat::patient.eq(proposal::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(proposal::patient)))
        .filter(proposal::state.eq("open"))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order((proposal::due_at.is_null().asc(), proposal::due_at.asc()))
        .limit(200)
        .select(Proposal::as_select())
        .load(c))?)
}

/// The states of a run that is not over.
pub const GOING_ON: &[&str] = &["active", "suspended", "halted", "faulty"];

/// The runs of the reader's patients that are in one of these states.
pub fn in_states(conn: &mut Conn, scope: &Scope, states: &[&str]) -> Result<Vec<Run>> {
    let who = scope.person();
    Ok(on!(conn, |c| run::table
        .inner_join(seat::table.on(seat::patient.eq(run::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(run::patient)))
        .filter(run::state.eq_any(states))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .order((run::state.asc(), run::seq.asc()))
        .select(Run::as_select())
        .load(c))?)
}

/// Whose tasks a worklist shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worklist {
    /// Of the reader's profession, or claimed by the reader.
    Mine,
    /// Of professions that someone of the reader's office has in the same team.
    Office,
    /// Everything in the reader's teams.
    Teams,
}

/// What a worklist is narrowed to; nothing means everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sieve {
    /// One patient.
    pub patient: Option<PatientId>,
    /// Tasks of one profession: its code.
    pub role: Option<String>,
    /// Tasks of one pathway: its code.
    pub pathway: Option<String>,
    /// When they are due.
    pub due: Option<Due>,
}

/// When tasks are due, seen from a moment and the end of its day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// They should have been done.
    Over,
    /// Until the end of the day.
    Today,
    /// After that.
    Later,
    /// They have no date.
    Never,
}

/// The snapshots of the reader's own patients among these, with the records' wrapped keys; the key of a
/// record that lost it is empty.
pub fn snapshots(conn: &mut Conn, scope: &Scope, of: &[PatientId]) -> Result<Vec<(Plan, Vec<u8>)>> {
    let who = scope.person();
    let rows: Vec<(Plan, Option<Vec<u8>>)> = on!(conn, |c| plan::table
        .inner_join(seat::table.on(seat::patient.eq(plan::patient).and(seat::person.eq(who))))
        .inner_join(patient::table.on(patient::id.eq(plan::patient)))
        .left_join(data_key::table.on(data_key::log.eq(plan::patient)))
        .filter(plan::patient.eq_any(of))
        .filter(patient::consent.eq("given"))
        .filter(seat::ended_at.is_null())
        .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
        .select((Plan::as_select(), data_key::wrapped.nullable()))
        .load(c))?;
    Ok(rows.into_iter().map(|(row, wrapped)| (row, wrapped.unwrap_or_default())).collect())
}

/// Open tasks across the reader's patients, due ones first, undated last.
pub fn worklist(conn: &mut Conn, scope: &Scope, which: Worklist, sieve: &Sieve) -> Result<Vec<Task>> {
    let (who, now) = (scope.person(), scope.now());
    let night = now.end_of_day();
    let office = scope.office();
    let role = scope.profession().code();
    Ok(on!(conn, |c| {
        let mut query = task::table
            .inner_join(seat::table.on(seat::patient.eq(task::patient).and(seat::person.eq(who))))
            .inner_join(patient::table.on(patient::id.eq(task::patient)))
            .filter(task::state.eq_any(["ready", "claimed"]))
            .filter(patient::consent.eq("given"))
            .filter(seat::ended_at.is_null())
            .filter(seat::until_at.is_null().or(seat::until_at.gt(scope.now())))
            .order((task::due_at.is_null().asc(), task::due_at.asc(), task::id.asc()))
            .limit(500)
            .select(Task::as_select())
            .into_boxed();
        query = match which {
            Worklist::Mine => {
                query.filter(task::holder.eq(who).or(task::holder.is_null().and(task::role.eq(role))))
            }
            Worklist::Office => query.filter(task::role.eq_any(
                person::table.filter(person::office.eq(office)).select(person::profession).distinct(),
            )),
            Worklist::Teams => query,
        };
        if let Some(patient) = sieve.patient {
            query = query.filter(task::patient.eq(patient));
        }
        if let Some(role) = &sieve.role {
            query = query.filter(task::role.eq(role));
        }
        if let Some(pathway) = &sieve.pathway {
            query =
                query.filter(task::run.eq_any(run::table.filter(run::pathway.eq(pathway)).select(run::id)));
        }
        query = match sieve.due {
            None => query,
            Some(Due::Over) => query.filter(task::due_at.le(now)),
            Some(Due::Today) => query.filter(task::due_at.gt(now).and(task::due_at.le(night))),
            Some(Due::Later) => query.filter(task::due_at.gt(now).and(task::due_at.gt(night))),
            Some(Due::Never) => query.filter(task::due_at.is_null()),
        };
        query.load(c)
    })?)
}

/// Sets the patient's next instant, or clears it, where nothing else of the plan changes: there may be none.
pub fn set_timer(conn: &mut Conn, grant: &Grant, due: Option<Time>) -> Result<()> {
    on!(conn, |c| diesel::update(plan::table.find(grant.patient())).set(plan::due_at.eq(due)).execute(c))?;
    Ok(())
}

/// Patients whose timer is due, earliest first. Frozen records have none.
pub fn due(conn: &mut Conn, now: Time, limit: i64) -> Result<Vec<PatientId>> {
    Ok(on!(conn, |c| plan::table
        .filter(plan::due_at.le(now))
        .order(plan::due_at.asc())
        .limit(limit)
        .select(plan::patient)
        .load(c))?)
}
