//! The fold: what each event does to the state. It decides nothing and cannot fail; an event about
//! something that is no longer kept changes nothing.

use std::sync::Arc;

use jiff::Timestamp;

use super::Closed;
use super::Decision;
use super::Fact;
use super::Halted;
use super::OVER_KEPT;
use super::Occurrence;
use super::PatientState;
use super::Run;
use super::Status;
use super::Task;
use super::VALUES_KEPT;
use super::Variance;
use crate::expr::Origin;
use crate::kernel::id::EntryId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Words;
use crate::pathway::event::Cancelled;
use crate::pathway::event::Closing;
use crate::pathway::event::Event;
use crate::pathway::event::ProposalEnd;
use crate::pathway::event::What;

impl PatientState {
    /// Folds one event.
    pub fn apply(&mut self, event: &Event) {
        self.reached = self.reached.max(event.at);
        match &event.what {
            What::FactStated { .. } => self.state_fact(event),
            What::FactsWithdrawn { entry } => self.withdraw(*entry),
            What::RunStarted { .. } => self.start(event),
            What::RunSuspended { run, stay, reason } => {
                let rest = Status::Suspended { stay: *stay, reason: reason.clone(), since: event.at };
                self.on_run(*run, |run| {
                    run.status = rest;
                    // Held by the region alone from now on.
                    if let Some(halted) = &mut run.halted {
                        halted.goes_on = true;
                    }
                });
            }
            What::RunHalted { run, reason } => self.on_run(*run, |run| {
                let goes_on = run.status == Status::Active;
                run.halted = Some(Halted { reason: reason.clone(), since: event.at, goes_on });
                if goes_on {
                    let reason = Some(reason.clone());
                    run.status = Status::Suspended { stay: None, reason, since: event.at };
                }
            }),
            What::RunReleased { run } => self.on_run(*run, |run| run.halted = None),
            What::RunResumed { run } => self.on_run(*run, |run| {
                run.status = Status::Active;
                run.not_before = event.at;
            }),
            What::RunFaulted { run } => {
                self.on_run(*run, |run| run.status = Status::Faulty { since: event.at });
            }
            What::RunStopped { run, reason } => {
                self.on_run(*run, |run| run.status = Status::Stopped { reason: reason.clone() });
            }
            What::RunEnded { run } => self.on_run(*run, |run| run.status = Status::Ended),
            What::PhaseEntered { run, phase, title, visit, .. } => {
                self.on_run(*run, |run| enter(run, phase, title, *visit, event.at));
            }
            What::PhaseProlonged { run } => self.on_run(*run, |run| run.prolonged = true),
            What::RuleFired { run, rule, count, seen, .. } => self.on_run(*run, |run| {
                let fired = super::Fired { spent: true, count: *count, seen: *seen };
                run.rules.insert(rule.clone(), fired);
            }),
            What::RuleReset { run, rule } => self.on_run(*run, |run| {
                run.rules.entry(rule.clone()).or_default().spent = false;
            }),
            What::OutcomeJudged { run, unit, .. } => self.on_run(*run, |run| {
                run.judged.insert(unit.clone(), event.at);
            }),
            What::Admitted { stay } => self.stay = Some(*stay),
            What::Discharged { .. } => self.stay = None,
            What::DraftWanted { .. } | What::TimePassed => {}
            _ => self.apply_open(event),
        }
    }

    /// Events about what is open: tasks, proposals, asks, departures.
    fn apply_open(&mut self, event: &Event) {
        let person = event.by.map(|by| by.person);
        match &event.what {
            What::TaskOpened(task) => self.open(task),
            What::TaskClaimed { task } => self.on_task(*task, |task| task.claimed_by = person),
            What::TaskGiven { task, to } => self.on_task(*task, |task| task.claimed_by = Some(*to)),
            What::TaskReleased { task } => self.on_task(*task, |task| task.claimed_by = None),
            What::TaskSigned { task } => self.on_task(*task, |task| task.signed.extend(person)),
            What::TaskFreed { task, with } => self.on_task(*task, |task| task.with = *with),
            What::TaskClosed { task, how } => self.close(*task, how, event),
            What::Escalated { task, step, .. } => self.on_task(*task, |task| task.escalated = step + 1),
            What::Proposed(proposal) => {
                self.on_run(proposal.run, |run| run.proposed += 1);
                self.proposals.insert(proposal.id, proposal.clone());
            }
            What::Decided { proposal, choice, reason, through, pins } => {
                let known = self.proposals.get_mut(proposal).map(Arc::make_mut);
                let (Some(proposal), Some(by)) = (known, event.by) else { return };
                proposal.decisions.push(Decision {
                    by,
                    at: event.at,
                    choice: *choice,
                    reason: reason.clone(),
                    through: through.clone(),
                    pins: pins.clone(),
                });
            }
            What::ProposalClosed { proposal, how } => self.close_proposal(*proposal, *how),
            What::ProposalLate { proposal, step, .. } => {
                if let Some(proposal) = self.proposals.get_mut(proposal).map(Arc::make_mut) {
                    proposal.escalated = step + 1;
                }
            }
            What::Asked(ask) => {
                self.on_run(ask.run, |run| run.asked.extend(ask.facts.iter().cloned()));
                self.asks.insert(ask.id, ask.clone());
            }
            What::AskLate { ask } => {
                if let Some(ask) = self.asks.get_mut(ask).map(Arc::make_mut) {
                    ask.late = true;
                }
            }
            What::AskClosed { ask, answered } => {
                if let Some(ask) = self.asks.get_mut(ask).map(Arc::make_mut) {
                    ask.answered = Some(*answered);
                }
                keep_last(&mut self.asks, |ask| ask.answered.map(|_| ask.opened));
            }
            What::VarianceFound(variance) => {
                if let Some(task) = variance.task {
                    self.on_task(task, |task| task.noted = true);
                }
                self.variances.push(variance.clone());
            }
            What::VarianceExplained { variance, cause, text } => {
                let explain = |variance: &mut Variance| {
                    variance.cause = *cause;
                    variance.reason = Some(text.clone());
                    variance.by = event.by;
                };
                self.variances.change(|known| known.id == *variance, explain);
            }
            _ => {}
        }
    }

