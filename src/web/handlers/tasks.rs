//! `/tasks`: open tasks across the reader's patients, and proposals that wait for people.

use actix_web::HttpResponse;
use actix_web::web::Query;
use jiff::Timestamp;

use super::plan::clock::clock;
use super::plan::fill_plan::Reader;
use super::plan::fill_task::due_mark;
use super::plan::fill_task::due_when;
use super::plan::fill_task::task_view;
use crate::acts::views;
use crate::acts::views::plan::Sides;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::store::plans::Due;
use crate::store::plans::Sieve;
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
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// Which list is asked for, and what it is narrowed to: all of it stands in the address.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    /// `mine`, `office`, `teams`.
    #[serde(default)]
    list: String,
    /// One patient.
    #[serde(default)]
    patient: String,
    /// One profession.
    #[serde(default)]
    role: String,
    /// One pathway.
    #[serde(default)]
    pathway: String,
    /// `overdue`, `today`, `later`, `undated`.
    #[serde(default)]
    state: String,
}

/// The lists with their codes.
const LISTS: [(Worklist, &str); 3] =
    [(Worklist::Mine, "mine"), (Worklist::Office, "office"), (Worklist::Teams, "teams")];

/// When tasks are due, with the codes that stand in the address.
const DUE: [(Due, &str); 4] =
    [(Due::Over, "overdue"), (Due::Today, "today"), (Due::Later, "later"), (Due::Never, "undated")];

impl Asked {
    /// The list.
    pub fn list(&self) -> Worklist {
        LISTS.iter().find(|(_, code)| *code == self.list).map_or(Worklist::Mine, |(list, _)| *list)
    }

    /// What it is narrowed to; what nobody knows narrows nothing.
    pub fn sieve(&self) -> Sieve {
        Sieve {
            patient: self.patient.parse().ok(),
            role: self.role.parse::<Profession>().ok().map(|role| role.code().to_owned()),
            pathway: Some(self.pathway.clone()).filter(|code| !code.is_empty()),
            due: DUE.iter().find(|(_, code)| *code == self.state).map(|(due, _)| *due),
        }
    }

    /// The address of a list, narrowed as this one is.
    fn href(&self, list: &str) -> String {
        let mut href = format!("/tasks?list={list}");
        let sieve = self.sieve();
        let patient = sieve.patient.map(|patient| patient.to_string());
        let due = DUE.iter().find(|(due, _)| Some(*due) == sieve.due).map(|(_, code)| (*code).to_owned());
        for (name, value) in
            [("patient", patient), ("role", sieve.role), ("pathway", sieve.pathway), ("state", due)]
        {
            // Only codes of our own stand in an address.
            let plain = |code: &String| code.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
            if let Some(value) = value.filter(plain) {
                href.push_str(&format!("&{name}={value}"));
            }
        }
        href
    }

    fn here(&self) -> String {
        let list = self.list();
        self.href(LISTS.iter().find(|(known, _)| *known == list).map_or("mine", |(_, code)| code))
    }
}

struct Shown {
    groups: Vec<TaskGroup>,
    unopened: Vec<WaitingRow>,
    proposals: Vec<WaitingRow>,
    counts: [usize; 3],
    sides: Sides,
}

/// `GET /tasks`
pub async fn page(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let shown = shown(&signed, &asked).await?;
    let t = signed.t();
    let narrowed = asked.sieve() != Sieve::default();
    respond::page(&TasksPage {
        t,
        frame: signed.frame(t.tasks_title())?.at(Place::Tasks),
        filters: filters(t, &asked, shown.counts),
        list: LISTS.iter().find(|(list, _)| *list == asked.list()).map_or("mine", |(_, code)| code),
        narrow: narrow(&signed, &asked, &shown.sides),
        all: if narrowed {
            Asked { list: asked.list.clone(), ..Asked::default() }.here()
        } else {
            String::new()
        },
        unopened: shown.unopened,
        groups: shown.groups,
        proposals: shown.proposals,
        flaws: Vec::new(),
    })
}

/// `GET /tasks/list`: the list alone.
pub async fn part(signed: Signed, asked: Query<Asked>) -> Result<HttpResponse> {
    let shown = shown(&signed, &asked).await?;
    let t = signed.t();
    respond::fragment(&TasksPart {
        t,
        frame: signed.frame(t.tasks_title())?,
        unopened: shown.unopened,
        proposals: shown.proposals,
        groups: shown.groups,
    })
}

fn filters(t: Text, asked: &Asked, counts: [usize; 3]) -> Vec<Filter> {
    let mut filters = lists(t, counts);
    for (filter, (which, code)) in filters.iter_mut().zip(LISTS) {
        filter.on = which == asked.list();
        filter.href = asked.href(code);
    }
    filters
}

/// The lists of tasks, with how many each holds.
pub(super) fn lists(t: Text, counts: [usize; 3]) -> Vec<Filter> {
    let labels = [t.tasks_mine(), t.tasks_office(), t.tasks_teams()];
    LISTS
        .into_iter()
        .zip(labels)
        .zip(counts)
        .map(|(((_, code), label), count)| Filter {
            href: format!("/tasks?list={code}"),
            label: label.to_owned(),
            count,
            on: false,
        })
        .collect()
}

