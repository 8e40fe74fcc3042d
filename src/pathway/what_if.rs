//! What would follow from something that has not happened: the same pure step on a copy of the state, and
//! the difference to what happens anyway. Nothing is written, and nobody hears of it.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;

use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::pathway::Library;
use crate::pathway::event::Actor;
use crate::pathway::event::Input;
use crate::pathway::event::Refusal;
use crate::pathway::event::Stamped;
use crate::pathway::state::Ask;
use crate::pathway::state::PastTask;
use crate::pathway::state::PatientState;
use crate::pathway::state::Proposal;
use crate::pathway::state::Run;
use crate::pathway::state::Task;
use crate::pathway::state::Variance;
use crate::pathway::step;

/// Steps that catching up may take before what is supposed lies too far ahead.
const CATCH_UP_MAX: usize = 64;

/// Something supposed: by whom, when, and what.
#[derive(Debug, Clone)]
pub struct Supposed {
    /// When.
    pub at: Timestamp,
    /// By whom; none for time and the house.
    pub by: Option<Actor>,
    /// What.
    pub input: Input,
}

/// What would be otherwise.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Difference {
    /// Runs that would begin, end, rest or change their phase.
    pub runs: Vec<RunChange>,
    /// Tasks that would come up.
    pub opened: Vec<Arc<Task>>,
    /// Tasks that would be over, and how.
    pub closed: Vec<Arc<PastTask>>,
    /// Proposals that would be made.
    pub proposed: Vec<Arc<Proposal>>,
    /// Proposals that would still wait, with one more decision.
    pub waiting: Vec<Arc<Proposal>>,
    /// Proposals that would be over, and how.
    pub ended: Vec<Arc<Proposal>>,
    /// What would be asked.
    pub asked: Vec<Arc<Ask>>,
    /// What would be asked no longer.
    pub answered: Vec<Arc<Ask>>,
    /// Departures that would be noted.
    pub variances: Vec<Arc<Variance>>,
}

/// What would become of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunChange {
    /// The run.
    pub run: RunId,
    /// The pathway's name.
    pub title: Words,
    /// The phase before; none for a run that would begin.
    pub from: Option<Words>,
    /// The phase then.
    pub to: Words,
    /// Its state then, as a code.
    pub state: &'static str,
}

impl Difference {
    /// Whether nothing would be otherwise.
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// What would follow, beside what follows anyway by `now`. Refused as the real thing would be.
pub fn what_if(
    library: &Library,
    state: &PatientState,
    now: Timestamp,
    supposed: &[Supposed],
) -> Result<Difference, Refusal> {
    let before = then(library, state, &Supposed { at: now, by: None, input: Input::Time })?;
    let mut after = before.clone();
    for one in supposed {
        after = then(library, &after, one)?;
    }
    Ok(difference(&before, &after))
}

/// A copy of the state after something was told; what fell due before it happens first.
pub fn then(library: &Library, state: &PatientState, one: &Supposed) -> Result<PatientState, Refusal> {
    let mut copy = state.clone();
    let tell = |copy: &mut PatientState, by, input: Input| -> Result<(), Refusal> {
        let events = step(library, copy, &Stamped { at: one.at, by, input })?;
        events.iter().for_each(|event| copy.apply(event));
        Ok(())
    };
    for _ in 0..CATCH_UP_MAX {
        if copy.next_instant(library).is_none_or(|instant| instant > one.at) {
            tell(&mut copy, one.by, one.input.clone())?;
            return Ok(copy);
        }
        tell(&mut copy, None, Input::Time)?;
    }
    Err(Refusal::Behind)
}

fn difference(before: &PatientState, then: &PatientState) -> Difference {
    let was_open = |id| before.tasks.contains_key(&id);
    let waited = |proposal: &Proposal| before.proposals.get(&proposal.id).filter(|old| old.is_open());
    let was_asked = |ask: &Ask| before.asks.get(&ask.id).is_some_and(|old| old.answered.is_none());
    let more = |proposal: &&Arc<Proposal>| {
        waited(proposal).is_some_and(|old| old.decisions.len() < proposal.decisions.len())
    };
    Difference {
        runs: then
            .runs
            .values()
            .filter_map(|run| run_change(before.runs.get(&run.id).map(Arc::as_ref), run))
            .collect(),
        opened: then.tasks.values().filter(|task| !was_open(task.id)).cloned().collect(),
        closed: then.closed.iter().filter(|over| was_open(over.id)).cloned().collect(),
        proposed: then.open_proposals().filter(|one| waited(one).is_none()).cloned().collect(),
        waiting: then.open_proposals().filter(more).cloned().collect(),
        ended: then
            .proposals
            .values()
            .filter(|one| waited(one).is_some() && !one.is_open())
            .cloned()
            .collect(),
        asked: then.open_asks().filter(|ask| !was_asked(ask)).cloned().collect(),
        answered: then
            .asks
            .values()
            .filter(|ask| was_asked(ask) && ask.answered.is_some())
            .cloned()
            .collect(),
        variances: then.variances.iter().filter(|one| before.variance(one.id).is_none()).cloned().collect(),
    }
}

fn run_change(before: Option<&Run>, run: &Run) -> Option<RunChange> {
    let same = before.is_some_and(|old| {
        old.phase == run.phase && old.visit == run.visit && old.status.code() == run.status.code()
    });
    (!same).then(|| RunChange {
        run: run.id,
        title: run.title.clone(),
        from: before.map(|old| old.phase_title.clone()),
        to: run.phase_title.clone(),
        state: run.status.code(),
    })
}
