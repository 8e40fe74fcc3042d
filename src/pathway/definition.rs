//! What a pathway file says, as types. Read only after the file passed its schema; whether it makes
//! sense is judged in `check`, what it does to a patient in `engine`.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::OnceLock;

use serde::Deserialize;
use serde::Deserializer;
use serde::Serialize;
use serde::Serializer;

use crate::expr::Expr;
use crate::expr::Facts;
use crate::expr::Tri;
use crate::expr::Verdict;
use crate::expr::Why;
use crate::kernel::lang::Words;
use crate::kernel::length::Length;
use crate::kernel::profession::Profession;
use jiff::Timestamp;

mod placed;

pub(super) use placed::Place;

/// A pathway file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Definition {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    #[serde(rename = "format")]
    _format: String,
    /// Its stable name.
    pub id: String,
    /// Its version, for people; the hash is what counts.
    pub version: String,
    /// Its name.
    pub title: Words,
    /// What it is for.
    pub summary: Option<Words>,
    /// Under which terms it may be used.
    pub licence: String,
    /// When its content was last reviewed.
    pub reviewed: String,
    /// By whom it is still to be reviewed.
    pub review: Option<Words>,
    /// The pathway it was made from.
    pub derived_from: Option<String>,
    /// Sources.
    #[serde(default)]
    pub evidence: Vec<Evidence>,
    /// The professions that take part.
    pub roles: Vec<Profession>,
    /// The facts that it looks at, by the short names used in conditions.
    #[serde(default)]
    pub facts: BTreeMap<String, FactUse>,
    /// Moments that tasks count from: the first of these facts that is known.
    #[serde(default)]
    pub anchors: BTreeMap<String, Vec<String>>,
    /// How a run begins.
    pub start: Start,
    /// The phases, in their ordinary order; a run begins in the first.
    pub phases: Vec<Phase>,
    /// Units of care: outcome, tasks, rules.
    #[serde(default)]
    pub units: Vec<Unit>,
    /// What is handed to the patient and the family, by tasks.
    #[serde(default)]
    pub leaflets: Vec<Leaflet>,
    /// Other pathways that silence parts of this one.
    #[serde(default)]
    pub conflicts: Vec<Conflict>,
    /// Departures that can happen, by code.
    #[serde(default)]
    pub variances: BTreeMap<String, VarianceKind>,
    /// Who is asked for what is missing.
    pub unknown: Option<Unknown>,
    /// What happens while the patient is in hospital.
    #[serde(default)]
    pub hospital: Hospital,
    /// Where each task stands: its unit's place and its own, found at the first question.
    #[serde(skip)]
    task_index: OnceLock<HashMap<String, (usize, usize)>>,
}

/// A source.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The name that tasks refer to.
    pub id: String,
    /// Title and place.
    pub cite: String,
    /// Address.
    pub url: Option<String>,
}

/// A fact as this pathway uses it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactUse {
    /// Its code in the registry of concepts.
    pub concept: String,
    /// For how long a value counts.
    pub fresh_for: Option<Length>,
    /// Only values that speak of a moment since the run began, or since the phase began.
    pub since: Option<Since>,
}

/// From when on values count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The day the run began.
    Start,
    /// The day the phase began.
    Phase,
}

/// How a run begins.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// What must be known before.
    pub when: Option<Condition>,
    /// Who may start it.
    #[serde(default)]
    pub by: Vec<Profession>,
    /// What starts it without a person.
    pub on: Option<StartOn>,
}

/// What starts a run without a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StartOn {
    /// The patient is admitted to a hospital.
    Admission,
}

/// A phase.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// What matters in it.
    pub text: Option<Words>,
    /// The ways out, the most important first.
    #[serde(default)]
    pub leave: Vec<Exit>,
    /// When it should be over.
    pub latest: Option<Latest>,
    /// The run ends here.
    #[serde(default)]
    pub end: bool,
    /// Only people lead into it, never a rule.
    #[serde(default)]
    pub people_only: bool,
    /// What happens in this phase while the patient is in hospital, where it differs from the pathway's own.
    pub hospital: Option<Hospital>,
}

