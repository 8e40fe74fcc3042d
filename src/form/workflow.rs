//! What may happen to a form: its states, the moves between them, who may make them, what each
//! waiting state waits for and until when. All of it is data of the form file. Moving is an act;
//! acts live elsewhere and ask here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::condition::Condition;
use crate::form::field::Field;
use crate::kernel::calendar::Calendar;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time;

/// The move target that leads back to the state before a pause.
pub const BACK: &str = "back";

/// The states and moves of a form.
#[derive(Debug, Clone)]
pub struct Workflow {
    /// Where a new form starts.
    pub start: String,
    /// All states, in the order of the ordinary course.
    pub states: Vec<State>,
    /// All moves.
    pub moves: Vec<Move>,
    /// What moves may ask, by field path.
    pub asks: BTreeMap<String, Field>,
}

/// One state of a form.
#[derive(Debug, Clone)]
pub struct State {
    /// Its code.
    pub code: String,
    /// Its name.
    pub label: Words,
    /// Whose turn it is.
    pub waits_for: Option<Side>,
    /// Until when; the first whose condition holds counts.
    pub deadlines: Vec<Deadline>,
    /// The answers may still be changed.
    pub editable: bool,
    /// Nothing follows.
    pub finished: bool,
    /// Whoever asked for this form has what was asked for: the task that asked is done.
    pub fulfils: bool,
    /// The clock stands still here, and a move leads back.
    pub paused: bool,
}

/// One move between states.
#[derive(Debug, Clone)]
pub struct Move {
    /// Its code.
    pub code: String,
    /// The words on the button.
    pub label: Words,
    /// What the thread says once it happened.
    pub done: Words,
    /// The states it starts from.
    pub from: Vec<String>,
    /// The state it leads to, or [`BACK`].
    pub to: String,
    /// Which side may make it.
    pub side: Side,
    /// Which professions may make it; empty means any on that side.
    pub professions: Vec<Profession>,
    /// What it must be told, by path in [`Workflow::asks`].
    pub needs: Vec<String>,
    /// What it may be told.
    pub may: Vec<String>,
    /// By which ways the other side may report that it happened.
    pub proxy: Vec<Proxy>,
    /// Needs answers that may be signed, and fixes them.
    pub signs: bool,
    /// Hands the form to the receiver; the moment is evidence for tariffs.
    pub sends: bool,
    /// Whoever of the receiver makes it joins the patient's team.
    pub joins: bool,
    /// Needs a signed form of this code (a report) with it.
    pub with_form: Option<String>,
}

/// A side of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// Who wrote it.
    Sender,
    /// Whom it goes to.
    Receiver,
    /// Both.
    Either,
}

impl Side {
    /// The code used in files and projections.
    pub fn code(self) -> &'static str {
        match self {
            Self::Sender => "sender",
            Self::Receiver => "receiver",
            Self::Either => "either",
        }
    }

    /// Whether someone standing on `side` is meant.
    pub fn meets(self, side: Self) -> bool {
        self == side || self == Self::Either || side == Self::Either
    }
}

/// How a move that happened elsewhere became known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proxy {
    /// By telephone.
    Phone,
    /// By FAX.
    Fax,
    /// On paper, handed over or by post.
    Paper,
}

impl Proxy {
    /// All ways.
    pub const ALL: [Self; 3] = [Self::Phone, Self::Fax, Self::Paper];

    /// The code used in files and pages.
    pub fn code(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Fax => "fax",
            Self::Paper => "paper",
        }
    }

    /// Its name.
    pub fn name(self) -> Words {
        match self {
            Self::Phone => Words::new("電話", "Phone"),
            Self::Fax => Words::new("FAX", "FAX"),
            Self::Paper => Words::new("紙・手渡し", "Paper"),
        }
    }
}

/// Until when a state may last.
#[derive(Debug, Clone)]
pub struct Deadline {
    /// Only when this holds for the form's answers.
    pub when: Option<Condition>,
    /// How long.
    pub within: Within,
    /// Counted from the day that this answer of a move names, instead of the state's beginning.
    pub after: Option<String>,
}

