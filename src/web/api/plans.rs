//! Plans and stays on the JSON face: reading a plan, worklists, and the acts of the plan page.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::json;

use super::Body;
use super::answer;
use super::done;
use crate::acts::Look;
use crate::acts::Who;
use crate::acts::happenings;
use crate::acts::plans;
use crate::acts::plans::Deciding;
use crate::acts::plans::Opening;
use crate::acts::plans::RunAct;
use crate::acts::stays;
use crate::acts::stays::Admission;
use crate::acts::views;
use crate::acts::views::supposed;
use crate::acts::views::supposed::Supposition;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::pathway::definition::Cause;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::TaskAct;
use crate::record::payload::Admitted;
use crate::web::app::Caller;
use crate::web::handlers::tasks::Asked;

/// `GET /api/v1/pathways`: what is offered for new runs.
pub async fn pathways(caller: Caller) -> Result<HttpResponse> {
    let library = caller.house().library();
    let offered: Vec<_> = library
        .pathways
        .offered()
        .map(|pathway| {
            let definition = &pathway.definition;
            json!({ "hash": pathway.hash, "id": definition.id, "version": definition.version,
                    "title": definition.title, "summary": definition.summary, "licence": definition.licence,
                    "reviewed": definition.reviewed, "review": definition.review })
        })
        .collect();
    answer(&offered)
}

/// `GET /api/v1/patients/{patient}/plan`
pub async fn plan(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    let seen = caller.house().look(caller.member.id, *patient, "plan", views::plan::read).await?;
    answer(&seen)
}

/// `GET /api/v1/patients/{patient}/plan/not-yet`
pub async fn not_yet(caller: Caller, patient: Path<PatientId>) -> Result<HttpResponse> {
    let seen = caller.house().look(caller.member.id, *patient, "plan", supposed::read_not_yet).await?;
    answer(&seen)
}

/// `POST /api/v1/patients/{patient}/plan/what-if`: what would follow. Nothing is written.
pub async fn what_if(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<Supposition>,
) -> Result<HttpResponse> {
    let supposition = body.0;
    let look = move |look: &mut Look<'_>| supposed::suppose(look, &supposition);
    answer(&caller.house().look(caller.member.id, *patient, "plan", look).await?)
}

/// `GET /api/v1/tasks`: open tasks, overdue first, proposals that wait, and whose tasks cannot be shown.
pub async fn tasks(caller: Caller, asked: Query<Asked>) -> Result<HttpResponse> {
    let member = caller.member.clone();
    let (which, sieve) = (asked.list(), asked.sieve());
    let (list, proposals) = caller
        .house()
        .read(move |reading| {
            Ok((
                views::plan::tasks(reading, &member, which, &sieve)?,
                views::plan::proposals(reading, &member)?,
            ))
        })
        .await?;
    answer(&json!({ "tasks": list.tasks, "unopened": list.unopened, "proposals": proposals }))
}

/// A start.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Starting {
    entry: EntryId,
    run: RunId,
    pathway: String,
}

/// `POST /api/v1/patients/{patient}/runs`
pub async fn start(caller: Caller, patient: Path<PatientId>, body: Body<Starting>) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            plans::start(act, new.entry, patient, new.run, &new.pathway)
        })
        .await?;
    done()
}

/// An act on a run.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnRun {
    entry: EntryId,
    verb: RunVerb,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    to: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RunVerb {
    Suspend,
    Resume,
    Stop,
    Raise,
}

/// `POST /api/v1/patients/{patient}/runs/{run}`
pub async fn run(caller: Caller, path: Path<(PatientId, RunId)>, body: Body<OnRun>) -> Result<HttpResponse> {
    let ((patient, run), sent) = (path.into_inner(), body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            let reason = || sent.reason.clone();
            let what = match sent.verb {
                RunVerb::Suspend => RunAct::Suspend(reason()),
                RunVerb::Resume => RunAct::Resume,
                RunVerb::Stop => RunAct::Stop(reason()),
                RunVerb::Raise => {
                    return plans::raise(act, sent.entry, patient, run, &sent.to, &sent.reason);
                }
            };
            plans::act_on_run(act, sent.entry, patient, run, &what)
        })
        .await?;
    done()
}

/// A task by hand: one that the pathway lists, or one of the person's own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewTask {
    entry: EntryId,
    run: RunId,
    #[serde(default)]
    listed: Option<String>,
    #[serde(default)]
    title: String,
    #[serde(default)]
    role: Option<Profession>,
    #[serde(default)]
    due: Option<Time>,
    reason: String,
}

/// `POST /api/v1/patients/{patient}/tasks`
pub async fn open(caller: Caller, patient: Path<PatientId>, body: Body<NewTask>) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    let role = new.role.unwrap_or(caller.member.profession);
    let what = match new.listed {
        Some(code) => ByHand::Listed(code),
        None => ByHand::Own { title: plans::own_title(&new.title)?, role },
    };
    let task = TaskId(new.entry.derived("task").0);
    let opening = Opening { run: new.run, task, what, due: new.due, reason: new.reason };
    let id = new.entry;
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| plans::open_task(act, id, patient, &opening))
        .await?;
    done()
}

/// An act on a task.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OnTask {
    entry: EntryId,
    verb: TaskVerb,
    #[serde(default)]
    cause: Option<Cause>,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TaskVerb {
    Claim,
    Release,
    Done,
    Skip,
}

