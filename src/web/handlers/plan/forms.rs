//! The forms behind the plan page, each as a page of its own: they hold more than a line, or come back
//! with what did not pass.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::Seen;
use super::fill_plan;
use super::fill_plan::Reader;
use super::fill_task;
use super::see;
use crate::acts::plans;
use crate::acts::views::patients;
use crate::acts::views::patients::SeatView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::profession::Profession;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::frame::Place;
use crate::web::view::Field;

/// `GET /patients/{patient}/tasks/{task}/skip`
pub async fn skip_page(signed: Signed, path: Path<(PatientId, TaskId)>) -> Result<HttpResponse> {
    let (patient, task) = path.into_inner();
    skip(&signed, patient, task, Typed::nothing()).await
}

/// `GET /patients/{patient}/runs/{run}/tasks`
pub async fn open_page(signed: Signed, path: Path<(PatientId, RunId)>) -> Result<HttpResponse> {
    let (patient, run) = path.into_inner();
    open(&signed, patient, run, Typed::nothing()).await
}

/// `GET /patients/{patient}/proposals/{proposal}`
pub async fn decide_page(signed: Signed, path: Path<(PatientId, ProposalId)>) -> Result<HttpResponse> {
    let (patient, proposal) = path.into_inner();
    decide(&signed, patient, proposal, Typed::nothing()).await
}

/// `GET /patients/{patient}/variances/{variance}`
pub async fn explain_page(signed: Signed, path: Path<(PatientId, VarianceId)>) -> Result<HttpResponse> {
    let (patient, variance) = path.into_inner();
    explain(&signed, patient, variance, Typed::nothing()).await
}

fn form(signed: &Signed, seen: &Seen, heading: &str, action: String, button: &str) -> Result<FormPage> {
    let card = &seen.view.patient;
    let frame = signed.frame(fill::title(heading, card))?.at(Place::Patients);
    Ok(FormPage::new(signed.t(), frame, heading, action, button)
        .of(fill::banner(card, signed.lang(), "plan", signed.house().now()))
        .back(format!("/patients/{}/plan", card.id)))
}

fn reason(signed: &Signed, typed: &Typed<'_>) -> Field {
    typed.field("area", "reason", signed.t().plan_reason(), "").must()
}

fn causes(signed: &Signed, typed: &Typed<'_>, stands: &str) -> Field {
    let t = signed.t();
    Field::new("radio", "cause", t.task_skip_cause())
        .of(fill_task::causes(t, &typed.or("cause", stands)))
        .must()
}

/// Skipping a task.
pub(super) async fn skip(
    signed: &Signed,
    patient: PatientId,
    task: TaskId,
    typed: Typed<'_>,
) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let state = &seen.view.state;
    let open = state.tasks.get(&task).map(|task| &task.title);
    let title = open.or_else(|| state.past(task).map(|past| &past.title)).ok_or(Error::Missing)?;
    let title = title.say(signed.lang()).to_owned();
    let t = signed.t();
    let mut page =
        form(signed, &seen, t.task_skip(), format!("/patients/{patient}/tasks/{task}"), t.task_skip_send())?
            .about(title)
            .entry(&typed)
            .section("", vec![causes(signed, &typed, ""), reason(signed, &typed).hint(t.task_skip_hint())])
            .harm();
    page.hidden.push(("verb".to_owned(), "skip".to_owned()));
    page.hidden.push(("to".to_owned(), typed.or("to", "")));
    page.answer(&typed)
}

/// Adding a task.
pub(super) async fn open(
    signed: &Signed,
    patient: PatientId,
    run: RunId,
    typed: Typed<'_>,
) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let reader = Reader::of(signed, seen.may);
    let known = seen.view.state.runs.get(&run).ok_or(Error::Missing)?;
    let mut what: Vec<(String, String)> = Vec::new();
    for (_, task) in reader.definition(known).into_iter().flat_map(|definition| definition.tasks()) {
        if task.by_hand.contains(&reader.profession) {
            let says = t.task_of(task.title.say(lang), task.role.name().say(lang));
            what.push((format!("task:{}", task.id), says));
        }
    }
    let listed = !what.is_empty();
    what.push(("own".to_owned(), t.task_own().to_owned()));
    let roles: Vec<(String, String)> = Profession::ALL
        .iter()
        .map(|role| (role.code().to_owned(), role.name().say(lang).to_owned()))
        .collect();
    let mut fields = vec![
        typed.text("title", t.task_own_title(), "").hint(if listed { t.task_own_hint() } else { "" }),
        typed.choice("role", t.task_own_role(), &roles, reader.profession.code()),
        typed.field("datetime-local", "due", t.task_own_due(), ""),
        reason(signed, &typed),
    ];
    if listed {
        fields.insert(0, typed.choice("what", t.task_what(), &what, "own").must());
    }
    form(signed, &seen, t.plan_add(), format!("/patients/{patient}/runs/{run}/tasks"), t.plan_add())?
        .about(known.title.say(lang).to_owned())
        .entry(&typed)
        .section("", fields)
        .answer(&typed)
}

