//! What is not there yet in a patient's runs, and why: the same conditions, looked at now. For each way
//! out of the present phase, each rule and each planned task that is not open it says what holds, what
//! does not, what is missing, and when time alone would change that. Nothing is written.

use jiff::Timestamp;
use serde::Serialize;

use crate::concept::Concepts;
use crate::expr::Facts;
use crate::expr::Tri;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::pathway::Library;
use crate::pathway::definition::Condition;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Exit;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Rule;
use crate::pathway::engine::RunFacts;
use crate::pathway::engine::declined;
use crate::pathway::engine::held_back;
use crate::pathway::engine::is_silenced;
use crate::pathway::state::PatientState;
use crate::pathway::state::Run;
use crate::pathway::why::Line;
use crate::pathway::why::Speech;
use crate::pathway::why::why_not;
use crate::texts;

/// Moments looked through for the one at which a condition turns.
const TURNS_MAX: usize = 64;

/// What kind of thing is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// A way out of the present phase.
    Exit,
    /// A planned task.
    Task,
    /// A rule.
    Rule,
}

/// Something that is not there yet.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NotYet {
    /// In which run.
    pub run: RunId,
    /// What kind of thing.
    pub part: Part,
    /// Its name in the pathway: a task, a rule, or the phase that a way leads to.
    pub code: String,
    /// What it is called.
    pub title: Words,
    /// Why it is not there, leaf by leaf.
    pub why: Line,
    /// When time alone would change what its condition says, and what it would say then.
    pub turns: Option<Turn>,
    /// The concepts that it hangs on.
    pub concepts: Vec<String>,
}

/// A moment at which time alone changes what a condition says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Turn {
    /// When.
    pub at: Timestamp,
    /// What it says from then on.
    pub to: Tri,
}

/// All that is not there yet in the runs that go on, in the order of the pathways' own pages.
pub fn not_yet(library: &Library, state: &PatientState, now: Timestamp) -> Vec<NotYet> {
    let mut found = Vec::new();
    for run in state.active_runs() {
        let Some(definition) = library.get(&run.hash).map(|pathway| &pathway.definition) else { continue };
        let Some(phase) = definition.phase(&run.phase) else { continue };
        let look = Look {
            library,
            state,
            run,
            definition,
            facts: RunFacts::of(state, definition, run),
            speech: Speech::of(definition, library.concepts),
            now,
        };
        found.extend(look.exits(phase));
        found.extend(look.tasks(phase));
        found.extend(look.rules(phase));
    }
    found
}

/// One run, as it is looked at.
struct Look<'a> {
    library: &'a Library,
    state: &'a PatientState,
    run: &'a Run,
    definition: &'a Definition,
    facts: RunFacts<'a>,
    speech: Speech<'a>,
    now: Timestamp,
}

