//! `renkei verify`: walks every log without any key and names whatever was changed, removed, swapped or
//! added. A cut-off end, or a log taken away whole, shows against a checkpoint: a signed list of heads
//! that is kept elsewhere.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::LogId;
use crate::kernel::seal::Digest;
use crate::kernel::seal::Keys;
use crate::kernel::seal::is_signed;
use crate::kernel::seal::sha256;
use crate::kernel::time::Time;
use crate::record::GENESIS;
use crate::record::chain;
use crate::store::Conn;
use crate::store::log;
use crate::store::log::Head;
use crate::store::log::Linked;

/// How many entries are read at a time.
const PAGE: i64 = 1_000;

/// Something wrong with a log.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Breach {
    /// Which log.
    pub log: LogId,
    /// At which entry; 0 when it concerns the whole log.
    pub seq: i64,
    /// What is wrong.
    pub what: What,
}

/// What can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// An entry is missing here.
    Missing,
    /// The sealed payload is not the one that was chained.
    PayloadChanged,
    /// The header, the order or the hash is not what was chained.
    EntryChanged,
    /// The head does not stand at the last entry.
    HeadDiffers,
    /// Entries without a head, or a head without its log.
    HeadMissing,
    /// The log ends before the place that a checkpoint saw.
    CutOff,
    /// The log is not the one that a checkpoint saw.
    Forked,
    /// A log that a checkpoint saw is gone.
    LogGone,
    /// The checkpoint's signature does not fit: it was changed, or comes from another region.
    CheckpointForged,
}

impl What {
    /// What is wrong, in a sentence for the operator.
    pub fn says(self) -> &'static str {
        match self {
            Self::Missing => "an entry is missing here",
            Self::PayloadChanged => "the sealed payload was changed",
            Self::EntryChanged => "the entry was changed, moved or added",
            Self::HeadDiffers => "the head does not stand at the last entry",
            Self::HeadMissing => "the log has lost its head",
            Self::CutOff => "the log was cut off before the place that the checkpoint saw",
            Self::Forked => "the log is not the one that the checkpoint saw",
            Self::LogGone => "the checkpoint saw this log, and it is gone",
            Self::CheckpointForged => "the checkpoint's signature does not fit",
        }
    }
}

/// What verification found.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// Logs walked.
    pub logs: usize,
    /// Entries walked.
    pub entries: u64,
    /// What is wrong; empty when all is well.
    pub breaches: Vec<Breach>,
}

/// Walks every log.
pub fn verify(conn: &mut Conn, checkpoint: Option<&Checkpoint>) -> Result<Report> {
    let heads: BTreeMap<LogId, Head> = log::heads(conn)?.into_iter().collect();
    let found: BTreeSet<LogId> = log::logs_with_entries(conn)?.into_iter().collect();
    let keyed: BTreeSet<LogId> = log::logs_with_keys(conn)?.into_iter().collect();
    let mut report = Report { logs: heads.len(), ..Report::default() };
    for log in found.union(&keyed).filter(|log| !heads.contains_key(log)) {
        report.breaches.push(Breach { log: *log, seq: 0, what: What::HeadMissing });
    }
    let seen = checkpoint.map(Checkpoint::places).unwrap_or_default();
    for (log_id, head) in &heads {
        walk(conn, *log_id, head, seen.get(log_id), &mut report)?;
    }
    if let Some(checkpoint) = checkpoint {
        check_against(checkpoint, &heads, &mut report);
    }
    Ok(report)
}

/// Walks one log and names the first breach of it: what follows a broken link proves nothing.
fn walk(
    conn: &mut Conn,
    log_id: LogId,
    head: &Head,
    seen: Option<&(i64, Digest)>,
    report: &mut Report,
) -> Result<()> {
    let (mut previous, mut seq) = (GENESIS, 0);
    loop {
        let Some(rows) = page(conn, log_id, seq)? else {
            let at = log::seq_after(conn, log_id, seq)?.unwrap_or(seq + 1);
            report.breaches.push(Breach { log: log_id, seq: at, what: What::EntryChanged });
            return Ok(());
        };
        if rows.is_empty() {
            break;
        }
        for linked in &rows {
            report.entries += 1;
            match link(linked, seq, &previous) {
                Ok(hash) => (previous, seq) = (hash, linked.row.seq),
                Err(what) => {
                    let at = if what == What::Missing { seq + 1 } else { linked.row.seq };
                    report.breaches.push(Breach { log: log_id, seq: at, what });
                    return Ok(());
                }
            }
            if seen.is_some_and(|(at, hash)| *at == seq && *hash != previous) {
                report.breaches.push(Breach { log: log_id, seq, what: What::Forked });
                return Ok(());
            }
        }
    }
    if (head.seq, head.hash) != (seq, previous) {
        let what = if head.seq > seq { What::Missing } else { What::HeadDiffers };
        report.breaches.push(Breach { log: log_id, seq: seq.min(head.seq) + 1, what });
    }
    Ok(())
}

