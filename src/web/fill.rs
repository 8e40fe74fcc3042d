//! From what `acts` opened to what pages show: people, the banner, moments. No page of its own.

use jiff::civil::Date;

use crate::acts::views;
use crate::acts::views::patients::PatientView;
use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::Time;
use crate::kernel::time::age_on;
use crate::kernel::time::wareki;
use crate::record::cards::Allergies;
use crate::record::cards::PatientCard;
use crate::record::cards::Sex;
use crate::texts;
use crate::web::view::Alert;
use crate::web::view::AlertKind;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::PersonView;

/// A person as pages show them.
pub fn person(person: &views::PersonView, lang: Lang) -> PersonView {
    PersonView {
        name: person.name.clone(),
        badge: Badge::new(person.profession, lang),
        office: person.office_name.clone(),
        on_behalf: None,
    }
}

/// The banner of a patient on one of the patient's pages.
pub fn banner(patient: &PatientView, lang: Lang, page: &'static str, now: Time) -> Banner {
    let (t, card) = (Text(lang), &patient.card);
    Banner {
        href: format!("/patients/{}", patient.id),
        name: card.name.clone(),
        kana: card.kana.clone(),
        born: card.birth.map_or_else(|| t.unknown().to_owned(), |birth| born(birth, now.day(), lang)),
        sex: sex(card.sex, t).to_owned(),
        number: patient.number.to_string(),
        care_need: care_need(card, lang),
        alerts: if patient.unreadable { vec![unreadable(t)] } else { alerts(card, t) },
        frozen: (!patient.open).then(|| t.record_rests().to_owned()),
        page,
        ..Banner::default()
    }
}

/// How old a patient is and how much care they need, for a line without headings: what nobody knows is
/// named, and of a card that cannot be opened nothing is said.
pub fn about(patient: &PatientView, now: Time, lang: Lang) -> Vec<String> {
    let (t, card) = (Text(lang), &patient.card);
    if patient.unreadable {
        return Vec::new();
    }
    let born = card.birth.map_or_else(|| t.birth_unknown().to_owned(), |birth| born(birth, now.day(), lang));
    let need = match card.care_level.as_str() {
        "" => t.care_need_unknown().to_owned(),
        _ => care_need(card, lang),
    };
    vec![born, need]
}

/// A name with its reading, where there is one.
pub fn read_name(card: &PatientCard, t: Text) -> String {
    if card.kana.is_empty() { card.name.clone() } else { t.name_with_kana(&card.name, &card.kana) }
}

/// A birth date with the age it makes today.
pub fn born(birth: Date, today: Date, lang: Lang) -> String {
    let age = age_on(birth, today);
    match lang {
        Lang::Ja => format!("{}（{age}歳）", wareki(birth)),
        Lang::En => format!("{} ({age})", birth.strftime("%-d %b %Y")),
    }
}

/// A day in full, in the calendar that the reader's forms use.
pub fn day(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => wareki(day).to_string(),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

/// The sex in words.
pub fn sex(sex: Sex, t: Text) -> &'static str {
    match sex {
        Sex::Female => t.sex_female(),
        Sex::Male => t.sex_male(),
        Sex::Unknown => t.unknown(),
    }
}

/// The care need in words; says so when nobody knows.
pub fn care_need(card: &PatientCard, lang: Lang) -> String {
    if card.care_level.is_empty() {
        return Text(lang).unknown().to_owned();
    }
    let level = care_level(&card.care_level, lang);
    match card.care_until {
        Some(until) => Text(lang).care_need_until(&level, &day(until, lang)),
        None => level,
    }
}

/// A code of the concept `care_level` in words; a code that the registry does not know stays as it is.
pub fn care_level(code: &str, lang: Lang) -> String {
    let known = Concepts::shipped().get("care_level");
    let choice = known.and_then(|concept| concept.values.iter().find(|choice| choice.code == code));
    choice.map_or_else(|| code.to_owned(), |choice| choice.say(lang).to_owned())
}

/// Instead of what the card would say: nobody must take its silence for "none".
fn unreadable(t: Text) -> Alert {
    let (label, value) = (t.alert().to_owned(), t.card_is_unreadable().to_owned());
    Alert { label, value, kind: AlertKind::Harm }
}

