//! Grows the tree of a form from its fields and answers, in one language, open or masked. Says how
//! each answer reads; what the tree looks like is in `sheet.rs`.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::expr;
use crate::form::Form;
use crate::form::Section;
use crate::form::answers::Answer;
use crate::form::answers::Answers;
use crate::form::answers::is_blank;
use crate::form::answers::is_unknown;
use crate::form::civil;
use crate::form::field::Choice;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::field::Widget;
use crate::form::mask;
use crate::form::mask::Hidden;
use crate::form::posted::PREFIX;
use crate::form::posted::UNKNOWN;
use crate::form::prefill::applies_in;
use crate::form::sheet::Progress;
use crate::form::sheet::Sheet;
use crate::form::sheet::SheetChoice;
use crate::form::sheet::SheetColumn;
use crate::form::sheet::SheetDepends;
use crate::form::sheet::SheetField;
use crate::form::sheet::SheetFlaw;
use crate::form::sheet::SheetGrid;
use crate::form::sheet::SheetGridRow;
use crate::form::sheet::SheetRow;
use crate::form::sheet::SheetSection;
use crate::form::sheet::SheetSource;
use crate::form::sheet::SheetTick;
use crate::form::workflow::Move;
use crate::kernel::error::Flaw;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::screen_day;
use crate::texts;

/// What every field of one sheet is built with.
struct Builder<'a> {
    form: &'a Form,
    flaws: &'a [Flaw],
    lang: Lang,
    hidden: Option<Hidden>,
    facts: BTreeMap<String, expr::Value>,
}

impl Form {
    /// The sheet: for the page, for the check before signing, and for A4.
    pub fn sheet(&self, answers: &Answers, flaws: &[Flaw], lang: Lang) -> Sheet {
        let facts = self.facts(&self.settled(answers));
        Builder { form: self, flaws, lang, hidden: None, facts }.sheet(answers)
    }

    /// The masked variant for FAX.
    pub fn fax_sheet(&self, answers: &Answers, lang: Lang) -> Sheet {
        let settled = self.settled(answers);
        let hidden = Some(Hidden::of(self, &settled));
        let facts = self.facts(&settled);
        Builder { form: self, flaws: &[], lang, hidden, facts }.sheet(&settled)
    }

    /// What a move asks, as fields of a page.
    pub fn told_sheet(&self, step: &Move, told: &Answers, flaws: &[Flaw], lang: Lang) -> Vec<SheetField> {
        let builder = Builder { form: self, flaws, lang, hidden: None, facts: BTreeMap::new() };
        let asked = self.workflow.asked_by(step).map(|field| {
            let mut shown = builder.field(field, told.0.get(&field.code));
            shown.required = step.needs.contains(&field.code);
            shown
        });
        asked.collect()
    }
}

