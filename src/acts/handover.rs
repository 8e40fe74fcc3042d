//! Handing over what someone held who left: the tasks they had taken on and the asks that named them go
//! back to their profession, or to a colleague of the same profession in the same team. One act for each
//! record, so that it can be broken off and gone on with; the record says so in a line. Whoever
//! administers hears how many there were, and of nobody's record.

use serde_json::json;

use crate::access;
use crate::access::Grant;
use crate::acts::Act;
use crate::acts::Appended;
use crate::acts::House;
use crate::acts::Reading;
use crate::acts::Who;
use crate::acts::live::News;
use crate::acts::plans;
use crate::acts::register::need_admin;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::event::Actor;
use crate::pathway::event::Input;
use crate::record::Audience;
use crate::record::Author;
use crate::record::payload::HandedOver;
use crate::store::held;
use crate::store::register;

/// What someone who left still holds, by number.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Held {
    /// Tasks taken on.
    pub tasks: i64,
    /// Asks that name them.
    pub asks: i64,
    /// In how many records that can be written in.
    pub records: usize,
    /// Colleagues of the same profession, and in how many of those teams each sits.
    pub successors: Vec<(PersonId, i64)>,
}

/// What came of handing over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct Outcome {
    /// Records in which it was done.
    pub done: usize,
    /// Records in which it could not be done now; doing it again goes on with them.
    pub left: usize,
}

/// What someone holds, for whoever administers their office. Numbers, and names of colleagues.
pub fn held(reading: &mut Reading<'_>, by: PersonId, who: PersonId) -> Result<Held> {
    let person = register::person(reading.conn, who)?;
    need_admin(reading.conn, Author::Person(by), Some(person.office))?;
    let records = held::records(reading.conn, who)?;
    let (tasks, asks) = held::counts(reading.conn, who)?;
    let successors = held::successors(reading.conn, &records, &person.profession, reading.now)?;
    Ok(Held { tasks, asks, records: records.len(), successors })
}

/// The right to hand over in one record, and who takes over there: the colleague where they sit in this
/// team, else nobody by name.
fn judge(
    act: &mut Act<'_>,
    patient: PatientId,
    from: PersonId,
    to: Option<PersonId>,
) -> Result<(Grant, Profession, Option<PersonId>)> {
    let left = register::person(act.conn, from)?;
    need_admin(act.conn, act.who.author, Some(left.office))?;
    let by = act.who.need_person()?;
    let own = register::person(act.conn, by)?;
    let facts = crate::store::patients::facts(act.conn, patient, Some(from))?;
    let own: Profession =
        own.profession.parse().map_err(|()| Error::fault("a person of an unknown profession"))?;
    let grant = access::judge_handing_over(&facts, by, own)?;
    let profession: Profession =
        left.profession.parse().map_err(|()| Error::fault("a person of an unknown profession"))?;
    let Some(to) = to else { return Ok((grant, profession, None)) };
    let facts = crate::store::patients::facts(act.conn, patient, Some(to))?;
    let fits =
        facts.profession == Some(profession) && access::judge(&facts, access::Need::Plan, act.now).is_ok();
    Ok((grant, profession, fits.then_some(to)))
}

/// Hands over in one record. Done again, it changes nothing.
pub fn hand_over(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    from: PersonId,
    to: Option<PersonId>,
) -> Result<()> {
    let (grant, profession, to) = judge(act, patient, from, to)?;
    if act.stands(patient.log(), id)?.is_some() {
        return Ok(());
    }
    let asks = held::asks(act.conn, &grant, from)?;
    let state = plans::load(act, &grant)?;
    let tasks = state.tasks.values().filter(|task| task.claimed_by == Some(from)).count();
    if asks.is_empty() && tasks == 0 {
        return Ok(());
    }
    let told = HandedOver { from, to, profession, asks, tasks };
    if let Appended::New(seq) = act.append(&grant, id, Audience::Staff, told)? {
        act.tell(News::Record(patient, seq));
    }
    let to = to.map(|person| Actor { person, profession });
    let told = json!({ "hand_over": from, "to": to.map(|to| to.person) });
    plans::feed(act, &grant, id.derived("plan"), told, Input::HandOver { from, to })
}

impl House {
    /// Hands over in every record, one act each. A record that cannot be written in now is left for the
    /// next time.
    pub async fn hand_over(
        &self,
        who: Who,
        id: EntryId,
        from: PersonId,
        to: Option<PersonId>,
    ) -> Result<Outcome> {
        let records = self
            .read(move |reading| {
                let person = register::person(reading.conn, from)?;
                need_admin(reading.conn, who.author, Some(person.office))?;
                if person.state == "active" {
                    return Err(Error::invalid("to", Words::of(Text::still_active)));
                }
                held::records(reading.conn, from)
            })
            .await?;
        let mut outcome = Outcome { done: 0, left: 0 };
        for patient in records {
            let id = id.derived(&patient.to_string());
            let done = self
                .perform(who, vec![patient.log()], move |act| hand_over(act, id, patient, from, to))
                .await;
            match done {
                Ok(()) => outcome.done += 1,
                Err(Error::Busy | Error::Unknown | Error::Missing) => outcome.left += 1,
                Err(why) => return Err(why),
            }
        }
        Ok(outcome)
    }
}
