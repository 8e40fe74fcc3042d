//! From a file to a pathway: JSON with positions, the schema, the types, the conditions, and whether
//! it all makes sense. Whatever is wrong is told at once, each with its place.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use serde_json::Value;

use crate::concept::Concepts;
use crate::expr;
use crate::expr::Decls;
use crate::expr::Expr;
use crate::expr::Kind;
use crate::expr::Problem;
use crate::kernel::finding;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Words;
use crate::kernel::length::Length;
use crate::kernel::schema::Schema;
use crate::kernel::source::Source;
use crate::kernel::source::below;
use crate::kernel::source::hash;
use crate::pathway::Pathway;
use crate::pathway::check;
use crate::pathway::check::catalogue;
use crate::pathway::definition::Definition;
use crate::pathway::engine;
use crate::texts;

/// The schema of pathway files, as authors' editors read it.
pub const SCHEMA: &str = include_str!("../../schemas/pathway.schema.json");

static COMPILED: LazyLock<Result<Schema, String>> = LazyLock::new(|| {
    let schema = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
    Schema::compile(&schema)
});

impl Pathway {
    /// Reads, types and checks a pathway file. What only deserves a look stays in `warnings`.
    pub fn read(file: &str, text: &str, concepts: &Concepts) -> Result<Self, Vec<Finding>> {
        Self::read_source(&Source::read(file, text)?, text, concepts)
    }

    /// The same from a text whose places are known already.
    pub(super) fn read_source(
        source: &Source,
        text: &str,
        concepts: &Concepts,
    ) -> Result<Self, Vec<Finding>> {
        let (pathway, errors) = Self::typed(source, text, concepts)?;
        if errors.is_empty() {
            Ok(pathway)
        } else {
            Err(errors.into_iter().chain(pathway.warnings).collect())
        }
    }

    /// Reads a version that was published once, for the runs that keep it: what would keep it from being
    /// published today is among its warnings. Whether there is nothing of that.
    pub fn published(file: &str, text: &str, concepts: &Concepts) -> Result<(Self, bool), Vec<Finding>> {
        let (mut pathway, errors) = Self::typed(&Source::read(file, text)?, text, concepts)?;
        let sound = errors.is_empty();
        pathway.warnings.splice(0..0, errors);
        Ok((pathway, sound))
    }

    /// A pathway that can be read, and what is wrong with it nevertheless.
    fn typed(source: &Source, text: &str, concepts: &Concepts) -> Result<(Self, Vec<Finding>), Vec<Finding>> {
        let schema = COMPILED.as_ref().map_err(|_| vec![unreadable(source)])?;
        let shape = schema.findings(source).into_iter();
        let mut findings: Vec<Finding> = shape.map(|found| about_language(found, source)).collect();
        let told: BTreeSet<String> = findings.iter().map(|found| found.pointer.clone()).collect();
        findings.extend(endless(source).into_iter().filter(|found| !told.contains(&found.pointer)));
        let Some((definition, aside)) = readable(&source.value, &findings) else {
            return Err(if findings.is_empty() { vec![unreadable(source)] } else { findings });
        };
        let mut more = type_conditions(&definition, concepts, source);
        more.extend(check::soundness(&definition, concepts, source));
        more.retain(|finding| {
            let told = |shape: &Finding| shape.pointer == finding.pointer;
            !findings.iter().any(told) && !aside.iter().any(|place| touches(&finding.pointer, place))
        });
        findings.extend(more);
        let (errors, warnings): (Vec<Finding>, Vec<Finding>) =
            findings.into_iter().partition(Finding::is_error);
        Ok((Self { definition, hash: hash(&source.value), text: text.to_owned(), warnings }, errors))
    }
}

/// What can be judged beside a wrong shape, so that an author sees all at once: the file as it is, or without
/// the single values that are wrong, wherever they stand; and where those were. None when more than single
/// values would be missing, because what is said of the rest would mislead.
fn readable(value: &Value, shape: &[Finding]) -> Option<(Definition, Vec<String>)> {
    if let Ok(definition) = serde_json::from_value(value.clone()) {
        return Some((definition, Vec::new()));
    }
    let (mut rest, mut aside, mut items) = (value.clone(), Vec::new(), BTreeSet::new());
    for finding in shape {
        if let Some(Value::String(length)) =
            rest.pointer_mut(&finding.pointer).filter(|value| is_endless(value))
        {
            // Something must stand there; a day is as good as any.
            length.truncate(length.find('P').unwrap_or_default());
            length.push_str("P1D");
            aside.push(finding.pointer.clone());
            continue;
        }
        let Some((parent, member)) = finding.pointer.rsplit_once('/') else { continue };
        let name = member.replace("~1", "/").replace("~0", "~");
        let taken = match rest.pointer_mut(parent) {
            Some(Value::Object(members)) => members.remove(&name),
            Some(Value::Array(_)) => {
                items.extend(name.parse::<usize>().map(|place| (parent, place)));
                continue;
            }
            _ => continue,
        };
        match taken {
            Some(Value::Array(_) | Value::Object(_)) => return None,
            Some(_) => aside.push(finding.pointer.clone()),
            None => {}
        }
    }
    // From the end of each list, so that the places of what stands before stay right.
    for (list, place) in items.into_iter().rev() {
        let Some(Value::Array(all)) = rest.pointer_mut(list) else { continue };
        match all.get(place) {
            Some(Value::Array(_) | Value::Object(_)) => return None,
            Some(_) => drop(all.remove(place)),
            None => continue,
        }
        aside.push(list.to_owned());
    }
    aside.extend(stand_in(&mut rest));
    Some((serde_json::from_value(rest).ok()?, aside))
}

