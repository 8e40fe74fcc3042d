//! Judges answers: what could not be kept (a draft), and what could not be signed. Shapes and domains
//! by JSON Schema, the rest by the annotations. Sentences name no value: they may reach a log.

use jiff::Timestamp;
use serde_json::Map;
use serde_json::Value;

use crate::expr::Tri;
use crate::form::Form;
use crate::form::answers::Answer;
use crate::form::answers::Answers;
use crate::form::answers::is_blank;
use crate::form::answers::is_unknown;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::prefill::applies_in;
use crate::form::read::schema_of;
use crate::form::workflow::Move;
use crate::kernel::error::Flaw;
use crate::kernel::lang::Words;
use crate::kernel::schema::Schema;
use crate::kernel::time::Time;
use crate::texts;

/// What the answers are judged for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// To be kept: shapes, domains and sizes.
    Draft,
    /// To be signed: also complete, coherent and confirmed.
    Sign,
}

impl Form {
    /// Everything that is wrong with the answers, in the order of the paper; empty when nothing is.
    pub fn judge(&self, answers: &Answers, stage: Stage, now: Timestamp) -> Vec<Flaw> {
        let mut flaws = shape_flaws(&self.shape, answers, |path| self.fields.get(path));
        if stage == Stage::Sign {
            let settled = self.settled(answers);
            let facts = self.facts(&settled);
            for field in self.fields_in_order().filter(|field| applies_in(field, &facts)) {
                let answer = settled.0.get(&field.code);
                flaws.extend(signing_flaws(field, answer, now));
                let broken = field.checks.iter().filter(|check| check.that.says(&facts) == Tri::False);
                flaws.extend(broken.map(|check| flaw(&field.code, check.says.clone())));
            }
        }
        self.in_paper_order(flaws)
    }

    /// What is wrong with what a move was told.
    pub fn judge_told(&self, step: &Move, told: &Answers, now: Timestamp) -> Vec<Flaw> {
        let asked: Vec<&Field> = self.workflow.asked_by(step).collect();
        let field = |path: &str| asked.iter().find(|field| field.code == path).copied();
        let schema = match Schema::compile(&schema_of(asked.iter().copied())) {
            Ok(schema) => schema,
            Err(_) => return vec![flaw("", Words::of(|t| t.form_wrong_shape()))],
        };
        let mut flaws = shape_flaws(&schema, told, field);
        for field in &asked {
            let mut field = (*field).clone();
            field.required |= step.needs.contains(&field.code);
            flaws.extend(signing_flaws(&field, told.0.get(&field.code), now));
        }
        flaws
    }

    fn in_paper_order(&self, mut flaws: Vec<Flaw>) -> Vec<Flaw> {
        let place = |flaw: &Flaw| {
            let field = flaw.field.split('.').next().unwrap_or_default();
            self.fields_in_order().position(|other| other.code == field).unwrap_or(usize::MAX)
        };
        flaws.sort_by_key(place);
        flaws.dedup_by(|later, earlier| later.field == earlier.field);
        flaws
    }
}

/// Shapes and domains, with 不明 and blanks set aside first.
fn shape_flaws<'a>(
    schema: &Schema,
    answers: &Answers,
    field: impl Fn(&str) -> Option<&'a Field>,
) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    let mut judged = Map::new();
    for (path, answer) in &answers.0 {
        let Some(field) = field(path) else {
            flaws.push(flaw(path, Words::of(|t| t.form_not_a_field())));
            continue;
        };
        if let Some(value) = known_part(path, field, &answer.value, &mut flaws) {
            judged.insert(path.clone(), value);
        }
    }
    for found in schema.flaws(&Value::Object(judged)) {
        let path = found.field.trim_start_matches('/').replace('/', ".");
        let shape = field_at(&path, &field).map(|field| &field.shape);
        let value = answers_at(answers, &found.field);
        flaws.push(Flaw { says: sentence(shape, value, found.says), field: path });
    }
    for (path, answer) in &answers.0 {
        let moment = field(path).is_some_and(|field| matches!(field.shape, Shape::Moment));
        let text = answer.value.as_str().unwrap_or("2000-01-01T00:00");
        if moment && text.parse::<jiff::civil::DateTime>().is_err() {
            flaws.push(flaw(path, Words::of(|t| t.form_not_a_moment())));
        }
    }
    flaws
}

