//! Phases: each can be reached and left, people can agree, and nothing leads into a phase that only
//! people may decide.

use super::BTreeMap;
use super::BTreeSet;
use super::Check;
use super::Definition;
use super::Profession;
use super::Words;
use super::catalogue as checks;
use super::proof;
use super::tasks;
use crate::pathway::definition::Exit;
use crate::pathway::engine::ROUNDS_MAX;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    let definition = check.definition;
    for (p, phase) in definition.phases.iter().enumerate() {
        let pointer = format!("/phases/{p}");
        if phase.end && !phase.leave.is_empty() {
            check.find(&format!("{pointer}/leave"), &checks::END_LEFT, Words::of(|t| t.check_end_left()));
        }
        if !phase.end && phase.leave.is_empty() {
            check.find(&pointer, &checks::NO_WAY_OUT, Words::of(|t| t.check_no_way_out(&phase.id)));
        }
        let mut led: BTreeSet<&str> = BTreeSet::new();
        for (e, exit) in phase.leave.iter().enumerate() {
            let pointer = format!("{pointer}/leave/{e}");
            if !led.insert(&exit.to) || exit.to == phase.id {
                check.find(
                    &format!("{pointer}/to"),
                    &checks::EXIT_TWICE,
                    Words::of(|t| t.check_exit_twice(&exit.to)),
                );
            }
            exit_is_fair(check, &pointer, exit);
        }
    }
    reach(check);
    circles(check);
}

fn exit_is_fair(check: &mut Check<'_>, pointer: &str, exit: &Exit) {
    if exit.propose.is_none() && exit.when.is_none() && exit.choose.is_empty() {
        check.find(pointer, &checks::EXIT_MUTE, Words::of(|t| t.check_exit_mute()));
    }
    if exit.propose.is_some() && exit.confirm.is_none() {
        check.find(pointer, &checks::NOBODY_CONFIRMS, Words::of(|t| t.check_nobody_confirms()));
    }
    let people_only = check.definition.phase(&exit.to).is_some_and(|phase| phase.people_only);
    if people_only && (exit.when.is_some() || exit.confirm.is_none()) {
        check.find(pointer, &checks::PEOPLE_ONLY, Words::of(|t| t.check_people_only(&exit.to)));
    }
    if let Some(confirm) = &exit.confirm {
        let different: BTreeSet<_> = confirm.by.iter().collect();
        let possible = confirm.professions <= different.len()
            && confirm.professions.max(confirm.must.len()) <= confirm.people
            && confirm.must.iter().all(|role| different.contains(role));
        if !possible {
            check.find(
                &format!("{pointer}/confirm"),
                &checks::CANNOT_AGREE,
                Words::of(|t| t.check_cannot_agree()),
            );
        }
    }
    if !exit.escalate.is_empty() && exit.within.is_none() {
        check.find(&format!("{pointer}/escalate"), &checks::NO_DUE, Words::of(|t| t.check_no_due()));
    }
    let deciding = exit.confirm.iter().flat_map(|confirm| &confirm.by).chain(&exit.choose);
    let deciding: Vec<Profession> = deciding.copied().collect();
    tasks::somebody_hears(check, &format!("{pointer}/escalate"), &exit.escalate, &deciding);
}

/// Every phase can be reached from the first, and leads to an end.
fn reach(check: &mut Check<'_>) {
    let definition = check.definition;
    let Some(first) = definition.phases.first() else { return };
    let mut reached: BTreeSet<&str> = BTreeSet::from([first.id.as_str()]);
    for _ in &definition.phases {
        for phase in
            definition.phases.iter().filter(|phase| reached.contains(phase.id.as_str())).collect::<Vec<_>>()
        {
            reached.extend(phase.leave.iter().map(|exit| exit.to.as_str()));
        }
    }
    let ending = ending(definition);
    for (p, phase) in definition.phases.iter().enumerate() {
        let pointer = format!("/phases/{p}");
        if !reached.contains(phase.id.as_str()) {
            check.find(&pointer, &checks::UNREACHABLE, Words::of(|t| t.check_unreachable(&phase.id)));
        }
        if !ending.contains(phase.id.as_str()) {
            check.find(&pointer, &checks::ENDLESS, Words::of(|t| t.check_endless(&phase.id)));
        }
    }
}

