//! What people do on the plan page: with tasks, runs, proposals, asks and departures. Each act is one
//! plain form; what did not pass comes back as a page of its own with what was typed (`forms`).

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::fill_task::cause;
use super::forms;
use crate::acts::Who;
use crate::acts::plans;
use crate::acts::plans::Deciding;
use crate::acts::plans::Opening;
use crate::acts::plans::RunAct;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::TaskAct;
use crate::texts;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::handlers::thread::moment;
use crate::web::respond;

/// Back to where the act was made, else to the place on the plan.
fn back(fields: &Fields, patient: PatientId, at: impl std::fmt::Display) -> HttpResponse {
    match fields.get("to") {
        to if to.starts_with('/') => respond::see_other(respond::local(to).to_owned()),
        _ => respond::see_other(format!("/patients/{patient}/plan#{at}")),
    }
}

fn unreadable(field: &str) -> Error {
    Error::invalid(field, Words::of(Text::form_is_unreadable))
}

/// `POST /patients/{patient}/tasks/{task}`: claim, release, done or skip.
pub async fn task(signed: Signed, path: Path<(PatientId, TaskId)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, task) = path.into_inner();
    match sort(task_now(&signed, patient, task, &fields).await)? {
        Ok(()) => Ok(back(&fields, patient, task)),
        Err(flaws) => forms::skip(&signed, patient, task, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn task_now(signed: &Signed, patient: PatientId, task: TaskId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let what = match fields.get("verb") {
        "claim" => TaskAct::Claim,
        "release" => TaskAct::Release,
        "done" => TaskAct::Done,
        "skip" => skipping(fields)?,
        _ => return Err(unreadable("verb")),
    };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            plans::act_on_task(act, id, patient, task, &what)
        })
        .await
}

fn skipping(fields: &Fields) -> Result<TaskAct> {
    plans::skipping(cause(fields.get("cause")), fields.get("reason"))
}

/// `POST /patients/{patient}/runs/{run}/tasks`: a task by hand.
pub async fn open(signed: Signed, path: Path<(PatientId, RunId)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, run) = path.into_inner();
    match sort(open_now(&signed, patient, run, &fields).await)? {
        Ok(()) => Ok(back(&fields, patient, run)),
        Err(flaws) => forms::open(&signed, patient, run, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn open_now(signed: &Signed, patient: PatientId, run: RunId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let what = match fields.get("what").split_once(':') {
        Some(("task", code)) => ByHand::Listed(code.to_owned()),
        _ => own_task(fields)?,
    };
    let opening = Opening {
        run,
        task: TaskId(id.derived("task").0),
        what,
        due: moment("due", fields.get("due"))?,
        reason: fields.get("reason").to_owned(),
    };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| plans::open_task(act, id, patient, &opening))
        .await
}

fn own_task(fields: &Fields) -> Result<ByHand> {
    let title = plans::own_title(fields.get("title"))?;
    let role = fields.get("role").parse().map_err(|()| unreadable("role"))?;
    Ok(ByHand::Own { title, role })
}

/// `POST /patients/{patient}/runs/{run}`: suspend, resume, stop, or move on to another phase.
pub async fn run(signed: Signed, path: Path<(PatientId, RunId)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, run) = path.into_inner();
    match sort(run_now(&signed, patient, run, &fields).await)? {
        Ok(()) => Ok(back(&fields, patient, run)),
        Err(flaws) => forms::run(&signed, patient, run, Typed::wrong(&fields, &flaws), &fields).await,
    }
}

async fn run_now(signed: &Signed, patient: PatientId, run: RunId, fields: &Fields) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let reason = fields.get("reason").to_owned();
    let what = match fields.get("verb") {
        "suspend" => RunAct::Suspend(reason),
        "resume" => RunAct::Resume,
        "stop" => RunAct::Stop(reason),
        "raise" => return raise_now(signed, patient, run, id, fields).await,
        _ => return Err(unreadable("verb")),
    };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| plans::act_on_run(act, id, patient, run, &what))
        .await
}

