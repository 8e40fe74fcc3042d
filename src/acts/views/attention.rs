//! What needs attention because the engine could not go on with it: for the team by name, for the
//! region's administrator by number.

use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::views::patients::names;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::id::RunId;
use crate::kernel::lang::Words;
use crate::store::attention;
use crate::store::plans;

/// A run, or a whole plan, that someone of the team must look at.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AttentionView {
    /// The patient.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The run; `None` where the whole plan stands still.
    pub run: Option<RunId>,
    /// The pathway's name.
    pub pathway: Option<Words>,
}

/// How many need attention in the region, and of which pathway: nothing that leads to a patient.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AttentionCount {
    /// The version's hash; `None` for whole plans.
    pub hash: Option<String>,
    /// The pathway's name, with its version.
    pub pathway: Option<(Words, String)>,
    /// How many.
    pub count: i64,
}

/// What needs attention in the reader's teams.
pub fn mine(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<AttentionView>> {
    let scope = member.scope(reading.now)?;
    let runs = plans::in_states(reading.conn, &scope, &["faulty"])?;
    let plans = attention::plans(reading.conn, &scope)?;
    if runs.is_empty() && plans.is_empty() {
        return Ok(Vec::new());
    }
    let patients = names(reading, member)?;
    let library = reading.house.library();
    let run = runs.into_iter().map(|row| (row.patient, Some((row.id, row.hash))));
    let plan = plans.into_iter().map(|patient| (patient, None));
    let view = |(patient, run): (PatientId, Option<(RunId, String)>)| {
        let title = |hash: &String| Some(library.pathways.get(hash)?.definition.title.clone());
        Some(AttentionView {
            patient,
            name: patients.get(&patient)?.clone(),
            pathway: run.as_ref().and_then(|(_, hash)| title(hash)),
            run: run.map(|(run, _)| run),
        })
    };
    Ok(run.chain(plan).filter_map(view).collect())
}

/// What needs attention in the region, by number.
pub fn counted(reading: &mut Reading<'_>) -> Result<Vec<AttentionCount>> {
    let (runs, plans) = attention::counts(reading.conn)?;
    let library = reading.house.library();
    let of_run = |(hash, count): (String, i64)| {
        let definition = library.pathways.get(&hash).map(|pathway| &pathway.definition);
        let pathway = definition.map(|found| (found.title.clone(), found.version.clone()));
        AttentionCount { hash: Some(hash), pathway, count }
    };
    let whole = (plans > 0).then_some(AttentionCount { hash: None, pathway: None, count: plans });
    Ok(runs.into_iter().map(of_run).chain(whole).collect())
}
