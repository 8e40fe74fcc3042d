//! Names: every name that is used exists, none is given twice, none is idle.

use super::BTreeMap;
use super::BTreeSet;
use super::Check;
use super::Definition;
use super::Kind;
use super::Of;
use super::Profession;
use super::Words;
use super::below;
use super::catalogue as checks;
use crate::expr;
use crate::expr::nearest;
use crate::kernel::finding;
use crate::pathway::definition::At;
use crate::pathway::definition::Every;
use crate::pathway::definition::From;
use crate::pathway::definition::PHASE;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Role;
use crate::pathway::definition::START;
use crate::pathway::definition::Task;
use crate::pathway::definition::Unit;
use crate::pathway::engine;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    ids(check);
    facts(check);
    anchors(check);
    references(check);
    roles(check);
    idle_facts(check);
}

fn ids(check: &mut Check<'_>) {
    let definition = check.definition;
    let mut seen: BTreeMap<(&str, &str), String> = BTreeMap::new();
    let mut all: Vec<(&str, &str, String)> = Vec::new();
    all.extend(
        definition
            .phases
            .iter()
            .enumerate()
            .map(|(i, p)| ("phase", p.id.as_str(), format!("/phases/{i}/id"))),
    );
    all.extend(
        definition
            .evidence
            .iter()
            .enumerate()
            .map(|(i, e)| ("evidence", e.id.as_str(), format!("/evidence/{i}/id"))),
    );
    for (u, unit) in definition.units.iter().enumerate() {
        all.push(("unit", &unit.id, format!("/units/{u}/id")));
        let tasks = unit.tasks.iter().enumerate();
        all.extend(tasks.map(|(t, task)| ("task", task.id.as_str(), format!("/units/{u}/tasks/{t}/id"))));
        let rules = unit.rules.iter().enumerate();
        all.extend(rules.map(|(r, rule)| ("rule", rule.id.as_str(), format!("/units/{u}/rules/{r}/id"))));
    }
    for (kind, id, pointer) in all {
        if seen.insert((kind, id), pointer.clone()).is_some() {
            check.find(&pointer, &checks::ID_TWICE, Words::of(|t| t.check_id_twice(id)));
        }
    }
}

fn facts(check: &mut Check<'_>) {
    for (name, usage) in &check.definition.facts {
        let pointer = below("/facts", name);
        if [engine::STARTED, engine::ENTERED, engine::IN_HOSPITAL, "it", "true", "false", "in"]
            .contains(&name.as_str())
        {
            check.find(&pointer, &checks::RESERVED_NAME, Words::of(|t| t.check_reserved(name)));
        }
        if usage.fresh_for.is_some_and(|length| !length.is_positive()) {
            check.find(&format!("{pointer}/fresh_for"), &checks::LENGTH, Words::of(|t| t.check_length()));
        }
    }
}

fn anchors(check: &mut Check<'_>) {
    let definition = check.definition;
    for (name, facts) in &definition.anchors {
        let pointer = below("/anchors", name);
        if [START, PHASE].contains(&name.as_str()) {
            check.find(&pointer, &checks::RESERVED_NAME, Words::of(|t| t.check_reserved(name)));
        }
        for (index, fact) in facts.iter().enumerate() {
            let pointer = format!("{pointer}/{index}");
            let concept = definition.facts.get(fact).and_then(|usage| check.concepts.get(&usage.concept));
            match concept.map(|concept| concept.kind()) {
                Some(Kind::Date | Kind::Instant) => {}
                Some(_) => {
                    check.find(&pointer, &checks::ANCHOR_KIND, Words::of(|t| t.check_anchor_kind(fact)))
                }
                None => unknown_fact(check, &pointer, fact),
            }
        }
    }
}

fn unknown_fact(check: &mut Check<'_>, pointer: &str, fact: &str) {
    let says = match nearest(fact, check.definition.facts.keys()) {
        Some(near) => Words::of(|t| t.expr_unknown_fact_near(fact, near)),
        None => Words::of(|t| t.expr_unknown_fact(fact)),
    };
    check.find(pointer, &expr::checks::UNKNOWN_FACT, says);
}

