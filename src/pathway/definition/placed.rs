//! Where the conditions of a pathway stand: one walk for everybody who types, proves or counts them.

use super::Condition;
use super::Definition;
use super::Phase;
use super::Unit;

impl Definition {
    /// Every condition with its JSON pointer and where it is looked at.
    pub(in crate::pathway) fn conditions<'a>(&'a self) -> Vec<Placed<'a>> {
        let mut placed = Vec::new();
        let mut place = |pointer: String, at: Place<'a>, condition: Option<&'a Condition>| {
            placed.extend(condition.map(|condition| Placed { pointer, at, condition }));
        };
        place("/start/when".to_owned(), Place::Start, self.start.when.as_ref());
        for (p, phase) in self.phases.iter().enumerate() {
            for (e, exit) in phase.leave.iter().enumerate() {
                let base = format!("/phases/{p}/leave/{e}");
                place(format!("{base}/propose"), Place::Exit(phase), exit.propose.as_ref());
                place(format!("{base}/when"), Place::Exit(phase), exit.when.as_ref());
            }
        }
        for (u, unit) in self.units.iter().enumerate() {
            let base = format!("/units/{u}");
            let met = unit.outcome.as_ref().map(|outcome| &outcome.met);
            place(format!("{base}/outcome/met"), Place::Outcome, met);
            for (t, task) in unit.tasks.iter().enumerate() {
                let Some(schedule) = &task.schedule else { continue };
                let base = format!("{base}/tasks/{t}/schedule");
                place(format!("{base}/when"), Place::Unit(unit), schedule.when.as_ref());
                for (index, choice) in schedule.choices().iter().enumerate() {
                    place(format!("{base}/from/{index}/when"), Place::Unit(unit), Some(&choice.when));
                }
            }
            for (r, rule) in unit.rules.iter().enumerate() {
                place(format!("{base}/rules/{r}/when"), Place::Unit(unit), Some(&rule.when));
            }
        }
        placed
    }
}

/// A condition where it stands.
#[derive(Debug, Clone)]
pub(in crate::pathway) struct Placed<'a> {
    /// Its JSON pointer.
    pub pointer: String,
    /// Where it is looked at.
    pub at: Place<'a>,
    /// The condition.
    pub condition: &'a Condition,
}

/// Where a condition is looked at.
#[derive(Debug, Clone, Copy)]
pub(in crate::pathway) enum Place<'a> {
    /// Before a run begins.
    Start,
    /// In this phase.
    Exit(&'a Phase),
    /// When this unit's outcome is judged.
    Outcome,
    /// In the phases of this unit.
    Unit(&'a Unit),
}