async fn raise_now(
    signed: &Signed,
    patient: PatientId,
    run: RunId,
    id: EntryId,
    fields: &Fields,
) -> Result<()> {
    let (to, reason) = (fields.get("to").to_owned(), fields.get("reason").to_owned());
    if to.is_empty() {
        return Err(Error::invalid("to", Words::of(Text::phase_is_empty)));
    }
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            plans::raise(act, id, patient, run, &to, &reason)
        })
        .await
}

/// `POST /patients/{patient}/proposals/{proposal}`: confirm or decline, oneself or as heard from someone.
pub async fn decide(
    signed: Signed,
    path: Path<(PatientId, ProposalId)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, proposal) = path.into_inner();
    match sort(decide_now(&signed, patient, proposal, &fields).await)? {
        Ok(()) => Ok(back(&fields, patient, proposal)),
        Err(flaws) => forms::decide(&signed, patient, proposal, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn decide_now(
    signed: &Signed,
    patient: PatientId,
    proposal: ProposalId,
    fields: &Fields,
) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let choice = match fields.get("verb") {
        "confirm" => Some(Choice::Confirm),
        "decline" => Some(Choice::Decline),
        _ => None,
    };
    let behalf: Option<PersonId> = match fields.get("behalf") {
        "" => None,
        _ => Some(fields.read("behalf")?),
    };
    let mut flaws = Vec::new();
    // Whoever notes what was heard never decides by leaving a choice open.
    if behalf.is_none() && fields.has("channel") {
        flaws.push(Flaw { field: "behalf".to_owned(), says: Words::of(Text::whose_is_empty) });
    }
    let Some(choice) = choice.filter(|_| flaws.is_empty()) else {
        if choice.is_none() {
            flaws.push(Flaw { field: "verb".to_owned(), says: Words::of(Text::decision_is_empty) });
        }
        return Err(Error::Invalid(flaws));
    };
    let channel = Some(fields.get("channel").to_owned());
    let deciding = Deciding { proposal, choice, reason: fields.get("reason").to_owned(), channel };
    let who = Who { behalf, ..signed.who() };
    signed
        .house()
        .perform(who, signed.on(patient), move |act| plans::decide(act, id, patient, &deciding))
        .await
}

/// `POST /patients/{patient}/asks/{ask}`: it was answered.
pub async fn answer(signed: Signed, path: Path<(PatientId, AskId)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, ask) = path.into_inner();
    let id: EntryId = fields.read("entry")?;
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| plans::answer(act, id, patient, ask))
        .await?;
    Ok(back(&fields, patient, ask))
}

/// `POST /patients/{patient}/variances/{variance}`: the reason of a departure.
pub async fn explain(
    signed: Signed,
    path: Path<(PatientId, VarianceId)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, variance) = path.into_inner();
    match sort(explain_now(&signed, patient, variance, &fields).await)? {
        Ok(()) => Ok(back(&fields, patient, variance)),
        Err(flaws) => forms::explain(&signed, patient, variance, Typed::wrong(&fields, &flaws)).await,
    }
}

async fn explain_now(
    signed: &Signed,
    patient: PatientId,
    variance: VarianceId,
    fields: &Fields,
) -> Result<()> {
    let id: EntryId = fields.read("entry")?;
    let TaskAct::Skip { cause, reason } = skipping(fields)? else { return Err(unreadable("cause")) };
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            plans::explain(act, id, patient, variance, cause, &reason)
        })
        .await
}

texts! {
    phase_is_empty { ja: "移る段階を選んでください。", en: "Please choose the phase." }
    whose_is_empty { ja: "だれの決定かを選んでください。", en: "Please choose whose decision it is." }
    decision_is_empty { ja: "進めるかどうかを選んでください。", en: "Please choose yes or no." }
}
