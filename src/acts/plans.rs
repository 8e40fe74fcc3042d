//! Verbs on the plan: what people do with pathways, tasks and proposals, and what the clock does. Each
//! tells the engine one thing; its events become one entry, and the projections follow from the state.

use serde_json::Value;
use serde_json::json;

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::live::News;
use crate::acts::projection::Means;
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
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::pathway::PatientState;
use crate::pathway::definition::Cause;
use crate::pathway::event::Actor;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Refusal;
use crate::pathway::event::Stamped;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::event::Through;
use crate::pathway::state::Run;
use crate::pathway::state::VERSION;
use crate::pathway::step;
use crate::record::Audience;
use crate::record::Author;
use crate::record::payload::Payload;
use crate::record::payload::Planned;
use crate::store::Conn;
use crate::store::log;
use crate::store::plans;
use crate::store::thread;
use crate::texts;

/// How often the clock may be asked to catch up within one act before the rest waits for the next tick.
const CATCH_UP_MAX: usize = 64;
/// How many patients one round of the clock takes.
const ROUND: i64 = 64;
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
    let mut state = load(act, grant)?;
    let library = act.library();
    let stamped = Stamped { at: act.now.stamp(), by: actor(act, grant)?, input };
    let following = step(&library.pathways, &state, &stamped).map_err(refused)?;
    following.iter().for_each(|event| state.apply(event));
    keep(act, grant, id, told, &state, &following)
}

/// Lets a patient's due timers fire, a bounded part at a time: the clock's own act. After a long outage
/// each round goes on where the last one stopped.
pub fn tick(act: &mut Act<'_>, id: EntryId, patient: PatientId) -> Result<()> {
    let grant = clock_grant(act, patient)?;
    let mut state = load(act, &grant)?;
    let library = act.library();
    let mut events = Vec::new();
    for _ in 0..CATCH_UP_MAX {
        let Some(instant) = state.next_instant(&library.pathways) else { break };
        if instant > act.now.stamp() {
            break;
        }
        let stamped = Stamped { at: instant, by: None, input: Input::Time };
        let following = step(&library.pathways, &state, &stamped).map_err(refused)?;
        following.iter().for_each(|event| state.apply(event));
        events.extend(following);
    }
    keep(act, &grant, id, json!("tick"), &state, &events)
}

/// Keeps what followed: the events as one entry, from which the projections follow.
fn keep(
    act: &mut Act<'_>,
    grant: &Grant,
    id: EntryId,
    told: Value,
    state: &PatientState,
    events: &[Event],
) -> Result<()> {
    if events.is_empty() {
        // Nothing happened, but a timer that came for nothing must not come again at once.
        let next = state.next_instant(&act.library().pathways).map(Time::from);
        return plans::set_timer(act.conn, grant, next);
    }
    let planned = Planned { told, events: events.iter().map(value).collect::<Result<_>>()? };
    let seq = act.append(grant, id, Audience::Staff, planned)?.seq();
    act.tell(News::Record(grant.patient(), seq));
    Ok(())
}

/// Follows a plan entry: folds its events into the snapshot and brings the rows to the new state.
pub(crate) fn follow(
    conn: &mut Conn,
    means: &Means<'_>,
    grant: &Grant,
    seq: i64,
    planned: &Planned,
) -> Result<()> {
    let before = match plans::plan(conn, grant)? {
        None => PatientState::default(),
        Some(row) => match open_snapshot(means.key, grant.patient(), &row.sealed)? {
            Some(state) => state,
            None => fold(conn, means.key, grant.patient(), seq)?,
        },
    };
    let mut after = before.clone();
    for event in &planned.events {
        after.apply(&read_event(event)?);
    }
    project(conn, grant, &before, &after, seq)?;
    let plain = serde_json::to_vec(&after).map_err(|_| Error::fault("a plan cannot be written"))?;
    let sealed = means.key.seal(&about(grant.patient()), &plain)?;
    plans::set_plan(conn, grant, &plans::Plan { patient: grant.patient(), seq, trouble: false, sealed })?;
    plans::set_timer(conn, grant, after.next_instant(&means.library.pathways).map(Time::from))
}

