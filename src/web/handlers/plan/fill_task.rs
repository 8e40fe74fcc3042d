//! From a task to what pages show of it: when it is due, whose it is, what does it, and how it ended.

use jiff::Timestamp;
use jiff::ToSpan;

use crate::acts::library::Library;
use crate::acts::views;
use crate::acts::views::plan::PlanView;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::pathway::definition::Cause;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::state::Closed;
use crate::pathway::state::PastTask;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::texts;
use crate::web::handlers::leaflets;
use crate::web::leaflets::LeafletLink;
use crate::web::tasks::PastTaskView;
use crate::web::tasks::TaskForm;
use crate::web::tasks::TaskView;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

use super::clock::clock;
use super::fill_plan::Reader;
use super::fill_plan::fresh;
use super::why;

/// A due moment as people say it: a day that is over at midnight is the day before.
pub fn due_when(due: Timestamp, lang: Lang) -> When {
    let civil = time::civil(due);
    if civil.hour() == 0 && civil.minute() == 0 {
        return When::on(last_day(due), lang);
    }
    When::at(due.into(), lang)
}

/// The last civil day that belongs to a time which ends at this moment.
pub(super) fn last_day(end: Timestamp) -> jiff::civil::Date {
    let before = end.saturating_sub(1.microsecond()).unwrap_or(end);
    Time::from(before).day()
}

/// Overdue, today, or nothing special.
pub fn due_mark(due: Option<Timestamp>, now: Time, t: Text) -> Option<Mark> {
    let due = due?;
    let (last, today) = (last_day(due), now.day());
    if due <= now.stamp() {
        let days = today.since(last).map_or(0, |span| span.get_days());
        let days = usize::try_from(days).unwrap_or(0);
        let says = if days == 0 { t.task_is_late().to_owned() } else { t.task_days_late(days) };
        return Some(Mark::new(Tone::Harm, says));
    }
    (last == today).then(|| Mark::new(Tone::Due, t.task_today()))
}

pub(super) fn task(reader: &Reader, view: &PlanView, run: &Run, task: &Task) -> TaskView {
    let holder = task.claimed_by.and_then(|id| view.people.get(&id));
    let mut shown = task_view(reader, view.patient.id, run.title.say(reader.lang), task, holder);
    // What is open in a run that the engine cannot go on with can still be done.
    if !matches!(run.status, Status::Active | Status::Faulty { .. }) {
        shown.may_claim = false;
        shown.may_release = false;
        shown.may_do = false;
        shown.skip_causes = Vec::new();
    }
    let known = task.code.as_deref().and_then(|code| reader.definition(run)?.task(code));
    if let Some(text) = known.and_then(|(_, known)| known.text.as_ref()) {
        shown.about = text.say(reader.lang).to_owned();
    }
    shown.leaflet = leaflet(reader, run, task.code.as_deref());
    if let Some(line) = view.reasons.get(&task.id.0) {
        shown.why = why::lines(line, view, reader.lang);
    }
    shown
}

pub(super) fn past_task(reader: &Reader, view: &PlanView, run: &Run, past: &PastTask) -> PastTaskView {
    let by = past.closed.by.and_then(|by| view.people.get(&by.person));
    PastTaskView {
        id: past.id.to_string(),
        title: past.title.say(reader.lang).to_owned(),
        badge: Badge::new(past.role, reader.lang),
        mark: closed_mark(&past.closed, reader.t()),
        leaflet: leaflet(reader, run, past.code.as_deref()),
        due: past.due.map(|due| due_when(due, reader.lang)),
        closed: closing(&past.closed, by, reader.lang),
    }
}

/// What is handed over with a task of a pathway.
fn leaflet(reader: &Reader, run: &Run, code: Option<&str>) -> Option<LeafletLink> {
    let definition = reader.definition(run)?;
    let (_, task) = definition.task(code?)?;
    let leaflet = definition.leaflet(task.leaflet.as_deref()?)?;
    Some(leaflets::link(leaflet, &run.hash, reader.lang))
}

