//! Whether a pathway makes sense: names that exist, phases that can be reached and left, people who
//! can agree, tasks that come up. Types of conditions are checked where they are parsed; stories are
//! played in `case`. Why each check matters and how to mend what it finds stands in `catalogue`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::concept::Concepts;
use crate::concept::Of;
use crate::expr::Kind;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::pathway::Pathway;
use crate::pathway::definition::Definition;

mod across;
pub mod catalogue;
mod leaflets;
mod names;
mod phases;
mod proof;
mod tasks;

pub(super) use proof::Facts;

/// Files to check together: name and text.
pub type Files<'a> = [(&'a str, &'a str)];

/// What lies beside the files that are checked: the pathways and forms that they may name.
#[derive(Debug, Clone, Default)]
pub struct Beside<'a> {
    /// Pathways that are known already.
    pub pathways: Vec<&'a Definition>,
    /// Forms by their codes.
    pub forms: BTreeMap<String, Form>,
}

/// What a pathway can ask of a form.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The states that it can come to.
    pub states: BTreeSet<String>,
    /// The concepts that its signed answers become.
    pub writes: BTreeSet<String>,
}

/// Everything that is wrong, or deserves a look, in these pathway files; empty when they may be
/// published as they are.
pub fn check(files: &Files<'_>, concepts: &Concepts, beside: &Beside<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut read = Vec::new();
    for (file, text) in files {
        let Ok(source) = Source::read(file, text).map_err(|told| findings.extend(told)) else { continue };
        match Pathway::read_source(&source, text, concepts) {
            Ok(pathway) => {
                findings.extend(pathway.warnings.iter().cloned());
                read.push((source, pathway));
            }
            Err(told) => findings.extend(told),
        }
    }
    let mut known: BTreeMap<&str, &Definition> =
        beside.pathways.iter().map(|known| (known.id.as_str(), *known)).collect();
    known.extend(read.iter().map(|(_, pathway)| (pathway.definition.id.as_str(), &pathway.definition)));
    for (source, pathway) in &read {
        findings.extend(across::check(&pathway.definition, source, concepts, &known, &beside.forms));
    }
    findings
}

/// What does not make sense in one pathway.
pub(super) fn soundness(definition: &Definition, concepts: &Concepts, source: &Source) -> Vec<Finding> {
    let mut check = Check { definition, concepts, source, findings: Vec::new() };
    names::check(&mut check);
    phases::check(&mut check);
    tasks::check(&mut check);
    leaflets::check(&mut check);
    if !check.findings.iter().any(Finding::is_error) {
        proof::check(&mut check);
    }
    check.findings
}

/// A check under way.
struct Check<'a> {
    definition: &'a Definition,
    concepts: &'a Concepts,
    source: &'a Source,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn find(&mut self, pointer: &str, check: &'static crate::kernel::finding::Check, says: Words) {
        self.findings.push(self.source.finding(pointer, check, says));
    }
}
