//! The live stream `/live`: pointers only, never content. One task hears the house's news, asks the
//! database once per news who may know of it, and hands the pointer to the streams of those people.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;
use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Data;
use bytes::Bytes;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::access;
use crate::access::Grant;
use crate::access::Need;
use crate::acts::House;
use crate::acts::live::News;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::record::Audience;
use crate::store::log;
use crate::store::patients;
use crate::web::app::App;
use crate::web::app::Signed;
use crate::web::app::guard;

/// Streams that one person may hold open at a time.
const STREAMS_MAX: usize = 4;
/// Pointers that may wait for a slow browser; beyond that its stream ends, and it looks at everything
/// again when it comes back.
const WAITING_MAX: usize = 64;
/// How often a silent stream says that it is alive.
const PING: Duration = Duration::from_secs(15);
/// How often a stream's session is looked at again, news or not.
const CHECK: Duration = Duration::from_secs(30);

/// What a stream is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pointer {
    /// A patient's record moved, and with it what waits for this person.
    Patient(PatientId),
    /// What waits for this person moved.
    Me,
    /// Something about the account or the teams changed: look at everything.
    All,
}

/// Who listens at this moment, on this node.
#[derive(Debug)]
pub struct Streams {
    people: Mutex<HashMap<PersonId, Vec<Stream>>>,
    stopping: watch::Receiver<bool>,
}

#[derive(Debug)]
struct Stream {
    number: u64,
    office: OfficeId,
    sender: mpsc::Sender<Pointer>,
}

impl Streams {
    /// Nobody listens yet. All streams end when `stopping` turns true.
    pub fn new(stopping: watch::Receiver<bool>) -> Self {
        Self { people: Mutex::default(), stopping }
    }

    fn people(&self) -> MutexGuard<'_, HashMap<PersonId, Vec<Stream>>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A new stream of a person; `Busy` when there are too many already.
    fn open(&self, person: PersonId, office: OfficeId) -> Result<(u64, mpsc::Receiver<Pointer>)> {
        let (sender, pointers) = mpsc::channel(WAITING_MAX);
        let mut people = self.people();
        let streams = people.entry(person).or_default();
        if streams.len() >= STREAMS_MAX {
            return Err(Error::Busy);
        }
        let number = streams.last().map_or(0, |stream| stream.number + 1);
        streams.push(Stream { number, office, sender });
        Ok((number, pointers))
    }

    fn close(&self, person: PersonId, number: u64) {
        let mut people = self.people();
        if let Some(streams) = people.get_mut(&person) {
            streams.retain(|stream| stream.number != number);
            if streams.is_empty() {
                people.remove(&person);
            }
        }
    }

    /// Hands a pointer to every stream of a person. A full stream is let go.
    fn tell(&self, person: PersonId, pointer: Pointer) {
        if let Some(streams) = self.people().get_mut(&person) {
            streams.retain(|stream| stream.sender.try_send(pointer).is_ok());
        }
    }

    fn tell_office(&self, office: OfficeId) {
        for stream in self.people().values().flatten().filter(|stream| stream.office == office) {
            let _ = stream.sender.try_send(Pointer::Me);
        }
    }

    /// Everyone looks at everything again: news were lost.
    fn tell_all(&self) {
        for stream in self.people().values().flatten() {
            let _ = stream.sender.try_send(Pointer::All);
        }
    }

    fn listening(&self) -> Vec<PersonId> {
        self.people().keys().copied().collect()
    }

    /// How many streams are open.
    pub fn count(&self) -> usize {
        self.people().values().map(Vec::len).sum()
    }
}

/// Hears the house's news until the server stops.
pub async fn dispatch(app: Data<App>) {
    let mut news = app.house.live().listen();
    let mut stopping = app.streams.stopping.clone();
    loop {
        let heard = tokio::select! {
            heard = news.recv() => heard,
            _ = stopping.wait_for(|stop| *stop) => return,
        };
        match heard {
            Ok(News::Record(patient, seq)) => {
                if let Err(cause) = record_moved(&app, patient, seq).await {
                    tracing::warn!(%cause, "a pointer could not be judged; everyone looks again");
                    app.streams.tell_all();
                }
            }
            Ok(News::Desk(office)) => app.streams.tell_office(office),
            Ok(News::Person(person)) => app.streams.tell(person, Pointer::All),
            Err(RecvError::Lagged(_)) => app.streams.tell_all(),
            Err(RecvError::Closed) => return,
        }
    }
}

