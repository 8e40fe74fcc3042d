//! Rules fire on becoming true, or once per new value of what they watch, and re-arm on becoming
//! false. They open tasks, ask, want drafts and note departures; they never write facts. Asking for
//! what is missing is here too: once, and only when nothing planned will bring it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Departure;
use super::RunFacts;
use super::Work;
use super::plan;
use super::plan::Next;
use super::tasks;
use crate::expr::Facts;
use crate::expr::Tri;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::pathway::definition::Action;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Rule;
use crate::pathway::event::What;
use crate::pathway::state::Ask;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::derived;
use crate::texts;

/// Fires what became true, re-arms what became false.
pub(super) fn fire(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    for (unit, rule) in definition.rules() {
        let Some(known) = work.active(run) else { return };
        if !definition.phase(&known.phase).is_some_and(|phase| unit.is_in(phase)) {
            continue;
        }
        let facts = RunFacts::of(&work.state, definition, known);
        let fired = known.rules.get(&rule.id).cloned().unwrap_or_default();
        let newest = newest(rule, &facts);
        match rule.when.eval(&facts, work.now).value {
            Tri::True if !fired.spent || (rule.each && newest > fired.seen) => {
                let why = rule.when.explain(&facts, work.now);
                let count = fired.count + 1;
                work.emit(What::RuleFired {
                    run,
                    rule: rule.id.clone(),
                    count,
                    seen: newest,
                    why: why.clone(),
                });
                let reason = Reason::Rule { rule: rule.id.clone(), title: rule.title.clone(), why };
                for (index, action) in rule.actions.iter().enumerate() {
                    act(work, run, definition, action, &format!("{}/{count}/{index}", rule.id), &reason);
                }
            }
            Tri::False if fired.spent => work.emit(What::RuleReset { run, rule: rule.id.clone() }),
            _ => {}
        }
    }
    late_asks(work, run);
}

/// Asks for facts that decide something here and that no planned task brings; all in one ask. Closes
/// the ask once nothing of it is missing.
pub(super) fn ask_for_missing(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    close_answered(work, run, definition);
    let (Some(unknown), Some(known)) = (&definition.unknown, work.active(run)) else { return };
    let Some(phase) = definition.phase(&known.phase) else { return };
    let facts = RunFacts::of(&work.state, definition, known);
    let coming = coming(definition, phase);
    let wanted: BTreeSet<&String> = missing(work, definition, phase, known, &facts)
        .into_iter()
        .filter(|name| !coming.contains(name.as_str()))
        .filter_map(|name| definition.facts.get(&name))
        .map(|usage| &usage.concept)
        .filter(|concept| !known.asked.contains(*concept))
        .collect();
    if wanted.is_empty() {
        return;
    }
    let wanted: Vec<String> = wanted.into_iter().cloned().collect();
    let titles = |t: crate::kernel::lang::Text| {
        let titles = wanted.iter().filter_map(|concept| work.library.concepts.get(concept));
        titles.map(|concept| concept.title.say(t.0).to_owned()).collect::<Vec<_>>().join(t.ask_joint())
    };
    let ask = Ask {
        id: derived::ask(run, &format!("missing/{}/{}", known.visit, wanted.join("/"))),
        run,
        role: unknown.ask,
        text: Words::of(|t| t.ask_for_missing(&titles(t))),
        opened: work.now,
        due: unknown.within.map(|within| within.after(work.now)),
        task: None,
        facts: wanted,
        why: Reason::Condition { why: None },
        late: false,
        answered: None,
    };
    work.emit(What::Asked(Arc::new(ask)));
}

/// The number of the newest value that a rule watches.
fn newest(rule: &Rule, facts: &RunFacts<'_>) -> u64 {
    let names = rule.when.expr().map(|expr| expr.facts()).unwrap_or_default();
    names.into_iter().map(|name| facts.number(name)).max().unwrap_or(0)
}

