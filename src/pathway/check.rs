//! Whether a pathway makes sense: names that exist, phases that can be reached and left, people who
//! can agree, tasks that come up. Types of conditions are checked where they are parsed; stories are
//! played in `case`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::concept::Concepts;
use crate::concept::Of;
use crate::expr::Kind;
use crate::kernel::finding::Finding;
use crate::kernel::finding::Gravity;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::pathway::Pathway;
use crate::pathway::definition::Definition;

mod names;
mod phases;
mod proof;
mod tasks;
#[cfg(test)]
mod tests;

/// Files to check together: name and text.
pub type Files<'a> = [(&'a str, &'a str)];

/// Everything that is wrong, or deserves a look, in these pathway files; empty when they may be
/// published. `forms` are the codes of the forms that exist; none when they are not known here.
pub fn check(files: &Files<'_>, concepts: &Concepts, forms: Option<&BTreeSet<String>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut read = Vec::new();
    for (file, text) in files {
        match Pathway::read(file, text, concepts) {
            Ok(pathway) => {
                findings.extend(pathway.warnings.clone());
                read.push((*file, *text, pathway));
            }
            Err(told) => findings.extend(told),
        }
    }
    let known: BTreeSet<String> = read.iter().map(|(_, _, pathway)| pathway.definition.id.clone()).collect();
    for (file, text, pathway) in &read {
        let Ok(source) = Source::read(file, text) else { continue };
        findings.extend(names::across(&pathway.definition, &source, &known, forms));
    }
    findings
}

/// What does not make sense in one pathway.
pub(super) fn soundness(definition: &Definition, concepts: &Concepts, source: &Source) -> Vec<Finding> {
    let mut check = Check { definition, concepts, source, findings: Vec::new() };
    names::check(&mut check);
    phases::check(&mut check);
    tasks::check(&mut check);
    if check.findings.iter().all(|finding| finding.gravity != Gravity::Error) {
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
    fn error(&mut self, pointer: &str, check: &'static str, says: Words) {
        self.findings.push(self.source.error(pointer, check, says));
    }

    fn warn(&mut self, pointer: &str, check: &'static str, says: Words) {
        self.findings.push(self.source.finding(pointer, check, Gravity::Warning, says));
    }
}
