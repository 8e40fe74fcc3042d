//! Verbs on the plan: what people do with pathways, tasks and proposals. Each tells the engine one thing;
//! its events become one entry, and the projections follow from it (`rows`). What the clock does is in
//! `clock`.

use serde_json::Value;
use serde_json::json;

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::live::News;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::pathway::PatientState;
use crate::pathway::definition::Cause;
use crate::pathway::event::Actor;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Stamped;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::event::Through;
use crate::pathway::event::What;
use crate::pathway::step;
use crate::record::payload::Payload;
use crate::record::payload::Planned;
use crate::store::log;
use crate::store::plans;
use crate::texts;

mod birth;
mod clock;
mod packed;
mod refused;
mod rows;

pub(crate) use birth::corrected;
pub(crate) use birth::with_card;
pub(crate) use clock::clock_grant;
pub use clock::tick;
pub use refused::refused;
pub(crate) use rows::Stepped;
pub(crate) use rows::each_event;
pub(crate) use rows::fold;
pub(crate) use rows::follow;
pub(crate) use rows::load;
pub(crate) use rows::open_snapshot;

/// How a decision may reach whoever writes it down.
pub const CHANNELS: [&str; 4] = ["phone", "fax", "paper", "in_person"];

/// How a decision reached its writer, in words.
pub fn channel_word(code: &str, t: Text) -> &'static str {
    match code {
        "phone" => t.channel_phone(),
        "fax" => t.channel_fax(),
        "paper" => t.channel_paper(),
        _ => t.channel_in_person(),
    }
}

/// The longest title of a task of one's own.
const TITLE_MAX: usize = 120;
/// The longest reason.
const REASON_MAX: usize = 1_000;

/// Starts a pathway on a patient.
pub fn start(act: &mut Act<'_>, id: EntryId, patient: PatientId, run: RunId, hash: &str) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    // Asked of the rows and not of this node's memory: another node may have stopped it a moment ago.
    let mark = crate::store::library::mark(act.conn, hash)?;
    if mark.is_some_and(|mark| mark.stopped || mark.suspended) && act.stands(patient.log(), id)?.is_none() {
        return Err(Error::Forbidden(Words::of(Text::version_starts_no_more)));
    }
    let told = json!({ "start": run, "pathway": hash });
    feed(act, &grant, id, told, Input::Start { run, pathway: hash.to_owned() })
}

/// Claims, releases, does or skips a task.
pub fn act_on_task(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    task: TaskId,
    what: &TaskAct,
) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    let told = match what {
        TaskAct::Claim => json!({ "claim": task }),
        TaskAct::Release => json!({ "release": task }),
        TaskAct::Done => json!({ "done": task }),
        TaskAct::Skip { cause, reason } => {
            need_reason(reason)?;
            json!({ "skip": task, "cause": cause, "reason": reason })
        }
    };
    feed(act, &grant, id, told, Input::Task(task, what.clone()))
}

/// A task opened by hand.
#[derive(Debug, Clone)]
pub struct Opening {
    /// In which run.
    pub run: RunId,
    /// The task's id, made by the client.
    pub task: TaskId,
    /// What it is.
    pub what: ByHand,
    /// By when.
    pub due: Option<Time>,
    /// Why.
    pub reason: String,
}

/// Opens a task by hand, with a reason.
pub fn open_task(act: &mut Act<'_>, id: EntryId, patient: PatientId, new: &Opening) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    need_reason(&new.reason)?;
    let what = match &new.what {
        ByHand::Listed(code) => json!(code),
        ByHand::Own { title, role } => json!({ "title": title, "role": role }),
    };
    let told =
        json!({ "open": new.task, "run": new.run, "what": what, "due": new.due, "reason": new.reason });
    let input = Input::Open {
        run: new.run,
        task: new.task,
        what: new.what.clone(),
        due: new.due.map(Time::stamp),
        reason: new.reason.trim().to_owned(),
    };
    feed(act, &grant, id, told, input)
}

/// A decision on a proposal, by the author or, through the author, by someone on the phone.
#[derive(Debug, Clone)]
pub struct Deciding {
    /// The proposal.
    pub proposal: ProposalId,
    /// Yes or no.
    pub choice: Choice,
    /// Why; needed for a no.
    pub reason: String,
    /// How the decision reached the author, when the act is on someone's behalf.
    pub channel: Option<String>,
}

