//! From a patient's opened plan to what the plan page shows: runs, tasks, asks, proposals, departures.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::ToSpan;

use crate::acts::library::Library;
use crate::acts::plans;
use crate::acts::views;
use crate::acts::views::plan::PlanView;
use crate::concept::Concepts;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::pathway::definition::Cause;
use crate::pathway::definition::Confirm;
use crate::pathway::definition::Definition;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::picture::says::who_agrees;
use crate::pathway::state::Closed;
use crate::pathway::state::PastTask;
use crate::pathway::state::Proposal;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::pathway::state::Variance;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::leaflets::LeafletLink;
use crate::web::plan;
use crate::web::plan::AheadLine;
use crate::web::plan::AskLine;
use crate::web::plan::PhaseView;
use crate::web::plan::RunView;
use crate::web::plan::StartChoice;
use crate::web::plan::VarianceLine;
use crate::web::tasks::PastTaskView;
use crate::web::tasks::TaskForm;
use crate::web::tasks::TaskView;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

use super::clock::clock;
use super::why;
use crate::web::handlers::leaflets;
use crate::web::handlers::letters::may_sign;

/// Who reads a plan, and what the house knows for them.
pub struct Reader {
    /// The person.
    pub person: PersonId,
    /// In which profession.
    pub profession: Profession,
    /// In which language.
    pub lang: Lang,
    /// At which moment.
    pub now: Time,
    /// Whether the person may act on the plan at all.
    pub may: bool,
    /// The published pathways and forms.
    pub library: Arc<Library>,
}

impl Reader {
    /// The one who is signed in.
    pub fn of(signed: &Signed, may: bool) -> Self {
        Self {
            person: signed.member.id,
            profession: signed.member.profession,
            lang: signed.lang(),
            now: signed.house().now(),
            may,
            library: signed.house().library(),
        }
    }

    /// The texts in the reader's language.
    pub fn t(&self) -> Text {
        Text(self.lang)
    }

    /// The definition that a run keeps.
    pub fn definition(&self, run: &Run) -> Option<&Definition> {
        self.library.pathways.get(&run.hash).map(|pathway| &pathway.definition)
    }
}

/// The whole plan; `chosen` is the pathway that was chosen in a start that did not pass.
pub fn plan(reader: &Reader, view: &PlanView, chosen: &str) -> plan::PlanView {
    let patient = view.patient.id;
    let state = &view.state;
    let mut runs: Vec<_> = state.runs.values().collect();
    runs.sort_by_key(|run| (rank(&run.status), std::cmp::Reverse(run.started)));
    let mut proposals: Vec<_> = state.open_proposals().collect();
    proposals.sort_by_key(|proposal| (proposal.due.is_none(), proposal.due));
    let mut asks: Vec<_> = state.open_asks().collect();
    asks.sort_by_key(|ask| (ask.due.is_none(), ask.due));
    plan::PlanView {
        href: format!("/patients/{patient}/plan"),
        proposals: proposals.into_iter().map(|one| proposal(reader, view, one)).collect(),
        asks: asks.into_iter().map(|one| ask(reader, view, one)).collect(),
        runs: runs.into_iter().map(|one| run(reader, view, one)).collect(),
        startable: if reader.may { starts(reader, view, chosen) } else { Vec::new() },
        new_run: RunId::new().to_string(),
        new_entry: crate::kernel::id::EntryId::new().to_string(),
        trouble: view.trouble,
    }
}

fn rank(status: &Status) -> u8 {
    match status {
        Status::Faulty { .. } => 0,
        Status::Active => 1,
        Status::Suspended { .. } => 2,
        Status::Stopped { .. } | Status::Ended => 3,
    }
}

fn fresh() -> String {
    crate::kernel::id::EntryId::new().to_string()
}

/// A due moment as people say it: a day that is over at midnight is the day before.
pub fn due_when(due: Timestamp, lang: Lang) -> When {
    let civil = time::civil(due);
    if civil.hour() == 0 && civil.minute() == 0 {
        return When::on(last_day(due), lang);
    }
    When::at(due.into(), lang)
}

