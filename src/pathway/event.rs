//! What the engine is told and what it answers. Inputs come from people, forms and time; events are
//! what the record keeps, and the patient's state is nothing but their fold.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use serde::Serialize;

use crate::expr::Tri;
use crate::expr::Value;
use crate::expr::Why;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Cause;
use crate::pathway::definition::How;
use crate::pathway::definition::Role;
use crate::pathway::state::Ask;
use crate::pathway::state::Proposal;
use crate::pathway::state::Reason;
use crate::pathway::state::Task;
use crate::pathway::state::Variance;

/// A person acting in a profession.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The profession they act in.
    pub profession: Profession,
}

/// Something the engine is told, by whom and when.
#[derive(Debug, Clone)]
pub struct Stamped {
    /// The moment.
    pub at: Timestamp,
    /// The person; none when time or the system speaks.
    pub by: Option<Actor>,
    /// What.
    pub input: Input,
}

/// What the engine can be told.
#[derive(Debug, Clone)]
pub enum Input {
    /// A person starts a pathway on this patient.
    Start {
        /// The run's id, made by the client.
        run: RunId,
        /// The definition's hash.
        pathway: String,
    },
    /// Facts became known.
    Facts(Vec<Stated>),
    /// An entry was withdrawn or replaced: what it stated no longer counts.
    Withdrawn(EntryId),
    /// A person acts on a task.
    Task(TaskId, TaskAct),
    /// A person opens a task by hand.
    Open {
        /// The run it belongs to.
        run: RunId,
        /// Its id, made by the client.
        task: TaskId,
        /// A task of the pathway, or something of the person's own.
        what: ByHand,
        /// By when.
        due: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// A person decides on a proposal.
    Decide {
        /// The proposal.
        proposal: ProposalId,
        /// How.
        choice: Choice,
        /// Why.
        reason: Option<String>,
        /// Who wrote it down, when the deciding person was on the phone.
        through: Option<Through>,
    },
    /// A person raises a way out of the phase.
    Raise {
        /// The run.
        run: RunId,
        /// The phase to go to.
        to: String,
        /// Why.
        reason: String,
        /// Who wrote it down.
        through: Option<Through>,
    },
    /// A person suspends a run.
    Suspend(RunId, String),
    /// A person resumes a run.
    Resume(RunId),
    /// A person stops a run for good.
    Stop(RunId, String),
    /// The region lets all runs of a version rest, whoever started them.
    Halt {
        /// The definition's hash.
        hash: String,
        /// Why.
        reason: String,
    },
    /// The region lets the runs of a version go on again, those by its definition's hash.
    Release(String),
    /// The patient was admitted to a hospital.
    Admitted {
        /// The entry that says so; it names the stay.
        stay: EntryId,
        /// The day; none means today.
        on: Option<Date>,
    },
    /// The patient was discharged.
    Discharged {
        /// The stay.
        stay: EntryId,
        /// The day; none means today.
        on: Option<Date>,
    },
    /// A form reached a state.
    Form {
        /// The form's code.
        form: String,
        /// The filled form.
        letter: LetterId,
        /// Its new state.
        state: String,
        /// The form says that whoever asked for it now has it.
        fulfils: bool,
        /// The task it was opened from, if any.
        task: Option<TaskId>,
        /// A task was done by it before, perhaps longer ago than the state remembers.
        spent: bool,
        /// What the form states, where this move is what states it. Counted after the task is closed,
        /// so that what was done is not mistaken for what has moved.
        facts: Vec<Stated>,
    },
    /// Someone left: what they had taken on goes to a colleague, or back to its profession.
    HandOver {
        /// Who left.
        from: PersonId,
        /// Who takes over.
        to: Option<Actor>,
    },
    /// An ask was answered.
    Answered(AskId),
    /// A person gives the reason of a departure.
    Explain {
        /// The departure.
        variance: VarianceId,
        /// Where it comes from.
        cause: Cause,
        /// In words.
        text: String,
    },
    /// Time passed.
    Time,
}

/// One fact that became known.
#[derive(Debug, Clone)]
pub struct Stated {
    /// Its concept.
    pub concept: String,
    /// Its value, as the concept reads it.
    pub value: serde_json::Value,
    /// The moment it speaks of; none means now.
    pub at: Option<Timestamp>,
    /// The entry it stands in.
    pub entry: Option<EntryId>,
}

/// What a person does with a task.
#[derive(Debug, Clone)]
pub enum TaskAct {
    /// Takes it on.
    Claim,
    /// Gives it back.
    Release,
    /// Did it.
    Done,
    /// Will not do it.
    Skip {
        /// Where that comes from.
        cause: Cause,
        /// Why.
        reason: String,
    },
}

/// A task opened by hand.
#[derive(Debug, Clone)]
pub enum ByHand {
    /// A task that the pathway offers.
    Listed(String),
    /// Something else.
    Own {
        /// What to do.
        title: Words,
        /// Whose it is.
        role: Profession,
    },
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Choice {
    /// Yes.
    Confirm,
    /// No.
    Decline,
}

/// Who wrote a decision down for somebody else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Through {
    /// The person who wrote it down.
    pub person: PersonId,
    /// How the decision reached them: `phone`, `fax`, `paper`.
    pub channel: String,
}

/// Something that happened. The record keeps these.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// When.
    pub at: Timestamp,
    /// Who did it; none when it followed by rule or time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum What {
    /// A fact became known.
    FactStated {
        /// Its concept.
        concept: String,
        /// Its value.
        value: Value,
        /// The moment it speaks of.
        of: Timestamp,
        /// The entry it stands in.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<EntryId>,
    },
    /// What an entry stated no longer counts.
    FactsWithdrawn {
        /// The entry.
        entry: EntryId,
    },
    /// A run began.
    RunStarted {
        /// The run.
        run: RunId,
        /// The pathway's id.
        pathway: String,
        /// The definition it keeps.
        hash: String,
        /// Its version, for people.
        version: String,
        /// Its name.
        title: Words,
        /// The stay that started it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stay: Option<EntryId>,
    },
    /// A run was suspended.
    RunSuspended {
        /// The run.
        run: RunId,
        /// The stay in hospital that suspended it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        stay: Option<EntryId>,
        /// A person's reason.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// A run goes on.
    RunResumed {
        /// The run.
        run: RunId,
    },
    /// The engine could not go on with a run: someone must look. The others went on without it.
    RunFaulted {
        /// The run.
        run: RunId,
    },
    /// The region lets the version of a run rest: nobody of the team can resume it.
    RunHalted {
        /// The run.
        run: RunId,
        /// Why.
        reason: String,
    },
    /// The region holds a run no longer.
    RunReleased {
        /// The run.
        run: RunId,
    },
    /// A run was stopped.
    RunStopped {
        /// The run.
        run: RunId,
        /// Why.
        reason: String,
    },
    /// A run came to its end.
    RunEnded {
        /// The run.
        run: RunId,
    },
    /// A phase began.
    PhaseEntered {
        /// The run.
        run: RunId,
        /// The phase.
        phase: String,
        /// Its name.
        title: Words,
        /// How often the run has changed its phase.
        visit: u32,
        /// Why.
        why: Reason,
    },
    /// A task came up.
    TaskOpened(Arc<Task>),
    /// Someone took a task on.
    TaskClaimed {
        /// The task.
        task: TaskId,
    },
    /// A task that someone had taken on was given to someone else.
    TaskGiven {
        /// The task.
        task: TaskId,
        /// Who has it now.
        to: PersonId,
    },
    /// Someone gave a task back.
    TaskReleased {
        /// The task.
        task: TaskId,
    },
    /// One of several people signed a task off.
    TaskSigned {
        /// The task.
        task: TaskId,
    },
    /// A task that was done together with another stands alone again, or together with a third.
    TaskFreed {
        /// The task.
        task: TaskId,
        /// The task that it is done together with from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<TaskId>,
    },
    /// A task is over.
    TaskClosed {
        /// The task.
        task: TaskId,
        /// How.
        how: Closing,
    },
    /// Someone is to hear of a task.
    Escalated {
        /// The task.
        task: TaskId,
        /// Which of its escalations.
        step: u32,
        /// Who.
        to: Role,
        /// How.
        how: How,
    },
    /// A way out of the phase is proposed.
    Proposed(Arc<Proposal>),
    /// Someone decided on a proposal.
    Decided {
        /// The proposal.
        proposal: ProposalId,
        /// How.
        choice: Choice,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Who wrote it down.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        through: Option<Through>,
        /// The values it was decided on.
        pins: BTreeMap<String, Value>,
    },
    /// A proposal is over.
    ProposalClosed {
        /// The proposal.
        proposal: ProposalId,
        /// How.
        how: ProposalEnd,
    },
    /// Someone is to hear that a proposal waits.
    ProposalLate {
        /// The proposal.
        proposal: ProposalId,
        /// Which of its escalations.
        step: u32,
        /// Who.
        to: Role,
    },
    /// A rule fired.
    RuleFired {
        /// The run.
        run: RunId,
        /// The rule.
        rule: String,
        /// How often it fired so far.
        count: u32,
        /// The newest of the facts it watches, when it fired.
        seen: u64,
        /// Why.
        why: Option<Why>,
    },
    /// A rule may fire again.
    RuleReset {
        /// The run.
        run: RunId,
        /// The rule.
        rule: String,
    },
    /// Someone is asked.
    Asked(Arc<Ask>),
    /// An ask was not answered in time.
    AskLate {
        /// The ask.
        ask: AskId,
    },
    /// An ask is over.
    AskClosed {
        /// The ask.
        ask: AskId,
        /// It was answered; otherwise it lost its point.
        answered: bool,
    },
    /// A form should be drafted.
    DraftWanted {
        /// The run.
        run: RunId,
        /// The id that the draft is to have.
        letter: LetterId,
        /// The form's code.
        form: String,
        /// The task it belongs to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        task: Option<TaskId>,
    },
    /// An outcome was judged.
    OutcomeJudged {
        /// The run.
        run: RunId,
        /// The unit.
        unit: String,
        /// Whether it is reached.
        met: Tri,
        /// Why.
        why: Option<Why>,
    },
    /// The pathway was departed from.
    VarianceFound(Arc<Variance>),
    /// Someone gave the reason of a departure.
    VarianceExplained {
        /// The departure.
        variance: VarianceId,
        /// Where it comes from.
        cause: Cause,
        /// In words.
        text: String,
    },
    /// A phase lasts longer than it should.
    PhaseProlonged {
        /// The run.
        run: RunId,
    },
    /// The patient was admitted.
    Admitted {
        /// The stay.
        stay: EntryId,
    },
    /// The patient was discharged.
    Discharged {
        /// The stay.
        stay: EntryId,
    },
    /// Time passed and nothing followed.
    TimePassed,
}

/// How a task ends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Closing {
    /// It was done.
    Done {
        /// The form that did it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        letter: Option<LetterId>,
        /// The task it was done together with.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with: Option<TaskId>,
    },
    /// Someone decided not to do it.
    Skipped {
        /// Where that comes from.
        cause: Cause,
        /// Why.
        reason: String,
    },
    /// Its time ran out.
    Expired,
    /// It lost its point.
    Cancelled {
        /// Why.
        why: Cancelled,
    },
}