/// Gives a file that lacks one of the words about itself another in its place, which nobody sees; tells which.
fn stand_in(value: &mut Value) -> Vec<String> {
    let words = [
        ("format", "pathway/1"),
        ("id", "unnamed"),
        ("version", "0.0.0"),
        ("licence", "unknown"),
        ("reviewed", "1970-01-01"),
    ];
    let Value::Object(members) = value else { return Vec::new() };
    let mut lacking = Vec::new();
    for (name, word) in words {
        if !members.contains_key(name) {
            members.insert(name.to_owned(), word.into());
            lacking.push(below("", name));
        }
    }
    lacking
}

/// Lengths that are written as lengths are, and are longer than any can be.
fn endless(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut open = vec![(String::new(), &source.value)];
    while let Some((pointer, value)) = open.pop() {
        match value {
            Value::Object(all) => open.extend(all.iter().map(|(name, inner)| (below(&pointer, name), inner))),
            Value::Array(all) => {
                open.extend(all.iter().enumerate().map(|(at, inner)| (format!("{pointer}/{at}"), inner)));
            }
            Value::String(text) if is_endless(value) => {
                let says = Words::of(|t| t.pathway_endless(text));
                findings.push(source.finding(&pointer, &finding::checks::SHAPE, says));
            }
            _ => {}
        }
    }
    findings
}

/// Whether a text is a length, by itself or from an anchor on, that nobody lives to see.
fn is_endless(value: &Value) -> bool {
    let Some((text, at)) = value.as_str().and_then(|text| Some((text, text.find('P')?))) else {
        return false;
    };
    let (before, length) = text.split_at(at);
    let anchored = before.is_empty() || before.ends_with(['+', '-']);
    let written = length.len() > 2 && length.ends_with(|last: char| "YMWDHS".contains(last));
    let plain = length.chars().all(|c| c.is_ascii_digit() || "PYMWDTHS".contains(c))
        && length.contains(|c: char| c.is_ascii_digit());
    anchored && written && plain && length.parse::<Length>().is_err()
}

/// Whether what was set aside lies in this place or around it: then it may be the cause of both findings.
fn touches(pointer: &str, set_aside: &str) -> bool {
    let within = |outer: &str, inner: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    within(pointer, set_aside) || within(set_aside, pointer)
}

/// A text that lacks a language, or has one that no page speaks, is a matter of its own.
fn about_language(found: Finding, source: &Source) -> Finding {
    let speaks = |pointer: &str| {
        source.value.pointer(pointer).and_then(|value| value.as_object()).is_some_and(|members| {
            members.keys().any(|key| key == "ja" || key == "en") && members.keys().all(|key| key.len() == 2)
        })
    };
    let (around, _) = found.pointer.rsplit_once('/').unwrap_or_default();
    if speaks(&found.pointer) || (!around.is_empty() && speaks(around)) {
        return Finding { check: &catalogue::UNKNOWN_LANGUAGE, ..found };
    }
    found
}

/// The names that conditions of a pathway may use.
pub(super) fn declarations(definition: &Definition, concepts: &Concepts) -> Decls {
    let declared = definition.facts.iter().filter_map(|(name, usage)| {
        concepts.get(&usage.concept).map(|concept| (name.clone(), concept.kind()))
    });
    let own = [
        (engine::STARTED, Kind::Instant),
        (engine::ENTERED, Kind::Instant),
        (engine::IN_HOSPITAL, Kind::Bool),
    ];
    Decls {
        facts: declared.chain(own.map(|(name, kind)| (name.to_owned(), kind))).collect(),
        tasks: definition.tasks().map(|(_, task)| task.id.clone()).collect(),
    }
}

