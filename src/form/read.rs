//! Reads a form file: shape by the meta-schema, then meaning. Tells everything that is wrong, each
//! thing with its place; a file with one error gives no form.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::Arc;
use std::sync::LazyLock;

use serde_json::Value;
use serde_json::json;

use crate::concept::Concepts;
use crate::expr::Decls;
use crate::form::Form;
use crate::form::Section;
use crate::form::checks;
use crate::form::condition;
use crate::form::field::Field;
use crate::form::field::Mask;
use crate::form::field::Shape;
use crate::form::raw::RawField;
use crate::form::raw::RawForm;
use crate::form::reading::Reading;
use crate::kernel::finding;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::schema::Schema;
use crate::kernel::source;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::texts;

/// The meta-schema of form files.
static META: LazyLock<Result<Schema, String>> = LazyLock::new(|| {
    let text = include_str!("../../schemas/form.schema.json");
    let schema = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Schema::compile(&schema)
});

impl Form {
    /// Reads a form file against the shipped concepts; otherwise says everything that is wrong, and where.
    pub fn read(file: &str, text: &str) -> Result<Self, Vec<Finding>> {
        let (form, findings) = Self::read_all(file, text, Concepts::shipped());
        form.ok_or(findings)
    }

    /// The same, with the warnings of a file that is good enough to use.
    pub fn read_all(file: &str, text: &str, concepts: &Concepts) -> (Option<Self>, Vec<Finding>) {
        let source = match Source::read(file, text) {
            Ok(source) => source,
            Err(findings) => return (None, findings),
        };
        let raw = match raw_of(&source) {
            Ok(raw) => raw,
            Err(findings) => return (None, findings),
        };
        let mut reading = Reading { source: &source, raw: &raw, findings: Vec::new() };
        let form = reading.form(concepts);
        let findings = reading.findings;
        let broken = findings.iter().any(Finding::is_error);
        (form.filter(|_| !broken), findings)
    }
}

fn raw_of(source: &Source) -> Result<RawForm, Vec<Finding>> {
    let meta = match &*META {
        Ok(meta) => meta,
        Err(error) => {
            return Err(vec![source.finding(
                "",
                &finding::checks::SHAPE,
                Words::new(error.clone(), error.clone()),
            )]);
        }
    };
    let findings = meta.findings(source);
    if !findings.is_empty() {
        return Err(findings);
    }
    serde_json::from_value(source.value.clone()).map_err(|error| {
        let says = error.to_string();
        vec![source.finding("", &finding::checks::SHAPE, Words::new(says.clone(), says))]
    })
}

