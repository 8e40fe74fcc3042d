//! Who listens to what. Told only after the commit, and only pointers: which record moved, never what
//! it says. Each listener's rights are checked when a pointer is delivered, not when it subscribes.

use tokio::sync::broadcast;

use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;

/// Pointers that wait for a slow listener; beyond that it is told to look at everything again.
const WAITING_MAX: usize = 256;

/// Something others may want to know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A patient's record moved, up to this entry.
    Record(PatientId, i64),
    /// The desk of an office moved: a form came or changed.
    Desk(OfficeId),
    /// One person's own things moved: a session ended, an account changed.
    Person(PersonId),
}

/// The bus inside one node. Other nodes' acts come in by polling the heads.
#[derive(Debug)]
pub struct Live {
    sender: broadcast::Sender<News>,
}

impl Default for Live {
    fn default() -> Self {
        Self { sender: broadcast::channel(WAITING_MAX).0 }
    }
}

impl Live {
    /// Tells whoever listens; nobody listening is no error.
    pub fn tell(&self, news: impl IntoIterator<Item = News>) {
        for one in news {
            let _ = self.sender.send(one);
        }
    }

    /// Listens from now on.
    pub fn listen(&self) -> broadcast::Receiver<News> {
        self.sender.subscribe()
    }
}
