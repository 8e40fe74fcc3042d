//! `/patients/{id}/plan/not-yet`: why a way out is not proposed, a rule has not fired, a task has not come
//! up; and when time alone would change that.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::fill_plan::concept_title;
use super::why;
use crate::access::Need;
use crate::acts::views::supposed;
use crate::acts::views::supposed::NotYetView;
use crate::expr::Tri;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::screen_time;
use crate::pathway::state::Run;
use crate::pathway::yet::NotYet;
use crate::pathway::yet::Part;
use crate::pathway::yet::Turn;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::frame::Place;
use crate::web::respond;
use crate::web::supposed::NotYetGroup;
use crate::web::supposed::NotYetPage;
use crate::web::supposed::NotYetRow;
use crate::web::supposed::NotYetRun;

/// `GET /patients/{patient}/plan/not-yet`
pub async fn page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    let (view, may) = signed
        .house()
        .look(signed.member.id, *patient, "plan", |look| {
            let view = supposed::read_not_yet(look)?;
            let may = view.plan.patient.open && look.grant.also(Need::Plan);
            Ok((view, may))
        })
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let what_if = if may { format!("/patients/{patient}/plan/what-if") } else { String::new() };
    respond::page(&NotYetPage {
        t,
        frame: signed.frame(fill::title(t.not_yet_title(), &view.plan.patient))?.at(Place::Patients),
        banner: fill::banner(&view.plan.patient, lang, "plan", signed.house().now()),
        runs: view.plan.state.active_runs().map(|one| run(&view, one, &what_if, lang)).collect(),
        what_if,
    })
}

fn run(view: &NotYetView, run: &Run, what_if: &str, lang: Lang) -> NotYetRun {
    let t = Text(lang);
    let group = |part: Part, title: &str| NotYetGroup {
        title: title.to_owned(),
        rows: view
            .not_yet
            .iter()
            .filter(|one| one.run == run.id && one.part == part)
            .map(|one| row(view, one, what_if, lang))
            .collect(),
    };
    let mut groups = vec![
        group(Part::Exit, t.not_yet_exits()),
        group(Part::Task, t.not_yet_tasks()),
        group(Part::Rule, t.not_yet_rules()),
    ];
    groups.retain(|group| !group.rows.is_empty());
    NotYetRun {
        title: run.title.say(lang).to_owned(),
        phase: t.not_yet_phase(run.phase_title.say(lang)),
        groups,
    }
}

fn row(view: &NotYetView, one: &NotYet, what_if: &str, lang: Lang) -> NotYetRow {
    let suppose =
        |code: &String| (format!("{what_if}?fact={code}#facts"), concept_title(code, lang).to_owned());
    NotYetRow {
        title: one.title.say(lang).to_owned(),
        why: why::lines(&one.why, &view.plan, lang),
        turns: one.turns.map(|turn| turns(turn, lang)).unwrap_or_default(),
        supposes: if what_if.is_empty() { Vec::new() } else { one.concepts.iter().map(suppose).collect() },
    }
}

fn turns(turn: Turn, lang: Lang) -> String {
    let (t, at) = (Text(lang), screen_time(turn.at.into(), lang));
    match turn.to {
        Tri::True => t.turns_true(&at),
        Tri::False => t.turns_false(&at),
        Tri::Unknown => t.turns_unknown(&at),
    }
}

texts! {
    turns_true(at: &str) {
        ja: "ほかに何も変わらなければ、{at}に成り立ちます。",
        en: "If nothing else changes, it holds from {at}."
    }
    turns_false(at: &str) {
        ja: "ほかに何も変わらなければ、{at}に成り立たなくなります。",
        en: "If nothing else changes, it does not hold from {at}."
    }
    turns_unknown(at: &str) {
        ja: "ほかに何も記録されなければ、{at}に記録が古くなり、分からなくなります。",
        en: "If nothing else is recorded, what it rests on is too old from {at}."
    }
}
