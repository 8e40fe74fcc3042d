//! The clock: lets due timers fire, patient by patient. A plan that cannot go on is marked and alarmed,
//! and stops no other.

use futures_util::future::join_all;
use serde_json::json;

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::plans::keep;
use crate::acts::plans::rows::Stepped;
use crate::acts::plans::rows::load;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::time::Time;
use crate::pathway::Passed;
use crate::pathway::pass;
use crate::record::Author;
use crate::store::plans;

/// How often the clock may be asked to catch up within one act before the rest waits for the next tick.
const CATCH_UP_MAX: usize = 64;
/// How many patients one round of the clock takes.
const ROUND: i64 = 2_048;
/// How many of them are handed to the committer together: it commits them at once, and what a person sends
/// meanwhile waits for no more than these.
const GROUP: usize = 128;

/// Lets a patient's due timers fire, a bounded part at a time: the clock's own act. After a long outage
/// each round goes on where the last one stopped.
pub fn tick(act: &mut Act<'_>, id: EntryId, patient: PatientId) -> Result<()> {
    let grant = clock_grant(act, patient)?;
    let before = load(act, &grant)?;
    let Passed { events, state, next } =
        pass(&act.library().pathways, &before, act.now.stamp(), CATCH_UP_MAX);
    let stepped = Stepped { before, after: state, next: next.map(Time::from) };
    keep(act, &grant, id, json!("tick"), &stepped, &events)
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
        let mut due = self.read(|reading| plans::due(reading.conn, reading.now, ROUND)).await?;
        // Those who were registered together stand together in the tables: in this order a group's rows
        // share their pages, which are written once for all of them.
        due.sort_unstable();
        let mut ticked = 0;
        for group in due.chunks(GROUP) {
            let done = join_all(group.iter().map(|patient| self.tick_one(*patient))).await;
            ticked += done.into_iter().filter(|ticked| *ticked).count();
        }
        Ok(ticked)
    }

    /// Whether a patient's timers fired.
    async fn tick_one(&self, patient: PatientId) -> bool {
        let id = EntryId::new();
        let clock = Who::other(Author::Clock);
        match self.perform(clock, vec![patient.log()], move |act| tick(act, id, patient)).await {
            Ok(()) => true,
            Err(Error::Busy | Error::Full | Error::Unknown | Error::Missing) => false,
            Err(cause) => {
                tracing::error!(patient = %patient, %cause, "a plan needs attention: the engine stopped on it");
                // Marking writes no entry, and the head may be what is damaged: it is not asked for.
                let marked = self.perform(clock, Vec::new(), move |act| {
                    let grant = clock_grant(act, patient)?;
                    plans::trouble(act.conn, &grant)
                });
                // One that cannot even be marked must not keep the clock from the others.
                if let Err(cause) = marked.await {
                    tracing::error!(patient = %patient, %cause, "a plan in trouble could not be marked");
                }
                false
            }
        }
    }
}
