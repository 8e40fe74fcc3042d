//! What a condition says: three-valued, total, without allocation unless something is missing.
//! Beside the answer it finds the first moment at which time alone may change it.

use std::cmp::Ordering;

use jiff::Timestamp;
use jiff::civil::Date;

use super::BIRTH_DATE;
use super::Facts;
use super::Missing;
use super::Node;
use super::Op;
use super::Over;
use super::Seen;
use super::Tri;
use super::Unit;
use super::Value;
use super::Verdict;
use super::What;
use crate::kernel::length::Length;
use crate::kernel::time::Time;
use crate::kernel::time::age_on;
use crate::kernel::time::midnight;

pub(super) fn verdict(node: &Node, facts: &dyn Facts, now: Timestamp) -> Verdict {
    let mut eval = Eval::of(facts, now);
    let value = eval.truth(node);
    let mut missing = if value == Tri::Unknown { eval.missing } else { Vec::new() };
    missing.sort();
    missing.dedup();
    Verdict { value, missing, flips_at: eval.flips_at }
}

/// The value of a node that is no truth; `None` when it is not known.
pub(super) fn value(node: &Node, facts: &dyn Facts, now: Timestamp) -> Option<Value> {
    let mut eval = Eval::of(facts, now);
    eval.value(node).map(|got| match got {
        Got::Bool(truth) => Value::Bool(truth),
        Got::Number(number, _) => Value::Number(number),
        Got::Text(text) => Value::Text(text.to_owned()),
        Got::Set(codes) => Value::Set(codes.to_vec()),
        Got::Date(day) => Value::Date(day),
        Got::Instant(moment) => Value::Instant(moment),
        Got::Duration(length) => Value::Duration(length),
    })
}

struct Eval<'a> {
    facts: &'a dyn Facts,
    now: Timestamp,
    it: Option<&'a Value>,
    flips_at: Option<Timestamp>,
    missing: Vec<Missing>,
}

