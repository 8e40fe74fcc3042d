//! Tasks, units and rules: each has a point, comes up, and ends.

use super::BTreeMap;
use super::BTreeSet;
use super::Check;
use super::Definition;
use super::Words;
use super::below;
use super::catalogue as checks;
use super::phases;
use crate::kernel::length::Length;
use crate::kernel::profession::Profession;
use crate::pathway::definition::Action;
use crate::pathway::definition::Escalation;
use crate::pathway::definition::Every;
use crate::pathway::definition::PHASE;
use crate::pathway::definition::Phase;
use crate::pathway::definition::Role;
use crate::pathway::definition::Schedule;
use crate::pathway::definition::Slot;
use crate::pathway::definition::Unit;
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
        check.find("/start", &checks::NEVER_STARTS, Words::of(|t| t.check_never_starts()));
    }
    let ending = phases::ending(definition);
    for (u, unit) in definition.units.iter().enumerate() {
        let base = format!("/units/{u}");
        unit_has_a_point(check, &base, unit);
        for (t, task) in unit.tasks.iter().enumerate() {
            let base = format!("{base}/tasks/{t}");
            if task.schedule.is_none() && task.by_hand.is_empty() && !opened.contains(&task.id) {
                check.find(&base, &checks::NEVER_OPENED, Words::of(|t| t.check_never_opened(&task.id)));
            }
            for (e, evidence) in task.evidence.iter().enumerate().filter(|(_, id)| !cited.contains(id)) {
                let says = Words::of(|t| t.check_evidence(evidence));
                check.find(&format!("{base}/evidence/{e}"), &checks::UNKNOWN_EVIDENCE, says);
            }
            let own: Vec<Profession> =
                [task.role].into_iter().chain(task.substitute.iter().copied()).collect();
            somebody_hears(check, &format!("{base}/escalate"), &task.escalate, &own);
            if let Some(schedule) = &task.schedule {
                schedule_is_fair(check, &format!("{base}/schedule"), schedule);
                schedule_ends(check, &format!("{base}/schedule"), unit, schedule, &ending);
            }
        }
        for (r, rule) in unit.rules.iter().enumerate() {
            for (a, action) in rule.actions.iter().enumerate() {
                action_is_one(check, &format!("{base}/rules/{r}/do/{a}"), unit, action);
            }
        }
    }
    merges(check);
}

fn unit_has_a_point(check: &mut Check<'_>, base: &str, unit: &Unit) {
    if unit.tasks.is_empty() && unit.rules.is_empty() {
        check.find(base, &checks::EMPTY_UNIT, Words::of(|t| t.check_empty_unit(&unit.id)));
    }
    let lived: Vec<&Phase> = lived(check.definition, unit).collect();
    if lived.is_empty() {
        check.find(
            &format!("{base}/in"),
            &checks::UNIT_NOWHERE,
            Words::of(|t| t.check_unit_nowhere(&unit.id)),
        );
    }
    let Some(outcome) = &unit.outcome else { return };
    let pointer = format!("{base}/outcome/judge_every");
    let every = outcome.judge_every;
    // Counted from the phase's beginning, the first time must not come after the phase should be over.
    let in_time = |phase: &&Phase| match &phase.latest {
        Some(latest) if latest.at.anchor == PHASE => every.about_seconds() <= latest.at.by.about_seconds(),
        _ => true,
    };
    if !every.is_positive() {
        check.find(&pointer, &checks::NEVER_JUDGED, Words::of(|t| t.check_length()));
    } else if !lived.is_empty() && !lived.iter().any(in_time) {
        check.find(&pointer, &checks::NEVER_JUDGED, Words::of(|t| t.check_judged_too_late()));
    }
}

/// The phases of a unit in which something can happen.
fn lived<'a>(definition: &'a Definition, unit: &'a Unit) -> impl Iterator<Item = &'a Phase> {
    definition.phases.iter().filter(|phase| !phase.end && unit.is_in(phase))
}

/// Some step reaches somebody who is sure to be there: the main doctor, whoever may start the pathway, or
/// the professions whose matter it is. Nobody else, not even a deputy, is in every team.
pub(super) fn somebody_hears(check: &mut Check<'_>, pointer: &str, steps: &[Escalation], own: &[Profession]) {
    let started = &check.definition.start.by;
    let sure = |step: &Escalation| match step.to {
        Role::Main => true,
        Role::Deputy => false,
        Role::Profession(profession) => own.contains(&profession) || started.contains(&profession),
    };
    if let Some((last, step)) = steps.iter().enumerate().next_back().filter(|_| !steps.iter().any(sure)) {
        let says = Words::of(|t| t.check_may_be_empty(&step.to.to_string()));
        check.find(&format!("{pointer}/{last}/to"), &checks::MAY_BE_EMPTY, says);
    }
}

