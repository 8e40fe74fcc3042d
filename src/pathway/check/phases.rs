//! Phases: each can be reached and left, people can agree, and nothing leads into a phase that only
//! people may decide.

use super::BTreeSet;
use super::Check;
use super::Words;
use crate::pathway::definition::Exit;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    let definition = check.definition;
    for (p, phase) in definition.phases.iter().enumerate() {
        let pointer = format!("/phases/{p}");
        if phase.end && !phase.leave.is_empty() {
            check.error(&format!("{pointer}/leave"), "end-left", Words::of(|t| t.check_end_left()));
        }
        if !phase.end && phase.leave.is_empty() {
            check.error(&pointer, "no-way-out", Words::of(|t| t.check_no_way_out(&phase.id)));
        }
        let mut led: BTreeSet<&str> = BTreeSet::new();
        for (e, exit) in phase.leave.iter().enumerate() {
            let pointer = format!("{pointer}/leave/{e}");
            if !led.insert(&exit.to) || exit.to == phase.id {
                check.error(
                    &format!("{pointer}/to"),
                    "exit-twice",
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
        check.error(pointer, "exit-mute", Words::of(|t| t.check_exit_mute()));
    }
    if exit.propose.is_some() && exit.confirm.is_none() {
        check.error(pointer, "nobody-confirms", Words::of(|t| t.check_nobody_confirms()));
    }
    let people_only = check.definition.phase(&exit.to).is_some_and(|phase| phase.people_only);
    if people_only && (exit.when.is_some() || exit.confirm.is_none()) {
        check.error(pointer, "people-only", Words::of(|t| t.check_people_only(&exit.to)));
    }
    if let Some(confirm) = &exit.confirm {
        let different: BTreeSet<_> = confirm.by.iter().collect();
        let possible = confirm.professions <= different.len()
            && confirm.professions.max(confirm.must.len()) <= confirm.people
            && confirm.must.iter().all(|role| different.contains(role));
        if !possible {
            check.error(&format!("{pointer}/confirm"), "cannot-agree", Words::of(|t| t.check_cannot_agree()));
        }
    }
    if !exit.escalate.is_empty() && exit.within.is_none() {
        check.error(&format!("{pointer}/escalate"), "no-due", Words::of(|t| t.check_no_due()));
    }
}

/// Every phase can be reached from the first, and leads to an end.
fn reach(check: &mut Check<'_>) {
    let definition = check.definition;
    let Some(first) = definition.phases.first() else { return };
    let mut reached: BTreeSet<&str> = BTreeSet::from([first.id.as_str()]);
    let mut ending: BTreeSet<&str> =
        definition.phases.iter().filter(|phase| phase.end).map(|phase| phase.id.as_str()).collect();
    for _ in &definition.phases {
        for phase in &definition.phases {
            if reached.contains(phase.id.as_str()) {
                reached.extend(phase.leave.iter().map(|exit| exit.to.as_str()));
            }
            if phase.leave.iter().any(|exit| ending.contains(exit.to.as_str())) {
                ending.insert(&phase.id);
            }
        }
    }
    for (p, phase) in definition.phases.iter().enumerate() {
        let pointer = format!("/phases/{p}");
        if !reached.contains(phase.id.as_str()) {
            check.error(&pointer, "unreachable", Words::of(|t| t.check_unreachable(&phase.id)));
        }
        if !ending.contains(phase.id.as_str()) {
            check.error(&pointer, "endless", Words::of(|t| t.check_endless(&phase.id)));
        }
    }
}

/// Ways out that are taken without people must not lead round in a circle: it would never rest.
fn circles(check: &mut Check<'_>) {
    let definition = check.definition;
    for (p, phase) in definition.phases.iter().enumerate() {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut next: Vec<&str> = vec![&phase.id];
        while let Some(id) = next.pop() {
            let exits = definition.phase(id).map(|phase| phase.leave.as_slice()).unwrap_or_default();
            for exit in exits.iter().filter(|exit| exit.when.is_some()) {
                if exit.to == phase.id {
                    let pointer = format!("/phases/{p}");
                    return check.error(&pointer, "circle", Words::of(|t| t.check_circle(&phase.id)));
                }
                if seen.insert(&exit.to) {
                    next.push(&exit.to);
                }
            }
        }
    }
}

texts! {
    check_end_left {
        ja: "終わりの段階から先へは進めません。leave を取るか、end を取ってください。",
        en: "Nothing leads on from an end. Remove leave, or end."
    }
    check_no_way_out(id: &str) {
        ja: "「{id}」から出る道がありません。leave を書くか、end にしてください。",
        en: "There is no way out of \"{id}\". Write leave, or make it an end."
    }
    check_exit_twice(id: &str) {
        ja: "「{id}」への道が二つあるか、同じ段階へ戻っています。一つにまとめてください。",
        en: "Two ways lead to \"{id}\", or a phase leads to itself. Join them with ||."
    }
    check_exit_mute {
        ja: "この道はだれも使えません。propose・when・choose のどれかを書いてください。",
        en: "Nobody can take this way. Write propose, when, or choose."
    }
    check_nobody_confirms {
        ja: "提案をだれが確認するか（confirm）がありません。決めるのは人です。",
        en: "Who confirms the proposal is missing (confirm). People decide, not rules."
    }
    check_people_only(id: &str) {
        ja: "「{id}」に入るのを決めるのは人だけです。when は使えず、confirm が必要です。",
        en: "Only people lead into \"{id}\": when cannot be used, and confirm is needed."
    }
    check_cannot_agree {
        ja: "この人数と職種では、決して合意になりません。by・people・professions・must を見直してください。",
        en: "These people can never agree. Look at by, people, professions and must."
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
        ja: "「{id}」から、人の確認なしに「{id}」へ戻ってしまいます。どこかを propose にしてください。",
        en: "From \"{id}\" the run would come back to it without people. Make one of the ways a proposal."
    }
}
