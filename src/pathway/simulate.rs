//! A pathway played forward on a made-up patient, everyone doing their work in time: what each
//! profession would do on each day, before anybody lives by it. The engine is the real one; nobody
//! decides on proposals, and forms state no more than the day on which they are filled.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;
use uuid::Uuid;

use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::PatientState;
use crate::pathway::Refusal;
use crate::pathway::engine::step;
use crate::pathway::event::Actor;
use crate::pathway::event::Closing;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Stamped;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::event::What;
use crate::pathway::state::Task;

/// The longest time that is played forward, in days.
pub const DAYS_MAX: u16 = 730;
/// The most that can happen before a simulation is cut off: a pathway that fills a year with a task
/// every hour stays below it.
const STEPS_MAX: usize = 20_000;
/// The hour of the first day at which the pathway starts.
const HOUR: i8 = 9;

/// From when, for how long, and what is known on the first day.
#[derive(Debug, Clone)]
pub struct Setting {
    /// The first day.
    pub from: Date,
    /// How many days.
    pub days: u16,
    /// What is known: a concept's code and its value.
    pub facts: Vec<(String, serde_json::Value)>,
}

/// What happened, day by day; days on which nothing happened are left out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Course {
    /// The days.
    pub days: Vec<Day>,
    /// It was cut off: too much happened.
    pub cut_off: bool,
}

/// One day.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Day {
    /// The date.
    pub on: Date,
    /// What happened, in order.
    pub lines: Vec<Line>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// Whose it is; none for what concerns all.
    pub role: Option<Profession>,
    /// What it is.
    pub kind: Kind,
    /// In words.
    pub says: Words,
}

/// Kinds of happenings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The pathway entered a phase.
    Phase,
    /// A task was done.
    Task,
    /// Something is missing, and someone was asked.
    Ask,
    /// A change of phase was proposed; nobody decides here.
    Proposal,
    /// Something departed from the plan.
    Variance,
}

/// Plays a pathway forward. The refusal says why it could not start.
pub fn simulate(library: &Library, pathway: &Pathway, setting: &Setting) -> Result<Course, Refusal> {
    let begin = moment(setting.from, HOUR);
    let end = moment(setting.from.saturating_add(i32::from(setting.days.min(DAYS_MAX)).days()), 0);
    let mut play = Play { library, state: PatientState::default(), days: Vec::new() };
    let stated = |(concept, value): &(String, serde_json::Value)| Stated {
        concept: concept.clone(),
        value: value.clone(),
        at: None,
        entry: None,
    };
    let starter = pathway.definition.start.by.first().copied().map(actor);
    play.tell(begin, starter, Input::Facts(setting.facts.iter().map(stated).collect()))?;
    let run = RunId(Uuid::new_v5(&Uuid::NAMESPACE_OID, b"simulation"));
    play.tell(begin, starter, Input::Start { run, pathway: pathway.hash.clone() })?;
    for _ in 0..STEPS_MAX {
        let work = play.state.tasks.values().map(|task| (work_at(task, play.state.reached), task.clone()));
        let work = work.min_by_key(|(at, task)| (*at, task.id));
        let instant = play.state.next_instant(library);
        let next = work.as_ref().map(|(at, _)| *at).into_iter().chain(instant).min();
        let Some(next) = next.filter(|next| *next < end) else {
            return Ok(Course { days: play.days, cut_off: false });
        };
        match work.filter(|(at, _)| instant.is_none_or(|instant| *at < instant)) {
            Some((at, task)) => play.work(at, &task)?,
            None => play.tell(next, None, Input::Time)?,
        }
    }
    Ok(Course { days: play.days, cut_off: true })
}

fn moment(day: Date, hour: i8) -> Timestamp {
    time::moment(day.at(hour, 0, 0, 0))
}

/// A minute before it is due, so that nothing is late; at once when that has passed or there is no date.
fn work_at(task: &Task, reached: Timestamp) -> Timestamp {
    let minute = SignedDuration::from_mins(1);
    let before = task.due.and_then(|due| due.checked_sub(minute).ok());
    before.unwrap_or(task.opened).max(task.opened).max(reached)
}

fn actor(profession: Profession) -> Actor {
    Actor { person: PersonId(Uuid::new_v5(&Uuid::NAMESPACE_OID, profession.code().as_bytes())), profession }
}

struct Play<'a> {
    library: &'a Library,
    state: PatientState,
    days: Vec<Day>,
}