/// A task as every list shows it, with what this reader may do with it.
pub fn task_view(
    reader: &Reader,
    patient: PatientId,
    pathway: &str,
    task: &Task,
    holder: Option<&views::PersonView>,
) -> TaskView {
    let (t, lang) = (reader.t(), reader.lang);
    let open = reader.may && task.with.is_none();
    let mine = open && task.is_for(reader.profession);
    let may_skip = open
        && (task.skip.contains(&reader.profession)
            || (task.skip.is_empty() && task.is_for(reader.profession)));
    TaskView {
        id: task.id.to_string(),
        action: format!("/patients/{patient}/tasks/{}", task.id),
        entry: fresh(),
        to: String::new(),
        title: task.title.say(lang).to_owned(),
        about: String::new(),
        patient: None,
        pathway: pathway.to_owned(),
        badge: Badge::new(task.role, lang),
        claimed_by: holder.map(|holder| holder.name.clone()),
        mark: task_mark(task, reader.now, t),
        urgent: task.urgent,
        clock: clock(task, reader.now, lang),
        leaflet: None,
        window: window(task, lang),
        due: task.due.map(|due| due_when(due, lang)),
        form: task.form.as_ref().map(|code| TaskForm {
            href: format!("/patients/{patient}/letters/new?form={code}&task={}", task.id),
            title: form_title(&reader.library, code, lang),
        }),
        why: Vec::new(),
        may_claim: mine && task.claimed_by.is_none(),
        may_release: mine && task.claimed_by == Some(reader.person),
        may_do: mine && !task.signed.contains(&reader.person),
        skip_causes: if may_skip { causes(t, "") } else { Vec::new() },
    }
}

/// A form's title; its code when nobody published it.
pub fn form_title(library: &Library, code: &str, lang: Lang) -> String {
    library.current_form(code).map_or_else(|| code.to_owned(), |form| form.label.say(lang).to_owned())
}

/// How a task ended, in a word or two.
pub fn closed_word(closed: &Closed, t: Text) -> &'static str {
    match closed.how {
        Closing::Done { .. } => t.task_is_done(),
        Closing::Skipped { .. } => t.task_is_skipped(),
        Closing::Expired => t.task_is_expired(),
        Closing::Cancelled { why } => cancelled(why, t),
    }
}

fn task_mark(task: &Task, now: Time, t: Text) -> Mark {
    if task.with.is_some() {
        return Mark::new(Tone::Plain, t.task_is_merged());
    }
    due_mark(task.due, now, t).unwrap_or_else(|| match task.claimed_by {
        Some(_) => Mark::new(Tone::Act, t.task_is_claimed()),
        None => Mark::new(Tone::Plain, t.task_is_open()),
    })
}

fn closed_mark(closed: &Closed, t: Text) -> Mark {
    match closed.how {
        Closing::Done { .. } => Mark::new(Tone::Done, t.task_is_done()),
        Closing::Skipped { .. } => Mark::new(Tone::Plain, t.task_is_skipped()),
        Closing::Expired => Mark::new(Tone::Plain, t.task_is_expired()),
        Closing::Cancelled { .. } => Mark::new(Tone::Plain, t.task_is_cancelled()),
    }
}

/// From which day to which a task can be done.
fn window(task: &Task, lang: Lang) -> String {
    let from = screen_day(Time::from(task.opened).day(), lang);
    // Where it ends with its due time, that stands beside it already.
    match task.late {
        Some(end) => Text(lang).task_from_to(&from, &screen_day(last_day(end), lang)),
        None => Text(lang).task_from(&from),
    }
}

fn closing(closed: &Closed, by: Option<&views::PersonView>, lang: Lang) -> String {
    let t = Text(lang);
    let when = crate::kernel::time::screen_time(closed.at.into(), lang);
    let who = by.map(|by| by.name.as_str()).unwrap_or_default();
    let head = if who.is_empty() { when } else { format!("{when}　{who}") };
    match &closed.how {
        Closing::Done { .. } => head,
        Closing::Skipped { cause, reason } => t.task_skipped_for(&head, cause_word(*cause, t), reason),
        Closing::Expired => t.task_expired_at(&head),
        Closing::Cancelled { why } => t.task_cancelled_for(&head, cancelled(*why, t)),
    }
}

