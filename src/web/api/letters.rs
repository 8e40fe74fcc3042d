//! Forms on the JSON face: lists, one letter, drafts, signing and moves. Answers are an object of
//! field path and value, as the form's schema describes them.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use super::Body;
use super::answer;
use super::done;
use crate::acts::letters::Moving;
use crate::acts::letters::NewDraft;
use crate::acts::letters::Signing;
use crate::acts::views;
use crate::acts::views::letters::LetterView;
use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::workflow::Proxy;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::TaskId;
use crate::web::app::Caller;

/// `GET /api/v1/letters`: what was sent to this person's office, and what their teams are about.
pub async fn desk(caller: Caller) -> Result<HttpResponse> {
    let member = caller.member.clone();
    let (desk, teams, drafts) = caller
        .house()
        .read(move |reading| {
            let desk = views::letters::desk(reading, &member)?;
            let teams = views::letters::in_teams(reading, &member)?;
            Ok((desk, teams, views::letters::my_drafts(reading, &member)?))
        })
        .await?;
    answer(&json!({ "desk": desk, "teams": teams, "drafts": drafts }))
}

/// `GET /api/v1/patients/{patient}/letters`
pub async fn of_patient(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    answer(&caller.house().look(caller.member.id, *patient, "letters", views::letters::list).await?)
}

/// `GET /api/v1/letters/{letter}`
pub async fn one(caller: Caller, letter: Path<LetterId>) -> Result<HttpResponse> {
    let seen =
        caller.house().look_at_letter(caller.member.id, *letter, "letter", views::letters::one).await?;
    answer(&told(&caller, &seen))
}

fn told(caller: &Caller, view: &LetterView) -> Value {
    let may: Vec<&str> = view
        .form
        .workflow
        .moves_from(&view.row.state)
        .filter(|step| !step.signs && step.may_be_made_by(view.side, caller.member.profession))
        .map(|step| step.code.as_str())
        .collect();
    let versions: Vec<Value> = view
        .versions
        .iter()
        .map(|version| {
            json!({ "version": version.version, "answers": version.answers, "author": version.author,
                    "at": version.at, "reason": version.reason })
        })
        .collect();
    let moves: Vec<Value> = view
        .moves
        .iter()
        .map(|step| json!({ "moved": step.moved, "says": step.says, "author": step.author, "at": step.at }))
        .collect();
    json!({ "letter": view.row, "form_hash": view.form.hash, "answers": view.answers, "versions": versions,
            "moves": moves, "side": view.side, "may": may })
}

fn read(form: &Form, sent: &Value, before: &Answers) -> Result<Answers> {
    let (answers, flaws) = form.read_json(sent, before);
    refuse(flaws)?;
    Ok(answers)
}

fn refuse(flaws: Vec<Flaw>) -> Result<()> {
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

fn current(caller: &Caller, code: &str) -> Result<Arc<Form>> {
    caller.house().library().current_form(code).cloned().ok_or(Error::Missing)
}

/// A draft.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafting {
    form: String,
    answers: Value,
    #[serde(default)]
    task: Option<TaskId>,
    #[serde(default)]
    about: Option<LetterId>,
}

/// `PUT /api/v1/patients/{patient}/letters/{letter}/draft`
pub async fn draft(
    caller: Caller,
    path: Path<(PatientId, LetterId)>,
    body: Body<Drafting>,
) -> Result<HttpResponse> {
    let ((patient, letter), sent) = (path.into_inner(), body.0);
    let form = current(&caller, &sent.form)?;
    let answers = read(&form, &sent.answers, &Answers::default())?;
    let (task, about, form_hash) = (sent.task, sent.about, form.hash.clone());
    let draft = NewDraft { letter, patient, form_hash, answers, task, about };
    caller.house().keep_draft(caller.member.id, draft).await?;
    done()
}

/// A signature.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    entry: EntryId,
    form: String,
    answers: Value,
    #[serde(default)]
    task: Option<TaskId>,
    #[serde(default)]
    about: Option<LetterId>,
    #[serde(default)]
    to_office: Option<OfficeId>,
    #[serde(default)]
    supersedes: i32,
    #[serde(default)]
    reason: String,
}

/// `POST /api/v1/patients/{patient}/letters/{letter}/sign`
pub async fn sign(
    caller: Caller,
    path: Path<(PatientId, LetterId)>,
    body: Body<Signature>,
) -> Result<HttpResponse> {
    let ((patient, letter), sent) = (path.into_inner(), body.0);
    let form = current(&caller, &sent.form)?;
    let signing = Signing {
        id: sent.entry,
        letter,
        patient,
        form_hash: form.hash.clone(),
        answers: read(&form, &sent.answers, &Answers::default())?,
        task: sent.task,
        about: sent.about,
        supersedes: sent.supersedes,
        reason: sent.reason,
        to_office: sent.to_office,
    };
    caller.house().sign(caller.who(), signing).await?;
    done()
}

/// A move.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    entry: EntryId,
    from: String,
    #[serde(rename = "move")]
    code: String,
    #[serde(default)]
    told: serde_json::Map<String, Value>,
    #[serde(default)]
    to_office: Option<OfficeId>,
    #[serde(default)]
    through: Option<Proxy>,
}

/// `POST /api/v1/letters/{letter}/moves`
pub async fn make_move(caller: Caller, letter: Path<LetterId>, body: Body<Step>) -> Result<HttpResponse> {
    let sent = body.0;
    let mut told = Answers::default();
    sent.told.into_iter().for_each(|(path, value)| told.put(path, value));
    let moving = Moving {
        id: sent.entry,
        letter: *letter,
        from: sent.from,
        code: sent.code,
        told,
        to_office: sent.to_office,
        proxy: sent.through,
    };
    caller.house().move_letter(caller.who(), moving).await?;
    done()
}
