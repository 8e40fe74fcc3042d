//! The JSON face under `/api/v1`: the same acts and the same views as the pages, for programs with a
//! person's token. It decides nothing by itself.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::json;

use crate::acts::patients;
use crate::acts::patients::Registration;
use crate::acts::threads;
use crate::acts::threads::NewPost;
use crate::acts::views;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::record::Audience;
use crate::record::cards::Consent;
use crate::record::cards::PatientCard;
use crate::record::payload::AskTo;
use crate::record::payload::Called;
use crate::record::payload::Post;
use crate::record::payload::PostAsk;
use crate::record::payload::PostKind;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::record::payload::Urgency;
use crate::web::app::Caller;

mod body;
pub mod document;
pub mod letters;
pub mod library;
pub mod plans;

pub use body::Body;

fn answer(body: &impl serde::Serialize) -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().json(body))
}

fn made(seq: i64) -> Result<HttpResponse> {
    Ok(HttpResponse::build(StatusCode::CREATED).json(json!({ "seq": seq })))
}

fn done() -> Result<HttpResponse> {
    Ok(HttpResponse::NoContent().finish())
}

/// `GET /api/v1/me`
pub async fn me(caller: Caller) -> Result<HttpResponse> {
    let member = &caller.member;
    answer(&json!({ "id": member.id, "name": member.card.name, "kana": member.card.kana,
                    "profession": member.profession, "rank": member.rank, "office": member.office,
                    "office_name": member.office_name, "lang": member.lang }))
}

/// `GET /api/v1/waiting`
pub async fn waiting(caller: Caller) -> Result<HttpResponse> {
    let member = caller.member.clone();
    let (asks, unread, attention) = caller
        .house()
        .read(move |reading| {
            Ok((
                views::start::asks(reading, &member)?,
                views::start::unread(reading, &member)?,
                views::attention::mine(reading, &member)?,
            ))
        })
        .await?;
    let reached = unread.iter().map(|thread| (thread.patient, thread.head)).collect();
    caller.house().reached(caller.member.id, reached).await?;
    answer(&json!({ "asks": asks, "unread": unread, "attention": attention }))
}

/// `GET /api/v1/offices`
pub async fn offices(caller: Caller) -> Result<HttpResponse> {
    answer(&caller.house().read(views::house::offices).await?)
}

/// `GET /api/v1/people`
pub async fn people(caller: Caller) -> Result<HttpResponse> {
    answer(&caller.house().read(|reading| views::house::people(reading, None)).await?)
}

/// Who takes over from someone who left.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HandingOver {
    entry: EntryId,
    #[serde(default)]
    to: Option<PersonId>,
}

/// `POST /api/v1/people/{person}/hand-over`: how many records it was done in, and how many are left.
pub async fn hand_over(
    caller: Caller,
    person: Path<PersonId>,
    body: Body<HandingOver>,
) -> Result<HttpResponse> {
    let sent = body.0;
    answer(&caller.house().hand_over(caller.who(), sent.entry, *person, sent.to).await?)
}

/// `GET /api/v1/patients`
pub async fn list(caller: Caller) -> Result<HttpResponse> {
    let member = caller.member.clone();
    answer(&caller.house().read(move |reading| views::patients::listed(reading, &member)).await?)
}

/// A registration.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPatient {
    entry: EntryId,
    card: PatientCard,
    consent: Consent,
}

/// `POST /api/v1/patients`
pub async fn register(caller: Caller, body: Body<NewPatient>) -> Result<HttpResponse> {
    let new = body.0;
    // The ids follow from the entry and from who registers: nobody can name a patient of others.
    let seed = new.entry.derived(&caller.member.id.to_string());
    let registration = Registration {
        id: seed.derived("registration"),
        patient: PatientId(seed.derived("patient").0),
        card: new.card,
        consent: new.consent,
    };
    let logs = vec![caller.house().register(), registration.patient.log()];
    let patient =
        caller.house().perform(caller.who(), logs, move |act| patients::register(act, &registration)).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(json!({ "patient": patient })))
}

/// `GET /api/v1/patients/{patient}`
pub async fn patient(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    let seen = caller.house().look(caller.member.id, *patient, "card", views::patients::banner).await?;
    answer(&seen)
}

/// Which page of the thread.
#[derive(Debug, Deserialize)]
pub struct Before {
    before: Option<i64>,
}

/// `GET /api/v1/patients/{patient}/thread`: what was handed to a program has reached its person; it was
/// opened only when a page shows it.
pub async fn thread(caller: Caller, patient: Path<PatientId>, asked: Query<Before>) -> Result<HttpResponse> {
    let (before, lang) = (asked.before, caller.member.lang);
    let (view, grant) = caller
        .house()
        .look(caller.member.id, *patient, "thread", move |look| {
            Ok((views::thread::read(look, lang, before)?, look.grant.clone()))
        })
        .await?;
    caller.house().mark(&grant, view.head, 0).await?;
    answer(&view)
}

/// `GET /api/v1/patients/{patient}/posts/{post}`
pub async fn one_post(caller: Caller, path: Path<(PatientId, i64)>) -> Result<HttpResponse> {
    let (patient, post) = path.into_inner();
    let seen = caller
        .house()
        .look(caller.member.id, patient, "post", move |look| views::thread::one(look, post))
        .await?;
    answer(&seen)
}

/// A post.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Posting {
    entry: EntryId,
    text: String,
    #[serde(default)]
    kind: PostKind,
    #[serde(default)]
    urgency: Urgency,
    #[serde(default)]
    to: Option<AskTo>,
    #[serde(default)]
    due: Option<Time>,
    #[serde(default)]
    answers: Option<i64>,
    #[serde(default)]
    called: String,
    #[serde(default)]
    audience: Audience,
    #[serde(default)]
    client_at: Option<Time>,
}

