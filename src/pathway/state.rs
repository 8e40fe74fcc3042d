//! All that pathways know about one patient: the facts once, every run, and what is open. It is the
//! fold of the events and needs no definition to be folded; deciding happens in `engine`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use crate::expr::Origin;
use crate::expr::Value;
use crate::expr::Why;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Cause;
use crate::pathway::definition::Confirm;
use crate::pathway::event::Actor;
use crate::pathway::event::Choice;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::Through;

pub use last::Last;
pub use task::Closed;
pub use task::PastTask;
pub use task::Task;

mod apply;
pub(super) mod derived;
mod last;
mod task;

/// The shape of a stored state; a state of another version is folded anew from the events.
pub const VERSION: u32 = 4;

/// Values kept of one concept: more than any window of the shipped pathways needs.
const VALUES_KEPT: usize = 128;

/// Proposals and asks that are over and still kept for the plan page, of each kind.
const OVER_KEPT: usize = 60;

/// All that pathways know about one patient. Its parts are shared with the state they were taken over from,
/// so that a step copies no more than what it changes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PatientState {
    /// The shape it was stored in.
    pub version: u32,
    /// The moment up to which everything has happened.
    pub reached: Timestamp,
    /// Facts by concept, the oldest first.
    #[serde(default)]
    pub facts: BTreeMap<String, Arc<Vec<Fact>>>,
    /// Counts facts, so that a rule can tell a new one.
    #[serde(default)]
    pub counted: u64,
    /// Runs, also those that are over.
    #[serde(default)]
    pub runs: BTreeMap<RunId, Arc<Run>>,
    /// Tasks that are open.
    #[serde(default)]
    pub tasks: BTreeMap<TaskId, Arc<Task>>,
    /// The last tasks that are over.
    #[serde(default)]
    pub closed: Last<PastTask>,
    /// Proposals: all that wait, and the last that are over.
    #[serde(default)]
    pub proposals: BTreeMap<ProposalId, Arc<Proposal>>,
    /// Asks, likewise.
    #[serde(default)]
    pub asks: BTreeMap<AskId, Arc<Ask>>,
    /// Departures, the last ones.
    #[serde(default)]
    pub variances: Last<Variance>,
    /// The stay in hospital that goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stay: Option<EntryId>,
}

/// One value of a concept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    /// The value.
    pub value: Value,
    /// Where it comes from.
    #[serde(flatten)]
    pub origin: Origin,
    /// Its number among all facts of the patient.
    pub number: u64,
}

/// One run of a pathway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// Its id.
    pub id: RunId,
    /// The pathway's id.
    pub pathway: String,
    /// The definition it keeps.
    pub hash: String,
    /// Its version, for people.
    pub version: String,
    /// Its name.
    pub title: Words,
    /// Whether it goes on.
    pub status: Status,
    /// The region lets its version rest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub halted: Option<Halted>,
    /// When it began.
    pub started: Timestamp,
    /// The stay that started it, if one did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stay: Option<EntryId>,
    /// The phase it is in.
    pub phase: String,
    /// The phase's name.
    pub phase_title: Words,
    /// Since when.
    pub entered: Timestamp,
    /// How often it has changed its phase.
    pub visit: u32,
    /// The phases it has left, each once, in the order in which it first did.
    #[serde(default)]
    pub been: Vec<Arc<str>>,
    /// Occurrences whose time was over before this moment do not come up.
    pub not_before: Timestamp,
    /// The last occurrence of each task that came up.
    #[serde(default)]
    pub came_up: BTreeMap<Arc<str>, Arc<Occurrence>>,
    /// When each task was last done.
    #[serde(default)]
    pub done: BTreeMap<String, Timestamp>,
    /// What each rule remembers.
    #[serde(default)]
    pub rules: BTreeMap<String, Fired>,
    /// When each outcome was last judged.
    #[serde(default)]
    pub judged: BTreeMap<String, Timestamp>,
    /// The values on which each way out was declined.
    #[serde(default)]
    pub declined: BTreeMap<String, BTreeMap<String, Value>>,
    /// How many proposals there were.
    #[serde(default)]
    pub proposed: u32,
    /// The facts that were asked for in this phase.
    #[serde(default)]
    pub asked: BTreeSet<String>,
    /// The phase was found to last too long.
    #[serde(default)]
    pub prolonged: bool,
}

