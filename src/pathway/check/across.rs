//! What can only be seen with other files beside: the pathways and forms that a pathway names.

use super::BTreeMap;
use super::BTreeSet;
use super::Concepts;
use super::Definition;
use super::Finding;
use super::Form;
use super::Source;
use super::Words;
use super::below;
use super::catalogue as checks;
use crate::kernel::finding;
use crate::pathway::definition::Conflict;
use crate::pathway::definition::Task;
use crate::pathway::engine;
use crate::texts;

pub(super) fn check(
    definition: &Definition,
    source: &Source,
    concepts: &Concepts,
    pathways: &BTreeMap<&str, &Definition>,
    forms: &BTreeMap<String, Form>,
) -> Vec<Finding> {
    let mut across = Across { definition, source, pathways, forms, findings: Vec::new() };
    for (index, conflict) in definition.conflicts.iter().enumerate() {
        across.conflict(&format!("/conflicts/{index}"), conflict);
    }
    for (u, unit) in definition.units.iter().enumerate() {
        for (t, task) in unit.tasks.iter().enumerate() {
            across.task(&format!("/units/{u}/tasks/{t}"), task);
        }
        for (r, rule) in unit.rules.iter().enumerate() {
            for (a, action) in rule.actions.iter().enumerate() {
                if let Some(form) = &action.draft {
                    across.form(&format!("/units/{u}/rules/{r}/do/{a}/draft"), form);
                }
            }
        }
    }
    across.produced(concepts);
    across.findings
}

struct Across<'a> {
    definition: &'a Definition,
    source: &'a Source,
    pathways: &'a BTreeMap<&'a str, &'a Definition>,
    forms: &'a BTreeMap<String, Form>,
    findings: Vec<Finding>,
}

impl<'a> Across<'a> {
    fn find(&mut self, pointer: &str, check: &'static finding::Check, says: Words) {
        self.findings.push(self.source.finding(pointer, check, says));
    }

    fn conflict(&mut self, pointer: &str, conflict: &Conflict) {
        let Some(other) = self.pathways.get(conflict.with.as_str()) else {
            let says = Words::of(|t| t.check_unknown_pathway(&conflict.with));
            return self.find(&format!("{pointer}/with"), &checks::UNKNOWN_PATHWAY, says);
        };
        for (index, phase) in conflict.phases.iter().enumerate() {
            if other.phase(phase).is_none() {
                let says = Words::of(|t| t.check_unknown_phase_of(phase, &conflict.with));
                self.find(&format!("{pointer}/phases/{index}"), &checks::UNKNOWN_PHASE, says);
            }
        }
    }

    fn form(&mut self, pointer: &str, code: &str) -> Option<&'a Form> {
        let form = self.forms.get(code);
        if form.is_none() {
            self.find(pointer, &checks::UNKNOWN_FORM, Words::of(|t| t.check_unknown_form(code)));
        }
        form
    }

    fn task(&mut self, pointer: &str, task: &Task) {
        self.merge(pointer, task);
        let Some(code) = &task.form else { return };
        let Some(form) = self.form(&format!("{pointer}/form"), code) else { return };
        for (index, state) in
            task.closed_by.iter().enumerate().filter(|(_, state)| !form.states.contains(*state))
        {
            let says = Words::of(|t| t.check_unknown_form_state(state, code));
            self.find(&format!("{pointer}/closed_by/{index}"), &checks::UNKNOWN_FORM_STATE, says);
        }
        for (index, name) in task.brings.iter().enumerate() {
            let concept = self.definition.facts.get(name).map(|usage| &usage.concept);
            if concept.is_some_and(|concept| !form.writes.contains(concept)) {
                let says = Words::of(|t| t.check_form_silent(code, name));
                self.find(&format!("{pointer}/brings/{index}"), &checks::FORM_SILENT, says);
            }
        }
    }

    /// Tasks of different pathways are done together only by one profession.
    fn merge(&mut self, pointer: &str, task: &Task) {
        let Some(key) = &task.merge else { return };
        let others = self.pathways.values().filter(|other| other.id != self.definition.id);
        let clash = others.flat_map(|other| other.tasks().map(move |(_, theirs)| (other, theirs)));
        let clash = clash
            .filter(|(_, theirs)| theirs.merge.as_ref() == Some(key) && theirs.role != task.role)
            .map(|(other, _)| other.id.clone())
            .next();
        if let Some(other) = clash {
            let says = Words::of(|t| t.check_merge_across(key, &other));
            self.find(&format!("{pointer}/merge"), &checks::MERGE_CLASH, says);
        }
    }

    /// Somebody can record every fact that is looked at: a form writes it, it may be told by itself, a
    /// task without a form brings it, or the engine notes it.
    fn produced(&mut self, concepts: &Concepts) {
        let definition = self.definition;
        let by_task: BTreeSet<&String> = definition
            .tasks()
            .filter(|(_, task)| task.form.is_none())
            .flat_map(|(_, task)| &task.brings)
            .collect();
        for (name, usage) in &definition.facts {
            let concept = concepts.get(&usage.concept);
            let written = self.forms.values().any(|form| form.writes.contains(&usage.concept));
            let told = concept.is_none_or(|concept| concept.by_hand) || by_task.contains(name);
            if !written && !told && !engine::NOTED.contains(&usage.concept.as_str()) {
                let says = Words::of(|t| t.check_not_produced(name));
                self.find(&below("/facts", name), &checks::FACT_UNFED, says);
            }
        }
    }
}

texts! {
    check_unknown_pathway(id: &str) {
        ja: "「{id}」というパスは、公開されたものにも、いっしょに調べたファイルにもありません。",
        en: "There is no pathway \"{id}\", neither published nor among the files checked together."
    }
    check_unknown_phase_of(phase: &str, pathway: &str) {
        ja: "パス「{pathway}」に「{phase}」という段階はありません。",
        en: "The pathway \"{pathway}\" has no phase \"{phase}\"."
    }
    check_unknown_form(code: &str) { ja: "「{code}」という様式はありません。", en: "There is no form \"{code}\"." }
    check_unknown_form_state(state: &str, form: &str) {
        ja: "様式「{form}」に「{state}」という状態はありません。",
        en: "The form \"{form}\" has no state \"{state}\"."
    }
    check_form_silent(form: &str, fact: &str) {
        ja: "様式「{form}」は「{fact}」を記録しません。",
        en: "No field of the form \"{form}\" records \"{fact}\"."
    }
    check_merge_across(key: &str, pathway: &str) {
        ja: "「{key}」でまとめるタスクは、パス「{pathway}」では別の職種のものです。",
        en: "What is merged as \"{key}\" belongs to another profession in the pathway \"{pathway}\"."
    }
    check_not_produced(name: &str) {
        ja: "「{name}」を記録する様式もタスクもありません。",
        en: "No form and no task records \"{name}\"."
    }
}