/// Confirms or declines a proposal.
pub fn decide(act: &mut Act<'_>, id: EntryId, patient: PatientId, deciding: &Deciding) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    if deciding.choice == Choice::Decline {
        need_reason(&deciding.reason)?;
    }
    let through = through(act, deciding.channel.as_deref())?;
    let reason = Some(deciding.reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    let told = json!({ "decide": deciding.proposal, "choice": deciding.choice, "reason": reason });
    let input = Input::Decide { proposal: deciding.proposal, choice: deciding.choice, reason, through };
    feed(act, &grant, id, told, input)
}

/// Raises a way out of the phase by hand.
pub fn raise(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    run: RunId,
    to: &str,
    reason: &str,
) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    need_reason(reason)?;
    let told = json!({ "raise": to, "run": run, "reason": reason });
    let input = Input::Raise { run, to: to.to_owned(), reason: reason.trim().to_owned(), through: None };
    feed(act, &grant, id, told, input)
}

/// What a person does with a whole run.
#[derive(Debug, Clone)]
pub enum RunAct {
    /// Lets it rest.
    Suspend(String),
    /// Lets it go on.
    Resume,
    /// Ends it for good.
    Stop(String),
}

/// Suspends, resumes or stops a run.
pub fn act_on_run(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    run: RunId,
    what: &RunAct,
) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    let (told, input) = match what {
        RunAct::Suspend(reason) => {
            need_reason(reason)?;
            (json!({ "suspend": run, "reason": reason }), Input::Suspend(run, reason.trim().to_owned()))
        }
        RunAct::Resume => (json!({ "resume": run }), Input::Resume(run)),
        RunAct::Stop(reason) => {
            need_reason(reason)?;
            (json!({ "stop": run, "reason": reason }), Input::Stop(run, reason.trim().to_owned()))
        }
    };
    feed(act, &grant, id, told, input)
}

/// Answers what a pathway asked.
pub fn answer(act: &mut Act<'_>, id: EntryId, patient: PatientId, ask: AskId) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    feed(act, &grant, id, json!({ "answered": ask }), Input::Answered(ask))
}

/// Gives the reason of a departure from a pathway.
pub fn explain(
    act: &mut Act<'_>,
    id: EntryId,
    patient: PatientId,
    variance: VarianceId,
    cause: Cause,
    text: &str,
) -> Result<()> {
    let grant = act.grant(patient, Need::Plan)?;
    need_reason(text)?;
    let told = json!({ "explain": variance, "cause": cause, "text": text });
    feed(act, &grant, id, told, Input::Explain { variance, cause, text: text.trim().to_owned() })
}

/// Tells the engine facts; their entry is the one that states them.
pub(crate) fn tell_facts(act: &mut Act<'_>, grant: &Grant, id: EntryId, facts: Vec<Stated>) -> Result<()> {
    let told: Vec<Value> =
        facts.iter().map(|fact| json!({ "concept": fact.concept, "value": fact.value })).collect();
    feed(act, grant, id, json!({ "facts": told }), Input::Facts(facts))
}

/// A task's own title, as a person writes it.
pub fn own_title(title: &str) -> Result<Words> {
    let title = title.trim().to_owned();
    if title.is_empty() {
        return Err(Error::invalid("title", Words::of(Text::task_title_is_empty)));
    }
    if title.chars().count() > TITLE_MAX {
        return Err(Error::invalid("title", Words::of(|t| t.line_is_long(TITLE_MAX))));
    }
    Ok(Words::new(title.clone(), title))
}

/// Skipping, with all that it lacks said at once: the coded cause and the reason in words.
pub fn skipping(cause: Option<Cause>, reason: &str) -> Result<TaskAct> {
    let reason = reason.trim().to_owned();
    let mut flaws = Vec::new();
    if cause.is_none() {
        flaws.push(Flaw { field: "cause".to_owned(), says: Words::of(Text::cause_is_empty) });
    }
    if reason.is_empty() {
        flaws.push(Flaw { field: "reason".to_owned(), says: Words::of(Text::reason_is_empty) });
    }
    match cause {
        Some(cause) if flaws.is_empty() => Ok(TaskAct::Skip { cause, reason }),
        _ => Err(Error::Invalid(flaws)),
    }
}

pub(crate) fn need_reason(reason: &str) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", Words::of(Text::reason_is_empty)));
    }
    if reason.chars().count() > REASON_MAX {
        return Err(Error::invalid("reason", Words::of(|t| t.line_is_long(REASON_MAX))));
    }
    Ok(())
}

fn through(act: &Act<'_>, channel: Option<&str>) -> Result<Option<Through>> {
    match (act.who.behalf, channel) {
        (None, _) => Ok(None),
        (Some(_), None) => Err(Error::invalid("channel", Words::of(Text::channel_is_empty))),
        (Some(_), Some(channel)) if !CHANNELS.contains(&channel) => {
            Err(Error::invalid("channel", Words::of(Text::channel_is_empty)))
        }
        (Some(_), Some(channel)) => {
            Ok(Some(Through { person: act.who.need_person()?, channel: channel.to_owned() }))
        }
    }
}