fn read_event(event: &Value) -> Result<Event> {
    serde_json::from_value(event.clone()).map_err(|_| Error::fault("a plan event has another shape"))
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

/// The state of a patient's plan: the snapshot, or the fold of all events when there is none that fits.
pub(crate) fn load(act: &mut Act<'_>, grant: &Grant) -> Result<PatientState> {
    let key = act.key(grant)?;
    let Some(row) = plans::plan(act.conn, grant)? else { return Ok(PatientState::default()) };
    let state = match open_snapshot(&key, grant.patient(), &row.sealed)? {
        Some(state) => state,
        None => fold(act.conn, &key, grant.patient(), i64::MAX)?,
    };
    // Another node published a version a moment ago, and this one has not read it yet: going on without it
    // would lose its timers.
    let library = act.library();
    let unread = |run: &Run| !run.is_over() && library.pathways.get(&run.hash).is_none();
    if state.runs.values().any(unread) { Err(Error::Busy) } else { Ok(state) }
}

/// Opens a snapshot; `None` when it was kept in another shape.
pub(crate) fn open_snapshot(key: &Key, patient: PatientId, sealed: &[u8]) -> Result<Option<PatientState>> {
    let plain = key.open(&about(patient), sealed)?;
    Ok(serde_json::from_slice::<PatientState>(&plain).ok().filter(|state| state.version == VERSION))
}

/// The fold of a record's plan events before an entry: what the snapshot is a cache of.
pub(crate) fn fold(conn: &mut Conn, key: &Key, patient: PatientId, before: i64) -> Result<PatientState> {
    let mut state = PatientState::default();
    each_event(conn, key, patient, before, &mut |event| state.apply(event))?;
    Ok(state)
}

/// Reads out everything that happened on a patient's pathways before an entry, the earliest first.
pub(crate) fn each_event(
    conn: &mut Conn,
    key: &Key,
    patient: PatientId,
    before: i64,
    note: &mut dyn FnMut(&Event),
) -> Result<()> {
    for row in log::of_kinds_after(conn, patient.log(), &["plan"], 0)? {
        if row.seq >= before || row.sealed.is_none() {
            continue;
        }
        let Payload::Planned(planned) = crate::acts::open(key, &row)? else { continue };
        for event in &planned.events {
            note(&read_event(event)?);
        }
    }
    Ok(())
}

fn about(patient: PatientId) -> Vec<u8> {
    [b"renkei/plan/1 ".as_slice(), patient.0.as_bytes()].concat()
}

/// Brings the rows of runs, tasks, proposals and asks to the new state; only what differs is written.
fn project(conn: &mut Conn, grant: &Grant, old: &PatientState, new: &PatientState, seq: i64) -> Result<()> {
    for run in new.runs.values().filter(|run| old.runs.get(&run.id) != Some(run)) {
        plans::set_run(conn, grant, &run_row(grant, run, seq))?;
    }
    for task in new.tasks.values() {
        let row = task_row(grant, new, task, seq);
        let was = old.tasks.get(&task.id).map(|before| task_row(grant, old, before, seq));
        if was.as_ref() != Some(&row) {
            plans::set_task(conn, grant, &row)?;
        }
    }
    for proposal in
        new.proposals.values().filter(|proposal| old.proposals.get(&proposal.id) != Some(proposal))
    {
        plans::set_proposal(conn, grant, &proposal_row(grant, proposal, seq))?;
    }
    for ask in new.asks.values() {
        match old.asks.get(&ask.id) {
            None => thread::add_ask(conn, grant, &ask_row(grant, ask, seq))?,
            Some(before) if before.answered != ask.answered => {
                thread::set_ask(conn, grant, ask.id, ask_state(ask))?;
            }
            Some(_) => {}
        }
    }
    Ok(())
}

fn run_row(grant: &Grant, run: &Run, seq: i64) -> plans::Run {
    plans::Run {
        id: run.id,
        patient: grant.patient(),
        pathway: run.pathway.clone(),
        hash: run.hash.clone(),
        phase: run.phase.clone(),
        state: run.code().to_owned(),
        seq,
    }
}

fn task_row(
    grant: &Grant,
    state: &PatientState,
    task: &crate::pathway::state::Task,
    seq: i64,
) -> plans::Task {
    let rests = task.is_open() && state.is_resting(task);
    plans::Task {
        id: task.id,
        patient: grant.patient(),
        run: task.run,
        code: task.code.clone().unwrap_or_default(),
        role: task.role.code().to_owned(),
        state: if rests { "resting" } else { task.state() }.to_owned(),
        form: task.form.clone(),
        from_at: Some(task.opened.into()),
        due_at: task.due.map(Time::from),
        late_at: task.late.map(Time::from),
        holder: task.claimed_by,
        seq,
    }
}

fn proposal_row(grant: &Grant, proposal: &crate::pathway::state::Proposal, seq: i64) -> plans::Proposal {
    plans::Proposal {
        id: proposal.id,
        patient: grant.patient(),
        run: proposal.run,
        to_phase: proposal.to.clone(),
        state: if proposal.is_open() { "open" } else { "ended" }.to_owned(),
        due_at: proposal.due.map(Time::from),
        seq,
    }
}

fn ask_row(grant: &Grant, ask: &crate::pathway::state::Ask, seq: i64) -> thread::Ask {
    thread::Ask {
        id: ask.id,
        patient: grant.patient(),
        seq,
        author: None,
        to_person: None,
        to_profession: Some(ask.role.code().to_owned()),
        due_at: ask.due.map(Time::from),
        state: ask_state(ask).to_owned(),
        made_at: ask.opened.into(),
    }
}

fn ask_state(ask: &crate::pathway::state::Ask) -> &'static str {
    match ask.answered {
        None => "open",
        Some(true) => "answered",
        Some(false) => "ended",
    }
}

