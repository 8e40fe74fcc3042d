//! `/tasks`: open tasks across the reader's patients, and proposals that wait for people.

use actix_web::HttpResponse;
use actix_web::web::Query;
use jiff::Timestamp;

use super::plan::clock::clock;
use super::plan::fill_plan::Reader;
use super::plan::fill_plan::due_mark;
use super::plan::fill_plan::due_when;
use super::plan::fill_plan::task_view;
use crate::acts::views;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::store::plans::Worklist;
use crate::texts;
use crate::web::app::Signed;
use crate::web::frame::Place;
use crate::web::respond;
use crate::web::start::WaitingRow;
use crate::web::tasks::TaskGroup;
use crate::web::tasks::TaskPatient;
use crate::web::tasks::TaskView;
use crate::web::tasks::TasksPage;
use crate::web::tasks::TasksPart;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// Which list is asked for: `mine`, `office`, `teams`.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    list: String,
}

impl Asked {
    fn list(&self) -> Worklist {
        match self.list.as_str() {
            "office" => Worklist::Office,
            "teams" => Worklist::Teams,
            _ => Worklist::Mine,
        }
    }
}

struct Shown {
    groups: Vec<TaskGroup>,
    proposals: Vec<WaitingRow>,
    counts: [usize; 3],
}

/// `GET /tasks`
pub async fn page(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let shown = shown(&signed, asked.list()).await?;
    let t = signed.t();
    respond::page(&TasksPage {
        t,
        frame: signed.frame(t.tasks_title())?.at(Place::Tasks),
        filters: filters(t, asked.list(), shown.counts),
        groups: shown.groups,
        proposals: shown.proposals,
        flaws: Vec::new(),
    })
}

/// `GET /tasks/list`: the list alone.
pub async fn part(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let shown = shown(&signed, asked.list()).await?;
    let t = signed.t();
    respond::fragment(&TasksPart {
        t,
        frame: signed.frame(t.tasks_title())?,
        proposals: shown.proposals,
        groups: shown.groups,
    })
}

fn filters(t: Text, list: Worklist, [mine, office, teams]: [usize; 3]) -> Vec<Filter> {
    [
        (Worklist::Mine, "mine", t.tasks_mine(), mine),
        (Worklist::Office, "office", t.tasks_office(), office),
        (Worklist::Teams, "teams", t.tasks_teams(), teams),
    ]
    .map(|(which, code, label, count)| Filter {
        href: format!("/tasks?list={code}"),
        label: label.to_owned(),
        count,
        on: which == list,
    })
    .into()
}

async fn shown(signed: &Signed, list: Worklist) -> Result<Shown> {
    let member = signed.member.clone();
    let (tasks, proposals, counts) = signed
        .house()
        .read(move |reading| {
            Ok((
                views::plan::tasks(reading, &member, list)?,
                views::plan::proposals(reading, &member)?,
                views::plan::counts(reading, &member)?,
            ))
        })
        .await?;
    let reader = reader(signed);
    Ok(Shown {
        groups: groups(&reader, tasks, list),
        proposals: proposals.into_iter().map(|one| proposal_row(&reader, one)).collect(),
        counts,
    })
}

fn reader(signed: &Signed) -> Reader {
    let lay = matches!(signed.member.profession, Profession::Family | Profession::Patient);
    Reader::of(signed, !lay)
}

/// Overdue first, then today, later, and last what has no date.
fn groups(reader: &Reader, tasks: Vec<views::plan::TaskView>, list: Worklist) -> Vec<TaskGroup> {
    let t = reader.t();
    let titles = [t.tasks_overdue(), t.tasks_today(), t.tasks_later(), t.tasks_undated()];
    let mut groups: Vec<TaskGroup> =
        titles.map(|title| TaskGroup { title: title.to_owned(), tasks: Vec::new() }).into();
    for view in tasks {
        let at = match (view.task.due, tone(reader, view.task.due)) {
            (_, Some(Tone::Harm)) => 0,
            (_, Some(_)) => 1,
            (Some(_), None) => 2,
            (None, None) => 3,
        };
        if let Some(group) = groups.get_mut(at) {
            group.tasks.push(row(reader, &view, list));
        }
    }
    groups.retain(|group| !group.tasks.is_empty());
    groups
}

