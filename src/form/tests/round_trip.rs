//! Random answers to every shipped form, shown as a page, sent back as a browser would, and read
//! again: nothing is lost, nothing is added.

use proptest::prelude::*;
use proptest::test_runner::Config;
use proptest::test_runner::TestRunner;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::form::answers::unknown;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::field::Widget;
use crate::form::sheet::Sheet;
use crate::form::sheet::SheetField;
use crate::form::shipped;
use crate::kernel::lang::Lang;

/// Numbers that decide everything: one seed, one answer.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // xorshift64*: enough to choose among choices.
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % sides.max(1)
    }
}

fn answer(field: &Field, dice: &mut Dice) -> Value {
    if dice.roll(4) == 0 {
        return Value::Null;
    }
    if field.may_be_unknown && dice.roll(4) == 0 {
        return unknown();
    }
    match &field.shape {
        Shape::Text { .. } => json!(["良好", "O'Neil <b>&amp;", "一行目\n二行目", "x"][dice.roll(4)]),
        Shape::Number { whole, min, max } => {
            let (min, max) = (min.unwrap_or(0.0), max.unwrap_or(100.0));
            let number = min + (max - min) * (dice.roll(101) as f64) / 100.0;
            let number = if *whole { number.round() } else { (number * 10.0).round() / 10.0 };
            super::super::read::number(number.clamp(min, max))
        }
        Shape::Date => json!(format!("2026-{:02}-{:02}", 1 + dice.roll(12), 1 + dice.roll(28))),
        Shape::Time => json!(format!("{:02}:{:02}", dice.roll(24), dice.roll(60))),
        Shape::Moment => json!(format!("2026-11-{:02}T{:02}:00", 1 + dice.roll(28), dice.roll(24))),
        Shape::Tick => json!(true),
        Shape::Choice(choices) => choices[dice.roll(choices.len())].value.clone(),
        Shape::Many { choices, .. } => {
            let chosen = choices.iter().filter(|choice| !choice.exclusive && dice.roll(3) == 0);
            Value::Array(chosen.map(|choice| choice.value.clone()).collect())
        }
        Shape::Rows { columns, max } => {
            let row = |dice: &mut Dice| {
                let cells = columns.iter().map(|column| (column.code.clone(), answer(column, dice)));
                let mut row: Map<String, Value> = cells.collect();
                row.retain(|_, cell| !crate::form::answers::is_blank(cell));
                Value::Object(row)
            };
            let rows = (0..dice.roll(max.min(&4) + 1)).map(|_| row(dice));
            Value::Array(rows.filter(|row| row.as_object().is_some_and(|row| !row.is_empty())).collect())
        }
        Shape::Sum(_) => Value::Null,
    }
}

/// What a browser would send for one control.
fn send(field: &SheetField, pairs: &mut Vec<(String, String)>) {
    let mut put = |value: &str| pairs.push((field.name.clone(), value.to_owned()));
    match field.widget {
        Widget::Sum => {}
        Widget::Rows => {
            for cell in field.rows.iter().flat_map(|row| &row.fields) {
                send(cell, pairs);
            }
        }
        Widget::Tick => {
            if field.value == "true" {
                put("true");
            }
        }
        Widget::Radio | Widget::Checks => {
            field.choices.iter().filter(|choice| choice.checked).for_each(|choice| put(&choice.value));
        }
        Widget::Select => put(field.choices.iter().find(|choice| choice.checked).map_or("", |c| &c.value)),
        Widget::Grid => {
            let grid = field.grid.as_ref().unwrap();
            let cells = grid.rows.iter().flat_map(|row| &row.cells);
            cells.filter(|cell| cell.checked).for_each(|cell| put(&cell.value));
        }
        _ => put(&field.value.replace('\n', "\r\n")),
    }
    if let Some(tick) = field.unknown.as_ref().filter(|tick| tick.checked) {
        pairs.push((tick.name.clone(), "1".to_owned()));
    }
}

fn page(sheet: &Sheet) -> Vec<(String, String)> {
    let mut pairs = vec![("csrf".to_owned(), "token".to_owned())];
    for field in sheet.sections.iter().flat_map(|section| &section.fields) {
        send(field, &mut pairs);
    }
    pairs
}

fn filled(form: &Form, seed: u64) -> Answers {
    let mut dice = Dice(seed | 1);
    let mut answers = Answers::default();
    for field in form.fields_in_order() {
        answers.put(field.code.clone(), answer(field, &mut dice));
    }
    form.settled(&answers)
}

#[test]
fn what_is_shown_and_sent_back_is_the_same() {
    let now = super::noon();
    let mut runner = TestRunner::new(Config { cases: 40, failure_persistence: None, ..Config::default() });
    runner
        .run(&any::<u64>(), |seed| {
            for form in shipped() {
                let answers = filled(form, seed);
                prop_assert_eq!(form.judge(&answers, Stage::Draft, now), vec![], "{}", form.code);
                let sheet = form.sheet(&answers, &[], Lang::Ja);
                let (read, flaws) = form.read_fields(&page(&sheet), &Answers::default());
                prop_assert_eq!(flaws, vec![], "{}", form.code);
                prop_assert_eq!(&read, &answers, "{}", form.code);
                let kept = serde_json::to_string(&answers).unwrap();
                let again: Answers = serde_json::from_str(&kept).unwrap();
                prop_assert_eq!(&again, &answers);
            }
            Ok(())
        })
        .unwrap();
}

#[test]
fn every_shape_of_every_form_can_be_shown_in_both_languages_and_masked() {
    for form in shipped() {
        for seed in 1..20 {
            let answers = filled(form, seed * 7919);
            for lang in [Lang::Ja, Lang::En] {
                let sheet = form.sheet(&answers, &[], lang);
                assert!(sheet.progress.answered <= sheet.progress.total);
                assert!(sheet.text().starts_with('【'));
                let masked = form.fax_sheet(&answers, lang);
                assert!(masked.masked && masked.sections.len() == sheet.sections.len());
            }
        }
    }
}

#[test]
fn no_page_however_wrong_is_worse_than_a_flaw() {
    let mut runner = TestRunner::new(Config { cases: 200, failure_persistence: None, ..Config::default() });
    let name = prop_oneof![
        "f\\.[a-z_]{0,12}(\\.[0-9a-z]{0,4}){0,3}",
        "f\\.contacts\\.[0-9]{1,25}\\.(on|name|conference|unknown)",
        prop::sample::select(vec![
            "f.procedures",
            "f.entry_date",
            "f.age",
            "f.weight.unknown",
            "section",
            "confirm"
        ])
        .prop_map(str::to_owned),
        "\\PC{0,20}",
    ];
    let pairs = prop::collection::vec((name, "\\PC{0,40}"), 0..40);
    runner
        .run(&pairs, |pairs| {
            let form = crate::form::shipped_by_code("discharge-sheet").unwrap();
            let (answers, mut flaws) = form.read_fields(&pairs, &Answers::default());
            flaws.extend(form.judge(&answers, Stage::Sign, super::noon()));
            for lang in [Lang::Ja, Lang::En] {
                let sheet = form.sheet(&answers, &flaws, lang);
                prop_assert!(!sheet.flaws.is_empty() && !form.fax_sheet(&answers, lang).title.is_empty());
            }
            Ok(())
        })
        .unwrap();
}
