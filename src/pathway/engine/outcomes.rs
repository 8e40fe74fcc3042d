//! Outcomes are judged at their times, and a phase that lasts too long is noted. Neither changes what
//! happens next; both are what a review of the pathway learns from.

use jiff::Timestamp;

use super::Departure;
use super::OUTCOME;
use super::RunFacts;
use super::Work;
use super::plan;
use crate::expr::Tri;
use crate::kernel::id::RunId;
use crate::kernel::length::Length;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Outcome;
use crate::pathway::definition::Unit;
use crate::pathway::event::What;
use crate::pathway::state::Run;

/// Judges what is to be judged by now.
pub(super) fn judge(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    for unit in &definition.units {
        let (Some(known), Some(outcome)) = (work.active(run), &unit.outcome) else { continue };
        if next_judgement(definition, known, unit, outcome).is_none_or(|at| at > work.now) {
            continue;
        }
        let facts = RunFacts::of(&work.state, definition, known);
        let met = outcome.met.eval(&facts, work.now).value;
        let why = outcome.met.explain(&facts, work.now);
        work.emit(What::OutcomeJudged { run, unit: unit.id.clone(), met, why });
        if met == Tri::False {
            let code = outcome.variance.as_deref().unwrap_or(OUTCOME);
            let about = Departure {
                about: Some(unit.id.clone()),
                key: Time::from(work.now).day().to_string(),
                ..Departure::default()
            };
            work.vary(run, definition, code, about);
        }
    }
    prolong(work, run, definition);
}

/// When an outcome is judged next; never in phases that the unit does not belong to.
pub(super) fn next_judgement(
    definition: &Definition,
    run: &Run,
    unit: &Unit,
    outcome: &Outcome,
) -> Option<Timestamp> {
    let phase = definition.phase(&run.phase)?;
    if !unit.is_in(phase) || !outcome.judge_every.is_positive() {
        return None;
    }
    let first = time::midnight(Time::from(run.entered).day());
    let last = run.judged.get(&unit.id).map_or(run.entered, |judged| run.entered.max(*judged));
    let last = last.max(run.not_before);
    let longest = outcome.judge_every.longest_seconds().max(1);
    let guess = (last.duration_since(first).as_secs() / longest - 1).max(1);
    let counts = i32::try_from(guess).unwrap_or(i32::MAX)..i32::MAX;
    let grid = counts.map(|count: i32| -> Length { outcome.judge_every.times(count) });
    grid.map(|length| length.after(first)).take(64).find(|at| *at > last)
}

/// When the phase should be over, as long as that was not noted.
pub(super) fn latest(definition: &Definition, run: &Run, facts: &RunFacts<'_>) -> Option<Timestamp> {
    let latest = definition.phase(&run.phase)?.latest.as_ref().filter(|_| !run.prolonged)?;
    plan::moment_of(definition, &latest.at, run, facts)
}

fn prolong(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    let Some(known) = work.active(run) else { return };
    let facts = RunFacts::of(&work.state, definition, known);
    let code = definition.phase(&known.phase).and_then(|phase| phase.latest.as_ref());
    let Some(code) = code.map(|latest| latest.variance.clone()) else { return };
    if latest(definition, known, &facts).is_some_and(|at| at <= work.now) {
        work.emit(What::PhaseProlonged { run });
        work.vary(run, definition, &code, Departure::default());
    }
}
