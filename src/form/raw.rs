//! A form file as it is written, after its meta-schema found nothing wrong. Meaning is given in `read.rs`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::form::field::Fhir;
use crate::form::field::Grid;
use crate::form::field::Print;
use crate::form::field::Widget;
use crate::form::workflow::Proxy;
use crate::form::workflow::Side;
use crate::kernel::lang::Words;

#[derive(Deserialize)]
pub(super) struct RawForm {
    pub code: String,
    pub version: String,
    pub label: Words,
    pub purpose: Words,
    pub review: Words,
    #[serde(default)]
    pub signers: Vec<String>,
    pub effective: Option<String>,
    #[serde(default)]
    pub evidence: Vec<RawEvidence>,
    pub sections: Vec<RawSection>,
    pub properties: BTreeMap<String, RawField>,
    #[serde(default, rename = "$defs")]
    pub defs: BTreeMap<String, RawShared>,
    pub workflow: RawWorkflow,
}

#[derive(Deserialize)]
pub(super) struct RawEvidence {
    pub cite: String,
    pub url: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawSection {
    pub code: String,
    #[serde(default)]
    pub number: String,
    pub label: Words,
    pub help: Option<Words>,
    #[serde(default)]
    pub optional: bool,
    #[serde(default)]
    pub new_page: bool,
    pub fields: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RawShared {
    #[serde(rename = "oneOf")]
    pub choices: Vec<RawChoice>,
}

#[derive(Deserialize, Clone)]
pub(super) struct RawChoice {
    #[serde(rename = "const")]
    pub value: Value,
    pub label: Words,
    pub points: Option<f64>,
    #[serde(default)]
    pub exclusive: bool,
}

#[derive(Deserialize)]
pub(super) struct RawField {
    pub label: Words,
    pub help: Option<Words>,
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(rename = "type")]
    pub kind: Option<String>,
    pub format: Option<String>,
    #[serde(rename = "oneOf")]
    pub choices: Option<Vec<RawChoice>>,
    #[serde(rename = "maxLength")]
    pub max_length: Option<usize>,
    pub minimum: Option<f64>,
    pub maximum: Option<f64>,
    #[serde(rename = "maxItems")]
    pub max_items: Option<usize>,
    pub items: Option<RawItems>,
    pub widget: Option<Widget>,
    pub grid: Option<Grid>,
    pub sum: Option<Vec<String>>,
    pub unit: Option<String>,
    pub unit_label: Option<Words>,
    #[serde(default)]
    pub unknown: bool,
    #[serde(default)]
    pub required_to_sign: bool,
    #[serde(default)]
    pub not_future: bool,
    pub when: Option<String>,
    #[serde(default)]
    pub check: Vec<RawCheck>,
    pub prefill: Option<String>,
    pub writes: Option<String>,
    #[serde(default)]
    pub print: Print,
    #[serde(default)]
    pub fhir: Fhir,
}

#[derive(Deserialize)]
pub(super) struct RawItems {
    #[serde(rename = "$ref")]
    pub reference: Option<String>,
    #[serde(rename = "oneOf")]
    pub choices: Option<Vec<RawChoice>>,
    pub properties: Option<BTreeMap<String, RawField>>,
    #[serde(default)]
    pub columns: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct RawCheck {
    pub that: String,
    pub says: Words,
}

#[derive(Deserialize)]
pub(super) struct RawWorkflow {
    pub start: String,
    pub states: Vec<RawState>,
    pub moves: Vec<RawMove>,
    #[serde(default)]
    pub asks: BTreeMap<String, RawField>,
}

#[derive(Deserialize)]
pub(super) struct RawState {
    pub code: String,
    pub label: Words,
    pub waits_for: Option<Side>,
    #[serde(default)]
    pub deadlines: Vec<RawDeadline>,
    #[serde(default)]
    pub editable: bool,
    #[serde(default)]
    pub finished: bool,
    #[serde(default)]
    pub fulfils: bool,
    #[serde(default)]
    pub paused: bool,
}

#[derive(Deserialize)]
pub(super) struct RawDeadline {
    pub when: Option<String>,
    pub hours: Option<u16>,
    pub days: Option<u16>,
    pub working_days: Option<u16>,
    pub after: Option<String>,
}

#[derive(Deserialize)]
pub(super) struct RawMove {
    pub code: String,
    pub label: Words,
    pub done: Words,
    pub from: Vec<String>,
    pub to: String,
    pub side: Side,
    #[serde(default)]
    pub professions: Vec<String>,
    #[serde(default)]
    pub needs: Vec<String>,
    #[serde(default)]
    pub may: Vec<String>,
    #[serde(default)]
    pub proxy: Vec<Proxy>,
    #[serde(default)]
    pub signs: bool,
    #[serde(default)]
    pub sends: bool,
    #[serde(default)]
    pub joins: bool,
    pub with_form: Option<String>,
}
