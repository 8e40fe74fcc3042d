//! The log: heads, entries, and the wrapped key of each log. Sequence numbers are taken under the
//! head's lock, so that they have no gap and commit order is sequence order.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::access::Grant;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LogId;
use crate::kernel::id::PersonId;
use crate::kernel::seal::Digest;
use crate::kernel::time::Time;
use crate::on;
use crate::record::Audience;
use crate::record::Author;
use crate::record::GENESIS;
use crate::record::Header;
use crate::record::chain;
use crate::store::Conn;
use crate::store::schema::{data_key, entry, head};

/// What a log holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogKind {
    /// One patient's record.
    Patient,
    /// The region's register.
    Register,
    /// Who opened what, on one node since one start.
    Access,
}

impl LogKind {
    /// The stable word kept in the database.
    pub fn code(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Register => "register",
            Self::Access => "access",
        }
    }

    fn read(code: &str) -> Result<Self> {
        [Self::Patient, Self::Register, Self::Access]
            .into_iter()
            .find(|kind| kind.code() == code)
            .ok_or_else(|| Error::fault("a log of an unknown kind"))
    }
}

/// A log's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// What the log holds.
    pub kind: LogKind,
    /// The last entry's number; 0 for an empty log.
    pub seq: i64,
    /// The last entry's hash.
    pub hash: Digest,
}

impl Head {
    /// Reads a row.
    pub fn read(kind: String, seq: i64, hash: &[u8]) -> Result<Self> {
        Ok(Self { kind: LogKind::read(&kind)?, seq, hash: digest(hash)? })
    }
}

/// The locked heads of one batch, and the moved ones that must be saved before its commit.
#[derive(Debug, Clone, Default)]
pub struct Heads {
    locked: Vec<LogId>,
    heads: BTreeMap<LogId, Head>,
    moved: BTreeMap<LogId, ()>,
}

impl Heads {
    /// What was locked; logs without a row do not exist yet.
    pub fn new(locked: Vec<LogId>, heads: BTreeMap<LogId, Head>) -> Self {
        Self { locked, heads, moved: BTreeMap::new() }
    }

    /// The part that one act declared; it may touch no other.
    pub(super) fn clone_for(&self, logs: &[LogId]) -> Self {
        let heads = logs.iter().filter_map(|log| Some((*log, *self.heads.get(log)?))).collect();
        Self { locked: logs.to_vec(), heads, moved: BTreeMap::new() }
    }

    /// Keeps what a finished act moved.
    pub(super) fn take_back(&mut self, act: Self) {
        for log in act.moved.into_keys() {
            if let Some(head) = act.heads.get(&log) {
                self.heads.insert(log, *head);
                self.moved.insert(log, ());
            }
        }
    }

    /// The head of a locked log; `None` when the log does not exist.
    pub fn of(&self, log: LogId) -> Option<Head> {
        self.heads.get(&log).copied()
    }

    /// Begins a new log among the locked ones.
    pub fn begin(&mut self, log: LogId, kind: LogKind) -> Result<()> {
        if !self.locked.contains(&log) {
            return Err(Error::fault("an act began a log that it had not declared"));
        }
        if self.heads.contains_key(&log) {
            return Err(Error::Stale);
        }
        self.heads.insert(log, Head { kind, seq: 0, hash: GENESIS });
        self.moved.insert(log, ());
        Ok(())
    }

    fn advance(&mut self, log: LogId, hash: Digest) -> Result<()> {
        let head = self.heads.get_mut(&log).ok_or_else(undeclared)?;
        head.seq += 1;
        head.hash = hash;
        self.moved.insert(log, ());
        Ok(())
    }

