//! Which parts of a pathway stories touched: every phase, every way out, every rule, and every condition
//! while it was not known what it says. What no story touched is told with its place in the file.

use std::collections::BTreeSet;

use crate::concept::Concepts;
use crate::expr::Tri;
use crate::expr::prove;
use crate::kernel::finding::Check;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Words;
use crate::kernel::source::Source;
use crate::pathway::Library;
use crate::pathway::check::Facts;
use crate::pathway::check::catalogue;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Place;
use crate::pathway::engine::RunFacts;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::texts;

/// The parts of pathways that stories touched: the pathway's id and the part's JSON pointer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Coverage(BTreeSet<String>);

/// Kinds of parts that stories should touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A phase is entered.
    Phase,
    /// A way out is taken.
    Exit,
    /// A rule fires.
    Rule,
    /// A condition is looked at while something that it needs is missing or too old.
    Unknown,
}

/// A part that a story should touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// What it is.
    pub kind: Kind,
    /// Its place in the file.
    pub pointer: String,
    /// What it is called there.
    pub name: String,
}

impl Kind {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Phase, Self::Exit, Self::Rule, Self::Unknown];

    /// In words.
    pub fn name(self) -> Words {
        Words::of(|t| match self {
            Self::Phase => t.covered_phases(),
            Self::Exit => t.covered_exits(),
            Self::Rule => t.covered_rules(),
            Self::Unknown => t.covered_unknowns(),
        })
    }

    fn check(self) -> &'static Check {
        match self {
            Self::Phase => &catalogue::UNCOVERED_PHASE,
            Self::Exit => &catalogue::UNCOVERED_EXIT,
            Self::Rule => &catalogue::UNCOVERED_RULE,
            Self::Unknown => &catalogue::UNCOVERED_UNKNOWN,
        }
    }
}

