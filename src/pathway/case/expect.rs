//! What must be seen after a turn, compared with what is.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::SignedDuration;
use serde::Deserialize;

use crate::kernel::time::Time;
use crate::pathway::Library;
use crate::pathway::event::Event;
use crate::pathway::event::Refusal;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::pathway::state::Reason;
use crate::pathway::state::Task;

/// What must be seen. What is not named is not looked at.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Expect {
    /// Pathway → phase.
    #[serde(default)]
    phase: BTreeMap<String, String>,
    /// Pathway → active, suspended, stopped, ended.
    #[serde(default)]
    status: BTreeMap<String, String>,
    /// Tasks that are open, among others.
    #[serde(default)]
    open: Vec<String>,
    /// Tasks that are not open.
    #[serde(default)]
    not_open: Vec<String>,
    /// Task → how its last occurrence ended: done, skipped, expired, cancelled.
    #[serde(default)]
    closed: BTreeMap<String, String>,
    /// Task → the day or moment it is due.
    #[serde(default)]
    due: BTreeMap<String, String>,
    /// Task → the rule, or the anchor, that brought it.
    #[serde(default)]
    why: BTreeMap<String, String>,
    /// All phases that are proposed.
    proposals: Option<BTreeSet<String>>,
    /// All professions that are asked.
    asks: Option<BTreeSet<String>>,
    /// All concepts that are asked for.
    missing: Option<BTreeSet<String>>,
    /// Departures that were found so far, among others.
    #[serde(default)]
    variances: Vec<String>,
    /// Forms that should be drafted, found in this turn.
    #[serde(default)]
    drafts: Vec<String>,
    /// Who was told of something in this turn.
    #[serde(default)]
    told: Vec<String>,
    /// Why the engine refused.
    refused: Option<String>,
    /// The next moment at which something may happen by itself.
    next: Option<String>,
}

/// What there is to see.
pub(super) struct Seen<'a> {
    pub library: &'a Library,
    pub state: &'a PatientState,
    pub events: &'a [Event],
    pub refused: Option<&'a Refusal>,
}

/// One difference.
pub(super) struct Difference {
    pub what: &'static str,
    pub expected: String,
    pub seen: String,
}

impl Expect {
    pub(super) fn differences(&self, seen: &Seen<'_>) -> Vec<Difference> {
        let mut found = Vec::new();
        self.compare_runs(seen, &mut found);
        self.compare_tasks(seen, &mut found);
        self.compare_people(seen, &mut found);
        let refused = seen.refused.map(code);
        if self.refused != refused {
            let none = || "nothing refused".to_owned();
            found.push(Difference {
                what: "refused",
                expected: self.refused.clone().unwrap_or_else(none),
                seen: refused.unwrap_or_else(none),
            });
        }
        if let Some(next) = &self.next {
            let is = seen.state.next_instant(seen.library);
            let is = is.map_or_else(|| "nothing".to_owned(), |at| at.to_string());
            let wanted = next.parse::<jiff::Timestamp>().map_or_else(|_| next.clone(), |at| at.to_string());
            differ("next", &wanted, &is, &mut found);
        }
        found
    }

    fn compare_runs(&self, seen: &Seen<'_>, found: &mut Vec<Difference>) {
        let run = |id: &str| {
            let runs = seen.state.runs.values().filter(|run| run.pathway == id);
            runs.max_by_key(|run| (run.started, run.id))
        };
        for (id, phase) in &self.phase {
            differ("phase", phase, run(id).map_or("no run", |run| &run.phase), found);
        }
        for (id, status) in &self.status {
            differ("status", status, run(id).map_or("no run", |run| run.status.code()), found);
        }
    }

    fn compare_tasks(&self, seen: &Seen<'_>, found: &mut Vec<Difference>) {
        let open: BTreeSet<&str> =
            seen.state.tasks.values().filter_map(|task| task.code.as_deref()).collect();
        let listed = || open.iter().copied().collect::<Vec<_>>().join(", ");
        for code in self.open.iter().filter(|code| !open.contains(code.as_str())) {
            found.push(Difference { what: "open", expected: code.clone(), seen: listed() });
        }
        for code in self.not_open.iter().filter(|code| open.contains(code.as_str())) {
            found.push(Difference { what: "not_open", expected: format!("no {code}"), seen: listed() });
        }
        for (code, how) in &self.closed {
            let tasks = seen.state.closed.iter().filter(|task| task.code.as_deref() == Some(code));
            let last = tasks.map(|task| &task.closed).max_by_key(|closed| closed.at);
            differ("closed", how, last.map_or("not closed", |closed| closed.how.code()), found);
        }
        let first = |code: &str| {
            let tasks = seen.state.tasks.values().filter(|task| task.code.as_deref() == Some(code));
            tasks.min_by_key(|task| task.due)
        };
        for (code, due) in &self.due {
            differ(
                "due",
                &normal(due),
                &first(code).map_or_else(|| "not open".to_owned(), |task| shown_due(task)),
                found,
            );
        }
        for (code, why) in &self.why {
            differ("why", why, first(code).map_or("not open", |task| origin(&task.why)), found);
        }
    }