/// A way out of a phase.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exit {
    /// The phase it leads to.
    pub to: String,
    /// What it means.
    pub title: Option<Words>,
    /// When this holds, people are asked.
    pub propose: Option<Condition>,
    /// Which of several proposals comes first: 1 before 2, and any number before none.
    pub priority: Option<u8>,
    /// When this holds, it is taken: for things that simply happened.
    pub when: Option<Condition>,
    /// Who may raise it without any condition.
    #[serde(default)]
    pub choose: Vec<Profession>,
    /// Who must agree.
    pub confirm: Option<Confirm>,
    /// By when they should have decided.
    pub within: Option<Length>,
    /// Who hears of it when they have not.
    #[serde(default)]
    pub escalate: Vec<Escalation>,
    /// The departure that taking it is.
    pub variance: Option<String>,
}

/// Who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Confirm {
    /// Professions that may.
    pub by: Vec<Profession>,
    /// How many people.
    #[serde(default = "one")]
    pub people: usize,
    /// Of how many different professions.
    #[serde(default = "one")]
    pub professions: usize,
    /// Professions that must be among them.
    #[serde(default)]
    pub must: Vec<Profession>,
}

/// When a phase should be over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Latest {
    /// The moment.
    pub at: At,
    /// The departure if it is not.
    pub variance: String,
}

/// A unit of care.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unit {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// The phases it belongs to; empty means all that do not end the run.
    #[serde(rename = "in", default)]
    pub phases: Vec<String>,
    /// What it is to reach.
    pub outcome: Option<Outcome>,
    /// What is done.
    #[serde(default)]
    pub tasks: Vec<Task>,
    /// What follows from what.
    #[serde(default)]
    pub rules: Vec<Rule>,
}

/// A state of the patient to be reached.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcome {
    /// In plain words.
    pub text: Words,
    /// When it is reached.
    pub met: Condition,
    /// How often it is judged, from the phase's beginning.
    pub judge_every: Length,
    /// The departure if it is not reached.
    pub variance: Option<String>,
}

/// A task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name.
    pub id: String,
    /// What to do.
    pub title: Words,
    /// How, or what to look at.
    pub text: Option<Words>,
    /// Whose it is.
    pub role: Profession,
    /// Who may do it instead.
    #[serde(default)]
    pub substitute: Vec<Profession>,
    /// The form that does it.
    pub form: Option<String>,
    /// The form's states that close it, where they differ from the form's own.
    #[serde(default)]
    pub closed_by: Vec<String>,
    /// The facts that it brings.
    #[serde(default)]
    pub brings: Vec<String>,
    /// When it comes up; a task without one is opened by a rule or by a person.
    pub schedule: Option<Schedule>,
    /// Who may open it by hand.
    #[serde(default)]
    pub by_hand: Vec<Profession>,
    /// The moment its clock counts from: an anchor.
    pub clock: Option<String>,
    /// It cannot wait: shown first and marked as an emergency.
    #[serde(default)]
    pub urgent: bool,
    /// The leaflet that is handed over with it.
    pub leaflet: Option<String>,
    /// Who hears of it, and when, counted from its due time.
    #[serde(default)]
    pub escalate: Vec<Escalation>,
    /// Who may skip it; empty means whoever may do it.
    pub skip: Option<Skip>,
    /// How many people sign it off.
    #[serde(default = "one")]
    pub sign_off: usize,
    /// Tasks of other pathways with the same key are done together.
    pub merge: Option<String>,
    /// The departure if it is not done in time.
    pub variance: Option<String>,
    /// Sources.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// Who may skip a task.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Skip {
    /// Professions.
    pub by: Vec<Profession>,
}