/// An act on a run that did not pass.
pub(super) async fn run(
    signed: &Signed,
    patient: PatientId,
    run: RunId,
    typed: Typed<'_>,
    sent: &Fields,
) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let reader = Reader::of(signed, seen.may);
    let known = seen.view.state.runs.get(&run).ok_or(Error::Missing)?;
    let verb = sent.get("verb");
    let button = match verb {
        "suspend" => t.plan_suspend(),
        "raise" => t.plan_raise_act(),
        "resume" => t.plan_resume(),
        _ => t.plan_stop(),
    };
    let mut fields = vec![reason(signed, &typed)];
    if verb == "raise" {
        let phases: Vec<(String, String)> = reader
            .definition(known)
            .and_then(|definition| Some((definition, definition.phase(&known.phase)?)))
            .into_iter()
            .flat_map(|(definition, phase)| phase.leave.iter().map(move |exit| (definition, exit)))
            .filter(|(_, exit)| exit.choose.contains(&reader.profession))
            .map(|(definition, exit)| (exit.to.clone(), exit.title(definition).say(lang).to_owned()))
            .collect();
        fields.insert(0, typed.choice("to", t.plan_raise_to(), &phases, "").must());
    }
    let mut page = form(signed, &seen, button, format!("/patients/{patient}/runs/{run}"), button)?
        .about(known.title.say(lang).to_owned())
        .entry(&typed)
        .section("", fields);
    page.hidden.push(("verb".to_owned(), verb.to_owned()));
    page.harm = verb == "stop";
    page.answer(&typed)
}

/// Deciding on a proposal, oneself or as heard from someone of the team.
pub(super) async fn decide(
    signed: &Signed,
    patient: PatientId,
    proposal: ProposalId,
    typed: Typed<'_>,
) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let team = signed.house().look(signed.member.id, patient, "team", patients::team).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let known = seen.view.state.proposals.get(&proposal).ok_or(Error::Missing)?;
    if !known.is_open() {
        return Err(Error::Stale);
    }
    let decides = |seat: &&SeatView| seat.in_force && known.confirm.by.contains(&seat.person.profession);
    let people: Vec<(String, String)> = team
        .iter()
        .filter(decides)
        .filter(|seat| seat.person.id != signed.member.id)
        .map(|seat| {
            let profession = seat.person.profession.name();
            (seat.person.id.to_string(), t.task_of(&seat.person.name, profession.say(lang)))
        })
        .collect();
    let title = known.title.say(lang).to_owned();
    let choices =
        [("confirm".to_owned(), title.clone()), ("decline".to_owned(), t.plan_decline().to_owned())];
    let channels: Vec<(String, String)> = plans::CHANNELS
        .iter()
        .map(|code| ((*code).to_owned(), plans::channel_word(code, t).to_owned()))
        .collect();
    // One's own decision that lacks something comes back here from the plan; it came by no channel.
    let own = !typed.or("verb", "").is_empty() && typed.or("channel", "").is_empty();
    let mut fields = vec![
        typed.choice("verb", t.decide_what(), &choices, "").must(),
        typed.field("area", "reason", t.plan_proposal_reason(), ""),
    ];
    if !own {
        fields.insert(0, typed.choice("channel", t.decide_how(), &channels, "phone"));
        fields.insert(0, typed.choice("behalf", t.decide_whose(), &people, "").must());
    }
    let heading = if own { t.decide_own() } else { t.plan_proxy() };
    form(signed, &seen, heading, format!("/patients/{patient}/proposals/{proposal}"), t.decide_note())?
        .about(title)
        .about(fill_plan::needs(&known.confirm, t))
        .entry(&typed)
        .section("", fields)
        .answer(&typed)
}

/// Giving the reason of a departure.
pub(super) async fn explain(
    signed: &Signed,
    patient: PatientId,
    variance: VarianceId,
    typed: Typed<'_>,
) -> Result<HttpResponse> {
    let seen = see(signed, patient).await?;
    let t = signed.t();
    let known = seen.view.state.variance(variance).ok_or(Error::Missing)?;
    form(
        signed,
        &seen,
        t.variance_heading(),
        format!("/patients/{patient}/variances/{variance}"),
        t.plan_explain(),
    )?
    .about(known.text.say(signed.lang()).to_owned())
    .entry(&typed)
    .section("", vec![causes(signed, &typed, fill_task::cause_code(known.cause)), reason(signed, &typed)])
    .answer(&typed)
}

texts! {
    task_what { ja: "どの仕事", en: "Which task" }
    task_own { ja: "その他（自分で書く）", en: "Something else" }
    task_own_title { ja: "何をするか", en: "What is to be done" }
    task_own_hint { ja: "「その他」を選んだときに書きます。", en: "For “something else”." }
    task_own_role { ja: "どの職種が行うか", en: "By which profession" }
    task_own_due { ja: "期限", en: "By when" }
    decide_own { ja: "提案について決める", en: "Decide on the proposal" }
    decide_whose { ja: "だれの決定ですか", en: "Whose decision is it" }
    decide_how { ja: "どうやって聞きましたか", en: "How did you hear it" }
    decide_what { ja: "決定", en: "The decision" }
    decide_note { ja: "決定を記録する", en: "Note the decision" }
    variance_heading { ja: "予定との違いの理由", en: "Reason of the departure" }
}
