//! Verbs on what happened outside any form: a visit, a catheter that came out, a death. Pathways wait
//! for some of these moments, and whoever saw one tells it; a mistake is taken back with a reason.

use serde_json::Value;
use serde_json::json;

use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::plans;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::pathway::event::Input;
use crate::pathway::event::Stated;
use crate::pathway::state::Fact;
use crate::pathway::state::PatientState;
use crate::texts;

/// Tells that something happened, and when. The concept must be one that is told by hand.
pub fn tell(act: &mut Act<'_>, id: EntryId, patient: PatientId, code: &str, at: Time) -> Result<()> {
    let grant = act.grant(patient, Need::Write)?;
    let concept = Concepts::shipped()
        .get(code)
        .filter(|concept| concept.by_hand)
        .ok_or_else(|| Error::invalid("concept", Words::of(Text::happening_is_empty)))?;
    if at > act.now {
        return Err(Error::invalid("at", Words::of(Text::happening_is_ahead)));
    }
    // A day speaks of no hour: it counts from when it was told.
    let (value, of) = if concept.is_day() {
        (at.day().to_string(), None)
    } else {
        (at.stamp().to_string(), Some(at.stamp()))
    };
    let fact = Stated { concept: code.to_owned(), value: Value::from(value), at: of, entry: Some(id) };
    plans::tell_facts(act, &grant, id, vec![fact])
}

/// Takes back what was told by mistake. Forms are corrected by a new version instead.
pub fn take_back(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    entry: EntryId,
    reason: &str,
) -> Result<()> {
    let grant = act.grant(patient, Need::Write)?;
    plans::need_reason(reason)?;
    let reason = reason.trim();
    if act.stands(patient.log(), id)?.is_none() {
        need_told(act, &grant, entry)?;
    }
    let told = json!({ "take_back": entry, "reason": reason });
    plans::feed(act, &grant, id, told, Input::Withdrawn(entry))
}

fn need_told(act: &mut Act<'_>, grant: &Grant, entry: EntryId) -> Result<()> {
    let state = plans::load(act, grant)?;
    if told(&state).any(|(_, fact)| fact.origin.entry == Some(entry)) {
        return Ok(());
    }
    match act.stands(grant.patient().log(), entry)? {
        Some(_) => Err(Error::Stale),
        None => Err(Error::Missing),
    }
}

/// What was told by hand and still counts, with its concept's code.
pub fn told(state: &PatientState) -> impl Iterator<Item = (&str, &Fact)> {
    let by_hand = |code: &str| Concepts::shipped().get(code).is_some_and(|concept| concept.by_hand);
    state
        .facts
        .iter()
        .filter(move |(code, _)| by_hand(code))
        .flat_map(|(code, facts)| facts.iter().map(move |fact| (code.as_str(), fact)))
}

texts! {
    happening_is_empty { ja: "何があったかを選んでください。", en: "Please choose what happened." }
    happening_is_ahead { ja: "これからの日時は記録できません。起きた日時を入れてください。", en: "This time has not come yet. Please give when it happened." }
}
