//! The patient's card and the consent, as forms: the same fields when someone is registered, when the
//! card is changed, and when consent is given again.

use actix_web::HttpResponse;
use actix_web::web::Path;
use jiff::civil::Date;

use crate::acts::patients;
use crate::acts::views;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::record::cards::Allergies;
use crate::record::cards::Consent;
use crate::record::cards::ConsentMethod;
use crate::record::cards::PatientCard;
use crate::record::cards::Sex;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::respond;
use crate::web::view::Field;

/// The fields of a card, holding what stands.
pub fn card_fields(t: Text, typed: Typed<'_>, card: &PatientCard) -> Vec<Field> {
    let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
    let state = match &card.allergies {
        Allergies::Unknown => "unknown",
        Allergies::NoneKnown => "none",
        Allergies::Known(_) => "known",
    };
    let known = if let Allergies::Known(what) = &card.allergies { what.join("\n") } else { String::new() };
    let choices = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(code, says)| ((*code).to_owned(), (*says).to_owned())).collect()
    };
    let sexes = choices(&[("female", t.sex_female()), ("male", t.sex_male()), ("unknown", t.unknown())]);
    let states =
        choices(&[("unknown", t.not_asked()), ("none", t.none_known()), ("known", t.allergies_known())]);
    vec![
        typed.text("name", t.card_name(), &card.name).must().hint(t.card_name_hint()),
        typed.text("kana", t.person_kana(), &card.kana).must().hint(t.kana_hint()),
        typed.field("date", "birth", t.banner_born(), &day(card.birth)).must(),
        typed.choice("sex", t.banner_sex(), &sexes, sex_code(card.sex)),
        typed.choice("allergies_state", t.allergies(), &states, state),
        typed.field("area", "allergies", t.allergies_what(), &known).hint(t.one_a_line()),
        typed.field("area", "alerts", t.alerts_at_the_door(), &card.alerts.join("\n")).hint(t.alerts_hint()),
        typed.field("area", "diseases", t.card_diseases(), &card.diseases.join("\n")).hint(t.one_a_line()),
        typed.choice("care_level", t.banner_care_need(), &care_levels(t), &card.care_level),
        typed.field("date", "care_from", t.card_care_from(), &day(card.care_from)),
        typed.field("date", "care_until", t.card_care_until(), &day(card.care_until)),
        typed.text("insured", t.card_insured(), &card.insured),
        typed.text("address", t.card_address(), &card.address),
        typed.field("tel", "tel", t.card_tel(), &card.tel),
        typed.text("key_person", t.card_key_person(), &card.key_person).hint(t.card_key_person_hint()),
        typed.text("backup_hospital", t.card_backup_hospital(), &card.backup_hospital),
    ]
}

fn care_levels(t: Text) -> Vec<(String, String)> {
    let known = Concepts::shipped().get("care_level").map(|concept| concept.values.as_slice());
    let unknown = (String::new(), t.unknown().to_owned());
    let known = known.unwrap_or_default().iter();
    std::iter::once(unknown)
        .chain(known.map(|choice| (choice.code.clone(), choice.say(t.0).to_owned())))
        .collect()
}

fn sex_code(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
        Sex::Unknown => "unknown",
    }
}

/// Reads a card; what cannot be read as a day or a choice is a flaw beside its field.
pub fn read_card(fields: &Fields, flaws: &mut Vec<Flaw>) -> PatientCard {
    let line = |name: &str| fields.get(name).trim().to_owned();
    let known = lines(fields.get("allergies"));
    let allergies = match fields.get("allergies_state") {
        "none" if known.is_empty() => Allergies::NoneKnown,
        "known" if known.is_empty() => {
            flaws.push(Flaw { field: "allergies".to_owned(), says: Words::of(Text::line_is_empty) });
            Allergies::Unknown
        }
        // What was written down counts, whatever was ticked beside it.
        _ if known.is_empty() => Allergies::Unknown,
        _ => Allergies::Known(known),
    };
    PatientCard {
        name: line("name"),
        kana: line("kana"),
        birth: read_day(fields, "birth", flaws),
        sex: match fields.get("sex") {
            "female" => Sex::Female,
            "male" => Sex::Male,
            _ => Sex::Unknown,
        },
        address: line("address"),
        tel: line("tel"),
        insured: line("insured"),
        care_level: line("care_level"),
        care_from: read_day(fields, "care_from", flaws),
        care_until: read_day(fields, "care_until", flaws),
        allergies,
        alerts: lines(fields.get("alerts")),
        diseases: lines(fields.get("diseases")),
        key_person: line("key_person"),
        backup_hospital: line("backup_hospital"),
    }
}

/// One thing a line, empty lines left out.
fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// A day as a `date` field sends it; `None` when empty.
pub fn read_day(fields: &Fields, name: &str, flaws: &mut Vec<Flaw>) -> Option<Date> {
    let sent = fields.get(name).trim();
    if sent.is_empty() {
        return None;
    }
    let day = sent.parse().ok();
    if day.is_none() {
        flaws.push(Flaw { field: name.to_owned(), says: Words::of(Text::day_is_odd) });
    }
    day
}

/// The fields of a consent.
pub fn consent_fields(signed: &Signed, typed: Typed<'_>) -> Vec<Field> {
    let t = signed.t();
    let today = signed.house().now().day().to_string();
    let methods = [
        ("written", t.consent_written()),
        ("spoken", t.consent_spoken()),
        ("representative", t.consent_representative()),
    ]
    .map(|(code, says)| (code.to_owned(), says.to_owned()));
    vec![
        typed.field("date", "consent_on", t.consent_on(), &today).must(),
        typed.choice("method", t.consent_method(), &methods, "").must(),
        typed.text("explained_by", t.consent_explained_by(), &signed.member.card.name).must(),
        typed.text("representative", t.consent_who(), "").hint(t.consent_who_hint()),
        typed.text("scope", t.consent_scope(), t.consent_scope_usual()),
    ]
}

