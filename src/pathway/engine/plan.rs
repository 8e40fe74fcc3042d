//! The arithmetic of schedules: which time of a task comes next, when it opens, falls due and is
//! over. Days are civil days in Tokyo; only schedules that count hours are exact moments.

use jiff::Timestamp;
use jiff::civil::Date;

use super::facts::RunFacts;
use crate::expr::Facts;
use crate::expr::Tri;
use crate::expr::Value;
use crate::expr::Why;
use crate::kernel::length::Length;
use crate::kernel::time::Time;
use crate::kernel::time::ZONE;
use crate::pathway::definition::At;
use crate::pathway::definition::Condition;
use crate::pathway::definition::Definition;
use crate::pathway::definition::From;
use crate::pathway::definition::PHASE;
use crate::pathway::definition::START;
use crate::pathway::definition::Schedule;
use crate::pathway::definition::Slot;
use crate::pathway::definition::Weekday;
use crate::pathway::state::Occurrence;
use crate::pathway::state::Run;

/// Times looked through for the next one; the first guess is never further off.
const LOOK_AHEAD: usize = 512;

/// How long before an exact time of day a task opens, when the file does not say.
const SLOT_EARLY: Length = Length::hours(1);

/// One time that a task comes up.
#[derive(Debug, Clone, PartialEq)]
pub struct Window {
    /// What tells it from the task's other times.
    pub key: String,
    /// When it may be done.
    pub from: Timestamp,
    /// When it is due.
    pub due: Timestamp,
    /// When it is over.
    pub late: Option<Timestamp>,
    /// The anchor it was counted from, and its moment.
    pub anchor: (String, Timestamp),
}

/// Where a task stands with its next time.
#[derive(Debug, Clone, PartialEq)]
pub enum Next {
    /// It comes up then.
    At(Box<Window>),
    /// It does not come up.
    Never,
    /// It hangs on these facts.
    Unknown(Vec<String>),
}

/// A moment that schedules count from.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Moment {
    Day(Date),
    Exact(Timestamp),
}

/// The next time of a scheduled task in the run's present phase, after the one that came up last.
pub fn occurrence(
    definition: &Definition,
    schedule: &Schedule,
    run: &Run,
    last: Option<&Occurrence>,
    facts: &RunFacts<'_>,
    now: Timestamp,
) -> Next {
    if schedule.once && last.is_some() {
        return Next::Never;
    }
    if let Some(next) = schedule.when.as_ref().and_then(|when| unmet(when, facts, now)) {
        return next;
    }
    let at = match base(schedule, facts, now) {
        Ok(at) => at,
        Err(next) => return next,
    };
    let Some(anchored) = anchor(definition, &at.anchor, run, facts) else {
        return Next::Unknown(definition.anchors.get(&at.anchor).cloned().unwrap_or_default());
    };
    let first = moment(at, anchored);
    let floor = run.not_before.max(run.entered);
    let found = if schedule.recurs() {
        recurring(schedule, &run.phase, first, last, floor)
    } else {
        once(schedule, first, run, at, last, floor)
    };
    found.map_or(Next::Never, |mut window| {
        window.anchor = (at.anchor.clone(), stamp(anchored));
        Next::At(Box::new(window))
    })
}

/// Why a time came up: the conditions that were looked at.
pub fn explain(schedule: &Schedule, facts: &RunFacts<'_>, now: Timestamp) -> Option<Why> {
    let chosen = match &schedule.from {
        From::Plain(_) => None,
        From::Choice(choices) => {
            choices.iter().map(|choice| &choice.when).find(|when| when.eval(facts, now).value == Tri::True)
        }
    };
    schedule.when.as_ref().or(chosen).and_then(|condition| condition.explain(facts, now))
}

/// The moment that `at` stands for; none while its anchor is not known.
pub fn moment_of(definition: &Definition, at: &At, run: &Run, facts: &RunFacts<'_>) -> Option<Timestamp> {
    anchor(definition, &at.anchor, run, facts).map(|anchored| stamp(moment(at, anchored)))
}

/// The exact moment of an anchor.
pub fn anchor_moment(
    definition: &Definition,
    name: &str,
    run: &Run,
    facts: &RunFacts<'_>,
) -> Option<Timestamp> {
    anchor(definition, name, run, facts).map(stamp)
}

