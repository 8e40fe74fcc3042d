//! Verbs: one person (or the clock, an operator, a one-time link) doing one thing at one moment, in one
//! transaction. [`House::perform`] is the only way to write history, [`House::jot`] the named second
//! door for what is not history, [`House::look`] the way to read a patient's record.

use std::sync::Arc;
use std::sync::RwLock;

use crate::access;
use crate::access::Grant;
use crate::access::LetterGrant;
use crate::access::Need;
use crate::acts::live::Live;
use crate::acts::live::News;
use crate::acts::looked::Recorder;
use crate::acts::projection::Means;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::seal::Key;
use crate::kernel::seal::Keys;
use crate::kernel::seal::sha256;
use crate::kernel::time::Clock;
use crate::kernel::time::Time;
use crate::record;
use crate::record::Audience;
use crate::record::Author;
use crate::record::Header;
use crate::record::payload::Payload;
use crate::record::payload::Planned;
use crate::store::Conn;
use crate::store::Store;
use crate::store::log;
use crate::store::log::Heads;
use crate::store::patients as patient_rows;

pub mod accounts;
pub mod chores;
mod directory;
pub mod handover;
pub mod happenings;
pub mod letters;
pub mod library;
pub mod live;
pub mod looked;
pub mod patients;
pub mod plans;
mod projection;
pub mod region;
pub mod register;
pub mod stays;
pub mod threads;
pub mod views;

pub use directory::Directory;

/// Who acts, and how the house came to hear of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Who {
    /// The author of what is written.
    pub author: Author,
    /// For whom it is entered by proxy.
    pub behalf: Option<PersonId>,
    /// What the writer's own clock says; shown, never used for order.
    pub client_at: Option<Time>,
}

impl Who {
    /// A signed-in person.
    pub fn person(id: PersonId) -> Self {
        Self { author: Author::Person(id), behalf: None, client_at: None }
    }

    /// The house's clock, an operator, or a one-time link.
    pub fn other(author: Author) -> Self {
        Self { author, behalf: None, client_at: None }
    }

    /// The person, or `SignedOut` where only people may act.
    pub fn need_person(&self) -> Result<PersonId> {
        self.author.person().ok_or(Error::SignedOut)
    }
}

/// The running house: the database, the keys, the published definitions, and who listens.
#[derive(Debug, Clone)]
pub struct House {
    inner: Arc<Inner>,
    clock: Clock,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    keys: Keys,
    register: LogId,
    library: RwLock<Arc<library::Library>>,
    directory: RwLock<Option<Arc<Directory>>>,
    live: Live,
    recorder: Recorder,
}

/// One act under way: who, when, and the open transaction.
#[expect(missing_debug_implementations, reason = "an act is a borrowed transaction and has nothing to show")]
pub struct Act<'a> {
    /// The open transaction.
    pub conn: &'a mut Conn,
    /// Who acts.
    pub who: Who,
    /// The act's one moment.
    pub now: Time,
    heads: &'a mut Heads,
    house: &'a Inner,
    news: Vec<News>,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is new, with this number.
    New(i64),
    /// The same id with the same content stood there already; nothing else may be done.
    Again(i64),
}

impl Appended {
    /// The entry's number, new or old.
    pub fn seq(self) -> i64 {
        match self {
            Self::New(seq) | Self::Again(seq) => seq,
        }
    }
}

impl House {
    /// The moment it is now for this house.
    pub fn now(&self) -> Time {
        self.clock.now()
    }

    /// The same house at another moment: the demo's made-up past.
    pub fn at(&self, time: Time) -> Self {
        Self { inner: self.inner.clone(), clock: Clock::Fixed(time) }
    }

    /// The house's keys.
    pub fn keys(&self) -> &Keys {
        &self.inner.keys
    }

    /// The register's log.
    pub fn register(&self) -> LogId {
        self.inner.register
    }

