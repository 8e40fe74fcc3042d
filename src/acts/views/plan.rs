//! A patient's plan, and tasks across patients: the engine's state, opened, with the names it needs.

use std::sync::Arc;

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::acts::Look;
use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::plans::fold;
use crate::acts::plans::open_snapshot;
use crate::acts::plans::with_card;
use crate::acts::views::PersonView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::patients::names;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::pathway::PatientState;
use crate::pathway::ahead::Coming;
use crate::pathway::ahead::coming;
use crate::pathway::ahead::lacking;
use crate::pathway::state::Proposal;
use crate::pathway::state::Task;
use crate::pathway::why::Line;
use crate::pathway::why::reason;
use crate::store::Conn;
use crate::store::log;
use crate::store::plans;
use crate::store::plans::Sieve;
use crate::store::plans::Worklist;

/// A patient's plan.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PlanView {
    /// The patient.
    pub patient: PatientView,
    /// Runs, tasks, proposals, asks, variances, facts.
    pub state: PatientState,
    /// Everyone whom the state names.
    pub people: BTreeMap<PersonId, PersonView>,
    /// The engine stopped on this plan: someone must look.
    pub trouble: bool,
    /// Pathways that could be started here.
    pub offers: Vec<Offer>,
    /// Why each open task, proposal and ask is there, by its id.
    pub reasons: BTreeMap<Uuid, Line>,
    /// The numbers of the entries that those reasons rest on.
    pub sources: BTreeMap<EntryId, i64>,
    /// What comes up next if nothing changes.
    pub ahead: Vec<Coming>,
}

/// A pathway that could be started.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Offer {
    /// The definition's hash.
    pub hash: String,
    /// The pathway's id.
    pub pathway: String,
    /// Its version, for people.
    pub version: String,
    /// Its name.
    pub title: Words,
    /// What it is for.
    pub summary: Option<Words>,
    /// Concepts that must be known before it can start; `None` when it can.
    pub lacking: Option<Vec<String>>,
}

/// A task in a worklist.
#[derive(Debug, Clone, serde::Serialize)]
pub struct TaskView {
    /// The patient.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The pathway's name.
    pub pathway: Words,
    /// The task.
    pub task: Arc<Task>,
    /// Who claimed it.
    pub holder: Option<PersonView>,
}

/// A proposal that waits, in a list across patients.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ProposalView {
    /// The patient.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The pathway's name.
    pub pathway: Words,
    /// The proposal.
    pub proposal: Arc<Proposal>,
    /// By when someone should decide.
    pub due: Option<Time>,
}

/// Reads a patient's plan.
pub fn read(look: &mut Look<'_>) -> Result<PlanView> {
    let patient = super::patients::banner(look)?;
    let row = plans::plan(look.conn, &look.grant)?;
    let trouble = row.as_ref().is_some_and(|row| row.trouble);
    let state = state(look)?;
    let directory = look.directory()?;
    let named = named(&state).into_iter();
    let people = named.filter_map(|id| Some((id, directory.get(id)?.clone()))).collect();
    let offers = offers(look, &with_card(&state, &patient.card, look.now.stamp()));
    let library = look.house.library();
    let reasons = reasons(&library.pathways, &state);
    let sources = sources(look, reasons.values())?;
    let ahead = coming(&library.pathways, &state);
    Ok(PlanView { patient, state, people, trouble, offers, reasons, sources, ahead })
}

/// Why everything that is open is there.
fn reasons(library: &crate::pathway::Library, state: &PatientState) -> BTreeMap<Uuid, Line> {
    let definition = |run: RunId| Some(&library.get(&state.runs.get(&run)?.hash)?.definition);
    let tasks = state.tasks.values().map(|task| (task.id.0, task.run, &task.why));
    let proposals = state.open_proposals().map(|proposal| (proposal.id.0, proposal.run, &proposal.why));
    let asks = state.open_asks().map(|ask| (ask.id.0, ask.run, &ask.why));
    tasks
        .chain(proposals)
        .chain(asks)
        .map(|(id, run, why)| (id, reason(why, definition(run), library.concepts)))
        .collect()
}

/// Where in the record the values of these reasons stand.
pub(super) fn sources<'l>(
    look: &mut Look<'_>,
    reasons: impl Iterator<Item = &'l Line>,
) -> Result<BTreeMap<EntryId, i64>> {
    let mut lines: Vec<&Line> = reasons.collect();
    let mut entries = Vec::new();
    while let Some(line) = lines.pop() {
        lines.extend(&line.parts);
        entries.extend(line.origin.and_then(|origin| origin.entry));
    }
    Ok(log::numbers(look.conn, look.grant.patient().log(), &entries)?.into_iter().collect())
}