/// `POST /api/v1/patients/{patient}/posts`
pub async fn post(caller: Caller, patient: Path<PatientId>, body: Body<Posting>) -> Result<HttpResponse> {
    let (patient, sent) = (*patient, body.0);
    let ask = sent.to.map(|to| PostAsk { ask: AskId(sent.entry.derived("ask").0), to, due: sent.due });
    let new = NewPost {
        id: sent.entry,
        patient,
        audience: sent.audience,
        post: Post {
            text: sent.text,
            kind: sent.kind,
            urgency: sent.urgency,
            ask,
            answers: sent.answers,
            called: sent.called,
        },
    };
    let who = crate::acts::Who { client_at: sent.client_at, ..caller.who() };
    let seq = caller.house().perform(who, vec![patient.log()], move |act| threads::post(act, &new)).await?;
    made(seq)
}

/// An act that needs nothing but its own id.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plain {
    entry: EntryId,
}

/// `POST /api/v1/patients/{patient}/posts/{post}/ack`
pub async fn acknowledge(
    caller: Caller,
    path: Path<(PatientId, i64)>,
    body: Body<Plain>,
) -> Result<HttpResponse> {
    let ((patient, post), id) = (path.into_inner(), body.0.entry);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| threads::acknowledge(act, id, patient, post))
        .await?;
    done()
}

/// A correction.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    entry: EntryId,
    text: String,
    reason: String,
}

/// `POST /api/v1/patients/{patient}/posts/{post}/correct`
pub async fn correct(
    caller: Caller,
    path: Path<(PatientId, i64)>,
    body: Body<Correction>,
) -> Result<HttpResponse> {
    let ((patient, post), new) = (path.into_inner(), body.0);
    let seq = caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            threads::correct(act, new.entry, patient, post, &new.text, &new.reason)
        })
        .await?;
    made(seq)
}

/// An act with a reason.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reasoned {
    entry: EntryId,
    reason: String,
}

/// `POST /api/v1/patients/{patient}/posts/{post}/withdraw`
pub async fn withdraw(
    caller: Caller,
    path: Path<(PatientId, i64)>,
    body: Body<Reasoned>,
) -> Result<HttpResponse> {
    let ((patient, post), new) = (path.into_inner(), body.0);
    let seq = caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            threads::withdraw(act, new.entry, patient, post, &new.reason)
        })
        .await?;
    made(seq)
}

/// A telephone call.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calling {
    entry: EntryId,
    to: String,
    outcome: String,
}

/// `POST /api/v1/patients/{patient}/calls`
pub async fn call(caller: Caller, patient: Path<PatientId>, body: Body<Calling>) -> Result<HttpResponse> {
    let (patient, id) = (*patient, body.0.entry);
    let called = Called { to: body.0.to, outcome: body.0.outcome };
    let seq = caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| threads::call(act, id, patient, &called))
        .await?;
    made(seq)
}

/// `GET /api/v1/patients/{patient}/team`
pub async fn team(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    answer(&caller.house().look(caller.member.id, *patient, "team", views::patients::team).await?)
}

/// A seat.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seating {
    entry: EntryId,
    person: PersonId,
    #[serde(default)]
    role: SeatRole,
    #[serde(default)]
    until: Option<Time>,
    #[serde(default)]
    reason: String,
}

/// `POST /api/v1/patients/{patient}/team`
pub async fn seat(caller: Caller, patient: Path<PatientId>, body: Body<Seating>) -> Result<HttpResponse> {
    let (patient, sent) = (*patient, body.0);
    let seated = Seated { person: sent.person, role: sent.role, until: sent.until, reason: sent.reason };
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            patients::seat(act, sent.entry, patient, &seated)
        })
        .await?;
    done()
}

/// `POST /api/v1/patients/{patient}/team/{person}/end`
pub async fn unseat(
    caller: Caller,
    path: Path<(PatientId, PersonId)>,
    body: Body<Reasoned>,
) -> Result<HttpResponse> {
    let ((patient, person), new) = (path.into_inner(), body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            patients::unseat(act, new.entry, patient, person, &new.reason)
        })
        .await?;
    done()
}

/// A card with the reason for its change.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewCard {
    entry: EntryId,
    card: PatientCard,
    reason: String,
}

/// `PUT /api/v1/patients/{patient}/card`
pub async fn change_card(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<NewCard>,
) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            patients::change_card(act, new.entry, patient, &new.card, &new.reason)
        })
        .await?;
    done()
}

/// `POST /api/v1/patients/{patient}/consent/withdraw`
pub async fn withdraw_consent(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<Reasoned>,
) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            patients::withdraw_consent(act, new.entry, patient, &new.reason)
        })
        .await?;
    done()
}

/// A consent given again.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consenting {
    entry: EntryId,
    consent: Consent,
}

/// `POST /api/v1/patients/{patient}/consent`
pub async fn give_consent(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<Consenting>,
) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            patients::give_consent(act, new.entry, patient, &new.consent)
        })
        .await?;
    done()
}

/// `GET /api/v1/patients/{patient}/history`
pub async fn history(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    let (opened, changed) = caller
        .house()
        .look(caller.member.id, *patient, "history", |look| {
            if !look.grant.sees(Audience::Staff) {
                return Err(Error::Forbidden(Words::of(Text::professionals_only)));
            }
            views::history::read(look)
        })
        .await?;
    answer(&json!({ "opened": opened, "changed": changed }))
}