    /// Those who listen.
    pub fn live(&self) -> &Live {
        &self.inner.live
    }

    /// The published pathways and forms.
    pub fn library(&self) -> Arc<library::Library> {
        self.inner.library.read().map_or_else(|broken| broken.into_inner().clone(), |library| library.clone())
    }

    /// Runs an act: begins, lets the verb work, appends, commits; and only then tells the others.
    /// `logs` are all logs whose heads the verb may move. The verb may run more than once.
    pub async fn perform<T: Send + 'static>(
        &self,
        who: Who,
        logs: Vec<LogId>,
        verb: impl Fn(&mut Act<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let house = self.clone();
        let (done, news) = self
            .inner
            .store
            .committer
            .commit(logs, move |conn, now, heads| {
                let now = match house.clock {
                    Clock::System => now,
                    Clock::Fixed(at) => at,
                };
                let mut act = Act { conn, who, now, heads, house: &house.inner, news: Vec::new() };
                let done = verb(&mut act)?;
                Ok((done, act.news))
            })
            .await?;
        self.inner.live.tell(news);
        Ok(done)
    }

    /// The second door: writes what is not history (sessions, marks, drafts), without an entry.
    pub async fn jot<T: Send + 'static>(
        &self,
        write: impl Fn(&mut Conn, Time) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let clock = self.clock;
        self.inner
            .store
            .committer
            .commit(vec![], move |conn, now, _| {
                write(conn, if let Clock::Fixed(at) = clock { at } else { now })
            })
            .await
    }

    /// Reads by one statement, which is one moment by itself.
    async fn read_row<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Conn) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let house = self.clone();
        tokio::task::spawn_blocking(move || house.inner.store.read(read))
            .await
            .map_err(|_| Error::fault("a reader was stopped"))?
    }

    /// Reads without opening any patient's record; lists take a scope.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&mut Reading<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let house = self.clone();
        tokio::task::spawn_blocking(move || {
            let reading = |conn: &mut Conn| read(&mut Reading { conn, now: house.now(), house: &house });
            house.inner.store.read(|conn| conn.as_of_one_moment(reading))
        })
        .await
        .map_err(|_| Error::fault("a reader was stopped"))?
    }

    /// Opens a patient's record for reading: judges, reads, and notes who opened what. A refusal is
    /// noted too.
    pub async fn look<T: Send + 'static>(
        &self,
        who: PersonId,
        patient: PatientId,
        what: &'static str,
        read: impl FnOnce(&mut Look<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let seen = self.read(move |reading| reading.look(who, patient, read)).await;
        self.note_look(patient, who, what, &seen);
        seen
    }

    /// Notes who opened what, or was refused.
    fn note_look<T>(&self, patient: PatientId, who: PersonId, what: &str, seen: &Result<T>) {
        self.inner.recorder.note(patient, who, self.now(), what, seen);
    }

    /// Opens one form for reading, for the team or for the office it was sent to.
    pub async fn look_at_letter<T: Send + 'static>(
        &self,
        who: PersonId,
        letter: LetterId,
        what: &'static str,
        read: impl FnOnce(&mut LetterLook<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let opened = self
            .read(move |reading| {
                let grant = letter_grant(reading.conn, reading.now, who, letter, Need::Read)?;
                let patient = grant.patient();
                let key = reading.house.keys().unwrap(patient.0.as_bytes(), grant.wrapped_key())?;
                let mut look = LetterLook {
                    conn: &mut *reading.conn,
                    now: reading.now,
                    house: reading.house,
                    grant,
                    key,
                };
                Ok((patient, read(&mut look)?))
            })
            .await;
        match opened {
            Ok((patient, seen)) => {
                self.inner.recorder.note(patient, who, self.now(), what, &Ok(()));
                Ok(seen)
            }
            Err(why) => Err(why),
        }
    }

    /// Judges whether someone may do something with a patient's record, before anything of what they
    /// send is read; the act itself judges again in its transaction. A refusal is noted.
    pub async fn may(&self, who: PersonId, patient: PatientId, need: Need) -> Result<()> {
        let judged = self
            .read(move |reading| {
                let facts = patient_rows::facts(reading.conn, patient, Some(who))?;
                access::judge(&facts, need, reading.now).map(|_| ())
            })
            .await;
        if judged.is_err() {
            self.inner.recorder.note(patient, who, self.now(), "write", &judged);
        }
        judged
    }

    /// The same for one form.
    pub async fn may_letter(&self, who: PersonId, letter: LetterId, need: Need) -> Result<()> {
        self.read(move |reading| letter_grant(reading.conn, reading.now, who, letter, need).map(|_| ())).await
    }

    /// Empties the projections and makes them anew from the logs, in one transaction.
    pub async fn rebuild(&self) -> Result<()> {
        let (keys, library) = (self.keys().clone(), self.library());
        self.jot(move |conn, _| projection::rebuild(conn, &keys, &library)).await
    }

    /// Writes what is noted of accesses so far.
    pub async fn flush_accesses(&self) -> Result<()> {
        self.inner.recorder.flush(self).await
    }
}

