//! A task: while it is open all that doing it needs, afterwards what it was and how it ended.

use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::event::Actor;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::state::Reason;

/// A task that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// This occurrence's id.
    pub id: TaskId,
    /// The run.
    pub run: RunId,
    /// The task in the pathway; none for something of a person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What to do.
    pub title: Words,
    /// Whose it is.
    pub role: Profession,
    /// Who may do it instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub substitute: Vec<Profession>,
    /// Who may skip it; empty means whoever may do it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skip: Vec<Profession>,
    /// The form that does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub form: Option<String>,
    /// The form's states that close it, where they differ from the form's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_by: Vec<String>,
    /// What tells this occurrence from others of the task.
    pub key: String,
    /// When it came up.
    pub opened: Timestamp,
    /// When it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When its time is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late: Option<Timestamp>,
    /// The moment its clock counts from: something happened then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock: Option<Timestamp>,
    /// The concept that says what happened then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clock_of: Option<String>,
    /// It cannot wait.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub urgent: bool,
    /// It outlives its phase.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
    /// Tasks with the same key are done together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merge: Option<String>,
    /// The task it is done together with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<TaskId>,
    /// How many people must sign it off.
    pub sign_off: usize,
    /// Who has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signed: Vec<PersonId>,
    /// Who took it on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub claimed_by: Option<PersonId>,
    /// How many of its escalations have happened.
    #[serde(default)]
    pub escalated: u32,
    /// That it was not done in time was noted as a departure.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub noted: bool,
    /// Why it came up.
    pub why: Reason,
}

/// A task that is over: what it was and how it ended. Everything else about it stays in the record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastTask {
    /// The occurrence's id.
    pub id: TaskId,
    /// The run.
    pub run: RunId,
    /// The task in the pathway; none for something of a person's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// What there was to do.
    pub title: Words,
    /// Whose it was.
    pub role: Profession,
    /// When it was due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// How it ended, and when and by whom.
    #[serde(flatten)]
    pub closed: Closed,
}

/// How a task ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// How.
    #[serde(flatten)]
    pub how: Closing,
    /// When.
    pub at: Timestamp,
    /// By whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<Actor>,
}

impl Task {
    /// Whether it should have been done by now.
    pub fn is_overdue(&self, now: Timestamp) -> bool {
        self.due.is_some_and(|due| due <= now)
    }

    /// Whether someone of this profession may do it.
    pub fn is_for(&self, profession: Profession) -> bool {
        self.role == profession || self.substitute.contains(&profession)
    }

    /// Its state as a code: `ready`, `claimed`, or `merged` while it is done together with another.
    pub fn state(&self) -> &'static str {
        match (self.with, self.claimed_by) {
            (Some(_), _) => "merged",
            (None, Some(_)) => "claimed",
            (None, None) => "ready",
        }
    }

    /// What stays of it when it ends.
    pub(in crate::pathway) fn ended(&self, closed: Closed) -> PastTask {
        let Self { id, run, code, title, role, due, .. } = self;
        let (code, title) = (code.clone(), title.clone());
        PastTask { id: *id, run: *run, code, title, role: *role, due: *due, closed }
    }
}

impl PastTask {
    /// Whether it ended because its day changed.
    pub fn is_moved(&self) -> bool {
        matches!(self.closed.how, Closing::Cancelled { why: Cancelled::Rescheduled })
    }

    /// The filled form that it was done by.
    pub fn form(&self) -> Option<LetterId> {
        match self.closed.how {
            Closing::Done { letter, .. } => letter,
            _ => None,
        }
    }
}

impl Closing {
    /// Its code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Done { .. } => "done",
            Self::Skipped { .. } => "skipped",
            Self::Expired => "expired",
            Self::Cancelled { .. } => "cancelled",
        }
    }
}