impl Builder<'_> {
    fn sheet(&self, answers: &Answers) -> Sheet {
        let form = self.form;
        let sections: Vec<SheetSection> =
            form.sections.iter().map(|section| self.section(section, answers)).collect();
        let progress = sections.iter().fold(Progress::default(), |sum, part| sum.plus(part.progress));
        Sheet {
            code: form.code.clone(),
            hash: form.hash.clone(),
            title: form.label.say(self.lang).to_owned(),
            purpose: form.purpose.say(self.lang).to_owned(),
            review: form.review.say(self.lang).to_owned(),
            lang: self.lang,
            masked: self.hidden.is_some(),
            flaws: self.summary(&sections),
            sections,
            progress,
        }
    }

    /// Each flaw once, in the order of the sheet; those of no field last.
    fn summary(&self, sections: &[SheetSection]) -> Vec<SheetFlaw> {
        let mut found = Vec::new();
        let mut placed = Vec::new();
        for section in sections {
            let fields = section.fields.iter().flat_map(|field| {
                let cells = field.rows.iter().flat_map(|row| &row.fields);
                std::iter::once(field).chain(cells)
            });
            let flawed: Vec<&SheetField> = fields.filter(|field| !field.flaw.is_empty()).collect();
            placed.extend(flawed.iter().map(|field| field.path.as_str()));
            let (copied, others): (Vec<&SheetField>, Vec<&SheetField>) =
                flawed.into_iter().partition(|field| field.flaw == Text(self.lang).form_unconfirmed());
            found.extend(self.unconfirmed(section, &copied));
            found.extend(others.into_iter().map(flaw_of));
        }
        let homeless = self.flaws.iter().filter(|flaw| !placed.contains(&flaw.field.as_str()));
        found.extend(homeless.map(|flaw| SheetFlaw {
            anchor: String::new(),
            label: flaw.field.clone(),
            says: flaw.says.say(self.lang).to_owned(),
        }));
        found
    }

    /// What was carried over into a section and not confirmed: several are one flaw of the section, which
    /// has a button for all of them.
    fn unconfirmed(&self, section: &SheetSection, copied: &[&SheetField]) -> Option<SheetFlaw> {
        match copied {
            [] => None,
            [only] => Some(flaw_of(only)),
            several => Some(SheetFlaw {
                anchor: section.anchor.clone(),
                label: section.label.clone(),
                says: Text(self.lang).form_unconfirmed_many(several.len()),
            }),
        }
    }

    fn section(&self, section: &Section, answers: &Answers) -> SheetSection {
        let fields = section.fields.iter().filter_map(|path| self.form.fields.get(path));
        let fields: Vec<SheetField> =
            fields.map(|field| self.field(field, answers.0.get(&field.code))).collect();
        let progress = fields.iter().fold(Progress::default(), |sum, field| sum.plus(count(field, answers)));
        let unknowable =
            section.fields.iter().filter_map(|path| self.form.fields.get(path)).filter(|field| {
                let blank = answers.value(&field.code).is_none();
                field.may_be_unknown && blank && applies_in(field, &self.facts)
            });
        let unknowable = unknowable.count();
        SheetSection {
            code: section.code.clone(),
            anchor: format!("s-{}", section.code),
            number: section.number.clone(),
            label: section.label.say(self.lang).to_owned(),
            help: said(section.help.as_ref(), self.lang),
            optional: section.optional,
            new_page: section.new_page,
            unknowable,
            fields,
            progress,
        }
    }

    fn field(&self, field: &Field, answer: Option<&Answer>) -> SheetField {
        let mut shown = self.control(field, &field.code, answer.map(|answer| &answer.value));
        shown.applies = applies_in(field, &self.facts);
        shown.when = self.when(field);
        shown.depends = self.depends(field);
        shown.source = answer.filter(|_| self.hidden.is_none()).and_then(|answer| self.source(field, answer));
        if let Shape::Rows { columns, max } = &field.shape {
            shown.columns = columns.iter().map(|column| self.column(column)).collect();
            shown.rows = self.rows(field, columns, *max, answer.map(|answer| &answer.value));
        }
        shown
    }

    /// One control with its value; `path` differs from the field's code inside rows only.
    fn control(&self, field: &Field, path: &str, value: Option<&Value>) -> SheetField {
        let lang = self.lang;
        let mut value = value.filter(|value| !is_blank(value));
        let mut shown = value.map(|value| shown(field, value, lang)).unwrap_or_default();
        let hides = value.is_some() && self.hidden.is_some() && field.print.mask.is_some();
        if hides {
            shown = self.masked(field, value);
            value = None;
        } else if let Some(hidden) = &self.hidden {
            shown = hidden.hide(&shown);
        }
        let unknown = value.is_some_and(is_unknown);
        let (min, max, step) = bounds(&field.shape);
        let choices = self.choices(field, path, value);
        let raw = value.filter(|value| !is_unknown(value) && !value.is_array()).map(raw).unwrap_or_default();
        SheetField {
            path: path.to_owned(),
            name: format!("{PREFIX}{path}"),
            anchor: anchor(path),
            label: field.label.say(lang).to_owned(),
            help: said(field.help.as_ref(), lang),
            widget: field.widget,
            unit: said(field.unit.as_ref(), lang),
            required: field.required,
            applies: true,
            when: String::new(),
            depends: None,
            grid: grid(field, &choices, lang),
            unknown: self.unknown_tick(field, path, unknown),
            value: self.hidden.as_ref().map_or(raw.clone(), |hidden| hidden.hide(&raw)),
            choices,
            is_unknown: unknown,
            shown,
            min,
            max,
            step,
            max_length: if let Shape::Text { max } = &field.shape { *max } else { 0 },
            lines: field.print.lines.max(if field.widget == Widget::Textarea { 2 } else { 1 }),
            flaw: self.flaw(path),
            source: None,
            columns: Vec::new(),
            rows: Vec::new(),
            span: field.print.span.clamp(1, 12),
            print_lines: field.print.lines,
            omit: field.print.omit,
            hidden: hides,
        }
    }

    fn masked(&self, field: &Field, value: Option<&Value>) -> String {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        let kana = field.print.mask_from.as_ref().and_then(|from| match self.facts.get(from) {
            Some(expr::Value::Text(kana)) => Some(kana.as_str()),
            _ => None,
        });
        field.print.mask.map(|mask| mask::masked(mask, text, kana)).unwrap_or_default()
    }

    fn flaw(&self, path: &str) -> String {
        let found = self.flaws.iter().find(|flaw| flaw.field == path);
        found.map(|flaw| flaw.says.say(self.lang).to_owned()).unwrap_or_default()
    }

    fn choices(&self, field: &Field, path: &str, value: Option<&Value>) -> Vec<SheetChoice> {
        let one = |choice: &Choice| SheetChoice {
            value: choice.code.clone(),
            anchor: format!("{}-{}", anchor(path), choice.code),
            label: choice.label.say(self.lang).to_owned(),
            checked: value.is_some_and(|value| chosen(value, choice)),
            exclusive: choice.exclusive,
        };
        let mut choices: Vec<SheetChoice> = field.choices().iter().map(one).collect();
        if field.may_be_unknown && !choices.is_empty() {
            choices.push(SheetChoice {
                value: UNKNOWN.to_owned(),
                anchor: format!("{}-{UNKNOWN}", anchor(path)),
                label: Text(self.lang).form_unknown().to_owned(),
                checked: value.is_some_and(is_unknown),
                exclusive: true,
            });
        }
        choices
    }

    fn unknown_tick(&self, field: &Field, path: &str, checked: bool) -> Option<SheetTick> {
        let wanted = field.may_be_unknown && field.choices().is_empty();
        wanted.then(|| SheetTick {
            name: format!("{PREFIX}{path}.{UNKNOWN}"),
            anchor: format!("{}-{UNKNOWN}", anchor(path)),
            checked,
        })
    }

    fn source(&self, field: &Field, answer: &Answer) -> Option<SheetSource> {
        let source = answer.source.as_ref()?;
        let day = screen_day(source.on, self.lang);
        let name = source.label.say(self.lang);
        Some(SheetSource {
            says: Text(self.lang).form_copied_from(name, &day),
            entry: source.entry,
            confirm: SheetTick {
                name: format!("{PREFIX}{}.confirmed", field.code),
                anchor: format!("{}-confirmed", anchor(&field.code)),
                checked: answer.confirmed,
            },
        })
    }

    /// When a field is asked, in words: the labels of what it hangs on.
    fn when(&self, field: &Field) -> String {
        let Some(when) = &field.when else { return String::new() };
        let labels: Vec<&str> = when
            .reads()
            .into_iter()
            .filter_map(|path| self.form.fields.get(path))
            .map(|field| field.label.say(self.lang))
            .collect();
        let text = Text(self.lang);
        text.form_asked_by(&labels.join(text.form_and()))
    }

    /// For script: the control that a field hangs on, and the values that open it. Only where one
    /// choice decides alone; otherwise the field stays open.
    fn depends(&self, field: &Field) -> Option<SheetDepends> {
        let when = field.when.as_ref()?;
        let reads = when.reads();
        let path = reads.first().filter(|_| reads.len() == 1)?;
        let decisive = self.form.fields.get(*path)?;
        let many = matches!(decisive.shape, Shape::Many { .. });
        let opens = |choice: &&Choice| {
            let value = if many { Value::Array(vec![choice.value.clone()]) } else { choice.value.clone() };
            let fact = crate::form::condition::fact(&decisive.shape, &value);
            let facts = fact.map(|fact| ((*path).to_owned(), fact)).into_iter().collect();
            when.says(&facts) == expr::Tri::True
        };
        let values: Vec<String> =
            decisive.choices().iter().filter(opens).map(|choice| choice.code.clone()).collect();
        (!values.is_empty()).then(|| SheetDepends { name: format!("{PREFIX}{path}"), values })
    }

    fn column(&self, column: &Field) -> SheetColumn {
        SheetColumn {
            label: column.label.say(self.lang).to_owned(),
            help: said(column.help.as_ref(), self.lang),
            required: column.required,
        }
    }

    fn rows(&self, field: &Field, columns: &[Field], max: usize, value: Option<&Value>) -> Vec<SheetRow> {
        let filled = value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let printed = usize::from(field.print.rows);
        let spare = if self.hidden.is_some() { 0 } else { 1 };
        let shown = (filled.len() + spare).max(printed).min(max.max(filled.len()));
        let row = |index: usize| {
            let cells = filled.get(index);
            let fields = columns.iter().map(|column| {
                let path = format!("{}.{index}.{}", field.code, column.code);
                self.control(column, &path, cells.and_then(|cells| cells.get(&column.code)))
            });
            SheetRow { number: index + 1, fields: fields.collect(), blank: cells.is_none() }
        };
        (0..shown).map(row).collect()
    }
}