/// Tells those of the team who listen here and may see the entry, and notes whom it reached.
async fn record_moved(app: &App, patient: PatientId, seq: i64) -> Result<()> {
    let listening = app.streams.listening();
    if listening.is_empty() {
        return Ok(());
    }
    let grants = app.house.read(move |reading| may_know(reading, patient, seq, &listening)).await?;
    for person in grants.iter().filter_map(Grant::person) {
        app.streams.tell(person, Pointer::Patient(patient));
    }
    // Marks wait for the committer; the next news need not.
    let house = app.house.clone();
    tokio::spawn(async move {
        for grant in grants {
            if let Err(cause) = house.mark(&grant, seq, 0).await {
                tracing::warn!(%cause, "who was reached could not be noted");
            }
        }
    });
    Ok(())
}

/// Permission by permission, at the moment of delivery: a seat that ended a second ago hears nothing.
fn may_know(
    reading: &mut crate::acts::Reading<'_>,
    patient: PatientId,
    seq: i64,
    listening: &[PersonId],
) -> Result<Vec<Grant>> {
    let now = reading.now;
    let audience =
        Audience::read(&log::by_seq(reading.conn, patient.log(), seq)?.audience).unwrap_or(Audience::Staff);
    let mut grants = Vec::new();
    for person in patients::reachable(reading.conn, patient, now)? {
        if !listening.contains(&person) {
            continue;
        }
        let facts = patients::facts(reading.conn, patient, Some(person))?;
        match access::judge(&facts, Need::Read, now) {
            Ok(grant) if grant.sees(audience) => grants.push(grant),
            _ => {}
        }
    }
    Ok(grants)
}

/// `GET /live`: the stream of whoever is signed in.
pub async fn stream(signed: Signed) -> Result<HttpResponse> {
    let secret = guard(signed.request())?.session_token(signed.request()).ok_or(Error::SignedOut)?;
    let (number, pointers) = signed.app.streams.open(signed.member.id, signed.member.office)?;
    let listener = Listener {
        pointers,
        secret,
        stopping: signed.app.streams.stopping.clone(),
        checked: Instant::now(),
        greeted: false,
        over: false,
        open: Open { app: signed.app.clone(), person: signed.member.id, number },
    };
    let body = futures_util::stream::unfold(listener, |mut listener| async move {
        let bytes = listener.next().await?;
        Some((Ok::<_, actix_web::Error>(bytes), listener))
    });
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("x-accel-buffering", "no"))
        .streaming(Box::pin(body)))
}

/// Takes the stream's place back, however it ended.
struct Open {
    app: Data<App>,
    person: PersonId,
    number: u64,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.app.streams.close(self.person, self.number);
    }
}

struct Listener {
    pointers: mpsc::Receiver<Pointer>,
    secret: String,
    stopping: watch::Receiver<bool>,
    checked: Instant,
    greeted: bool,
    over: bool,
    open: Open,
}

impl Listener {
    /// The next bytes of the stream; `None` ends it.
    async fn next(&mut self) -> Option<Bytes> {
        if self.over {
            return None;
        }
        if !self.greeted {
            self.greeted = true;
            return Some(Bytes::from_static(b"retry: 2000\n\n"));
        }
        let heard = tokio::select! {
            heard = self.pointers.recv() => heard.map(Some)?,
            () = tokio::time::sleep(PING) => None,
            _ = self.stopping.wait_for(|stop| *stop) => return None,
        };
        if (heard == Some(Pointer::All) || self.checked.elapsed() >= CHECK) && !self.still_signed_in().await {
            // The page asks for its parts once more and learns that it is signed out.
            self.over = true;
            return Some(write(Pointer::All));
        }
        Some(heard.map_or(Bytes::from_static(b": ping\n\n"), write))
    }

    async fn still_signed_in(&mut self) -> bool {
        self.checked = Instant::now();
        let house: &House = &self.open.app.house;
        house.member_of_session(&self.secret, false).await.is_ok()
    }
}

fn write(pointer: Pointer) -> Bytes {
    let changed = |of: &str| format!("event: changed\ndata: {of}\n\n");
    Bytes::from(match pointer {
        Pointer::Patient(patient) => format!("{}{}", changed(&patient.to_string()), changed("me")),
        Pointer::Me => changed("me"),
        Pointer::All => changed("*"),
    })
}
