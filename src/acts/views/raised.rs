//! What was raised to a reader: tasks of others that are late, where the pathway says that this reader
//! hears of it. A reader's own late tasks stand in their own list.

use std::collections::BTreeMap;

use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::views::patients::names;
use crate::acts::views::plan::States;
use crate::acts::views::plan::TaskView;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::profession::Profession;
use crate::pathway::Library;
use crate::pathway::PatientState;
use crate::pathway::definition::Role;
use crate::pathway::state::Task;
use crate::record::payload::SeatRole;
use crate::store::patients;
use crate::store::plans;
use crate::store::plans::Sieve;
use crate::store::plans::Worklist;

/// Late tasks of the reader's patients that a pathway has raised to them, the longest overdue first.
pub fn tasks(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<TaskView>> {
    let scope = member.scope(reading.now)?;
    let rows = plans::worklist(reading.conn, &scope, Worklist::Teams, &Sieve::default())?;
    let seats: BTreeMap<PatientId, SeatRole> =
        patients::own_seats(reading.conn, &scope)?.into_iter().collect();
    let patients = names(reading, member)?;
    let states = States::open(reading, member, rows.iter().map(|row| row.patient).collect())?;
    let (library, people) = (reading.house.library(), reading.directory()?);
    let raised = |row: plans::Task| {
        let state = states.of(row.patient)?;
        let task = state.tasks.get(&row.id)?;
        let reaches = |to: Role| reaches(to, member.profession, seats.get(&row.patient).copied());
        let own = task.claimed_by.map_or(task.role == member.profession, |holder| holder == member.id);
        if own || !raised_to(&library.pathways, state, task).any(reaches) {
            return None;
        }
        Some(TaskView {
            patient: row.patient,
            name: patients.get(&row.patient)?.clone(),
            pathway: states.title(row.patient, row.run)?,
            task: task.clone(),
            holder: row.holder.and_then(|id| people.get(id).cloned()),
        })
    };
    Ok(rows.into_iter().filter_map(raised).collect())
}

/// To whom a task has been raised so far.
fn raised_to<'a>(
    library: &'a Library,
    state: &PatientState,
    task: &'a Task,
) -> impl Iterator<Item = Role> + 'a {
    let run = state.runs.get(&task.run);
    let definition = run.and_then(|run| library.get(&run.hash)).map(|pathway| &pathway.definition);
    let declared =
        definition.and_then(|definition| definition.task(task.code.as_deref()?)).map(|(_, task)| task);
    let steps = usize::try_from(task.escalated).unwrap_or(usize::MAX);
    declared.into_iter().flat_map(move |declared| declared.escalate.iter().take(steps)).map(|step| step.to)
}

/// Whether a role of a pathway means someone of this profession who sits in the team like this.
fn reaches(to: Role, profession: Profession, seat: Option<SeatRole>) -> bool {
    match to {
        Role::Profession(wanted) => wanted == profession,
        Role::Main => seat == Some(SeatRole::Main),
        Role::Deputy => seat == Some(SeatRole::Deputy),
    }
}
