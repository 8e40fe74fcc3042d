//! Why something is there, and why something is not there yet, as a tree that a person can read. The
//! trees of the past are shown as they were; those of the present are made from the same conditions.

use jiff::Timestamp;
use serde::Serialize;

use crate::concept::Concepts;
use crate::expr::Origin;
use crate::expr::Outcome;
use crate::expr::Value;
use crate::expr::Why;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::kernel::time;
use crate::pathway::Library;
use crate::pathway::definition::Definition;
use crate::pathway::engine::Next;
use crate::pathway::engine::RunFacts;
use crate::pathway::engine::occurrence;
use crate::pathway::state::PatientState;
use crate::pathway::state::Reason;
use crate::pathway::state::Status;
use crate::texts;

/// One line of an explanation, and what it rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Line {
    /// In words.
    pub says: Words,
    /// `true`, `false`, `unknown`, or nothing where there is nothing to hold.
    pub holds: Option<&'static str>,
    /// Who stated it, when, and in which entry.
    pub origin: Option<Origin>,
    /// What it rests on.
    pub parts: Vec<Line>,
}

/// Why a task is there.
pub fn why(library: &Library, state: &PatientState, task: TaskId) -> Option<Line> {
    let task = state.tasks.get(&task)?;
    let definition = library.get(&state.runs.get(&task.run)?.hash).map(|pathway| &pathway.definition);
    Some(reason(&task.why, definition, library.concepts))
}

/// Why a task of the pathway is not there now.
pub fn why_not(
    library: &Library,
    state: &PatientState,
    run: RunId,
    code: &str,
    now: Timestamp,
) -> Option<Line> {
    let run = state.runs.get(&run)?;
    let pathway = library.get(&run.hash)?;
    let definition = &pathway.definition;
    let (unit, task) = definition.task(code)?;
    let facts = RunFacts::of(state, definition, run);
    let plain = |says: Words| Line { says, holds: None, origin: None, parts: Vec::new() };
    if run.status != Status::Active {
        return Some(plain(Words::of(|t| t.why_run_rests())));
    }
    if !definition.phase(&run.phase).is_some_and(|phase| unit.is_in(phase)) {
        return Some(plain(Words::of(|t| t.why_other_phase(run.phase_title.say(t.0)))));
    }
    let Some(schedule) = &task.schedule else {
        let rules = definition
            .rules()
            .filter(|(_, rule)| rule.actions.iter().any(|action| action.task.as_deref() == Some(code)));
        let parts = rules.filter_map(|(_, rule)| rule.when.explain(&facts, now));
        let parts = parts.map(|why| line(&why, definition, library.concepts)).collect();
        return Some(Line { parts, ..plain(Words::of(|t| t.why_by_rule())) });
    };
    let tree = schedule.when.as_ref().and_then(|when| when.explain(&facts, now));
    let parts = tree.iter().map(|why| line(why, definition, library.concepts)).collect();
    let next = occurrence(definition, schedule, run, run.came_up.get(code), &facts, now);
    let says = match next {
        Next::At(window) => {
            let opens = window.from.into();
            Words::of(|t| t.why_comes_up(&time::screen_time(opens, t.0)))
        }
        Next::Never => Words::of(|t| t.why_never()),
        Next::Unknown(names) => {
            let titles = |lang: Lang| -> Vec<String> {
                names.iter().map(|name| title(name, definition, library.concepts, lang)).collect()
            };
            Words::of(|t| t.why_missing(&titles(t.0).join(t.ask_joint())))
        }
    };
    Some(Line { parts, ..plain(says) })
}

/// A reason as a tree.
pub fn reason(reason: &Reason, definition: Option<&Definition>, concepts: &Concepts) -> Line {
    let (says, tree) = match reason {
        Reason::Plan { from, why, .. } => {
            let from = (*from).into();
            (Words::of(|t| t.why_planned(&time::screen_day(time::Time::day(from), t.0))), why.as_ref())
        }
        Reason::Rule { rule, title, why } => {
            let title = title.clone().unwrap_or_else(|| Words::new(rule.clone(), rule.clone()));
            (Words::of(|t| t.why_rule(title.say(t.0))), why.as_ref())
        }
        Reason::Person { reason } => (Words::of(|t| t.why_person(reason)), None),
        Reason::Proposal { why, .. } => (Words::of(|t| t.why_proposal()), why.as_ref()),
        Reason::Condition { why } => (Words::of(|t| t.why_condition()), why.as_ref()),
        Reason::Start => (Words::of(|t| t.why_start()), None),
    };
    let parts = match definition {
        Some(definition) => tree.map(|why| line(why, definition, concepts)).into_iter().collect(),
        None => Vec::new(),
    };
    Line { says, holds: None, origin: None, parts }
}

