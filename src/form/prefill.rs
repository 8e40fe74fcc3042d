//! What goes into a form and what comes out: prefilling from what the record knows, dropping what
//! does not apply, sums, observations to write, and the differences between two versions.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::Value;

use crate::expr;
use crate::expr::Tri;
use crate::form::Form;
use crate::form::answers::Answer;
use crate::form::answers::Answers;
use crate::form::answers::Known;
use crate::form::answers::KnownValue;
use crate::form::answers::is_blank;
use crate::form::answers::is_unknown;
use crate::form::build;
use crate::form::civil;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::paths;
use crate::form::posted::clean;
use crate::form::read::number;
use crate::form::workflow::Move;
use crate::kernel::lang::Lang;
use crate::kernel::time;

/// Most rounds of dropping what does not apply: a condition may hang on a field that hangs on another.
const ROUNDS_MAX: usize = 10;

/// One answer that differs between two versions.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Change {
    /// The field's path.
    pub path: String,
    /// Its label.
    pub label: String,
    /// What stood there, as a reader sees it; empty for a blank.
    pub old: String,
    /// What stands there now.
    pub new: String,
}

impl Form {
    /// The answers that the record already knows, each with its source, waiting to be confirmed.
    pub fn prefill(&self, known: &Known) -> Answers {
        self.settled(&prefilled(self.fields.values(), known))
    }

    /// What the record already knows of what a move asks.
    pub fn prefill_told(&self, step: &Move, known: &Known) -> Answers {
        prefilled(self.workflow.asked_by(step), known)
    }

    /// The answers as they are kept: no blanks, nothing that does not apply, sums worked out anew.
    pub fn settled(&self, answers: &Answers) -> Answers {
        let mut kept = answers.clone();
        kept.0.retain(|path, answer| self.fields.contains_key(path) && !is_blank(&answer.value));
        for _ in 0..ROUNDS_MAX {
            self.add_up(&mut kept);
            let facts = self.facts(&kept);
            let before = kept.0.len();
            kept.0.retain(|path, _| self.fields.get(path).is_some_and(|field| applies_in(field, &facts)));
            if kept.0.len() == before {
                break;
            }
        }
        kept
    }

    /// Whether a field is asked, given settled answers.
    pub fn applies(&self, field: &Field, settled: &Answers) -> bool {
        applies_in(field, &self.facts(settled))
    }

    fn add_up(&self, answers: &mut Answers) {
        for field in self.fields.values() {
            if let Shape::Sum(of) = &field.shape {
                let parts: Option<Vec<f64>> = of.iter().map(|path| self.points(path, answers)).collect();
                match parts {
                    Some(parts) => answers.put(field.code.clone(), number(parts.iter().sum())),
                    None => answers.put(field.code.clone(), Value::Null),
                }
            }
        }
    }

    /// What an answer adds to a sum; none for a blank or 不明.
    fn points(&self, path: &str, answers: &Answers) -> Option<f64> {
        let (field, value) = (self.fields.get(path)?, answers.known(path)?);
        let choice = field.choices().iter().find(|choice| choice.value == *value);
        choice.map_or_else(|| value.as_f64(), |choice| choice.points)
    }

    /// The answers that become observations: concept and value. 不明 and blanks become nothing.
    pub fn writes(&self, answers: &Answers) -> Vec<(String, Value)> {
        let settled = self.settled(answers);
        let written = self.fields_in_order().filter_map(|field| {
            let concept = field.writes.clone()?;
            Some((concept, settled.known(&field.code)?.clone()))
        });
        written.collect()
    }

    /// The day on which the answers hold, where the form asks for it.
    pub fn effective_on(&self, answers: &Answers) -> Option<Date> {
        answers.day(self.effective.as_deref()?)
    }