/// The value without what is not known; a wrong 不明 is a flaw.
fn known_part(path: &str, field: &Field, value: &Value, flaws: &mut Vec<Flaw>) -> Option<Value> {
    if is_blank(value) {
        return None;
    }
    if is_unknown(value) {
        if !field.may_be_unknown {
            flaws.push(flaw(path, Words::of(|t| t.form_unknown_refused())));
        }
        return None;
    }
    let (Shape::Rows { columns, .. }, Value::Array(rows)) = (&field.shape, value) else {
        return Some(value.clone());
    };
    let mut kept = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let Value::Object(cells) = row else {
            kept.push(row.clone());
            continue;
        };
        let mut row = Map::new();
        for (name, cell) in cells {
            let place = format!("{path}.{index}.{name}");
            let column = columns.iter().find(|column| column.code == *name);
            match column {
                Some(column) if is_unknown(cell) && !column.may_be_unknown => {
                    flaws.push(flaw(&place, Words::of(|t| t.form_unknown_refused())));
                }
                _ if is_blank(cell) || is_unknown(cell) => {}
                _ => {
                    row.insert(name.clone(), cell.clone());
                }
            }
        }
        kept.push(Value::Object(row));
    }
    Some(Value::Array(kept))
}

fn field_at<'a>(path: &str, field: &impl Fn(&str) -> Option<&'a Field>) -> Option<&'a Field> {
    let mut parts = path.split('.');
    let outer = field(parts.next()?)?;
    match parts.nth(1) {
        Some(column) => outer.columns().iter().find(|inner| inner.code == column),
        None => Some(outer),
    }
}

/// The answer's value at a JSON pointer.
fn answers_at<'a>(answers: &'a Answers, pointer: &str) -> Option<&'a Value> {
    let rest = pointer.strip_prefix('/')?;
    let (path, inner) = rest.split_once('/').unwrap_or((rest, ""));
    let value = &answers.0.get(path)?.value;
    if inner.is_empty() { Some(value) } else { value.pointer(&format!("/{inner}")) }
}

/// The schema's own sentence for a value out of bounds, ours for one of the wrong kind.
fn sentence(shape: Option<&Shape>, value: Option<&Value>, schema_says: Words) -> Words {
    let right_kind = match (shape, value) {
        (Some(Shape::Text { .. }), Some(Value::String(_)))
        | (Some(Shape::Rows { .. }), Some(Value::Array(_))) => true,
        (Some(Shape::Number { whole, .. }), Some(Value::Number(number))) => !whole || !number.is_f64(),
        _ => false,
    };
    match shape {
        Some(shape) if !right_kind => wrong_kind(shape),
        _ => schema_says,
    }
}

/// What to do about a value that is not of the field's kind.
pub(super) fn wrong_kind(shape: &Shape) -> Words {
    match shape {
        Shape::Number { whole: true, .. } => Words::of(|t| t.form_not_whole()),
        Shape::Number { .. } | Shape::Sum(_) => Words::of(|t| t.form_not_a_number()),
        Shape::Date => Words::of(|t| t.form_not_a_day()),
        Shape::Time => Words::of(|t| t.form_not_a_time()),
        Shape::Moment => Words::of(|t| t.form_not_a_moment()),
        Shape::Choice(_) | Shape::Many { .. } => Words::of(|t| t.form_not_a_choice()),
        Shape::Tick | Shape::Text { .. } | Shape::Rows { .. } => Words::of(|t| t.form_wrong_shape()),
    }
}

/// What keeps one applying field from being signed.
fn signing_flaws(field: &Field, answer: Option<&Answer>, now: Timestamp) -> Vec<Flaw> {
    let Some(answer) = answer.filter(|answer| !is_blank(&answer.value)) else {
        let missing = field.required.then(|| flaw(&field.code, missing_words(field)));
        return missing.into_iter().collect();
    };
    let mut flaws = Vec::new();
    if answer.source.is_some() && !answer.confirmed {
        flaws.push(flaw(&field.code, Words::of(|t| t.form_unconfirmed())));
    }
    let day = answer.value.as_str().and_then(|text| text.parse::<jiff::civil::Date>().ok());
    if field.not_future && day.is_some_and(|day| day > Time::from(now).day()) {
        flaws.push(flaw(&field.code, Words::of(|t| t.form_in_the_future())));
    }
    if let Some(items) = answer.value.as_array() {
        flaws.extend(exclusive_flaw(field, items));
        flaws.extend(row_flaws(field, items));
    }
    flaws
}