fn act(work: &mut Work<'_>, run: RunId, definition: &Definition, action: &Action, key: &str, why: &Reason) {
    let due = action.within.map(|within| within.after(work.now));
    if let Some(code) = &action.task {
        tasks::come_up_now(work, run, definition, code, due, key.to_owned(), why.clone());
    }
    if let Some(role) = action.ask {
        let about = action.about.as_deref();
        let task = work.state.tasks.values().find(|task| task.run == run && task.code.as_deref() == about);
        let ask = Ask {
            id: derived::ask(run, key),
            run,
            role,
            text: action.text.clone().unwrap_or_else(|| Words::of(|t| t.ask_look())),
            opened: work.now,
            due,
            task: task.filter(|_| about.is_some()).map(|task| task.id),
            facts: Vec::new(),
            why: why.clone(),
            late: false,
            answered: None,
        };
        work.emit(What::Asked(Arc::new(ask)));
    }
    if let Some(form) = &action.draft {
        let task = work.state.tasks.values().find(|task| task.run == run && task.form.as_ref() == Some(form));
        let task = task.map(|task| task.id);
        work.emit(What::DraftWanted { run, letter: derived::letter(run, key), form: form.clone(), task });
    }
    if let Some(code) = &action.variance {
        let departure = Departure { key: key.to_owned(), ..Departure::default() };
        work.vary(run, definition, code, departure);
    }
}

fn late_asks(work: &mut Work<'_>, run: RunId) {
    let now = work.now;
    let late: Vec<_> = work
        .state
        .open_asks()
        .filter(|ask| ask.run == run && !ask.late && ask.due.is_some_and(|due| due <= now))
        .map(|ask| ask.id)
        .collect();
    for ask in late {
        work.emit(What::AskLate { ask });
    }
}

fn close_answered(work: &mut Work<'_>, run: RunId, definition: &Definition) {
    let Some(known) = work.active(run) else { return };
    let facts = RunFacts::of(&work.state, definition, known);
    let now = work.now;
    let is_known = |concept: &String| {
        let names = definition.facts.iter().filter(|(_, usage)| usage.concept == *concept);
        names.into_iter().any(|(name, _)| {
            facts.latest(name).is_some_and(|seen| seen.stale_at.is_none_or(|stale| stale > now))
        })
    };
    let answered: Vec<_> = work
        .state
        .open_asks()
        .filter(|ask| ask.run == run && !ask.facts.is_empty() && ask.facts.iter().all(is_known))
        .map(|ask| ask.id)
        .collect();
    for ask in answered {
        work.emit(What::AskClosed { ask, answered: true });
    }
}

/// Facts that a task planned in this phase brings anyway.
fn coming<'a>(definition: &'a Definition, phase: &'a Phase) -> BTreeSet<&'a str> {
    let planned = definition.tasks_in(phase).filter(|task| task.schedule.is_some());
    planned.flat_map(|task| task.brings.iter().map(String::as_str)).collect()
}

/// Facts whose absence leaves something of this phase undecided.
fn missing(
    work: &Work<'_>,
    definition: &Definition,
    phase: &Phase,
    run: &Run,
    facts: &RunFacts<'_>,
) -> BTreeSet<String> {
    let exits = phase.leave.iter().flat_map(|exit| exit.propose.iter().chain(&exit.when));
    let rules = definition.units_in(phase).flat_map(|unit| unit.rules.iter().map(|rule| &rule.when));
    let mut names: BTreeSet<String> = BTreeSet::new();
    for condition in exits.chain(rules) {
        let verdict = condition.eval(facts, work.now);
        names.extend(verdict.missing.into_iter().map(|missing| missing.name));
    }
    for task in definition.tasks_in(phase) {
        let Some(schedule) = &task.schedule else { continue };
        let last = run.came_up.get(task.id.as_str()).map(Arc::as_ref);
        if let Next::Unknown(facts) = plan::occurrence(definition, schedule, run, last, facts, work.now) {
            names.extend(facts.first().cloned());
        }
    }
    names
}

texts! {
    ask_joint { ja: "、", en: ", " }
    ask_for_missing(what: &str) {
        ja: "次のことが分かりません。記録してください: {what}",
        en: "This is not known. Please record it: {what}"
    }
    ask_look { ja: "確認してください。", en: "Please look into this." }
}
