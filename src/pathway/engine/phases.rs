//! Runs begin, change their phase, rest, and end. Who may make them do so is judged in `accept`, when
//! a phase is over in `exits`.

use std::sync::Arc;

use super::Work;
use super::tasks;
use crate::kernel::id::EntryId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::pathway::Pathway;
use crate::pathway::definition::Definition;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::What;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;

/// Begins a run in its first phase.
pub(super) fn begin(work: &mut Work<'_>, run: RunId, pathway: &Pathway, stay: Option<EntryId>) {
    let definition = &pathway.definition;
    work.emit_by(What::RunStarted {
        run,
        pathway: definition.id.clone(),
        hash: pathway.hash.clone(),
        version: definition.version.clone(),
        title: definition.title.clone(),
        stay,
    });
    if let Some(first) = definition.phases.first() {
        enter(work, run, definition, &first.id, Reason::Start);
    }
}

/// Enters a phase: what belongs to the old one alone is over.
pub(super) fn enter(work: &mut Work<'_>, run: RunId, definition: &Definition, phase: &str, why: Reason) {
    let (Some(known), Some(entered)) = (work.state.runs.get(&run), definition.phase(phase)) else { return };
    let visit = known.visit + 1;
    drop_proposals(work, run);
    drop_questions(work, run);
    work.emit(What::PhaseEntered { run, phase: phase.to_owned(), title: entered.title.clone(), visit, why });
    if entered.end {
        drop_rest(work, run);
        work.emit(What::RunEnded { run });
        return;
    }
    let leaves = |task: &crate::pathway::state::Task| {
        let unit = task.code.as_deref().and_then(|code| definition.task(code)).map(|(unit, _)| unit);
        !task.stays && unit.is_some_and(|unit| !unit.is_in(entered))
    };
    let over: Vec<TaskId> = work
        .state
        .tasks
        .values()
        .filter(|task| task.run == run && leaves(task))
        .map(|task| task.id)
        .collect();
    for task in over {
        tasks::close(work, task, Closing::Cancelled { why: Cancelled::PhaseLeft }, false);
    }
    let spent: Vec<String> = definition
        .rules()
        .filter(|(unit, _)| !unit.is_in(entered))
        .filter(|(_, rule)| {
            work.active(run).and_then(|run| run.rules.get(&rule.id)).is_some_and(|fired| fired.spent)
        })
        .map(|(_, rule)| rule.id.clone())
        .collect();
    for rule in spent {
        work.emit(What::RuleReset { run, rule });
    }
}

/// Stops a run for good.
pub(super) fn stop(work: &mut Work<'_>, run: RunId, reason: &str) {
    drop_proposals(work, run);
    drop_rest(work, run);
    work.emit_by(What::RunStopped { run, reason: reason.to_owned() });
}

/// Lets a run go on: what ran out while it rested is over without blame.
pub(super) fn resume(work: &mut Work<'_>, run: RunId) {
    work.emit_by(What::RunResumed { run });
    let now = work.now;
    let over: Vec<TaskId> = work
        .state
        .tasks
        .values()
        .filter(|task| task.run == run && task.late.is_some_and(|late| late <= now))
        .map(|task| task.id)
        .collect();
    for task in over {
        tasks::close(work, task, Closing::Cancelled { why: Cancelled::Suspended }, false);
    }
}

/// The patient comes to a hospital: runs of home care rest, those for the stay begin.
pub(super) fn admit(work: &mut Work<'_>, stay: EntryId) {
    work.emit_by(What::Admitted { stay });
    let rests = |run: &RunId| rests_in_hospital(work, *run, stay);
    let rests: Vec<RunId> = work.state.active_runs().map(|run| run.id).filter(rests).collect();
    for run in rests {
        work.emit_by(What::RunSuspended { run, stay: Some(stay), reason: None });
    }
    let library = work.library;
    for pathway in library.offered().filter(|pathway| pathway.definition.start.on.is_some()) {
        let id = &pathway.definition.id;
        let goes_on = work.state.active_runs().any(|run| run.pathway == *id);
        if goes_on {
            continue;
        }
        begin(work, crate::pathway::state::derived::run(stay, id), pathway, Some(stay));
    }
}