/// The names that a file uses, each with the place where it stands.
#[derive(Default)]
struct Named<'a> {
    phases: Vec<(String, &'a str)>,
    variances: Vec<(String, &'a str)>,
    anchors: Vec<(String, &'a str)>,
    tasks: Vec<(String, &'a str)>,
}

/// Phases, variances, anchors and tasks that are named exist.
fn references(check: &mut Check<'_>) {
    let definition = check.definition;
    let named = Named::gather(definition);
    let mut unknown: Vec<(String, &'static finding::Check, Words)> = Vec::new();
    for (pointer, id) in named.phases {
        if definition.phase(id).is_none() {
            unknown.push((pointer, &checks::UNKNOWN_PHASE, Words::of(|t| t.check_unknown_phase(id))));
        }
    }
    for (pointer, code) in named.variances {
        if !definition.variances.contains_key(code) {
            unknown.push((pointer, &checks::UNKNOWN_VARIANCE, Words::of(|t| t.check_unknown_variance(code))));
        }
    }
    for (pointer, name) in named.anchors {
        if ![START, PHASE].contains(&name) && !definition.anchors.contains_key(name) {
            unknown.push((pointer, &checks::UNKNOWN_ANCHOR, Words::of(|t| t.check_unknown_anchor(name))));
        }
    }
    for (pointer, id) in named.tasks {
        if definition.task(id).is_none() {
            unknown.push((pointer, &expr::checks::UNKNOWN_TASK, Words::of(|t| t.expr_unknown_task(id))));
        }
    }
    for (pointer, name, says) in unknown {
        check.find(&pointer, name, says);
    }
}

impl<'a> Named<'a> {
    fn gather(definition: &'a Definition) -> Self {
        let mut named = Self::default();
        for (p, phase) in definition.phases.iter().enumerate() {
            named.in_phase(&format!("/phases/{p}"), phase);
        }
        for (u, unit) in definition.units.iter().enumerate() {
            named.in_unit(&format!("/units/{u}"), unit);
        }
        for (c, conflict) in definition.conflicts.iter().enumerate() {
            let suspended = conflict.suspend.iter().enumerate();
            named.tasks.extend(suspended.map(|(i, id)| (format!("/conflicts/{c}/suspend/{i}"), id.as_str())));
        }
        named
    }

    fn in_phase(&mut self, base: &str, phase: &'a Phase) {
        for (e, exit) in phase.leave.iter().enumerate() {
            self.phases.push((format!("{base}/leave/{e}/to"), &exit.to));
            let variance = exit.variance.as_deref();
            self.variances.extend(variance.map(|code| (format!("{base}/leave/{e}/variance"), code)));
        }
        if let Some(latest) = &phase.latest {
            self.anchors.push((format!("{base}/latest/at"), &latest.at.anchor));
            self.variances.push((format!("{base}/latest/variance"), &latest.variance));
        }
    }

    fn in_unit(&mut self, base: &str, unit: &'a Unit) {
        let phases = unit.phases.iter().enumerate();
        self.phases.extend(phases.map(|(i, id)| (format!("{base}/in/{i}"), id.as_str())));
        let outcome = unit.outcome.as_ref().and_then(|outcome| outcome.variance.as_deref());
        self.variances.extend(outcome.map(|code| (format!("{base}/outcome/variance"), code)));
        for (t, task) in unit.tasks.iter().enumerate() {
            self.in_task(&format!("{base}/tasks/{t}"), task);
        }
        for (r, rule) in unit.rules.iter().enumerate() {
            for (a, action) in rule.actions.iter().enumerate() {
                let base = format!("{base}/rules/{r}/do/{a}");
                let variance = action.variance.as_deref();
                self.variances.extend(variance.map(|code| (format!("{base}/variance"), code)));
                self.tasks.extend(action.task.as_deref().map(|task| (format!("{base}/task"), task)));
                self.tasks.extend(action.about.as_deref().map(|task| (format!("{base}/about"), task)));
            }
        }
    }

    fn in_task(&mut self, base: &str, task: &'a Task) {
        self.variances.extend(task.variance.as_deref().map(|code| (format!("{base}/variance"), code)));
        self.anchors.extend(task.clock.as_deref().map(|clock| (format!("{base}/clock"), clock)));
        let Some(schedule) = &task.schedule else { return };
        for (index, at) in moments(&schedule.from).into_iter().enumerate() {
            let choice = matches!(schedule.from, From::Choice(_));
            let which = if choice { format!("/{index}/at") } else { String::new() };
            self.anchors.push((format!("{base}/schedule/from{which}"), &at.anchor));
        }
        if let Some(Every::Phases(every)) = &schedule.every {
            let phases = every.keys();
            self.phases.extend(phases.map(|id| (below(&format!("{base}/schedule/every"), id), id.as_str())));
        }
    }
}

fn moments(from: &From) -> Vec<&At> {
    match from {
        From::Plain(at) => vec![at],
        From::Choice(choices) => choices.iter().map(|choice| &choice.at).collect(),
    }
}

/// Every profession that is called on takes part.
fn roles(check: &mut Check<'_>) {
    let definition = check.definition;
    let mut called: Vec<(String, Profession)> = Vec::new();
    let list = |pointer: String, roles: &[Profession]| -> Vec<(String, Profession)> {
        roles.iter().enumerate().map(|(i, role)| (format!("{pointer}/{i}"), *role)).collect()
    };
    called.extend(list("/start/by".to_owned(), &definition.start.by));
    called.extend(definition.unknown.as_ref().map(|unknown| ("/unknown/ask".to_owned(), unknown.ask)));
    for (p, phase) in definition.phases.iter().enumerate() {
        for (e, exit) in phase.leave.iter().enumerate() {
            let base = format!("/phases/{p}/leave/{e}");
            called.extend(list(format!("{base}/choose"), &exit.choose));
            if let Some(confirm) = &exit.confirm {
                called.extend(list(format!("{base}/confirm/by"), &confirm.by));
            }
            let steps = exit.escalate.iter().enumerate();
            called.extend(steps.map(|(s, step)| (format!("{base}/escalate/{s}/to"), profession(step.to))));
        }
    }
    for (u, unit) in definition.units.iter().enumerate() {
        for (t, task) in unit.tasks.iter().enumerate() {
            let base = format!("/units/{u}/tasks/{t}");
            called.push((format!("{base}/role"), task.role));
            called.extend(list(format!("{base}/substitute"), &task.substitute));
            called.extend(list(format!("{base}/by_hand"), &task.by_hand));
            if let Some(skip) = &task.skip {
                called.extend(list(format!("{base}/skip/by"), &skip.by));
            }
            let steps = task.escalate.iter().enumerate();
            called.extend(steps.map(|(s, step)| (format!("{base}/escalate/{s}/to"), profession(step.to))));
        }
        for (r, rule) in unit.rules.iter().enumerate() {
            let actions = rule.actions.iter().enumerate();
            called.extend(
                actions.filter_map(|(a, action)| {
                    Some((format!("/units/{u}/rules/{r}/do/{a}/ask"), action.ask?))
                }),
            );
        }
    }
    for (pointer, role) in called {
        if !definition.roles.contains(&role) {
            check.find(&pointer, &checks::UNKNOWN_ROLE, Words::of(|t| t.check_role_missing(role.code())));
        }
    }
}

/// The main and the deputy doctor are doctors.
fn profession(role: Role) -> Profession {
    match role {
        Role::Profession(profession) => profession,
        Role::Main | Role::Deputy => Profession::Doctor,
    }
}

/// Facts that nothing looks at, and observations that no task brings.
fn idle_facts(check: &mut Check<'_>) {
    let definition = check.definition;
    let brought: BTreeSet<&String> = definition.tasks().flat_map(|(_, task)| &task.brings).collect();
    let mut used: BTreeSet<&str> = definition.anchors.values().flatten().map(String::as_str).collect();
    let mut all_typed = true;
    for placed in definition.conditions() {
        match placed.condition.expr() {
            Some(expr) => used.extend(expr.facts()),
            None => all_typed = false,
        }
    }
    for (u, unit) in definition.units.iter().enumerate() {
        for (t, task) in unit.tasks.iter().enumerate() {
            for (b, fact) in task.brings.iter().enumerate() {
                if !definition.facts.contains_key(fact) {
                    unknown_fact(check, &format!("/units/{u}/tasks/{t}/brings/{b}"), fact);
                }
            }
        }
    }
    for (name, usage) in &definition.facts {
        let pointer = below("/facts", name);
        // A condition that could not be read may look at any of them.
        if all_typed && !used.contains(name.as_str()) {
            check.find(&pointer, &checks::FACT_IDLE, Words::of(|t| t.check_fact_idle(name)));
        }
        let observed =
            check.concepts.get(&usage.concept).is_some_and(|concept| concept.of == Of::Observation);
        if observed && !brought.contains(name) {
            check.find(&pointer, &checks::FACT_UNFED, Words::of(|t| t.check_fact_unfed(name)));
        }
    }
}

texts! {
    check_id_twice(id: &str) {
        ja: "「{id}」という id が二つあります。",
        en: "The id \"{id}\" is given twice."
    }
    check_reserved(name: &str) {
        ja: "「{name}」は決められた意味があるので、名前に使えません。",
        en: "\"{name}\" has a fixed meaning and cannot be a name."
    }
    check_length { ja: "長さが 0 以下です。", en: "The length is nothing, or less." }
    check_anchor_kind(fact: &str) {
        ja: "「{fact}」は日付でも日時でもないので、数え始めにできません。",
        en: "\"{fact}\" is neither a date nor a moment, so nothing can count from it."
    }
    check_unknown_phase(id: &str) { ja: "「{id}」という段階はありません。", en: "There is no phase \"{id}\"." }
    check_unknown_variance(code: &str) {
        ja: "「{code}」というバリアンスは variances にありません。",
        en: "There is no variance \"{code}\" under variances."
    }
    check_unknown_anchor(name: &str) {
        ja: "「{name}」という起点は anchors にありません（start と phase はいつでも使えます）。",
        en: "There is no anchor \"{name}\" under anchors (start and phase always exist)."
    }
    check_role_missing(role: &str) {
        ja: "「{role}」は roles にありません。",
        en: "\"{role}\" is not among the roles."
    }
    check_fact_idle(name: &str) {
        ja: "「{name}」はどの条件でも起点でも使われていません。",
        en: "Nothing looks at \"{name}\"."
    }
    check_fact_unfed(name: &str) {
        ja: "「{name}」を観察するタスクがありません。",
        en: "No task brings \"{name}\"."
    }
}
