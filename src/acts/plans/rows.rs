//! From plan entries to the engine's state and its rows: the snapshot, runs, tasks, proposals, asks and
//! the timer. All of it follows from the entries and can be made anew.

use std::sync::Arc;

use serde_json::Value;

use crate::access::Grant;
use crate::acts::Act;
use crate::acts::plans::packed;
use crate::acts::projection::Means;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::pathway::Library;
use crate::pathway::PatientState;
use crate::pathway::event::Event;
use crate::pathway::state::Ask;
use crate::pathway::state::PastTask;
use crate::pathway::state::Proposal;
use crate::pathway::state::Run;
use crate::pathway::state::Task;
use crate::pathway::state::VERSION;
use crate::record::payload::Payload;
use crate::record::payload::Planned;
use crate::store::Conn;
use crate::store::letters;
use crate::store::log;
use crate::store::plans;
use crate::store::thread;

/// The state of a patient's plan: the snapshot, or the fold of all events when there is none that fits.
pub(crate) fn load(act: &mut Act<'_>, grant: &Grant) -> Result<PatientState> {
    let key = act.key(grant)?;
    let Some(row) = plans::plan(act.conn, grant)? else { return Ok(PatientState::default()) };
    let state = match open_snapshot(&key, grant.patient(), &row.sealed)? {
        Some(state) => state,
        None => fold(act.conn, &key, grant.patient(), i64::MAX)?,
    };
    // Another node published a version a moment ago, and this one has not read it yet: going on without it
    // would lose its timers.
    let library = act.library();
    let unread = |run: &Arc<Run>| !run.is_over() && library.pathways.get(&run.hash).is_none();
    if state.runs.values().any(unread) { Err(Error::Busy) } else { Ok(state) }
}

/// Opens a snapshot; `None` when it was kept in another shape.
pub(crate) fn open_snapshot(key: &Key, patient: PatientId, sealed: &[u8]) -> Result<Option<PatientState>> {
    let plain = key.open(&about(patient), sealed)?;
    if plain.first() != Some(&b'{') {
        return Ok(packed::unpack(&plain));
    }
    // What was kept before snapshots were packed.
    Ok(serde_json::from_slice::<PatientState>(&plain).ok().filter(|state| state.version == VERSION))
}

/// What an act made of a plan, handed to the projection of its entry: folding the entry's events once more
/// from the snapshot would give the same.
#[derive(Debug)]
pub(crate) struct Stepped {
    /// The state before the act.
    pub before: PatientState,
    /// The state with the events of its entry.
    pub after: PatientState,
    /// The next moment at which something may happen by itself.
    pub next: Option<Time>,
}

impl Stepped {
    /// The state as an act found it, and what the act's events make of it.
    pub fn of(library: &Library, before: PatientState, events: &[Event]) -> Self {
        let mut after = before.clone();
        events.iter().for_each(|event| after.apply(event));
        let next = after.next_instant(library).map(Time::from);
        Self { before, after, next }
    }
}

/// The fold of a record's plan events before an entry: what the snapshot is a cache of.
pub(crate) fn fold(conn: &mut Conn, key: &Key, patient: PatientId, before: i64) -> Result<PatientState> {
    let mut state = PatientState::default();
    each_event(conn, key, patient, before, &mut |event| state.apply(event))?;
    Ok(state)
}

/// Reads out everything that happened on a patient's pathways before an entry, the earliest first.
pub(crate) fn each_event(
    conn: &mut Conn,
    key: &Key,
    patient: PatientId,
    before: i64,
    note: &mut dyn FnMut(&Event),
) -> Result<()> {
    for row in log::of_kinds_after(conn, patient.log(), &["plan"], 0)? {
        if row.seq >= before || row.sealed.is_none() {
            continue;
        }
        let Payload::Planned(planned) = crate::acts::open(key, &row)? else { continue };
        for event in &planned.events {
            note(&read_event(event)?);
        }
    }
    Ok(())
}

fn about(patient: PatientId) -> Vec<u8> {
    [b"renkei/plan/1 ".as_slice(), patient.0.as_bytes()].concat()
}

