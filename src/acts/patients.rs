//! Verbs on a patient's card, consent and team.

use unicode_normalization::UnicodeNormalization;

use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::Appended;
use crate::acts::live::News;
use crate::acts::plans;
use crate::acts::register::bound_line;
use crate::acts::register::need_line;
use crate::acts::register::refuse;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Keys;
use crate::record::Audience;
use crate::record::cards::Allergies;
use crate::record::cards::Consent;
use crate::record::cards::PatientCard;
use crate::record::payload::ConsentGiven;
use crate::record::payload::PatientSet;
use crate::record::payload::Reason;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::record::payload::Unseated;
use crate::store::log::LogKind;
use crate::store::patients;
use crate::store::register;
use crate::texts;

/// The most lines a list on the card may have.
const LINES_MAX: usize = 20;
/// The oldest person on record lived 122 years.
const AGE_MAX: i16 = 125;

/// A patient as they are registered: never without a consent on record.
#[derive(Debug, Clone)]
pub struct Registration {
    /// The entry's id.
    pub id: EntryId,
    /// The new patient's id.
    pub patient: PatientId,
    /// The card.
    pub card: PatientCard,
    /// The consent to share, as it was taken.
    pub consent: Consent,
}

/// Registers a patient with consent, and seats whoever registers.
pub fn register(act: &mut Act<'_>, new: &Registration) -> Result<PatientId> {
    let who = act.who.need_person()?;
    let person = register::person(act.conn, who)?;
    if person.state != "active" {
        return Err(Error::SignedOut);
    }
    if matches!(person.profession.parse(), Ok(Profession::Family | Profession::Patient) | Err(())) {
        return Err(Error::Forbidden(Words::of(Text::professionals_only)));
    }
    let patient = new.patient;
    let log = patient.log();
    if act.stands(log, new.id)?.is_some() {
        return Ok(patient);
    }
    let today = act.now.day();
    refuse([card_flaws(&new.card, today), consent_flaws(&new.consent, today)].concat())?;
    let key = act.begin(log, LogKind::Patient)?;
    let (twin, insured) = look_ups(act.keys(), &new.card);
    let twins = patients::has_twin(act.conn, &twin, insured.as_deref())?;
    let number = patients::next_number(act.conn)?;
    let set =
        PatientSet { patient, number, owner: person.office, card: new.card.clone(), reason: String::new() };
    act.write(log, &key, new.id, Audience::Staff, &set.into())?;
    let consent = ConsentGiven { consent: new.consent.clone() };
    act.write(log, &key, new.id.derived("consent"), Audience::Team, &consent.into())?;
    let seated = Seated { person: who, role: SeatRole::Member, until: None, reason: String::new() };
    let seq = act.write(log, &key, new.id.derived("seat"), Audience::Team, &seated.into())?.seq();
    if twins {
        // Not shown to whoever registers: that would tell that the other record exists.
        tracing::warn!(patient = %patient, "a registration resembles an existing record; the liaison office should look");
    }
    act.tell(News::Record(patient, seq));
    Ok(patient)
}

/// Changes the card, with a reason.
pub fn change_card(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    card: &PatientCard,
    reason: &str,
) -> Result<()> {
    let grant = act.grant(patient, Need::Card)?;
    let mut flaws = card_flaws(card, act.now.day());
    need_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    let old = patients::one(act.conn, &grant)?;
    let set = PatientSet {
        patient,
        number: old.number,
        owner: old.owner,
        card: card.clone(),
        reason: reason.trim().into(),
    };
    if let Appended::New(seq) = act.append(&grant, id, Audience::Staff, set)? {
        plans::corrected(act, &grant, id)?;
        act.tell(News::Record(patient, seq));
    }
    Ok(())
}

/// Records consent again after a withdrawal: the record thaws.
pub fn give_consent(act: &mut Act<'_>, id: EntryId, patient: PatientId, consent: &Consent) -> Result<()> {
    let grant = act.grant(patient, Need::Reconsent)?;
    refuse(consent_flaws(consent, act.now.day()))?;
    if let Appended::New(seq) =
        act.append(&grant, id, Audience::Team, ConsentGiven { consent: consent.clone() })?
    {
        act.tell(News::Record(patient, seq));
    }
    Ok(())
}

/// Records that consent was withdrawn: the record freezes at once, for everyone.
pub fn withdraw_consent(act: &mut Act<'_>, id: EntryId, patient: PatientId, reason: &str) -> Result<()> {
    let grant = act.grant(patient, Need::Card)?;
    let mut flaws = Vec::new();
    need_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    let reason = Reason { reason: reason.trim().to_owned() };
    let payload = crate::record::payload::Payload::ConsentWithdrawn(reason);
    if let Appended::New(seq) = act.append(&grant, id, Audience::Team, payload)? {
        act.tell(News::Record(patient, seq));
    }
    Ok(())
}

/// Seats someone in the team, for good or until a date.
pub fn seat(act: &mut Act<'_>, id: EntryId, patient: PatientId, seated: &Seated) -> Result<()> {
    let grant = act.grant(patient, Need::Team)?;
    seat_under(act, id, &grant, seated)
}