/// When a task comes up.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Schedule {
    /// The first due day or moment.
    #[serde(default)]
    pub from: From,
    /// What must hold besides.
    pub when: Option<Condition>,
    /// How often it comes again.
    pub every: Option<Every>,
    /// Or on which weekdays.
    #[serde(default)]
    pub weekdays: Vec<Weekday>,
    /// At which times of a day.
    #[serde(default)]
    pub slots: Vec<Slot>,
    /// How long before its due day it may be done.
    #[serde(default)]
    pub early: Length,
    /// How long after its due time it can still be done.
    pub late: Option<Length>,
    /// It comes up at most once in a run.
    #[serde(default)]
    pub once: bool,
    /// How long it stays: until the phase is left, or until it is done.
    #[serde(default)]
    pub until: Until,
}

/// The first due moment: one for all, or by conditions.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum From {
    /// One for all.
    Plain(At),
    /// The first whose condition holds.
    Choice(Vec<FromWhen>),
}

/// One of several first due moments.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FromWhen {
    /// When it applies.
    pub when: Condition,
    /// The moment.
    pub at: At,
}

/// How often a task comes again: in every phase alike, or by phase.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Every {
    /// In every phase alike.
    Plain(Length),
    /// By phase; in other phases it does not come up.
    Phases(BTreeMap<String, Length>),
}

/// How long a task stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Until {
    /// Until the phase is left for one that its unit does not belong to.
    #[default]
    Leave,
    /// Until it is done, or the run ends.
    Done,
}

/// A weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

/// A time of a day: a part of it, or an exact time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// First hour and minute.
    pub opens: (i8, i8),
    /// Last hour and minute; not after `opens` means on the next day.
    pub closes: (i8, i8),
}

/// Who hears of something, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Escalation {
    /// How long after the due time; before it when negative.
    pub after: Length,
    /// Who.
    pub to: Role,
    /// How.
    #[serde(default)]
    pub how: How,
}

/// How someone hears of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// A reminder.
    #[default]
    Remind,
    /// An ask that wants an answer.
    Ask,
}

/// Whom an escalation reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// Everyone of a profession in the team.
    Profession(Profession),
    /// The main doctor.
    Main,
    /// The deputy doctor.
    Deputy,
}

/// What follows from what.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// Its name.
    pub id: String,
    /// What it is for.
    pub title: Option<Words>,
    /// When it fires.
    pub when: Condition,
    /// Once for every new value of the facts it watches, not only on becoming true.
    #[serde(default)]
    pub each: bool,
    /// What it does.
    #[serde(rename = "do")]
    pub actions: Vec<Action>,
}

/// One thing that a rule does; exactly one of task, ask, draft and variance is given.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Action {
    /// Opens a task.
    pub task: Option<String>,
    /// Asks a profession.
    pub ask: Option<Profession>,
    /// Wants a form drafted.
    pub draft: Option<String>,
    /// Notes a departure.
    pub variance: Option<String>,
    /// By when, for tasks and asks.
    pub within: Option<Length>,
    /// What is asked.
    pub text: Option<Words>,
    /// The task whose closing answers the ask.
    pub about: Option<String>,
}

/// A text for the patient and the family, to be printed and talked over.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaflet {
    /// The name that tasks refer to.
    pub id: String,
    /// Its title.
    pub title: Words,
    /// What it says, part by part.
    pub parts: Vec<LeafletPart>,
    /// Sources.
    #[serde(default)]
    pub evidence: Vec<String>,
}

/// A part of a leaflet.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LeafletPart {
    /// Its heading.
    pub title: Option<Words>,
    /// Its points, one sentence or two each.
    pub points: Vec<Words>,
}

/// Another pathway that silences parts of this one.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conflict {
    /// Its id.
    pub with: String,
    /// In which of its phases.
    pub phases: Vec<String>,
    /// The tasks of ours that rest meanwhile.
    pub suspend: Vec<String>,
    /// Why.
    pub text: Option<Words>,
}