impl Coverage {
    /// Adds what another story touched.
    pub fn add(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    /// The parts of a pathway that no story touched.
    pub fn missing(&self, definition: &Definition, concepts: &Concepts) -> Vec<Part> {
        let mut parts = parts(definition, concepts);
        parts.retain(|part| !self.0.contains(&key(definition, &part.pointer)));
        parts
    }

    /// How many parts of each kind were touched, and how many there are.
    pub fn counts(&self, definition: &Definition, concepts: &Concepts) -> Vec<(Kind, usize, usize)> {
        let (all, missing) = (parts(definition, concepts), self.missing(definition, concepts));
        let of = |kind: Kind, parts: &[Part]| parts.iter().filter(|part| part.kind == kind).count();
        Kind::ALL.map(|kind| (kind, of(kind, &all) - of(kind, &missing), of(kind, &all))).to_vec()
    }

    /// What no story touched, each at its place in the pathway's file.
    pub fn findings(
        &self,
        file: &str,
        text: &str,
        definition: &Definition,
        concepts: &Concepts,
    ) -> Vec<Finding> {
        let Ok(source) = Source::read(file, text) else { return Vec::new() };
        let missing = self.missing(definition, concepts).into_iter();
        missing
            .map(|part| {
                let says = Words::of(|t| match part.kind {
                    Kind::Unknown => t.uncovered_unknown(&part.name),
                    _ => t.uncovered(&part.name),
                });
                source.finding(&part.pointer, part.kind.check(), says)
            })
            .collect()
    }

    fn touch(&mut self, definition: &Definition, pointer: &str) {
        self.0.insert(key(definition, pointer));
    }

    /// What an event touches; the state is the one before it.
    pub(super) fn note(&mut self, library: &Library, state: &PatientState, what: &What) {
        let (What::PhaseEntered { run, .. } | What::RuleFired { run, .. } | What::OutcomeJudged { run, .. }) =
            what
        else {
            return;
        };
        let Some(run) = state.runs.get(run) else { return };
        let Some(pathway) = library.get(&run.hash) else { return };
        let definition = &pathway.definition;
        match what {
            What::PhaseEntered { phase, .. } => {
                let index = |id: &str| definition.phases.iter().position(|phase| phase.id == id);
                if let Some(to) = index(phase) {
                    self.touch(definition, &format!("/phases/{to}"));
                }
                let Some((p, from)) = index(&run.phase).and_then(|p| Some((p, definition.phases.get(p)?)))
                else {
                    return;
                };
                if let Some(e) = from.leave.iter().position(|exit| exit.to == *phase) {
                    self.touch(definition, &format!("/phases/{p}/leave/{e}"));
                }
            }
            What::RuleFired { rule, .. } => {
                for (u, unit) in definition.units.iter().enumerate() {
                    if let Some(r) = unit.rules.iter().position(|known| known.id == *rule) {
                        self.touch(definition, &format!("/units/{u}/rules/{r}"));
                    }
                }
            }
            What::OutcomeJudged { unit, met: Tri::Unknown, .. } => {
                if let Some(u) = definition.units.iter().position(|known| known.id == *unit) {
                    self.touch(definition, &format!("/units/{u}/outcome/met"));
                }
            }
            _ => {}
        }
    }

    /// Looks at every condition that counts now, and keeps which of them are unknown.
    pub(super) fn look(&mut self, library: &Library, state: &PatientState) {
        for run in state.active_runs() {
            let Some(definition) = library.get(&run.hash).map(|pathway| &pathway.definition) else {
                continue;
            };
            let Some(phase) = definition.phase(&run.phase) else { continue };
            let facts = RunFacts::of(state, definition, run);
            for placed in definition.conditions() {
                let unknown = || placed.condition.eval(&facts, state.reached).value == Tri::Unknown;
                if counts_in(&placed.at, phase) && unknown() {
                    self.touch(definition, &placed.pointer);
                }
            }
        }
    }

    /// Looks at what a run waits for that is to begin.
    pub(super) fn look_before(
        &mut self,
        definition: &Definition,
        state: &PatientState,
        now: jiff::Timestamp,
    ) {
        let facts = RunFacts::before_start(state, definition, now);
        let when = definition.start.when.as_ref();
        if when.is_some_and(|when| when.eval(&facts, now).value == Tri::Unknown) {
            self.touch(definition, "/start/when");
        }
    }
}

fn counts_in(at: &Place<'_>, phase: &Phase) -> bool {
    match at {
        // Before the start, and when an outcome is judged, is seen by what happens then.
        Place::Start | Place::Outcome => false,
        Place::Exit(from) => from.id == phase.id,
        Place::Unit(unit) => unit.is_in(phase),
    }
}

fn key(definition: &Definition, pointer: &str) -> String {
    format!("{}{pointer}", definition.id)
}

/// Everything in a pathway that stories should touch.
fn parts(definition: &Definition, concepts: &Concepts) -> Vec<Part> {
    let mut parts = Vec::new();
    let part = |kind: Kind, pointer: String, name: String| Part { kind, pointer, name };
    for (p, phase) in definition.phases.iter().enumerate() {
        parts.push(part(Kind::Phase, format!("/phases/{p}"), phase.id.clone()));
        let exits = phase.leave.iter().enumerate();
        parts.extend(exits.map(|(e, exit)| {
            part(Kind::Exit, format!("/phases/{p}/leave/{e}"), format!("{} → {}", phase.id, exit.to))
        }));
    }
    for (u, unit) in definition.units.iter().enumerate() {
        let rules = unit.rules.iter().enumerate();
        parts.extend(
            rules.map(|(r, rule)| part(Kind::Rule, format!("/units/{u}/rules/{r}"), rule.id.clone())),
        );
    }
    let (before, running) = (Facts::before(definition, concepts), Facts::running(definition, concepts));
    for placed in definition.conditions() {
        let facts = if matches!(placed.at, Place::Start) { &before } else { &running };
        let can_be = |expr| prove::answers(expr, facts).is_none_or(|can| can.unknown);
        if placed.condition.expr().is_some_and(can_be) {
            parts.push(part(Kind::Unknown, placed.pointer, placed.condition.source.clone()));
        }
    }
    parts
}

texts! {
    covered_phases { ja: "段階", en: "phases" }
    covered_exits { ja: "出口", en: "ways out" }
    covered_rules { ja: "規則", en: "rules" }
    covered_unknowns { ja: "不明のままの条件", en: "conditions while unknown" }
    uncovered(name: &str) { ja: "「{name}」を通る物語がありません。", en: "No story touches {name}." }
    uncovered_unknown(condition: &str) {
        ja: "「{condition}」が不明のままになる場面が、どの物語にもありません。",
        en: "In no story it is unknown whether {condition}"
    }
}
