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
use crate::kernel::time;
use crate::kernel::time::civil;
use crate::kernel::time::midnight;
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

/// From the beginning of a day to the end of a time on it, at most, in seconds: one that closes at night does
/// so on the next.
const TIME_MAX: i64 = 2 * 86_400;

/// How long before an exact time of day a task opens, when the file does not say.
const SLOT_EARLY: Length = Length::hours(1);

/// One time that a task comes up.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Window {
    /// When it may be done.
    pub from: Timestamp,
    /// When it is due.
    pub due: Timestamp,
    /// When it is over.
    pub late: Option<Timestamp>,
}

/// A task's next time, and what it was counted from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Occasion<'a> {
    /// The time itself.
    pub window: Window,
    /// The anchor's name.
    pub anchor: &'a str,
    /// The anchor's moment.
    pub anchored: Timestamp,
    /// The visit to the phase that a single time counted from it belongs to.
    visit: Option<u32>,
}

impl Occasion<'_> {
    /// What tells it from the task's other times.
    pub fn key(&self) -> String {
        let due = self.window.due;
        self.visit.map_or_else(|| due.to_string(), |visit| format!("{visit}/{due}"))
    }

    fn is(&self, came_up: &Occurrence) -> bool {
        came_up.due == self.window.due && came_up.key == self.key()
    }
}

/// Where a task stands with its next time.
#[derive(Debug, Clone, PartialEq)]
pub enum Next<'a> {
    /// It comes up then.
    At(Occasion<'a>),
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
pub fn occurrence<'a>(
    definition: &Definition,
    schedule: &'a Schedule,
    run: &Run,
    last: Option<&Occurrence>,
    facts: &RunFacts<'_>,
    now: Timestamp,
) -> Next<'a> {
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
    let visit = (!schedule.recurs() && at.anchor == PHASE).then_some(run.visit);
    let occasion = |window| Occasion { window, anchor: &at.anchor, anchored: stamp(anchored), visit };
    let found = if schedule.recurs() {
        recurring(schedule, &run.phase, first, last, floor).map(occasion)
    } else {
        Some(once(schedule, first)).filter(|window| !is_over(window, floor)).map(occasion)
    };
    let ahead = found.filter(|occasion| schedule.recurs() || !last.is_some_and(|last| occasion.is(last)));
    ahead.map_or(Next::Never, Next::At)
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

fn unmet(condition: &Condition, facts: &RunFacts<'_>, now: Timestamp) -> Option<Next<'static>> {
    let verdict = condition.eval(facts, now);
    match verdict.value {
        Tri::True => None,
        Tri::False => Some(Next::Never),
        Tri::Unknown => {
            Some(Next::Unknown(verdict.missing.into_iter().map(|missing| missing.name).collect()))
        }
    }
}

fn base<'a>(schedule: &'a Schedule, facts: &RunFacts<'_>, now: Timestamp) -> Result<&'a At, Next<'static>> {
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
        Moment::Exact(from) => Moment::Day(at.by.after_day(civil(from).date())),
        Moment::Day(day) => Moment::Day(at.by.after_day(day)),
    }
}

fn stamp(moment: Moment) -> Timestamp {
    match moment {
        Moment::Day(day) => midnight(day),
        Moment::Exact(at) => at,
    }
}

/// A single time.
fn once(schedule: &Schedule, first: Moment) -> Window {
    window(schedule, first, schedule.slots.first().copied())
}

/// Whether a time was over before the run could see it; then it does not come up.
fn is_over(window: &Window, floor: Timestamp) -> bool {
    window.late.is_some_and(|late| late <= floor)
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
    // What came up last is behind, whether it is over or not.
    let (target, slack) = match last.filter(|last| last.due >= floor) {
        Some(last) => (last.due, 0),
        None => (floor, schedule.late.unwrap_or_default().about_seconds().max(0)),
    };
    match &schedule.every {
        Some(every) => {
            let every = every.in_phase(phase)?;
            soonest(schedule, steps(every, first, target, slack), last, floor)
        }
        None => soonest(schedule, on_weekdays(schedule, first, target, slack), last, floor),
    }
}

