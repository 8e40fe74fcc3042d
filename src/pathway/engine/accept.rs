//! Inputs: who may tell the engine what, and what that does at once. What follows from it is left to
//! the rounds that come after.

use std::sync::Arc;

use jiff::Timestamp;

use super::Departure;
use super::SKIPPED;
use super::Work;
use super::exits;
use super::phases;
use super::tasks;
use super::tasks::Comes;
use crate::expr::Value;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::time::Time;
use crate::pathway::ahead::lacking;
use crate::pathway::definition::Cause;
use crate::pathway::event::Actor;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::Closing;
use crate::pathway::event::Input;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::Refusal;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::event::Through;
use crate::pathway::event::What;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;

type Accepted = Result<(), Refusal>;

pub(super) fn accept(work: &mut Work<'_>, input: &Input) -> Accepted {
    match input {
        Input::Start { run, pathway } => start(work, *run, pathway),
        Input::Facts(stated) => stated.iter().try_for_each(|stated| state_fact(work, stated)),
        Input::Withdrawn(entry) => withdraw(work, *entry),
        Input::Task(task, act) => act_on_task(work, *task, act),
        Input::Open { run, task, what, due, reason } => open(work, *run, *task, what, *due, reason),
        Input::Decide { proposal, choice, reason, through } => {
            decide(work, *proposal, *choice, reason.as_ref(), through.as_ref())
        }
        Input::Raise { run, to, reason, through } => raise(work, *run, to, reason, through.as_ref()),
        Input::Suspend(run, reason) => suspend(work, *run, reason),
        Input::Resume(run) => resume(work, *run),
        Input::Stop(run, reason) => stop(work, *run, reason),
        Input::Halt { hash, reason } => {
            phases::halt(work, hash, reason);
            Ok(())
        }
        Input::Release(hash) => {
            phases::release(work, hash);
            Ok(())
        }
        Input::Admitted { stay, on } => admit(work, *stay, *on),
        Input::Discharged { stay, on } => discharge(work, *stay, *on),
        Input::Form { form, letter, state, fulfils, task, spent, facts } => {
            // A form does its work once: told again, or moved on, it must not close the next time of a task.
            if !spent && work.state.closed.iter().all(|past| past.form() != Some(*letter)) {
                move_form(work, form, *letter, state, *fulfils, *task);
            }
            facts.iter().try_for_each(|stated| state_fact(work, stated))
        }
        Input::HandOver { from, to } => {
            hand_over(work, *from, *to);
            Ok(())
        }
        Input::Answered(ask) => {
            let known = work.state.asks.get(ask).ok_or(Refusal::Unknown)?;
            if known.answered.is_some() {
                return Err(Refusal::Over);
            }
            work.emit_by(What::AskClosed { ask: *ask, answered: true });
            Ok(())
        }
        Input::Explain { variance, cause, text } => {
            let text = stated_reason(text)?;
            work.state.variance(*variance).ok_or(Refusal::Unknown)?;
            someone(work)?;
            work.emit_by(What::VarianceExplained { variance: *variance, cause: *cause, text });
            Ok(())
        }
        Input::Time => Ok(()),
    }
}

fn start(work: &mut Work<'_>, run: RunId, hash: &str) -> Accepted {
    if let Some(known) = work.state.runs.get(&run) {
        return if known.hash == hash { Ok(()) } else { Err(Refusal::Running) };
    }
    let pathway = work.library.get(hash).cloned().ok_or_else(|| Refusal::NoPathway(hash.to_owned()))?;
    let definition = &pathway.definition;
    let actor = someone(work)?;
    if !definition.start.by.contains(&actor.profession) {
        return Err(Refusal::NotYours);
    }
    if work.state.runs.values().any(|run| run.pathway == definition.id && !run.is_over()) {
        return Err(Refusal::Running);
    }
    if let Some(lacking) = lacking(&work.state, definition, work.now) {
        return Err(Refusal::NotYet(lacking));
    }
    phases::begin(work, run, &pathway, None);
    Ok(())
}