/// A run that the region lets rest, beside whatever else it rests for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halted {
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: Timestamp,
    /// It goes on once the region lets it: nothing else holds it.
    pub goes_on: bool,
}

/// Whether a run goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Status {
    /// It goes on.
    Active,
    /// It rests.
    Suspended {
        /// The stay in hospital that it rests for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stay: Option<EntryId>,
        /// A person's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Since when.
        since: Timestamp,
    },
    /// The engine could not go on with it: someone must look, and try again or stop it. What is open in it
    /// can still be done.
    Faulty {
        /// Since when.
        since: Timestamp,
    },
    /// A person stopped it.
    Stopped {
        /// Why.
        reason: String,
    },
    /// It came to its end.
    Ended,
}

/// One time that a task comes up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Occurrence {
    /// What tells it from the task's other occurrences.
    pub key: String,
    /// When it is due.
    pub due: Timestamp,
}

/// What a rule remembers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Fired {
    /// It holds and has fired; it fires again only after it did not hold.
    pub spent: bool,
    /// How often it fired.
    pub count: u32,
    /// The newest of the facts it watches, when it last fired.
    pub seen: u64,
}

/// Why something came up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Reason {
    /// The pathway's plan for this phase.
    Plan {
        /// The anchor that its day was counted from.
        anchor: String,
        /// The moment that the anchor stands for.
        from: Timestamp,
        /// The conditions that were looked at.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// A rule.
    Rule {
        /// Its name.
        rule: String,
        /// What it is for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        title: Option<Words>,
        /// What it saw.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// A person wanted it.
    Person {
        /// Why.
        reason: String,
    },
    /// People agreed to a proposal.
    Proposal {
        /// The proposal.
        proposal: ProposalId,
        /// What it was made on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// It followed from something that happened.
    Condition {
        /// What held.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why: Option<Why>,
    },
    /// The run began.
    Start,
}

/// A way out of the phase that waits for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Proposal {
    /// Its id.
    pub id: ProposalId,
    /// The run.
    pub run: RunId,
    /// The phase that would be left.
    pub from: String,
    /// The phase that would begin.
    pub to: String,
    /// What it means.
    pub title: Words,
    /// When it was made.
    pub opened: Timestamp,
    /// By when it should be decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// Who must agree.
    pub confirm: Confirm,
    /// The values it was made on.
    pub pins: BTreeMap<String, Value>,
    /// Why it was made.
    pub why: Reason,
    /// Who has decided.
    #[serde(default)]
    pub decisions: Vec<Decision>,
    /// How many of its escalations have happened.
    #[serde(default)]
    pub escalated: u32,
    /// How it ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<ProposalEnd>,
}

/// One person's decision.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Who.
    pub by: Actor,
    /// When.
    pub at: Timestamp,
    /// How.
    pub choice: Choice,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<Through>,
    /// The values it was decided on.
    pub pins: BTreeMap<String, Value>,
}

/// Something a profession is asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Ask {
    /// Its id.
    pub id: AskId,
    /// The run.
    pub run: RunId,
    /// Who is asked.
    pub role: Profession,
    /// What is asked.
    pub text: Words,
    /// When.
    pub opened: Timestamp,
    /// By when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The task whose closing answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// The concepts that are missing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
    /// Why it is asked.
    pub why: Reason,
    /// Its time was over before it was answered.
    #[serde(default)]
    pub late: bool,
    /// It is over: answered, or without a point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<bool>,
}

