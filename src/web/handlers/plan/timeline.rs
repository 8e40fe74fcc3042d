//! What happened on a patient's pathways, and what is ahead, as a picture and as a table.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;
use serde::Deserialize;

use crate::acts::views;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::pathway::picture::history::Window;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::frame::Place;
use crate::web::picture::ChartPictures;
use crate::web::respond;
use crate::web::timeline::TimelinePage;
use crate::web::view::Choice;

/// How far back one looks unless one says otherwise, and what else is offered; none is from the beginning.
const BACK: [Option<i32>; 3] = [Some(28), Some(90), None];
/// How far ahead.
const AHEAD: i32 = 14;

/// How far back, as the address says it.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    back: Option<String>,
}

impl Asked {
    fn window(&self) -> Window {
        let asked = BACK.into_iter().find(|back| Some(code(*back)) == self.back);
        Window { back: asked.unwrap_or(Some(28)), ahead: AHEAD }
    }
}

fn code(back: Option<i32>) -> String {
    back.map_or_else(|| "all".to_owned(), |days| days.to_string())
}

/// `GET /patients/{patient}/plan/timeline`
pub async fn page(signed: Signed, patient: Path<PatientId>, asked: Query<Asked>) -> Result<HttpResponse> {
    let patient = *patient;
    let view = signed.house().look(signed.member.id, patient, "plan", views::timeline::read).await?;
    let (t, lang, now, window) = (signed.t(), signed.lang(), signed.house().now(), asked.window());
    let charts = view
        .history
        .runs()
        .into_iter()
        .filter_map(|run| view.history.chart(run, &view.ahead, window, now, lang))
        .zip(1..)
        .map(|(chart, number)| ChartPictures::of(&chart, &format!("run-{number}")))
        .collect();
    let range = |back: Option<i32>| {
        let label = back.map_or_else(|| t.timeline_all().to_owned(), |days| t.timeline_days(days));
        let here = |back| format!("/patients/{patient}/plan/timeline?back={}", code(back));
        Choice::new(here(back), label, &here(window.back))
    };
    respond::page(&TimelinePage {
        t,
        frame: signed.frame(fill::title(t.timeline_title(), &view.patient))?.at(Place::Patients),
        banner: fill::banner(&view.patient, lang, "plan", now),
        ranges: BACK.into_iter().map(range).collect(),
        charts,
    })
}