fn cancelled(why: Cancelled, t: Text) -> &'static str {
    match why {
        Cancelled::PhaseLeft => t.cancelled_phase(),
        Cancelled::RunOver => t.cancelled_run(),
        Cancelled::Rescheduled => t.cancelled_moved(),
        Cancelled::NoLonger => t.cancelled_no_longer(),
        Cancelled::Conflict => t.cancelled_conflict(),
        Cancelled::Suspended => t.cancelled_suspended(),
    }
}

/// The coded causes of a departure, to choose from.
pub fn causes(t: Text, current: &str) -> Vec<Choice> {
    CAUSES.iter().map(|(code, cause)| Choice::new(*code, cause_word(*cause, t), current)).collect()
}

const CAUSES: [(&str, Cause); 5] = [
    ("patient", Cause::Patient),
    ("family", Cause::Family),
    ("staff", Cause::Staff),
    ("organisation", Cause::Organisation),
    ("region", Cause::Region),
];

/// Reads a cause's code.
pub fn cause(code: &str) -> Option<Cause> {
    CAUSES.iter().find(|(known, _)| *known == code).map(|(_, cause)| *cause)
}

/// A cause's code.
pub fn cause_code(cause: Cause) -> &'static str {
    CAUSES.iter().find(|(_, known)| *known == cause).map_or("", |(code, _)| code)
}

pub(super) fn cause_word(cause: Cause, t: Text) -> &'static str {
    match cause {
        Cause::Patient => t.cause_patient(),
        Cause::Family => t.cause_family(),
        Cause::Staff => t.cause_staff(),
        Cause::Organisation => t.cause_organisation(),
        Cause::Region => t.cause_region(),
    }
}

texts! {
    task_is_late { ja: "期限切れ", en: "late" }
    task_days_late(days: usize) { ja: "{days}日超過", en: "{days} day late" | "{days} days late" }
    task_today { ja: "今日まで", en: "due today" }
    task_is_done { ja: "済み", en: "done" }
    task_is_skipped { ja: "行わない", en: "skipped" }
    task_is_expired { ja: "時期を過ぎた", en: "time passed" }
    task_is_cancelled { ja: "取りやめ", en: "cancelled" }
    task_is_merged { ja: "ほかのパスの仕事とまとめて行う", en: "done together with another" }
    task_is_claimed { ja: "担当中", en: "taken" }
    task_is_open { ja: "これから", en: "to do" }
    task_from_to(from: &str, to: &str) { ja: "{from}から{to}まで", en: "{from} to {to}" }
    task_from(from: &str) { ja: "{from}から", en: "from {from}" }
    task_skipped_for(head: &str, cause: &str, reason: &str) { ja: "{head}　行わなかった理由：{cause}。{reason}", en: "{head} Skipped: {cause}. {reason}" }
    task_expired_at(head: &str) { ja: "{head}　行われないまま時期を過ぎました。", en: "{head} Its time passed undone." }
    task_cancelled_for(head: &str, why: &str) { ja: "{head}　取りやめ：{why}", en: "{head} Cancelled: {why}" }
    cancelled_phase { ja: "段階が変わったため", en: "the phase changed" }
    cancelled_run { ja: "パスが終わったため", en: "the pathway ended" }
    cancelled_moved { ja: "日程が変わったため", en: "the day it counts from moved" }
    cancelled_no_longer { ja: "必要がなくなったため", en: "no longer needed" }
    cancelled_conflict { ja: "ほかのパスが優先されるため", en: "another pathway comes first" }
    cancelled_suspended { ja: "パスが休んでいる間に時期を過ぎたため", en: "its time passed while the pathway rested" }
    cause_patient { ja: "本人の状態・意向", en: "the patient" }
    cause_family { ja: "家族の都合・意向", en: "the family" }
    cause_staff { ja: "職員の都合・判断", en: "staff" }
    cause_organisation { ja: "事業所・病院の都合", en: "an office or hospital" }
    cause_region { ja: "地域の事情", en: "the region" }
}
