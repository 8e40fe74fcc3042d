//! The clock: lets due timers fire, patient by patient. A plan that cannot go on is marked and alarmed,
//! and stops no other.

use serde_json::json;

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::plans::keep;
use crate::acts::plans::refused;
use crate::acts::plans::rows::load;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::pathway::event::Input;
use crate::pathway::event::Stamped;
use crate::pathway::step;
use crate::record::Author;
use crate::store::plans;

/// How often the clock may be asked to catch up within one act before the rest waits for the next tick.
const CATCH_UP_MAX: usize = 64;
/// How many patients one round of the clock takes.
const ROUND: i64 = 64;
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