impl Reading<'_> {
    fn form(&mut self, concepts: &Concepts) -> Option<Form> {
        let raw = self.raw;
        let mut fields = self.fields("/properties", &raw.properties);
        let decls = condition::decls(fields.values());
        self.finish("/properties", &raw.properties, &mut fields, &decls, concepts);
        let sections = self.sections(&fields);
        self.sums(&fields);
        self.masks(&fields);
        self.effective(&fields);
        let signers = self.professions("/signers", &raw.signers);
        let workflow = self.workflow(&decls, &signers, concepts);
        let shape = match Schema::compile(&schema_of(fields.values())) {
            Ok(schema) => Arc::new(schema),
            Err(error) => {
                self.find("/properties", &finding::checks::SHAPE, Words::new(error.clone(), error));
                return None;
            }
        };
        Some(Form {
            code: raw.code.clone(),
            version: raw.version.clone(),
            hash: source::hash(&self.source.value),
            label: raw.label.clone(),
            purpose: raw.purpose.clone(),
            review: raw.review.clone(),
            evidence: raw.evidence.iter().map(|one| (one.cite.clone(), one.url.clone())).collect(),
            signers,
            sections,
            fields,
            workflow,
            file: self.source.value.clone(),
            effective: raw.effective.clone(),
            shape,
        })
    }

    /// The fields below a pointer, still without conditions.
    pub fn fields(&mut self, pointer: &str, raw: &BTreeMap<String, RawField>) -> BTreeMap<String, Field> {
        raw.iter()
            .map(|(code, field)| (code.clone(), self.field(&below(pointer, code), code, field)))
            .collect()
    }

    /// Conditions and concepts of those fields.
    pub fn finish(
        &mut self,
        pointer: &str,
        raw: &BTreeMap<String, RawField>,
        fields: &mut BTreeMap<String, Field>,
        decls: &Decls,
        concepts: &Concepts,
    ) {
        for (code, field) in fields {
            let place = below(pointer, code);
            if let Some(raw) = raw.get(code) {
                self.conditions(&place, raw, field, decls);
            }
            self.concepts(&place, field, concepts);
        }
    }

    fn sections(&mut self, fields: &BTreeMap<String, Field>) -> Vec<Section> {
        let mut seen = BTreeSet::new();
        let mut codes = BTreeSet::new();
        for (index, section) in self.raw.sections.iter().enumerate() {
            if !codes.insert(&section.code) {
                let says = Words::of(|t| t.form_section_twice(&section.code));
                self.find(&format!("/sections/{index}/code"), &checks::SECTION_TWICE, says);
            }
            for (at, name) in section.fields.iter().enumerate() {
                let place = format!("/sections/{index}/fields/{at}");
                if !fields.contains_key(name) {
                    self.find(&place, &checks::UNKNOWN_FIELD, Words::of(|t| t.form_unknown_field(name)));
                } else if !seen.insert(name.clone()) {
                    self.find(&place, &checks::FIELD_TWICE, Words::of(|t| t.form_field_twice(name)));
                }
            }
        }
        for name in fields.keys().filter(|name| !seen.contains(*name)) {
            let place = below("/properties", name);
            self.find(&place, &checks::FIELD_NOWHERE, Words::of(|t| t.form_field_nowhere(name)));
        }
        let sections = self.raw.sections.iter().map(|raw| Section {
            code: raw.code.clone(),
            number: raw.number.clone(),
            label: raw.label.clone(),
            help: raw.help.clone(),
            optional: raw.optional,
            new_page: raw.new_page,
            fields: raw.fields.clone(),
        });
        sections.collect()
    }

    fn sums(&mut self, fields: &BTreeMap<String, Field>) {
        for (code, field) in fields {
            let Shape::Sum(of) = &field.shape else { continue };
            for (index, part) in of.iter().enumerate() {
                let adds = match fields.get(part).map(|field| &field.shape) {
                    Some(Shape::Number { .. }) => true,
                    Some(Shape::Choice(choices)) => choices.iter().all(|choice| choice.points.is_some()),
                    _ => false,
                };
                if !adds {
                    let place = format!("{}/sum/{index}", below("/properties", code));
                    self.find(&place, &checks::SUM, Words::of(|t| t.form_sum(part)));
                }
            }
        }
    }

    fn masks(&mut self, fields: &BTreeMap<String, Field>) {
        for (code, field) in fields {
            let from = field.print.mask_from.as_deref();
            let wrong = match (field.print.mask, from) {
                (Some(Mask::Initials), Some(from)) => !fields.contains_key(from),
                (Some(Mask::Initials), None) => true,
                (_, from) => from.is_some(),
            };
            if wrong {
                let place = below(&below("/properties", code), "print");
                self.find(&place, &checks::MASK, Words::of(|t| t.form_mask()));
            }
        }
    }

    fn effective(&mut self, fields: &BTreeMap<String, Field>) {
        let Some(name) = &self.raw.effective else { return };
        if !matches!(fields.get(name).map(|field| &field.shape), Some(Shape::Date)) {
            self.find("/effective", &checks::EFFECTIVE, Words::of(|t| t.form_effective(name)));
        }
    }

    /// Professions by their codes.
    pub fn professions(&mut self, pointer: &str, codes: &[String]) -> Vec<Profession> {
        let mut found = Vec::new();
        for (index, code) in codes.iter().enumerate() {
            match Profession::from_str(code) {
                Ok(profession) => found.push(profession),
                Err(()) => self.find(
                    &format!("{pointer}/{index}"),
                    &checks::UNKNOWN_PROFESSION,
                    Words::of(|t| t.form_unknown_profession(code)),
                ),
            }
        }
        found
    }
}

