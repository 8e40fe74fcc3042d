//! A throw-away PostgreSQL server: one per test run, started from the system's programs, reachable
//! by a Unix socket only, gone with the run. Each test gets a database of its own.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection};

use super::scratch::{self, Helper};

/// A running server of ours.
pub struct Server {
    socket: PathBuf,
    /// Databases are made one after the other: each is a copy of the same template.
    maker: Mutex<PgConnection>,
    _process: Helper,
}

impl Server {
    /// A server that no other story uses, with its log among its files.
    pub fn own() -> Self {
        start(&[], true)
    }

    /// The same, with words of the shell before it starts (`ulimit …`) and settings of its own.
    pub fn limited(prelude: &str, settings: &[&str]) -> Self {
        start_with(prelude, settings, true)
    }

    /// The address of a fresh, empty database.
    pub fn fresh(&self) -> String {
        let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
        self.make(&name, "template0")
    }

    fn make(&self, name: &str, template: &str) -> String {
        let make = format!("CREATE DATABASE {name} TEMPLATE {template} STRATEGY wal_log");
        self.maker.lock().unwrap_or_else(std::sync::PoisonError::into_inner).batch_execute(&make).unwrap();
        address(&self.socket, name)
    }

    /// Where all of its files lie: data, write-ahead log, and what it said.
    pub fn folder(&self) -> &Path {
        &self.socket
    }

    /// Brings to the disk what is in memory.
    pub fn checkpoint(&self) {
        let mut maker = self.maker.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        maker.batch_execute("CHECKPOINT").unwrap();
    }
}

static SERVER: LazyLock<Server> = LazyLock::new(|| start(&[], false));
/// Measurements want a server that keeps its promises to the disk; stories want a fast one.
static DURABLE: AtomicBool = AtomicBool::new(false);
static COUNT: AtomicUsize = AtomicUsize::new(0);

/// The server that is started later syncs what it commits.
pub fn be_durable() {
    DURABLE.store(true, Ordering::Relaxed);
}

/// The address of a fresh, empty database.
pub fn fresh() -> String {
    copy_of("template0")
}

/// The address of a fresh copy of a database that nobody is using at the moment.
pub fn copy_of(template: &str) -> String {
    let name = format!("t{}", COUNT.fetch_add(1, Ordering::Relaxed));
    SERVER.make(&name, template)
}

/// Everything that is in a database, as `pg_dump` writes it.
pub fn dump(address: &str) -> Vec<u8> {
    let dumped = Command::new(programs().join("pg_dump")).arg(address).output().unwrap();
    assert!(dumped.status.success(), "pg_dump: {}", String::from_utf8_lossy(&dumped.stderr));
    dumped.stdout
}

fn address(socket: &Path, database: &str) -> String {
    format!("postgres:///{database}?host={}&user=postgres", socket.display())
}

/// The folder of the newest installed PostgreSQL's programs.
fn programs() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions
        .filter(|version| version.path().join("bin/initdb").exists())
        .max_by_key(|version| version.file_name().to_string_lossy().parse::<u32>().unwrap_or(0));
    newest.map(|version| version.path().join("bin")).unwrap_or_else(|| {
        panic!("PostgreSQL is not installed, and these tests do not skip: apt-get install postgresql")
    })
}

fn start(more: &[&str], keeps_its_log: bool) -> Server {
    start_with("", more, keeps_its_log)
}

fn start_with(prelude: &str, more: &[&str], keeps_its_log: bool) -> Server {
    let (programs, folder, user) = (programs(), scratch::folder("pg"), scratch::unprivileged());
    let mut init = Command::new(programs.join("initdb"));
    init.arg("--pgdata").arg(folder.join("data")).args(["--username=postgres", "--auth=trust", "--no-sync"]);
    init.args(["--encoding=UTF8", "--locale=C.UTF-8"]).current_dir(&folder);
    if let Some((uid, gid)) = user {
        chown(&folder, Some(uid), Some(gid)).unwrap();
        init.uid(uid).gid(gid);
    }
    let made = init.output().unwrap();
    assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));

    let sync = if DURABLE.load(Ordering::Relaxed) { "on" } else { "off" };
    let settings = [
        "listen_addresses=",
        &format!("unix_socket_directories={}", folder.display()),
        &format!("fsync={sync}"),
        &format!("synchronous_commit={sync}"),
        &format!("full_page_writes={sync}"),
        "max_connections=300",
        "shared_buffers=64MB",
        "logging_collector=off",
    ]
    .map(str::to_owned);
    let data = folder.join("data").display().to_string();
    let settings = settings.into_iter().chain(more.iter().map(|&setting| setting.to_owned()));
    let arguments: Vec<String> =
        ["-D".to_owned(), data].into_iter().chain(settings.flat_map(|one| ["-c".to_owned(), one])).collect();
    let log = folder.join("said.log");
    // SIGQUIT is PostgreSQL's immediate shutdown: nothing here is worth a checkpoint.
    let process = Helper::start_with(
        prelude,
        &programs.join("postgres"),
        &arguments,
        "QUIT",
        user,
        keeps_its_log.then_some(log.as_path()),
    );
    let maker = Mutex::new(connect(&address(&folder, "postgres")));
    Server { socket: folder, maker, _process: process }
}

fn connect(address: &str) -> PgConnection {
    let end = Instant::now() + Duration::from_secs(60);
    loop {
        match PgConnection::establish(address) {
            Ok(connection) => return connection,
            Err(why) if Instant::now() > end => panic!("PostgreSQL does not answer: {why}"),
            Err(_) => std::thread::sleep(Duration::from_millis(50)),
        }
    }
}
