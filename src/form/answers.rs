//! What people answered: values by field path, each with where it came from and whether a person
//! confirmed it. A blank is absent; 不明 is a value of its own. No rule of any form lives here.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::kernel::id::EntryId;
use crate::kernel::lang::Words;

/// The answers to one form, by field path. Repeating rows are one answer: an array of objects.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Answers(pub BTreeMap<String, Answer>);

/// One answer.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The value, or [`unknown()`].
    pub value: Value,
    /// Where it was copied from; none when a person typed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
    /// A person said that it is right.
    #[serde(default)]
    pub confirmed: bool,
}

/// Where a prefilled answer was copied from.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// What kind of thing it was copied from.
    pub kind: SourceKind,
    /// The entry of the record, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
    /// The day it was recorded.
    pub on: Date,
    /// What to call it: 訪問看護の観察, 退院・退所情報記録書.
    pub label: Words,
}

/// What kind of thing an answer was copied from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    /// The patient's own data.
    Patient,
    /// An observation or a device field.
    Observation,
    /// Another form.
    Form,
    /// The team around the patient, or the register of offices and people.
    Register,
}

/// What the record knows beforehand: by concept code or record path (`paths.rs`).
pub type Known = BTreeMap<String, KnownValue>;

/// One thing that the record knows.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownValue {
    /// The value, in the shape of its concept.
    pub value: Value,
    /// Where it stands.
    pub source: Source,
}

/// The answer 不明.
pub fn unknown() -> Value {
    json!({ "unknown": true })
}

/// Whether a value is the answer 不明.
pub fn is_unknown(value: &Value) -> bool {
    value
        .as_object()
        .is_some_and(|object| object.len() == 1 && object.get("unknown") == Some(&Value::Bool(true)))
}

/// Whether a value says nothing.
pub fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(Value::is_null),
        Value::Bool(_) | Value::Number(_) => false,
    }
}

impl Answer {
    /// An answer that a person typed: no source, and theirs.
    pub fn typed(value: impl Into<Value>) -> Self {
        Self { value: value.into(), source: None, confirmed: true }
    }
}

impl Answers {
    /// The value at a path; none for a blank.
    pub fn value(&self, path: &str) -> Option<&Value> {
        self.0.get(path).map(|answer| &answer.value).filter(|value| !is_blank(value))
    }

    /// The value at a path, unless it is blank or 不明.
    pub fn known(&self, path: &str) -> Option<&Value> {
        self.value(path).filter(|value| !is_unknown(value))
    }

    /// The text at a path.
    pub fn text(&self, path: &str) -> Option<&str> {
        self.known(path).and_then(Value::as_str)
    }

    /// The civil day at a path.
    pub fn day(&self, path: &str) -> Option<Date> {
        self.text(path).and_then(|text| text.get(..10)).and_then(|text| text.parse().ok())
    }

    /// Puts a typed answer; a blank removes.
    pub fn put(&mut self, path: impl Into<String>, value: impl Into<Value>) {
        let (path, value) = (path.into(), value.into());
        if is_blank(&value) {
            self.0.remove(&path);
        } else {
            self.0.insert(path, Answer::typed(value));
        }
    }

    /// Takes what `other` offers where this has nothing yet. What a person answered stays.
    pub fn fill_blanks(&mut self, other: Self) {
        for (path, answer) in other.0 {
            if self.value(&path).is_none() {
                self.0.insert(path, answer);
            }
        }
    }

    /// Confirms one prefilled answer.
    pub fn confirm(&mut self, path: &str) {
        if let Some(answer) = self.0.get_mut(path) {
            answer.confirmed = true;
        }
    }
}
