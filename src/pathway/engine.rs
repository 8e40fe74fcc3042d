//! The engine: one pure function from a patient's state and an input to events. What a definition
//! means is here and in the files below; what a file may say is judged in `check`.

mod accept;
mod exits;
mod facts;
mod next;
mod outcomes;
mod phases;
mod plan;
mod rules;
mod tasks;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Words;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::definition::Cause;
use crate::pathway::definition::Definition;
use crate::pathway::event::Actor;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Refusal;
use crate::pathway::event::Stamped;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Variance;
use crate::pathway::state::derived;
use crate::texts;

pub(super) use exits::declined;
pub(super) use exits::held_back;
pub(super) use facts::ENTERED;
pub(super) use facts::IN_HOSPITAL;
pub(super) use facts::RunFacts;
pub(super) use facts::STARTED;
pub(super) use plan::Next;
pub(super) use plan::Occasion;
pub(super) use plan::occurrence;
pub(super) use tasks::is_silenced;

/// Instants worked off in one step: some years of a busy pathway, a fraction of a second.
const INSTANTS_MAX: usize = 2_000;

/// Rounds in which what followed makes more follow. The check of a file proves that it stays far below.
pub(super) const ROUNDS_MAX: usize = 64;

/// Everything that follows from an input at its moment. Nothing changes when it is refused.
pub fn step(library: &Library, state: &PatientState, stamped: &Stamped) -> Result<Vec<Event>, Refusal> {
    let mut work = Work::new(library, state);
    let caught_up = work.catch_up(work.next(), stamped.at.max(state.reached), INSTANTS_MAX);
    if matches!(stamped.input, Input::Time) {
        // What fell due has followed already, each thing at its own moment.
        work.note_time();
        return Ok(work.events);
    }
    caught_up.map_err(|Behind| Refusal::Behind)?;
    work.by = stamped.by;
    accept::accept(&mut work, &stamped.input)?;
    work.by = None;
    work.settle();
    Ok(work.events)
}

/// What followed while time passed, and where it left the patient.
#[derive(Debug, Clone)]
pub struct Passed {
    /// What happened, each thing at its own moment.
    pub events: Vec<Event>,
    /// The state with all of it.
    pub state: PatientState,
    /// The next moment at which something may happen by itself; one that has gone by when there was more
    /// than one step works off.
    pub next: Option<Timestamp>,
}

/// Lets time pass up to a moment, and everything happen that falls due by then; at most so many instants are
/// worked off. When nothing falls due, nothing happens.
pub fn pass(library: &Library, state: &PatientState, until: Timestamp, instants: usize) -> Passed {
    pass_from(library, state, state.next_instant(library), until, instants)
}

impl Passed {
    /// Lets more time pass, from where it left the patient.
    pub fn on(&self, library: &Library, until: Timestamp, instants: usize) -> Self {
        pass_from(library, &self.state, self.next, until, instants)
    }
}

fn pass_from(
    library: &Library,
    state: &PatientState,
    next: Option<Timestamp>,
    until: Timestamp,
    instants: usize,
) -> Passed {
    let mut work = Work::new(library, state);
    let next = work.catch_up(next, until.max(state.reached), instants).unwrap_or_else(|Behind| work.next());
    if work.state.reached > state.reached {
        work.now = work.state.reached;
        work.note_time();
    }
    Passed { events: work.events, state: work.state, next }
}

/// More fell due than one step works off.
struct Behind;

impl PatientState {
    /// The next moment at which something may happen by itself; until then the engine need not look.
    pub fn next_instant(&self, library: &Library) -> Option<Timestamp> {
        next::next_instant(library, self)
    }
}

/// A step under way: the state as it becomes, and what has happened so far.
struct Work<'a> {
    library: &'a Library,
    /// The state before the step: with the events so far it makes the present one again.
    before: &'a PatientState,
    state: PatientState,
    events: Vec<Event>,
    now: Timestamp,
    by: Option<Actor>,
}

impl<'a> Work<'a> {
    fn new(library: &'a Library, before: &'a PatientState) -> Self {
        let (state, now) = (before.clone(), before.reached);
        Self { library, before, state, events: Vec::new(), now, by: None }
    }

    /// Lets everything happen that fell due up to `until`, each at its own moment, so that catching
    /// up equals having been up. Told what comes next, says what comes then.
    fn catch_up(
        &mut self,
        mut next: Option<Timestamp>,
        until: Timestamp,
        instants: usize,
    ) -> Result<Option<Timestamp>, Behind> {
        for _ in 0..instants {
            let Some(instant) = next.filter(|instant| *instant <= until) else {
                self.now = until;
                return Ok(next);
            };
            self.now = instant;
            self.settle();
            self.state.reached = instant;
            next = self.next();
        }
        Err(Behind)
    }

    /// Keeps how far time has come, unless something that happened then says so already.
    fn note_time(&mut self) {
        if self.events.last().is_none_or(|last| last.at < self.now) {
            self.emit(What::TimePassed);
        }
    }

    fn next(&self) -> Option<Timestamp> {
        next::next_instant(self.library, &self.state)
    }

    /// Lets follow what follows, until nothing more does. A run that finds no rest is set aside, as if it
    /// had not been asked at this moment: what it began is taken back, and the others go on without it.
    fn settle(&mut self) {
        let (begun, reached) = (self.events.len(), self.state.reached);
        let mut aside: Vec<RunId> = Vec::new();
        while let Some(restless) = self.rounds() {
            // Several may stir where only one is the cause: it is the one without which the others rest.
            let cause = restless.iter().any(|run| {
                self.anew(begun, reached, aside.iter().chain([run]));
                self.rounds().is_none()
            });
            if cause {
                break;
            }
            aside.extend(restless.first());
            self.anew(begun, reached, aside.iter());
        }
        debug_assert!(self.is_sound(), "something is both open and over");
    }

