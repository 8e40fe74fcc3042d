//! Tasks, units and rules: each has a point, comes up, and ends.

use super::BTreeMap;
use super::BTreeSet;
use super::Check;
use super::Words;
use crate::kernel::length::Length;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Action;
use crate::pathway::definition::Every;
use crate::pathway::definition::Schedule;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    let definition = check.definition;
    let opened: BTreeSet<&String> = definition
        .rules()
        .flat_map(|(_, rule)| &rule.actions)
        .filter_map(|action| action.task.as_ref())
        .collect();
    let cited: BTreeSet<&String> = definition.evidence.iter().map(|evidence| &evidence.id).collect();
    if definition.start.by.is_empty() && definition.start.on.is_none() {
        check.error("/start", "never-starts", Words::of(|t| t.check_never_starts()));
    }
    for (u, unit) in definition.units.iter().enumerate() {
        let base = format!("/units/{u}");
        if unit.tasks.is_empty() && unit.rules.is_empty() && unit.outcome.is_none() {
            check.error(&base, "empty-unit", Words::of(|t| t.check_empty_unit(&unit.id)));
        }
        if unit.outcome.as_ref().is_some_and(|outcome| !outcome.judge_every.is_positive()) {
            let pointer = format!("{base}/outcome/judge_every");
            check.error(&pointer, "never-judged", Words::of(|t| t.check_length()));
        }
        for (t, task) in unit.tasks.iter().enumerate() {
            let base = format!("{base}/tasks/{t}");
            if task.schedule.is_none() && task.by_hand.is_empty() && !opened.contains(&task.id) {
                check.error(&base, "never-opened", Words::of(|t| t.check_never_opened(&task.id)));
            }
            for (e, evidence) in task.evidence.iter().enumerate() {
                if !cited.contains(evidence) {
                    let pointer = format!("{base}/evidence/{e}");
                    check.error(&pointer, "unknown-evidence", Words::of(|t| t.check_evidence(evidence)));
                }
            }
            if let Some(schedule) = &task.schedule {
                schedule_is_fair(check, &format!("{base}/schedule"), schedule);
            }
        }
        for (r, rule) in unit.rules.iter().enumerate() {
            for (a, action) in rule.actions.iter().enumerate() {
                action_is_one(check, &format!("{base}/rules/{r}/do/{a}"), action);
            }
        }
    }
    merges(check);
}

fn schedule_is_fair(check: &mut Check<'_>, pointer: &str, schedule: &Schedule) {
    if schedule.every.is_some() && !schedule.weekdays.is_empty() {
        check.error(&format!("{pointer}/weekdays"), "two-rhythms", Words::of(|t| t.check_two_rhythms()));
    }
    let intervals: Vec<Length> = match &schedule.every {
        None => Vec::new(),
        Some(Every::Plain(length)) => vec![*length],
        Some(Every::Phases(phases)) => phases.values().copied().collect(),
    };
    let shortest = intervals.iter().map(|length| length.about_seconds()).min();
    if shortest.is_some_and(|seconds| seconds < MINUTES_MIN * 60) {
        check.error(&format!("{pointer}/every"), "too-often", Words::of(|t| t.check_too_often(MINUTES_MIN)));
    }
    if schedule.slots.len() > 1 && !schedule.recurs() {
        check.error(&format!("{pointer}/slots"), "slots-once", Words::of(|t| t.check_slots_once()));
    }
    let backwards = |length: Length| length.about_seconds() < 0;
    if backwards(schedule.early) || schedule.late.is_some_and(backwards) {
        check.error(pointer, "length", Words::of(|t| t.check_backwards()));
    }
    let width = schedule.early.about_seconds() + schedule.late.unwrap_or_default().about_seconds();
    if schedule.late.is_some() && shortest.is_some_and(|seconds| width > seconds) {
        check.warn(pointer, "overlap", Words::of(|t| t.check_overlap()));
    }
}

/// Shortest interval of a recurring task: nobody can be asked more often.
const MINUTES_MIN: i64 = 30;

fn action_is_one(check: &mut Check<'_>, pointer: &str, action: &Action) {
    let given =
        [action.task.is_some(), action.ask.is_some(), action.draft.is_some(), action.variance.is_some()];
    if given.into_iter().filter(|given| *given).count() != 1 {
        check.error(pointer, "action", Words::of(|t| t.check_action()));
    }
    if action.about.is_some() && action.ask.is_none() {
        check.error(&format!("{pointer}/about"), "action", Words::of(|t| t.check_about()));
    }
}

/// Tasks that are done together must be the same person's.
fn merges(check: &mut Check<'_>) {
    let definition = check.definition;
    let mut known: BTreeMap<&String, Profession> = BTreeMap::new();
    for (u, unit) in definition.units.iter().enumerate() {
        for (t, task) in unit.tasks.iter().enumerate() {
            let Some(key) = &task.merge else { continue };
            if known.insert(key, task.role).is_some_and(|role| role != task.role) {
                let pointer = format!("/units/{u}/tasks/{t}/merge");
                check.error(&pointer, "merge-clash", Words::of(|t| t.check_merge(key)));
            }
        }
    }
}

texts! {
    check_never_starts {
        ja: "だれが始めるか（by）も、何で始まるか（on）もありません。",
        en: "Neither who starts it (by) nor what does (on) is given."
    }
    check_empty_unit(id: &str) {
        ja: "「{id}」には目標もタスクも規則もありません。",
        en: "\"{id}\" has no outcome, no task and no rule."
    }
    check_never_opened(id: &str) {
        ja: "「{id}」は決して現れません。schedule か by_hand を書くか、規則から開いてください。",
        en: "\"{id}\" never comes up. Write schedule or by_hand, or open it by a rule."
    }
    check_evidence(id: &str) {
        ja: "「{id}」という出典は evidence にありません。",
        en: "There is no source \"{id}\" under evidence."
    }
    check_two_rhythms {
        ja: "every と weekdays はどちらか一つにしてください。",
        en: "Use every or weekdays, not both."
    }
    check_too_often(minutes: i64) {
        ja: "間隔が短すぎます（{minutes} 分以上にしてください）。",
        en: "The interval is too short (at least {minutes} minutes)."
    }
    check_slots_once {
        ja: "一度だけのタスクに、時間帯は一つしか書けません。",
        en: "A task that comes once has one slot at most."
    }
    check_backwards { ja: "early と late は 0 以上にしてください。", en: "early and late cannot be negative." }
    check_overlap {
        ja: "前の回が終わらないうちに次の回が始まります。early と late の合計を間隔より短くしてください。",
        en: "One time opens before the last is over. Keep early and late together below the interval."
    }
    check_action {
        ja: "task・ask・draft・variance のうち、ちょうど一つを書いてください。",
        en: "Write exactly one of task, ask, draft and variance."
    }
    check_about { ja: "about は ask といっしょに使います。", en: "about goes with ask." }
    check_merge(key: &str) {
        ja: "「{key}」でまとめるタスクの職種がそろっていません。",
        en: "Tasks merged as \"{key}\" belong to different professions."
    }
}