    /// Writes the moved heads, all at once.
    pub fn save(&self, conn: &mut Conn, now: Time) -> Result<()> {
        let rows: Vec<_> = self
            .moved
            .keys()
            .filter_map(|log| Some((*log, self.heads.get(log)?)))
            .map(|(log, at)| HeadRow {
                log,
                kind: at.kind.code(),
                seq: at.seq,
                hash: at.hash.to_vec(),
                touched_at: now,
            })
            .collect();
        if rows.is_empty() {
            return Ok(());
        }
        on!(conn, |c| diesel::insert_into(head::table)
            .values(&rows)
            .on_conflict(head::log)
            .do_update()
            .set((
                head::seq.eq(excluded(head::seq)),
                head::hash.eq(excluded(head::hash)),
                head::touched_at.eq(excluded(head::touched_at)),
            ))
            .execute(c))?;
        Ok(())
    }
}

#[derive(Insertable)]
#[diesel(table_name = head, treat_none_as_default_value = false)]
struct HeadRow {
    log: LogId,
    kind: &'static str,
    seq: i64,
    hash: Vec<u8>,
    touched_at: Time,
}

fn undeclared() -> Error {
    Error::fault("an act touched a log that it had not declared or that does not exist")
}

/// Locks heads in the order of their ids, so that two nodes never wait for each other in a ring. Logs
/// without a head do not exist yet.
pub fn lock(conn: &mut Conn, logs: &[LogId]) -> Result<BTreeMap<LogId, Head>> {
    let mut logs = logs.to_vec();
    logs.sort_unstable();
    logs.dedup();
    let wanted = head::table.filter(head::log.eq_any(&logs)).order(head::log.asc()).select((
        head::log,
        head::kind,
        head::seq,
        head::hash,
    ));
    let rows: Vec<(LogId, String, i64, Vec<u8>)> = match conn {
        // The whole database is locked by BEGIN IMMEDIATE.
        Conn::Sqlite(c) => wanted.load(c)?,
        Conn::Postgres(c) => wanted.for_update().load(c)?,
    };
    rows.into_iter().map(|(log, kind, seq, hash)| Ok((log, Head::read(kind, seq, &hash)?))).collect()
}

/// How many entries are read at once.
const PART: i64 = 1_000;

/// An entry as it stands in the database.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = entry, treat_none_as_default_value = false)]
pub struct Row {
    /// Which log.
    pub log: LogId,
    /// Position from 1.
    pub seq: i64,
    /// The client's id.
    pub id: EntryId,
    /// Kind of payload.
    pub kind: String,
    /// Version of the kind.
    pub version: i32,
    /// Who or what wrote it.
    pub source: String,
    /// The person, when one wrote it.
    pub author: Option<PersonId>,
    /// For whom it was entered by proxy.
    pub behalf: Option<PersonId>,
    /// When it was accepted.
    pub at: Time,
    /// The writer's clock.
    pub client_at: Option<Time>,
    /// Who may read it.
    pub audience: String,
    /// The sealed payload; `None` when it was lawfully removed.
    pub sealed: Option<Vec<u8>>,
}

/// An entry with its link of the chain, for whoever appends or checks; readers do without.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = entry, treat_none_as_default_value = false)]
pub struct Linked {
    /// The entry.
    #[diesel(embed)]
    pub row: Row,
    /// SHA-256 of the sealed payload.
    pub digest: Vec<u8>,
    /// The chain's hash.
    pub hash: Vec<u8>,
}

impl Row {
    /// The header of the entry; a fault when a row holds words that this house never wrote.
    pub fn header(&self) -> Result<Header> {
        let strange = || Error::fault("an entry's header holds an unknown word");
        Ok(Header {
            log: self.log,
            seq: self.seq,
            id: self.id,
            kind: self.kind.clone(),
            version: self.version,
            author: Author::read(&self.source, self.author).ok_or_else(strange)?,
            behalf: self.behalf,
            at: self.at,
            client_at: self.client_at,
            audience: Audience::read(&self.audience).ok_or_else(strange)?,
        })
    }
}