/// The patient goes home: what rested for the stay goes on.
pub(super) fn discharge(work: &mut Work<'_>, stay: EntryId) {
    work.emit_by(What::Discharged { stay });
    let rested = |status: &Status| matches!(status, Status::Suspended { stay: Some(of), .. } if *of == stay);
    let runs: Vec<RunId> =
        work.state.runs.values().filter(|run| rested(&run.status)).map(|run| run.id).collect();
    for run in runs {
        // What the region holds stays at rest, no longer for the stay.
        match work.state.runs.get(&run).and_then(|run| run.halted.clone()) {
            Some(halted) => {
                work.emit_by(What::RunSuspended { run, stay: None, reason: Some(halted.reason) });
            }
            None => resume(work, run),
        }
    }
}

/// The region lets every run of a version rest.
pub(super) fn halt(work: &mut Work<'_>, hash: &str, reason: &str) {
    let runs = work.state.runs.values().map(Arc::as_ref);
    let goes_on = |run: &&Run| run.hash == hash && !run.is_over() && run.halted.is_none();
    let runs: Vec<RunId> = runs.filter(goes_on).map(|run| run.id).collect();
    for run in runs {
        work.emit_by(What::RunHalted { run, reason: reason.to_owned() });
    }
}

/// The region holds the runs of a version no longer. Those that nothing else holds go on; during a stay
/// in hospital they rest for that.
pub(super) fn release(work: &mut Work<'_>, hash: &str) {
    let runs = work.state.runs.values().filter(|run| run.hash == hash && !run.is_over());
    let held: Vec<(RunId, bool)> =
        runs.filter_map(|run| run.halted.as_ref().map(|halted| (run.id, halted.goes_on))).collect();
    for (run, goes_on) in held {
        work.emit_by(What::RunReleased { run });
        let rests_for = work.state.stay.filter(|stay| rests_in_hospital(work, run, *stay));
        match rests_for {
            _ if !goes_on => {}
            Some(stay) => work.emit_by(What::RunSuspended { run, stay: Some(stay), reason: None }),
            None => resume(work, run),
        }
    }
}

/// Whether a run rests during a stay: one of home care does, unless that stay began it.
fn rests_in_hospital(work: &Work<'_>, run: RunId, stay: EntryId) -> bool {
    let Some(known) = work.state.runs.get(&run).filter(|run| run.stay != Some(stay)) else { return false };
    work.pathway(run).is_some_and(|pathway| pathway.definition.rests_in_hospital(&known.phase))
}

fn drop_proposals(work: &mut Work<'_>, run: RunId) {
    let open: Vec<_> = work
        .state
        .open_proposals()
        .filter(|proposal| proposal.run == run)
        .map(|proposal| proposal.id)
        .collect();
    for proposal in open {
        work.emit(What::ProposalClosed { proposal, how: ProposalEnd::Withdrawn });
    }
}

/// What was asked because it was missing decided something in the phase that is left.
fn drop_questions(work: &mut Work<'_>, run: RunId) {
    let missing = work.state.open_asks().filter(|ask| ask.run == run && !ask.facts.is_empty());
    let missing: Vec<_> = missing.map(|ask| ask.id).collect();
    for ask in missing {
        work.emit(What::AskClosed { ask, answered: false });
    }
}

/// Everything open in a run that is over loses its point.
fn drop_rest(work: &mut Work<'_>, run: RunId) {
    let open: Vec<TaskId> =
        work.state.tasks.values().filter(|task| task.run == run).map(|task| task.id).collect();
    for task in open {
        tasks::close(work, task, Closing::Cancelled { why: Cancelled::RunOver }, false);
    }
    let asks: Vec<_> = work.state.open_asks().filter(|ask| ask.run == run).map(|ask| ask.id).collect();
    for ask in asks {
        work.emit(What::AskClosed { ask, answered: false });
    }
}
