//! Conditions that can never hold, or always do, and ways out that are proposed together: proven by trying
//! every combination over the declared domains. Where there are too many, it says so instead of guessing.

use std::collections::BTreeSet;

use super::Check;
use super::Concepts;
use super::Definition;
use super::Kind;
use super::Words;
use super::catalogue as checks;
use crate::expr::prove;
use crate::expr::prove::Both;
use crate::expr::prove::Domain;
use crate::expr::prove::Domains;
use crate::pathway::definition::Exit;
use crate::pathway::definition::Place;
use crate::pathway::engine;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    let definition = check.definition;
    let running = Facts::running(definition, check.concepts);
    for placed in definition.conditions() {
        let Some(expr) = placed.condition.expr() else { continue };
        let facts = match placed.at {
            Place::Start => &Facts::before(definition, check.concepts),
            _ => &running,
        };
        match prove::answers(expr, facts) {
            None => check.find(&placed.pointer, &checks::NOT_PROVEN, Words::of(|t| t.proof_too_many())),
            Some(can) if !can.holds => {
                check.find(&placed.pointer, &checks::NEVER, Words::of(|t| t.proof_never()));
            }
            Some(can) if !can.fails => {
                check.find(&placed.pointer, &checks::ALWAYS, Words::of(|t| t.proof_always()));
            }
            Some(_) => {}
        }
    }
    for (p, phase) in definition.phases.iter().enumerate() {
        let proposed = phase.leave.iter().enumerate().filter(|(_, exit)| exit.propose.is_some());
        let proposed: Vec<(usize, &Exit)> = proposed.collect();
        for (index, (_, first)) in proposed.iter().enumerate() {
            for (e, second) in proposed.iter().skip(index + 1) {
                together(check, &running, &format!("/phases/{p}/leave/{e}/propose"), (*first, *second));
            }
        }
    }
}

/// Two proposals must not arrive at once unless the file says which comes first: the engine would have to
/// weigh them, and it never does.
fn together(check: &mut Check<'_>, facts: &Facts<'_>, pointer: &str, (first, second): (&Exit, &Exit)) {
    if first.rank() != second.rank() {
        return;
    }
    let exprs =
        (first.propose.as_ref().and_then(|c| c.expr()), second.propose.as_ref().and_then(|c| c.expr()));
    let (Some(one), Some(other)) = exprs else { return };
    match prove::both(one, other, facts) {
        Both::Never => {}
        Both::Can => {
            check.find(pointer, &checks::TOGETHER, Words::of(|t| t.proof_together(&first.to, &second.to)));
        }
        Both::Unproven => {
            check.find(
                pointer,
                &checks::NOT_PROVEN,
                Words::of(|t| t.proof_together_open(&first.to, &second.to)),
            );
        }
    }
}

/// Whether a way out can be taken without people in the very moment its phase began.
pub(super) fn at_once(check: &Check<'_>, exit: &Exit) -> bool {
    let Some(expr) = exit.when.as_ref().and_then(|when| when.expr()) else { return false };
    let facts = Facts { at_once: true, ..Facts::running(check.definition, check.concepts) };
    prove::answers(expr, &facts).is_none_or(|can| can.holds)
}

/// What is declared of a pathway's facts.
pub(in crate::pathway) struct Facts<'a> {
    definition: &'a Definition,
    concepts: &'a Concepts,
    /// Known since the start, and never lost.
    known: BTreeSet<&'a str>,
    at_once: bool,
}

impl<'a> Facts<'a> {
    /// Before a run begins.
    pub fn before(definition: &'a Definition, concepts: &'a Concepts) -> Self {
        Self { definition, concepts, known: BTreeSet::new(), at_once: false }
    }

    /// While a run goes on: what had to be present at its start is known, unless it grows old.
    pub fn running(definition: &'a Definition, concepts: &'a Concepts) -> Self {
        let start = definition.start.when.as_ref().and_then(|when| when.expr());
        let demanded = start.map(|expr| expr.demands()).unwrap_or_default();
        let stays = |name: &&str| {
            definition
                .facts
                .get(*name)
                .is_some_and(|usage| usage.fresh_for.is_none() && usage.since.is_none())
        };
        Self { known: demanded.into_iter().filter(stays).collect(), ..Self::before(definition, concepts) }
    }
}

impl Domains for Facts<'_> {
    fn domain(&self, fact: &str) -> Option<Domain> {
        if [engine::STARTED, engine::ENTERED].contains(&fact) {
            return Some(Domain { kind: Kind::Instant, min: None, max: None, known: true, ages: false });
        }
        if fact == engine::IN_HOSPITAL {
            return Some(Domain { kind: Kind::Bool, min: None, max: None, known: true, ages: false });
        }
        let usage = self.definition.facts.get(fact)?;
        let concept = self.concepts.get(&usage.concept)?;
        Some(Domain {
            kind: concept.kind(),
            min: concept.min,
            max: concept.max,
            known: self.known.contains(fact),
            ages: usage.fresh_for.is_some(),
        })
    }

    fn is_now(&self, fact: &str) -> bool {
        self.at_once && fact == engine::ENTERED
    }
}

texts! {
    proof_never {
        ja: "この条件は、どんな値でも成り立ちません。",
        en: "This condition cannot hold, whatever the values."
    }
    proof_always {
        ja: "この条件は、どんな値でも成り立ってしまいます。",
        en: "This condition holds whatever the values."
    }
    proof_too_many {
        ja: "組み合わせが多すぎて、成り立つことも成り立たないこともあるか、確かめられていません。",
        en: "There are too many combinations; whether it can both hold and fail was not proven."
    }
    proof_together(one: &str, other: &str) {
        ja: "「{one}」への提案と「{other}」への提案が、同時に出ることがあります。",
        en: "\"{one}\" and \"{other}\" can be proposed at the same time."
    }
    proof_together_open(one: &str, other: &str) {
        ja: "「{one}」への提案と「{other}」への提案が同時に出ないかどうか、確かめられていません。",
        en: "Whether \"{one}\" and \"{other}\" can be proposed at the same time was not proven."
    }
}