fn type_conditions(definition: &Definition, concepts: &Concepts, source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, usage) in &definition.facts {
        if concepts.get(&usage.concept).is_none() {
            let pointer = format!("{}/concept", below("/facts", name));
            let concept = &usage.concept;
            let says = match crate::expr::nearest(concept, concepts.iter().map(|(code, _)| code)) {
                Some(near) => Words::of(|t| t.pathway_unknown_concept_near(concept, near)),
                None => Words::of(|t| t.pathway_unknown_concept(concept)),
            };
            findings.push(source.finding(&pointer, &catalogue::UNKNOWN_CONCEPT, says));
        }
    }
    let decls = declarations(definition, concepts);
    for placed in definition.conditions() {
        match Expr::parse(&placed.condition.source, &decls) {
            Ok(expr) => placed.condition.typed(expr),
            Err(mut problems) => {
                problems.retain(|problem| !is_told_already(problem, &placed.condition.source, definition));
                findings.extend(problems.into_iter().map(|problem| {
                    source.finding_within(&placed.pointer, problem.at, problem.check, problem.says)
                }));
            }
        }
    }
    findings
}

/// A fact that is declared with an unknown concept has no kind; that is told where it is declared.
fn is_told_already(problem: &Problem, condition: &str, definition: &Definition) -> bool {
    let rest: String = condition.chars().skip(problem.at).collect();
    let name = rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    *problem.check == expr::checks::UNKNOWN_FACT && definition.facts.contains_key(name)
}

fn unreadable(source: &Source) -> Finding {
    source.finding("", &finding::checks::SHAPE, Words::of(|t| t.pathway_unreadable()))
}

texts! {
    pathway_unknown_concept(concept: &str) {
        ja: "「{concept}」は登録簿（schemas/concepts.json）にありません。",
        en: "\"{concept}\" is not in the registry (schemas/concepts.json)."
    }
    pathway_unknown_concept_near(concept: &str, near: &str) {
        ja: "「{concept}」は登録簿にありません。「{near}」のことですか。",
        en: "\"{concept}\" is not in the registry. Did you mean \"{near}\"?"
    }
    pathway_endless(length: &str) {
        ja: "「{length}」は長すぎるか、書き方が違います。P14D、P1M、PT4H のように、100年までの長さで書いてください。",
        en: "\"{length}\" is too long or written otherwise. Write a length of up to 100 years, such as P14D, P1M or PT4H."
    }
    pathway_unreadable {
        ja: "パスとして読めません。",
        en: "This cannot be read as a pathway."
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A small pathway that is sound.
    fn sound() -> Value {
        let words = json!({ "ja": "見本", "en": "Sample" });
        json!({
            "format": "pathway/1", "id": "sample", "version": "1.0.0", "title": words, "licence": "CC-BY-4.0",
            "reviewed": "2026-11-22", "roles": ["visiting_nurse"],
            "facts": { "visit": { "concept": "visit.nurse", "fresh_for": "P2D" } },
            "start": { "by": ["visiting_nurse"] },
            "phases": [
                { "id": "home", "title": words, "leave": [{ "to": "over", "title": words, "when": "present(visit)" }],
                  "latest": { "at": "start+P3D", "variance": "late" } },
                { "id": "over", "title": words, "end": true }
            ],
            "units": [{ "id": "look", "title": words, "in": ["home"], "tasks": [
                { "id": "look", "title": words, "role": "visiting_nurse", "substitute": [], "schedule": { "from": "phase" } }
            ] }],
            "variances": { "late": { "cause": "organisation", "text": words } },
        })
    }

    fn found(file: &Value) -> Vec<String> {
        match Pathway::read("sample", &file.to_string(), Concepts::shipped()) {
            Ok(_) => Vec::new(),
            Err(found) => found.iter().map(|one| one.pointer.clone()).collect(),
        }
    }

    /// Puts something wrong somewhere.
    fn with(mut file: Value, pointer: &str, wrong: Value) -> Value {
        *file.pointer_mut(pointer).unwrap() = wrong;
        file
    }

    #[test]
    fn one_word_that_cannot_be_read_hides_nothing_else() {
        assert_eq!(found(&sound()), Vec::<String>::new());
        let condition = "/phases/0/leave/0/when";
        let undeclared = with(sound(), condition, json!("present(pain)"));
        assert_eq!(found(&undeclared), [condition]);
        let mut nameless = undeclared.clone();
        nameless.as_object_mut().unwrap().remove("reviewed");
        let role = "/units/0/tasks/0/substitute";
        let others = [
            (with(undeclared.clone(), role, json!(["astronaut"])), "/units/0/tasks/0/substitute/0"),
            (
                with(undeclared.clone(), "/facts/visit/fresh_for", json!("P99999999999D")),
                "/facts/visit/fresh_for",
            ),
            (with(undeclared, "/phases/0/latest/at", json!("start+P9999Y")), "/phases/0/latest/at"),
            (nameless, "/reviewed"),
        ];
        for (file, pointer) in others {
            let found = found(&file);
            assert!(found.iter().any(|one| one == condition), "{pointer} hides the condition: {found:?}");
            assert!(found.iter().any(|one| one == pointer || pointer == "/reviewed"), "{pointer}: {found:?}");
        }
    }
}