/// A departure that can happen.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VarianceKind {
    /// Its usual cause.
    pub cause: Cause,
    /// In words.
    pub text: Words,
    /// For the better, as when a patient recovers.
    #[serde(default)]
    pub positive: bool,
}

/// Where a departure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The patient.
    Patient,
    /// The family.
    Family,
    /// Staff.
    Staff,
    /// An office or hospital.
    Organisation,
    /// The region.
    Region,
}

/// Who is asked for what is missing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// The profession.
    pub ask: Profession,
    /// By when.
    pub within: Option<Length>,
}

/// What happens while the patient is in hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hospital {
    /// The run is suspended until discharge.
    #[default]
    Suspend,
    /// The run goes on.
    GoOn,
}

/// A moment: an anchor and an offset, as in `placement+P30D`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// `start`, `phase`, or a declared anchor.
    pub anchor: String,
    /// The offset.
    pub by: Length,
    /// The offset was written with a time part, so the moment is exact and not a whole day.
    pub exact: bool,
}

/// A condition of the file; typed once the whole file is known.
#[derive(Debug, Clone)]
pub struct Condition {
    /// As it was written.
    pub source: String,
    expr: OnceLock<Expr>,
}

impl Condition {
    /// What it says now. A condition that was never typed says nothing; files with one are refused.
    pub fn eval(&self, facts: &dyn Facts, now: Timestamp) -> Verdict {
        match self.expr.get() {
            Some(expr) => expr.eval(facts, now),
            None => Verdict { value: Tri::Unknown, missing: Vec::new(), flips_at: None },
        }
    }

    /// The same as a tree; none for a condition that was never typed.
    pub fn explain(&self, facts: &dyn Facts, now: Timestamp) -> Option<Why> {
        self.expr.get().map(|expr| expr.explain(facts, now))
    }

    /// The typed condition.
    pub fn expr(&self) -> Option<&Expr> {
        self.expr.get()
    }

    /// Keeps what it was typed as; the first time counts.
    pub(super) fn typed(&self, expr: Expr) {
        let _ = self.expr.set(expr);
    }
}

impl Definition {
    /// The phase of this name.
    pub fn phase(&self, id: &str) -> Option<&Phase> {
        self.phases.iter().find(|phase| phase.id == id)
    }

    /// Whether a run in this phase rests while the patient is in hospital.
    pub fn rests_in_hospital(&self, phase: &str) -> bool {
        let own = self.phase(phase).and_then(|phase| phase.hospital);
        own.unwrap_or(self.hospital) == Hospital::Suspend
    }

    /// The leaflet of this name.
    pub fn leaflet(&self, id: &str) -> Option<&Leaflet> {
        self.leaflets.iter().find(|leaflet| leaflet.id == id)
    }

    /// A task with its unit.
    pub fn task(&self, id: &str) -> Option<(&Unit, &Task)> {
        let (unit, task) = *self.task_index.get_or_init(|| self.index_tasks()).get(id)?;
        let unit = self.units.get(unit)?;
        Some((unit, unit.tasks.get(task)?))
    }

    fn index_tasks(&self) -> HashMap<String, (usize, usize)> {
        let mut index = HashMap::new();
        for (u, unit) in self.units.iter().enumerate() {
            for (t, task) in unit.tasks.iter().enumerate() {
                index.entry(task.id.clone()).or_insert((u, t));
            }
        }
        index
    }

    /// All tasks with their units.
    pub fn tasks(&self) -> impl Iterator<Item = (&Unit, &Task)> {
        self.units.iter().flat_map(|unit| unit.tasks.iter().map(move |task| (unit, task)))
    }

    /// The units that belong to a phase.
    pub fn units_in<'a>(&'a self, phase: &'a Phase) -> impl Iterator<Item = &'a Unit> {
        self.units.iter().filter(|unit| unit.is_in(phase))
    }