/// The engine's state of the patient of a look.
pub fn state(look: &mut Look<'_>) -> Result<PatientState> {
    let row = plans::plan(look.conn, &look.grant)?;
    opened(look, row)
}

/// The same where the snapshot was read already.
pub(super) fn opened(look: &mut Look<'_>, row: Option<plans::Plan>) -> Result<PatientState> {
    let (key, patient) = (look.key().clone(), look.grant.patient());
    match row {
        None => Ok(PatientState::default()),
        Some(row) => open_state(look.conn, &key, patient, &row.sealed),
    }
}

fn open_state(conn: &mut Conn, key: &Key, patient: PatientId, sealed: &[u8]) -> Result<PatientState> {
    // The snapshot is a cache: what the record holds can be read without it.
    match open_snapshot(key, patient, sealed) {
        Ok(Some(state)) => Ok(state),
        _ => fold(conn, key, patient, i64::MAX),
    }
}

fn named(state: &PatientState) -> Vec<PersonId> {
    let tasks = state.tasks.values().flat_map(|task| task.claimed_by.iter().chain(&task.signed).copied());
    let past = state.closed.iter().filter_map(|task| task.closed.by).map(|by| by.person);
    let decisions = state.proposals.values().flat_map(|proposal| {
        proposal.decisions.iter().flat_map(|decision| {
            [Some(decision.by.person), decision.through.as_ref().map(|through| through.person)]
                .into_iter()
                .flatten()
        })
    });
    let variances = state.variances.iter().filter_map(|variance| variance.by).map(|by| by.person);
    let facts = state.all_facts().filter_map(|fact| fact.origin.by);
    tasks.chain(past).chain(decisions).chain(variances).chain(facts).collect()
}

/// Current pathways that do not run on this patient, that people start, and that this profession may.
fn offers(look: &Look<'_>, state: &PatientState) -> Vec<Offer> {
    let library = look.house.library();
    let running: Vec<&str> =
        state.runs.values().filter(|run| !run.is_over()).map(|run| run.pathway.as_str()).collect();
    library
        .pathways
        .offered()
        .filter(|pathway| !running.contains(&pathway.definition.id.as_str()))
        .filter(|pathway| {
            look.grant
                .profession()
                .is_some_and(|profession| pathway.definition.start.by.contains(&profession))
        })
        .map(|pathway| Offer {
            hash: pathway.hash.clone(),
            pathway: pathway.definition.id.clone(),
            version: pathway.definition.version.clone(),
            title: pathway.definition.title.clone(),
            summary: pathway.definition.summary.clone(),
            lacking: lacking(state, &pathway.definition, look.now.stamp()),
        })
        .collect()
}

/// A worklist.
#[derive(Debug, Clone, Default, serde::Serialize)]
pub struct TaskList {
    /// Open tasks across the reader's patients: due ones first, undated last.
    pub tasks: Vec<TaskView>,
    /// Whose tasks are due here and cannot be shown, because the plan cannot be opened.
    pub unopened: Vec<Unopened>,
}

/// A patient whose plan cannot be opened.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Unopened {
    /// The patient.
    pub patient: PatientId,
    /// The name, or the record's number.
    pub name: String,
    /// How many tasks the list has of them.
    pub count: usize,
}

/// Open tasks across the reader's patients, and how many more there are that nobody can read.
pub fn tasks(reading: &mut Reading<'_>, member: &Member, which: Worklist, sieve: &Sieve) -> Result<TaskList> {
    let rows = plans::worklist(reading.conn, &member.scope(reading.now)?, which, sieve)?;
    let patients = names(reading, member)?;
    let states = States::open(reading, member, rows.iter().map(|row| row.patient).collect())?;
    let people = reading.directory()?;
    let unopened = patients
        .iter()
        .filter(|(patient, _)| states.of(**patient).is_none())
        .map(|(patient, name)| Unopened {
            patient: *patient,
            name: name.clone(),
            count: rows.iter().filter(|row| row.patient == *patient).count(),
        })
        .filter(|one| one.count > 0)
        .collect();
    let tasks = rows
        .into_iter()
        .filter_map(|row| {
            let task = states.0.get(&row.patient)?.tasks.get(&row.id)?.clone();
            Some(TaskView {
                patient: row.patient,
                name: patients.get(&row.patient)?.clone(),
                pathway: states.title(row.patient, row.run)?,
                task,
                holder: row.holder.and_then(|id| people.get(id).cloned()),
            })
        })
        .collect();
    Ok(TaskList { tasks, unopened })
}

/// What goes on with one of the reader's patients.
#[derive(Debug, Clone)]
pub struct CourseView {
    /// The patient.
    pub patient: PatientId,
    /// The pathway's name.
    pub pathway: Words,
    /// The phase's name.
    pub phase: Words,
    /// The run's state: it goes on, rests as during a stay in hospital, or needs attention.
    pub state: String,
}

