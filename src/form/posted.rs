//! Reads what a page or a program sent into answers. Whatever a person typed is kept, even when it is
//! wrong, beside the sentence that says so; what is no field of the form is not kept, and is said too.

use std::collections::BTreeMap;

use serde_json::Map;
use serde_json::Value;

use crate::form::Form;
use crate::form::answers::Answer;
use crate::form::answers::Answers;
use crate::form::answers::is_blank;
use crate::form::answers::unknown;
use crate::form::civil;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::judge::wrong_kind;
use crate::form::paths::is_self_evident;
use crate::form::workflow::Move;
use crate::kernel::error::Flaw;
use crate::kernel::lang::Words;
use crate::texts;

/// What the names of a form's own controls begin with.
pub const PREFIX: &str = "f.";

/// The posted value that means 不明 in a choice.
pub const UNKNOWN: &str = "unknown";

/// Most pairs read from one page.
const PAIRS_MAX: usize = 4_000;

/// The longest text kept of one control, in bytes, right or wrong.
const KEPT_MAX: usize = 40_000;

/// The values of each control, by its name without the prefix.
type Posted<'a> = BTreeMap<&'a str, Vec<&'a str>>;

impl Form {
    /// Reads the controls of a page. `before` is what stood there when the page was made: its sources
    /// and confirmations stay with the answers that are the same. Beside the fields, `section` says
    /// which sections the page holds (all when it is absent), `confirm` confirms a section's prefilled
    /// answers, and `unknown` answers what is still blank in a section with 不明, where that is legal.
    pub fn read_fields(&self, pairs: &[(String, String)], before: &Answers) -> (Answers, Vec<Flaw>) {
        let mut flaws = Vec::new();
        let posted = gather(pairs, &mut flaws);
        let mut answers = Answers::default();
        let sections: Vec<&str> = values_of(pairs, "section");
        let confirmed: Vec<&str> = values_of(pairs, "confirm");
        let unknown_rest: Vec<&str> = values_of(pairs, "unknown");
        for section in &self.sections {
            let read = sections.is_empty() || sections.contains(&section.code.as_str());
            for field in section.fields.iter().filter_map(|path| self.fields.get(path)) {
                let path = field.code.as_str();
                if !read {
                    let kept = before.0.get(path).map(|answer| (path.to_owned(), answer.clone()));
                    answers.0.extend(kept);
                    continue;
                }
                let rest_unknown = field.may_be_unknown && unknown_rest.contains(&section.code.as_str());
                let value = read_field(field, &posted, &mut flaws).or_else(|| rest_unknown.then(unknown));
                let Some(value) = value else { continue };
                let all = confirmed.contains(&section.code.as_str());
                let one = posted.contains_key(format!("{path}.confirmed").as_str());
                let evident = field.prefill.as_deref().is_some_and(is_self_evident);
                let confirmed = all || one || evident;
                answers.0.insert(path.to_owned(), carried(value, before.0.get(path), confirmed));
            }
        }
        flaws.extend(strangers(&posted, |path| self.fields.get(path)));
        (self.settled(&answers), flaws)
    }

    /// Reads an object of path → value from a program.
    pub fn read_json(&self, json: &Value, before: &Answers) -> (Answers, Vec<Flaw>) {
        let mut answers = Answers::default();
        let mut flaws = Vec::new();
        let Some(members) = json.as_object() else {
            return (
                answers,
                vec![Flaw { field: String::new(), says: Words::of(|t| t.form_not_an_object()) }],
            );
        };
        for (path, value) in members {
            if !self.fields.contains_key(path) {
                flaws.push(stranger(path));
            } else if value.to_string().len() > KEPT_MAX {
                flaws.push(Flaw { field: path.clone(), says: Words::of(|t| t.form_too_long()) });
            } else if !is_blank(value) {
                let confirmed = before.0.get(path).is_some_and(|answer| answer.confirmed);
                answers.0.insert(path.clone(), carried(value.clone(), before.0.get(path), confirmed));
            }
        }
        (self.settled(&answers), flaws)
    }

