//! The reader of one form file: gathers findings while it turns what is written into fields. The
//! order of the whole reading is in `read.rs`, the workflow's part in `workflow_read.rs`.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::concept::Concepts;
use crate::expr::Decls;
use crate::expr::Kind;
use crate::form::checks;
use crate::form::condition;
use crate::form::condition::Condition;
use crate::form::field::Check;
use crate::form::field::Choice;
use crate::form::field::Field;
use crate::form::field::LINE_MAX;
use crate::form::field::ROWS_MAX;
use crate::form::field::Shape;
use crate::form::field::TEXT_MAX;
use crate::form::field::Widget;
use crate::form::paths;
use crate::form::paths::PathKind;
use crate::form::raw::RawChoice;
use crate::form::raw::RawField;
use crate::form::raw::RawForm;
use crate::kernel::finding;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Words;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::texts;

pub(super) struct Reading<'a> {
    pub source: &'a Source,
    pub raw: &'a RawForm,
    pub findings: Vec<Finding>,
}

impl Reading<'_> {
    pub fn find(&mut self, pointer: &str, check: &'static finding::Check, says: Words) {
        self.findings.push(self.source.finding(pointer, check, says));
    }

    /// A field without its conditions, which need all fields to be known first.
    pub fn field(&mut self, pointer: &str, code: &str, raw: &RawField) -> Field {
        let shape = self.shape(pointer, raw);
        let widget = self.widget(pointer, raw.widget, &shape);
        let unit = || raw.unit.as_ref().map(|unit| Words::new(unit.clone(), unit.clone()));
        if let Some(path) = raw.prefill.as_deref().filter(|path| path.starts_with('/')) {
            self.record_path(pointer, path, &shape);
        }
        Field {
            code: code.to_owned(),
            label: raw.label.clone(),
            help: raw.help.clone(),
            shape,
            widget,
            unit: raw.unit_label.clone().or_else(unit),
            unit_code: raw.unit.clone(),
            may_be_unknown: raw.unknown,
            required: raw.required_to_sign,
            not_future: raw.not_future,
            when: None,
            checks: Vec::new(),
            prefill: raw.prefill.clone(),
            writes: raw.writes.clone(),
            print: raw.print.clone(),
            fhir: raw.fhir.clone(),
        }
    }

    fn shape(&mut self, pointer: &str, raw: &RawField) -> Shape {
        if let Some(of) = &raw.sum {
            return Shape::Sum(of.clone());
        }
        if let Some(items) = &raw.items {
            return match &items.properties {
                Some(columns) => self.rows(pointer, raw, columns, &items.columns),
                None => {
                    let inner = below(pointer, "items");
                    let choices = self.choices(&inner, items.choices.as_deref(), items.reference.as_deref());
                    self.grid(pointer, raw, &choices);
                    Shape::Many { choices, grid: raw.grid.clone() }
                }
            };
        }
        if raw.choices.is_some() || raw.reference.is_some() {
            return Shape::Choice(self.choices(pointer, raw.choices.as_deref(), raw.reference.as_deref()));
        }
        let text = |max: usize| Shape::Text { max: raw.max_length.unwrap_or(max) };
        match (raw.kind.as_deref(), raw.format.as_deref(), raw.widget) {
            (Some("string"), Some(_), _) => Shape::Date,
            (Some("string"), None, Some(Widget::Time)) => Shape::Time,
            (Some("string"), None, Some(Widget::Moment)) => Shape::Moment,
            (Some("string"), None, Some(Widget::Textarea)) => text(TEXT_MAX),
            (Some("string"), None, _) => text(LINE_MAX),
            (Some("boolean"), ..) => Shape::Tick,
            (Some(kind @ ("number" | "integer")), ..) => {
                Shape::Number { whole: kind == "integer", min: raw.minimum, max: raw.maximum }
            }
            _ => {
                self.find(pointer, &checks::NO_TYPE, Words::of(|t| t.form_no_type()));
                text(LINE_MAX)
            }
        }
    }

    fn rows(
        &mut self,
        pointer: &str,
        raw: &RawField,
        columns: &std::collections::BTreeMap<String, RawField>,
        order: &[String],
    ) -> Shape {
        let inner = below(&below(pointer, "items"), "properties");
        let listed = below(&below(pointer, "items"), "columns");
        let missing = columns.keys().filter(|name| !order.contains(name));
        for name in missing.collect::<Vec<_>>() {
            self.find(&listed, &checks::COLUMN_ORDER, Words::of(|t| t.form_column_not_listed(name)));
        }
        let mut found = Vec::new();
        for (index, name) in order.iter().enumerate() {
            match columns.get(name) {
                Some(column) => found.push(self.field(&below(&inner, name), name, column)),
                None => self.find(
                    &format!("{listed}/{index}"),
                    &checks::COLUMN_ORDER,
                    Words::of(|t| t.form_unknown_field(name)),
                ),
            }
        }
        Shape::Rows { columns: found, max: raw.max_items.unwrap_or(ROWS_MAX) }
    }

    fn choices(&mut self, pointer: &str, own: Option<&[RawChoice]>, shared: Option<&str>) -> Vec<Choice> {
        let listed = match (own, shared.and_then(|name| name.strip_prefix("#/$defs/"))) {
            (Some(own), _) => own.to_vec(),
            (None, Some(name)) => match self.raw.defs.get(name) {
                Some(found) => found.choices.clone(),
                None => {
                    let place = below(pointer, "$ref");
                    self.find(&place, &checks::UNKNOWN_REF, Words::of(|t| t.form_unknown_ref(name)));
                    Vec::new()
                }
            },
            (None, None) => {
                self.find(pointer, &checks::NO_TYPE, Words::of(|t| t.form_no_type()));
                Vec::new()
            }
        };
        let mut seen = BTreeSet::new();
        let first = listed.first().map(|choice| std::mem::discriminant(&choice.value));
        for (index, choice) in listed.iter().enumerate() {
            let (place, code) = (format!("{pointer}/oneOf/{index}/const"), code_of(&choice.value));
            if Some(std::mem::discriminant(&choice.value)) != first {
                self.find(&place, &checks::CHOICE_MIXED, Words::of(|t| t.form_choice_mixed()));
            }
            if code == "unknown" {
                self.find(&place, &checks::CHOICE_UNKNOWN, Words::of(|t| t.form_choice_unknown()));
            }
            if !seen.insert(code.clone()) {
                self.find(&place, &checks::CHOICE_TWICE, Words::of(|t| t.form_choice_twice(&code)));
            }
        }
        listed.into_iter().map(choice).collect()
    }

    fn grid(&mut self, pointer: &str, raw: &RawField, choices: &[Choice]) {
        let Some(grid) = &raw.grid else { return };
        let cells = grid
            .rows
            .iter()
            .flat_map(|row| grid.columns.iter().map(move |column| format!("{}_{}", row.code, column.code)));
        let cells: BTreeSet<String> = cells.collect();
        let codes: BTreeSet<String> = choices.iter().map(|choice| choice.code.clone()).collect();
        if cells != codes {
            self.find(&below(pointer, "grid"), &checks::GRID, Words::of(|t| t.form_grid()));
        }
    }

    fn widget(&mut self, pointer: &str, asked: Option<Widget>, shape: &Shape) -> Widget {
        let fitting: &[Widget] = match shape {
            Shape::Text { .. } => &[Widget::Text, Widget::Textarea],
            Shape::Number { .. } => &[Widget::Number],
            Shape::Date => &[Widget::Date],
            Shape::Time => &[Widget::Time],
            Shape::Moment => &[Widget::Moment],
            Shape::Tick => &[Widget::Tick],
            Shape::Choice(_) => &[Widget::Radio, Widget::Select],
            Shape::Many { grid: None, .. } => &[Widget::Checks],
            Shape::Many { grid: Some(_), .. } => &[Widget::Grid],
            Shape::Rows { .. } => &[Widget::Rows],
            Shape::Sum(_) => &[Widget::Sum],
        };
        let ordinary = fitting.first().copied().unwrap_or(Widget::Text);
        match asked {
            Some(widget) if fitting.contains(&widget) => widget,
            Some(_) => {
                self.find(&below(pointer, "widget"), &checks::WIDGET, Words::of(|t| t.form_widget()));
                ordinary
            }
            None => ordinary,
        }
    }

    fn record_path(&mut self, pointer: &str, path: &str, shape: &Shape) {
        let place = below(pointer, "prefill");
        let Some(kind) = paths::kind_of(path) else {
            self.find(&place, &checks::UNKNOWN_RECORD_PATH, Words::of(|t| t.form_unknown_path(path)));
            return;
        };
        let fits = match kind {
            PathKind::Text => matches!(shape, Shape::Text { .. }),
            PathKind::Date => matches!(shape, Shape::Date),
            PathKind::Number => matches!(shape, Shape::Number { .. }),
            PathKind::Code => matches!(shape, Shape::Choice(_)),
        };
        if !fits {
            self.find(&place, &checks::PREFILL_MISMATCH, Words::of(|t| t.form_prefill_mismatch()));
        }
    }

    /// Whether a field and the concepts it names speak of the same kind of thing.
    pub fn concepts(&mut self, pointer: &str, field: &Field, concepts: &Concepts) {
        let prefill = field.prefill.as_deref().filter(|code| !code.starts_with('/'));
        for (member, code) in [("prefill", prefill), ("writes", field.writes.as_deref())] {
            let Some(code) = code else { continue };
            let place = below(pointer, member);
            let Some(concept) = concepts.get(code) else {
                self.find(&place, &checks::UNKNOWN_CONCEPT, Words::of(|t| t.form_unknown_concept(code)));
                continue;
            };
            let (from, to) = match (member, condition::kind(field)) {
                ("prefill", Some(kind)) => (concept.kind(), kind),
                (_, Some(kind)) => (kind, concept.kind()),
                (_, None) => {
                    self.find(
                        &place,
                        &checks::CONCEPT_MISMATCH,
                        Words::of(|t| t.form_concept_mismatch(code)),
                    );
                    continue;
                }
            };
            match flows(&from, &to) {
                Flow::Whole => {}
                Flow::Part => {
                    self.find(&place, &checks::CONCEPT_VALUES, Words::of(|t| t.form_concept_values(code)));
                }
                Flow::Not => {
                    self.find(
                        &place,
                        &checks::CONCEPT_MISMATCH,
                        Words::of(|t| t.form_concept_mismatch(code)),
                    );
                }
            }
        }
    }

    /// Types one condition; its problems are told inside the string.
    pub fn condition(&mut self, pointer: &str, text: &str, decls: &Decls) -> Option<Condition> {
        match Condition::parse(text, decls) {
            Ok(condition) => Some(condition),
            Err(problems) => {
                for problem in problems {
                    let found = self.source.finding_within(pointer, problem.at, problem.check, problem.says);
                    self.findings.push(found);
                }
                None
            }
        }
    }

    /// Adds a field's conditions, once all fields are known.
    pub fn conditions(&mut self, pointer: &str, raw: &RawField, field: &mut Field, decls: &Decls) {
        if let Some(text) = &raw.when {
            field.when = self.condition(&below(pointer, "when"), text, decls);
        }
        for (index, check) in raw.check.iter().enumerate() {
            let place = format!("{pointer}/check/{index}/that");
            if let Some(that) = self.condition(&place, &check.that, decls) {
                field.checks.push(Check { that, says: check.says.clone() });
            }
        }
    }
}

