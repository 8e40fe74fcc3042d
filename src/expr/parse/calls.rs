//! The functions a condition may call. There are no others, and authors cannot add any.

use super::Parser;
use super::Read;
use super::Token;
use super::Typed;
use super::kind_name;
use super::nearest;
use crate::expr::BIRTH_DATE;
use crate::expr::Kind;
use crate::expr::Over;
use crate::expr::Unit;
use crate::expr::Value;
use crate::expr::What;
use crate::expr::checks;
use crate::kernel::lang::Words;
use crate::kernel::length::Length;
use crate::texts;

const NAMES: &str = "present, fresh, days_since, hours_since, age, change, at_least, any, all, count, done, \
                     date, timestamp, duration";

impl Parser<'_> {
    /// Reads the arguments of a call; its name and opening bracket were taken already.
    pub(super) fn call(&mut self, name: &str, start: usize) -> Read<Typed> {
        // One inside another would look at every value once for every value, and so on for each level.
        if self.it.is_some() && matches!(name, "any" | "all" | "count" | "change") {
            return Err(self.stuck_at(start, Words::of(|t| t.expr_windows_nest(name))));
        }
        let (what, kind) = match name {
            "present" => (What::Present(self.fact_name()?.0), Kind::Bool),
            "fresh" => self.fresh()?,
            "days_since" => self.since(Unit::Days)?,
            "hours_since" => self.since(Unit::Hours)?,
            "age" => self.age(start),
            "change" => self.change()?,
            "at_least" => self.at_least()?,
            "any" => self.occurrences(Over::Any)?,
            "all" => self.occurrences(Over::All)?,
            "count" => self.occurrences(Over::Count)?,
            "done" => self.done()?,
            "date" => (What::Literal(Value::Date(self.quoted("2026-11-22")?)), Kind::Date),
            "timestamp" => {
                let moment = self.quoted("2026-11-22T09:00:00+09:00")?;
                (What::Literal(Value::Instant(moment)), Kind::Instant)
            }
            "duration" => (What::Literal(Value::Duration(self.length()?)), Kind::Duration),
            _ => return Err(self.stuck_at(start, Words::of(|t| t.expr_unknown_call(name, NAMES)))),
        };
        self.need(")")?;
        self.node(start, what, Some(kind))
    }

    fn fresh(&mut self) -> Read<(What, Kind)> {
        let (name, _) = self.fact_name()?;
        let length = if self.take(",") { Some(self.positive_length()?) } else { None };
        Ok((What::Fresh(name, length), Kind::Bool))
    }

    fn since(&mut self, unit: Unit) -> Read<(What, Kind)> {
        let of = self.deeper(Self::sum)?;
        match (&of.kind, unit) {
            (Some(Kind::Date | Kind::Instant), Unit::Days)
            | (Some(Kind::Instant), Unit::Hours)
            | (None, _) => {}
            (Some(kind), Unit::Days) => {
                self.mismatch(of.node.start, &kind_name(kind), |t| t.expr_kind_date().to_owned());
            }
            (Some(kind), Unit::Hours) => {
                self.mismatch(of.node.start, &kind_name(kind), |t| t.expr_kind_instant().to_owned());
            }
        }
        Ok((What::Since(unit, Box::new(of.node)), measured(if unit == Unit::Days { "d" } else { "h" })))
    }

    fn age(&mut self, start: usize) -> (What, Kind) {
        if let Some(kind) = self.fact(BIRTH_DATE, start).filter(|kind| *kind != Kind::Date) {
            self.mismatch(start, &kind_name(&kind), |t| t.expr_kind_date().to_owned());
        }
        (What::Age, measured("a"))
    }

    fn change(&mut self) -> Read<(What, Kind)> {
        let at = self.start();
        let (name, kind) = self.fact_name()?;
        if let Some(kind) = kind.as_ref().filter(|kind| !matches!(kind, Kind::Number { .. })) {
            self.mismatch(at, &kind_name(kind), |t| t.expr_kind_number().to_owned());
        }
        self.need(",")?;
        let length = self.positive_length()?;
        Ok((What::Change(name, length), kind.unwrap_or(Kind::Number { unit: None })))
    }

    /// `at_least(2, [a, b, c])`
    fn at_least(&mut self) -> Read<(What, Kind)> {
        let at = self.start();
        let count = match self.peek() {
            Token::Number(number) if number.fract() == 0.0 && (1.0..=99.0).contains(number) => {
                *number as usize
            }
            _ => return Err(self.stuck_here(Words::of(|t| t.expr_count_needed()))),
        };
        self.next();
        self.need(",")?;
        self.need("[")?;
        let mut parts = Vec::new();
        loop {
            let part = self.deeper(Self::either)?;
            self.expect_kind(&part, &Kind::Bool);
            parts.push(part.node);
            if !self.take(",") {
                break;
            }
        }
        self.need("]")?;
        if count > parts.len() {
            self.note(at, &checks::CONDITION, Words::of(|t| t.expr_count_too_high(parts.len())));
        }
        Ok((What::AtLeast(count, parts), Kind::Bool))
    }

    /// `any(x, 'P2D', it >= 4)`, `count(x, 'P14D')`
    fn occurrences(&mut self, over: Over) -> Read<(What, Kind)> {
        let (name, kind) = self.fact_name()?;
        self.need(",")?;
        let length = self.positive_length()?;
        let test = if over != Over::Count || self.peek() == &Token::Sign(",") {
            self.need(",")?;
            // A fact that is not declared was noted already; any kind serves to read on.
            self.it = Some(kind.unwrap_or(Kind::Bool));
            let test = self.deeper(Self::either)?;
            self.it = None;
            self.expect_kind(&test, &Kind::Bool);
            Some(Box::new(test.node))
        } else {
            None
        };
        let kind = if over == Over::Count { Kind::Number { unit: None } } else { Kind::Bool };
        Ok((What::Occurrences(over, name, length, test), kind))
    }

    fn done(&mut self) -> Read<(What, Kind)> {
        let at = self.start();
        let Token::Quoted(task) = self.peek().clone() else {
            return Err(self.stuck_here(Words::of(|t| t.expr_task_needed())));
        };
        self.next();
        if !self.decls.tasks.contains(&task) {
            let says = match nearest(&task, self.decls.tasks.iter()) {
                Some(near) => Words::of(|t| t.expr_unknown_task_near(&task, near)),
                None => Words::of(|t| t.expr_unknown_task(&task)),
            };
            self.note(at, &checks::UNKNOWN_TASK, says);
        }
        Ok((What::Done(task), Kind::Bool))
    }

    fn fact_name(&mut self) -> Read<(String, Option<Kind>)> {
        let start = self.start();
        let Token::Name(name) = self.peek().clone() else {
            return Err(self.stuck_here(Words::of(|t| t.expr_fact_needed())));
        };
        self.next();
        let kind = self.fact(&name, start);
        Ok((name, kind))
    }

    fn positive_length(&mut self) -> Read<Length> {
        let start = self.start();
        let length = self.length()?;
        if !length.is_positive() {
            self.note(start, &checks::CONDITION, Words::of(|t| t.expr_length_positive()));
        }
        Ok(length)
    }

    fn length(&mut self) -> Read<Length> {
        self.quoted("P14D")
    }

    fn quoted<T: std::str::FromStr>(&mut self, example: &str) -> Read<T> {
        let read = match self.peek() {
            Token::Quoted(text) => text.parse().ok(),
            _ => None,
        };
        match read {
            Some(value) => {
                self.next();
                Ok(value)
            }
            None => Err(self.stuck_here(Words::of(|t| t.expr_quoted_needed(example)))),
        }
    }
}

