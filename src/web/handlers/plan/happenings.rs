//! What happened outside any form: telling it, and taking a mistake back.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::access::Need;
use crate::acts::happenings;
use crate::acts::views;
use crate::acts::views::happenings::HappeningsView;
use crate::acts::views::happenings::ToldView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::handlers::thread::moment;
use crate::web::handlers::thread::moment_value;
use crate::web::happenings::HappeningsPage;
use crate::web::happenings::ToldRow;
use crate::web::respond;
use crate::web::view::Field;
use crate::web::view::FlawView;

/// What one look brings, and whether the reader may tell anything.
struct Seen {
    view: HappeningsView,
    may: bool,
}

async fn see(signed: &Signed, patient: PatientId) -> Result<Seen> {
    signed
        .house()
        .look(signed.member.id, patient, "plan", |look| {
            let view = views::happenings::read(look)?;
            Ok(Seen { may: view.patient.open && look.grant.also(Need::Write), view })
        })
        .await
}

/// `GET /patients/{patient}/happenings`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    show(&signed, *patient, Typed::nothing()).await
}

async fn show(signed: &Signed, patient: PatientId, typed: Typed<'_>) -> Result<HttpResponse> {
    let Seen { view, may } = see(signed, patient).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(typed.flaws(), lang);
    let again = !flaws.is_empty();
    let fields = if may && !view.offers.is_empty() { fields(signed, &view, &typed, &flaws) } else { vec![] };
    let page = HappeningsPage {
        t,
        frame: signed
            .frame(fill::title(t.happenings_title(), &view.patient))?
            .at(Place::Patients)
            .with_error(again),
        banner: fill::banner(&view.patient, lang, "plan", signed.house().now()),
        action: format!("/patients/{patient}/happenings"),
        entry: typed.entry(),
        fields,
        told: view.told.iter().map(|told| row(patient, told, may, lang)).collect(),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn fields(signed: &Signed, view: &HappeningsView, typed: &Typed<'_>, flaws: &[FlawView]) -> Vec<Field> {
    let (t, lang) = (signed.t(), signed.lang());
    let offers: Vec<(String, String)> = view
        .offers
        .iter()
        .map(|offer| {
            let pathways: Vec<&str> = offer.pathways.iter().map(|title| title.say(lang)).collect();
            (offer.code.clone(), t.happenings_of(offer.title.say(lang), &pathways.join("・")))
        })
        .collect();
    vec![
        typed.choice("concept", t.happenings_what(), &offers, "").must().judged(flaws),
        typed
            .field("datetime-local", "at", t.happenings_at(), &moment_value(signed.house().now()))
            .must()
            .judged(flaws),
    ]
}

fn row(patient: PatientId, told: &ToldView, may: bool, lang: Lang) -> ToldRow {
    ToldRow {
        title: told.title.say(lang).to_owned(),
        when: told.when.say(lang).to_owned(),
        by: told.by.as_ref().map(|person| fill::person(person, lang)),
        take_back: if may { format!("/patients/{patient}/happenings/{}", told.entry) } else { String::new() },
    }
}

/// `POST /patients/{patient}/happenings`
pub async fn tell(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(tell_now(&signed, patient, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/happenings"))),
        Err(flaws) => show(&signed, patient, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn tell_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let at = moment("at", fields.get("at"))?
        .ok_or_else(|| Error::invalid("at", Words::of(Text::moment_is_odd)))?;
    let concept = fields.get("concept").to_owned();
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            happenings::tell(act, id, patient, &concept, at)
        })
        .await
}

/// `GET /patients/{patient}/happenings/{happening}`
pub async fn take_back_page(signed: Signed, path: Path<(PatientId, EntryId)>) -> Result<HttpResponse> {
    let (patient, entry) = path.into_inner();
    ask_back(&signed, patient, entry, Typed::nothing()).await
}

async fn ask_back(
    signed: &Signed,
    patient: PatientId,
    entry: EntryId,
    typed: Typed<'_>,
) -> Result<HttpResponse> {
    let Seen { view, .. } = see(signed, patient).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let told = view.told.iter().find(|told| told.entry == entry).ok_or(Error::Missing)?;
    let frame = signed.frame(fill::title(t.happenings_take_back_title(), &view.patient))?.at(Place::Patients);
    let action = format!("/patients/{patient}/happenings/{entry}");
    FormPage::new(t, frame, t.happenings_take_back_title(), action, t.happenings_take_back())
        .of(fill::banner(&view.patient, lang, "plan", signed.house().now()))
        .back(format!("/patients/{patient}/happenings"))
        .about(t.happenings_of(told.title.say(lang), told.when.say(lang)))
        .about(t.happenings_take_back_note())
        .entry(&typed)
        .section("", vec![typed.field("area", "reason", t.happenings_reason(), "").must()])
        .harm()
        .answer(&typed)
}

/// `POST /patients/{patient}/happenings/{happening}`
pub async fn take_back(
    signed: Signed,
    path: Path<(PatientId, EntryId)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, entry) = path.into_inner();
    match sort(take_back_now(&signed, patient, entry, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/patients/{patient}/happenings"))),
        Err(flaws) => ask_back(&signed, patient, entry, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn take_back_now(signed: &Signed, patient: PatientId, entry: EntryId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let reason = fields.get("reason").to_owned();
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            happenings::take_back(act, id, patient, entry, &reason)
        })
        .await
}
