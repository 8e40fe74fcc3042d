//! One patient's plan: the page, its live part, and starting a pathway. What is done with tasks, runs,
//! proposals and asks is in `acts`.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::access::Need;
use crate::acts::plans;
use crate::acts::views;
use crate::acts::views::plan::PlanView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::plan::PlanPage;
use crate::web::plan::PlanPart;
use crate::web::respond;
use crate::web::view::FlawView;

pub mod acts;
pub mod clock;
pub mod fill_plan;
pub mod fill_task;
pub mod forms;
pub mod happenings;
pub mod not_yet;
pub mod timeline;
pub mod what_if;
mod why;

use fill_plan::Reader;

/// What one look at a plan brings.
pub(super) struct Seen {
    /// The plan.
    pub view: PlanView,
    /// Whether the reader may act on it.
    pub may: bool,
    /// Whether the reader may record a stay.
    pub may_stay: bool,
}

/// Looks at a patient's plan.
pub(super) async fn see(signed: &Signed, patient: PatientId) -> Result<Seen> {
    signed
        .house()
        .look(signed.member.id, patient, "plan", |look| {
            let view = views::plan::read(look)?;
            let open = view.patient.open;
            Ok(Seen {
                may: open && look.grant.also(Need::Plan),
                may_stay: open && look.grant.also(Need::Stay),
                view,
            })
        })
        .await
}

/// `GET /patients/{patient}/plan`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    show(&signed, *patient, "", &[]).await
}

/// The page, with what is wrong with a start that was tried.
async fn show(signed: &Signed, patient: PatientId, chosen: &str, flaws: &[Flaw]) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let reader = Reader::of(signed, seen.may);
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let page = PlanPage {
        t,
        frame: signed
            .frame(fill::title(t.plan_title(), &seen.view.patient))?
            .at(Place::Patients)
            .with_error(again),
        banner: fill::banner(&seen.view.patient, lang, "plan", reader.now),
        patient: patient.to_string(),
        plan: fill_plan::plan(&reader, &seen.view, chosen),
        happenings: format!("/patients/{patient}/happenings"),
        stay: if seen.may_stay { format!("/patients/{patient}/stay") } else { String::new() },
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// `GET /patients/{patient}/plan/now`: the plan alone.
pub async fn part(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    let seen = see(&signed, *patient).await?;
    let reader = Reader::of(&signed, seen.may);
    let t = signed.t();
    let plan = fill_plan::plan(&reader, &seen.view, "");
    respond::fragment(&PlanPart { t, frame: signed.frame(t.plan_title())?, plan })
}

/// `POST /patients/{patient}/plan/start`
pub async fn start(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(start_now(&signed, patient, &fields).await)? {
        Ok(run) => Ok(respond::see_other(format!("/patients/{patient}/plan#{run}"))),
        Err(flaws) => show(&signed, patient, fields.get("pathway"), &flaws).await,
    }
}

async fn start_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<RunId> {
    let id: EntryId = fields.read("entry")?;
    let run: RunId = fields.read("run")?;
    let hash = fields.get("pathway").to_owned();
    if hash.is_empty() {
        return Err(Error::invalid("pathway", Words::of(Text::pathway_is_empty)));
    }
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| plans::start(act, id, patient, run, &hash))
        .await?;
    Ok(run)
}

texts! {
    pathway_is_empty { ja: "始めるパスを選んでください。", en: "Please choose a pathway." }
}
