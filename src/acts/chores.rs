//! What the house does by itself while it is open: writes down who opened what, lets due timers fire,
//! and hears of what other nodes wrote. It ends when told to, with nothing left unwritten.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::TryRecvError;
use tokio::sync::watch;

use crate::acts::House;
use crate::acts::live::News;
use crate::kernel::error::Result;
use crate::kernel::id::LogId;
use crate::kernel::id::PatientId;
use crate::kernel::time::Time;
use crate::store::Conn;
use crate::store::log;

/// How often.
const EVERY: Duration = Duration::from_secs(1);
/// A head's moment is taken before its commit: looking this far back misses no slow one.
const LOOK_BACK_SECONDS: i64 = 20;

impl House {
    /// Does the house's chores each second until `stopping` turns true.
    pub async fn keep(&self, mut stopping: watch::Receiver<bool>) {
        let mut others = Others::of(self);
        loop {
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                _ = stopping.wait_for(|stop| *stop) => break,
            }
            self.chore("accesses", self.flush_accesses().await);
            self.chore("other nodes", others.look(self).await);
            self.chore("the region's word on versions", self.bring_runs().await.map(|_| ()));
            self.chore("timers", self.tick_due().await.map(|_| ()));
        }
        self.chore("accesses", self.flush_accesses().await);
    }

    fn chore(&self, what: &str, done: Result<()>) {
        if let Err(cause) = done {
            tracing::warn!(what, %cause, "a chore failed and will be tried again");
        }
    }
}

/// What this node knows of other nodes' acts. Moments are the database's own, never this machine's.
struct Others {
    own: broadcast::Receiver<News>,
    since: Option<Time>,
    seen: HashMap<LogId, i64>,
}

impl Others {
    fn of(house: &House) -> Self {
        Self { own: house.live().listen(), since: None, seen: HashMap::new() }
    }

    /// Looks at the heads that moved and tells of each movement once. An embedded database has one
    /// node, which told of its acts itself.
    async fn look(&mut self, house: &House) -> Result<()> {
        let since = self.since.unwrap_or_default().plus_seconds(-LOOK_BACK_SECONDS);
        let moved = house
            .read(move |reading| match reading.conn {
                Conn::Sqlite(_) => Ok(Vec::new()),
                Conn::Postgres(_) => log::touched_since(reading.conn, since),
            })
            .await?;
        self.note_own();
        let first = self.since.is_none();
        self.since = moved.last().map(|(.., at)| *at).max(self.since).or(Some(Time::default()));
        let mut news = Vec::new();
        for (log, kind, seq, _) in &moved {
            let known = self.seen.insert(*log, *seq);
            // Another node may have published a pathway, or stopped one.
            if kind == log::LogKind::Register.code() && known.is_none_or(|known| known < *seq) {
                house.reload_library().await?;
            }
            if kind == log::LogKind::Patient.code() && !first && known.is_none_or(|known| known < *seq) {
                news.push(News::Record(PatientId(log.0), *seq));
            }
        }
        self.seen.retain(|log, _| moved.iter().any(|(moved, ..)| moved == log));
        house.live().tell(news);
        Ok(())
    }

    /// What this node told already need not be told again.
    fn note_own(&mut self) {
        loop {
            match self.own.try_recv() {
                Ok(News::Record(patient, seq)) => {
                    let known = self.seen.entry(patient.log()).or_default();
                    *known = seq.max(*known);
                }
                Ok(_) | Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => return,
            }
        }
    }
}
