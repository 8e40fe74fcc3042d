//! The next moment at which something may happen by itself. It may name one at which nothing does,
//! but never miss one: between moments an idle patient costs nothing.

use std::sync::Arc;

use jiff::Timestamp;

use super::RunFacts;
use super::exits;
use super::outcomes;
use super::plan;
use super::plan::Next;
use super::tasks;
use crate::pathway::Library;
use crate::pathway::definition::Condition;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Phase;
use crate::pathway::state::PatientState;
use crate::pathway::state::Run;

pub(super) fn next_instant(library: &Library, state: &PatientState) -> Option<Timestamp> {
    let mut next = Soonest { after: state.reached, found: None };
    for run in state.active_runs() {
        let Some(pathway) = library.get(&run.hash) else { continue };
        of_run(state, &pathway.definition, run, &mut next);
    }
    next.found
}

/// The soonest of the moments that still lie ahead.
struct Soonest {
    after: Timestamp,
    found: Option<Timestamp>,
}

impl Soonest {
    fn offer(&mut self, at: impl IntoIterator<Item = Timestamp>) {
        let ahead = at.into_iter().filter(|at| *at > self.after).min();
        self.found = [self.found, ahead].into_iter().flatten().min();
    }
}

fn of_run(state: &PatientState, definition: &Definition, run: &Run, next: &mut Soonest) {
    let Some(phase) = definition.phase(&run.phase) else { return };
    let facts = RunFacts::of(state, definition, run);
    let now = state.reached;
    for condition in watched(definition, phase) {
        next.offer(condition.eval(&facts, now).flips_at);
    }
    for task in definition.tasks_in(phase) {
        let Some(schedule) = &task.schedule else { continue };
        let last = run.came_up.get(task.id.as_str()).map(Arc::as_ref);
        if let Next::At(occasion) = plan::occurrence(definition, schedule, run, last, &facts, now) {
            next.offer([occasion.window.from]);
        }
    }
    for unit in &definition.units {
        if let Some(outcome) = &unit.outcome {
            next.offer(outcomes::next_judgement(definition, run, unit, outcome));
        }
    }
    next.offer(outcomes::latest(definition, run, &facts));
    for task in state.tasks.values().filter(|task| task.run == run.id) {
        next.offer(tasks::moments(definition, task));
    }
    for proposal in state.open_proposals().filter(|proposal| proposal.run == run.id) {
        next.offer(exits::moments(definition, proposal));
    }
    for ask in state.open_asks().filter(|ask| ask.run == run.id && !ask.late) {
        next.offer(ask.due);
    }
    for fact in definition.facts.iter().filter(|(_, usage)| usage.fresh_for.is_some()).map(|(name, _)| name) {
        // An ask for a fact may be answered, or be needed, when a value grows too old.
        next.offer(crate::expr::Facts::latest(&facts, fact).and_then(|seen| seen.stale_at));
    }
}

/// The conditions that may decide something in a phase.
fn watched<'a>(definition: &'a Definition, phase: &'a Phase) -> impl Iterator<Item = &'a Condition> {
    let exits = phase.leave.iter().flat_map(|exit| exit.propose.iter().chain(&exit.when));
    let rules = definition.units_in(phase).flat_map(|unit| unit.rules.iter().map(|rule| &rule.when));
    let plans = definition.tasks_in(phase).filter_map(|task| task.schedule.as_ref()).flat_map(|schedule| {
        schedule.when.iter().chain(schedule.choices().iter().map(|choice| &choice.when))
    });
    exits.chain(rules).chain(plans)
}