impl Progress {
    fn plus(self, other: Self) -> Self {
        Self {
            total: self.total + other.total,
            answered: self.answered + other.answered,
            confirmed: self.confirmed + other.confirmed,
            to_confirm: self.to_confirm + other.to_confirm,
            missing: self.missing + other.missing,
        }
    }
}

fn count(field: &SheetField, answers: &Answers) -> Progress {
    if !field.applies || field.widget == Widget::Sum {
        return Progress::default();
    }
    let answer = answers.0.get(&field.path).filter(|answer| !is_blank(&answer.value));
    let answered = answer.is_some();
    let confirmed = answer.is_some_and(|answer| answer.confirmed || answer.source.is_none());
    Progress {
        total: 1,
        answered: answered.into(),
        confirmed: confirmed.into(),
        to_confirm: (answered && !confirmed).into(),
        missing: (field.required && !answered).into(),
    }
}

/// An answer as a reader sees it.
pub(super) fn shown(field: &Field, value: &Value, lang: Lang) -> String {
    let text = Text(lang);
    if is_unknown(value) {
        return text.form_unknown().to_owned();
    }
    let label = |value: &Value| {
        let choice = field.choices().iter().find(|choice| choice.value == *value);
        choice.map_or_else(|| raw(value), |choice| choice.label.say(lang).to_owned())
    };
    let typed = value.as_str().unwrap_or_default();
    match (&field.shape, value) {
        (Shape::Choice(_), value) => label(value),
        (Shape::Many { .. }, Value::Array(items)) => {
            items.iter().map(label).collect::<Vec<_>>().join(text.form_and())
        }
        (Shape::Number { .. } | Shape::Sum(_), Value::Number(number)) => match &field.unit {
            Some(unit) => format!("{number}\u{2009}{}", unit.say(lang)),
            None => number.to_string(),
        },
        (Shape::Date, _) => {
            civil::read_day(typed).map_or_else(|| raw(value), |day| civil::show_day(day, lang))
        }
        (Shape::Moment, _) => civil::read_moment(typed).map_or_else(
            || raw(value),
            |at| format!("{} {}", civil::show_day(at.date(), lang), civil::time_text(at.time())),
        ),
        (Shape::Tick, Value::Bool(true)) => text.form_ticked().to_owned(),
        (Shape::Rows { columns, .. }, Value::Array(rows)) => {
            let line = |row: &Value| {
                let cells = columns.iter().filter_map(|column| {
                    let cell = row.get(&column.code).filter(|cell| !is_blank(cell))?;
                    Some(shown_cell(column, cell, lang))
                });
                cells.collect::<Vec<_>>().join(" / ")
            };
            rows.iter().map(line).collect::<Vec<_>>().join("\n")
        }
        _ => raw(value),
    }
}

