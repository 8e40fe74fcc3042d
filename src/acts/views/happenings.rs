//! What may be told by hand about a patient, because a pathway in course waits for it, and what was.

use std::collections::BTreeMap;

use crate::acts::Look;
use crate::acts::happenings;
use crate::acts::views::PersonView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::plan;
use crate::concept::Concept;
use crate::concept::Concepts;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::pathway::PatientState;

/// What may be told, and what was.
#[derive(Debug, Clone)]
pub struct HappeningsView {
    /// The patient.
    pub patient: PatientView,
    /// What the pathways in course wait for.
    pub offers: Vec<Offer>,
    /// What was told and still counts, the newest first.
    pub told: Vec<ToldView>,
}

/// Something that may be told.
#[derive(Debug, Clone)]
pub struct Offer {
    /// The concept's code.
    pub code: String,
    /// Its name.
    pub title: Words,
    /// The pathways that wait for it.
    pub pathways: Vec<Words>,
}

/// Something that was told.
#[derive(Debug, Clone)]
pub struct ToldView {
    /// The entry it stands in.
    pub entry: EntryId,
    /// What.
    pub title: Words,
    /// When, as a reader sees it.
    pub when: Words,
    /// Who told it.
    pub by: Option<PersonView>,
}

/// Reads the page of what happened.
pub fn read(look: &mut Look<'_>) -> Result<HappeningsView> {
    let patient = super::patients::banner(look)?;
    let state = plan::state(look)?;
    let people = look.directory()?;
    let mut facts: Vec<_> = happenings::told(&state).collect();
    facts.sort_by_key(|(_, fact)| std::cmp::Reverse(fact.number));
    let told = facts.into_iter().filter_map(|(code, fact)| {
        let concept = Concepts::shipped().get(code)?;
        let say = |lang| concept.say(&fact.value, lang);
        Some(ToldView {
            entry: fact.origin.entry?,
            title: concept.title.clone(),
            when: Words::new(say(Lang::Ja), say(Lang::En)),
            by: fact.origin.by.and_then(|id| people.get(id).cloned()),
        })
    });
    Ok(HappeningsView { patient, offers: offers(look, &state), told: told.collect() })
}

fn offers(look: &Look<'_>, state: &PatientState) -> Vec<Offer> {
    let library = look.house.library();
    let mut waiting: BTreeMap<&str, (&Concept, Vec<Words>)> = BTreeMap::new();
    let in_course = state.runs.values().filter(|run| !run.is_over());
    for pathway in in_course.filter_map(|run| library.pathways.get(&run.hash)) {
        for code in pathway.definition.facts.values().map(|fact| &fact.concept) {
            let Some(concept) = Concepts::shipped().get(code).filter(|concept| concept.by_hand) else {
                continue;
            };
            let (_, pathways) = waiting.entry(code).or_insert((concept, Vec::new()));
            if !pathways.contains(&pathway.definition.title) {
                pathways.push(pathway.definition.title.clone());
            }
        }
    }
    let offer = |(code, (concept, pathways)): (&str, (&Concept, Vec<Words>))| Offer {
        code: code.to_owned(),
        title: concept.title.clone(),
        pathways,
    };
    // By code, the last first: visits stand before accidents, and a death stands last.
    waiting.into_iter().rev().map(offer).collect()
}