/// Judges access to a form for one person.
fn letter_grant(
    conn: &mut Conn,
    now: Time,
    who: PersonId,
    letter: LetterId,
    need: Need,
) -> Result<LetterGrant> {
    let (patient, letter) = crate::store::letters::facts(conn, letter)?;
    let facts = patient_rows::facts(conn, patient, Some(who))?;
    access::judge_letter(&letter, &facts, need, now)
}

/// What is noted beside reading must not keep anyone from reading: what cannot be written now is let go.
pub(crate) fn beside_reading(noted: Result<()>) -> Result<()> {
    match noted {
        Err(cause @ (Error::Busy | Error::Full | Error::Unknown)) => {
            tracing::warn!(%cause, "a note beside reading was let go");
            Ok(())
        }
        other => other,
    }
}

/// A read under way, of lists and of the register.
#[expect(missing_debug_implementations, reason = "a reading is a borrowed connection")]
pub struct Reading<'a> {
    /// A connection that can only read, within one moment.
    pub conn: &'a mut Conn,
    /// The moment.
    pub now: Time,
    /// The house.
    pub house: &'a House,
}

impl Reading<'_> {
    /// Everyone of the region and the offices, at this moment.
    pub fn directory(&mut self) -> Result<Arc<Directory>> {
        self.house.directory(self.conn)
    }

    /// Opens a patient's record for whoever may read it.
    fn look<T>(
        &mut self,
        who: PersonId,
        patient: PatientId,
        read: impl FnOnce(&mut Look<'_>) -> Result<T>,
    ) -> Result<T> {
        let facts = patient_rows::facts(self.conn, patient, Some(who))?;
        let grant = access::judge(&facts, Need::Read, self.now)?;
        let key = self.house.keys().unwrap(patient.0.as_bytes(), grant.wrapped_key())?;
        read(&mut Look { conn: &mut *self.conn, now: self.now, house: self.house, grant, key })
    }
}

/// A patient's record, opened for reading.
#[expect(missing_debug_implementations, reason = "a look is a borrowed connection and a key")]
pub struct Look<'a> {
    /// A connection that can only read, within one moment.
    pub conn: &'a mut Conn,
    /// The moment.
    pub now: Time,
    /// The house.
    pub house: &'a House,
    /// Permission to read this patient.
    pub grant: Grant,
    key: Key,
}

impl Look<'_> {
    /// Opens an entry of this record.
    pub fn open(&self, row: &log::Row) -> Result<Payload> {
        open(&self.key, row)
    }

    /// The record's key, for what is sealed beside the log (cards, drafts, snapshots).
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Everyone of the region and the offices, at this moment.
    pub fn directory(&mut self) -> Result<Arc<Directory>> {
        self.house.directory(self.conn)
    }

    /// The lists of the same reader, at the same moment.
    pub fn reading(&mut self) -> Reading<'_> {
        Reading { conn: self.conn, now: self.now, house: self.house }
    }
}

