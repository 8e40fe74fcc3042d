//! Tasks come up, wait, are done together, are escalated and end. Whether a person may do something
//! with one is judged in `accept`.

use std::sync::Arc;

use jiff::Timestamp;

use super::Departure;
use super::NOT_DONE;
use super::RunFacts;
use super::Work;
use super::plan;
use super::plan::Next;
use super::plan::Window;
use crate::expr::Tri;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::pathway::definition;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Schedule;
use crate::pathway::definition::Until;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Task;
use crate::pathway::state::derived;

/// Times of one task that may come up at one moment: two windows may touch, more never do.
const AT_ONCE_MAX: usize = 8;

/// Brings up what is due, lets go what is over.
pub(super) fn keep_plan(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    let open: Vec<TaskId> =
        work.state.tasks.values().filter(|task| task.run == run).map(|task| task.id).collect();
    for task in open {
        review(work, run, definition, task);
    }
    // Whatever comes up here opens itself at most, and leaves the phase as it is.
    let Some(phase) = work.active(run).and_then(|run| definition.phase(&run.phase)) else { return };
    let open: Vec<&str> = work
        .state
        .tasks
        .values()
        .filter(|task| task.run == run)
        .filter_map(|task| task.code.as_deref())
        .collect();
    let waits = |task: &definition::Task, schedule: &Schedule| {
        (!schedule.recurs() && open.contains(&task.id.as_str()))
            || is_silenced(&work.state, run, definition, &task.id)
    };
    let planned = definition.tasks_in(phase).filter_map(|task| Some((task, task.schedule.as_ref()?)));
    let planned: Vec<_> = planned.filter(|(task, schedule)| !waits(task, schedule)).collect();
    for (task, schedule) in planned {
        for _ in 0..AT_ONCE_MAX {
            let Some(known) = work.active(run) else { break };
            let facts = RunFacts::of(&work.state, definition, known);
            let last = known.came_up.get(task.id.as_str()).map(Arc::as_ref);
            let next = plan::occurrence(definition, schedule, known, last, &facts, work.now);
            let Next::At(occasion) = next else { break };
            let Window { from, due, late } = occasion.window;
            if from > work.now {
                break;
            }
            let why = plan::explain(schedule, &facts, work.now);
            let why = Reason::Plan { anchor: occasion.anchor.to_owned(), from: occasion.anchored, why };
            let comes = Comes { key: occasion.key(), due, late, why };
            come_up(work, run, definition, task, comes);
        }
    }
}

/// One time of a task that is here.
pub(super) struct Comes {
    /// What tells it from the task's other times.
    pub key: String,
    /// When it is due.
    pub due: Timestamp,
    /// When it is over.
    pub late: Option<Timestamp>,
    /// Why it comes up.
    pub why: Reason,
}

/// Opens a task, together with one of another run if both say that they are the same.
pub(super) fn come_up(
    work: &mut Work<'_>,
    run: RunId,
    definition: &Definition,
    task: &definition::Task,
    comes: Comes,
) {
    let Some(known) = work.state.runs.get(&run) else { return };
    let id = derived::task(run, &task.id, &comes.key);
    // What was moved to another day may be moved back; whatever else ended has had its time.
    let over = work.state.past(id).is_some_and(|known| !known.is_moved());
    if over || work.state.tasks.contains_key(&id) {
        return;
    }
    let facts = RunFacts::of(&work.state, definition, known);
    let clock = task.clock.as_ref().and_then(|clock| plan::anchor_moment(definition, clock, known, &facts));
    let clock_of = task.clock.as_ref().and_then(|clock| plan::anchor_concept(definition, clock, &facts));
    let twin = task.merge.as_ref().and_then(|key| {
        work.state.tasks.values().find(|other| {
            other.merge.as_ref() == Some(key)
                && other.run != run
                && other.with.is_none()
                && other.role == task.role
        })
    });
    let opened = Task {
        id,
        run,
        code: Some(task.id.clone()),
        title: task.title.clone(),
        role: task.role,
        substitute: task.substitute.clone(),
        skip: task.skip.as_ref().map(|skip| skip.by.clone()).unwrap_or_default(),
        form: task.form.clone(),
        closed_by: task.closed_by.clone(),
        key: comes.key,
        opened: work.now,
        due: Some(comes.due),
        late: comes.late,
        clock,
        clock_of,
        urgent: task.urgent,
        stays: task.schedule.as_ref().is_some_and(|schedule| schedule.until == Until::Done),
        merge: task.merge.clone(),
        with: twin.map(|twin| twin.id),
        sign_off: task.sign_off,
        signed: Vec::new(),
        claimed_by: None,
        escalated: 0,
        noted: false,
        why: comes.why,
    };
    work.emit(What::TaskOpened(Arc::new(opened)));
}

/// Opens a task that has no schedule of its own; one that is open already serves.
pub(super) fn come_up_now(
    work: &mut Work<'_>,
    run: RunId,
    definition: &Definition,
    code: &str,
    due: Option<Timestamp>,
    key: String,
    why: Reason,
) -> Option<TaskId> {
    let (_, task) = definition.task(code)?;
    let open = work.state.tasks.values().find(|open| open.run == run && open.code.as_deref() == Some(code));
    if let Some(open) = open {
        return Some(open.id);
    }
    let due = due.unwrap_or(work.now);
    let id = derived::task(run, code, &key);
    come_up(work, run, definition, task, Comes { key, due, late: None, why });
    Some(id)
}

