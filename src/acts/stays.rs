//! Verbs on hospital stays: admission rests the home pathways and begins the one of the stay,
//! discharge lets them go on.

use crate::access::Need;
use crate::acts::Act;
use crate::acts::Appended;
use crate::acts::live::News;
use crate::acts::patients::seat_under;
use crate::acts::plans;
use crate::acts::register::bound_line;
use crate::acts::register::refuse;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::pathway::event::Input;
use crate::pathway::event::Stated;
use crate::record::Audience;
use crate::record::payload::Admitted;
use crate::record::payload::Discharged;
use crate::record::payload::OfficeKind;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::record::payload::StayPlanned;
use crate::store::letters;
use crate::store::letters::Stay;
use crate::store::register;
use crate::texts;

/// An admission as it is recorded.
#[derive(Debug, Clone)]
pub struct Admission {
    /// The entry's id.
    pub id: EntryId,
    /// The patient.
    pub patient: PatientId,
    /// What happened.
    pub admitted: Admitted,
    /// The hospital's nurse or social worker who joins the team for the stay, and until when.
    pub guest: Option<(PersonId, Time)>,
}

/// Records an admission.
pub fn admit(act: &mut Act<'_>, new: &Admission) -> Result<()> {
    let grant = act.grant(new.patient, Need::Stay)?;
    if act.stands(new.patient.log(), new.id)?.is_some() {
        act.append(&grant, new.id, Audience::Staff, new.admitted.clone())?;
        return Ok(());
    }
    let admitted = &new.admitted;
    let mut flaws = Vec::new();
    bound_line(&mut flaws, "ward", &admitted.ward);
    bound_line(&mut flaws, "reason", &admitted.reason);
    if admitted.at > act.now {
        flaws.push(Flaw { field: "at".to_owned(), says: Words::of(Text::day_is_future) });
    }
    if admitted.planned.is_some_and(|planned| planned < admitted.at) {
        flaws.push(Flaw { field: "planned".to_owned(), says: Words::of(Text::end_before_start) });
    }
    if !is_hospital(act, admitted.hospital)? {
        flaws.push(Flaw { field: "hospital".to_owned(), says: Words::of(Text::hospital_is_empty) });
    }
    refuse(flaws)?;
    if letters::open_stay(act.conn, &grant)?.is_some() {
        return Err(Error::Forbidden(Words::of(Text::stay_does_not_fit)));
    }
    let seq = act.append(&grant, new.id, Audience::Staff, admitted.clone())?.seq();
    if let Some((person, until)) = new.guest {
        let seated = Seated { person, role: SeatRole::Member, until: Some(until), reason: String::new() };
        seat_under(act, new.id.derived("guest"), &grant, &seated)?;
    }
    let told = serde_json::json!({ "admitted": admitted.stay });
    let input = Input::Admitted { stay: new.id, on: Some(admitted.at.day()) };
    plans::feed(act, &grant, new.id.derived("plan"), told, input)?;
    if let Some(planned) = admitted.planned {
        plans::tell_facts(act, &grant, new.id.derived("facts"), vec![planned_discharge(planned, new.id)])?;
    }
    act.tell(News::Record(new.patient, seq));
    act.tell(News::Desk(admitted.hospital));
    Ok(())
}

/// Records or changes the planned day of discharge.
pub fn plan_discharge(act: &mut Act<'_>, id: EntryId, patient: PatientId, on: Time) -> Result<()> {
    let grant = act.grant(patient, Need::Stay)?;
    let stay = letters::open_stay(act.conn, &grant)?.ok_or(Error::Missing)?;
    if on < stay.admitted_at {
        return Err(Error::invalid("planned", Words::of(Text::end_before_start)));
    }
    if let Appended::New(seq) =
        act.append(&grant, id, Audience::Staff, StayPlanned { stay: stay.id, at: on })?
    {
        plans::tell_facts(act, &grant, id.derived("facts"), vec![planned_discharge(on, id)])?;
        act.tell(News::Record(patient, seq));
    }
    Ok(())
}

/// Records a discharge.
pub fn discharge(act: &mut Act<'_>, id: EntryId, patient: PatientId, at: Time) -> Result<()> {
    let grant = act.grant(patient, Need::Stay)?;
    let now = act.now;
    let Some(stay) = letters::open_stay(act.conn, &grant)? else {
        return if act.stands(patient.log(), id)?.is_some() { Ok(()) } else { Err(Error::Stale) };
    };
    if at < stay.admitted_at {
        return Err(Error::invalid("at", Words::of(Text::end_before_start)));
    }
    if at > now {
        return Err(Error::invalid("at", Words::of(Text::day_is_future)));
    }
    let seq = act.append(&grant, id, Audience::Staff, Discharged { stay: stay.id, at })?.seq();
    let entry = admission_entry(act, patient, &stay)?;
    let told = serde_json::json!({ "discharged": entry });
    let input = Input::Discharged { stay: entry, on: Some(at.day()) };
    plans::feed(act, &grant, id.derived("plan"), told, input)?;
    act.tell(News::Record(patient, seq));
    Ok(())
}

/// The entry that began a stay: the engine knows the stay by it.
fn admission_entry(act: &mut Act<'_>, patient: PatientId, stay: &Stay) -> Result<EntryId> {
    Ok(crate::store::log::by_seq(act.conn, patient.log(), stay.seq)?.id)
}

fn is_hospital(act: &mut Act<'_>, office: OfficeId) -> Result<bool> {
    match register::office(act.conn, office) {
        Ok(row) => Ok(row.kind == OfficeKind::Hospital.code()),
        Err(Error::Missing) => Ok(false),
        Err(why) => Err(why),
    }
}

fn planned_discharge(on: Time, entry: EntryId) -> Stated {
    let concept = "stay.planned_discharge_on".to_owned();
    Stated { concept, value: on.day().to_string().into(), at: None, entry: Some(entry) }
}

/// A fresh stay's id.
pub fn new_stay() -> LetterId {
    LetterId::new()
}

texts! {
    hospital_is_empty { ja: "病院を選んでください。", en: "Please choose the hospital." }
}