/// The first of these times that did not come up and is not over.
fn soonest(
    schedule: &Schedule,
    moments: impl Iterator<Item = Moment>,
    last: Option<&Occurrence>,
    floor: Timestamp,
) -> Option<Window> {
    let times = moments.flat_map(|moment| slots(schedule, moment));
    let mut times = times.take(LOOK_AHEAD).peekable();
    while let Some((moment, slot)) = times.next() {
        let mut window = window(schedule, moment, slot);
        if window.late.is_none() {
            let following = times.peek().map(|(moment, slot)| self::window(schedule, *moment, *slot).from);
            window.late = following.map(|opens| opens.max(window.due));
        }
        let came_up = last.is_some_and(|last| window.due <= last.due);
        if !came_up && !is_over(&window, floor) {
            return Some(window);
        }
    }
    None
}

/// Moments at regular distances, from the last one whose time may be over before `target`, less `slack`.
fn steps(every: Length, first: Moment, target: Timestamp, slack: i64) -> impl Iterator<Item = Moment> {
    let exact = !every.is_whole_days();
    // An exact moment is its own end.
    let lasts = if exact { 0 } else { TIME_MAX };
    let gap = target.duration_since(stamp(first)).as_secs() - slack - lasts;
    let skip = i32::try_from((gap / every.longest_seconds().max(1)).max(0)).unwrap_or(i32::MAX);
    (skip..i32::MAX).map(move |count| {
        let step = every.times(count);
        match first {
            Moment::Day(day) if !exact => Moment::Day(step.after_day(day)),
            first => Moment::Exact(step.after(stamp(first))),
        }
    })
}

fn on_weekdays(
    schedule: &Schedule,
    first: Moment,
    target: Timestamp,
    slack: i64,
) -> impl Iterator<Item = Moment> {
    let first = match first {
        Moment::Day(day) => day,
        Moment::Exact(at) => civil(at).date(),
    };
    let back = i32::try_from(slack / 86_400 + 8).unwrap_or(i32::MAX);
    let start = Length::days(-back).after_day(civil(target).date()).max(first);
    let days = (0..i32::MAX).map(move |count| Length::days(count).after_day(start));
    let chosen = |day: &Date| schedule.weekdays.iter().any(|weekday| is_on(*weekday, *day));
    days.filter(chosen).map(Moment::Day)
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
fn slots(schedule: &Schedule, moment: Moment) -> impl Iterator<Item = (Moment, Option<Slot>)> {
    let slots = if matches!(moment, Moment::Day(_)) { schedule.slots.as_slice() } else { &[] };
    (0..slots.len().max(1)).map(move |nth| (moment, slots.get(nth).copied()))
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
    Window { from: schedule.early.back().after(opens), due, late: schedule.late.map(|late| late.after(due)) }
}

fn at_time(day: Date, (hour, minute): (i8, i8)) -> Timestamp {
    time::moment(day.at(hour, minute, 0, 0))
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use jiff::civil::date;
    use serde_json::json;

    use super::*;

    /// Whether the guess finds what counting from the very first time finds, wherever one looks from.
    fn guesses_well(every: &str, slots: &[&str], late: Option<&str>, first: Moment) {
        let told = json!({ "from": "phase", "every": every, "slots": slots, "late": late });
        let schedule: Schedule = serde_json::from_value(told).unwrap();
        let length: Length = every.parse().unwrap();
        let counted = |last: Option<&Occurrence>, floor: Timestamp| {
            soonest(&schedule, steps(length, first, stamp(first), 0), last, floor)
        };
        let reach = SignedDuration::from_secs(length.about_seconds().clamp(3_600, 40 * 86_400));
        let mut last: Option<Occurrence> = None;
        for place in 0..150 {
            let floor = stamp(first) - SignedDuration::from_hours(30) + reach * place / 3;
            for last in [None, last.as_ref()] {
                let found = recurring(&schedule, "home", first, last, floor);
                assert_eq!(found, counted(last, floor), "{every} {slots:?} {late:?} {last:?} from {floor}");
            }
            // Now and then one comes up, so that the last one lies before, at and behind the floor.
            let next = counted(last.as_ref(), floor).filter(|_| place % 4 != 0);
            last = next.map(|window| Occurrence { key: String::new(), due: window.due }).or(last);
        }
    }

    #[test]
    fn the_next_time_is_the_one_that_counting_from_the_first_would_find() {
        let exact = Moment::Exact("2026-01-31T05:30:00Z".parse().unwrap());
        for every in ["PT90M", "PT4H", "P1D", "P7D", "P10D", "P1M", "P3M", "P1Y"] {
            for late in [None, Some("PT12H"), Some("P4D")] {
                for slots in [&[][..], &["night"], &["am", "evening"]] {
                    guesses_well(every, slots, late, Moment::Day(date(2026, 1, 31)));
                }
                guesses_well(every, &[], late, exact);
            }
        }
    }
}