/// The last civil day that belongs to a time which ends at this moment.
fn last_day(end: Timestamp) -> jiff::civil::Date {
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

fn run(reader: &Reader, view: &PlanView, run: &Run) -> RunView {
    let (t, lang, patient) = (reader.t(), reader.lang, view.patient.id);
    let goes_on = !run.is_over();
    let active = run.status == Status::Active;
    let mut open: Vec<_> = view.state.tasks.values().filter(|task| task.run == run.id).collect();
    open.sort_by_key(|task| (!task.urgent, task.due.is_none(), task.due, task.opened));
    let mut closed: Vec<_> = view.state.closed.iter().filter(|task| task.run == run.id).collect();
    closed.sort_by_key(|task| std::cmp::Reverse(task.closed.at));
    let mut variances: Vec<_> =
        view.state.variances.iter().filter(|variance| variance.run == run.id).collect();
    variances.sort_by_key(|variance| std::cmp::Reverse(variance.at));
    let act = |may: bool, href: String| if may { href } else { String::new() };
    RunView {
        id: run.id.to_string(),
        title: run.title.say(lang).to_owned(),
        version: run.version.clone(),
        mark: if run.halted.is_some() && goes_on {
            Mark::new(Tone::Harm, t.halted_mark())
        } else {
            status_mark(&run.status, t)
        },
        started: When::on(Time::from(run.started).day(), lang),
        note: match run.halted.as_ref().filter(|_| goes_on) {
            Some(halted) => {
                t.run_halted_since(&screen_day(Time::from(halted.since).day(), lang), &halted.reason)
            }
            None => status_note(&run.status, lang),
        },
        phases: phases(reader, run),
        tasks: open.into_iter().map(|one| task(reader, view, run, one)).collect(),
        closed: closed.into_iter().map(|one| past_task(reader, view, run, one)).collect(),
        ahead: view.ahead.iter().filter(|coming| coming.run == run.id).map(|one| ahead(one, lang)).collect(),
        variances: variances.into_iter().map(|one| variance(reader, view, one)).collect(),
        href: format!("/pathways/{}", run.hash),
        not_yet: act(active, format!("/patients/{patient}/plan/not-yet")),
        what_if: act(reader.may && active, format!("/patients/{patient}/plan/what-if")),
        add: act(reader.may && active, format!("/patients/{patient}/runs/{}/tasks", run.id)),
        raises: if reader.may && active { raises(reader, run) } else { Vec::new() },
        action: act(reader.may && goes_on, format!("/patients/{patient}/runs/{}", run.id)),
        resting: matches!(run.status, Status::Suspended { .. }),
        halted: run.halted.is_some(),
        faulty: matches!(run.status, Status::Faulty { .. }),
        entry: fresh(),
    }
}

fn status_mark(status: &Status, t: Text) -> Mark {
    match status {
        Status::Active => Mark::new(Tone::Act, t.run_active()),
        Status::Suspended { .. } => Mark::new(Tone::Due, t.run_rests()),
        Status::Faulty { .. } => Mark::new(Tone::Harm, t.run_is_faulty()),
        Status::Stopped { .. } => Mark::new(Tone::Plain, t.run_stopped()),
        Status::Ended => Mark::new(Tone::Done, t.run_ended()),
    }
}

fn status_note(status: &Status, lang: Lang) -> String {
    let t = Text(lang);
    match status {
        Status::Suspended { stay: Some(_), since, .. } => {
            t.run_rests_for_stay(&screen_day(Time::from(*since).day(), lang))
        }
        Status::Suspended { reason, since, .. } => t.run_rests_since(
            &screen_day(Time::from(*since).day(), lang),
            reason.as_deref().unwrap_or_default(),
        ),
        Status::Faulty { since } => {
            t.run_is_faulty_since(&crate::kernel::time::screen_time((*since).into(), lang))
        }
        Status::Stopped { reason } => t.run_was_stopped(reason),
        Status::Active | Status::Ended => String::new(),
    }
}

fn phases(reader: &Reader, run: &Run) -> Vec<PhaseView> {
    let t = reader.t();
    let Some(definition) = reader.definition(run) else { return Vec::new() };
    let here = definition.phases.iter().position(|phase| phase.id == run.phase);
    definition
        .phases
        .iter()
        .enumerate()
        .map(|(index, phase)| {
            let now = Some(index) == here;
            let since = screen_day(Time::from(run.entered).day(), reader.lang);
            PhaseView {
                title: phase.title.say(reader.lang).to_owned(),
                state: if now {
                    "now"
                } else if here.is_some_and(|here| index < here) {
                    "done"
                } else {
                    "later"
                },
                note: if now { t.phase_since(&since) } else { String::new() },
            }
        })
        .collect()
}

fn raises(reader: &Reader, run: &Run) -> Vec<Choice> {
    let Some(definition) = reader.definition(run) else { return Vec::new() };
    let Some(phase) = definition.phase(&run.phase) else { return Vec::new() };
    phase
        .leave
        .iter()
        .filter(|exit| exit.choose.contains(&reader.profession))
        .map(|exit| Choice::new(exit.to.clone(), exit.title(definition).say(reader.lang), ""))
        .collect()
}

fn ahead(coming: &crate::pathway::ahead::Coming, lang: Lang) -> AheadLine {
    AheadLine {
        when: screen_day(last_day(coming.due), lang),
        says: Text(lang).task_of(coming.title.say(lang), coming.role.name().say(lang)),
    }
}

fn task(reader: &Reader, view: &PlanView, run: &Run, task: &Task) -> TaskView {
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

fn past_task(reader: &Reader, view: &PlanView, run: &Run, past: &PastTask) -> PastTaskView {
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

fn cause_word(cause: Cause, t: Text) -> &'static str {
    match cause {
        Cause::Patient => t.cause_patient(),
        Cause::Family => t.cause_family(),
        Cause::Staff => t.cause_staff(),
        Cause::Organisation => t.cause_organisation(),
        Cause::Region => t.cause_region(),
    }
}

fn variance(reader: &Reader, view: &PlanView, variance: &Variance) -> VarianceLine {
    let by = variance.by.and_then(|by| view.people.get(&by.person)).map(|by| by.name.as_str());
    let reason = match (&variance.reason, by) {
        (Some(reason), Some(by)) => format!("{reason}（{by}）"),
        (Some(reason), None) => reason.clone(),
        (None, _) => String::new(),
    };
    VarianceLine {
        says: variance.text.say(reader.lang).to_owned(),
        when: When::at(variance.at.into(), reader.lang),
        cause: cause_word(variance.cause, reader.t()).to_owned(),
        href: if reader.may && variance.reason.is_none() {
            format!("/patients/{}/variances/{}", view.patient.id, variance.id)
        } else {
            String::new()
        },
        reason,
    }
}

fn ask(reader: &Reader, view: &PlanView, ask: &crate::pathway::state::Ask) -> AskLine {
    let (lang, patient) = (reader.lang, view.patient.id);
    let asked = reader.may && ask.role == reader.profession;
    let task = ask.task.and_then(|id| view.state.tasks.get(&id));
    let by_task = task.and_then(|task| Some((task.form.clone()?, format!("&task={}", task.id))));
    let by_fact = || Some((form_for(reader, &ask.facts)?, String::new()));
    let form = by_task.or_else(by_fact).filter(|_| asked).map(|(code, task)| TaskForm {
        href: format!("/patients/{patient}/letters/new?form={code}{task}"),
        title: form_title(&reader.library, &code, lang),
    });
    let by_hand = |code: &String| Concepts::shipped().get(code).is_some_and(|concept| concept.by_hand);
    let happening = || {
        (asked && ask.facts.iter().any(by_hand)).then(|| TaskForm {
            href: format!("/patients/{patient}/happenings"),
            title: reader.t().happenings_title().to_owned(),
        })
    };
    AskLine {
        id: ask.id.to_string(),
        badge: Badge::new(ask.role, lang),
        says: ask.text.say(lang).to_owned(),
        due: ask.due.map(|due| due_when(due, lang)),
        mark: due_mark(ask.due, reader.now, reader.t()),
        form: form.or_else(happening),
        action: if asked { format!("/patients/{patient}/asks/{}", ask.id) } else { String::new() },
        entry: fresh(),
        why: view.reasons.get(&ask.id.0).map(|line| why::lines(line, view, lang)).unwrap_or_default(),
    }
}

/// The form that states most of these concepts, the shorter one when two state as many.
fn form_for(reader: &Reader, concepts: &[String]) -> Option<String> {
    let stated = |form: &crate::form::Form| {
        let writes =
            |concept: &&String| form.fields.values().any(|field| field.writes.as_ref() == Some(concept));
        concepts.iter().filter(writes).count()
    };
    reader
        .library
        .current_forms()
        .filter(|form| may_sign(form, reader.profession))
        .map(|form| (stated(form), form))
        .filter(|(count, _)| *count > 0)
        .max_by_key(|(count, form)| (*count, std::cmp::Reverse(form.fields.len())))
        .map(|(_, form)| form.code.clone())
}

fn proposal(reader: &Reader, view: &PlanView, proposal: &Proposal) -> plan::ProposalView {
    let (t, lang, patient) = (reader.t(), reader.lang, view.patient.id);
    let run = view.state.runs.get(&proposal.run);
    let goes_on = run.is_some_and(|run| run.status == Status::Active);
    let decided = proposal.decisions.iter().any(|decision| decision.by.person == reader.person);
    let title = proposal.title.say(lang);
    let pathway = run.map(|run| run.title.say(lang)).unwrap_or_default();
    plan::ProposalView {
        id: proposal.id.to_string(),
        action: format!("/patients/{patient}/proposals/{}", proposal.id),
        entry: fresh(),
        says: match proposal.why {
            Reason::Person { .. } => t.proposal_raised(pathway, title),
            _ => t.proposal_says(pathway, title),
        },
        needs: needs(&proposal.confirm, t),
        why: view.reasons.get(&proposal.id.0).map(|line| why::lines(line, view, lang)).unwrap_or_default(),
        given: proposal
            .decisions
            .iter()
            .filter_map(|decision| {
                let mut person = fill::person(view.people.get(&decision.by.person)?, lang);
                let through = decision.through.as_ref();
                person.on_behalf = through.and_then(|through| {
                    let writer = view.people.get(&through.person)?;
                    Some(t.decided_through(&writer.name, plans::channel_word(&through.channel, t)))
                });
                Some(person)
            })
            .collect(),
        due: proposal.due.map(|due| due_when(due, lang)),
        confirm: title.to_owned(),
        may_decide: reader.may && goes_on && !decided && proposal.confirm.by.contains(&reader.profession),
        proxy: if reader.may && goes_on {
            format!("/patients/{patient}/proposals/{}", proposal.id)
        } else {
            String::new()
        },
    }
}

/// Who must agree, in words.
pub fn needs(confirm: &Confirm, t: Text) -> String {
    t.proposal_needs(&who_agrees(confirm, t))
}

fn starts(reader: &Reader, view: &PlanView, chosen: &str) -> Vec<StartChoice> {
    let (lang, patient) = (reader.lang, view.patient.id);
    view.offers
        .iter()
        .map(|offer| {
            let lacking = offer.lacking.as_deref().unwrap_or_default();
            let names: Vec<&str> = lacking.iter().map(|code| concept_title(code, lang)).collect();
            let form = form_for(reader, lacking).map(|code| TaskForm {
                href: format!("/patients/{patient}/letters/new?form={code}"),
                title: form_title(&reader.library, &code, lang),
            });
            StartChoice {
                choice: Choice::new(offer.hash.clone(), offer.title.say(lang), chosen),
                about: offer.summary.as_ref().map(|says| says.say(lang).to_owned()).unwrap_or_default(),
                lacking: names.join(reader.t().names_joint()),
                form,
            }
        })
        .collect()
}

/// What a concept is called; its code when nobody knows it.
pub fn concept_title(code: &str, lang: Lang) -> &str {
    Concepts::shipped().get(code).map_or(code, |concept| concept.title.say(lang))
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
    task_of(title: &str, role: &str) { ja: "{title}（{role}）", en: "{title} ({role})" }
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
    run_halted_since(day: &str, reason: &str) {
        ja: "{day}から、地域の決定で止まっています：{reason}　再開は地域の管理者が行います。",
        en: "By the region's decision it rests since {day}: {reason} An administrator of the region lets it go on."
    }
    cancelled_suspended { ja: "パスが休んでいる間に時期を過ぎたため", en: "its time passed while the pathway rested" }
    cause_patient { ja: "本人の状態・意向", en: "the patient" }
    cause_family { ja: "家族の都合・意向", en: "the family" }
    cause_staff { ja: "職員の都合・判断", en: "staff" }
    cause_organisation { ja: "事業所・病院の都合", en: "an office or hospital" }
    cause_region { ja: "地域の事情", en: "the region" }
    run_active { ja: "進行中", en: "running" }
    run_rests { ja: "休止中", en: "resting" }
    run_is_faulty { ja: "要確認", en: "needs attention" }
    run_is_faulty_since(since: &str) {
        ja: "{since}に、このパスの計算が止まりました。地域の管理者に知らせました。いまの仕事は続けられます。「もう一度動かす」か「止める」を選べます。ほかのパスは動いています。",
        en: "The engine stopped on this pathway at {since}; the region's administrator sees that. The tasks below can still be done. You can try it again, or stop it. Other pathways go on."
    }
    run_stopped { ja: "中止", en: "stopped" }
    run_ended { ja: "終了", en: "ended" }
    run_rests_for_stay(since: &str) { ja: "入院中のため、{since}から休んでいます。退院を記録すると再開します。", en: "Resting since {since} for the hospital stay; goes on when the discharge is recorded." }
    run_rests_since(since: &str, reason: &str) { ja: "{since}から休んでいます。理由：{reason}", en: "Resting since {since}. Reason: {reason}" }
    run_was_stopped(reason: &str) { ja: "止めた理由：{reason}", en: "Stopped: {reason}" }
    phase_since(since: &str) { ja: "{since}から", en: "since {since}" }
    names_joint { ja: "、", en: ", " }
    proposal_says(pathway: &str, title: &str) { ja: "{pathway}：「{title}」の条件がそろいました。進めますか", en: "{pathway}: the conditions for “{title}” are met. Go ahead?" }
    proposal_raised(pathway: &str, title: &str) { ja: "{pathway}：「{title}」が提案されています。進めますか", en: "{pathway}: “{title}” was proposed. Go ahead?" }
    proposal_needs(who: &str) { ja: "決める人：{who}。", en: "Decided by {who}." }
    decided_through(writer: &str, channel: &str) { ja: "{writer}さんが{channel}で聞いて記録", en: "noted by {writer} ({channel})" }
}