    fn compare_people(&self, seen: &Seen<'_>, found: &mut Vec<Difference>) {
        let sets = [
            ("proposals", &self.proposals, seen.state.open_proposals().map(|open| open.to.clone()).collect()),
            ("asks", &self.asks, seen.state.open_asks().map(|open| open.role.code().to_owned()).collect()),
            ("missing", &self.missing, seen.state.open_asks().flat_map(|open| open.facts.clone()).collect()),
        ];
        for (what, wanted, is) in sets {
            let is: BTreeSet<String> = is;
            if let Some(wanted) = wanted.as_ref().filter(|wanted| **wanted != is) {
                found.push(Difference { what, expected: list(wanted), seen: list(&is) });
            }
        }
        let variances: BTreeSet<String> =
            seen.state.variances.iter().map(|found| found.code.clone()).collect();
        let drafts = seen.events.iter().filter_map(|event| match &event.what {
            What::DraftWanted { form, .. } => Some(form.clone()),
            _ => None,
        });
        let told = seen.events.iter().filter_map(|event| match &event.what {
            What::Escalated { to, .. } | What::ProposalLate { to, .. } => Some(to.to_string()),
            _ => None,
        });
        let lists = [
            ("variances", &self.variances, variances),
            ("drafts", &self.drafts, drafts.collect()),
            ("told", &self.told, told.collect()),
        ];
        for (what, wanted, is) in lists {
            for one in wanted.iter().filter(|one| !is.contains(*one)) {
                found.push(Difference { what, expected: one.clone(), seen: list(&is) });
            }
        }
    }
}

fn differ(what: &'static str, expected: &str, seen: &str, found: &mut Vec<Difference>) {
    if expected != seen {
        found.push(Difference { what, expected: expected.to_owned(), seen: seen.to_owned() });
    }
}

fn list(all: &BTreeSet<String>) -> String {
    if all.is_empty() { "nothing".to_owned() } else { all.iter().cloned().collect::<Vec<_>>().join(", ") }
}

/// A due day by its date, an exact due moment as it is.
fn shown_due(task: &Task) -> String {
    let Some(due) = task.due else { return "no due time".to_owned() };
    let zoned = Time::from(due).zoned();
    if zoned.time() == jiff::civil::Time::midnight() {
        let within = due.saturating_sub(SignedDuration::from_secs(1)).unwrap_or(due);
        Time::from(within).day().to_string()
    } else {
        due.to_string()
    }
}

fn normal(due: &str) -> String {
    due.parse::<jiff::Timestamp>().map_or_else(|_| due.to_owned(), |at| at.to_string())
}

fn origin(why: &Reason) -> &str {
    match why {
        Reason::Plan { anchor, .. } => anchor,
        Reason::Rule { rule, .. } => rule,
        Reason::Person { .. } => "person",
        Reason::Proposal { .. } => "proposal",
        Reason::Condition { .. } => "condition",
        Reason::Start => "start",
    }
}

fn code(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Unknown => "unknown",
        Refusal::Over => "over",
        Refusal::NotYours => "not_yours",
        Refusal::NoOne => "no_one",
        Refusal::NoReason => "no_reason",
        Refusal::NeedsForm(_) => "needs_form",
        Refusal::NoPathway(_) => "no_pathway",
        Refusal::Running => "running",
        Refusal::Halted => "halted",
        Refusal::NotYet(_) => "not_yet",
        Refusal::Decided => "decided",
        Refusal::Taken => "taken",
        Refusal::BadFact(..) => "bad_fact",
        Refusal::Stay => "stay",
        Refusal::Behind => "behind",
        Refusal::Faulty => "faulty",
    }
    .to_owned()
}