/// Reads a consent; `None` together with a flaw when it does not say when and how.
pub fn read_consent(fields: &Fields, flaws: &mut Vec<Flaw>) -> Option<Consent> {
    let on = read_day(fields, "consent_on", flaws);
    let method = match fields.get("method") {
        "written" => Some(ConsentMethod::Written),
        "spoken" => Some(ConsentMethod::Spoken),
        "representative" => Some(ConsentMethod::Representative),
        _ => None,
    };
    let mut missing = |name: &str, missing: bool| {
        if missing && flaws.iter().all(|flaw| flaw.field != name) {
            flaws.push(Flaw { field: name.to_owned(), says: Words::of(Text::line_is_empty) });
        }
    };
    missing("consent_on", on.is_none());
    missing("method", method.is_none());
    missing(
        "representative",
        method == Some(ConsentMethod::Representative) && fields.get("representative").trim().is_empty(),
    );
    Some(Consent {
        on: on?,
        method: method?,
        explained_by: fields.get("explained_by").trim().to_owned(),
        representative: fields.get("representative").trim().to_owned(),
        scope: fields.get("scope").trim().to_owned(),
    })
}

/// How a consent was taken, in words.
pub fn consent_method(t: Text, method: ConsentMethod) -> &'static str {
    match method {
        ConsentMethod::Written => t.consent_written(),
        ConsentMethod::Spoken => t.consent_spoken(),
        ConsentMethod::Representative => t.consent_representative(),
    }
}

/// `GET /patients/{patient}/card`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    show(&signed, *patient, Typed::nothing()).await
}

async fn show(signed: &Signed, patient: PatientId, typed: Typed<'_>) -> Result<HttpResponse> {
    let (card, may) = signed
        .house()
        .look(signed.member.id, patient, "card", |look| {
            Ok((views::patients::banner(look)?, look.grant.also(crate::access::Need::Card)))
        })
        .await?;
    if !may {
        return Err(Error::Forbidden(Words::of(Text::professionals_only)));
    }
    let t = signed.t();
    let frame = signed.frame(fill::title(t.card_title(), &card))?.at(Place::Patients);
    let fields = card_fields(t, typed, &card.card);
    FormPage::new(t, frame, t.card_title(), format!("/patients/{patient}/card"), t.card_send())
        .of(fill::banner(&card, signed.lang(), "team", signed.house().now()))
        .back(format!("/patients/{patient}/team"))
        .entry(&typed)
        .section("", fields)
        .section("", vec![typed.text("reason", t.card_reason(), "").must().hint(t.card_reason_hint())])
        .answer(&typed)
}

/// `POST /patients/{patient}/card`
pub async fn change(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(change_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/team"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn change_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let mut flaws = Vec::new();
    let card = read_card(fields, &mut flaws);
    if !flaws.is_empty() {
        return Err(Error::Invalid(flaws));
    }
    let reason = fields.get("reason").to_owned();
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            patients::change_card(act, id, patient, &card, &reason)
        })
        .await
}

texts! {
    card_title { ja: "患者の情報", en: "The patient's card" }
    card_send { ja: "情報を直す", en: "Change the card" }
    card_reason { ja: "直す理由", en: "Why it changes" }
    card_reason_hint { ja: "例 介護認定の更新、住所の変更", en: "For example: new care certificate, moved house" }
    card_name { ja: "氏名", en: "Name" }
    card_name_hint { ja: "保険証のとおりに", en: "As on the insurance card" }
    allergies_known { ja: "あり", en: "yes" }
    allergies_what { ja: "アレルギーの内容", en: "Which allergies" }
    one_a_line { ja: "一行に一つずつ", en: "One a line" }
    alerts_at_the_door { ja: "訪問する人が必ず知っておくこと", en: "What everyone must know at the door" }
    alerts_hint { ja: "感染症、ペースメーカー、転倒の危険など。一行に一つずつ", en: "Infection, pacemaker, risk of falls … One a line" }
    card_diseases { ja: "主な病名（重いものから）", en: "Main diseases, the first first" }
    card_care_from { ja: "認定の有効期間（から）", en: "Care certificate from" }
    card_care_until { ja: "認定の有効期間（まで）", en: "Care certificate until" }
    card_insured { ja: "介護保険の被保険者番号", en: "Care-insurance number" }
    card_address { ja: "住所", en: "Address" }
    card_tel { ja: "電話番号", en: "Telephone" }
    card_key_person { ja: "キーパーソン", en: "Whom to call" }
    card_key_person_hint { ja: "氏名、続柄、電話番号", en: "Name, relation, telephone" }
    card_backup_hospital { ja: "後方支援病院", en: "Hospital that backs the home up" }
    day_is_odd { ja: "日付を確かめてください。", en: "Please check the date." }
    consent_on { ja: "同意した日", en: "Given on" }
    consent_method { ja: "同意の方法", en: "How it was given" }
    consent_written { ja: "書面（本人の署名）", en: "On paper, signed" }
    consent_spoken { ja: "口頭（説明した人が記録）", en: "Spoken, and noted" }
    consent_representative { ja: "代理の人の書面", en: "On paper, by a representative" }
    consent_explained_by { ja: "説明した人", en: "Explained by" }
    consent_who { ja: "代理の人", en: "The representative" }
    consent_who_hint { ja: "本人以外が同意したときに、氏名と続柄", en: "When not the patient: name and relation" }
    consent_scope { ja: "共有の範囲", en: "What it covers" }
    consent_scope_usual { ja: "在宅療養に関わる多職種での情報共有", en: "Sharing among the professions who care at home" }
}