fn schedule_is_fair(check: &mut Check<'_>, pointer: &str, schedule: &Schedule) {
    if schedule.every.is_some() && !schedule.weekdays.is_empty() {
        check.find(
            &format!("{pointer}/weekdays"),
            &checks::TWO_RHYTHMS,
            Words::of(|t| t.check_two_rhythms()),
        );
    }
    if intervals(schedule).any(|length| length.about_seconds() < MINUTES_MIN * 60) {
        let says = Words::of(|t| t.check_too_often(MINUTES_MIN));
        check.find(&format!("{pointer}/every"), &checks::TOO_OFTEN, says);
    }
    if schedule.slots.len() > 1 && !schedule.recurs() {
        check.find(&format!("{pointer}/slots"), &checks::SLOTS_ONCE, Words::of(|t| t.check_slots_once()));
    }
    let backwards = |length: Length| length.about_seconds() < 0;
    if backwards(schedule.early) || schedule.late.is_some_and(backwards) {
        check.find(pointer, &checks::LENGTH, Words::of(|t| t.check_backwards()));
    }
    if slots_overlap(&schedule.slots) {
        check.find(&format!("{pointer}/slots"), &checks::OVERLAP, Words::of(|t| t.check_slots_overlap()));
    } else if let (Some(late), Some(gap)) = (schedule.late, shortest_gap(schedule)) {
        // The day itself may be shared: what one time leaves over, the next must not have begun.
        if schedule.early.about_seconds() + late.about_seconds() > gap {
            check.find(pointer, &checks::OVERLAP, Words::of(|t| t.check_overlap()));
        }
    }
}

/// A schedule that recurs does so in phases that lead to an end, and only in phases of its unit.
fn schedule_ends(
    check: &mut Check<'_>,
    pointer: &str,
    unit: &Unit,
    schedule: &Schedule,
    ending: &BTreeSet<&str>,
) {
    let definition = check.definition;
    let here = |phase: &&Phase| match &schedule.every {
        Some(every) => every.in_phase(&phase.id).is_some(),
        None => schedule.recurs(),
    };
    let endless = lived(definition, unit).filter(here).find(|phase| !ending.contains(phase.id.as_str()));
    if let Some(phase) = endless {
        let says = Words::of(|t| t.check_schedule_endless(&phase.id));
        check.find(pointer, &checks::SCHEDULE_ENDLESS, says);
    }
    if let Some(Every::Phases(every)) = &schedule.every {
        let foreign = every
            .keys()
            .filter_map(|id| definition.phase(id))
            .filter(|phase| phase.end || !unit.is_in(phase));
        for phase in foreign {
            let says = Words::of(|t| t.check_every_elsewhere(&unit.id, &phase.id));
            check.find(&below(&format!("{pointer}/every"), &phase.id), &checks::EVERY_ELSEWHERE, says);
        }
    }
}

fn intervals(schedule: &Schedule) -> impl Iterator<Item = Length> {
    let every: Vec<Length> = match &schedule.every {
        None => Vec::new(),
        Some(Every::Plain(length)) => vec![*length],
        Some(Every::Phases(phases)) => phases.values().copied().collect(),
    };
    every.into_iter()
}

/// The shortest time, in seconds, from one time of a task to the next.
fn shortest_gap(schedule: &Schedule) -> Option<i64> {
    let days = if schedule.weekdays.is_empty() {
        intervals(schedule).map(|length| length.about_seconds()).min()
    } else {
        let days: BTreeSet<i64> = schedule.weekdays.iter().map(|day| *day as i64).collect();
        Some(gaps(&days, 7).min().unwrap_or(7) * DAY)
    };
    let opens = schedule.slots.iter().map(|slot| minute(slot.opens)).collect();
    let slots = gaps(&opens, DAY / 60).min().map(|minutes| minutes * 60).filter(|_| schedule.recurs());
    days.into_iter().chain(slots).min()
}

/// The distances between points on a circle of this length; none when there is one point.
fn gaps(points: &BTreeSet<i64>, circle: i64) -> impl Iterator<Item = i64> {
    let next = points.iter().skip(1).chain(points.first());
    let gaps: Vec<i64> =
        points.iter().zip(next).map(|(one, other)| (other - one).rem_euclid(circle)).collect();
    gaps.into_iter().filter(|gap| *gap > 0)
}

fn minute((hour, minute): (i8, i8)) -> i64 {
    i64::from(hour) * 60 + i64::from(minute)
}