/// The menus by which a list is narrowed.
fn narrow(signed: &Signed, asked: &Asked, sides: &Sides) -> Vec<Field> {
    let (t, lang) = (signed.t(), signed.lang());
    let menu = |name: &str, label: &str, current: &str, choices: Vec<(String, String)>| {
        let all = (String::new(), t.tasks_any().to_owned());
        let choices = [all].into_iter().chain(choices);
        let choices = choices.map(|(value, says)| Choice::new(value, says, current));
        Field::new("select", name, label).of(choices.collect())
    };
    let patients = sides.patients.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
    let pathways =
        sides.pathways.iter().map(|(code, title)| (code.clone(), title.say(lang).to_owned())).collect();
    let roles = Profession::ALL
        .iter()
        .map(|role| (role.code().to_owned(), role.name().say(lang).to_owned()))
        .collect();
    let titles = [t.tasks_overdue(), t.tasks_today(), t.tasks_later(), t.tasks_undated()];
    let states =
        DUE.iter().zip(titles).map(|((_, code), title)| ((*code).to_owned(), title.to_owned())).collect();
    vec![
        menu("patient", t.tasks_of_patient(), &asked.patient, patients),
        menu("role", t.tasks_of_role(), &asked.role, roles),
        menu("pathway", t.tasks_of_pathway(), &asked.pathway, pathways),
        menu("state", t.tasks_by_due(), &asked.state, states),
    ]
}

async fn shown(signed: &Signed, asked: &Asked) -> Result<Shown> {
    let member = signed.member.clone();
    let (list, sieve) = (asked.list(), asked.sieve());
    let (shown, proposals, counts, sides) = signed
        .house()
        .read(move |reading| {
            Ok((
                views::plan::tasks(reading, &member, list, &sieve)?,
                views::plan::proposals(reading, &member)?,
                views::plan::counts(reading, &member, &sieve)?,
                views::plan::sides(reading, &member)?,
            ))
        })
        .await?;
    let reader = reader(signed);
    let sieve = asked.sieve();
    // A proposal is of a patient and a pathway; who narrows by task sees tasks alone.
    let fits = |one: &views::plan::ProposalView| {
        sieve.role.is_none()
            && sieve.due.is_none()
            && sieve.pathway.is_none()
            && sieve.patient.is_none_or(|patient| patient == one.patient)
    };
    Ok(Shown {
        unopened: shown.unopened.into_iter().map(|one| unopened_row(&reader, one)).collect(),
        groups: groups(&reader, shown.tasks, &asked.here()),
        proposals: proposals.into_iter().filter(fits).map(|one| proposal_row(&reader, one)).collect(),
        counts,
        sides,
    })
}

pub(super) fn reader(signed: &Signed) -> Reader {
    let lay = matches!(signed.member.profession, Profession::Family | Profession::Patient);
    Reader::of(signed, !lay)
}

/// Overdue first, then today, later, and last what has no date.
fn groups(reader: &Reader, tasks: Vec<views::plan::TaskView>, here: &str) -> Vec<TaskGroup> {
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
            group.tasks.push(row(reader, &view, here));
        }
    }
    groups.retain(|group| !group.tasks.is_empty());
    groups
}

fn tone(reader: &Reader, due: Option<Timestamp>) -> Option<Tone> {
    due_mark(due, reader.now, reader.t()).map(|mark| mark.tone)
}

fn row(reader: &Reader, view: &views::plan::TaskView, here: &str) -> TaskView {
    let pathway = view.pathway.say(reader.lang);
    let mut shown = task_view(reader, view.patient, pathway, &view.task, view.holder.as_ref());
    shown.patient = Some(TaskPatient {
        href: format!("/patients/{}/plan#{}", view.patient, view.task.id),
        name: view.name.clone(),
    });
    shown.to = here.to_owned();
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

/// Whose tasks are due here and cannot be shown.
pub(super) fn unopened_row(reader: &Reader, one: views::plan::Unopened) -> WaitingRow {
    let t = reader.t();
    WaitingRow {
        href: format!("/patients/{}", one.patient),
        title: t.tasks_unopened(one.count),
        patient: one.name,
        from: t.tasks_unopened_how().to_owned(),
        mark: Mark::new(Tone::Harm, t.tasks_unopened_mark()),
        due: None,
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
    tasks_any { ja: "すべて", en: "All" }
    tasks_of_patient { ja: "患者", en: "Patient" }
    tasks_of_role { ja: "職種", en: "Profession" }
    tasks_of_pathway { ja: "パス", en: "Pathway" }
    tasks_by_due { ja: "期限", en: "Due" }
    tasks_overdue { ja: "期限を過ぎた仕事", en: "Overdue" }
    tasks_today { ja: "今日まで", en: "Due today" }
    tasks_later { ja: "これから", en: "Later" }
    tasks_undated { ja: "期限なし", en: "No date" }
    tasks_unopened(count: usize) { ja: "仕事{count}件を表示できません", en: "{count} task cannot be shown" | "{count} tasks cannot be shown" }
    tasks_unopened_how { ja: "患者の状態を電話などで確かめ、町の担当者に知らせてください。", en: "Find out by telephone what is due, and tell the town office." }
    tasks_unopened_mark { ja: "開けません", en: "Cannot be opened" }
    proposal_row(title: &str) { ja: "提案：{title}", en: "Proposal: {title}" }
}
