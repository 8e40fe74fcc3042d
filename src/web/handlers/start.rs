//! The start page: what asks for the one who is signed in.

use actix_web::HttpResponse;

use super::tasks;
use crate::acts::views;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::time::Time;
use crate::record::payload::PostKind;
use crate::record::payload::Urgency;
use crate::store::plans::Sieve;
use crate::store::plans::Worklist;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::frame::Frame;
use crate::web::frame::Place;
use crate::web::handlers::letters::desk as letters;
use crate::web::library::HaltedRow;
use crate::web::respond;
use crate::web::start::AskRow;
use crate::web::start::StartPage;
use crate::web::start::ThreadRow;
use crate::web::start::Waiting;
use crate::web::start::WaitingPart;
use crate::web::start::WaitingRow;
use crate::web::view::Badge;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::Tone;
use crate::web::view::When;

/// `GET /`
pub async fn page(signed: Signed) -> Result<HttpResponse> {
    let waiting = waiting(&signed).await?;
    let frame = frame(&signed, &waiting)?;
    respond::page(&StartPage { t: signed.t(), frame, waiting })
}

/// `GET /waiting`: the same without the frame around it.
pub async fn part(signed: Signed) -> Result<HttpResponse> {
    let waiting = waiting(&signed).await?;
    let frame = frame(&signed, &waiting)?;
    respond::fragment(&WaitingPart { t: signed.t(), frame, waiting })
}

fn frame(signed: &Signed, waiting: &Waiting) -> Result<Frame> {
    let mut frame = signed.frame(signed.t().start_title())?.at(Place::Mine).wide();
    if let Some(viewer) = &mut frame.viewer {
        viewer.waiting = waiting.count();
    }
    Ok(frame)
}

async fn waiting(signed: &Signed) -> Result<Waiting> {
    let member = signed.member.clone();
    let (asks, threads, list, raised, counts, proposals, letters, halted, attention) = signed
        .house()
        .read(move |reading| {
            Ok((
                views::start::asks(reading, &member)?,
                views::start::unread(reading, &member)?,
                views::plan::tasks(reading, &member, Worklist::Mine, &Sieve::default())?,
                views::raised::tasks(reading, &member)?,
                views::plan::counts(reading, &member, &Sieve::default())?,
                views::plan::proposals(reading, &member)?,
                letters::waiting(reading, &member)?,
                views::library::halted(reading, &member)?,
                views::attention::mine(reading, &member)?,
            ))
        })
        .await?;
    // A row that was rendered has reached its reader; it was not opened by that.
    let reached = threads.iter().map(|thread| (thread.patient, thread.head)).collect();
    signed.house().reached(signed.member.id, reached).await?;
    let (t, now) = (signed.t(), signed.house().now());
    let raised = raised.into_iter().map(|view| raised_row(signed, view));
    let reader = tasks::reader(signed);
    let unopened = list.unopened.into_iter().map(|one| tasks::unopened_row(&reader, one));
    Ok(Waiting {
        asks: asks.into_iter().map(|ask| ask_row(signed, ask, t, now)).collect(),
        attention: attention.into_iter().map(|one| attention_row(signed, one)).chain(unopened).collect(),
        lists: tasks::lists(signed.t(), counts),
        tasks: tasks::waiting(signed, list.tasks, proposals).into_iter().chain(raised).collect(),
        letters: letters.rows(&signed.member, now, signed.lang()),
        halted: halted_rows(signed, halted),
        threads: threads.into_iter().map(|thread| thread_row(signed, thread)).collect(),
    })
}

/// What the region lets rest: whose plan, and which pathway.
fn halted_rows(signed: &Signed, halted: Vec<views::library::HaltedView>) -> Vec<HaltedRow> {
    let row = |view: views::library::HaltedView| HaltedRow {
        href: format!("/patients/{}/plan", view.patient),
        patient: view.name,
        title: view.title.say(signed.lang()).to_owned(),
    };
    halted.into_iter().map(row).collect()
}

/// A run that the engine could not go on with, or a plan where no run is to blame.
fn attention_row(signed: &Signed, view: views::attention::AttentionView) -> WaitingRow {
    let (t, lang) = (signed.t(), signed.lang());
    let place = view.run.map(|run| format!("#{run}")).unwrap_or_default();
    WaitingRow {
        href: format!("/patients/{}/plan{place}", view.patient),
        title: view.pathway.map_or_else(|| t.plan_title().to_owned(), |title| title.say(lang).to_owned()),
        patient: view.name,
        from: t.attention_how().to_owned(),
        mark: Mark::new(Tone::Harm, t.run_is_faulty()),
        due: None,
    }
}

/// A late task of others of which this reader is to hear.
fn raised_row(signed: &Signed, view: views::plan::TaskView) -> WaitingRow {
    let (t, lang) = (signed.t(), signed.lang());
    WaitingRow {
        href: format!("/patients/{}/plan#{}", view.patient, view.task.id),
        title: view.task.title.say(lang).to_owned(),
        patient: view.name,
        from: t.task_of_others_is_late(view.task.role.name().say(lang)),
        mark: Mark::new(Tone::Harm, t.ask_overdue()),
        due: view.task.due.map(|due| When::at(due.into(), lang)),
    }
}

fn ask_row(signed: &Signed, ask: views::start::AskView, t: Text, now: Time) -> AskRow {
    let lang = signed.lang();
    let overdue = ask.due.is_some_and(|due| due <= now);
    let mark = match ask.urgency {
        _ if overdue => Some(Mark::new(Tone::Harm, t.ask_overdue())),
        Urgency::Now => Some(Mark::new(Tone::Harm, t.urgency_now())),
        Urgency::Today => Some(Mark::new(Tone::Due, t.urgency_today())),
        Urgency::Normal => None,
    };
    AskRow {
        href: match ask.of_plan {
            Some(of_plan) => format!("/patients/{}/plan#{of_plan}", ask.patient),
            None => format!("/patients/{}/posts/{}", ask.patient, ask.post),
        },
        patient: ask.name,
        by: ask.by.map_or_else(|| by_pathway(signed), |by| fill::person(&by, lang)),
        says: ask.says,
        mark,
        due: ask.due.map(|due| When::at(due, lang)),
        // A question and a request want words: they are answered in the thread.
        ack_href: (ask.of_plan.is_none() && !matches!(ask.kind, PostKind::Question | PostKind::Request))
            .then(|| format!("/patients/{}/posts/{}/ack", ask.patient, ask.post)),
    }
}

/// Who asks when a pathway does: the pathway, shown beside the reader's own badge.
fn by_pathway(signed: &Signed) -> PersonView {
    PersonView {
        name: signed.t().asked_by_pathway().to_owned(),
        badge: Badge::new(signed.member.profession, signed.lang()),
        office: String::new(),
        on_behalf: None,
    }
}

fn thread_row(signed: &Signed, thread: views::start::UnreadView) -> ThreadRow {
    let says = match thread.by {
        Some(by) => format!("{}　{}", by.name, thread.says),
        None => thread.says,
    };
    ThreadRow {
        href: format!("/patients/{}#unread", thread.patient),
        patient: thread.name,
        unread: thread.unread,
        says,
        when: When::at(thread.at, signed.lang()),
    }
}

crate::texts! {
    attention_how { ja: "計算が止まりました", en: "The engine stopped on it" }
    ask_overdue { ja: "期限切れ", en: "overdue" }
    task_of_others_is_late(role: &str) {
        ja: "{role}の仕事が遅れています",
        en: "A task of the {role} is late"
    }
    asked_by_pathway { ja: "パスからのお願い", en: "Asked by the pathway" }
}