/// A length of time as calendars in offices count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// By the clock.
    Hours(u16),
    /// Until the end of the so-manyth day after; 0 is the same day.
    Days(u16),
    /// Until the end of the so-manyth working day after.
    WorkingDays(u16),
}

impl Within {
    /// When it ends.
    pub fn end(self, from: Timestamp, calendar: &Calendar) -> Timestamp {
        let day = time::civil(from).date();
        match self {
            Self::Hours(hours) => {
                from.checked_add(jiff::SignedDuration::from_hours(hours.into())).unwrap_or(Timestamp::MAX)
            }
            Self::Days(days) => time::last_second(plus_days(day, days)),
            Self::WorkingDays(days) => time::last_second(calendar.working_days_after(day, days)),
        }
    }
}

fn plus_days(day: Date, days: u16) -> Date {
    day.checked_add(jiff::Span::new().days(i64::from(days))).unwrap_or(Date::MAX)
}

impl Workflow {
    /// The state of this code.
    pub fn state(&self, code: &str) -> Option<&State> {
        self.states.iter().find(|state| state.code == code)
    }

    /// Whether a signed form may be corrected by a new version while it stands in this state: as long
    /// as it is under way, and for ever when it is only kept and never goes to anyone.
    pub fn may_be_corrected(&self, state: &str) -> bool {
        let kept = !self.moves.iter().any(|step| step.sends);
        self.state(state).is_some_and(|state| !state.finished || (kept && state.fulfils))
    }

    /// The moves that start from a state, in the order of the file.
    pub fn moves_from<'a>(&'a self, state: &'a str) -> impl Iterator<Item = &'a Move> {
        self.moves.iter().filter(move |step| step.from.iter().any(|from| from == state))
    }

    /// The move of this code, if it starts from that state.
    pub fn find(&self, code: &str, from: &str) -> Option<&Move> {
        self.moves.iter().find(|step| step.code == code && step.from.iter().any(|state| state == from))
    }

    /// The fields that a move asks, needed ones first.
    pub fn asked_by<'a>(&'a self, step: &'a Move) -> impl Iterator<Item = &'a Field> {
        step.needs.iter().chain(&step.may).filter_map(|path| self.asks.get(path))
    }
}

impl Move {
    /// Whether someone of this side and profession may make it themselves.
    pub fn may_be_made_by(&self, side: Side, profession: Profession) -> bool {
        self.side.meets(side) && (self.professions.is_empty() || self.professions.contains(&profession))
    }

    /// Whether anyone who takes part may report that it happened, having heard of it this way.
    pub fn may_be_reported(&self, way: Proxy) -> bool {
        self.proxy.contains(&way)
    }

    /// Whether it only says again what an earlier state was told: it leads back to the state in which
    /// the form stands, and comes from others too. A move that always stays in its state is no repeat.
    pub fn repeats_in(&self, state: &str) -> bool {
        self.to == state && self.from.len() > 1
    }

    /// The state it leads to, given the state before a pause.
    pub fn target<'a>(&'a self, before_pause: &'a str) -> &'a str {
        if self.to == BACK { before_pause } else { &self.to }
    }
}

impl Form {
    /// Until when a state may last: entered at a moment, with the form's answers and what the moves
    /// were told so far. None where nothing is awaited, or the day it counts from is not known yet.
    pub fn due(
        &self,
        state: &str,
        entered: Timestamp,
        answers: &Answers,
        told: &Answers,
        calendar: &Calendar,
    ) -> Option<Timestamp> {
        let state = self.workflow.state(state)?;
        let deadline = state
            .deadlines
            .iter()
            .find(|deadline| deadline.when.as_ref().is_none_or(|when| self.holds(when, answers)))?;
        let from = match &deadline.after {
            None => entered,
            Some(path) => time::midnight(told.day(path)?),
        };
        Some(deadline.within.end(from, calendar))
    }
}