/// A condition's tree, with facts and values by their names. Depth is bounded by the condition's.
pub fn line(why: &Why, definition: &Definition, concepts: &Concepts) -> Line {
    let says = match &why.leaf {
        Some(leaf) => Words::of(|t| {
            let name = title(&leaf.name, definition, concepts, t.0);
            match (&leaf.value, leaf.stale) {
                (None, _) => t.why_leaf_missing(&name),
                (Some(value), true) => {
                    t.why_leaf_stale(&name, &show(&leaf.name, value, definition, concepts, t.0))
                }
                (Some(value), false) => {
                    t.why_leaf(&name, &show(&leaf.name, value, definition, concepts, t.0))
                }
            }
        }),
        None => Words::new(why.text.clone(), why.text.clone()),
    };
    Line {
        says,
        holds: match why.outcome {
            Outcome::True => Some("true"),
            Outcome::False => Some("false"),
            Outcome::Unknown => Some("unknown"),
            Outcome::Value(_) => None,
        },
        origin: why.leaf.as_ref().and_then(|leaf| leaf.origin),
        parts: why.parts.iter().map(|part| line(part, definition, concepts)).collect(),
    }
}

fn title(name: &str, definition: &Definition, concepts: &Concepts, lang: Lang) -> String {
    let concept = definition.facts.get(name).and_then(|usage| concepts.get(&usage.concept));
    concept.map_or_else(|| name.to_owned(), |concept| concept.title.say(lang).to_owned())
}

fn show(name: &str, value: &Value, definition: &Definition, concepts: &Concepts, lang: Lang) -> String {
    let concept = definition.facts.get(name).and_then(|usage| concepts.get(&usage.concept));
    match (concept, value) {
        (Some(concept), value) => concept.say(value, lang),
        (None, Value::Instant(at)) => time::screen_time((*at).into(), lang),
        (None, _) => String::new(),
    }
}

texts! {
    why_run_rests { ja: "このパスは今、動いていません。", en: "This pathway is not going on now." }
    why_other_phase(phase: &str) {
        ja: "今の段階（{phase}）のタスクではありません。",
        en: "It does not belong to the present phase ({phase})."
    }
    why_by_rule {
        ja: "次の規則が成り立ったときに現れます。",
        en: "It comes up when one of these rules holds."
    }
    why_comes_up(when: &str) { ja: "{when} に現れます。", en: "It comes up at {when}." }
    why_never { ja: "この段階では、もう現れません。", en: "It does not come up again in this phase." }
    why_missing(what: &str) { ja: "次のことが分かっていません: {what}", en: "This is not known: {what}" }
    why_planned(from: &str) {
        ja: "パスの予定です（{from} から数えて）。",
        en: "Planned by the pathway, counted from {from}."
    }
    why_rule(title: &str) { ja: "規則「{title}」が成り立ちました。", en: "The rule \"{title}\" held." }
    why_person(reason: &str) { ja: "人が加えました: {reason}", en: "A person added it: {reason}" }
    why_proposal { ja: "提案が確認されました。", en: "People confirmed a proposal." }
    why_condition { ja: "次のことが成り立ちました。", en: "This held." }
    why_start { ja: "パスが始まりました。", en: "The pathway began." }
    why_leaf(name: &str, value: &str) { ja: "{name}: {value}", en: "{name}: {value}" }
    why_leaf_stale(name: &str, value: &str) {
        ja: "{name}: {value}（古いため数えません）",
        en: "{name}: {value} (too old to count)"
    }
    why_leaf_missing(name: &str) { ja: "{name}: 不明", en: "{name}: not known" }
}
