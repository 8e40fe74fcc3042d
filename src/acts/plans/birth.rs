//! The birth date stands on the patient's card, and conditions ask for the age. The engine hears of it when a
//! pathway that looks at it may begin, and again when the card is corrected; a patient without such a
//! pathway has no plan entry for it.

use crate::access::Grant;
use crate::acts::Act;
use crate::acts::plans::feed;
use crate::acts::plans::rows::load;
use crate::acts::register::open_card;
use crate::expr::BIRTH_DATE;
use crate::expr::Value;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::PatientState;
use crate::pathway::definition::Definition;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Stated;
use crate::pathway::event::What;
use crate::record::cards::PatientCard;
use crate::store::log;
use crate::store::patients;

/// What the card says and the engine does not know, when a pathway that asks for it may begin now.
pub(super) fn untold(
    act: &mut Act<'_>,
    grant: &Grant,
    state: &PatientState,
    input: &Input,
) -> Result<Option<Stated>> {
    let library = act.library();
    let asked = match input {
        Input::Start { pathway, .. } => library.pathways.get(pathway).is_some_and(asks),
        Input::Admitted { .. } => begin_by_themselves(&library.pathways).any(asks),
        _ => false,
    };
    if asked { differs(act, grant, state) } else { Ok(None) }
}

/// Tells the engine of a birth date that was corrected, if it was told of one before.
pub(crate) fn corrected(act: &mut Act<'_>, grant: &Grant, id: EntryId) -> Result<()> {
    let state = load(act, grant)?;
    if !state.facts.contains_key(BIRTH_DATE) {
        return Ok(());
    }
    match differs(act, grant, &state)? {
        Some(birth) => {
            let told = serde_json::json!({ "facts": [{ "concept": birth.concept, "value": birth.value }] });
            feed(act, grant, id.derived("birth"), told, Input::Facts(vec![birth]))
        }
        None => Ok(()),
    }
}

/// The state as a pathway that begins now would find it.
pub(crate) fn with_card(state: &PatientState, card: &PatientCard, now: jiff::Timestamp) -> PatientState {
    let mut state = state.clone();
    if let Some(birth) = card.birth.filter(|birth| known(&state) != Some(*birth)) {
        let (concept, value) = (BIRTH_DATE.to_owned(), Value::Date(birth));
        state.apply(&Event {
            at: state.reached,
            by: None,
            what: What::FactStated { concept, value, of: now, entry: None },
        });
    }
    state
}

fn begin_by_themselves(library: &Library) -> impl Iterator<Item = &std::sync::Arc<Pathway>> {
    library.offered().filter(|pathway| pathway.definition.start.on.is_some())
}

fn asks(pathway: &std::sync::Arc<Pathway>) -> bool {
    let Definition { facts, .. } = &pathway.definition;
    facts.values().any(|usage| usage.concept == BIRTH_DATE)
}

fn known(state: &PatientState) -> Option<jiff::civil::Date> {
    match state.facts.get(BIRTH_DATE).and_then(|facts| facts.last()).map(|fact| &fact.value) {
        Some(Value::Date(birth)) => Some(*birth),
        _ => None,
    }
}

/// The card's birth date, with the entry that it stands in, unless the engine knows the same.
fn differs(act: &mut Act<'_>, grant: &Grant, state: &PatientState) -> Result<Option<Stated>> {
    let (row, key) = (patients::one(act.conn, grant)?, act.key(grant)?);
    let card: PatientCard = open_card(&key, "patient", &row.id.0, &row.sealed)?;
    let Some(birth) = card.birth.filter(|birth| known(state) != Some(*birth)) else { return Ok(None) };
    let entry = log::by_seq(act.conn, grant.patient().log(), row.seq)?.id;
    let value = birth.to_string().into();
    Ok(Some(Stated { concept: BIRTH_DATE.to_owned(), value, at: None, entry: Some(entry) }))
}