fn tone(reader: &Reader, due: Option<Timestamp>) -> Option<Tone> {
    due_mark(due, reader.now, reader.t()).map(|mark| mark.tone)
}

fn row(reader: &Reader, view: &views::plan::TaskView, list: Worklist) -> TaskView {
    let pathway = view.pathway.say(reader.lang);
    let mut shown = task_view(reader, view.patient, pathway, &view.task, view.holder.as_ref());
    shown.patient = Some(TaskPatient {
        href: format!("/patients/{}/plan#{}", view.patient, view.task.id),
        name: view.name.clone(),
    });
    shown.to = match list {
        Worklist::Mine => "/tasks".to_owned(),
        Worklist::Office => "/tasks?list=office".to_owned(),
        Worklist::Teams => "/tasks?list=teams".to_owned(),
    };
    // Skipping is decided where the whole plan can be seen.
    shown.skip_causes = Vec::new();
    shown
}

fn proposal_row(reader: &Reader, view: views::plan::ProposalView) -> WaitingRow {
    let t = reader.t();
    WaitingRow {
        href: format!("/patients/{}/plan#{}", view.patient, view.proposal.id),
        title: t.proposal_row(view.proposal.title.say(reader.lang)),
        patient: view.name,
        from: view.pathway.say(reader.lang).to_owned(),
        mark: due_mark(view.proposal.due, reader.now, t)
            .unwrap_or_else(|| Mark::new(Tone::Act, t.plan_proposal())),
        due: view.proposal.due.map(|due| due_when(due, reader.lang)),
    }
}

/// How far ahead the start page looks; the list of tasks has the rest.
const SOON_SECONDS: i64 = 2 * 86_400;

/// What the start page shows of tasks: what the reader can decide, and what is due soon, undated or taken.
pub(super) fn waiting(
    signed: &Signed,
    tasks: Vec<views::plan::TaskView>,
    proposals: Vec<views::plan::ProposalView>,
) -> Vec<WaitingRow> {
    let reader = reader(signed);
    let mine = proposals.into_iter().filter(|view| {
        let decided = view.proposal.decisions.iter().any(|decision| decision.by.person == reader.person);
        !decided && view.proposal.confirm.by.contains(&reader.profession)
    });
    let mut rows: Vec<WaitingRow> = mine.map(|view| proposal_row(&reader, view)).collect();
    let t = reader.t();
    let soon = reader.now.plus_seconds(SOON_SECONDS).stamp();
    for view in tasks {
        let held = view.task.claimed_by == Some(reader.person);
        let mark = match due_mark(view.task.due, reader.now, t) {
            Some(mark) => mark,
            None if held => Mark::new(Tone::Act, t.task_is_claimed()),
            None if view.task.due.is_none_or(|due| due <= soon) => Mark::new(Tone::Plain, t.task_is_open()),
            None => continue,
        };
        rows.push(WaitingRow {
            href: format!("/patients/{}/plan#{}", view.patient, view.task.id),
            title: view.task.title.say(reader.lang).to_owned(),
            patient: view.name,
            from: clock(&view.task, reader.now, reader.lang)
                .map_or_else(|| view.pathway.say(reader.lang).to_owned(), |clock| clock.says),
            mark,
            due: view.task.due.map(|due| due_when(due, reader.lang)),
        });
    }
    rows
}

texts! {
    tasks_mine { ja: "自分の仕事", en: "Mine" }
    tasks_office { ja: "事業所の仕事", en: "My office" }
    tasks_teams { ja: "チーム全体", en: "All of my teams" }
    tasks_overdue { ja: "期限を過ぎた仕事", en: "Overdue" }
    tasks_today { ja: "今日まで", en: "Due today" }
    tasks_later { ja: "これから", en: "Later" }
    tasks_undated { ja: "期限なし", en: "No date" }
    proposal_row(title: &str) { ja: "提案：{title}", en: "Proposal: {title}" }
}