/// Seats someone under a grant that was judged already.
pub(crate) fn seat_under(act: &mut Act<'_>, id: EntryId, grant: &Grant, seated: &Seated) -> Result<()> {
    let patient = grant.patient();
    let mut flaws = Vec::new();
    bound_line(&mut flaws, "reason", &seated.reason);
    if seated.until.is_some_and(|until| until <= act.now) {
        flaws.push(Flaw { field: "until".to_owned(), says: Words::of(Text::end_is_past) });
    }
    match register::person(act.conn, seated.person) {
        Ok(person) if person.state == "active" => {}
        Ok(_) | Err(Error::Missing) => {
            flaws.push(Flaw { field: "person".to_owned(), says: Words::of(Text::person_cannot_join) });
        }
        Err(why) => return Err(why),
    }
    refuse(flaws)?;
    if let Appended::New(seq) = act.append(grant, id, Audience::Team, seated.clone())? {
        act.tell(News::Record(patient, seq));
        act.tell(News::Person(seated.person));
    }
    Ok(())
}

/// Ends someone's seat. The last seat stays: a record without a team would be out of reach.
pub fn unseat(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    person: PersonId,
    reason: &str,
) -> Result<()> {
    let grant = act.grant(patient, Need::Team)?;
    let mut flaws = Vec::new();
    bound_line(&mut flaws, "reason", reason);
    refuse(flaws)?;
    let staying = patients::team(act.conn, &grant)?
        .into_iter()
        .filter(|seat| seat.person != person && seat.ended_at.is_none() && seat.until_at.is_none())
        .count();
    if staying == 0 {
        return Err(Error::Forbidden(Words::of(Text::last_seat_stays)));
    }
    if let Appended::New(seq) =
        act.append(&grant, id, Audience::Team, Unseated { person, reason: reason.trim().into() })?
    {
        act.tell(News::Record(patient, seq));
        act.tell(News::Person(person));
    }
    Ok(())
}

/// Look-up values: kana with birth date, and the insured number. Folded, so that width does not matter.
pub(crate) fn look_ups(keys: &Keys, card: &PatientCard) -> (Vec<u8>, Option<Vec<u8>>) {
    let fold = |text: &str| text.nfkc().filter(|c| c.is_alphanumeric()).map(katakana).collect::<String>();
    let birth = card.birth.map(|day| day.to_string()).unwrap_or_default();
    let twin = keys.look_up("patient-twin", &format!("{}\n{birth}", fold(&card.kana)));
    let number = fold(&card.insured);
    (twin, (!number.is_empty()).then(|| keys.look_up("insured", &number)))
}

/// Hiragana to katakana; anything else as it is.
pub(crate) fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(u32::from(c) + 0x60).unwrap_or(c),
        _ => c,
    }
}

fn card_flaws(card: &PatientCard, today: jiff::civil::Date) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    need_line(&mut flaws, "name", &card.name);
    need_line(&mut flaws, "kana", &card.kana);
    for (field, line) in [
        ("address", &card.address),
        ("tel", &card.tel),
        ("insured", &card.insured),
        ("care_level", &card.care_level),
        ("key_person", &card.key_person),
        ("backup_hospital", &card.backup_hospital),
    ] {
        bound_line(&mut flaws, field, line);
    }
    let allergies: &[String] = if let Allergies::Known(what) = &card.allergies { what } else { &[] };
    for (field, lines) in
        [("alerts", card.alerts.as_slice()), ("diseases", &card.diseases), ("allergies", allergies)]
    {
        if lines.len() > LINES_MAX {
            flaws.push(Flaw { field: field.to_owned(), says: Words::of(|t| t.too_many_lines(LINES_MAX)) });
        }
        lines.iter().for_each(|line| bound_line(&mut flaws, field, line));
    }
    match card.birth {
        None => flaws.push(Flaw { field: "birth".to_owned(), says: Words::of(Text::birth_is_empty) }),
        Some(birth) if birth > today || today.year() - birth.year() > AGE_MAX => {
            flaws.push(Flaw { field: "birth".to_owned(), says: Words::of(Text::birth_is_odd) });
        }
        Some(_) => {}
    }
    if let (Some(from), Some(until)) = (card.care_from, card.care_until)
        && until < from
    {
        flaws.push(Flaw { field: "care_until".to_owned(), says: Words::of(Text::end_before_start) });
    }
    flaws
}

fn consent_flaws(consent: &Consent, today: jiff::civil::Date) -> Vec<Flaw> {
    let mut flaws = Vec::new();
    need_line(&mut flaws, "explained_by", &consent.explained_by);
    bound_line(&mut flaws, "representative", &consent.representative);
    bound_line(&mut flaws, "scope", &consent.scope);
    if consent.on > today {
        flaws.push(Flaw { field: "consent_on".to_owned(), says: Words::of(Text::day_is_future) });
    }
    flaws
}

texts! {
    end_is_past { ja: "終わりの日は、これからの日にしてください。", en: "The end date must lie in the future." }
    person_cannot_join {
        ja: "この人はチームに加えられません。アカウントが使える人を選んでください。",
        en: "This person cannot join. Please choose someone with an active account."
    }
    last_seat_stays {
        ja: "最後の一人はチームから外せません。先にほかの人を加えてください。",
        en: "The last member cannot leave. Please add someone else first."
    }
    birth_is_empty { ja: "生年月日を入力してください。", en: "Please enter the birth date." }
    birth_is_odd { ja: "生年月日を確かめてください。", en: "Please check the birth date." }
    end_before_start { ja: "終わりの日が始まりの日より前です。", en: "The end lies before the start." }
    day_is_future { ja: "先の日付は入力できません。", en: "The date cannot lie in the future." }
    too_many_lines(max: usize) { ja: "{max}件までにしてください。", en: "Please keep it to {max}." }
}
