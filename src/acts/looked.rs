//! The access log: who opened, printed or was refused which record. Noted in memory, written in
//! batches as entries of this node's own log, in transactions of their own, so that reading never
//! waits for writing.

use std::sync::Mutex;

use crate::acts::House;
use crate::acts::Who;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::time::Time;
use crate::record::Audience;
use crate::record::Author;
use crate::record::payload::Access;
use crate::record::payload::Accesses;
use crate::record::payload::Payload;
use crate::store::access_log::Looked;
use crate::store::log::LogKind;

/// Notes accesses and writes them in batches.
#[derive(Debug)]
pub struct Recorder {
    log: LogId,
    waiting: Mutex<Vec<Access>>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self { log: LogId::new(), waiting: Mutex::new(Vec::new()) }
    }
}

impl Recorder {
    /// Notes one access or one refusal; a fault of ours is neither.
    pub(super) fn note<T>(
        &self,
        patient: PatientId,
        person: PersonId,
        at: Time,
        what: &str,
        seen: &Result<T>,
    ) {
        let outcome = match seen {
            Ok(_) => "shown",
            Err(Error::Missing | Error::Forbidden(_)) => "refused",
            Err(_) => return,
        };
        let line = Access { patient, person, at, what: what.to_owned(), outcome: outcome.to_owned() };
        self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(line);
    }

    /// Writes what waits as one entry. What cannot be written stays and is tried again.
    pub(super) async fn flush(&self, house: &House) -> Result<()> {
        let lines =
            std::mem::take(&mut *self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner));
        if lines.is_empty() {
            return Ok(());
        }
        let (log, id, kept) = (self.log, EntryId::new(), lines.clone());
        let written = house
            .perform(Who::other(Author::Clock), vec![log], move |act| {
                let key = match act.heads.of(log) {
                    Some(_) => super::log_key(act.conn, &act.house.keys, log)?,
                    None => act.begin(log, LogKind::Access)?,
                };
                let payload = Payload::from(Accesses { lines: lines.clone() });
                act.write(log, &key, id, Audience::Staff, &payload).map(|_| ())
            })
            .await;
        if written.is_err() {
            self.waiting.lock().unwrap_or_else(std::sync::PoisonError::into_inner).splice(0..0, kept);
        }
        written
    }
}

/// The rows of one entry.
pub(crate) fn rows(log: LogId, seq: i64, lines: &[Access]) -> Vec<Looked> {
    lines
        .iter()
        .zip(0..)
        .map(|(access, line)| Looked {
            log,
            seq,
            line,
            patient: access.patient,
            person: access.person,
            at: access.at,
            what: access.what.clone(),
            outcome: access.outcome.clone(),
        })
        .collect()
}
