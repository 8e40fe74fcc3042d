//! What happened on a patient's pathways from their beginning, and what comes up next.

use crate::acts::Look;
use crate::acts::plans::each_event;
use crate::acts::views::patients::PatientView;
use crate::kernel::error::Result;
use crate::pathway::ahead::Coming;
use crate::pathway::ahead::coming;
use crate::pathway::picture::history::History;

/// A patient's pathways over time.
#[derive(Debug, Clone)]
pub struct TimelineView {
    /// The patient.
    pub patient: PatientView,
    /// What happened.
    pub history: History,
    /// What comes up next if nothing changes.
    pub ahead: Vec<Coming>,
}

/// Reads a patient's pathways over time.
pub fn read(look: &mut Look<'_>) -> Result<TimelineView> {
    let patient = super::patients::banner(look)?;
    let state = super::plan::state(look)?;
    let (key, id) = (look.key().clone(), look.grant.patient());
    let mut history = History::default();
    each_event(look.conn, &key, id, i64::MAX, &mut |event| history.note(event))?;
    let ahead = coming(&look.house.library().pathways, &state);
    Ok(TimelineView { patient, history, ahead })
}