/// `POST /api/v1/patients/{patient}/tasks/{task}`
pub async fn task(
    caller: Caller,
    path: Path<(PatientId, TaskId)>,
    body: Body<OnTask>,
) -> Result<HttpResponse> {
    let ((patient, task), sent) = (path.into_inner(), body.0);
    let id = sent.entry;
    let what = match sent.verb {
        TaskVerb::Claim => TaskAct::Claim,
        TaskVerb::Release => TaskAct::Release,
        TaskVerb::Done => TaskAct::Done,
        TaskVerb::Skip => plans::skipping(sent.cause, &sent.reason)?,
    };
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            plans::act_on_task(act, id, patient, task, &what)
        })
        .await?;
    done()
}

/// A decision.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    entry: EntryId,
    choice: Choice,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    behalf: Option<PersonId>,
    #[serde(default)]
    channel: Option<String>,
}

/// `POST /api/v1/patients/{patient}/proposals/{proposal}`
pub async fn decide(
    caller: Caller,
    path: Path<(PatientId, ProposalId)>,
    body: Body<Decision>,
) -> Result<HttpResponse> {
    let ((patient, proposal), sent) = (path.into_inner(), body.0);
    let (id, who) = (sent.entry, Who { behalf: sent.behalf, ..caller.who() });
    let deciding = Deciding { proposal, choice: sent.choice, reason: sent.reason, channel: sent.channel };
    caller
        .house()
        .perform(who, vec![patient.log()], move |act| plans::decide(act, id, patient, &deciding))
        .await?;
    done()
}

/// `POST /api/v1/patients/{patient}/asks/{ask}`
pub async fn answered(
    caller: Caller,
    path: Path<(PatientId, AskId)>,
    body: Body<super::Plain>,
) -> Result<HttpResponse> {
    let ((patient, ask), id) = (path.into_inner(), body.0.entry);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| plans::answer(act, id, patient, ask))
        .await?;
    done()
}

/// The reason of a departure.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explaining {
    entry: EntryId,
    cause: Cause,
    reason: String,
}

/// `POST /api/v1/patients/{patient}/variances/{variance}`
pub async fn explain(
    caller: Caller,
    path: Path<(PatientId, VarianceId)>,
    body: Body<Explaining>,
) -> Result<HttpResponse> {
    let ((patient, variance), sent) = (path.into_inner(), body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            plans::explain(act, sent.entry, patient, variance, sent.cause, &sent.reason)
        })
        .await?;
    done()
}

/// Something that happened.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Happening {
    entry: EntryId,
    concept: String,
    at: Time,
}

/// `POST /api/v1/patients/{patient}/happenings`
pub async fn happened(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<Happening>,
) -> Result<HttpResponse> {
    let (patient, sent) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            happenings::tell(act, sent.entry, patient, &sent.concept, sent.at)
        })
        .await?;
    done()
}

/// A taking back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakingBack {
    entry: EntryId,
    reason: String,
}

/// `POST /api/v1/patients/{patient}/happenings/{happening}/take-back`
pub async fn take_back(
    caller: Caller,
    path: Path<(PatientId, EntryId)>,
    body: Body<TakingBack>,
) -> Result<HttpResponse> {
    let ((patient, entry), sent) = (path.into_inner(), body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            happenings::take_back(act, sent.entry, patient, entry, &sent.reason)
        })
        .await?;
    done()
}

/// `GET /api/v1/stays`: current stays in this person's teams.
pub async fn stays(caller: Caller) -> Result<HttpResponse> {
    let member = caller.member.clone();
    answer(&caller.house().read(move |reading| views::stays::board(reading, &member)).await?)
}

/// An admission.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewStay {
    entry: EntryId,
    hospital: OfficeId,
    at: Time,
    #[serde(default)]
    ward: String,
    #[serde(default)]
    planned: Option<Time>,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    guest: Option<Guest>,
}

/// Who joins the team for the stay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guest {
    person: PersonId,
    until: Time,
}

/// `POST /api/v1/patients/{patient}/stay`
pub async fn admit(caller: Caller, patient: Path<PatientId>, body: Body<NewStay>) -> Result<HttpResponse> {
    let (patient, new) = (*patient, body.0);
    let admission = Admission {
        id: new.entry,
        patient,
        admitted: Admitted {
            stay: LetterId(new.entry.derived("stay").0),
            hospital: new.hospital,
            ward: new.ward,
            at: new.at,
            planned: new.planned,
            reason: new.reason,
        },
        guest: new.guest.map(|guest| (guest.person, guest.until)),
    };
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| stays::admit(act, &admission))
        .await?;
    done()
}

/// A moment of the stay.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Moment {
    entry: EntryId,
    at: Time,
}

/// `POST /api/v1/patients/{patient}/stay/planned`
pub async fn plan_discharge(
    caller: Caller,
    patient: Path<PatientId>,
    body: Body<Moment>,
) -> Result<HttpResponse> {
    let (patient, sent) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            stays::plan_discharge(act, sent.entry, patient, sent.at)
        })
        .await?;
    done()
}

/// `POST /api/v1/patients/{patient}/stay/discharge`
pub async fn discharge(caller: Caller, patient: Path<PatientId>, body: Body<Moment>) -> Result<HttpResponse> {
    let (patient, sent) = (*patient, body.0);
    caller
        .house()
        .perform(caller.who(), vec![patient.log()], move |act| {
            stays::discharge(act, sent.entry, patient, sent.at)
        })
        .await?;
    done()
}
