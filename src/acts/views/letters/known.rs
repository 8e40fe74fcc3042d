//! What the record already knows, for filling a form: the patient's card, the team, whoever writes,
//! the stay, and every observed concept with its source and day.

use serde_json::Value;

use crate::acts::Look;
use crate::acts::accounts::Member;
use crate::acts::views::patients::SeatView;
use crate::acts::views::patients::banner;
use crate::acts::views::patients::team;
use crate::acts::views::plan::state;
use crate::concept::Concepts;
use crate::form::answers::Known;
use crate::form::answers::KnownValue;
use crate::form::answers::Source;
use crate::form::answers::SourceKind;
use crate::form::from_fact;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::age_on;
use crate::record::cards::Allergies;
use crate::record::cards::PatientCard;
use crate::record::cards::Sex;
use crate::record::payload::SeatRole;
use crate::store::letters;
use crate::texts;

/// Everything the record knows that a form may ask.
pub fn known(look: &mut Look<'_>, member: &Member) -> Result<Known> {
    let mut known = Known::new();
    let today = look.now.day();
    let patient = banner(look)?;
    let card_entry = card_source(look)?;
    card(&mut known, &patient.card, today, &card_entry);
    author(&mut known, look, member)?;
    seats(&mut known, look)?;
    stay(&mut known, look)?;
    observed(&mut known, look)?;
    Ok(known)
}

struct From {
    kind: SourceKind,
    entry: Option<EntryId>,
    on: jiff::civil::Date,
    label: Words,
}

fn put(known: &mut Known, path: &str, value: impl Into<Value>, from: &From) {
    let value = value.into();
    if value.is_null() || value.as_str() == Some("") {
        return;
    }
    let source = Source { kind: from.kind, entry: from.entry, on: from.on, label: from.label.clone() };
    known.insert(path.to_owned(), KnownValue { value, source });
}

fn card_source(look: &mut Look<'_>) -> Result<From> {
    let row = crate::store::patients::one(look.conn, &look.grant)?;
    let entry = crate::store::log::by_seq(look.conn, look.grant.patient().log(), row.seq)?;
    Ok(From {
        kind: SourceKind::Patient,
        entry: Some(entry.id),
        on: entry.at.day(),
        label: Words::of(Text::source_card),
    })
}

fn card(known: &mut Known, card: &PatientCard, today: jiff::civil::Date, from: &From) {
    put(known, "/patient/name", card.name.as_str(), from);
    put(known, "/patient/kana", card.kana.as_str(), from);
    put(known, "/patient/birth_date", card.birth.map(|day| day.to_string()), from);
    put(known, "/patient/age", card.birth.map(|birth| i64::from(age_on(birth, today))), from);
    let sex = match card.sex {
        Sex::Female => Some("female"),
        Sex::Male => Some("male"),
        Sex::Unknown => None,
    };
    put(known, "/patient/sex", sex, from);
    put(known, "/patient/address", card.address.as_str(), from);
    put(known, "/patient/phone", card.tel.as_str(), from);
    put(known, "/patient/care_number", card.insured.as_str(), from);
    put(known, "/family/key/name", card.key_person.as_str(), from);
    put(known, "/team/backup_hospital/office", card.backup_hospital.as_str(), from);
    // The card's codes are those of the concepts; an observation made since then is newer and wins.
    put(known, "care_level", card.care_level.as_str(), from);
    let allergies = match &card.allergies {
        Allergies::Unknown => None,
        Allergies::NoneKnown => Some("なし".to_owned()),
        Allergies::Known(what) => Some(what.join("、")),
    };
    put(known, "allergies", allergies, from);
    put(known, "main_disease", card.diseases.first().map(String::as_str), from);
    put(known, "diseases", (!card.diseases.is_empty()).then(|| card.diseases.join("、")), from);
}

fn author(known: &mut Known, look: &mut Look<'_>, member: &Member) -> Result<()> {
    let from = From {
        kind: SourceKind::Register,
        entry: None,
        on: look.now.day(),
        label: Words::of(Text::source_register),
    };
    let directory = look.directory()?;
    let office = directory.office(member.office)?;
    put(known, "/today", look.now.day().to_string(), &from);
    put(known, "/author/name", member.card.name.as_str(), &from);
    put(known, "/author/profession", member.profession.code(), &from);
    put(known, "/author/office", office.name.as_str(), &from);
    put(known, "/author/phone", office.tel.as_str(), &from);
    put(known, "/author/fax", office.fax.as_str(), &from);
    Ok(())
}

fn seats(known: &mut Known, look: &mut Look<'_>) -> Result<()> {
    let seats: Vec<SeatView> = team(look)?.into_iter().filter(|seat| seat.in_force).collect();
    let of = |role: Option<SeatRole>, profession: Profession| {
        seats
            .iter()
            .find(|seat| role.is_none_or(|role| seat.role == role) && seat.person.profession == profession)
    };
    let places = [
        ("main_doctor", of(Some(SeatRole::Main), Profession::Doctor)),
        ("care_manager", of(None, Profession::CareManager)),
        ("dentist", of(None, Profession::Dentist)),
        ("pharmacist", of(None, Profession::Pharmacist)),
    ];
    for (place, seat) in places {
        let Some(seat) = seat else { continue };
        let from = From {
            kind: SourceKind::Register,
            entry: None,
            on: seat.from.day(),
            label: Words::of(Text::source_team),
        };
        let tel = look.directory()?.office(seat.person.office)?.tel.clone();
        put(known, &format!("/team/{place}/name"), seat.person.name.as_str(), &from);
        put(known, &format!("/team/{place}/office"), seat.person.office_name.as_str(), &from);
        put(known, &format!("/team/{place}/phone"), tel, &from);
    }
    Ok(())
}

fn stay(known: &mut Known, look: &mut Look<'_>) -> Result<()> {
    let Some(stay) = letters::open_stay(look.conn, &look.grant)? else { return Ok(()) };
    let entry = crate::store::log::by_seq(look.conn, look.grant.patient().log(), stay.seq)?;
    let from = From {
        kind: SourceKind::Observation,
        entry: Some(entry.id),
        on: stay.admitted_at.day(),
        label: Words::of(Text::source_stay),
    };
    let hospital = look.directory()?.office(stay.hospital)?.name.clone();
    put(known, "/admission/hospital", hospital, &from);
    if let crate::record::payload::Payload::Admitted(admitted) = look.open(&entry)? {
        put(known, "/admission/ward", admitted.ward, &from);
        put(known, "/admission/reason", admitted.reason, &from);
    }
    Ok(())
}

/// The newest value of every observed concept.
fn observed(known: &mut Known, look: &mut Look<'_>) -> Result<()> {
    let concepts = Concepts::shipped();
    for (code, facts) in state(look)?.facts {
        let Some(fact) = facts.last() else { continue };
        let Some(concept) = concepts.get(&code) else { continue };
        let on = Time::from(fact.origin.at).day();
        // The card may have been changed since the observation was made.
        if known.get(&code).is_some_and(|standing| standing.source.on > on) {
            continue;
        }
        let from = From {
            kind: SourceKind::Observation,
            entry: fact.origin.entry,
            on,
            label: concept.title.clone(),
        };
        put(known, &code, from_fact(&fact.value), &from);
    }
    Ok(())
}

texts! {
    source_card { ja: "患者の基本情報", en: "Patient's card" }
    source_register { ja: "登録情報", en: "Register" }
    source_team { ja: "チーム", en: "Team" }
    source_stay { ja: "入院の記録", en: "Hospital stay" }
}
