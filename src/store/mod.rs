//! SQL only, over diesel, on SQLite and PostgreSQL: each query is written once and checked against
//! both. The store never decides whether something may be done, only how; what concerns a patient
//! asks for a [`Grant`](crate::access::Grant) or a [`Scope`](crate::access::Scope).

use std::path::PathBuf;
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, Pool};

use crate::kernel::error::{Error, Result};
use crate::on;

pub mod access_log;
pub mod accounts;
pub mod attention;
pub mod committer;
pub mod definitions;
pub mod held;
pub mod letters;
pub mod library;
pub mod log;
pub mod migrate;
pub mod patients;
pub mod plans;
pub mod projections;
pub mod register;
pub mod schema;
pub mod thread;
mod upsert;

/// The oldest SQLite whose write-ahead log is free of the WAL-reset corruption (3.51.3).
const SQLITE_MIN: i32 = 3_051_003;

/// Pages that the writing connection to SQLite may keep: some hundred acts touch some thousand.
const WRITER_CACHE_KIB: u32 = 32 * 1_024;

/// An open connection to whichever database the house runs on.
#[expect(missing_debug_implementations, reason = "connections have nothing to show")]
pub enum Conn {
    /// The embedded database.
    Sqlite(SqliteConnection),
    /// The database of a region that outgrew one machine.
    Postgres(PgConnection),
}

impl Conn {
    /// Reads as of one moment: what was judged and what is shown belong together.
    pub fn as_of_one_moment<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T>) -> Result<T> {
        let begin = match self {
            Self::Sqlite(_) => "BEGIN",
            Self::Postgres(_) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        on!(self, |c| c.batch_execute(begin))?;
        // A panic must not leave the transaction open on a connection that others will borrow.
        let done = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(self)));
        on!(self, |c| c.batch_execute("COMMIT"))?;
        done.unwrap_or_else(|_| Err(Error::fault("a reader panicked")))
    }
}

/// Writes a query once and has it checked against both databases.
#[macro_export]
macro_rules! on {
    ($conn:expr, |$c:ident| $body:expr) => {
        match $conn {
            $crate::store::Conn::Sqlite($c) => $body,
            $crate::store::Conn::Postgres($c) => $body,
        }
    };
}

impl From<diesel::result::Error> for Error {
    fn from(cause: diesel::result::Error) -> Self {
        use diesel::result::DatabaseErrorKind::{SerializationFailure, UniqueViolation};
        use diesel::result::Error::{DatabaseError, NotFound};
        match cause {
            NotFound => Self::Missing,
            DatabaseError(UniqueViolation, _) => Self::Stale,
            DatabaseError(SerializationFailure, _) => Self::Busy,
            // PostgreSQL's deadlock has no kind of its own in diesel.
            DatabaseError(_, info) if info.message().contains("deadlock detected") => Self::Busy,
            DatabaseError(_, info) if FULL.iter().any(|says| info.message().contains(says)) => Self::Full,
            other => Self::Fault(Box::new(Hushed::from(&other))),
        }
    }
}

/// How SQLite and PostgreSQL say that a disk takes nothing more: neither has a kind for it in diesel.
const FULL: [&str; 5] = [
    "database or disk is full",
    "disk I/O error",
    "No space left on device",
    "could not extend file",
    "could not write to file",
];

/// A database error without the values it may quote: kind and table, never a row's content.
#[derive(Debug, thiserror::Error)]
#[error("database: {kind} {place}")]
struct Hushed {
    kind: String,
    place: String,
}

impl From<&diesel::result::Error> for Hushed {
    fn from(error: &diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::DatabaseError(kind, info) => Self {
                kind: format!("{kind:?}"),
                // Messages name tables, columns and the system's complaint; details quote rows.
                place: info.message().to_owned(),
            },
            other => Self { kind: other.to_string(), place: String::new() },
        }
    }
}

/// Which database, as `--database` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A file of the embedded database.
    File(PathBuf),
    /// A `postgres://` address.
    Url(String),
}

impl Place {
    /// Reads `--database`: a file path or a `postgres://` URL; anything else is refused, never guessed.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            check_remote(text)?;
            return Ok(Self::Url(text.to_owned()));
        }
        let looks_like_a_setting = text.contains("://") || text.contains('=') || text.starts_with("file:");
        if text.trim().is_empty() || looks_like_a_setting || text == ":memory:" {
            return Err(format!(
                "--database takes a file path or a postgres:// URL, and {text:?} is neither"
            ));
        }
        Ok(Self::File(PathBuf::from(text)))
    }

    /// Opens a connection with the settings that every one has: durable, patient, strict.
    pub fn connect(&self) -> Result<Conn> {
        let refused = |e: diesel::ConnectionError| Error::fault(format!("cannot open the database: {e}"));
        match self {
            Self::File(path) => {
                let name = path.to_str().ok_or_else(|| Error::fault("the database path is not UTF-8"))?;
                let mut c = SqliteConnection::establish(name).map_err(refused)?;
                c.batch_execute(
                    "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; \
                     PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA trusted_schema = OFF; \
                     PRAGMA temp_store = MEMORY;",
                )?;
                Ok(Conn::Sqlite(c))
            }
            Self::Url(url) => {
                let mut c = PgConnection::establish(url).map_err(refused)?;
                c.batch_execute("SET synchronous_commit = on; SET client_min_messages = warning;")?;
                Ok(Conn::Postgres(c))
            }
        }
    }
}

impl Place {
    /// Opens the connection that writes. A transaction of many acts touches more pages than SQLite keeps by
    /// itself, and those that do not fit are written twice.
    fn connect_writer(&self) -> Result<Conn> {
        let mut conn = self.connect()?;
        if let Conn::Sqlite(c) = &mut conn {
            c.batch_execute(&format!("PRAGMA cache_size = -{WRITER_CACHE_KIB};"))?;
        }
        Ok(conn)
    }
}