/// The concept of the fact that an anchor stands on now.
pub fn anchor_concept(definition: &Definition, name: &str, facts: &RunFacts<'_>) -> Option<String> {
    let known = definition.anchors.get(name)?.iter().find(|fact| facts.latest(fact).is_some())?;
    definition.facts.get(known).map(|usage| usage.concept.clone())
}

/// The beginning of a civil day.
pub fn midnight(day: Date) -> Timestamp {
    at_time(day, (0, 0))
}

fn unmet(condition: &Condition, facts: &RunFacts<'_>, now: Timestamp) -> Option<Next> {
    let verdict = condition.eval(facts, now);
    match verdict.value {
        Tri::True => None,
        Tri::False => Some(Next::Never),
        Tri::Unknown => {
            Some(Next::Unknown(verdict.missing.into_iter().map(|missing| missing.name).collect()))
        }
    }
}

fn base<'a>(schedule: &'a Schedule, facts: &RunFacts<'_>, now: Timestamp) -> Result<&'a At, Next> {
    match &schedule.from {
        From::Plain(at) => Ok(at),
        From::Choice(choices) => {
            for choice in choices {
                match unmet(&choice.when, facts, now) {
                    None => return Ok(&choice.at),
                    Some(Next::Never) => {}
                    Some(unknown) => return Err(unknown),
                }
            }
            Err(Next::Never)
        }
    }
}

/// An anchor's moment: the run's own, or the first of the declared facts that is known.
fn anchor(definition: &Definition, name: &str, run: &Run, facts: &RunFacts<'_>) -> Option<Moment> {
    match name {
        START => Some(Moment::Exact(run.started)),
        PHASE => Some(Moment::Exact(run.entered)),
        _ => definition.anchors.get(name)?.iter().find_map(|fact| match facts.latest(fact)?.value {
            Value::Date(day) => Some(Moment::Day(*day)),
            Value::Instant(at) => Some(Moment::Exact(*at)),
            _ => None,
        }),
    }
}

fn moment(at: &At, anchored: Moment) -> Moment {
    match anchored {
        Moment::Exact(from) if at.exact => Moment::Exact(at.by.after(from)),
        Moment::Day(day) if at.exact => Moment::Exact(at.by.after(midnight(day))),
        Moment::Exact(from) => Moment::Day(at.by.after_day(Time::from(from).day())),
        Moment::Day(day) => Moment::Day(at.by.after_day(day)),
    }
}

fn stamp(moment: Moment) -> Timestamp {
    match moment {
        Moment::Day(day) => midnight(day),
        Moment::Exact(at) => at,
    }
}

/// A single time. It counts as come up when its key did; it does not come up when it was over
/// before the run could see it.
fn once(
    schedule: &Schedule,
    first: Moment,
    run: &Run,
    at: &At,
    last: Option<&Occurrence>,
    floor: Timestamp,
) -> Option<Window> {
    let slot = schedule.slots.first().copied();
    let mut window = window(schedule, first, slot);
    if at.anchor == PHASE {
        window.key = format!("{}/{}", run.visit, window.key);
    }
    let came_up = last.is_some_and(|last| last.key == window.key);
    let missed = window.late.is_some_and(|late| late <= floor);
    (!came_up && !missed).then_some(window)
}

/// The first time after the last one that is not over before `floor`. Without a stated end, a time is
/// over when the next one opens.
fn recurring(
    schedule: &Schedule,
    phase: &str,
    first: Moment,
    last: Option<&Occurrence>,
    floor: Timestamp,
) -> Option<Window> {
    let every = match &schedule.every {
        Some(every) => Some(every.in_phase(phase)?),
        None => None,
    };
    let target = last.map_or(floor, |last| last.due.max(floor));
    let slack = schedule.late.unwrap_or_default().about_seconds().max(0);
    let mut times = times(schedule, every, first, target, slack).take(LOOK_AHEAD).peekable();
    while let Some((moment, slot)) = times.next() {
        let mut window = window(schedule, moment, slot);
        if window.late.is_none() {
            let following = times.peek().map(|(moment, slot)| self::window(schedule, *moment, *slot).from);
            window.late = following.map(|opens| opens.max(window.due));
        }
        let came_up = last.is_some_and(|last| window.due <= last.due);
        let missed = window.late.is_some_and(|late| late <= floor);
        if !came_up && !missed {
            return Some(window);
        }
    }
    None
}