/// A value while it is worked with; borrowed where it can be.
#[derive(Clone, Copy)]
enum Got<'a> {
    Bool(bool),
    /// A number, and how it moves with time.
    Number(f64, Moves),
    Text(&'a str),
    Set(&'a [String]),
    Date(Date),
    Instant(Timestamp),
    Duration(Length),
}

/// How a number moves as time passes.
#[derive(Clone, Copy)]
enum Moves {
    Never,
    /// It is `offset` plus the units passed since the anchor.
    Up {
        clock: Ticks,
        offset: f64,
    },
    /// It moves in some other way, next at this moment.
    Somehow(Timestamp),
}

/// What counts up.
#[derive(Clone, Copy)]
enum Ticks {
    Days(Date),
    Hours(Timestamp),
    Years(Date),
}

impl Ticks {
    /// The moment at which the count reaches `count`.
    fn reaches(self, count: i32) -> Timestamp {
        match self {
            Self::Days(since) => midnight(Length::days(count).after_day(since)),
            Self::Hours(since) => {
                let hours = jiff::SignedDuration::from_secs(i64::from(count) * 3600);
                since.saturating_add(hours).unwrap_or(Timestamp::MAX)
            }
            Self::Years(birth) => {
                let years = jiff::Span::new().try_years(count).unwrap_or_default();
                let day = birth.saturating_add(years);
                // A leap-day child grows older on 1 March in other years, as `age_on` counts.
                let late = day.month() == birth.month() && day.day() != birth.day();
                midnight(if late { day.saturating_add(jiff::Span::new().days(1)) } else { day })
            }
        }
    }
}

impl<'a> Eval<'a> {
    fn of(facts: &'a dyn Facts, now: Timestamp) -> Self {
        Self { facts, now, it: None, flips_at: None, missing: Vec::new() }
    }

    fn truth(&mut self, node: &'a Node) -> Tri {
        match &node.what {
            What::Not(inner) => self.truth(inner).negated(),
            What::And(parts) => self.at_least(parts.len(), parts),
            What::Or(parts) => self.at_least(1, parts),
            What::AtLeast(count, parts) => self.at_least(*count, parts),
            What::Compare(op, left, right) => self.compare(*op, left, right),
            What::OneOf(of, codes) => match self.value(of) {
                Some(Got::Text(code)) => Tri::from(codes.iter().any(|known| known == code)),
                _ => Tri::Unknown,
            },
            What::Holds(code, set) => match self.value(set) {
                Some(Got::Set(codes)) => Tri::from(codes.contains(code)),
                _ => Tri::Unknown,
            },
            What::Present(name) => Tri::from(self.facts.latest(name).is_some()),
            What::Fresh(name, length) => Tri::from(self.fresh(name, *length)),
            What::Occurrences(over, name, length, Some(test)) if *over != Over::Count => {
                self.occurrences(*over, name, *length, test)
            }
            What::Done(task) => Tri::from(self.facts.done(task)),
            _ => match self.value(node) {
                Some(Got::Bool(truth)) => Tri::from(truth),
                _ => Tri::Unknown,
            },
        }
    }

    fn at_least(&mut self, count: usize, parts: &'a [Node]) -> Tri {
        Tri::at_least(count, parts.iter().map(|part| self.truth(part)))
    }

    fn value(&mut self, node: &'a Node) -> Option<Got<'a>> {
        match &node.what {
            What::Literal(value) => Some(got(value)),
            What::It => self.it.map(got),
            What::Fact(name) => self.fact(name).map(|seen| got(seen.value)),
            What::Add(left, right) | What::Subtract(left, right) => {
                let sign = if matches!(node.what, What::Add(..)) { 1 } else { -1 };
                let (left, right) = (self.value(left), self.value(right));
                add(left?, right?, sign, self.now)
            }
            What::Negate(inner) => match self.value(inner)? {
                Got::Number(number, moves) => {
                    Some(Got::Number(-number, jumbled(moves, Moves::Never, self.now)))
                }
                _ => None,
            },
            What::Since(unit, of) => self.since(*unit, of),
            What::Age => match self.fact(BIRTH_DATE)?.value {
                Value::Date(birth) => {
                    let age = f64::from(age_on(*birth, Time::from(self.now).day()));
                    Some(Got::Number(age, Moves::Up { clock: Ticks::Years(*birth), offset: 0.0 }))
                }
                _ => None,
            },
            What::Change(name, length) => self.change(name, *length),
            What::Occurrences(Over::Count, name, length, test) => {
                let count = self.count(name, *length, test.as_deref());
                count.map(|count| Got::Number(count, Moves::Never))
            }
            _ => match self.truth(node) {
                Tri::True => Some(Got::Bool(true)),
                Tri::False => Some(Got::Bool(false)),
                Tri::Unknown => None,
            },
        }
    }

    /// A fact's value unless it is missing or too old, which is noted.
    fn fact(&mut self, name: &str) -> Option<Seen<'a>> {
        let facts = self.facts;
        let seen = facts.latest(name);
        let stale_at = seen.and_then(|seen| seen.stale_at);
        if let Some(at) = stale_at {
            self.flips(at);
        }
        let stale = stale_at.is_some_and(|at| at <= self.now);
        if seen.is_none() || stale {
            self.missing.push(Missing { name: name.to_owned(), stale });
            return None;
        }
        seen
    }

    fn fresh(&mut self, name: &str, length: Option<Length>) -> bool {
        let Some(seen) = self.facts.latest(name) else { return false };
        let asked = length.and_then(|length| seen.origin.map(|origin| length.after(origin.at)));
        let ends = [asked, seen.stale_at].into_iter().flatten().min();
        if let Some(at) = ends {
            self.flips(at);
        }
        ends.is_none_or(|at| self.now < at)
    }

    fn since(&mut self, unit: Unit, of: &'a Node) -> Option<Got<'a>> {
        let anchor = self.value(of)?;
        let (count, clock) = match (unit, anchor) {
            (Unit::Days, Got::Date(day)) => (days_between(day, self.now), Ticks::Days(day)),
            (Unit::Days, Got::Instant(moment)) => {
                let day = Time::from(moment).day();
                (days_between(day, self.now), Ticks::Days(day))
            }
            (Unit::Hours, Got::Instant(moment)) => {
                let hours = self.now.duration_since(moment).as_secs().div_euclid(3600);
                (hours as f64, Ticks::Hours(moment))
            }
            _ => return None,
        };
        Some(Got::Number(count, Moves::Up { clock, offset: 0.0 }))
    }

    /// The latest value less the oldest one within the window; unknown with fewer than two.
    fn change(&mut self, name: &str, length: Length) -> Option<Got<'a>> {
        let window = self.window(name, length);
        let number = |seen: &Seen<'_>| match seen.value {
            Value::Number(number) => Some(*number),
            _ => None,
        };
        if window.len() < 2 {
            self.missing.push(Missing { name: name.to_owned(), stale: !window.is_empty() });
            return None;
        }
        let change = number(window.last()?)? - number(window.first()?)?;
        Some(Got::Number(change, Moves::Never))
    }

    /// The values within the window, oldest first; notes when the oldest leaves it.
    fn window(&mut self, name: &str, length: Length) -> Vec<Seen<'a>> {
        let facts = self.facts;
        let mut seen = facts.history(name);
        let inside = |seen: &Seen<'_>| {
            seen.origin.is_some_and(|origin| origin.at <= self.now && length.after(origin.at) > self.now)
        };
        let comes =
            seen.iter().filter_map(|seen| seen.origin).map(|origin| origin.at).find(|at| *at > self.now);
        seen.retain(inside);
        let leaves = seen.first().and_then(|seen| seen.origin).map(|origin| length.after(origin.at));
        for at in [comes, leaves].into_iter().flatten() {
            self.flips(at);
        }
        seen
    }

    /// `any` and `all` need at least one occurrence: nothing seen proves nothing.
    fn occurrences(&mut self, over: Over, name: &str, length: Length, test: &'a Node) -> Tri {
        let window = self.window(name, length);
        if window.is_empty() {
            self.missing.push(Missing { name: name.to_owned(), stale: self.facts.latest(name).is_some() });
            return Tri::Unknown;
        }
        let count = if over == Over::Any { 1 } else { window.len() };
        Tri::at_least(count, window.into_iter().map(|seen| self.with_it(seen.value, test)))
    }

    fn count(&mut self, name: &str, length: Length, test: Option<&'a Node>) -> Option<f64> {
        let window = self.window(name, length);
        let Some(test) = test else { return Some(window.len() as f64) };
        let mut count = 0.0;
        for seen in window {
            match self.with_it(seen.value, test) {
                Tri::True => count += 1.0,
                Tri::False => {}
                Tri::Unknown => return None,
            }
        }
        Some(count)
    }

    fn with_it(&mut self, value: &'a Value, test: &'a Node) -> Tri {
        let outer = self.it.replace(value);
        let answer = self.truth(test);
        self.it = outer;
        answer
    }

    fn compare(&mut self, op: Op, left: &'a Node, right: &'a Node) -> Tri {
        let (left, right) = (self.value(left), self.value(right));
        let (Some(left), Some(right)) = (left, right) else { return Tri::Unknown };
        let order = match (left, right) {
            (Got::Number(a, moves), Got::Number(b, still)) => {
                self.number_flips(op, (a, moves), (b, still));
                a.partial_cmp(&b)
            }
            (Got::Bool(a), Got::Bool(b)) => Some(a.cmp(&b)),
            (Got::Text(a), Got::Text(b)) => Some(a.cmp(b)),
            (Got::Date(a), Got::Date(b)) => Some(a.cmp(&b)),
            (Got::Instant(a), Got::Instant(b)) => Some(a.cmp(&b)),
            (Got::Duration(a), Got::Duration(b)) => Some(a.about_seconds().cmp(&b.about_seconds())),
            _ => None,
        };
        order.map_or(Tri::Unknown, |order| Tri::from(holds(op, order)))
    }

    /// Notes when a comparison of a number that counts up will next change its answer.
    fn number_flips(&mut self, op: Op, left: (f64, Moves), right: (f64, Moves)) {
        match (left, right) {
            ((_, Moves::Never), (_, Moves::Never)) => {}
            ((value, Moves::Up { clock, offset }), (limit, Moves::Never)) => {
                self.crossing(op, value, clock, limit - offset, limit);
            }
            ((limit, Moves::Never), (value, Moves::Up { clock, offset })) => {
                self.crossing(mirrored(op), value, clock, limit - offset, limit);
            }
            ((_, one), (_, other)) => {
                if let Moves::Somehow(at) = jumbled(one, other, self.now) {
                    self.flips(at);
                }
            }
        }
    }

    /// A count only rises, so each comparison changes at the first whole count on the far side.
    fn crossing(&mut self, op: Op, value: f64, clock: Ticks, count: f64, limit: f64) {
        let reaches =
            |count: f64| -> Option<i32> { (count.abs() < f64::from(i32::MAX)).then_some(count as i32) };
        let at = match op {
            Op::Ge | Op::Lt if value < limit => reaches(count.ceil()),
            Op::Gt | Op::Le if value <= limit => reaches(count.floor() + 1.0),
            Op::Eq | Op::Ne if value < limit && count.fract() == 0.0 => reaches(count),
            Op::Eq | Op::Ne if value == limit => reaches(count + 1.0),
            _ => None,
        };
        if let Some(count) = at {
            self.flips(clock.reaches(count));
        }
    }

    /// Notes a moment to come at which the answer may change.
    fn flips(&mut self, at: Timestamp) {
        if at > self.now {
            self.flips_at = Some(self.flips_at.map_or(at, |known| known.min(at)));
        }
    }
}