impl Play<'_> {
    /// A task is done: by its form where it has one, signed by as many people as it needs.
    fn work(&mut self, at: Timestamp, task: &Task) -> Result<(), Refusal> {
        if let Some(form) = &task.form {
            let input = Input::Form {
                form: form.clone(),
                letter: LetterId(Uuid::new_v5(&task.id.0, b"form")),
                state: task.closed_by.first().cloned().unwrap_or_default(),
                fulfils: true,
                task: Some(task.id),
                spent: false,
                facts: self.dated(task, at),
            };
            return self.tell(at, Some(actor(task.role)), input);
        }
        let mut person = actor(task.role);
        person.person = PersonId(Uuid::new_v5(&person.person.0, &task.signed.len().to_be_bytes()));
        self.tell(at, Some(person), Input::Task(task.id, TaskAct::Done))
    }

    /// The days that a task's form states are the day on which it is filled: an exchange was today. What
    /// is seen on a patient nobody can make up.
    fn dated(&self, task: &Task, at: Timestamp) -> Vec<Stated> {
        let day = serde_json::Value::from(Time::from(at).day().to_string());
        let run = self.state.runs.get(&task.run);
        let Some(pathway) = run.and_then(|run| self.library.get(&run.hash)) else { return Vec::new() };
        let code = task.code.as_deref().unwrap_or_default();
        let brings =
            pathway.definition.task(code).map(|(_, task)| task.brings.as_slice()).unwrap_or_default();
        brings
            .iter()
            .filter_map(|name| pathway.definition.facts.get(name))
            .filter(|fact| self.library.concepts.get(&fact.concept).is_some_and(|concept| concept.is_day()))
            .map(|fact| Stated { concept: fact.concept.clone(), value: day.clone(), at: None, entry: None })
            .collect()
    }

    fn tell(&mut self, at: Timestamp, by: Option<Actor>, input: Input) -> Result<(), Refusal> {
        for event in step(self.library, &self.state, &Stamped { at, by, input })? {
            if matches!(event.what, What::RunFaulted { .. }) {
                return Err(Refusal::Faulty);
            }
            self.note(&event);
            self.state.apply(&event);
        }
        Ok(())
    }

    fn note(&mut self, event: &Event) {
        let Some(line) = self.line(&event.what) else { return };
        let on = Time::from(event.at).day();
        match self.days.last_mut().filter(|day| day.on == on) {
            Some(day) => day.lines.push(line),
            None => self.days.push(Day { on, lines: vec![line] }),
        }
    }

    fn line(&self, what: &What) -> Option<Line> {
        Some(match what {
            What::PhaseEntered { title, .. } => Line { role: None, kind: Kind::Phase, says: title.clone() },
            What::TaskClosed { task, how: Closing::Done { with: None, .. } } => {
                let task = self.state.tasks.get(task)?;
                Line { role: Some(task.role), kind: Kind::Task, says: task.title.clone() }
            }
            What::Asked(ask) => Line { role: Some(ask.role), kind: Kind::Ask, says: ask.text.clone() },
            What::Proposed(proposal) => {
                let role = proposal.confirm.by.first().copied();
                Line { role, kind: Kind::Proposal, says: proposal.title.clone() }
            }
            What::VarianceFound(variance) => {
                Line { role: None, kind: Kind::Variance, says: variance.text.clone() }
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn peg(stopper: &str, days: u16) -> Course {
        let library = Library::shipped();
        let facts = [("peg.placed_on", json!("2026-04-01")), ("peg.stopper", json!(stopper))];
        let setting = Setting {
            from: jiff::civil::date(2026, 4, 20),
            days,
            facts: facts.map(|(concept, value)| (concept.to_owned(), value)).to_vec(),
        };
        simulate(library, library.current("peg").unwrap(), &setting).unwrap()
    }

    fn times(course: &Course, title: &str) -> usize {
        let lines = course.days.iter().flat_map(|day| &day.lines);
        lines.filter(|line| line.kind == Kind::Task && line.says.ja == title).count()
    }

    #[test]
    fn a_balloon_is_exchanged_more_often_in_a_year_than_a_bumper() {
        let (balloon, bumper) = (peg("balloon", 365), peg("bumper", 365));
        let exchanges = [&balloon, &bumper].map(|course| times(course, "カテーテルを交換する"));
        assert!(exchanges[0] > exchanges[1] && exchanges[1] > 0, "{exchanges:?}");
        assert!(times(&balloon, "バルーンの水を入れ替える") > 30, "every week or so");
        assert_eq!(times(&bumper, "バルーンの水を入れ替える"), 0);
        assert!(!balloon.cut_off && !bumper.cut_off);
    }

    #[test]
    fn the_same_setting_gives_the_same_course_and_a_shorter_one_is_its_beginning() {
        let (long, short) = (peg("balloon", 60), peg("balloon", 30));
        assert_eq!(long, peg("balloon", 60));
        assert_eq!(long.days[..short.days.len()], short.days[..]);
        let days: Vec<_> = long.days.iter().map(|day| day.on).collect();
        assert!(days.is_sorted() && days.last().unwrap() <= &jiff::civil::date(2026, 6, 19), "{days:?}");
    }

    #[test]
    fn what_cannot_start_says_what_is_lacking() {
        let library = Library::shipped();
        let setting = Setting { from: jiff::civil::date(2026, 4, 20), days: 10, facts: Vec::new() };
        let refused = simulate(library, library.current("peg").unwrap(), &setting);
        assert!(matches!(refused, Err(Refusal::NotYet(_))), "{refused:?}");
    }
}
