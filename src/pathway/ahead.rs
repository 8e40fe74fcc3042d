//! What lies ahead of a patient's runs, and what a start still lacks: looks forward with the same
//! arithmetic that the engine uses, and changes nothing.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::expr::Tri;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::Library;
use crate::pathway::definition::Definition;
use crate::pathway::engine::Next;
use crate::pathway::engine::Occasion;
use crate::pathway::engine::RunFacts;
use crate::pathway::engine::occurrence;
use crate::pathway::state::PatientState;

/// A task that will come up if nothing changes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Coming {
    /// In which run.
    pub run: RunId,
    /// The task in the pathway.
    pub code: String,
    /// What to do.
    pub title: Words,
    /// Whose it will be.
    pub role: Profession,
    /// When it may be done.
    pub from: Timestamp,
    /// When it is due.
    pub due: Timestamp,
}

/// The next time of every scheduled task that is not open now, the soonest first.
pub fn coming(library: &Library, state: &PatientState) -> Vec<Coming> {
    let now = state.reached;
    let mut ahead = Vec::new();
    for run in state.active_runs() {
        let Some(definition) = library.get(&run.hash).map(|pathway| &pathway.definition) else { continue };
        let Some(phase) = definition.phase(&run.phase) else { continue };
        let facts = RunFacts::of(state, definition, run);
        for (unit, task) in definition.tasks() {
            let open = state
                .tasks
                .values()
                .any(|open| open.run == run.id && open.code.as_deref() == Some(task.id.as_str()));
            let Some(schedule) = task.schedule.as_ref().filter(|_| unit.is_in(phase) && !open) else {
                continue;
            };
            let last = run.came_up.get(task.id.as_str()).map(Arc::as_ref);
            if let Next::At(Occasion { window, .. }) =
                occurrence(definition, schedule, run, last, &facts, now)
            {
                ahead.push(Coming {
                    run: run.id,
                    code: task.id.clone(),
                    title: task.title.clone(),
                    role: task.role,
                    from: window.from,
                    due: window.due,
                });
            }
        }
    }
    ahead.sort_by_key(|coming| coming.due);
    ahead
}

/// What keeps this pathway from starting: the concepts that must be known first, or that are known and do
/// not fit. `None` when it can start.
pub fn lacking(state: &PatientState, definition: &Definition, now: Timestamp) -> Option<Vec<String>> {
    let when = definition.start.when.as_ref()?;
    let verdict = when.eval(&RunFacts::before_start(state, definition, now), now);
    if verdict.value == Tri::True {
        return None;
    }
    let names: Vec<String> = if verdict.missing.is_empty() {
        let looked_at = when.expr().map(|expr| expr.facts().into_iter().map(str::to_owned).collect());
        looked_at.unwrap_or_default()
    } else {
        verdict.missing.into_iter().map(|missing| missing.name).collect()
    };
    let concept = |name: String| definition.facts.get(&name).map_or(name, |usage| usage.concept.clone());
    Some(names.into_iter().map(concept).collect())
}