impl Look<'_> {
    fn exits(&self, phase: &Phase) -> Vec<NotYet> {
        let waits = |exit: &&Exit| {
            let open = |to: &str| {
                self.state.open_proposals().any(|proposal| proposal.run == self.run.id && proposal.to == to)
            };
            !open(&exit.to)
        };
        phase.leave.iter().filter(waits).map(|exit| self.exit(phase, exit)).collect()
    }

    fn exit(&self, phase: &Phase, exit: &Exit) -> NotYet {
        let conditions: Vec<&Condition> = exit.propose.iter().chain(&exit.when).collect();
        let is_declined = || declined(self.state, self.run, self.definition, exit);
        let says = match conditions.first() {
            None => Words::of(|t| {
                let names: Vec<String> =
                    exit.choose.iter().map(|one| one.name().say(t.0).to_owned()).collect();
                t.yet_people_choose(&names.join(t.ask_joint()))
            }),
            Some(_) if is_declined() => Words::of(|t| t.yet_declined()),
            Some(condition) if condition.eval(&self.facts, self.now).value == Tri::True => {
                match held_back(self.state, self.run.id, phase, exit) {
                    Some(first) => {
                        let first = first.title(self.definition);
                        Words::of(|t| t.yet_held_back(first.say(t.0)))
                    }
                    None => self.verdict(condition),
                }
            }
            Some(condition) => self.verdict(condition),
        };
        self.found(Part::Exit, exit.to.clone(), exit.title(self.definition), says, &conditions)
    }

    fn rules(&self, phase: &Phase) -> Vec<NotYet> {
        let here = self.definition.rules().filter(|(unit, _)| unit.is_in(phase));
        here.map(|(_, rule)| self.rule(rule)).collect()
    }

    fn rule(&self, rule: &Rule) -> NotYet {
        let fired = self.run.rules.get(&rule.id).cloned().unwrap_or_default();
        let holds = rule.when.eval(&self.facts, self.now).value == Tri::True;
        let says = match (holds && fired.spent, rule.each) {
            (true, true) => Words::of(|t| t.yet_fired_each()),
            (true, false) => Words::of(|t| t.yet_fired()),
            (false, _) => self.verdict(&rule.when),
        };
        let title = rule.title.clone().unwrap_or_else(|| Words::new(rule.id.clone(), rule.id.clone()));
        self.found(Part::Rule, rule.id.clone(), title, says, &[&rule.when])
    }

    fn tasks(&self, phase: &Phase) -> Vec<NotYet> {
        let is_open = |code: &str| {
            self.state
                .tasks
                .values()
                .any(|task| task.run == self.run.id && task.code.as_deref() == Some(code))
        };
        self.definition
            .tasks()
            .filter(|(unit, task)| unit.is_in(phase) && task.schedule.is_some() && !is_open(&task.id))
            .filter_map(|(_, task)| {
                let when: Vec<&Condition> =
                    task.schedule.iter().filter_map(|schedule| schedule.when.as_ref()).collect();
                let silenced = is_silenced(self.state, self.run.id, self.definition, &task.id);
                let mut found = self.found(
                    Part::Task,
                    task.id.clone(),
                    task.title.clone(),
                    Words::of(|t| t.yet_silenced()),
                    &when,
                );
                if !silenced {
                    found.why = why_not(self.library, self.state, self.run.id, &task.id, self.now)?;
                }
                Some(found)
            })
            .collect()
    }

    fn found(
        &self,
        part: Part,
        code: String,
        title: Words,
        says: Words,
        conditions: &[&Condition],
    ) -> NotYet {
        let trees = conditions.iter().filter_map(|condition| condition.explain(&self.facts, self.now));
        let parts = trees.map(|tree| self.speech.line(&tree)).collect();
        let mut concepts: Vec<String> = conditions
            .iter()
            .filter_map(|condition| condition.expr())
            .flat_map(|expr| expr.facts())
            .filter_map(|name| self.definition.facts.get(name).map(|usage| usage.concept.clone()))
            .collect();
        concepts.sort_unstable();
        concepts.dedup();
        NotYet {
            run: self.run.id,
            part,
            code,
            title,
            why: Line { says, holds: None, origin: None, parts },
            turns: conditions
                .iter()
                .filter_map(|condition| turn(condition, &self.facts, self.now))
                .min_by_key(|turn| turn.at),
            concepts,
        }
    }

    fn verdict(&self, condition: &Condition) -> Words {
        let verdict = condition.eval(&self.facts, self.now);
        match verdict.value {
            Tri::True => Words::of(|t| t.yet_holds()),
            Tri::False => Words::of(|t| t.yet_does_not_hold()),
            Tri::Unknown => {
                let stale = verdict.missing.iter().all(|missing| missing.stale);
                Words::of(|t| if stale { t.yet_too_old() } else { t.yet_not_known() })
            }
        }
    }
}

/// When time alone changes what a condition says, if nothing else changes.
fn turn(condition: &Condition, facts: &dyn Facts, now: Timestamp) -> Option<Turn> {
    let first = condition.eval(facts, now);
    let (mut next, said) = (first.flips_at, first.value);
    for _ in 0..TURNS_MAX {
        let at = next.filter(|at| *at > now)?;
        let then = condition.eval(facts, at);
        if then.value != said {
            return Some(Turn { at, to: then.value });
        }
        next = then.flips_at.filter(|later| *later > at);
    }
    None
}

/// The concepts that the runs which go on look at in any way: what could be supposed.
pub fn watched(library: &Library, state: &PatientState) -> Vec<String> {
    let known = |code: &String| Concepts::shipped().get(code).is_some();
    let mut concepts: Vec<String> = state
        .active_runs()
        .filter_map(|run| library.get(&run.hash))
        .flat_map(|pathway| pathway.definition.facts.values().map(|usage| usage.concept.clone()))
        .filter(known)
        .collect();
    concepts.sort_unstable();
    concepts.dedup();
    concepts
}

texts! {
    yet_holds { ja: "条件はいま成り立っています。", en: "Its condition holds now." }
    yet_does_not_hold { ja: "条件がまだ成り立っていません。", en: "Its condition does not hold yet." }
    yet_not_known { ja: "分からないことがあるため、判断できません。", en: "Something is not known, so nothing is decided." }
    yet_too_old { ja: "記録が古いため、判断できません。", en: "What is recorded is too old to decide on." }
    yet_declined {
        ja: "見送られました。もとになった値が変わるまで、もう一度は提案しません。",
        en: "People declined it. It is not proposed again until a value changes that it was made on."
    }
    yet_held_back(first: &str) {
        ja: "条件は成り立っていますが、先に「{first}」の提案を決めてください。",
        en: "Its condition holds, but \"{first}\" comes first: please decide on that proposal."
    }
    yet_people_choose(names: &str) {
        ja: "条件では動きません。{names}が選びます。",
        en: "No condition leads there: it is chosen by {names}."
    }
    yet_fired {
        ja: "すでに働きました。一度成り立たなくなってから、また成り立つと働きます。",
        en: "It fired already. It fires again once it has not held in between."
    }
    yet_fired_each {
        ja: "すでに働きました。新しい記録があるたびに働きます。",
        en: "It fired already. It fires again with each new value."
    }
    yet_silenced { ja: "ほかのパスが優先されるため、現れません。", en: "Another pathway comes first and silences it." }
}