    /// Rounds until nothing more follows; otherwise the runs that still stirred in the last of them.
    fn rounds(&mut self) -> Option<Vec<RunId>> {
        let mut stirred = Vec::new();
        for _ in 0..ROUNDS_MAX {
            stirred.clear();
            let active: Vec<RunId> = self.state.active_runs().map(|run| run.id).collect();
            for run in active {
                let so_far = self.events.len();
                self.settle_run(run);
                if self.events.len() > so_far {
                    stirred.push(run);
                }
            }
            if stirred.is_empty() {
                return None;
            }
        }
        Some(stirred)
    }

    /// Takes back what happened since an event, and sets runs aside instead.
    fn anew<'r>(&mut self, begun: usize, reached: Timestamp, aside: impl Iterator<Item = &'r RunId>) {
        self.events.truncate(begun);
        self.state = self.before.clone();
        self.events.iter().for_each(|event| self.state.apply(event));
        self.state.reached = self.state.reached.max(reached);
        for run in aside {
            self.emit(What::RunFaulted { run: *run });
        }
    }

    /// One round for one run, in the order of the pages: outcomes, ways out, rules, plan.
    fn settle_run(&mut self, run: RunId) {
        let Some(pathway) = self.pathway(run) else { return };
        let definition = &pathway.definition;
        outcomes::judge(self, run, definition);
        if exits::take(self, run, definition) {
            return;
        }
        rules::fire(self, run, definition);
        tasks::keep_plan(self, run, definition);
        rules::ask_for_missing(self, run, definition);
    }

    fn pathway(&self, run: RunId) -> Option<Arc<Pathway>> {
        let run = self.state.runs.get(&run)?;
        self.library.get(&run.hash).cloned()
    }

    /// A run that goes on.
    fn active(&self, run: RunId) -> Option<&Run> {
        self.state.runs.get(&run).map(Arc::as_ref).filter(|run| run.status == Status::Active)
    }

    /// Something followed, by rule or by time.
    fn emit(&mut self, what: What) {
        self.push(None, what);
    }

    /// Someone did something.
    fn emit_by(&mut self, what: What) {
        self.push(self.by, what);
    }

    fn push(&mut self, by: Option<Actor>, what: What) {
        let event = Event { at: self.now, by, what };
        self.state.apply(&event);
        self.events.push(event);
    }

    /// Notes a departure of a kind that the pathway declares, or one of the built-in kinds.
    fn vary(&mut self, run: RunId, definition: &Definition, code: &str, about: Departure) {
        let Some(known) = self.state.runs.get(&run) else { return };
        let kind = definition.variances.get(code);
        let text = kind.map_or_else(|| builtin(code), |kind| kind.text.clone());
        let key = format!("{code}/{}/{}/{}", about.about.as_deref().unwrap_or(""), about.key, known.visit);
        let variance = Variance {
            id: derived::variance(run, &key),
            run,
            code: code.to_owned(),
            text,
            positive: kind.is_some_and(|kind| kind.positive),
            phase: known.phase.clone(),
            about: about.about,
            task: about.task,
            at: self.now,
            cause: about.cause.or(kind.map(|kind| kind.cause)).unwrap_or(Cause::Staff),
            reason: about.reason,
            by: self.by,
        };
        self.emit_by(What::VarianceFound(Arc::new(variance)));
    }

    /// Nothing that is over is waited for.
    fn is_sound(&self) -> bool {
        self.state.tasks.values().all(|task| self.state.runs.get(&task.run).is_some_and(|run| !run.is_over()))
            && self.state.open_proposals().all(|proposal| {
                self.state
                    .runs
                    .get(&proposal.run)
                    .is_some_and(|run| run.phase == proposal.from && !run.is_over())
            })
    }
}

/// What a departure is about.
#[derive(Debug, Default)]
struct Departure {
    about: Option<String>,
    task: Option<TaskId>,
    /// What tells it from others of the same kind and phase.
    key: String,
    cause: Option<Cause>,
    reason: Option<String>,
}

/// The words of departures that need no declaration.
fn builtin(code: &str) -> Words {
    match code {
        SKIPPED => Words::of(|t| t.variance_skipped()),
        NOT_DONE => Words::of(|t| t.variance_not_done()),
        OUTCOME => Words::of(|t| t.variance_outcome()),
        other => Words::new(other.to_owned(), other.to_owned()),
    }
}

/// Someone decided not to do a task.
pub const SKIPPED: &str = "skipped";

/// A task's time ran out.
pub const NOT_DONE: &str = "not_done";

/// An outcome was not reached.
pub const OUTCOME: &str = "outcome_not_met";

/// The concepts that the engine notes by itself, or that the patient's stay or card brings.
pub(super) const NOTED: &[&str] =
    &["stay.admitted_on", "stay.planned_discharge_on", "stay.discharged_on", crate::expr::BIRTH_DATE];

/// The map of facts that a decision is pinned to.
type Pins = BTreeMap<String, crate::expr::Value>;

texts! {
    variance_skipped { ja: "行わないと決めた", en: "Decided not to do it" }
    variance_not_done { ja: "期限までに行われなかった", en: "Not done in time" }
    variance_outcome { ja: "目標に届いていない", en: "Outcome not reached" }
}
