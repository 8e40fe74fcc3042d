//! What a run can see: the patient's facts under the pathway's short names, the run's own moments,
//! and which of its tasks were done in this phase.

use jiff::Timestamp;

use crate::expr::Facts;
use crate::expr::Origin;
use crate::expr::Seen;
use crate::expr::Value;
use crate::kernel::length::Length;
use crate::kernel::time;
use crate::pathway::definition::Definition;
use crate::pathway::definition::FactUse;
use crate::pathway::definition::Since;
use crate::pathway::state::Fact;
use crate::pathway::state::PatientState;
use crate::pathway::state::Run;

/// The moment the run began, as a name in conditions.
pub const STARTED: &str = "started";

/// The moment the phase began, as a name in conditions.
pub const ENTERED: &str = "phase_entered";

/// Whether the patient is in hospital now, as a name in conditions. It is always known.
pub const IN_HOSPITAL: &str = "in_hospital";

/// The facts as one run sees them.
pub struct RunFacts<'a> {
    state: &'a PatientState,
    definition: &'a Definition,
    run: Option<&'a Run>,
    started: Value,
    entered: Value,
    in_hospital: Value,
}

impl<'a> RunFacts<'a> {
    /// As a run sees them.
    pub fn of(state: &'a PatientState, definition: &'a Definition, run: &'a Run) -> Self {
        Self {
            state,
            definition,
            run: Some(run),
            started: Value::Instant(run.started),
            entered: Value::Instant(run.entered),
            in_hospital: Value::Bool(state.stay.is_some()),
        }
    }

    /// As a run that would begin now would see them.
    pub fn before_start(state: &'a PatientState, definition: &'a Definition, now: Timestamp) -> Self {
        Self {
            state,
            definition,
            run: None,
            started: Value::Instant(now),
            entered: Value::Instant(now),
            in_hospital: Value::Bool(state.stay.is_some()),
        }
    }

    /// The number of the newest value of a fact, to tell whether there is a new one.
    pub fn number(&self, name: &str) -> u64 {
        self.values(name)
            .map(|(_, facts)| facts.iter().map(|fact| fact.number).max().unwrap_or(0))
            .unwrap_or(0)
    }

    /// The values of a fact that count for this run, oldest first.
    fn values(&self, name: &str) -> Option<(&'a FactUse, &'a [Fact])> {
        let usage = self.definition.facts.get(name)?;
        let facts = self.state.facts.get(&usage.concept)?;
        let moment = match (usage.since, &self.started, &self.entered) {
            (Some(Since::Start), Value::Instant(at), _) | (Some(Since::Phase), _, Value::Instant(at)) => {
                Some(*at)
            }
            _ => None,
        };
        let first = moment.map_or(0, |at| facts.partition_point(|fact| fact.origin.at < day_of(at)));
        Some((usage, facts.get(first..)?)).filter(|(_, facts)| !facts.is_empty())
    }

    fn own(&self, name: &str) -> Option<Seen<'_>> {
        let value = match name {
            STARTED => &self.started,
            ENTERED => &self.entered,
            IN_HOSPITAL => &self.in_hospital,
            _ => return None,
        };
        Some(Seen { value, origin: None, stale_at: None })
    }
}

impl Facts for RunFacts<'_> {
    fn latest(&self, name: &str) -> Option<Seen<'_>> {
        let Some((usage, facts)) = self.values(name) else { return self.own(name) };
        facts.last().map(|fact| seen(fact, usage.fresh_for))
    }

    fn history(&self, name: &str) -> Vec<Seen<'_>> {
        let Some((usage, facts)) = self.values(name) else { return self.own(name).into_iter().collect() };
        facts.iter().map(|fact| seen(fact, usage.fresh_for)).collect()
    }

    fn done(&self, task: &str) -> bool {
        self.run.is_some_and(|run| run.done.get(task).is_some_and(|at| *at >= run.entered))
    }
}

fn seen(fact: &Fact, fresh_for: Option<Length>) -> Seen<'_> {
    let Origin { at, .. } = fact.origin;
    Seen { value: &fact.value, origin: Some(fact.origin), stale_at: fresh_for.map(|length| length.after(at)) }
}

/// The beginning of a moment's civil day: values are often stated for a day, not for a minute.
fn day_of(at: Timestamp) -> Timestamp {
    time::midnight(time::civil(at).date())
}