/// A departure from a pathway.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Variance {
    /// Its id.
    pub id: VarianceId,
    /// The run.
    pub run: RunId,
    /// Its kind: a code of the pathway, or `skipped`, `not_done`.
    pub code: String,
    /// In words.
    pub text: Words,
    /// For the better.
    #[serde(default)]
    pub positive: bool,
    /// The phase.
    pub phase: String,
    /// The unit or task it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<String>,
    /// The occurrence it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskId>,
    /// When it was found.
    pub at: Timestamp,
    /// Where it comes from: the usual cause, until someone says.
    pub cause: Cause,
    /// What someone said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Who said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
}

impl Default for PatientState {
    fn default() -> Self {
        Self {
            version: VERSION,
            reached: Timestamp::MIN,
            facts: BTreeMap::new(),
            counted: 0,
            runs: BTreeMap::new(),
            tasks: BTreeMap::new(),
            closed: Last::default(),
            proposals: BTreeMap::new(),
            asks: BTreeMap::new(),
            variances: Last::default(),
            stay: None,
        }
    }
}

impl PatientState {
    /// Every value of every concept.
    pub fn all_facts(&self) -> impl Iterator<Item = &Fact> {
        self.facts.values().flat_map(|facts| facts.iter())
    }

    /// A task that is over, one of the last ones.
    pub fn past(&self, id: TaskId) -> Option<&PastTask> {
        self.closed.iter().rev().find(|past| past.id == id).map(Arc::as_ref)
    }

    /// A departure, one of the last ones.
    pub fn variance(&self, id: VarianceId) -> Option<&Arc<Variance>> {
        self.variances.iter().find(|variance| variance.id == id)
    }

    /// Proposals that wait.
    pub fn open_proposals(&self) -> impl Iterator<Item = &Arc<Proposal>> {
        self.proposals.values().filter(|proposal| proposal.is_open())
    }

    /// Asks that wait.
    pub fn open_asks(&self) -> impl Iterator<Item = &Arc<Ask>> {
        self.asks.values().filter(|ask| ask.answered.is_none())
    }

    /// Whether a run of this version is there that is not over, held by the region or not.
    pub fn has_run_of(&self, hash: &str, halted: bool) -> bool {
        let here = |run: &Run| run.hash == hash && !run.is_over() && run.halted.is_some() == halted;
        self.runs.values().map(Arc::as_ref).any(here)
    }

    /// Runs that go on.
    pub fn active_runs(&self) -> impl Iterator<Item = &Run> {
        self.runs.values().map(Arc::as_ref).filter(|run| run.status == Status::Active)
    }

    /// Whether the task's run rests, so that its clock stands still.
    pub fn is_resting(&self, task: &Task) -> bool {
        self.runs.get(&task.run).is_some_and(|run| matches!(run.status, Status::Suspended { .. }))
    }
}

impl Run {
    /// Whether it came to its end or was stopped.
    pub fn is_over(&self) -> bool {
        matches!(self.status, Status::Stopped { .. } | Status::Ended)
    }

    /// Its code: that of its status, or `halted` while the region lets it rest.
    pub fn code(&self) -> &'static str {
        if self.halted.is_some() && !self.is_over() { "halted" } else { self.status.code() }
    }
}

impl Status {
    /// Its code: `active`, `suspended`, `faulty`, `stopped`, `ended`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended { .. } => "suspended",
            Self::Faulty { .. } => "faulty",
            Self::Stopped { .. } => "stopped",
            Self::Ended => "ended",
        }
    }
}

impl Proposal {
    /// Whether the people who agreed so far are enough.
    pub fn is_agreed(&self) -> bool {
        let agreed = self.decisions.iter().filter(|decision| decision.choice == Choice::Confirm);
        let people: BTreeSet<PersonId> = agreed.clone().map(|decision| decision.by.person).collect();
        let professions: BTreeSet<Profession> = agreed.map(|decision| decision.by.profession).collect();
        people.len() >= self.confirm.people
            && professions.len() >= self.confirm.professions
            && self.confirm.must.iter().all(|profession| professions.contains(profession))
    }

    /// Whether it still waits.
    pub fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}