/// All times from a little before `target` on.
fn times<'a>(
    schedule: &'a Schedule,
    every: Option<Length>,
    first: Moment,
    target: Timestamp,
    slack: i64,
) -> Box<dyn Iterator<Item = (Moment, Option<Slot>)> + 'a> {
    let Some(every) = every else { return on_weekdays(schedule, first, target, slack) };
    let gap = target.duration_since(stamp(first)).as_secs() - slack;
    // A month is at most 31 days, so the guess is never too late.
    let longest = (every.about_seconds() / 30 * 31).max(1);
    let skip = i32::try_from((gap / longest - 2).max(0)).unwrap_or(i32::MAX);
    let exact = !every.is_whole_days();
    Box::new((skip..i32::MAX).flat_map(move |count| {
        let step = every.times(count);
        let moment = match first {
            Moment::Day(day) if !exact => Moment::Day(step.after_day(day)),
            first => Moment::Exact(step.after(stamp(first))),
        };
        slots(schedule, moment)
    }))
}

fn on_weekdays<'a>(
    schedule: &'a Schedule,
    first: Moment,
    target: Timestamp,
    slack: i64,
) -> Box<dyn Iterator<Item = (Moment, Option<Slot>)> + 'a> {
    let first = match first {
        Moment::Day(day) => day,
        Moment::Exact(at) => Time::from(at).day(),
    };
    let back = i32::try_from(slack / 86_400 + 8).unwrap_or(i32::MAX);
    let start = Length::days(-back).after_day(Time::from(target).day()).max(first);
    let days = (0..i32::MAX).map(move |count| Length::days(count).after_day(start));
    let chosen = days.filter(|day| schedule.weekdays.iter().any(|weekday| is_on(*weekday, *day)));
    Box::new(chosen.flat_map(|day| slots(schedule, Moment::Day(day))))
}

fn is_on(weekday: Weekday, day: Date) -> bool {
    use jiff::civil::Weekday as Jiff;
    let named = match weekday {
        Weekday::Mon => Jiff::Monday,
        Weekday::Tue => Jiff::Tuesday,
        Weekday::Wed => Jiff::Wednesday,
        Weekday::Thu => Jiff::Thursday,
        Weekday::Fri => Jiff::Friday,
        Weekday::Sat => Jiff::Saturday,
        Weekday::Sun => Jiff::Sunday,
    };
    day.weekday() == named
}

/// The times within one day; an exact moment is its own.
fn slots(schedule: &Schedule, moment: Moment) -> Vec<(Moment, Option<Slot>)> {
    match moment {
        Moment::Day(_) if !schedule.slots.is_empty() => {
            schedule.slots.iter().map(|slot| (moment, Some(*slot))).collect()
        }
        _ => vec![(moment, None)],
    }
}

fn window(schedule: &Schedule, moment: Moment, slot: Option<Slot>) -> Window {
    let (opens, due) = match (moment, slot) {
        (Moment::Exact(at), _) => (at, at),
        (Moment::Day(day), None) => (midnight(day), midnight(Length::days(1).after_day(day))),
        (Moment::Day(day), Some(slot)) if slot.opens == slot.closes => {
            let due = at_time(day, slot.opens);
            (SLOT_EARLY.back().after(due), due)
        }
        (Moment::Day(day), Some(slot)) => {
            let last = if slot.closes > slot.opens { day } else { Length::days(1).after_day(day) };
            (at_time(day, slot.opens), at_time(last, slot.closes))
        }
    };
    Window {
        key: due.to_string(),
        from: schedule.early.back().after(opens),
        due,
        late: schedule.late.map(|late| late.after(due)),
        anchor: (String::new(), due),
    }
}

fn at_time(day: Date, (hour, minute): (i8, i8)) -> Timestamp {
    let moment = day.at(hour, minute, 0, 0).to_zoned(ZONE.clone());
    moment.map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}