    /// Reads what a move was told from the controls of a page.
    pub fn read_told(&self, step: &Move, pairs: &[(String, String)]) -> (Answers, Vec<Flaw>) {
        let mut flaws = Vec::new();
        let posted = gather(pairs, &mut flaws);
        let mut told = Answers::default();
        for field in self.workflow.asked_by(step) {
            if let Some(value) = read_field(field, &posted, &mut flaws) {
                told.0.insert(field.code.clone(), Answer::typed(value));
            }
        }
        let asked = |path: &str| self.workflow.asked_by(step).find(|field| field.code == path);
        flaws.extend(strangers(&posted, asked));
        (told, flaws)
    }
}

/// An answer, with the source of what it was copied from while it is still the same. What a person
/// typed needs nobody's confirmation.
fn carried(value: Value, before: Option<&Answer>, confirmed: bool) -> Answer {
    match before.filter(|before| before.value == value) {
        Some(same) => Answer { confirmed: confirmed || same.source.is_none(), ..same.clone() },
        None => Answer::typed(value),
    }
}

fn values_of<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
}

fn gather<'a>(pairs: &'a [(String, String)], flaws: &mut Vec<Flaw>) -> Posted<'a> {
    if pairs.len() > PAIRS_MAX {
        flaws.push(Flaw { field: String::new(), says: Words::of(|t| t.form_too_many()) });
    }
    let mut posted = Posted::new();
    for (name, value) in pairs.iter().take(PAIRS_MAX) {
        if let Some(name) = name.strip_prefix(PREFIX) {
            posted.entry(name).or_default().push(value);
        }
    }
    posted
}

/// Names that are no control of the form.
fn strangers<'a>(posted: &Posted<'_>, field: impl Fn(&str) -> Option<&'a Field>) -> Vec<Flaw> {
    let known = |name: &str| {
        let mut parts = name.split('.');
        let Some(field) = parts.next().and_then(&field) else { return false };
        let rest: Vec<&str> = parts.collect();
        match (&field.shape, rest.as_slice()) {
            (_, [] | [UNKNOWN | "confirmed"]) => true,
            (Shape::Rows { columns, .. }, [row, column, tail @ ..]) => {
                row.parse::<usize>().is_ok()
                    && columns.iter().any(|inner| inner.code == *column)
                    && matches!(tail, [] | [UNKNOWN])
            }
            _ => false,
        }
    };
    posted.keys().filter(|name| !known(name)).map(|name| stranger(name)).collect()
}

fn stranger(name: &str) -> Flaw {
    let field: String = name.chars().take(80).collect();
    Flaw { field, says: Words::of(|t| t.form_not_a_field()) }
}

fn read_field(field: &Field, posted: &Posted<'_>, flaws: &mut Vec<Flaw>) -> Option<Value> {
    match &field.shape {
        Shape::Rows { columns, max } => read_rows(&field.code, columns, *max, posted, flaws),
        Shape::Sum(_) => None,
        _ => read_control(field, &field.code, &field.code, posted, flaws),
    }
}

/// Reads one control; `name` is what was posted, `path` what a flaw is told about.
fn read_control(
    field: &Field,
    name: &str,
    path: &str,
    posted: &Posted<'_>,
    flaws: &mut Vec<Flaw>,
) -> Option<Value> {
    let ticked = posted.contains_key(format!("{name}.{UNKNOWN}").as_str());
    let values: &[&str] = posted.get(name).map(Vec::as_slice).unwrap_or_default();
    let (value, right) = match &field.shape {
        Shape::Many { .. } => read_many(field, values),
        _ => read_one(field, values.iter().copied().find(|value| !value.trim().is_empty()).unwrap_or("")),
    };
    if ticked && value.is_none() {
        return Some(unknown());
    }
    if ticked {
        let says = Words::of(|t| t.form_answer_and_unknown());
        flaws.push(Flaw { field: path.to_owned(), says });
    } else if !right {
        flaws.push(Flaw { field: path.to_owned(), says: wrong_kind(&field.shape) });
    }
    value
}