/// Brings the rows of runs, tasks, proposals and asks to the new state; only what differs is written.
fn project(conn: &mut Conn, grant: &Grant, old: &PatientState, new: &PatientState, seq: i64) -> Result<()> {
    for run in new.runs.values() {
        let row = run_row(grant, run, seq);
        let was = old.runs.get(&run.id).map(|before| run_row(grant, before, seq));
        if was.as_ref() != Some(&row) {
            plans::set_run(conn, grant, &row)?;
        }
    }
    for over in old.tasks.keys().filter(|id| !new.tasks.contains_key(id)) {
        plans::end_task(conn, grant, *over)?;
        if let Some(form) = new.past(*over).and_then(PastTask::form) {
            letters::spend(conn, grant, form)?;
        }
    }
    for task in new.tasks.values() {
        let before = old.tasks.get(&task.id);
        let same = before.is_some_and(|before| Arc::ptr_eq(before, task));
        if same && old.is_resting(task) == new.is_resting(task) {
            continue;
        }
        let row = task_row(grant, new, task, seq);
        let was = before.map(|before| task_row(grant, old, before, seq));
        if was.as_ref() != Some(&row) {
            plans::set_task(conn, grant, &row)?;
        }
    }
    for proposal in
        new.proposals.values().filter(|proposal| old.proposals.get(&proposal.id) != Some(proposal))
    {
        plans::set_proposal(conn, grant, &proposal_row(grant, proposal, seq))?;
    }
    for ask in new.asks.values() {
        match old.asks.get(&ask.id) {
            None => thread::add_ask(conn, grant, &ask_row(grant, ask, seq))?,
            Some(before) if before.answered != ask.answered => {
                thread::set_ask(conn, grant, ask.id, ask_state(ask))?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn run_row(grant: &Grant, run: &Run, seq: i64) -> plans::Run {
    plans::Run {
        id: run.id,
        patient: grant.patient(),
        pathway: run.pathway.clone(),
        hash: run.hash.clone(),
        phase: run.phase.clone(),
        state: run.code().to_owned(),
        seq,
    }
}

fn task_row(grant: &Grant, state: &PatientState, task: &Task, seq: i64) -> plans::Task {
    plans::Task {
        id: task.id,
        patient: grant.patient(),
        run: task.run,
        code: task.code.clone().unwrap_or_default(),
        role: task.role.code().to_owned(),
        state: if state.is_resting(task) { "resting" } else { task.state() }.to_owned(),
        form: task.form.clone(),
        from_at: Some(task.opened.into()),
        due_at: task.due.map(Time::from),
        late_at: task.late.map(Time::from),
        holder: task.claimed_by,
        seq,
    }
}

fn proposal_row(grant: &Grant, proposal: &Proposal, seq: i64) -> plans::Proposal {
    plans::Proposal {
        id: proposal.id,
        patient: grant.patient(),
        run: proposal.run,
        to_phase: proposal.to.clone(),
        state: if proposal.is_open() { "open" } else { "ended" }.to_owned(),
        due_at: proposal.due.map(Time::from),
        seq,
    }
}

fn ask_row(grant: &Grant, ask: &Ask, seq: i64) -> thread::Ask {
    thread::Ask {
        id: ask.id,
        patient: grant.patient(),
        seq,
        author: None,
        to_person: None,
        to_profession: Some(ask.role.code().to_owned()),
        due_at: ask.due.map(Time::from),
        state: ask_state(ask).to_owned(),
        made_at: ask.opened.into(),
    }
}

fn ask_state(ask: &Ask) -> &'static str {
    match ask.answered {
        None => "open",
        Some(true) => "answered",
        Some(false) => "ended",
    }
}

/// Follows a plan entry: brings the snapshot and the rows to the state with its events.
pub(crate) fn follow(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    seq: i64,
    planned: &Planned,
) -> Result<()> {
    let folded;
    let Stepped { before, after, next } = match means.stepped {
        Some(stepped) => stepped,
        None => {
            folded = fold_entry(conn, means, grant, seq, planned)?;
            &folded
        }
    };
    project(conn, grant, before, after, seq)?;
    let sealed = means.key.seal(&about(grant.patient()), &packed::pack(after)?)?;
    let row = plans::Plan { patient: grant.patient(), seq, trouble: false, sealed, due_at: *next };
    plans::set_plan(conn, grant, &row)
}

/// What an entry makes of the plan that stands, from the rows alone.
fn fold_entry(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    seq: i64,
    planned: &Planned,
) -> Result<Stepped> {
    let before = match plans::plan(conn, grant)? {
        None => PatientState::default(),
        Some(row) => match open_snapshot(means.key, grant.patient(), &row.sealed)? {
            Some(state) => state,
            None => fold(conn, means.key, grant.patient(), seq)?,
        },
    };
    let events: Vec<Event> = planned.events.iter().map(read_event).collect::<Result<_>>()?;
    Ok(Stepped::of(&means.library.pathways, before, &events))
}

fn read_event(event: &Value) -> Result<Event> {
    serde_json::from_value(event.clone()).map_err(|_| Error::fault("a plan event has another shape"))
}