/// How the values of one kind fit into another.
enum Flow {
    Whole,
    Part,
    Not,
}

fn flows(from: &Kind, to: &Kind) -> Flow {
    match (from, to) {
        (Kind::Enum { values: from }, Kind::Enum { values: to })
        | (Kind::Set { values: from }, Kind::Set { values: to }) => {
            let kept = from.iter().filter(|code| to.contains(code)).count();
            if kept == from.len() {
                Flow::Whole
            } else if kept > 0 {
                Flow::Part
            } else {
                Flow::Not
            }
        }
        (from, to) if from == to => Flow::Whole,
        _ => Flow::Not,
    }
}

fn choice(raw: RawChoice) -> Choice {
    let points = raw.points.or_else(|| raw.value.as_f64());
    let code = code_of(&raw.value);
    Choice { code, value: raw.value, label: raw.label, points, exclusive: raw.exclusive }
}

/// A choice's value as text, as a page posts it.
fn code_of(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

texts! {
    form_no_type {
        ja: "何を答える項目か分かりません。type か oneOf か $ref を書いてください。",
        en: "This does not say what may be answered. Write type, oneOf or $ref."
    }
    form_column_not_listed(name: &str) {
        ja: "列「{name}」が columns に並んでいません。紙の順に書き足してください。",
        en: "The column \"{name}\" is not listed in columns. Add it in the order of the paper."
    }
    form_unknown_field(name: &str) {
        ja: "「{name}」という項目はありません。つづりを確かめてください。",
        en: "There is no field called \"{name}\". Check how it is spelt."
    }
    form_unknown_ref(name: &str) {
        ja: "$defs に「{name}」がありません。",
        en: "There is no \"{name}\" in $defs."
    }
    form_choice_mixed {
        ja: "選択肢の値は、すべて同じ型（文字・整数・はい/いいえ）にしてください。",
        en: "All choices of a field must be of one type: text, whole numbers, or true and false."
    }
    form_choice_unknown {
        ja: "「不明」は選択肢に書かず、項目に \"unknown\": true と書いてください。",
        en: "Do not write unknown as a choice: say \"unknown\": true on the field."
    }
    form_choice_twice(code: &str) {
        ja: "選択肢「{code}」が二度あります。",
        en: "The choice \"{code}\" stands here twice."
    }
    form_grid {
        ja: "表の升目（行_列）と選択肢の値が一致しません。",
        en: "The cells of the table (row_column) and the values of the choices differ."
    }
    form_widget {
        ja: "この入力の形は、答えの型に合いません。書かなければ型から決まります。",
        en: "This widget does not fit what may be answered. Without it, the type decides."
    }
    form_unknown_path(path: &str) {
        ja: "記録に「{path}」という場所はありません。",
        en: "The record has no place called \"{path}\"."
    }
    form_prefill_mismatch {
        ja: "写すもとの型と、この項目の型が合いません。",
        en: "What is copied from there does not fit this field's type."
    }
    form_unknown_concept(code: &str) {
        ja: "概念「{code}」は登録されていません。schemas/concepts.json を見てください。",
        en: "The concept \"{code}\" is not registered. See schemas/concepts.json."
    }
    form_concept_mismatch(code: &str) {
        ja: "この項目の型（または単位・選択肢）が、概念「{code}」と合いません。",
        en: "This field's type, unit or choices do not fit the concept \"{code}\"."
    }
    form_concept_values(code: &str) {
        ja: "概念「{code}」と選択肢が一部ちがいます。ちがう値は写されません。",
        en: "Some choices differ from the concept \"{code}\". Those values are not carried over."
    }
}