/// A fact that was stated before by the same entry is no news.
fn state_fact(work: &mut Work<'_>, stated: &Stated) -> Accepted {
    let concept = work.library.concepts.get(&stated.concept);
    let concept = concept.ok_or_else(|| {
        let says = crate::kernel::lang::Words::of(|t| t.fact_without_concept());
        Refusal::BadFact(stated.concept.clone(), says)
    })?;
    let value =
        concept.value(&stated.value).map_err(|says| Refusal::BadFact(stated.concept.clone(), says))?;
    let of = stated.at.unwrap_or(work.now).min(work.now);
    record(work, &stated.concept, value, of, stated.entry);
    Ok(())
}

fn record(work: &mut Work<'_>, concept: &str, value: Value, of: Timestamp, entry: Option<EntryId>) {
    let facts = work.state.facts.get(concept).into_iter().flat_map(|facts| facts.iter());
    let mut same = facts.filter(|fact| fact.value == value && fact.origin.entry == entry);
    let known = same.any(|fact| entry.is_some() || fact.origin.at == of);
    if !known {
        work.emit_by(What::FactStated { concept: concept.to_owned(), value, of, entry });
    }
}

fn withdraw(work: &mut Work<'_>, entry: EntryId) -> Accepted {
    let stands = work.state.all_facts().any(|fact| fact.origin.entry == Some(entry));
    if stands {
        work.emit_by(What::FactsWithdrawn { entry });
    }
    Ok(())
}

fn act_on_task(work: &mut Work<'_>, id: TaskId, act: &TaskAct) -> Accepted {
    let actor = someone(work)?;
    let Some(task) = work.state.tasks.get(&id).cloned() else {
        return Err(if work.state.past(id).is_some() { Refusal::Over } else { Refusal::Unknown });
    };
    let may_skip =
        task.skip.contains(&actor.profession) || (task.skip.is_empty() && task.is_for(actor.profession));
    let may = if matches!(act, TaskAct::Skip { .. }) { may_skip } else { task.is_for(actor.profession) };
    if !may {
        return Err(Refusal::NotYours);
    }
    match act {
        TaskAct::Claim => match task.claimed_by {
            Some(person) if person == actor.person => Ok(()),
            Some(_) => Err(Refusal::Taken),
            None => {
                work.emit_by(What::TaskClaimed { task: id });
                Ok(())
            }
        },
        TaskAct::Release => {
            if task.claimed_by.is_some() {
                work.emit_by(What::TaskReleased { task: id });
            }
            Ok(())
        }
        TaskAct::Done => {
            // What is done together is done as the one that stands for both.
            let stands = task.with.and_then(|with| work.state.tasks.get(&with)).cloned();
            done(work, stands.as_ref().unwrap_or(&task), actor)
        }
        TaskAct::Skip { cause, reason } => skip(work, &task, *cause, reason),
    }
}

fn hand_over(work: &mut Work<'_>, from: PersonId, to: Option<Actor>) {
    let held = work.state.tasks.values().filter(|task| task.claimed_by == Some(from));
    let held: Vec<(TaskId, Option<Actor>)> =
        held.map(|task| (task.id, to.filter(|to| task.is_for(to.profession)))).collect();
    for (task, to) in held {
        work.emit_by(match to {
            Some(to) => What::TaskGiven { task, to: to.person },
            None => What::TaskReleased { task },
        });
    }
}

fn done(work: &mut Work<'_>, task: &Task, actor: Actor) -> Accepted {
    if let Some(form) = &task.form {
        return Err(Refusal::NeedsForm(form.clone()));
    }
    if task.signed.contains(&actor.person) {
        return Err(Refusal::Decided);
    }
    if task.signed.len() + 1 < task.sign_off {
        work.emit_by(What::TaskSigned { task: task.id });
    } else {
        tasks::close(work, task.id, Closing::Done { letter: None, with: None }, true);
    }
    Ok(())
}

/// Deciding not to do a task is a departure, with the reason that was given.
fn skip(work: &mut Work<'_>, task: &Task, cause: Cause, reason: &str) -> Accepted {
    let reason = stated_reason(reason)?;
    if let Some(pathway) = work.pathway(task.run) {
        let departure = Departure {
            about: task.code.clone(),
            task: Some(task.id),
            key: task.key.clone(),
            cause: Some(cause),
            reason: Some(reason.clone()),
        };
        work.vary(task.run, &pathway.definition, SKIPPED, departure);
    }
    tasks::close(work, task.id, Closing::Skipped { cause, reason }, true);
    Ok(())
}

