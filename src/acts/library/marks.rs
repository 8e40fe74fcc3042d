//! What the region says of a version: that it starts no more, or that all its runs rest. The word is one
//! entry of the register; the house then brings each run to it by an act of its own, a part at a time.
//! What is left to do follows from the rows, so a crash in between loses nothing and doubles nothing.

use futures_util::future::join_all;

use crate::access::library::LibraryNeed;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::library::drafts::may;
use crate::acts::plans;
use crate::acts::plans::need_reason;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::RunId;
use crate::pathway::event::Input;
use crate::record::Author;
use crate::record::payload::Mark;
use crate::record::payload::Marked;
use crate::record::payload::Payload;
use crate::store::definitions;
use crate::store::library as rows;
use crate::store::log;

/// How many records are written to in one part: enough to share commits, few enough to let others in.
const PART: i64 = 64;
/// How many parts one round takes before the house looks after its other chores.
const PARTS: usize = 8;

/// Says something of a version, with a reason.
pub fn mark(act: &mut Act<'_>, id: EntryId, new: &Marked) -> Result<()> {
    match act.who.author {
        Author::Operator => {}
        _ => {
            let who = act.who.need_person()?;
            may(act.conn, who, LibraryNeed::Rule)?;
        }
    }
    need_reason(&new.reason)?;
    let marked = Marked { reason: new.reason.trim().to_owned(), ..new.clone() };
    if act.stands(act.register(), id)?.is_some() {
        return act.enter(id, marked).map(|_| ());
    }
    let known = definitions::by_hash(act.conn, &new.hash)?.filter(|row| row.kind == "pathway");
    known.ok_or(Error::Missing)?;
    let before = rows::mark(act.conn, &new.hash)?;
    let (stopped, suspended) = before.map_or((false, false), |mark| (mark.stopped, mark.suspended));
    let fits = match new.mark {
        Mark::Stop => !stopped,
        Mark::Allow => stopped,
        Mark::Suspend => !suspended,
        Mark::Resume => suspended,
    };
    if !fits {
        return Err(Error::Stale);
    }
    act.enter(id, marked).map(|_| ())
}

/// Brings one patient's runs to what the region says of their version now.
fn bring(act: &mut Act<'_>, patient: PatientId, hash: &str) -> Result<()> {
    let Some(mark) = rows::mark(act.conn, hash)? else { return Ok(()) };
    let grant = plans::clock_grant(act, patient)?;
    let state = plans::load(act, &grant)?;
    if !state.has_run_of(hash, !mark.suspended) {
        return Ok(());
    }
    let input = match mark.suspended {
        true => Input::Halt { hash: hash.to_owned(), reason: reason(act, mark.seq)? },
        false => Input::Release(hash.to_owned()),
    };
    let told = serde_json::json!({ "mark": hash, "seq": mark.seq });
    plans::feed(act, &grant, EntryId::new(), told, input)
}

/// Why the region said so.
fn reason(act: &mut Act<'_>, seq: i64) -> Result<String> {
    let row = log::by_seq(act.conn, act.register(), seq)?;
    match crate::acts::open(&act.register_key()?, &row)? {
        Payload::Marked(marked) => Ok(marked.reason),
        _ => Err(Error::fault("a mark names another kind of entry")),
    }
}

impl House {
    /// Says something of a version and begins at once to bring its runs there; the house's chores do
    /// what is left.
    pub async fn mark_version(&self, who: Who, id: EntryId, new: Marked) -> Result<()> {
        self.perform(who, vec![self.register()], move |act| mark(act, id, &new)).await?;
        self.reload_library().await?;
        self.bring_runs().await.map(|_| ())
    }

    /// One round: runs that are not yet as the region said of their version. A record that cannot be
    /// written to now stops no other and comes again in the next round. Returns how many were brought.
    pub async fn bring_runs(&self) -> Result<usize> {
        let mut brought = 0;
        let marks = self.read(|reading| rows::marks(reading.conn)).await?;
        for mark in marks {
            let mut after = None;
            for _ in 0..PARTS {
                let (hash, suspended) = (mark.hash.clone(), mark.suspended);
                let part = self
                    .read(move |reading| rows::not_as_said(reading.conn, &hash, suspended, after, PART))
                    .await?;
                let Some((last, _)) = part.last() else { break };
                after = Some(*last);
                brought += self.bring_part(&part, &mark.hash).await;
            }
        }
        Ok(brought)
    }

    async fn bring_part(&self, part: &[(RunId, PatientId)], hash: &str) -> usize {
        let mut patients: Vec<PatientId> = part.iter().map(|(_, patient)| *patient).collect();
        patients.sort_unstable();
        patients.dedup();
        let one = |patient: PatientId| {
            let hash = hash.to_owned();
            self.perform(Who::other(Author::Clock), vec![patient.log()], move |act| {
                bring(act, patient, &hash)
            })
        };
        let done = join_all(patients.into_iter().map(one)).await;
        for cause in done.iter().filter_map(|done| done.as_ref().err()) {
            tracing::warn!(%cause, "a run could not be brought to what the region said of its version");
        }
        done.iter().filter(|done| done.is_ok()).count()
    }
}
