//! From a patient's opened plan to what the plan page shows: runs, tasks, asks, proposals, departures.

use std::sync::Arc;

use crate::acts::library::Library;
use crate::acts::plans;
use crate::acts::views::plan::PlanView;
use crate::concept::Concepts;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::pathway::definition::Confirm;
use crate::pathway::definition::Definition;
use crate::pathway::picture::says::who_agrees;
use crate::pathway::state::Proposal;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Variance;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::plan;
use crate::web::plan::AheadLine;
use crate::web::plan::AskLine;
use crate::web::plan::PhaseView;
use crate::web::plan::RunView;
use crate::web::plan::StartChoice;
use crate::web::plan::VarianceLine;
use crate::web::tasks::TaskForm;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

use super::fill_task::cause_word;
use super::fill_task::due_mark;
use super::fill_task::due_when;
use super::fill_task::form_title;
use super::fill_task::last_day;
use super::fill_task::past_task;
use super::fill_task::task;
use super::why;
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

pub(super) fn fresh() -> String {
    crate::kernel::id::EntryId::new().to_string()
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
                } else if run.been.iter().any(|been| **been == phase.id) {
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
    task_of(title: &str, role: &str) { ja: "{title}（{role}）", en: "{title} ({role})" }
    run_halted_since(day: &str, reason: &str) {
        ja: "{day}から、地域の決定で止まっています：{reason}　再開は地域の管理者が行います。",
        en: "By the region's decision it rests since {day}: {reason} An administrator of the region lets it go on."
    }
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
