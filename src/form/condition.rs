//! Conditions of a form: expressions over its own answers, and the answers as facts for them.
//! A blank and 不明 are both no fact, so a condition on them is unknown: it never holds.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::Timestamp;
use serde_json::Value as Json;

use crate::expr::Decls;
use crate::expr::Expr;
use crate::expr::Kind;
use crate::expr::Problem;
use crate::expr::Tri;
use crate::expr::Value;
use crate::expr::checks;
use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::answers::is_blank;
use crate::form::answers::is_unknown;
use crate::form::field::Choice;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::kernel::lang::Words;
use crate::texts;

/// Words of the expression language that look at a clock or at history; a form has neither.
const NOT_OF_A_FORM: [&str; 9] =
    ["days_since(", "hours_since(", "fresh(", "age(", "change(", "any(", "all(", "count(", "done("];

/// A typed condition over the answers of one form.
#[derive(Debug, Clone)]
pub struct Condition(Expr);

impl Condition {
    /// Parses and types a condition over these fields; otherwise tells what is wrong and where.
    pub fn parse(source: &str, decls: &Decls) -> Result<Self, Vec<Problem>> {
        let foreign = NOT_OF_A_FORM.iter().filter_map(|word| Some((source.find(word)?, word)));
        if let Some((byte, word)) = foreign.min() {
            let at = source.char_indices().take_while(|(index, _)| *index < byte).count();
            return Err(vec![Problem {
                at,
                check: &checks::CONDITION,
                says: Words::of(|t| t.form_has_no_clock(word)),
            }]);
        }
        Expr::parse(source, decls).map(Self)
    }

    /// The condition as it was written.
    pub fn source(&self) -> &str {
        self.0.source()
    }

    /// The fields that it reads.
    pub fn reads(&self) -> BTreeSet<&str> {
        self.0.facts()
    }

    /// What it says about these facts.
    pub fn says(&self, facts: &BTreeMap<String, Value>) -> Tri {
        self.0.eval(facts, Timestamp::UNIX_EPOCH).value
    }
}

/// What names the conditions of a form may use.
pub fn decls<'a>(fields: impl Iterator<Item = &'a Field>) -> Decls {
    let mut decls = Decls::default();
    for field in fields {
        if let Some(kind) = kind(field) {
            decls.facts.insert(field.code.clone(), kind);
        }
    }
    decls
}

/// The kind of a field's answer; none for repeating rows and times of day.
pub fn kind(field: &Field) -> Option<Kind> {
    let unit = || field.unit_code.clone();
    let codes = |choices: &[Choice]| choices.iter().map(|choice| choice.code.clone()).collect();
    Some(match &field.shape {
        Shape::Text { .. } => Kind::Text,
        Shape::Number { .. } | Shape::Sum(_) => Kind::Number { unit: unit() },
        Shape::Date => Kind::Date,
        Shape::Moment => Kind::Instant,
        Shape::Tick => Kind::Bool,
        Shape::Choice(choices) => match choices.first().map(|choice| &choice.value) {
            Some(Json::Bool(_)) => Kind::Bool,
            Some(Json::Number(_)) => Kind::Number { unit: unit() },
            _ => Kind::Enum { values: codes(choices) },
        },
        Shape::Many { choices, .. } => Kind::Set { values: codes(choices) },
        Shape::Time | Shape::Rows { .. } => return None,
    })
}

/// An answer as a fact; none for a blank, 不明, or something of the wrong shape.
pub fn fact(shape: &Shape, value: &Json) -> Option<Value> {
    if is_blank(value) || is_unknown(value) {
        return None;
    }
    match (shape, value) {
        (Shape::Date, Json::String(text)) => text.parse().ok().map(Value::Date),
        (Shape::Moment, Json::String(text)) => {
            let civil: jiff::civil::DateTime = text.parse().ok()?;
            Some(Value::Instant(crate::kernel::time::moment(civil)))
        }
        (Shape::Many { .. }, Json::Array(items)) => {
            Some(Value::Set(items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect()))
        }
        (Shape::Tick | Shape::Choice(_), Json::Bool(truth)) => Some(Value::Bool(*truth)),
        (Shape::Number { .. } | Shape::Sum(_) | Shape::Choice(_), Json::Number(number)) => {
            number.as_f64().filter(|number| number.is_finite()).map(Value::Number)
        }
        (Shape::Text { .. } | Shape::Choice(_), Json::String(text)) => Some(Value::Text(text.clone())),
        _ => None,
    }
}

impl Form {
    /// The answers as facts for conditions.
    pub fn facts(&self, answers: &Answers) -> BTreeMap<String, Value> {
        let known = answers.0.iter().filter_map(|(path, answer)| {
            let field = self.fields.get(path)?;
            Some((path.clone(), fact(&field.shape, &answer.value)?))
        });
        known.collect()
    }

    /// Whether a condition plainly holds for these answers.
    pub fn holds(&self, condition: &Condition, answers: &Answers) -> bool {
        condition.says(&self.facts(answers)) == Tri::True
    }
}

texts! {
    form_has_no_clock(word: &str) {
        ja: "「{word}…)」は書類の条件では使えません。書類の条件は、その書類の答えだけを見ます。",
        en: "\"{word}…)\" cannot be used in a form: a form's condition looks at its own answers only."
    }
}
