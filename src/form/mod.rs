//! Forms: what a sheet asks, what was answered, and how it is judged, shown and passed on. All of it
//! is data of a form file; this room reads it and reckons, and knows neither clock nor database.

pub mod answers;
pub mod build;
pub mod checks;
mod civil;
pub mod condition;
pub mod field;
mod judge;
mod mask;
pub mod paths;
mod posted;
mod prefill;
mod raw;
mod read;
mod reading;
pub mod sheet;
mod shipped;
pub mod tariff;
mod text;
pub mod workflow;
mod workflow_read;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::form::field::Field;
use crate::form::workflow::Workflow;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::schema::Schema;

pub use judge::Stage;
pub use prefill::Change;
pub use prefill::from_fact;
pub use shipped::shipped;
pub use shipped::shipped_by_code;

/// A form: its fields in sections, and what may happen to it.
#[derive(Debug, Clone)]
pub struct Form {
    /// Its code, also the name of its file.
    pub code: String,
    /// Its version, for people; the hash is what answers are pinned to.
    pub version: String,
    /// SHA-256 of the file's canonical form, in hexadecimal.
    pub hash: String,
    /// Its title.
    pub label: Words,
    /// What it is for.
    pub purpose: Words,
    /// Who must review its content before use.
    pub review: Words,
    /// The forms and papers it rests on, with their addresses.
    pub evidence: Vec<(String, Option<String>)>,
    /// Who may sign; empty means anyone in the team.
    pub signers: Vec<Profession>,
    /// Its parts, in the order of the paper.
    pub sections: Vec<Section>,
    /// Its fields by path.
    pub fields: BTreeMap<String, Field>,
    /// Its states and moves.
    pub workflow: Workflow,
    /// The file itself.
    pub file: serde_json::Value,
    /// The field that says on which day the answers hold.
    effective: Option<String>,
    /// Judges shapes and domains of the answers.
    shape: Arc<Schema>,
}

/// A part of the paper.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its code.
    pub code: String,
    /// The paper's own number; may be empty.
    pub number: String,
    /// The heading.
    pub label: Words,
    /// A hint below it.
    pub help: Option<Words>,
    /// Folded at first.
    pub optional: bool,
    /// Starts a new printed page.
    pub new_page: bool,
    /// The paths of its fields, in order.
    pub fields: Vec<String>,
}

impl Form {
    /// The field of this path.
    pub fn field(&self, path: &str) -> Option<&Field> {
        self.fields.get(path)
    }

    /// All fields in the order of the paper.
    pub fn fields_in_order(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|section| &section.fields).filter_map(|path| self.fields.get(path))
    }

    /// The section of this code.
    pub fn section(&self, code: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.code == code)
    }
}

#[cfg(test)]
mod tests;