    /// What differs between two versions, in the order of the paper.
    pub fn changes(&self, old: &Answers, new: &Answers, lang: Lang) -> Vec<Change> {
        let differing =
            self.fields_in_order().filter(|field| old.value(&field.code) != new.value(&field.code));
        let shown = |answers: &Answers, field: &Field| {
            answers.value(&field.code).map(|value| build::shown(field, value, lang)).unwrap_or_default()
        };
        differing
            .map(|field| Change {
                path: field.code.clone(),
                label: field.label.say(lang).to_owned(),
                old: shown(old, field),
                new: shown(new, field),
            })
            .collect()
    }
}

/// A fact of the engine as an answer holds it: a plain value, moments in the patient's civil time.
pub fn from_fact(value: &expr::Value) -> Value {
    match value {
        expr::Value::Bool(truth) => Value::Bool(*truth),
        expr::Value::Number(plain) => number(*plain),
        expr::Value::Text(text) => Value::from(text.as_str()),
        expr::Value::Set(codes) => Value::from(codes.clone()),
        expr::Value::Date(day) => Value::from(civil::day_text(*day)),
        expr::Value::Instant(moment) => Value::from(civil::moment_text(time::civil(*moment))),
        expr::Value::Duration(length) => Value::from(length.to_string()),
    }
}

pub(super) fn applies_in(field: &Field, facts: &BTreeMap<String, expr::Value>) -> bool {
    field.when.as_ref().is_none_or(|when| when.says(facts) == Tri::True)
}

fn prefilled<'a>(fields: impl Iterator<Item = &'a Field>, known: &Known) -> Answers {
    let mut answers = Answers::default();
    for field in fields {
        let Some(path) = &field.prefill else { continue };
        let Some(KnownValue { value, source }) = known.get(path) else { continue };
        if !is_blank(value) && fits(field, value) {
            let confirmed = paths::is_self_evident(path);
            let answer = Answer { value: as_typed(field, value), source: Some(source.clone()), confirmed };
            answers.0.insert(field.code.clone(), answer);
        }
    }
    answers
}

/// The value as it would be read from a page, so that sending it back unchanged changes nothing.
fn as_typed(field: &Field, value: &Value) -> Value {
    match (&field.shape, value) {
        (Shape::Text { .. }, Value::String(text)) => Value::from(clean(text)),
        (Shape::Number { .. }, Value::Number(plain)) => plain.as_f64().map_or_else(|| value.clone(), number),
        (Shape::Many { choices, .. }, Value::Array(items)) => {
            let chosen = choices.iter().filter(|choice| items.contains(&choice.value));
            Value::Array(chosen.map(|choice| choice.value.clone()).collect())
        }
        _ => value.clone(),
    }
}

/// Whether what the record knows may stand in this field as it is. Nothing is cut to fit.
fn fits(field: &Field, value: &Value) -> bool {
    if is_unknown(value) {
        return field.may_be_unknown;
    }
    match (&field.shape, value) {
        (Shape::Text { max }, Value::String(text)) => text.chars().count() <= *max,
        (Shape::Number { whole, min, max }, Value::Number(number)) => {
            let number = number.as_f64().unwrap_or(f64::NAN);
            number.is_finite()
                && (!whole || number.fract() == 0.0)
                && min.is_none_or(|min| number >= min)
                && max.is_none_or(|max| number <= max)
        }
        (Shape::Date, Value::String(text)) => {
            text.parse::<Date>().is_ok_and(|day| civil::day_text(day) == *text)
        }
        (Shape::Time, Value::String(text)) => civil::read_time(text).is_some(),
        (Shape::Moment, Value::String(text)) => civil::read_moment(text).is_some(),
        (Shape::Tick, Value::Bool(truth)) => *truth,
        (Shape::Choice(choices), value) => choices.iter().any(|choice| choice.value == *value),
        (Shape::Many { choices, .. }, Value::Array(items)) => {
            items.iter().all(|item| choices.iter().any(|choice| choice.value == *item))
        }
        _ => false,
    }
}