/// Tells the engine one thing and keeps what follows.
pub(crate) fn feed(act: &mut Act<'_>, grant: &Grant, id: EntryId, told: Value, input: Input) -> Result<()> {
    if let Some(before) = log::by_id(act.conn, grant.patient().log(), id)? {
        return same_again(act, grant, &before, &told);
    }
    let before = load(act, grant)?;
    let library = act.library();
    let (at, by) = (act.now.stamp(), actor(act, grant)?);
    let mut state = before.clone();
    let mut following = Vec::new();
    if let Some(birth) = birth::untold(act, grant, &state, &input)? {
        let stamped = Stamped { at, by: None, input: Input::Facts(vec![birth]) };
        following = step(&library.pathways, &state, &stamped).map_err(refused)?;
        following.iter().for_each(|event| state.apply(event));
    }
    following.extend(step(&library.pathways, &state, &Stamped { at, by, input }).map_err(refused)?);
    keep(act, grant, id, told, &Stepped::of(&library.pathways, before, &following), &following)
}

/// Keeps what followed: the events as one entry, from which the projections follow.
fn keep(
    act: &mut Act<'_>,
    grant: &Grant,
    id: EntryId,
    told: Value,
    stepped: &Stepped,
    events: &[Event],
) -> Result<()> {
    if events.is_empty() {
        // Nothing happened, but a timer that came for nothing must not come again at once.
        return plans::set_timer(act.conn, grant, stepped.next);
    }
    alarm(&stepped.before, events);
    let planned = Planned { told, events: events.iter().map(value).collect::<Result<_>>()? };
    let seq = act.append_planned(grant, id, planned, stepped)?.seq();
    act.tell(News::Record(grant.patient(), seq));
    Ok(())
}

/// Whoever runs the house hears of a run that the engine could not go on with; of whom it is, nothing.
fn alarm(state: &PatientState, events: &[Event]) {
    for event in events {
        let What::RunFaulted { run } = event.what else { continue };
        let hash = state.runs.get(&run).map(|run| run.hash.as_str());
        tracing::error!(%run, hash, "a run needs attention: the engine could not go on with it");
    }
}

fn same_again(act: &mut Act<'_>, grant: &Grant, before: &log::Row, told: &Value) -> Result<()> {
    let same_author = before.author == act.who.author.person() && before.source == act.who.author.source();
    match crate::acts::open(&act.key(grant)?, before)? {
        Payload::Planned(first) if same_author && first.told == *told => Ok(()),
        _ => Err(Error::Conflict),
    }
}

/// In whose name the engine hears it: the author's, or the one's on whose behalf the author writes.
fn actor(act: &mut Act<'_>, grant: &Grant) -> Result<Option<Actor>> {
    if let Some(person) = act.who.behalf {
        // Whoever could not do it in person cannot have it done on the phone.
        let facts = crate::store::patients::facts(act.conn, grant.patient(), Some(person))?;
        let other = access::judge(&facts, Need::Plan, act.now)
            .map_err(|_| Error::invalid("behalf", Words::of(Text::behalf_is_not_in_team)))?;
        return Ok(other.profession().map(|profession| Actor { person, profession }));
    }
    Ok(grant.person().zip(grant.profession()).map(|(person, profession)| Actor { person, profession }))
}

fn value(event: &Event) -> Result<Value> {
    serde_json::to_value(event).map_err(|_| Error::fault("an event cannot be written"))
}

texts! {
    channel_phone { ja: "電話", en: "phone" }
    channel_fax { ja: "FAX", en: "FAX" }
    channel_paper { ja: "書面", en: "paper" }
    channel_in_person { ja: "対面", en: "in person" }
    reason_is_empty { ja: "理由を書いてください。", en: "Please write a reason." }
    cause_is_empty { ja: "主な理由を選んでください。", en: "Please choose the main cause." }
    task_title_is_empty { ja: "何をするかを書いてください。", en: "Please say what is to be done." }
    channel_is_empty { ja: "電話・FAXなど、どうやって聞いたかを選んでください。", en: "Please choose how you heard: phone, FAX …" }
    version_starts_no_more {
        ja: "この版のパスは、地域の決定で、新しく始められません。",
        en: "By the region's decision, this version of the pathway is started no more."
    }
    behalf_is_not_in_team {
        ja: "その人は、このチームでこの決定ができません。",
        en: "That person cannot decide this in this team."
    }
}