/// Which pathways go on with the reader's patients, and in which phase.
pub fn courses(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<CourseView>> {
    let rows = plans::in_states(reading.conn, &member.scope(reading.now)?, plans::GOING_ON)?;
    let library = reading.house.library();
    let view = |row: plans::Run| {
        let definition = &library.pathways.get(&row.hash)?.definition;
        Some(CourseView {
            patient: row.patient,
            pathway: definition.title.clone(),
            phase: definition.phase(&row.phase)?.title.clone(),
            state: row.state,
        })
    };
    Ok(rows.into_iter().filter_map(view).collect())
}

/// How many of the reader's own tasks are overdue or due today, for each of their patients.
pub fn due_counts(reading: &mut Reading<'_>, member: &Member) -> Result<BTreeMap<PatientId, usize>> {
    let rows = plans::worklist(reading.conn, &member.scope(reading.now)?, Worklist::Mine, &Sieve::default())?;
    let today = reading.now.day();
    let mut counts = BTreeMap::new();
    for row in rows.iter().filter(|row| row.due_at.is_some_and(|due| due.day() <= today)) {
        *counts.entry(row.patient).or_default() += 1;
    }
    Ok(counts)
}

/// Proposals that wait in the reader's teams.
pub fn proposals(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<ProposalView>> {
    let rows = plans::waiting_proposals(reading.conn, &member.scope(reading.now)?)?;
    let patients = names(reading, member)?;
    let states = States::open(reading, member, rows.iter().map(|row| row.patient).collect())?;
    Ok(rows
        .into_iter()
        .filter_map(|row| {
            let proposal = states.0.get(&row.patient)?.proposals.get(&row.id)?.clone();
            Some(ProposalView {
                patient: row.patient,
                name: patients.get(&row.patient)?.clone(),
                pathway: states.title(row.patient, row.run)?,
                proposal,
                due: row.due_at,
            })
        })
        .collect())
}

/// The opened states of the patients that a list is about.
pub(super) struct States(BTreeMap<PatientId, PatientState>);

impl States {
    pub(super) fn open(reading: &mut Reading<'_>, member: &Member, mut ids: Vec<PatientId>) -> Result<Self> {
        ids.sort_unstable();
        ids.dedup();
        let mut states = BTreeMap::new();
        for (row, wrapped) in plans::snapshots(reading.conn, &member.scope(reading.now)?, &ids)? {
            let key = reading.house.keys().unwrap(row.patient.0.as_bytes(), &wrapped);
            match key.and_then(|key| open_state(reading.conn, &key, row.patient, &row.sealed)) {
                Ok(state) => drop(states.insert(row.patient, state)),
                // The others' tasks stay on the list, which says how many of this one it cannot show.
                Err(cause) => tracing::error!(patient = %row.patient, %cause, "a plan cannot be opened"),
            }
        }
        Ok(Self(states))
    }

    pub(super) fn of(&self, patient: PatientId) -> Option<&PatientState> {
        self.0.get(&patient)
    }

    pub(super) fn title(&self, patient: PatientId, run: RunId) -> Option<Words> {
        Some(self.0.get(&patient)?.runs.get(&run)?.title.clone())
    }
}

/// What a worklist can be narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Sides {
    /// The reader's patients who have a pathway, with their names.
    pub patients: Vec<(PatientId, String)>,
    /// The pathways that go on with them, by code.
    pub pathways: Vec<(String, Words)>,
}

/// What the reader's worklists can be narrowed to.
pub fn sides(reading: &mut Reading<'_>, member: &Member) -> Result<Sides> {
    let runs = plans::in_states(reading.conn, &member.scope(reading.now)?, plans::GOING_ON)?;
    let library = reading.house.library();
    let title =
        |run: &plans::Run| library.pathways.get(&run.hash).map(|found| found.definition.title.clone());
    let pathways: BTreeMap<String, Words> =
        runs.iter().filter_map(|run| Some((run.pathway.clone(), title(run)?))).collect();
    let mut patients: Vec<(PatientId, String)> = names(reading, member)?.into_iter().collect();
    patients.retain(|(patient, _)| runs.iter().any(|run| run.patient == *patient));
    patients.sort_by(|one, other| one.1.cmp(&other.1));
    Ok(Sides { patients, pathways: pathways.into_iter().collect() })
}

/// How many tasks each worklist holds: mine, my office's, my teams'.
pub fn counts(reading: &mut Reading<'_>, member: &Member, sieve: &Sieve) -> Result<[usize; 3]> {
    let scope = member.scope(reading.now)?;
    let mut count = |which| plans::worklist(reading.conn, &scope, which, sieve).map(|rows| rows.len());
    Ok([count(Worklist::Mine)?, count(Worklist::Office)?, count(Worklist::Teams)?])
}