/// Whether a slot opens while another one is open, or the same one stands twice.
fn slots_overlap(slots: &[Slot]) -> bool {
    slots.iter().enumerate().any(|(index, one)| {
        let length = (minute(one.closes) - minute(one.opens)).rem_euclid(DAY / 60);
        slots.iter().enumerate().filter(|(other, _)| *other != index).any(|(_, other)| {
            let after = (minute(other.opens) - minute(one.opens)).rem_euclid(DAY / 60);
            after < length || after == 0
        })
    })
}

/// A day in seconds.
const DAY: i64 = 86_400;

/// Shortest interval of a recurring task: nobody can be asked more often.
const MINUTES_MIN: i64 = 30;

fn action_is_one(check: &mut Check<'_>, pointer: &str, unit: &Unit, action: &Action) {
    let given =
        [action.task.is_some(), action.ask.is_some(), action.draft.is_some(), action.variance.is_some()];
    if given.into_iter().filter(|given| *given).count() != 1 {
        check.find(pointer, &checks::ACTION, Words::of(|t| t.check_action()));
    }
    if let Some((home, task)) = action.task.as_ref().and_then(|id| check.definition.task(id))
        && let Some(phase) = lived(check.definition, unit).find(|phase| !home.is_in(phase))
    {
        let says = Words::of(|t| t.check_task_elsewhere(&task.id, &phase.id));
        check.find(&format!("{pointer}/task"), &checks::TASK_ELSEWHERE, says);
    }
    if action.about.is_some() && action.ask.is_none() {
        check.find(&format!("{pointer}/about"), &checks::ACTION, Words::of(|t| t.check_about()));
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
                check.find(&pointer, &checks::MERGE_CLASH, Words::of(|t| t.check_merge(key)));
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
        ja: "「{id}」にはタスクも規則もありません。",
        en: "\"{id}\" has neither a task nor a rule."
    }
    check_never_opened(id: &str) {
        ja: "「{id}」は決して現れません。予定がなく、人も規則も開けません。",
        en: "\"{id}\" never comes up: it has no schedule, and neither a person nor a rule opens it."
    }
    check_evidence(id: &str) {
        ja: "「{id}」という出典は evidence にありません。",
        en: "There is no source \"{id}\" under evidence."
    }
    check_two_rhythms {
        ja: "every と weekdays の両方があります。",
        en: "Both every and weekdays are given."
    }
    check_too_often(minutes: i64) {
        ja: "間隔が短すぎます（{minutes} 分より短い）。",
        en: "The interval is too short (less than {minutes} minutes)."
    }
    check_slots_once {
        ja: "一度だけのタスクに、時間帯がいくつもあります。",
        en: "A task that comes up once has several slots."
    }
    check_backwards { ja: "early か late が負の長さです。", en: "early or late is negative." }
    check_overlap {
        ja: "前の回が終わらないうちに次の回が始まります。",
        en: "One time opens before the last is over."
    }
    check_action {
        ja: "task・ask・draft・variance が、一つもないか二つ以上あります。",
        en: "Of task, ask, draft and variance there is none, or more than one."
    }
    check_about { ja: "ask のない about があります。", en: "about stands without ask." }
    check_merge(key: &str) {
        ja: "「{key}」でまとめるタスクの職種がそろっていません。",
        en: "Tasks merged as \"{key}\" belong to different professions."
    }
    check_unit_nowhere(id: &str) {
        ja: "「{id}」は、パスが終わる段階にしか属していません。",
        en: "\"{id}\" belongs only to phases that end the run."
    }
    check_judged_too_late {
        ja: "最初の判定が、どの段階でも「遅くとも」（latest）より後になります。",
        en: "In every phase the first judgement comes after the phase should be over (latest)."
    }
    check_may_be_empty(role: &str) {
        ja: "「{role}」のいないチームでは、だれにも届きません。",
        en: "In a team without \"{role}\" this reaches nobody."
    }
    check_slots_overlap { ja: "時間帯が重なっています。", en: "Two slots overlap." }
    check_schedule_endless(phase: &str) {
        ja: "段階「{phase}」から終わりへの道がなく、繰り返しが終わりません。",
        en: "No way leads from the phase \"{phase}\" to an end, so it is repeated for ever."
    }
    check_every_elsewhere(unit: &str, phase: &str) {
        ja: "「{unit}」は段階「{phase}」に属していません。",
        en: "\"{unit}\" does not belong to the phase \"{phase}\"."
    }
    check_task_elsewhere(task: &str, phase: &str) {
        ja: "この規則は段階「{phase}」でも働きますが、「{task}」の単位はそこに属していません。",
        en: "The rule fires in the phase \"{phase}\" too, where the unit of \"{task}\" does not belong."
    }
}