fn got(value: &Value) -> Got<'_> {
    match value {
        Value::Bool(truth) => Got::Bool(*truth),
        Value::Number(number) => Got::Number(*number, Moves::Never),
        Value::Text(text) => Got::Text(text),
        Value::Set(codes) => Got::Set(codes),
        Value::Date(day) => Got::Date(*day),
        Value::Instant(moment) => Got::Instant(*moment),
        Value::Duration(length) => Got::Duration(*length),
    }
}

pub(super) fn holds(op: Op, order: Ordering) -> bool {
    match op {
        Op::Eq => order.is_eq(),
        Op::Ne => order.is_ne(),
        Op::Lt => order.is_lt(),
        Op::Le => order.is_le(),
        Op::Gt => order.is_gt(),
        Op::Ge => order.is_ge(),
    }
}

pub(super) fn mirrored(op: Op) -> Op {
    match op {
        Op::Lt => Op::Gt,
        Op::Le => Op::Ge,
        Op::Gt => Op::Lt,
        Op::Ge => Op::Le,
        same => same,
    }
}

fn days_between(day: Date, now: Timestamp) -> f64 {
    let today = Time::from(now).day();
    f64::from(day.until(today).map_or(0, |span| span.get_days()))
}

fn add<'a>(left: Got<'a>, right: Got<'a>, sign: i32, now: Timestamp) -> Option<Got<'a>> {
    let signed = |length: Length| if sign < 0 { length.back() } else { length };
    match (left, right) {
        (Got::Number(a, one), Got::Number(b, other)) => {
            let b = b * f64::from(sign);
            let moves = match (one, other) {
                (Moves::Never, Moves::Never) => Moves::Never,
                (Moves::Up { clock, offset }, Moves::Never) => Moves::Up { clock, offset: offset + b },
                (Moves::Never, Moves::Up { clock, offset }) if sign > 0 => {
                    Moves::Up { clock, offset: offset + a }
                }
                (one, other) => jumbled(one, other, now),
            };
            Some(a + b).filter(|sum| sum.is_finite()).map(|sum| Got::Number(sum, moves))
        }
        (Got::Date(day), Got::Duration(length)) => Some(Got::Date(signed(length).after_day(day))),
        (Got::Duration(length), Got::Date(day)) => Some(Got::Date(length.after_day(day))),
        (Got::Instant(at), Got::Duration(length)) => Some(Got::Instant(signed(length).after(at))),
        (Got::Duration(length), Got::Instant(at)) => Some(Got::Instant(length.after(at))),
        (Got::Duration(a), Got::Duration(b)) => Some(Got::Duration(a.plus(signed(b)))),
        _ => None,
    }
}

/// Two movements together: we only know when either next ticks.
fn jumbled(one: Moves, other: Moves, now: Timestamp) -> Moves {
    let next = |moves| match moves {
        Moves::Never => None,
        Moves::Somehow(at) => Some(at),
        Moves::Up { clock: Ticks::Hours(since), .. } => {
            let passed = now.duration_since(since).as_secs().div_euclid(3600);
            i32::try_from(passed + 1).ok().map(|count| Ticks::Hours(since).reaches(count))
        }
        Moves::Up { .. } => Some(midnight(Length::days(1).after_day(Time::from(now).day()))),
    };
    let at = [next(one), next(other)].into_iter().flatten().min();
    at.map_or(Moves::Never, Moves::Somehow)
}