    /// Keeps values in the order of the moments they speak of, so that a late report of something
    /// early does not hide what came after.
    fn state_fact(&mut self, event: &Event) {
        let What::FactStated { concept, value, of, entry } = &event.what else { return };
        self.counted += 1;
        let origin = Origin {
            at: *of,
            by: event.by.map(|by| by.person),
            profession: event.by.map(|by| by.profession),
            entry: *entry,
        };
        let fact = Fact { value: value.clone(), origin, number: self.counted };
        let facts = Arc::make_mut(self.facts.entry(concept.clone()).or_default());
        let place = facts.partition_point(|known| known.origin.at <= *of);
        facts.insert(place, fact);
        if facts.len() > VALUES_KEPT {
            facts.remove(0);
        }
    }

    fn withdraw(&mut self, entry: EntryId) {
        let of_entry = |fact: &Fact| fact.origin.entry == Some(entry);
        for facts in self.facts.values_mut().filter(|facts| facts.iter().any(of_entry)) {
            Arc::make_mut(facts).retain(|fact| !of_entry(fact));
        }
        self.facts.retain(|_, facts| !facts.is_empty());
    }

    fn start(&mut self, event: &Event) {
        let What::RunStarted { run, pathway, hash, version, title, stay } = &event.what else { return };
        let begun = Run {
            halted: None,
            id: *run,
            pathway: pathway.clone(),
            hash: hash.clone(),
            version: version.clone(),
            title: title.clone(),
            status: Status::Active,
            started: event.at,
            stay: *stay,
            phase: String::new(),
            phase_title: title.clone(),
            entered: event.at,
            visit: 0,
            been: Vec::new(),
            not_before: event.at,
            came_up: Default::default(),
            done: Default::default(),
            rules: Default::default(),
            judged: Default::default(),
            declined: Default::default(),
            proposed: 0,
            asked: Default::default(),
            prolonged: false,
        };
        self.runs.insert(*run, Arc::new(begun));
    }

    fn open(&mut self, task: &Arc<Task>) {
        if let (Some(code), Some(due)) = (&task.code, task.due) {
            let occurrence = Arc::new(Occurrence { key: task.key.clone(), due });
            self.on_run(task.run, |run| {
                run.came_up.insert(code.as_str().into(), occurrence);
            });
        }
        self.closed.take_out(|over| over.id == task.id);
        self.tasks.insert(task.id, task.clone());
    }

    fn close(&mut self, id: TaskId, how: &Closing, event: &Event) {
        let Some(task) = self.tasks.remove(&id) else { return };
        self.closed.push(Arc::new(task.ended(Closed { how: how.clone(), at: event.at, by: event.by })));
        let (run, code) = (task.run, task.code.clone());
        match (how, code) {
            (Closing::Done { .. }, Some(code)) => self.on_run(run, |run| {
                run.done.insert(code, event.at);
            }),
            (Closing::Cancelled { why: Cancelled::Rescheduled }, Some(code)) => self.on_run(run, |run| {
                run.came_up.remove(code.as_str());
            }),
            _ => {}
        }
    }

    fn close_proposal(&mut self, id: crate::kernel::id::ProposalId, how: ProposalEnd) {
        let Some(proposal) = self.proposals.get_mut(&id).map(Arc::make_mut) else { return };
        proposal.ended = Some(how);
        if how == ProposalEnd::Declined {
            let (run, to, pins) = (proposal.run, proposal.to.clone(), proposal.pins.clone());
            self.on_run(run, |run| {
                run.declined.insert(to, pins);
            });
        }
        keep_last(&mut self.proposals, |proposal| proposal.ended.map(|_| proposal.opened));
    }

    fn on_run(&mut self, id: RunId, change: impl FnOnce(&mut Run)) {
        if let Some(run) = self.runs.get_mut(&id).map(Arc::make_mut) {
            change(run);
        }
    }

    fn on_task(&mut self, id: TaskId, change: impl FnOnce(&mut Task)) {
        if let Some(task) = self.tasks.get_mut(&id).map(Arc::make_mut) {
            change(task);
        }
    }
}

fn enter(run: &mut Run, phase: &str, title: &Words, visit: u32, at: Timestamp) {
    if !run.phase.is_empty() && !run.been.iter().any(|been| **been == run.phase) {
        run.been.push(run.phase.as_str().into());
    }
    phase.clone_into(&mut run.phase);
    run.phase_title = title.clone();
    run.entered = at;
    run.visit = visit;
    run.declined.clear();
    run.asked.clear();
    run.prolonged = false;
}

/// Drops the oldest of what is over once too many are kept. Everything dropped stays in the record.
fn keep_last<K: Ord + Copy, V>(
    all: &mut std::collections::BTreeMap<K, V>,
    over: impl Fn(&V) -> Option<Timestamp>,
) {
    while all.len() > OVER_KEPT {
        let ended = all.iter().filter_map(|(key, value)| over(value).map(|at| (at, *key)));
        let (count, first) = ended.fold((0, None), |(count, first), one| {
            (count + 1, Some(first.map_or(one, |first: (Timestamp, K)| first.min(one))))
        });
        match first.filter(|_| count > OVER_KEPT) {
            Some((_, oldest)) => all.remove(&oldest),
            None => break,
        };
    }
}
