//! Why something is there, and why something is not there yet, as a tree that a person can read. The
//! trees of the past are shown as they were; those of the present are made from the same conditions.

use jiff::Timestamp;
use serde::Serialize;

use crate::concept::Concepts;
use crate::expr;
use crate::expr::Decls;
use crate::expr::Leaf;
use crate::expr::Names;
use crate::expr::Origin;
use crate::expr::Outcome;
use crate::expr::Value;
use crate::expr::Why;
use crate::kernel::id::RunId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time;
use crate::pathway::Library;
use crate::pathway::definition::Definition;
use crate::pathway::engine::ENTERED;
use crate::pathway::engine::IN_HOSPITAL;
use crate::pathway::engine::Next;
use crate::pathway::engine::Occasion;
use crate::pathway::engine::RunFacts;
use crate::pathway::engine::STARTED;
use crate::pathway::engine::occurrence;
use crate::pathway::read::declarations;
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
        let speech = Speech::of(definition, library.concepts);
        let parts = parts.map(|why| speech.line(&why)).collect();
        return Some(Line { parts, ..plain(Words::of(|t| t.why_by_rule())) });
    };
    let tree = schedule.when.as_ref().and_then(|when| when.explain(&facts, now));
    let speech = Speech::of(definition, library.concepts);
    let parts = tree.iter().map(|why| speech.line(why)).collect();
    let next =
        occurrence(definition, schedule, run, run.came_up.get(code).map(|last| last.as_ref()), &facts, now);
    let says = match next {
        Next::At(Occasion { window, .. }) => {
            let opens = window.from.into();
            Words::of(|t| t.why_comes_up(&time::screen_time(opens, t.0)))
        }
        Next::Never => Words::of(|t| t.why_never()),
        Next::Unknown(names) => {
            let titles =
                |lang: Lang| -> Vec<String> { names.iter().map(|name| speech.title(name, lang)).collect() };
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
        Some(definition) => tree.map(|why| Speech::of(definition, concepts).line(why)).into_iter().collect(),
        None => Vec::new(),
    };
    Line { says, holds: None, origin: None, parts }
}

/// How a pathway's conditions speak: facts, choices and tasks by their names.
pub struct Speech<'a> {
    definition: &'a Definition,
    concepts: &'a Concepts,
    decls: Decls,
}

impl<'a> Speech<'a> {
    /// The speech of one pathway.
    pub fn of(definition: &'a Definition, concepts: &'a Concepts) -> Self {
        Self { definition, concepts, decls: declarations(definition, concepts) }
    }

    /// A condition in one sentence, and as it was written: words alone could hide where a bracket stands.
    pub fn condition(&self, source: &str) -> Words {
        let written = source.split_whitespace().collect::<Vec<_>>().join(" ");
        match expr::say_whole(source, &self.decls, self) {
            Some(says) => Words::of(|t| t.why_condition_written(says.say(t.0), &written)),
            None => Words::new(written.clone(), written),
        }
    }

    /// A condition's tree. Depth is bounded by the condition's.
    pub fn line(&self, why: &Why) -> Line {
        let holds = match why.outcome {
            Outcome::True => Some("true"),
            Outcome::False => Some("false"),
            Outcome::Unknown => Some("unknown"),
            Outcome::Value(_) => None,
        };
        if let Some(leaf) = &why.leaf {
            let says = Words::of(|t| self.leaf(leaf, t));
            return Line { says, holds, origin: leaf.origin, parts: Vec::new() };
        }
        let says = expr::say(&why.text, &self.decls, self);
        let says = says.unwrap_or_else(|| Words::new(why.text.clone(), why.text.clone()));
        // What rests on one fact alone is one line: the sentence, and what the record holds.
        if let [only] = why.leaves().as_slice() {
            let says = Words::of(|t| self.with_held(says.say(t.0), only, why.outcome == Outcome::Unknown, t));
            return Line { says, holds, origin: only.origin, parts: Vec::new() };
        }
        Line { says, holds, origin: None, parts: why.parts.iter().map(|part| self.line(part)).collect() }
    }