    /// The tasks that belong to a phase.
    pub fn tasks_in<'a>(&'a self, phase: &'a Phase) -> impl Iterator<Item = &'a Task> {
        self.units_in(phase).flat_map(|unit| &unit.tasks)
    }

    /// All rules with their units.
    pub fn rules(&self) -> impl Iterator<Item = (&Unit, &Rule)> {
        self.units.iter().flat_map(|unit| unit.rules.iter().map(move |rule| (unit, rule)))
    }
}

impl Schedule {
    /// The first due moments that hang on conditions.
    pub(super) fn choices(&self) -> &[FromWhen] {
        match &self.from {
            From::Plain(_) => &[],
            From::Choice(choices) => choices,
        }
    }

    /// Whether it comes more than once in a phase.
    pub fn recurs(&self) -> bool {
        self.every.is_some() || !self.weekdays.is_empty()
    }
}

impl Unit {
    /// Whether the unit belongs to a phase.
    pub fn is_in(&self, phase: &Phase) -> bool {
        if self.phases.is_empty() { !phase.end } else { self.phases.contains(&phase.id) }
    }
}

impl Exit {
    /// Its place among several proposals, the smallest first; whatever has no number comes after them.
    pub fn rank(&self) -> u8 {
        self.priority.unwrap_or(u8::MAX)
    }

    /// What it is called: its own title, or the phase it leads to.
    pub fn title(&self, definition: &Definition) -> Words {
        let phase = || definition.phase(&self.to).map(|phase| phase.title.clone());
        self.title.clone().or_else(phase).unwrap_or_else(|| Words::new(self.to.clone(), self.to.clone()))
    }
}

impl Every {
    /// The interval in a phase.
    pub fn in_phase(&self, phase: &str) -> Option<Length> {
        match self {
            Self::Plain(length) => Some(*length),
            Self::Phases(phases) => phases.get(phase).copied(),
        }
    }
}

impl Default for From {
    fn default() -> Self {
        Self::Plain(At { anchor: PHASE.to_owned(), by: Length::ZERO, exact: false })
    }
}

/// The anchor of the run's beginning.
pub const START: &str = "start";

/// The anchor of the phase's beginning.
pub const PHASE: &str = "phase";

fn one() -> usize {
    1
}

impl FromStr for At {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let (anchor, offset) = match text.find(['+', '-']) {
            Some(cut) => text.split_at(cut),
            None => (text, "+P0D"),
        };
        let named = anchor.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if anchor.is_empty() || !named {
            return Err(());
        }
        let by: Length = offset.strip_prefix('+').unwrap_or(offset).parse()?;
        Ok(Self { anchor: anchor.to_owned(), by, exact: offset.contains('T') })
    }
}

impl FromStr for Slot {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let slot = |opens, closes| Ok(Self { opens: (opens, 0), closes: (closes, 0) });
        match text {
            "am" => slot(6, 12),
            "pm" => slot(12, 18),
            "evening" => slot(18, 22),
            "night" => slot(22, 6),
            _ => {
                let (hour, minute) = text.split_once(':').ok_or(())?;
                let read = |part: &str, max: i8| {
                    part.parse::<i8>().ok().filter(|n| part.len() == 2 && (0..=max).contains(n)).ok_or(())
                };
                let at = (read(hour, 23)?, read(minute, 59)?);
                Ok(Self { opens: at, closes: at })
            }
        }
    }
}

impl FromStr for Role {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "main" => Ok(Self::Main),
            "deputy" => Ok(Self::Deputy),
            _ => text.parse().map(Self::Profession),
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Main => "main",
            Self::Deputy => "deputy",
            Self::Profession(profession) => profession.code(),
        })
    }
}

impl Serialize for Role {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Self { source: String::deserialize(from)?, expr: OnceLock::new() })
    }
}

macro_rules! from_text {
    ($($kind:ty),*) => {$(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                text.parse().map_err(|()| serde::de::Error::custom("cannot be read"))
            }
        }
    )*};
}

from_text!(At, Slot, Role);