/// The phases from which some way leads to an end, and the ends.
pub(super) fn ending(definition: &Definition) -> BTreeSet<&str> {
    let ends = definition.phases.iter().filter(|phase| phase.end);
    let mut ending: BTreeSet<&str> = ends.map(|phase| phase.id.as_str()).collect();
    for _ in &definition.phases {
        for phase in &definition.phases {
            if phase.leave.iter().any(|exit| ending.contains(exit.to.as_str())) {
                ending.insert(&phase.id);
            }
        }
    }
    ending
}

/// Most phases passed in one moment without people: an eighth of the rounds after which the engine gives
/// up, so that rules, plans and a second run have theirs. Rules write no facts and conditions do not look at
/// open tasks, so nothing else makes a round follow a round.
const CHAIN_MAX: usize = ROUNDS_MAX / 8;

/// Ways out that are taken without people and without time must not lead round in a circle, nor on and on.
fn circles(check: &mut Check<'_>) {
    let definition = check.definition;
    let mut at_once: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for phase in &definition.phases {
        let taken = phase.leave.iter().filter(|exit| proof::at_once(check, exit));
        at_once.insert(&phase.id, taken.map(|exit| exit.to.as_str()).collect());
    }
    for (p, phase) in definition.phases.iter().enumerate() {
        let pointer = format!("/phases/{p}");
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let (mut front, mut length) = (BTreeSet::from([phase.id.as_str()]), 0);
        while !front.is_empty() && length <= definition.phases.len() {
            front = front.iter().filter_map(|id| at_once.get(id)).flatten().copied().collect();
            seen.extend(front.iter().copied());
            length += usize::from(!front.is_empty());
        }
        if seen.contains(phase.id.as_str()) {
            return check.find(&pointer, &checks::CIRCLE, Words::of(|t| t.check_circle(&phase.id)));
        }
        if length > CHAIN_MAX && length <= definition.phases.len() {
            return check.find(&pointer, &checks::CHAIN, Words::of(|t| t.check_chain(length, CHAIN_MAX)));
        }
    }
}

texts! {
    check_end_left {
        ja: "終わりの段階から先へ進む道があります。",
        en: "A way leads on from a phase that ends the run."
    }
    check_no_way_out(id: &str) {
        ja: "「{id}」から出る道がありません。",
        en: "There is no way out of \"{id}\"."
    }
    check_exit_twice(id: &str) {
        ja: "「{id}」への道が二つあるか、同じ段階へ戻っています。",
        en: "Two ways lead to \"{id}\", or a phase leads to itself."
    }
    check_exit_mute {
        ja: "この道はだれも使えません。propose も when も choose もありません。",
        en: "Nobody can take this way: it has neither propose, when, nor choose."
    }
    check_nobody_confirms {
        ja: "提案をだれが確認するか（confirm）がありません。",
        en: "Who confirms the proposal is missing (confirm)."
    }
    check_people_only(id: &str) {
        ja: "「{id}」に入るのを決めるのは人だけです。when は使えず、confirm が必要です。",
        en: "Only people lead into \"{id}\": when cannot be used, and confirm is needed."
    }
    check_cannot_agree {
        ja: "この人数と職種では、決して合意になりません。",
        en: "These people can never agree: there are too few of them, or not of these professions."
    }
    check_no_due {
        ja: "いつまでに決めるか（within）がないので、知らせる時刻が決まりません。",
        en: "Without within there is no due time to count from."
    }
    check_unreachable(id: &str) {
        ja: "「{id}」に入る道がありません。",
        en: "No way leads into \"{id}\"."
    }
    check_endless(id: &str) {
        ja: "「{id}」からは、どう進んでも終わりに着きません。",
        en: "From \"{id}\" no way leads to an end."
    }
    check_circle(id: &str) {
        ja: "「{id}」から、人も時間も待たずに「{id}」へ戻ってしまいます。",
        en: "From \"{id}\" the run would come back to it in the same moment, without people."
    }
    check_chain(count: usize, max: usize) {
        ja: "ここから {count} 段階を、人も時間も待たずに通り過ぎることがあります（上限 {max}）。",
        en: "From here {count} phases can pass in one moment without people (at most {max})."
    }
}
