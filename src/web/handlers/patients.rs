//! The reader's patients, and registering one with consent.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use actix_web::web::Query;
use unicode_normalization::UnicodeNormalization;

use crate::acts::patients;
use crate::acts::patients::Registration;
use crate::acts::views;
use crate::acts::views::patients::ListedView;
use crate::acts::views::plan::CourseView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::record::cards::PatientCard;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::handlers::card;
use crate::web::patients::PatientRow;
use crate::web::patients::PatientsPage;
use crate::web::patients::RegisterPage;
use crate::web::respond;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::FlawView;
use crate::web::view::When;

/// What the address of the list may say.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// Part of a name or its reading.
    #[serde(default)]
    q: String,
    /// `unread`, or everyone.
    #[serde(default)]
    show: String,
}

/// What the list is made from.
struct Found {
    listed: Vec<ListedView>,
    last: Vec<(PatientId, Time)>,
    courses: Vec<CourseView>,
    due: BTreeMap<PatientId, usize>,
}

/// `GET /patients`
pub async fn page(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let member = signed.member.clone();
    let found = signed
        .house()
        .read(move |reading| {
            Ok(Found {
                listed: views::patients::listed(reading, &member)?,
                last: views::start::last_posts(reading, &member)?,
                courses: views::plan::courses(reading, &member)?,
                due: views::plan::due_counts(reading, &member)?,
            })
        })
        .await?;
    let reached = found.listed.iter().filter(|one| one.head > one.opened);
    let reached = reached.map(|one| (one.patient.id, one.head)).collect();
    signed.house().reached(signed.member.id, reached).await?;
    let t = signed.t();
    let rows: Vec<PatientRow> = found.listed.iter().map(|one| row(&signed, one, &found)).collect();
    let (all, unread) = (rows.len(), rows.iter().filter(|row| row.unread > 0).count());
    let only_unread = asked.show == "unread";
    let query = asked.q.trim().chars().take(100).collect::<String>();
    let rows = rows
        .into_iter()
        .filter(|row| !only_unread || row.unread > 0)
        .filter(|row| fits(&query, row))
        .collect();
    let filter = |href: &str, label: &str, count, on| Filter {
        href: href.to_owned(),
        label: label.to_owned(),
        count,
        on,
    };
    respond::page(&PatientsPage {
        t,
        frame: signed.frame(t.patients_title())?.at(Place::Patients).wide(),
        filters: vec![
            filter("/patients", t.patients_filter_all(), all, !only_unread),
            filter("/patients?show=unread", t.patients_filter_unread(), unread, only_unread),
        ],
        query,
        rows,
        may_register: !is_lay(signed.member.profession),
    })
}

fn is_lay(profession: Profession) -> bool {
    matches!(profession, Profession::Family | Profession::Patient)
}

fn row(signed: &Signed, one: &ListedView, found: &Found) -> PatientRow {
    let (t, lang, card) = (signed.t(), signed.lang(), &one.patient.card);
    let banner = fill::banner(&one.patient, lang, "thread", signed.house().now());
    let id = one.patient.id;
    let last = found.last.iter().find(|(patient, _)| *patient == id).map(|(_, at)| *at);
    PatientRow {
        // The thread opens where reading goes on: at the first unread post, or at the newest line.
        href: format!("{}#{}", banner.href, if one.unread > 0 { "unread" } else { "latest" }),
        name: card.name.clone(),
        kana: card.kana.clone(),
        about: fill::about(&one.patient, signed.house().now(), lang),
        alerts: banner.alerts,
        courses: found
            .courses
            .iter()
            .filter(|course| course.patient == id)
            .map(|one| course(one, t))
            .collect(),
        unread: one.unread,
        tasks: found.due.get(&id).copied().unwrap_or_default(),
        last: last.map(|at| When::at(at, lang)),
    }
}

fn course(course: &CourseView, t: Text) -> String {
    let (pathway, phase) = (course.pathway.say(t.0), course.phase.say(t.0));
    match course.state.as_str() {
        "active" => t.course_goes_on(pathway, phase),
        "faulty" => t.course_is_faulty(pathway, phase),
        _ => t.course_rests(pathway, phase),
    }
}

/// Whether a patient fits what was typed: width, kana and spaces do not matter.
fn fits(query: &str, row: &PatientRow) -> bool {
    let fold = |text: &str| {
        let letters = text.nfkc().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase);
        letters.map(patients::katakana).collect::<String>()
    };
    let query = fold(query);
    query.is_empty() || fold(&row.name).contains(&query) || fold(&row.kana).contains(&query)
}

/// `GET /patients/new`
pub async fn register_page(signed: Signed) -> Result<HttpResponse> {
    if is_lay(signed.member.profession) {
        return Err(Error::Forbidden(Words::of(Text::professionals_only)));
    }
    register_form(&signed, PatientId::new(), Typed::nothing(), &[])
}

fn register_form(
    signed: &Signed,
    patient: PatientId,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let t = signed.t();
    let flaws = FlawView::list(flaws, signed.lang());
    let again = !flaws.is_empty();
    let judged =
        |fields: Vec<Field>| -> Vec<Field> { fields.into_iter().map(|field| field.judged(&flaws)).collect() };
    let page = RegisterPage {
        t,
        frame: signed.frame(t.register_title())?.at(Place::Patients).with_error(again),
        patient: patient.to_string(),
        who: judged(card::card_fields(t, typed, &PatientCard::default())),
        consent: judged(card::consent_fields(signed, typed)),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// `POST /patients`
pub async fn register(signed: Signed, fields: Fields) -> Result<HttpResponse> {
    let patient: PatientId = fields.read("patient")?;
    match sort(register_now(&signed, patient, &fields).await)? {
        Ok(patient) => Ok(respond::see_other(format!("/patients/{patient}/team"))),
        Err(flaws) => register_form(&signed, patient, Typed::wrong(&fields, &flaws), &flaws),
    }
}

async fn register_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<PatientId> {
    let mut flaws = Vec::new();
    let card = card::read_card(fields, &mut flaws);
    let consent = card::read_consent(fields, &mut flaws);
    let (Some(consent), true) = (consent, flaws.is_empty()) else { return Err(Error::Invalid(flaws)) };
    // What the form carries is a seed: the ids follow from it and from who registers, so that sending
    // twice registers once and nobody can name a patient of others.
    let seed = EntryId(patient.0).derived(&signed.member.id.to_string());
    let (patient, id) = (PatientId(seed.derived("patient").0), seed.derived("registration"));
    let registration = Registration { id, patient, card, consent };
    let logs = vec![signed.house().register(), patient.log()];
    signed.house().perform(signed.who(), logs, move |act| patients::register(act, &registration)).await
}

texts! {
    course_goes_on(pathway: &str, phase: &str) { ja: "{pathway}　{phase}", en: "{pathway}: {phase}" }
    course_is_faulty(pathway: &str, phase: &str) { ja: "{pathway}　{phase}（要確認）", en: "{pathway}: {phase} (needs attention)" }
    course_rests(pathway: &str, phase: &str) { ja: "{pathway}　{phase}（休止中）", en: "{pathway}: {phase} (at rest)" }
    patients_filter_all { ja: "すべて", en: "All" }
    patients_filter_unread { ja: "未読あり", en: "Unread" }
}