/// Appends a sealed payload: takes the next number under the lock, chains, inserts. `header.seq` is
/// set here and returned; `None` when the log already holds an entry of this id.
pub fn append(
    conn: &mut Conn,
    heads: &mut Heads,
    mut header: Header,
    sealed: Vec<u8>,
    payload_digest: Digest,
) -> Result<Option<Header>> {
    let end = heads.of(header.log).ok_or_else(undeclared)?;
    header.seq = end.seq + 1;
    let hash = chain(&end.hash, &header, &payload_digest);
    let row = Row {
        log: header.log,
        seq: header.seq,
        id: header.id,
        kind: header.kind.clone(),
        version: header.version,
        source: header.author.source().to_owned(),
        author: header.author.person(),
        behalf: header.behalf,
        at: header.at,
        client_at: header.client_at,
        audience: header.audience.code().to_owned(),
        sealed: Some(sealed),
    };
    let log = row.log;
    let linked = Linked { row, digest: payload_digest.to_vec(), hash: hash.to_vec() };
    let taken = on!(conn, |c| diesel::insert_into(entry::table)
        .values(&linked)
        .on_conflict((entry::id, entry::log))
        .do_nothing()
        .execute(c))?
        == 0;
    if taken {
        return Ok(None);
    }
    heads.advance(log, hash)?;
    Ok(Some(header))
}

/// The entry that already carries this id in this log.
pub fn by_id(conn: &mut Conn, log: LogId, id: EntryId) -> Result<Option<Row>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::id.eq(id)))
        .select(Row::as_select())
        .first(c)
        .optional())?)
}

/// The numbers of the entries of these ids; one that stands in another log has none.
pub fn numbers(conn: &mut Conn, log: LogId, ids: &[EntryId]) -> Result<Vec<(EntryId, i64)>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::id.eq_any(ids)))
        .select((entry::id, entry::seq))
        .load(c))?)
}

/// One entry by its number.
pub fn by_seq(conn: &mut Conn, log: LogId, seq: i64) -> Result<Row> {
    Ok(on!(conn, |c| entry::table.find((log, seq)).select(Row::as_select()).first(c))?)
}

/// Several entries by their numbers, in order.
pub fn by_seqs(conn: &mut Conn, log: LogId, seqs: &[i64]) -> Result<Vec<Row>> {
    if seqs.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::seq.eq_any(seqs)))
        .order(entry::seq.asc())
        .select(Row::as_select())
        .load(c))?)
}

/// How many places one query may name: conditions nest as deep as there are places.
const PLACES_MAX: usize = 200;

/// Entries of several logs by their places, in no order.
pub fn by_places(conn: &mut Conn, places: &[(LogId, i64)]) -> Result<Vec<Row>> {
    let mut rows = Vec::with_capacity(places.len());
    for some in places.chunks(PLACES_MAX) {
        let found: Vec<Row> = on!(conn, |c| {
            let mut query = entry::table.select(Row::as_select()).into_boxed();
            for (log, seq) in some {
                query = query.or_filter(entry::log.eq(*log).and(entry::seq.eq(*seq)));
            }
            query.load(c)
        })?;
        rows.extend(found);
    }
    Ok(rows)
}

/// The newest entry of a kind.
pub fn newest_of(conn: &mut Conn, log: LogId, kind: &str) -> Result<Option<Row>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::kind.eq(kind)))
        .order(entry::seq.desc())
        .select(Row::as_select())
        .first(c)
        .optional())?)
}

/// Entries after a number, oldest first, whatever their kind: verification and rebuilding.
pub fn after(conn: &mut Conn, log: LogId, after: i64, limit: i64) -> Result<Vec<Linked>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::seq.gt(after)))
        .order(entry::seq.asc())
        .limit(limit)
        .select(Linked::as_select())
        .load(c))?)
}

/// All heads, in the order of their ids.
pub fn heads(conn: &mut Conn) -> Result<Vec<(LogId, Head)>> {
    let rows: Vec<(LogId, String, i64, Vec<u8>)> = on!(conn, |c| head::table
        .order(head::log.asc())
        .select((head::log, head::kind, head::seq, head::hash))
        .load(c))?;
    rows.into_iter().map(|(log, kind, seq, hash)| Ok((log, Head::read(kind, seq, &hash)?))).collect()
}