fn alerts(card: &PatientCard, t: Text) -> Vec<Alert> {
    let (value, kind) = match &card.allergies {
        Allergies::Unknown => (t.not_asked().to_owned(), AlertKind::Unknown),
        Allergies::NoneKnown => (t.none_known().to_owned(), AlertKind::Plain),
        Allergies::Known(what) => (what.join(t.comma()), AlertKind::Harm),
    };
    let mut alerts = vec![Alert { label: t.allergies().to_owned(), value, kind }];
    alerts.extend(card.alerts.iter().map(|alert| Alert {
        label: t.alert().to_owned(),
        value: alert.clone(),
        kind: AlertKind::Harm,
    }));
    if let Some(disease) = card.diseases.first() {
        alerts.push(Alert {
            label: t.main_disease().to_owned(),
            value: disease.clone(),
            kind: AlertKind::Plain,
        });
    }
    alerts
}

/// What a title may say of a patient: never the name (shared screens, lists of pages visited).
pub fn initials(card: &PatientCard) -> String {
    let source = if card.kana.trim().is_empty() { &card.name } else { &card.kana };
    let letters: Vec<String> =
        source.split_whitespace().filter_map(|part| part.chars().next()).map(|c| format!("{c}.")).collect();
    letters.concat()
}

/// A page title: the thing first, then the patient's initials, or the record's number when the card that
/// has the name cannot be opened.
pub fn title(what: &str, patient: &PatientView) -> String {
    match patient.unreadable {
        true => format!("{what} {}", patient.number),
        false => format!("{what} {}", initials(&patient.card)),
    }
}

/// Whether two patients could be taken for each other.
pub fn alike(one: &PatientCard, other: &PatientCard) -> bool {
    let family = |kana: &str| kana.split_whitespace().next().unwrap_or_default().to_owned();
    let whole = |kana: &str| kana.split_whitespace().collect::<String>();
    !one.kana.trim().is_empty()
        && (whole(&one.kana) == whole(&other.kana) || family(&one.kana) == family(&other.kana))
}

texts! {
    unknown { ja: "不明", en: "Unknown" }
    birth_unknown { ja: "生年月日不明", en: "date of birth unknown" }
    care_need_unknown { ja: "介護度不明", en: "care need unknown" }
    name_with_kana(name: &str, kana: &str) { ja: "{name}（{kana}）", en: "{name} ({kana})" }
    not_asked { ja: "未確認", en: "not asked yet" }
    none_known { ja: "なし（確認済み）", en: "none (asked)" }
    allergies { ja: "アレルギー", en: "Allergies" }
    alert { ja: "注意", en: "Alert" }
    card_is_unreadable {
        ja: "患者カードを開けません。氏名もアレルギーも表示できません。町の担当者に知らせてください。",
        en: "This patient's card cannot be opened: neither name nor allergies can be shown. Please tell the town office."
    }
    main_disease { ja: "主病名", en: "Main disease" }
    comma { ja: "、", en: ", " }
    sex_female { ja: "女", en: "female" }
    sex_male { ja: "男", en: "male" }
    care_need_until(level: &str, until: &str) { ja: "{level}（{until}まで）", en: "{level} (to {until})" }
    record_rests { ja: "この記録は閉じられています。読むことだけができます。", en: "This record is closed. It can only be read." }
    alike_names(names: &str) { ja: "よく似た名前の患者がいます。{names}", en: "A patient has a similar name: {names}" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_never_holds_the_name() {
        let card =
            PatientCard {
                name: "田中 ハル".into(), kana: "タナカ ハル".into(), ..PatientCard::default()
            };
        assert_eq!(initials(&card), "タ.ハ.");
        assert!(alike(&card, &PatientCard { kana: "タナカ ハルコ".into(), ..PatientCard::default() }));
        assert!(!alike(&card, &PatientCard { kana: "ヤマダ ハル".into(), ..PatientCard::default() }));
    }

    #[test]
    fn what_nobody_knows_is_said() {
        let card = PatientCard::default();
        assert_eq!(care_need(&card, Lang::Ja), "不明");
        assert_eq!(alerts(&card, Text(Lang::Ja))[0].value, "未確認");
    }
}
