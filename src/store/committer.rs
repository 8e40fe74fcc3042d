//! The committer: the one writer. It gathers all waiting acts into one transaction, locks the heads
//! they touch in sorted order, runs each act in its own savepoint, commits once (one sync to disk for
//! all), and answers only after that. A refused act hurts no other.

use std::any::Any;
use std::sync::mpsc;
use std::time::Duration;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use tokio::sync::oneshot;

use crate::kernel::error::{Error, Result};
use crate::kernel::id::LogId;
use crate::kernel::time::{Clock, Time};
use crate::on;
use crate::store::log;
use crate::store::log::Heads;
use crate::store::{Conn, Place};

/// How many acts share one transaction at most.
const BATCH_MAX: usize = 256;
/// How many acts may wait; beyond that the sender is told to try again.
const WAITING_MAX: usize = 8192;
/// How often a batch is run again after a serialization failure before its acts run one by one.
const TRIES: usize = 3;

type Outcome = Result<Box<dyn Any + Send>>;
type Work = Box<dyn Fn(&mut Conn, Time, &mut Heads) -> Outcome + Send>;

struct Job {
    logs: Vec<LogId>,
    work: Work,
    reply: oneshot::Sender<Outcome>,
}

/// Hands acts to the writing thread.
#[derive(Debug, Clone)]
pub struct Committer {
    jobs: mpsc::SyncSender<Job>,
}

impl Committer {
    /// Starts the writing thread on its own connection.
    pub fn start(place: Place, conn: Conn, clock: Clock) -> Result<Self> {
        let (jobs, waiting) = mpsc::sync_channel(WAITING_MAX);
        let mut writer = Writer { place, conn: Some(conn), clock, last: Batch::default() };
        std::thread::Builder::new()
            .name("committer".to_owned())
            .spawn(move || writer.serve(&waiting))
            .map_err(|e| Error::fault(format!("cannot start the committer: {e}")))?;
        Ok(Self { jobs })
    }

    /// Runs `work` in the next transaction, with the heads of `logs` locked; answers after its commit.
    /// `work` may run more than once; only the run that was committed counts.
    pub async fn commit<T: Send + 'static>(
        &self,
        logs: Vec<LogId>,
        work: impl Fn(&mut Conn, Time, &mut Heads) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (reply, answer) = oneshot::channel();
        let work: Work = Box::new(move |conn, now, heads| {
            work(conn, now, heads).map(|done| Box::new(done) as Box<dyn Any + Send>)
        });
        self.jobs.try_send(Job { logs, work, reply }).map_err(|_| Error::Busy)?;
        let done = answer.await.map_err(|_| Error::Unknown)??;
        done.downcast().map(|done| *done).map_err(|_| Error::fault("an act answered with another type"))
    }
}

struct Writer {
    place: Place,
    conn: Option<Conn>,
    clock: Clock,
    last: Batch,
}

/// What the last batch was like: the next one is likely to be similar.
#[derive(Debug, Clone, Copy, Default)]
struct Batch {
    acts: usize,
    /// How long its commit took.
    commit: Duration,
}

impl Batch {
    /// How long the next batch may wait to become as large as this one. Senders who were answered
    /// together often come back together: catching them saves a whole commit for a quarter of one.
    fn patience(self) -> Duration {
        if self.acts > 1 { self.commit / 4 } else { Duration::ZERO }
    }
}

/// Why a whole batch did not become durable.
enum Lost {
    /// Nothing was written; it may be run again.
    Again,
    /// Nothing was written and running it again would not help.
    Refused(String),
    /// Nothing was written: the disk takes nothing more.
    Full,
    /// Nobody knows: the connection or the transaction went away at the wrong moment.
    Unknown,
}

impl Writer {
    fn serve(&mut self, waiting: &mpsc::Receiver<Job>) {
        while let Ok(first) = waiting.recv() {
            let jobs = gather(first, waiting, self.last);
            self.last.acts = jobs.len();
            self.settle(jobs);
        }
    }

    /// Brings every job to an answer: together, again on conflict, then one by one.
    fn settle(&mut self, jobs: Vec<Job>) {
        for _ in 0..TRIES {
            match self.attempt(&jobs) {
                Ok(outcomes) => return answer(jobs, outcomes),
                Err(Lost::Again) => continue,
                Err(lost) if jobs.len() == 1 => return answer_lost(jobs, &lost),
                Err(lost @ (Lost::Unknown | Lost::Full)) => return answer_lost(jobs, &lost),
                Err(Lost::Refused(_)) => break,
            }
        }
        if jobs.len() == 1 {
            return answer_lost(jobs, &Lost::Again);
        }
        for job in jobs {
            self.settle(vec![job]);
        }
    }

    /// One transaction for all jobs. `Ok` only when the commit has returned.
    fn attempt(&mut self, jobs: &[Job]) -> std::result::Result<Vec<Outcome>, Lost> {
        let mut conn = match self.conn.take() {
            Some(conn) => conn,
            None => self.place.connect_writer().map_err(|cause| Lost::Refused(cause.to_string()))?,
        };
        let outcome = transact(&mut conn, self.clock, jobs);
        match &outcome {
            Ok((_, commit)) => {
                self.last.commit = *commit;
                self.conn = Some(conn);
            }
            // A connection in doubt is closed: closing rolls back whatever was left open.
            Err(Lost::Unknown) => drop(conn),
            Err(Lost::Again | Lost::Refused(_) | Lost::Full) => {
                if on!(&mut conn, |c| c.batch_execute("ROLLBACK")).is_ok() {
                    self.conn = Some(conn);
                }
            }
        }
        outcome.map(|(outcomes, _)| outcomes)
    }
}

