//! Ways out of a phase: proposed when their condition holds, taken when enough people agree. One open
//! proposal per way; a decline holds until a value changes that it was made on. Of several that could be
//! proposed at once the one with the smaller number comes first; the others wait until it is decided.

use std::sync::Arc;

use super::Departure;
use super::Pins;
use super::RunFacts;
use super::Work;
use super::phases;
use crate::expr::Facts;
use crate::expr::Tri;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Exit;
use crate::pathway::definition::Phase;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::pathway::state::Proposal;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::derived;

/// Proposes, withdraws, takes. True when the phase changed, so that the run is looked at anew.
pub(super) fn take(work: &mut Work<'_>, run: RunId, definition: &Definition) -> bool {
    let Some(phase) = work.active(run).and_then(|run| definition.phase(&run.phase)) else { return false };
    for exit in &phase.leave {
        if happened(work, run, definition, exit) || agreed(work, run, definition, exit) {
            return true;
        }
    }
    // The first of them is looked at first, so that it holds the others back in the same round.
    let mut ways: Vec<&Exit> = phase.leave.iter().collect();
    ways.sort_by_key(|exit| exit.rank());
    for exit in ways {
        propose(work, run, definition, phase, exit);
        remind(work, run, exit);
    }
    false
}

/// The open proposal of a way out.
pub(super) fn open<'a>(state: &'a PatientState, run: RunId, to: &str) -> Option<&'a Proposal> {
    state.open_proposals().map(Arc::as_ref).find(|proposal| proposal.run == run && proposal.to == to)
}

/// The values that a way out hangs on, as they are now.
pub(super) fn pins(state: &PatientState, run: &Run, definition: &Definition, exit: &Exit) -> Pins {
    let facts = RunFacts::of(state, definition, run);
    let names = exit.propose.as_ref().and_then(|condition| condition.expr()).map(|expr| expr.facts());
    let known = names
        .into_iter()
        .flatten()
        .filter_map(|name| facts.latest(name).map(|seen| (name.to_owned(), seen.value.clone())));
    known.collect()
}

/// Whether people declined a way out on the values that stand now.
pub fn declined(state: &PatientState, run: &Run, definition: &Definition, exit: &Exit) -> bool {
    run.declined.get(&exit.to) == Some(&pins(state, run, definition, exit))
}

/// The way out whose open proposal comes before this one: until people decided on it, this one waits.
pub fn held_back<'d>(state: &PatientState, run: RunId, phase: &'d Phase, exit: &Exit) -> Option<&'d Exit> {
    let mut first = phase.leave.iter().filter(|other| other.rank() < exit.rank());
    first.find(|other| open(state, run, &other.to).is_some())
}

/// Makes a proposal; whoever must agree was checked when the file was read.
pub(super) fn put(work: &mut Work<'_>, run: RunId, definition: &Definition, exit: &Exit, why: Reason) {
    let (Some(known), Some(confirm)) = (work.active(run), &exit.confirm) else { return };
    let proposal = Proposal {
        id: derived::proposal(run, known.proposed),
        run,
        from: known.phase.clone(),
        to: exit.to.clone(),
        title: exit.title(definition),
        opened: work.now,
        due: exit.within.map(|within| within.after(work.now)),
        confirm: confirm.clone(),
        pins: pins(&work.state, known, definition, exit),
        why,
        decisions: Vec::new(),
        escalated: 0,
        ended: None,
    };
    work.emit_by(What::Proposed(Arc::new(proposal)));
}

/// Takes a way out: its departure is noted, the next phase begins.
pub(super) fn leave(work: &mut Work<'_>, run: RunId, definition: &Definition, exit: &Exit, why: Reason) {
    if let Some(code) = &exit.variance {
        work.vary(run, definition, code, Departure { about: Some(exit.to.clone()), ..Departure::default() });
    }
    phases::enter(work, run, definition, &exit.to, why);
}

/// The moments at which someone is to hear that a proposal waits.
pub(super) fn moments(definition: &Definition, proposal: &Proposal) -> Vec<jiff::Timestamp> {
    let exit = definition
        .phase(&proposal.from)
        .and_then(|phase| phase.leave.iter().find(|exit| exit.to == proposal.to));
    let (Some(exit), Some(due)) = (exit, proposal.due) else { return Vec::new() };
    let told = usize::try_from(proposal.escalated).unwrap_or(usize::MAX);
    exit.escalate.iter().skip(told).map(|escalation| escalation.after.after(due)).collect()
}

/// Something simply happened that ends the phase.
fn happened(work: &mut Work<'_>, run: RunId, definition: &Definition, exit: &Exit) -> bool {
    let (Some(condition), Some(known)) = (&exit.when, work.active(run)) else { return false };
    let facts = RunFacts::of(&work.state, definition, known);
    if condition.eval(&facts, work.now).value != Tri::True {
        return false;
    }
    let why = condition.explain(&facts, work.now);
    leave(work, run, definition, exit, Reason::Condition { why });
    true
}

fn agreed(work: &mut Work<'_>, run: RunId, definition: &Definition, exit: &Exit) -> bool {
    let Some(proposal) = open(&work.state, run, &exit.to).filter(|proposal| proposal.is_agreed()) else {
        return false;
    };
    let (id, why) = (proposal.id, proposal.why.clone());
    let why = match why {
        Reason::Condition { why } => why,
        _ => None,
    };
    work.emit(What::ProposalClosed { proposal: id, how: ProposalEnd::Accepted });
    leave(work, run, definition, exit, Reason::Proposal { proposal: id, why });
    true
}

fn propose(work: &mut Work<'_>, run: RunId, definition: &Definition, phase: &Phase, exit: &Exit) {
    let (Some(condition), Some(known)) = (&exit.propose, work.active(run)) else { return };
    let facts = RunFacts::of(&work.state, definition, known);
    let verdict = condition.eval(&facts, work.now);
    let standing = open(&work.state, run, &exit.to);
    let waits = held_back(&work.state, run, phase, exit).is_some();
    match (verdict.value, standing) {
        (Tri::True, None) => {
            if waits || declined(&work.state, known, definition, exit) {
                return;
            }
            let why = condition.explain(&facts, work.now);
            put(work, run, definition, exit, Reason::Condition { why });
        }
        // What a person raised is theirs: neither a condition nor another proposal takes it back.
        (said, Some(proposal))
            if (waits || said == Tri::False) && matches!(proposal.why, Reason::Condition { .. }) =>
        {
            let proposal: ProposalId = proposal.id;
            work.emit(What::ProposalClosed { proposal, how: ProposalEnd::Withdrawn });
        }
        _ => {}
    }
}

fn remind(work: &mut Work<'_>, run: RunId, exit: &Exit) {
    let Some(proposal) = open(&work.state, run, &exit.to) else { return };
    let (id, told) = (proposal.id, proposal.escalated);
    let Some(due) = proposal.due else { return };
    for (step, escalation) in (0_u32..).zip(&exit.escalate) {
        if step >= told && escalation.after.after(due) <= work.now {
            work.emit(What::ProposalLate { proposal: id, step, to: escalation.to });
        }
    }
}