fn missing_words(field: &Field) -> Words {
    match (&field.shape, field.may_be_unknown) {
        (Shape::Choice(_) | Shape::Many { .. }, true) => Words::of(|t| t.form_choose_or_unknown()),
        (Shape::Choice(_) | Shape::Many { .. }, false) => Words::of(|t| t.form_choose()),
        (Shape::Tick, _) => Words::of(|t| t.form_tick()),
        (Shape::Rows { .. }, _) => Words::of(|t| t.form_no_rows()),
        (_, true) => Words::of(|t| t.form_fill_or_unknown()),
        (_, false) => Words::of(|t| t.form_fill()),
    }
}

fn exclusive_flaw(field: &Field, items: &[Value]) -> Option<Flaw> {
    let alone = field.choices().iter().find(|choice| choice.exclusive && items.contains(&choice.value))?;
    let label = &alone.label;
    (items.len() > 1).then(|| flaw(&field.code, Words::of(|t| t.form_exclusive(label.say(t.0)))))
}

fn row_flaws(field: &Field, rows: &[Value]) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        for column in field.columns().iter().filter(|column| column.required) {
            if row.get(&column.code).is_none_or(is_blank) {
                let place = format!("{}.{index}.{}", field.code, column.code);
                flaws.push(flaw(&place, missing_words(column)));
            }
        }
    }
    flaws
}

fn flaw(field: &str, says: Words) -> Flaw {
    Flaw { field: field.to_owned(), says }
}

texts! {
    form_not_a_field {
        ja: "この書類にない項目です。この項目は保存されません。",
        en: "This form has no such field. It is not kept."
    }
    form_unknown_refused {
        ja: "この項目では「不明」は選べません。",
        en: "This field cannot be answered with \"unknown\"."
    }
    form_wrong_shape {
        ja: "この項目の答えとして読めません。もう一度入力してください。",
        en: "This cannot be read as an answer here. Enter it again."
    }
    form_not_a_number {
        ja: "数字で入力してください（例 37.5）。",
        en: "Enter a number, such as 37.5."
    }
    form_not_whole {
        ja: "小数点のない数字で入力してください（例 20）。",
        en: "Enter a whole number, such as 20."
    }
    form_not_a_day {
        ja: "日付を入力してください（例 2026-11-22、令和8年11月22日）。",
        en: "Enter a date, such as 2026-11-22."
    }
    form_not_a_time {
        ja: "時刻を入力してください（例 14:05）。",
        en: "Enter a time, such as 14:05."
    }
    form_not_a_moment {
        ja: "日付と時刻を入力してください（例 2026-11-22 14:05）。",
        en: "Enter a date and time, such as 2026-11-22 14:05."
    }
    form_not_a_choice {
        ja: "選択肢の中から選んでください。",
        en: "Choose from the list."
    }
    form_unconfirmed {
        ja: "記録から写した答えです。正しければ「このとおり」を選んでください。",
        en: "This was copied from the record. If it is so, tick “That is right”."
    }
    form_in_the_future {
        ja: "今日より後の日付です。日付を確かめてください。",
        en: "This date lies in the future. Check it."
    }
    form_choose { ja: "どれか選んでください。", en: "Choose one." }
    form_choose_or_unknown {
        ja: "どれか選んでください。分からないときは「不明」を選んでください。",
        en: "Choose one. If it is not known, choose \"Unknown\"."
    }
    form_tick { ja: "内容を確かめて、チェックを付けてください。", en: "Check this, then tick it." }
    form_no_rows { ja: "1行以上入力してください。", en: "Enter at least one row." }
    form_fill { ja: "入力してください。", en: "Fill this in." }
    form_fill_or_unknown {
        ja: "入力してください。分からないときは「不明」にチェックを付けてください。",
        en: "Fill this in. If it is not known, tick \"Unknown\"."
    }
    form_exclusive(label: &str) {
        ja: "「{label}」は、ほかの項目と一緒に選べません。",
        en: "\"{label}\" cannot be chosen together with others."
    }
}