/// Without the `pg-tls` build the wire is clear text: only this machine may be at its other end.
fn check_remote(url: &str) -> std::result::Result<(), String> {
    if cfg!(feature = "pg-tls") {
        return Ok(());
    }
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let authority = rest.split(['/', '?']).next().unwrap_or("");
    let host = authority.rsplit('@').next().unwrap_or("");
    let hosts_in_query = url
        .split_once('?')
        .into_iter()
        .flat_map(|(_, query)| query.split('&'))
        .filter_map(|pair| pair.strip_prefix("host=").or_else(|| pair.strip_prefix("hostaddr=")));
    let near = |host: &str| {
        let name = if host.starts_with('[') { host } else { host.split(':').next().unwrap_or("") };
        let name = name.trim_start_matches('[').split(']').next().unwrap_or("");
        name.is_empty()
            || name == "localhost"
            || name.starts_with('/')
            || name.to_ascii_lowercase().starts_with("%2f")
            || name.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
    };
    if host.split(',').chain(hosts_in_query).all(near) {
        return Ok(());
    }
    Err("a PostgreSQL on another machine needs the pg-tls build of renkei; \
         this one accepts only a socket or loopback"
        .to_owned())
}

/// The database: readers here, all writing through the [`committer`].
#[derive(Debug)]
pub struct Store {
    readers: Pool<Manager>,
    /// The one way to write.
    pub committer: committer::Committer,
}

/// Opens connections for the pool of readers.
#[derive(Debug)]
pub struct Manager(Place);

/// A connection that can only read.
#[expect(missing_debug_implementations, reason = "a connection has nothing to show")]
pub struct Reader {
    conn: Conn,
    /// What was last asked of it came to no good end.
    in_doubt: bool,
}

impl ManageConnection for Manager {
    type Connection = Reader;
    type Error = Error;

    fn connect(&self) -> Result<Reader> {
        let mut conn = self.0.connect()?;
        match &mut conn {
            Conn::Sqlite(c) => c.batch_execute("PRAGMA query_only = ON;")?,
            Conn::Postgres(c) => c.batch_execute("SET default_transaction_read_only = on;")?,
        }
        Ok(Reader { conn, in_doubt: false })
    }

    fn is_valid(&self, reader: &mut Reader) -> Result<()> {
        on!(&mut reader.conn, |c| c.batch_execute("SELECT 1"))?;
        Ok(())
    }

    fn has_broken(&self, reader: &mut Reader) -> bool {
        // Asked after every read; what has just answered is not asked again.
        reader.in_doubt && self.is_valid(reader).is_err()
    }
}

impl Store {
    /// Opens the database, refuses what it cannot trust (an old SQLite, a newer schema), and brings
    /// the schema up to date.
    pub fn open(place: &Place, readers: u32, clock: crate::kernel::time::Clock) -> Result<Self> {
        let mut first = place.connect_writer()?;
        check_version(&mut first)?;
        migrate::run(&mut first)?;
        let readers = Pool::builder()
            .max_size(readers)
            .min_idle(Some(1))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(10))
            .build(Manager(place.clone()))
            .map_err(|e| Error::fault(format!("cannot open readers: {e}")))?;
        let committer = committer::Committer::start(place.clone(), first, clock)?;
        Ok(Self { readers, committer })
    }

    /// Reads by a connection that can only read.
    pub fn read<T>(&self, read: impl FnOnce(&mut Conn) -> Result<T>) -> Result<T> {
        let mut reader = self.readers.get().map_err(|_| Error::Busy)?;
        // In doubt until it has answered: after a panic, too.
        reader.in_doubt = true;
        let done = read(&mut reader.conn);
        reader.in_doubt = done.is_err();
        done
    }
}

fn check_version(conn: &mut Conn) -> Result<()> {
    let Conn::Sqlite(c) = conn else { return Ok(()) };
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let row: Row = diesel::sql_query("SELECT sqlite_version() AS version").get_result(c)?;
    let mut parts = row.version.split('.').map(|part| part.parse::<i32>().unwrap_or(0));
    let mut next = || parts.next().unwrap_or(0);
    let number = next() * 1_000_000 + next() * 1_000 + next();
    if number < SQLITE_MIN {
        return Err(Error::fault(format!("SQLite {} is too old; 3.51.3 or newer is needed", row.version)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_a_file_or_a_postgres_url_and_nothing_is_guessed() {
        assert_eq!(Place::parse("region.db"), Ok(Place::File("region.db".into())));
        assert!(matches!(Place::parse("postgres://localhost/renkei"), Ok(Place::Url(_))));
        assert!(matches!(Place::parse("postgres:///renkei?host=/run/pg"), Ok(Place::Url(_))));
        assert!(matches!(Place::parse("postgres://u:p@127.0.0.1:5432/renkei"), Ok(Place::Url(_))));
        for wrong in
            ["", " ", "mysql://x/y", "host=db password=x", "postgre://x", ":memory:", "file:x?mode=rw"]
        {
            assert!(Place::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    #[cfg(not(feature = "pg-tls"))]
    fn a_remote_postgres_is_refused_without_tls() {
        for far in [
            "postgres://db.example/renkei",
            "postgres://u@10.0.0.5/renkei",
            "postgres://localhost,db.example/renkei",
            "postgres:///renkei?host=db.example",
            "postgres:///renkei?hostaddr=10.0.0.5",
        ] {
            assert!(Place::parse(far).is_err(), "{far}");
        }
    }
}