fn open(
    work: &mut Work<'_>,
    run: RunId,
    id: TaskId,
    what: &ByHand,
    due: Option<Timestamp>,
    reason: &str,
) -> Accepted {
    if work.state.tasks.contains_key(&id) || work.state.past(id).is_some() {
        return Ok(());
    }
    let actor = someone(work)?;
    let reason = Reason::Person { reason: stated_reason(reason)? };
    going(work, run)?;
    let pathway = work.pathway(run).ok_or(Refusal::Unknown)?;
    match what {
        ByHand::Listed(code) => {
            let (_, task) = pathway.definition.task(code).ok_or(Refusal::Unknown)?;
            if !task.by_hand.contains(&actor.profession) {
                return Err(Refusal::NotYours);
            }
            // Whoever names no day means today: it is not late the moment that it comes up.
            let due = due.unwrap_or_else(|| Time::from(work.now).end_of_day().stamp());
            let comes = Comes { key: id.to_string(), due, late: None, why: reason };
            let by = work.by;
            tasks::come_up(work, run, &pathway.definition, task, comes);
            work.by = by;
        }
        ByHand::Own { title, role } => {
            let task = Task {
                id,
                run,
                code: None,
                title: title.clone(),
                role: *role,
                substitute: Vec::new(),
                skip: vec![*role, actor.profession],
                form: None,
                closed_by: Vec::new(),
                key: id.to_string(),
                opened: work.now,
                due,
                late: None,
                clock: None,
                clock_of: None,
                urgent: false,
                stays: true,
                merge: None,
                with: None,
                sign_off: 1,
                signed: Vec::new(),
                claimed_by: None,
                escalated: 0,
                noted: false,
                why: reason,
            };
            work.emit_by(What::TaskOpened(Arc::new(task)));
        }
    }
    Ok(())
}

fn decide(
    work: &mut Work<'_>,
    id: ProposalId,
    choice: Choice,
    reason: Option<&String>,
    through: Option<&Through>,
) -> Accepted {
    let actor = someone(work)?;
    let proposal = work.state.proposals.get(&id).ok_or(Refusal::Unknown)?.clone();
    if !proposal.is_open() {
        return Err(Refusal::Over);
    }
    if !proposal.confirm.by.contains(&actor.profession) {
        return Err(Refusal::NotYours);
    }
    if proposal.decisions.iter().any(|decision| decision.by.person == actor.person) {
        return Err(Refusal::Decided);
    }
    let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
    if choice == Choice::Decline && reason.is_none() {
        return Err(Refusal::NoReason);
    }
    let pathway = work.pathway(proposal.run).ok_or(Refusal::Unknown)?;
    let run = going(work, proposal.run)?;
    let phase = pathway.definition.phase(&run.phase).ok_or(Refusal::Unknown)?;
    let exit = phase.leave.iter().find(|exit| exit.to == proposal.to).ok_or(Refusal::Unknown)?;
    let pins = exits::pins(&work.state, run, &pathway.definition, exit);
    work.emit_by(What::Decided { proposal: id, choice, reason, through: through.cloned(), pins });
    if choice == Choice::Decline {
        work.emit_by(What::ProposalClosed { proposal: id, how: ProposalEnd::Declined });
    }
    Ok(())
}

/// A person wants to leave the phase without waiting for a condition: others may still have to agree.
fn raise(work: &mut Work<'_>, run: RunId, to: &str, reason: &str, through: Option<&Through>) -> Accepted {
    let actor = someone(work)?;
    let reason = stated_reason(reason)?;
    let pathway = work.pathway(run).ok_or(Refusal::Unknown)?;
    let definition = &pathway.definition;
    let known = going(work, run)?;
    let phase = definition.phase(&known.phase).ok_or(Refusal::Unknown)?;
    let exit = phase.leave.iter().find(|exit| exit.to == to).ok_or(Refusal::Unknown)?;
    if !exit.choose.contains(&actor.profession) {
        return Err(Refusal::NotYours);
    }
    if exit.confirm.is_none() {
        exits::leave(work, run, definition, exit, Reason::Person { reason });
        return Ok(());
    }
    if exits::open(&work.state, run, to).is_none() {
        exits::put(work, run, definition, exit, Reason::Person { reason: reason.clone() });
    }
    let open = exits::open(&work.state, run, to).map(|proposal| (proposal.id, proposal.confirm.by.clone()));
    match open {
        Some((id, by)) if by.contains(&actor.profession) => {
            decide(work, id, Choice::Confirm, Some(&reason), through)
        }
        _ => Ok(()),
    }
}