/// A cell; a column is never rows again, so this goes no deeper.
fn shown_cell(column: &Field, cell: &Value, lang: Lang) -> String {
    match column.shape {
        Shape::Rows { .. } => String::new(),
        _ => shown(column, cell, lang),
    }
}

fn raw(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn chosen(value: &Value, choice: &Choice) -> bool {
    *value == choice.value || value.as_array().is_some_and(|items| items.contains(&choice.value))
}

fn anchor(path: &str) -> String {
    format!("f-{}", path.replace('.', "-"))
}

fn said(words: Option<&crate::kernel::lang::Words>, lang: Lang) -> String {
    words.map(|words| words.say(lang).to_owned()).unwrap_or_default()
}

fn bounds(shape: &Shape) -> (String, String, String) {
    let text = |bound: &Option<f64>| bound.map(|bound| bound.to_string()).unwrap_or_default();
    match shape {
        Shape::Number { whole, min, max } => {
            (text(min), text(max), if *whole { "1" } else { "any" }.to_owned())
        }
        _ => (String::new(), String::new(), String::new()),
    }
}

fn grid(field: &Field, choices: &[SheetChoice], lang: Lang) -> Option<SheetGrid> {
    let Shape::Many { grid: Some(grid), .. } = &field.shape else { return None };
    let row = |head: &crate::form::field::GridHead| {
        let cells = grid.columns.iter().filter_map(|column| {
            let code = format!("{}_{}", head.code, column.code);
            choices.iter().find(|choice| choice.value == code).cloned()
        });
        SheetGridRow { label: head.label.say(lang).to_owned(), cells: cells.collect() }
    };
    Some(SheetGrid {
        columns: grid.columns.iter().map(|column| column.label.say(lang).to_owned()).collect(),
        rows: grid.rows.iter().map(row).collect(),
    })
}

fn flaw_of(field: &SheetField) -> SheetFlaw {
    let choice = field.choices.first().filter(|_| field.widget != Widget::Select);
    let anchor = choice.map_or(&field.anchor, |choice| &choice.anchor).clone();
    SheetFlaw { anchor, label: field.label.clone(), says: field.flaw.clone() }
}

texts! {
    form_unconfirmed_many(count: usize) {
        ja: "記録から写した答えが{count}件あります。正しければ、まとめて確認してください。",
        en: "{count} answer was copied from the record. If it is right, confirm it."
            | "{count} answers were copied from the record. If they are right, confirm them together."
    }
    form_unknown { ja: "不明", en: "Unknown" }
    form_ticked { ja: "はい", en: "Yes" }
    form_and { ja: "、", en: ", " }
    form_asked_by(labels: &str) {
        ja: "「{labels}」の答えによって記入します。",
        en: "Asked depending on: {labels}."
    }
    form_copied_from(name: &str, day: &str) { ja: "{name}（{day}）から", en: "From {name}, {day}" }
}