/// One value, and whether it could be read; what could not be read is kept as it was typed.
fn read_one(field: &Field, text: &str) -> (Option<Value>, bool) {
    if text.trim().is_empty() {
        return (None, true);
    }
    let kept = || Some(Value::from(cut(text)));
    let read = match &field.shape {
        Shape::Text { .. } => {
            let text = clean(cut(text));
            return ((!text.is_empty()).then_some(Value::from(text)), true);
        }
        Shape::Number { whole, .. } => civil::read_number(text, *whole),
        Shape::Date => civil::read_day(text).map(|day| Value::from(civil::day_text(day))),
        Shape::Time => civil::read_time(text).map(|time| Value::from(civil::time_text(time))),
        Shape::Moment => civil::read_moment(text).map(|moment| Value::from(civil::moment_text(moment))),
        Shape::Tick => Some(Value::Bool(true)),
        Shape::Choice(choices) => {
            let chosen = choices.iter().find(|choice| choice.code == text);
            let chosen = chosen.map(|choice| choice.value.clone());
            return match chosen.or_else(|| (text == UNKNOWN).then(unknown)) {
                Some(value) => (Some(value), true),
                // A choice that is not offered was never typed by a person: nothing to keep.
                None => (None, false),
            };
        }
        Shape::Many { .. } | Shape::Rows { .. } | Shape::Sum(_) => None,
    };
    match read {
        Some(value) => (Some(value), true),
        None => (kept(), false),
    }
}

fn read_many(field: &Field, values: &[&str]) -> (Option<Value>, bool) {
    let chosen = field.choices().iter().filter(|choice| values.contains(&choice.code.as_str()));
    let chosen: Vec<Value> = chosen.map(|choice| choice.value.clone()).collect();
    let known = |value: &&str| {
        value.is_empty() || *value == UNKNOWN || field.choices().iter().any(|choice| choice.code == **value)
    };
    let says_unknown = values.contains(&UNKNOWN);
    let right = values.iter().all(known) && (chosen.is_empty() || !says_unknown);
    if says_unknown && chosen.is_empty() {
        return (Some(unknown()), right);
    }
    ((!chosen.is_empty()).then_some(Value::Array(chosen)), right)
}

fn read_rows(
    code: &str,
    columns: &[Field],
    max: usize,
    posted: &Posted<'_>,
    flaws: &mut Vec<Flaw>,
) -> Option<Value> {
    let start = format!("{code}.");
    let numbers = posted.keys().filter_map(|name| name.strip_prefix(&start)?.split('.').next()?.parse().ok());
    let numbers: std::collections::BTreeSet<usize> = numbers.collect();
    let mut rows = Vec::new();
    for number in numbers {
        let mut row = Map::new();
        let mut wrong = Vec::new();
        for column in columns {
            let name = format!("{code}.{number}.{}", column.code);
            let path = format!("{code}.{}.{}", rows.len(), column.code);
            if let Some(value) = read_control(column, &name, &path, posted, &mut wrong) {
                row.insert(column.code.clone(), value);
            }
        }
        flaws.append(&mut wrong);
        if !row.is_empty() && rows.len() < max {
            rows.push(Value::Object(row));
        } else if !row.is_empty() {
            let says = Words::of(|t| t.form_too_many_rows(max));
            flaws.push(Flaw { field: code.to_owned(), says });
            break;
        }
    }
    (!rows.is_empty()).then_some(Value::Array(rows))
}

/// The text without what no keyboard types: control signs, and other line endings than ours.
pub(super) fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let text: String = text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
    text.trim().to_owned()
}

/// At most so many bytes of it, whole characters only.
fn cut(text: &str) -> &str {
    let end = (0..=KEPT_MAX.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    text.get(..end.unwrap_or(0)).unwrap_or_default()
}

texts! {
    form_not_an_object {
        ja: "答えは「項目名: 値」の組で送ってください。",
        en: "Send the answers as an object of field and value."
    }
    form_too_long {
        ja: "長すぎます。短くするか、添付にしてください。",
        en: "This is too long. Shorten it, or attach it."
    }
    form_too_many {
        ja: "送られた項目が多すぎます。一部しか読めませんでした。",
        en: "Too many fields were sent. Only some were read."
    }
    form_too_many_rows(max: usize) {
        ja: "{max}行までです。残りは備考に書いてください。",
        en: "At most {max} rows. Write the rest under remarks."
    }
    form_answer_and_unknown {
        ja: "答えと「不明」の両方があります。どちらか一つにしてください。",
        en: "There is an answer and \"unknown\" as well. Keep one of them."
    }
}