/// The schema that judges the answers to these fields: shapes and domains, nothing of order or need.
pub(super) fn schema_of<'a>(fields: impl Iterator<Item = &'a Field>) -> Value {
    let properties: serde_json::Map<String, Value> =
        fields.map(|field| (field.code.clone(), shape_schema(&field.shape))).collect();
    json!({ "type": "object", "properties": properties, "additionalProperties": false })
}

/// One level of nesting at most: a column is never rows again.
fn shape_schema(shape: &Shape) -> Value {
    let codes = |choices: &[crate::form::field::Choice]| -> Vec<Value> {
        choices.iter().map(|choice| choice.value.clone()).collect()
    };
    match shape {
        Shape::Text { max } => json!({ "type": "string", "maxLength": max }),
        Shape::Number { whole, min, max } => {
            let mut schema = json!({ "type": if *whole { "integer" } else { "number" } });
            if let Some(object) = schema.as_object_mut() {
                object.extend(min.map(|min| ("minimum".to_owned(), number(min))));
                object.extend(max.map(|max| ("maximum".to_owned(), number(max))));
            }
            schema
        }
        Shape::Date => json!({ "type": "string", "format": "date" }),
        Shape::Time => json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$" }),
        Shape::Moment => {
            json!({ "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]$" })
        }
        Shape::Tick => json!({ "const": true }),
        Shape::Choice(choices) => json!({ "enum": codes(choices) }),
        Shape::Many { choices, .. } => {
            json!({ "type": "array", "uniqueItems": true, "items": { "enum": codes(choices) } })
        }
        Shape::Rows { columns, max } => {
            json!({ "type": "array", "maxItems": max, "items": schema_of(columns.iter()) })
        }
        Shape::Sum(_) => json!({ "type": "number" }),
    }
}

/// Whole bounds without a fraction, so that sentences say 300 and not 300.0.
pub(super) fn number(value: f64) -> Value {
    let whole = value.trunc();
    if (value - whole).abs() < f64::EPSILON && whole.abs() < 9.0e15 {
        return Value::from(whole as i64);
    }
    Value::from(value)
}

texts! {
    form_section_twice(code: &str) {
        ja: "区分「{code}」が二度あります。",
        en: "The section \"{code}\" stands here twice."
    }
    form_field_twice(name: &str) {
        ja: "項目「{name}」が二度並んでいます。どちらか一つにしてください。",
        en: "The field \"{name}\" is listed twice. Keep one."
    }
    form_field_nowhere(name: &str) {
        ja: "項目「{name}」がどの区分にも入っていません。",
        en: "The field \"{name}\" stands in no section."
    }
    form_sum(name: &str) {
        ja: "「{name}」は足せません。数か、点数のある選択肢だけが足せます。",
        en: "\"{name}\" cannot be added up: only numbers and choices with points can."
    }
    form_mask {
        ja: "伏せ方が合いません。initials には mask_from（フリガナの項目）が要り、ほかには要りません。",
        en: "The mask does not fit: initials needs mask_from (the field with the kana), others must not have it."
    }
    form_effective(name: &str) {
        ja: "effective の「{name}」は、この書類の日付の項目ではありません。",
        en: "\"{name}\" in effective is no date field of this form."
    }
    form_unknown_profession(code: &str) {
        ja: "「{code}」という職種はありません。",
        en: "There is no profession called \"{code}\"."
    }
}