/// Why a task lost its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cancelled {
    /// The phase was left.
    PhaseLeft,
    /// The run ended or was stopped.
    RunOver,
    /// The day it counts from has changed.
    Rescheduled,
    /// What it was planned for no longer holds.
    NoLonger,
    /// Another pathway silences it.
    Conflict,
    /// The run was suspended past its time.
    Suspended,
}

/// How a proposal ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProposalEnd {
    /// Enough people agreed.
    Accepted,
    /// Someone declined.
    Declined,
    /// It no longer holds.
    Withdrawn,
}

/// Why the engine will not do what it was told. Nothing changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// No such run, task, proposal, ask or variance here.
    Unknown,
    /// It is over already.
    Over,
    /// The person's profession may not do this.
    NotYours,
    /// A person must do this.
    NoOne,
    /// A reason must be given.
    NoReason,
    /// The form of this code does it.
    NeedsForm(String),
    /// The pathway is not in the library.
    NoPathway(String),
    /// The pathway already runs on this patient.
    Running,
    /// What must be known before the start is not: these facts are missing, or it does not hold.
    NotYet(Vec<String>),
    /// The region lets this version rest.
    Halted,
    /// This person has decided already.
    Decided,
    /// Someone else has taken the task on.
    Taken,
    /// A value does not fit its concept: its code, and what is expected.
    BadFact(String, Words),
    /// The patient is in hospital already, or not.
    Stay,
    /// So much time has passed that it must be caught up first: tell the time until it has.
    Behind,
    /// The engine could not go on with this run, by a fault of its author's or ours: someone must look.
    Faulty,
}