/// The kind of a number that a function measures, in the units' own codes (UCUM).
fn measured(unit: &str) -> Kind {
    Kind::Number { unit: Some(unit.to_owned()) }
}

texts! {
    expr_windows_nest(name: &str) {
        ja: "「{name}」を any・all・count の中に書くことはできません。別の条件に分けて && か || でつないでください。",
        en: "\"{name}\" cannot stand inside any, all or count. Write two conditions and join them with && or ||."
    }
    expr_unknown_call(name: &str, known: &str) {
        ja: "「{name}」という関数はありません。使えるのは: {known}",
        en: "There is no function \"{name}\". There are: {known}"
    }
    expr_count_needed {
        ja: "ここには 1 以上の整数が必要です。例: at_least(2, [a, b, c])",
        en: "A whole number from 1 is needed here, as in at_least(2, [a, b, c])."
    }
    expr_count_too_high(parts: usize) {
        ja: "並んでいるのは {parts} 個なので、これは決して成り立ちません。",
        en: "Only {parts} are listed, so this can never hold."
    }
    expr_task_needed {
        ja: "ここにはタスクの id を '…' で書いてください。",
        en: "Write the id of a task in quotes here."
    }
    expr_unknown_task(task: &str) {
        ja: "「{task}」というタスクはありません。",
        en: "There is no task called \"{task}\"."
    }
    expr_unknown_task_near(task: &str, near: &str) {
        ja: "「{task}」というタスクはありません。「{near}」のことですか。",
        en: "There is no task called \"{task}\". Did you mean \"{near}\"?"
    }
    expr_fact_needed { ja: "ここには事実の名前が必要です。", en: "The name of a fact is needed here." }
    expr_length_positive { ja: "0 より長い期間にしてください。", en: "The length must be more than nothing." }
    expr_quoted_needed(example: &str) {
        ja: "ここには '{example}' のように書いてください。",
        en: "Write something like '{example}' here."
    }
}