/// The next entries; `None` when the very next one is damaged so that it cannot even be read as a row.
fn page(conn: &mut Conn, log_id: LogId, after: i64) -> Result<Option<Vec<Linked>>> {
    if let Ok(rows) = log::after(conn, log_id, after, PAGE) {
        return Ok(Some(rows));
    }
    // One row of the page is damaged: go on one by one up to it.
    Ok(log::after(conn, log_id, after, 1).ok())
}

fn link(linked: &Linked, before: i64, previous: &Digest) -> std::result::Result<Digest, What> {
    let row = &linked.row;
    if row.seq != before + 1 {
        return Err(What::Missing);
    }
    let changed = |_: Error| What::EntryChanged;
    let digest = log::digest(&linked.digest).map_err(changed)?;
    // A payload that was lawfully removed leaves its digest; the chain still stands.
    if row.sealed.as_ref().is_some_and(|sealed| sha256(&[sealed]) != digest) {
        return Err(What::PayloadChanged);
    }
    let hash = chain(previous, &row.header().map_err(changed)?, &digest);
    if hash[..] == linked.hash[..] { Ok(hash) } else { Err(What::EntryChanged) }
}

/// A signed list of heads, to be kept away from the database.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The format's name.
    pub format: String,
    /// When it was made.
    pub at: Time,
    /// Each log with its last entry and that entry's hash in hex, by log.
    pub heads: Vec<(LogId, i64, String)>,
    /// The Merkle root over all heads, in hex: short enough to read out or to print.
    pub root: String,
    /// The public key, in hex.
    pub key: String,
    /// The signature over format, moment and root, in hex.
    pub signature: String,
}

const FORMAT: &str = "renkei-checkpoint/1";

impl Checkpoint {
    /// Signs the heads as they are now.
    pub fn make(conn: &mut Conn, keys: &Keys, now: Time) -> Result<Self> {
        let hex = |bytes: &[u8]| data_encoding::HEXLOWER.encode(bytes);
        let heads: Vec<(LogId, i64, String)> =
            log::heads(conn)?.into_iter().map(|(log, head)| (log, head.seq, hex(&head.hash))).collect();
        let root = hex(&merkle(&heads));
        let (key, signature) = keys.sign(message(now, &root).as_bytes())?;
        Ok(Self {
            format: FORMAT.to_owned(),
            at: now,
            heads,
            root,
            key: hex(&key),
            signature: hex(&signature),
        })
    }

    fn is_genuine(&self) -> bool {
        let bytes = |hex: &str| data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap_or_default();
        self.format == FORMAT
            && data_encoding::HEXLOWER.encode(&merkle(&self.heads)) == self.root
            && is_signed(&bytes(&self.key), message(self.at, &self.root).as_bytes(), &bytes(&self.signature))
    }

    fn places(&self) -> BTreeMap<LogId, (i64, Digest)> {
        self.heads
            .iter()
            .filter_map(|(log, seq, hash)| {
                let hash = data_encoding::HEXLOWER.decode(hash.as_bytes()).ok()?;
                Some((*log, (*seq, hash.try_into().ok()?)))
            })
            .collect()
    }
}

fn message(at: Time, root: &str) -> String {
    format!("{FORMAT}\n{}\n{root}\n", at.0)
}

/// RFC 6962's tree: leaves and nodes are hashed apart, so that one can never stand for the other.
fn merkle(heads: &[(LogId, i64, String)]) -> Digest {
    let mut level: Vec<Digest> = heads
        .iter()
        .map(|(log, seq, hash)| sha256(&[&[0], log.0.as_bytes(), &seq.to_be_bytes(), hash.as_bytes()]))
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [left, right] => sha256(&[&[1], left, right]),
                [alone] => *alone,
                _ => GENESIS,
            })
            .collect();
    }
    level.first().copied().unwrap_or_else(|| sha256(&[]))
}

fn check_against(checkpoint: &Checkpoint, heads: &BTreeMap<LogId, Head>, report: &mut Report) {
    if !checkpoint.is_genuine() {
        let log = LogId(uuid::Uuid::nil());
        report.breaches.push(Breach { log, seq: 0, what: What::CheckpointForged });
        return;
    }
    for (log, seq, _) in &checkpoint.heads {
        match heads.get(log) {
            None => report.breaches.push(Breach { log: *log, seq: 0, what: What::LogGone }),
            Some(head) if head.seq < *seq => {
                report.breaches.push(Breach { log: *log, seq: head.seq + 1, what: What::CutOff });
            }
            Some(_) => {}
        }
    }
}