/// All that waits, and what comes within the last batch's patience.
fn gather(first: Job, waiting: &mpsc::Receiver<Job>, last: Batch) -> Vec<Job> {
    let mut jobs = vec![first];
    let until = Instant::now() + last.patience();
    while jobs.len() < BATCH_MAX {
        let next = waiting.try_recv().ok().or_else(|| {
            let left = until.saturating_duration_since(Instant::now());
            let wait = jobs.len() < last.acts && !left.is_zero();
            if wait { waiting.recv_timeout(left).ok() } else { None }
        });
        match next {
            Some(job) => jobs.push(job),
            None => break,
        }
    }
    jobs
}

/// The outcomes of one transaction for all jobs, and how long its commit took.
fn transact(
    conn: &mut Conn,
    clock: Clock,
    jobs: &[Job],
) -> std::result::Result<(Vec<Outcome>, Duration), Lost> {
    let begin = match conn {
        // A deferred BEGIN would fail half-way, on the first write, whenever another process had written.
        Conn::Sqlite(_) => "BEGIN IMMEDIATE",
        Conn::Postgres(_) => "BEGIN ISOLATION LEVEL READ COMMITTED",
    };
    run(conn, begin)?;
    let now = moment(conn, clock).map_err(lost)?;
    let mut heads = lock_heads(conn, jobs).map_err(lost)?;
    let mut outcomes = Vec::with_capacity(jobs.len());
    run(conn, "SAVEPOINT act")?;
    for job in jobs {
        outcomes.push(one(conn, now, &mut heads, job)?);
    }
    heads.save(conn, now).map_err(lost)?;
    let started = Instant::now();
    // From here on an error says nothing about what the disk holds.
    let embedded = matches!(conn, Conn::Sqlite(_));
    on!(conn, |c| c.batch_execute("COMMIT")).map_err(|cause| match lost(cause.into()) {
        Lost::Again => Lost::Again,
        // The embedded database writes a transaction's last page last: one that did not fit is not there.
        Lost::Full if embedded => Lost::Full,
        Lost::Refused(_) | Lost::Unknown | Lost::Full => Lost::Unknown,
    })?;
    Ok((outcomes, started.elapsed()))
}

/// One act in its savepoint, which stands already, and then the next one's, in one round trip: what an
/// act refuses is undone without touching its neighbours.
fn one(conn: &mut Conn, now: Time, heads: &mut Heads, job: &Job) -> std::result::Result<Outcome, Lost> {
    let mut mine = heads.clone_for(&job.logs);
    let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| (job.work)(conn, now, &mut mine)))
        .unwrap_or_else(|_| Err(Error::fault("an act panicked")));
    match worked {
        Ok(done) => {
            run(conn, "RELEASE SAVEPOINT act; SAVEPOINT act")?;
            heads.take_back(mine);
            Ok(Ok(done))
        }
        Err(Error::Busy) => Err(Lost::Again),
        Err(why) => {
            // SQLite rolls the whole transaction back when the disk is full: then the savepoint is
            // gone, this fails, and no neighbour may hear "done".
            let full = matches!(why, Error::Full);
            on!(conn, |c| c.batch_execute("ROLLBACK TO SAVEPOINT act"))
                .map_err(|_| if full { Lost::Full } else { Lost::Unknown })?;
            Ok(Err(why))
        }
    }
}

fn run(conn: &mut Conn, sql: &str) -> std::result::Result<(), Lost> {
    on!(conn, |c| c.batch_execute(sql)).map_err(|cause| lost(cause.into()))
}

fn lost(cause: Error) -> Lost {
    match cause {
        Error::Busy => Lost::Again,
        Error::Full => Lost::Full,
        other => Lost::Refused(other.to_string()),
    }
}

/// The batch's one moment: the clock that was handed in; on PostgreSQL the database's.
fn moment(conn: &mut Conn, clock: Clock) -> Result<Time> {
    match (conn, clock) {
        (Conn::Postgres(c), Clock::System) => {
            #[derive(diesel::QueryableByName)]
            struct Row {
                #[diesel(sql_type = diesel::sql_types::BigInt)]
                at: i64,
            }
            let row: Row =
                diesel::sql_query("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS at")
                    .get_result(c)?;
            Ok(Time(row.at))
        }
        (_, clock) => Ok(clock.now()),
    }
}

/// Locks the heads that the batch touches.
fn lock_heads(conn: &mut Conn, jobs: &[Job]) -> Result<Heads> {
    let logs: Vec<LogId> = jobs.iter().flat_map(|job| job.logs.iter().copied()).collect();
    let known = log::lock(conn, &logs)?;
    Ok(Heads::new(logs, known))
}

fn answer(jobs: Vec<Job>, outcomes: Vec<Outcome>) {
    for (job, outcome) in jobs.into_iter().zip(outcomes) {
        // A sender that went away does not want to know; its act stands all the same.
        let _ = job.reply.send(outcome);
    }
}

fn answer_lost(jobs: Vec<Job>, lost: &Lost) {
    if matches!(lost, Lost::Full) {
        tracing::error!("the disk takes nothing more: nothing is written until there is space again");
    }
    for job in jobs {
        let _ = job.reply.send(Err(match lost {
            Lost::Again => Error::Busy,
            Lost::Refused(why) => Error::fault(why.clone()),
            Lost::Full => Error::Full,
            Lost::Unknown => Error::Unknown,
        }));
    }
}
