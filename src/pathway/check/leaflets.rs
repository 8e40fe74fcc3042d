//! Leaflets: each is handed over by a task, and what it says has its sources.

use std::collections::BTreeSet;

use super::Check;
use super::Words;
use super::catalogue;
use crate::texts;

pub(super) fn check(check: &mut Check<'_>) {
    let definition = check.definition;
    let cited: BTreeSet<&String> = definition.evidence.iter().map(|source| &source.id).collect();
    let mut handed: BTreeSet<&String> = BTreeSet::new();
    for (u, unit) in definition.units.iter().enumerate() {
        for (t, task) in unit.tasks.iter().enumerate() {
            let Some(leaflet) = &task.leaflet else { continue };
            handed.insert(leaflet);
            if definition.leaflet(leaflet).is_none() {
                let pointer = format!("/units/{u}/tasks/{t}/leaflet");
                check.find(
                    &pointer,
                    &catalogue::UNKNOWN_LEAFLET,
                    Words::of(|t| t.check_unknown_leaflet(leaflet)),
                );
            }
        }
    }
    let mut known: BTreeSet<&String> = BTreeSet::new();
    for (l, leaflet) in definition.leaflets.iter().enumerate() {
        let base = format!("/leaflets/{l}");
        if !known.insert(&leaflet.id) {
            check.find(
                &format!("{base}/id"),
                &catalogue::ID_TWICE,
                Words::of(|t| t.check_id_twice(&leaflet.id)),
            );
        }
        if !handed.contains(&leaflet.id) {
            check.find(&base, &catalogue::LEAFLET_IDLE, Words::of(|t| t.check_leaflet_idle(&leaflet.id)));
        }
        for (e, evidence) in leaflet.evidence.iter().enumerate().filter(|(_, id)| !cited.contains(id)) {
            let pointer = format!("{base}/evidence/{e}");
            check.find(&pointer, &catalogue::UNKNOWN_EVIDENCE, Words::of(|t| t.check_evidence(evidence)));
        }
    }
}

texts! {
    check_unknown_leaflet(id: &str) {
        ja: "「{id}」というリーフレットは leaflets にありません。",
        en: "There is no leaflet \"{id}\" under leaflets."
    }
    check_leaflet_idle(id: &str) {
        ja: "「{id}」を渡すタスクがありません。",
        en: "No task hands over \"{id}\"."
    }
}