/// Ends a task. What was to be done together with it is done as well, or stands alone again; asks that
/// it was to answer are over.
pub(super) fn close(work: &mut Work<'_>, task: TaskId, how: Closing, by_person: bool) {
    let done = matches!(how, Closing::Done { .. });
    let closed = What::TaskClosed { task, how };
    if by_person {
        work.emit_by(closed)
    } else {
        work.emit(closed)
    }
    let together: Vec<TaskId> =
        work.state.tasks.values().filter(|other| other.with == Some(task)).map(|other| other.id).collect();
    // Those that were to be done together with it still are: the first of them stands for the rest.
    let mut stands = None;
    for other in together {
        if done {
            close(work, other, Closing::Done { letter: None, with: Some(task) }, by_person);
        } else {
            work.emit(What::TaskFreed { task: other, with: stands });
            stands = stands.or(Some(other));
        }
    }
    let asks: Vec<_> =
        work.state.open_asks().filter(|ask| ask.task == Some(task)).map(|ask| ask.id).collect();
    for ask in asks {
        work.emit(What::AskClosed { ask, answered: done });
    }
}

/// Whether another pathway's phase silences a task of this run.
pub fn is_silenced(state: &PatientState, run: RunId, definition: &Definition, task: &str) -> bool {
    definition.conflicts.iter().filter(|conflict| conflict.suspend.iter().any(|id| id == task)).any(
        |conflict| {
            state.active_runs().any(|other| {
                other.id != run && other.pathway == conflict.with && conflict.phases.contains(&other.phase)
            })
        },
    )
}

/// The moments at which something may happen to an open task.
pub(super) fn moments(definition: &Definition, task: &Task) -> Vec<Timestamp> {
    let mut moments: Vec<Timestamp> = task.late.into_iter().collect();
    let declared = task.code.as_deref().and_then(|code| definition.task(code)).map(|(_, declared)| declared);
    if let (Some(due), Some(declared)) = (task.due, declared) {
        let steps = declared.escalate.iter().skip(usize::try_from(task.escalated).unwrap_or(usize::MAX));
        moments.extend(steps.map(|step| step.after.after(due)));
        if notes_delay(task, declared) {
            moments.push(due);
        }
    }
    moments
}

/// A task without an end of its own is noted as a departure when it is overdue, once, and stays.
fn notes_delay(task: &Task, declared: &definition::Task) -> bool {
    declared.variance.is_some() && task.late.is_none() && !task.noted
}

fn review(work: &mut Work<'_>, run: RunId, definition: &Definition, id: TaskId) {
    let Some(task) = work.state.tasks.get(&id).cloned() else { return };
    let Some(code) = task.code.as_deref() else { return };
    let Some((_, declared)) = definition.task(code) else { return };
    if is_silenced(&work.state, run, definition, code) {
        return close(work, id, Closing::Cancelled { why: Cancelled::Conflict }, false);
    }
    if work.active(run).is_some_and(|run| is_pointless(work, run, definition, declared, &task)) {
        return close(work, id, Closing::Cancelled { why: Cancelled::NoLonger }, false);
    }
    if work.active(run).is_some_and(|run| is_moved(work, run, definition, declared, &task)) {
        return close(work, id, Closing::Cancelled { why: Cancelled::Rescheduled }, false);
    }
    escalate(work, declared, &task);
    let departure = || Departure {
        about: Some(code.to_owned()),
        task: Some(id),
        key: task.key.clone(),
        ..Departure::default()
    };
    let kind = declared.variance.as_deref().unwrap_or(NOT_DONE);
    if task.late.is_some_and(|late| late <= work.now) {
        work.vary(run, definition, kind, departure());
        close(work, id, Closing::Expired, false);
    } else if notes_delay(&task, declared) && task.is_overdue(work.now) {
        work.vary(run, definition, kind, departure());
    }
}

/// Whether the condition that a planned task came up under does not hold any more.
fn is_pointless(
    work: &Work<'_>,
    run: &Run,
    definition: &Definition,
    declared: &definition::Task,
    task: &Task,
) -> bool {
    let planned = matches!(task.why, Reason::Plan { .. });
    let when = declared.schedule.as_ref().and_then(|schedule| schedule.when.as_ref());
    let facts = RunFacts::of(&work.state, definition, run);
    planned && when.is_some_and(|when| when.eval(&facts, work.now).value == Tri::False)
}

/// Whether the day that a single time was counted from has changed since it came up.
fn is_moved(
    work: &Work<'_>,
    run: &Run,
    definition: &Definition,
    declared: &definition::Task,
    task: &Task,
) -> bool {
    let Some(schedule) = declared.schedule.as_ref().filter(|schedule| !schedule.recurs()) else {
        return false;
    };
    let Reason::Plan { anchor, .. } = &task.why else { return false };
    let facts = RunFacts::of(&work.state, definition, run);
    if plan::anchor_moment(definition, anchor, run, &facts).is_none() {
        return true;
    }
    match plan::occurrence(definition, schedule, run, None, &facts, work.now) {
        // A task that outlives its phase keeps the day that was counted from the phase it came up in.
        Next::At(next) if next.anchor == definition::PHASE && anchor == definition::PHASE => false,
        Next::At(next) => next.key() != task.key,
        Next::Never | Next::Unknown(_) => false,
    }
}

fn escalate(work: &mut Work<'_>, declared: &definition::Task, task: &Task) {
    let Some(due) = task.due else { return };
    for (step, escalation) in (0_u32..).zip(&declared.escalate) {
        if step >= task.escalated && escalation.after.after(due) <= work.now {
            work.emit(What::Escalated { task: task.id, step, to: escalation.to, how: escalation.how });
        }
    }
}