    /// A sentence and what the record holds, unless the sentence says that already.
    fn with_held(&self, says: &str, leaf: &Leaf, unknown: bool, t: Text) -> String {
        let value = leaf.value.as_ref().map(|value| self.value(&leaf.name, value, t.0));
        let said = match &value {
            Some(value) => !leaf.stale && says == t.say_eq(&self.title(&leaf.name, t.0), value),
            None => !unknown,
        };
        if said { says.to_owned() } else { t.why_and_held(says, &self.leaf(leaf, t)) }
    }

    fn leaf(&self, leaf: &Leaf, t: Text) -> String {
        let name = self.title(&leaf.name, t.0);
        match (&leaf.value, leaf.stale) {
            (None, _) => t.why_leaf_missing(&name),
            (Some(value), true) => t.why_leaf_stale(&name, &self.value(&leaf.name, value, t.0)),
            (Some(value), false) => t.why_leaf(&name, &self.value(&leaf.name, value, t.0)),
        }
    }

    fn title(&self, name: &str, lang: Lang) -> String {
        match name {
            STARTED => return Text(lang).fact_started().to_owned(),
            ENTERED => return Text(lang).fact_entered().to_owned(),
            IN_HOSPITAL => return Text(lang).fact_in_hospital().to_owned(),
            _ => {}
        }
        let concept = self.definition.facts.get(name).and_then(|usage| self.concepts.get(&usage.concept));
        concept.map_or_else(|| name.to_owned(), |concept| concept.title.say(lang).to_owned())
    }
}

impl Names for Speech<'_> {
    fn fact(&self, name: &str, lang: Lang) -> String {
        self.title(name, lang)
    }

    fn value(&self, fact: &str, value: &Value, lang: Lang) -> String {
        let concept = self.definition.facts.get(fact).and_then(|usage| self.concepts.get(&usage.concept));
        match (concept, value) {
            (Some(concept), value) => concept.say(value, lang),
            (None, Value::Number(number)) => number.to_string(),
            (None, Value::Text(text)) => text.clone(),
            (None, Value::Date(day)) => time::screen_day(*day, lang),
            (None, Value::Instant(at)) => time::screen_time((*at).into(), lang),
            (None, Value::Duration(length)) => length.words().say(lang).to_owned(),
            (None, Value::Bool(true)) => Text(lang).concept_yes().to_owned(),
            (None, Value::Bool(false)) => Text(lang).concept_no().to_owned(),
            (None, Value::Set(_)) => String::new(),
        }
    }

    fn task(&self, code: &str, lang: Lang) -> String {
        let task = self.definition.task(code);
        task.map_or_else(|| code.to_owned(), |(_, task)| task.title.say(lang).to_owned())
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
    why_missing(what: &str) { ja: "次のことが分かっていません：{what}", en: "This is not known: {what}" }
    why_planned(from: &str) {
        ja: "パスの予定です（{from} から数えて）。",
        en: "Planned by the pathway, counted from {from}."
    }
    why_rule(title: &str) { ja: "規則「{title}」が成り立ちました。", en: "The rule \"{title}\" held." }
    why_person(reason: &str) { ja: "人が加えました：{reason}", en: "A person added it: {reason}" }
    why_proposal { ja: "提案が確認されました。", en: "People confirmed a proposal." }
    why_condition { ja: "次のことが成り立ちました。", en: "This held." }
    why_condition_written(says: &str, written: &str) { ja: "{says}［{written}］", en: "{says} [{written}]" }
    why_start { ja: "パスが始まりました。", en: "The pathway began." }
    why_leaf(name: &str, value: &str) { ja: "{name}：{value}", en: "{name}: {value}" }
    why_leaf_stale(name: &str, value: &str) {
        ja: "{name}：{value}（古いため数えません）",
        en: "{name}: {value} (too old to count)"
    }
    why_and_held(says: &str, held: &str) { ja: "{says}（{held}）", en: "{says} ({held})" }
    fact_started { ja: "パスの開始", en: "the pathway's start" }
    fact_entered { ja: "この段階の開始", en: "the phase's start" }
    fact_in_hospital { ja: "入院中", en: "in hospital" }
    why_leaf_missing(name: &str) { ja: "{name}：不明", en: "{name}: not known" }
}