fn suspend(work: &mut Work<'_>, run: RunId, reason: &str) -> Accepted {
    someone(work)?;
    let reason = stated_reason(reason)?;
    going(work, run)?;
    work.emit_by(What::RunSuspended { run, stay: None, reason: Some(reason) });
    Ok(())
}

/// A run that goes on; otherwise why it does not.
fn going<'w>(work: &'w Work<'_>, run: RunId) -> Result<&'w Run, Refusal> {
    let known = work.state.runs.get(&run).ok_or(Refusal::Unknown)?;
    match known.status {
        Status::Active => Ok(known),
        Status::Faulty { .. } => Err(Refusal::Faulty),
        _ => Err(Refusal::Over),
    }
}

fn resume(work: &mut Work<'_>, run: RunId) -> Accepted {
    someone(work)?;
    let known = work.state.runs.get(&run).ok_or(Refusal::Unknown)?;
    match known.status {
        Status::Active => Ok(()),
        Status::Suspended { .. } | Status::Faulty { .. } if known.halted.is_some() => Err(Refusal::Halted),
        Status::Suspended { .. } | Status::Faulty { .. } => {
            phases::resume(work, run);
            Ok(())
        }
        _ => Err(Refusal::Over),
    }
}

fn stop(work: &mut Work<'_>, run: RunId, reason: &str) -> Accepted {
    someone(work)?;
    let reason = stated_reason(reason)?;
    let known = work.state.runs.get(&run).ok_or(Refusal::Unknown)?;
    if known.is_over() {
        return Err(Refusal::Over);
    }
    phases::stop(work, run, &reason);
    Ok(())
}

fn admit(work: &mut Work<'_>, stay: EntryId, on: Option<jiff::civil::Date>) -> Accepted {
    match work.state.stay {
        Some(known) if known == stay => return Ok(()),
        Some(_) => return Err(Refusal::Stay),
        None => {}
    }
    let day = on.unwrap_or_else(|| Time::from(work.now).day());
    record(work, "stay.admitted_on", Value::Date(day), work.now, Some(stay));
    phases::admit(work, stay);
    Ok(())
}

fn discharge(work: &mut Work<'_>, stay: EntryId, on: Option<jiff::civil::Date>) -> Accepted {
    if work.state.stay != Some(stay) {
        return Err(Refusal::Stay);
    }
    let day = on.unwrap_or_else(|| Time::from(work.now).day());
    record(work, "stay.discharged_on", Value::Date(day), work.now, Some(stay));
    phases::discharge(work, stay);
    Ok(())
}

/// A form reached a state: the task it was opened from, or else every task that waits for such a form,
/// is done.
fn move_form(
    work: &mut Work<'_>,
    form: &str,
    letter: LetterId,
    state: &str,
    fulfils: bool,
    from: Option<TaskId>,
) {
    let closes = |task: &Task| {
        if task.closed_by.is_empty() { fulfils } else { task.closed_by.iter().any(|known| known == state) }
    };
    let waiting = work.state.tasks.values().filter(|task| task.form.as_deref() == Some(form) && closes(task));
    let waiting: Vec<TaskId> = waiting.map(|task| task.id).collect();
    let chosen = from.filter(|from| waiting.contains(from));
    for task in chosen.map_or(waiting, |task| vec![task]) {
        if work.state.tasks.contains_key(&task) {
            tasks::close(work, task, Closing::Done { letter: Some(letter), with: None }, true);
        }
    }
}

fn someone(work: &Work<'_>) -> Result<Actor, Refusal> {
    work.by.ok_or(Refusal::NoOne)
}

fn stated_reason(reason: &str) -> Result<String, Refusal> {
    let reason = reason.trim();
    if reason.is_empty() { Err(Refusal::NoReason) } else { Ok(reason.to_owned()) }
}

crate::texts! {
    fact_without_concept {
        ja: "この項目は登録簿（concepts）にありません。",
        en: "This is not in the registry of concepts."
    }
}