/// One form, opened for reading.
#[expect(missing_debug_implementations, reason = "a look is a borrowed connection and a key")]
pub struct LetterLook<'a> {
    /// A connection that can only read, within one moment.
    pub conn: &'a mut Conn,
    /// The moment.
    pub now: Time,
    /// The house.
    pub house: &'a House,
    /// Permission to read this form.
    pub grant: LetterGrant,
    key: Key,
}

impl LetterLook<'_> {
    /// Everyone of the region and the offices, at this moment.
    pub fn directory(&mut self) -> Result<Arc<Directory>> {
        self.house.directory(self.conn)
    }

    /// Opens an entry of the record the form stands in.
    pub fn open(&self, row: &log::Row) -> Result<Payload> {
        open(&self.key, row)
    }

    /// The record's key, for the sealed card.
    pub fn key(&self) -> &Key {
        &self.key
    }
}

/// Opens a row with its log's key.
pub(crate) fn open(key: &Key, row: &log::Row) -> Result<Payload> {
    let sealed = row.sealed.as_deref().ok_or_else(|| Error::fault("the payload was removed"))?;
    let plain = key.open(&record::about(row.log, row.id, &row.kind, row.version), sealed)?;
    Payload::read(&row.kind, row.version, &plain)
}

impl Act<'_> {
    /// Permission for this act's author to do this kind of thing with a patient's record.
    pub fn grant(&mut self, patient: PatientId, need: Need) -> Result<Grant> {
        let who = match self.who.author {
            Author::Person(person) => Some(person),
            Author::Clock => None,
            Author::Operator | Author::Link => return Err(Error::Missing),
        };
        let facts = patient_rows::facts(self.conn, patient, who)?;
        access::judge(&facts, need, self.now)
    }

    /// Permission to move one form: the team's or the receiving office's.
    pub fn letter_grant(&mut self, letter: LetterId, need: Need) -> Result<LetterGrant> {
        let who = self.who.need_person()?;
        letter_grant(self.conn, self.now, who, letter, need)
    }

    /// The record's key under a grant.
    pub fn key(&self, grant: &Grant) -> Result<Key> {
        self.house.keys.unwrap(grant.patient().0.as_bytes(), grant.wrapped_key())
    }

    /// The house's keys.
    pub fn keys(&self) -> &Keys {
        &self.house.keys
    }

    /// The register's log.
    pub fn register(&self) -> LogId {
        self.house.register
    }

    /// The published pathways and forms.
    pub fn library(&self) -> Arc<library::Library> {
        self.house.library.read().map_or_else(|broken| broken.into_inner().clone(), |library| library.clone())
    }

    /// Others may want to know, once this is durable.
    pub fn tell(&mut self, news: News) {
        if !self.news.contains(&news) {
            self.news.push(news);
        }
    }

    /// Begins a log with a fresh key of its own.
    pub(crate) fn begin(&mut self, id: LogId, kind: log::LogKind) -> Result<Key> {
        self.heads.begin(id, kind)?;
        let key = Key::random()?;
        log::keep_key(self.conn, id, &self.house.keys.wrap(id.0.as_bytes(), &key)?)?;
        Ok(key)
    }

    /// The register's key.
    pub(crate) fn register_key(&mut self) -> Result<Key> {
        log_key(self.conn, &self.house.keys, self.house.register)
    }

    /// Appends to a patient's record.
    pub fn append(
        &mut self,
        grant: &Grant,
        id: EntryId,
        audience: Audience,
        payload: impl Into<Payload>,
    ) -> Result<Appended> {
        let key = self.key(grant)?;
        self.write(grant.patient().log(), &key, id, audience, &payload.into())
    }

    /// Appends what the engine said to a patient's record, with the states that the act has at hand.
    pub(crate) fn append_planned(
        &mut self,
        grant: &Grant,
        id: EntryId,
        planned: Planned,
        stepped: &plans::Stepped,
    ) -> Result<Appended> {
        let key = self.key(grant)?;
        let log = grant.patient().log();
        self.write_with(log, &key, id, Audience::Staff, &planned.into(), Some(stepped))
    }

    /// Appends to the record that a form stands in, under the right to move that form.
    pub fn append_letter(
        &mut self,
        grant: &LetterGrant,
        id: EntryId,
        payload: impl Into<Payload>,
    ) -> Result<Appended> {
        let key = self.house.keys.unwrap(grant.patient().0.as_bytes(), grant.wrapped_key())?;
        self.write(grant.patient().log(), &key, id, Audience::Staff, &payload.into())
    }

    /// Appends to the register.
    pub(crate) fn enter(&mut self, id: EntryId, payload: impl Into<Payload>) -> Result<Appended> {
        let key = self.register_key()?;
        self.write(self.house.register, &key, id, Audience::Staff, &payload.into())
    }

    /// Seals, chains, inserts and projects; or finds that this was done before.
    pub(crate) fn write(
        &mut self,
        log_id: LogId,
        key: &Key,
        id: EntryId,
        audience: Audience,
        payload: &Payload,
    ) -> Result<Appended> {
        self.write_with(log_id, key, id, audience, payload, None)
    }

    fn write_with(
        &mut self,
        log_id: LogId,
        key: &Key,
        id: EntryId,
        audience: Audience,
        payload: &Payload,
        stepped: Option<&plans::Stepped>,
    ) -> Result<Appended> {
        let plain = payload.write()?;
        let header = Header {
            log: log_id,
            seq: 0,
            id,
            kind: payload.kind().to_owned(),
            version: payload.version(),
            author: self.who.author,
            behalf: self.who.behalf,
            at: self.now,
            client_at: self.who.client_at,
            audience,
        };
        let sealed = key.seal(&header.about(), &plain)?;
        let digest = sha256(&[&sealed]);
        let Some(header) = log::append(self.conn, self.heads, header, sealed, digest)? else {
            let before = log::by_id(self.conn, log_id, id)?
                .ok_or_else(|| Error::fault("an id is taken and its entry is not there"))?;
            return self.compare(key, &before, payload, &plain);
        };
        let library = self.library();
        let means = Means { keys: &self.house.keys, library: &library, key, stepped };
        projection::project(self.conn, &means, &header, payload)?;
        Ok(Appended::New(header.seq))
    }

    /// The same id again: the first result for the same content by the same author, a conflict otherwise.
    fn compare(&self, key: &Key, before: &log::Row, payload: &Payload, plain: &[u8]) -> Result<Appended> {
        let same_author =
            before.source == self.who.author.source() && before.author == self.who.author.person();
        if !same_author || before.kind != payload.kind() || before.version != payload.version() {
            return Err(Error::Conflict);
        }
        let sealed = before.sealed.as_deref().ok_or(Error::Conflict)?;
        let first = key.open(&record::about(before.log, before.id, &before.kind, before.version), sealed)?;
        if first == plain { Ok(Appended::Again(before.seq)) } else { Err(Error::Conflict) }
    }

    /// The entry this id already stands for, whatever it says.
    pub(crate) fn stands(&mut self, log_id: LogId, id: EntryId) -> Result<Option<i64>> {
        Ok(log::by_id(self.conn, log_id, id)?.map(|row| row.seq))
    }
}

/// A log's own key.
pub(crate) fn log_key(conn: &mut Conn, keys: &Keys, log_id: LogId) -> Result<Key> {
    let wrapped = log::wrapped_key(conn, log_id)?
        .ok_or_else(|| Error::fault("a log has no key: it was destroyed or is missing"))?;
    keys.unwrap(log_id.0.as_bytes(), &wrapped)
}