/// The logs that entries exist of: a log whose head was taken away shows here.
pub fn logs_with_entries(conn: &mut Conn) -> Result<Vec<LogId>> {
    Ok(on!(conn, |c| entry::table.select(entry::log).distinct().order(entry::log.asc()).load(c))?)
}

/// Heads that moved after a moment: how one node hears of another's acts.
pub fn touched_since(conn: &mut Conn, since: Time) -> Result<Vec<(LogId, String, i64, Time)>> {
    Ok(on!(conn, |c| head::table
        .filter(head::touched_at.ge(since))
        .order(head::touched_at.asc())
        .select((head::log, head::kind, head::seq, head::touched_at))
        .load(c))?)
}

/// A log's wrapped key.
pub fn wrapped_key(conn: &mut Conn, log: LogId) -> Result<Option<Vec<u8>>> {
    Ok(on!(conn, |c| data_key::table.find(log).select(data_key::wrapped).first(c).optional())?)
}

/// Keeps a new log's wrapped key.
pub fn keep_key(conn: &mut Conn, log: LogId, wrapped: &[u8]) -> Result<()> {
    on!(conn, |c| diesel::insert_into(data_key::table)
        .values((data_key::log.eq(log), data_key::wrapped.eq(wrapped)))
        .execute(c))?;
    Ok(())
}

/// Reads 32 bytes.
pub fn digest(bytes: &[u8]) -> Result<Digest> {
    bytes.try_into().map_err(|_| Error::fault("a hash has the wrong length"))
}

/// All entries of these kinds after a number, in order, read a part at a time.
pub fn of_kinds_after(conn: &mut Conn, log: LogId, kinds: &[&str], mut after: i64) -> Result<Vec<Row>> {
    let mut all = Vec::new();
    loop {
        let mut part: Vec<Row> = on!(conn, |c| entry::table
            .filter(entry::log.eq(log).and(entry::seq.gt(after)).and(entry::kind.eq_any(kinds)))
            .order(entry::seq.asc())
            .limit(PART)
            .select(Row::as_select())
            .load(c))?;
        let Some(last) = part.last() else { return Ok(all) };
        after = last.seq;
        let full = i64::try_from(part.len()) == Ok(PART);
        all.append(&mut part);
        if !full {
            return Ok(all);
        }
    }
}

/// The number of the record's newest entry.
pub fn newest(conn: &mut Conn, grant: &Grant) -> Result<i64> {
    Ok(on!(conn, |c| head::table.find(grant.patient().log()).select(head::seq).first(c))?)
}

/// The number of the register's newest entry: what was opened of it stands as long as this does.
pub fn register_seq(conn: &mut Conn, register: LogId) -> Result<i64> {
    Ok(on!(conn, |c| head::table.find(register).select(head::seq).first(c))?)
}

/// The newest entries of a record, whatever their kind.
pub fn latest(conn: &mut Conn, grant: &Grant, limit: i64) -> Result<Vec<Linked>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(grant.patient().log()))
        .order(entry::seq.desc())
        .limit(limit)
        .select(Linked::as_select())
        .load(c))?)
}

/// The logs that keys exist of: a log that was taken away whole leaves its key behind.
pub fn logs_with_keys(conn: &mut Conn) -> Result<Vec<LogId>> {
    Ok(on!(conn, |c| data_key::table.select(data_key::log).order(data_key::log.asc()).load(c))?)
}

/// The number of the next entry after a number, read alone: it may be all that is whole of it.
pub fn seq_after(conn: &mut Conn, log: LogId, after: i64) -> Result<Option<i64>> {
    Ok(on!(conn, |c| entry::table
        .filter(entry::log.eq(log).and(entry::seq.gt(after)))
        .select(diesel::dsl::min(entry::seq))
        .first(c))?)
}