/// Why the engine will not: as an error that the person can act on.
/// What the engine refuses, in words for whoever asked.
pub fn refused(refusal: Refusal) -> Error {
    match refusal {
        Refusal::Unknown | Refusal::NoPathway(_) => Error::Missing,
        Refusal::Over | Refusal::Decided => Error::Stale,
        Refusal::NotYours => Error::Forbidden(Words::of(Text::task_is_anothers)),
        Refusal::Taken => Error::Forbidden(Words::of(Text::task_is_taken)),
        Refusal::NoOne => Error::Forbidden(Words::of(Text::person_must_do_this)),
        Refusal::NoReason => Error::invalid("reason", Words::of(Text::reason_is_empty)),
        Refusal::NeedsForm(_) => Error::Forbidden(Words::of(Text::form_does_this)),
        Refusal::Halted => Error::Forbidden(Words::of(Text::version_rests)),
        Refusal::Running => Error::Forbidden(Words::of(Text::pathway_runs_already)),
        Refusal::Stay => Error::Forbidden(Words::of(Text::stay_does_not_fit)),
        Refusal::NotYet(facts) => not_yet(&facts),
        Refusal::BadFact(concept, says) => Error::Invalid(vec![Flaw { field: concept, says }]),
        Refusal::Behind => Error::Busy,
        Refusal::Unsettled(what) => Error::fault(format!("a pathway finds no rest: {what}")),
    }
}

fn not_yet(facts: &[String]) -> Error {
    let concepts = crate::concept::Concepts::shipped();
    let name = |lang| {
        let names: Vec<String> = facts
            .iter()
            .map(|code| {
                concepts.get(code).map_or_else(|| code.clone(), |concept| concept.title.say(lang).to_owned())
            })
            .collect();
        names.join(if lang == crate::kernel::lang::Lang::Ja { "、" } else { ", " })
    };
    Error::invalid("pathway", Words::of(|t| t.facts_are_missing(&name(t.0))))
}

/// The house's own right to let the consequences of an act happen.
pub(crate) fn clock_grant(act: &mut Act<'_>, patient: PatientId) -> Result<Grant> {
    let facts = crate::store::patients::facts(act.conn, patient, None)?;
    access::judge(&facts, Need::Tick, act.now)
}

impl House {
    /// One round of the clock: every patient whose timer is due. A plan that the engine cannot go on with
    /// is marked and alarmed; it stops no other. Returns how many ticked.
    pub async fn tick_due(&self) -> Result<usize> {
        let due = self.read(|reading| plans::due(reading.conn, reading.now, ROUND)).await?;
        let mut ticked = 0;
        for patient in due {
            let id = EntryId::new();
            let done = self
                .perform(Who::other(Author::Clock), vec![patient.log()], move |act| tick(act, id, patient))
                .await;
            match done {
                Ok(()) => ticked += 1,
                Err(Error::Busy | Error::Full | Error::Unknown | Error::Missing) => {}
                Err(cause) => {
                    tracing::error!(patient = %patient, %cause, "a plan needs attention: the engine stopped on it");
                    self.perform(Who::other(Author::Clock), vec![patient.log()], move |act| {
                        let grant = clock_grant(act, patient)?;
                        plans::trouble(act.conn, &grant)
                    })
                    .await?;
                }
            }
        }
        Ok(ticked)
    }
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
    behalf_is_not_in_team {
        ja: "その人は、このチームでこの決定ができません。",
        en: "That person cannot decide this in this team."
    }
    task_is_anothers {
        ja: "この仕事は、ほかの職種が行うことになっています。",
        en: "This task belongs to another profession."
    }
    task_is_taken {
        ja: "この仕事は、ほかの人が引き受けています。",
        en: "Someone else has taken this task on."
    }
    person_must_do_this { ja: "これは人が行う必要があります。", en: "A person must do this." }
    form_does_this {
        ja: "この仕事は書類で行います。書類を開いて記入してください。",
        en: "This task is done by its form. Please open and fill it."
    }
    version_starts_no_more {
        ja: "この版のパスは、地域の決定で、新しく始められません。",
        en: "By the region's decision, this version of the pathway is started no more."
    }
    version_rests {
        ja: "この版のパスは、地域の決定で止めています。再開は地域の管理者が行います。",
        en: "By the region's decision, this version of the pathway rests. An administrator of the region lets it go on."
    }
    pathway_runs_already { ja: "このパスはすでに動いています。", en: "This pathway is already running." }
    stay_does_not_fit {
        ja: "入院の記録と合いません。いまの入院の状態を確かめてください。",
        en: "This does not fit the hospital stay on record. Please check it."
    }
    facts_are_missing(names: &str) {
        ja: "始めるには、先に次のことを記録してください：{names}",
        en: "Before it can start, please record: {names}"
    }
}
