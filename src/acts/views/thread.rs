//! A thread, opened for one reader: posts with their versions, what they ask, and who was reached,
//! opened, acknowledged; and the record's other entries as quiet lines.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::access::Grant;
use crate::acts::Directory;
use crate::acts::Look;
use crate::acts::accounts::Member;
use crate::acts::views::PersonView;
use crate::acts::views::first_words;
use crate::acts::views::patients::ListedView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::patients::SeatView;
use crate::acts::views::patients::by_rank;
use crate::acts::views::patients::listed_beside;
use crate::acts::views::patients::seated;
use crate::acts::views::plan;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::pathway::PatientState;
use crate::record::Audience;
use crate::record::payload::Payload;
use crate::record::payload::Post;
use crate::store::letters;
use crate::store::letters::Letter;
use crate::store::log;
use crate::store::log::Row;
use crate::store::patients;
use crate::store::thread;

mod event;

pub use event::EventLink;

/// How many lines a page of the thread shows.
pub const PAGE: i64 = 50;
/// How long a quote of an answered post is.
const QUOTE: usize = 40;

/// A page of a thread.
#[derive(Debug, Clone, serde::Serialize)]
pub struct ThreadView {
    /// The patient.
    pub patient: PatientView,
    /// Oldest first.
    pub lines: Vec<Line>,
    /// Where earlier lines are, if there are any: read again with `before` this number.
    pub earlier: Option<i64>,
    /// The newest entry that this page includes.
    pub head: i64,
    /// How far the reader had opened the thread before this look.
    pub opened: i64,
    /// The team, main doctor first; the JSON face gives it at its own address.
    #[serde(skip)]
    pub team: Vec<SeatView>,
}

/// One line.
#[derive(Debug, Clone, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "line")]
#[expect(clippy::large_enum_variant, reason = "most lines are posts")]
pub enum Line {
    /// A post.
    Post(PostView),
    /// Anything else that happened.
    Event(EventView),
    /// An entry that cannot be read: its place is kept, the stream goes on.
    Unreadable {
        /// Its number.
        seq: i64,
        /// When it was accepted.
        at: Time,
    },
}

impl Line {
    /// The entry's number.
    pub fn seq(&self) -> i64 {
        match self {
            Self::Post(post) => post.seq,
            Self::Event(event) => event.seq,
            Self::Unreadable { seq, .. } => *seq,
        }
    }

    /// When it was accepted.
    pub fn at(&self) -> Time {
        match self {
            Self::Post(post) => post.at,
            Self::Event(event) => event.at,
            Self::Unreadable { at, .. } => *at,
        }
    }
}

/// A post.
#[derive(Debug, Clone, serde::Serialize)]
pub struct PostView {
    /// The first version's number.
    pub seq: i64,
    /// Its entry's id.
    pub id: EntryId,
    /// Who wrote it.
    pub author: Option<Arc<PersonView>>,
    /// For whom it was entered by proxy.
    pub behalf: Option<Arc<PersonView>>,
    /// When it was accepted.
    pub at: Time,
    /// What the writer's clock said.
    pub client_at: Option<Time>,
    /// Who may read it.
    pub audience: Audience,
    /// What it says now (the first version's kind, urgency and ask; the latest text).
    pub post: Post,
    /// Whom it asks, when that is a person.
    pub asked: Option<Arc<PersonView>>,
    /// `open`, `answered` or `ended`, when it asks.
    pub ask_state: Option<String>,
    /// The first words of the post it answers.
    pub answers: Option<QuoteView>,
    /// Earlier versions, newest first.
    pub versions: Vec<VersionView>,
    /// Why it was struck through.
    pub withdrawn: Option<String>,
    /// Whom it reached, beside the author.
    pub reached: Vec<Arc<PersonView>>,
    /// Who had it on a page before them.
    pub opened: Vec<Arc<PersonView>>,
    /// Who acknowledged it.
    pub acknowledged: Vec<Arc<PersonView>>,
    /// Who answered it.
    pub answered: Vec<Arc<PersonView>>,
    /// Whether the reader wrote it.
    pub own: bool,
}

/// A quoted post.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct QuoteView {
    /// Its number.
    pub seq: i64,
    /// Its author's name.
    pub name: String,
    /// Its first words.
    pub says: String,
}

/// An earlier version.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct VersionView {
    /// When it was replaced.
    pub until: Time,
    /// Why.
    pub reason: String,
    /// What it said.
    pub text: String,
}

/// Something that happened, in words.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct EventView {
    /// Its number.
    pub seq: i64,
    /// Its entry's id.
    pub id: EntryId,
    /// When it was accepted.
    pub at: Time,
    /// Who did it; `None` for the clock or an operator.
    pub author: Option<Arc<PersonView>>,
    /// The line.
    pub says: Words,
    /// What opens; empty when the line says all.
    pub more: Words,
    /// Where it leads.
    pub link: Option<EventLink>,
}

/// Reads a page of the thread: the newest lines, or those before a number.
pub fn read(look: &mut Look<'_>, lang: Lang, before: Option<i64>) -> Result<ThreadView> {
    let (row, head) = patients::one_with_head(look.conn, &look.grant)?;
    let patient = PatientView::shown(look.key(), &row, lang);
    read_of(look, patient, head, before)
}

/// The same with what stands beside the thread: the state of the plan, and the reader's patients.
pub fn read_beside(
    look: &mut Look<'_>,
    member: &Member,
    before: Option<i64>,
) -> Result<(ThreadView, PatientState, Vec<ListedView>)> {
    let (listed, plan) = listed_beside(look, member)?;
    let state = plan::opened(look, plan)?;
    let here = look.grant.patient();
    let found = listed.iter().find(|one| one.patient.id == here).ok_or(Error::Missing)?;
    let view = read_of(look, found.patient.clone(), found.head, before)?;
    Ok((view, state, listed))
}

fn read_of(look: &mut Look<'_>, patient: PatientView, head: i64, before: Option<i64>) -> Result<ThreadView> {
    let mut lines = thread::lines(look.conn, &look.grant, before.unwrap_or(i64::MAX), PAGE + 1)?;
    let more = lines.len() > usize::try_from(PAGE).unwrap_or(usize::MAX);
    lines.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let earlier = if more { lines.last().map(|line| line.row.seq) } else { None };
    lines.reverse();
    let page = Page::gather(look, &lines)?;
    let opened = look.grant.person().and_then(|reader| page.marks.get(&reader)).map_or(0, |mark| mark.opened);
    let lines = lines
        .iter()
        .filter(|line| page.visible(&look.grant, &line.row))
        .filter_map(|line| page.line(look, line))
        .collect();
    Ok(ThreadView { patient, lines, earlier, head, opened, team: by_rank(page.seats) })
}

/// Whether an entry stands on the thread for this reader: a post, a form that was signed, what happened.
pub fn stands(look: &mut Look<'_>, seq: i64) -> Result<()> {
    let row = log::by_seq(look.conn, look.grant.patient().log(), seq)?;
    let sees = Audience::read(&row.audience).is_some_and(|audience| look.grant.sees(audience));
    if sees { Ok(()) } else { Err(Error::Missing) }
}

/// One post with everything about it.
pub fn one(look: &mut Look<'_>, seq: i64) -> Result<PostView> {
    let row = log::by_seq(look.conn, look.grant.patient().log(), seq)?;
    if row.kind != "post" {
        return Err(Error::Missing);
    }
    let post = thread::post(look.conn, &look.grant, seq)?;
    let line = thread::Line::of(row, &post);
    let page = Page::gather(look, std::slice::from_ref(&line))?;
    if !page.visible(&look.grant, &line.row) {
        return Err(Error::Missing);
    }
    match page.line(look, &line) {
        Some(Line::Post(post)) => Ok(post),
        _ => Err(Error::fault("a post cannot be read")),
    }
}

/// What the lines of one page need, read once for all of them.
struct Page {
    changes: Vec<Row>,
    quoted: BTreeMap<i64, Row>,
    traces: Vec<thread::Trace>,
    marks: BTreeMap<PersonId, thread::Mark>,
    seats: Vec<SeatView>,
    letters: Vec<Letter>,
    directory: Arc<Directory>,
}

impl Page {
    fn gather(look: &mut Look<'_>, lines: &[thread::Line]) -> Result<Self> {
        let log_id = look.grant.patient().log();
        // The lines of a page stand together in the record: from the first to the last.
        let (first, last) = match lines {
            [] => (1, 0),
            [first, ..] => (first.row.seq, lines.last().map_or(first.row.seq, |last| last.row.seq)),
        };
        let changed = lines.iter().any(|line| line.changed == Some(true));
        // Corrections are rare: only a page that holds a corrected post looks for its versions.
        let changes = if changed {
            log::of_kinds_after(look.conn, log_id, &["post.corrected", "post.withdrawn"], first)?
        } else {
            Vec::new()
        };
        let answered: Vec<i64> = lines.iter().filter_map(|line| line.answers).collect();
        let quoted =
            log::by_seqs(look.conn, log_id, &answered)?.into_iter().map(|row| (row.seq, row)).collect();
        let traces = thread::traces(look.conn, &look.grant, first, last)?;
        let letters = if lines.iter().any(|line| line.row.kind == "letter.moved") {
            letters::of(look.conn, &look.grant)?
        } else {
            Vec::new()
        };
        let readers = thread::readers(look.conn, &look.grant, look.house.register())?;
        let directory = match readers.first() {
            Some((.., register)) => look.house.directory_at(look.conn, *register)?,
            None => look.directory()?,
        };
        let (seats, marks): (Vec<_>, Vec<_>) =
            readers.into_iter().map(|(seat, mark, _)| (seat, mark)).unzip();
        let seats = seated(&seats, &directory, look.now);
        let marks = marks.into_iter().flatten().map(|mark| (mark.person, mark)).collect();
        Ok(Self { changes, quoted, traces, marks, seats, letters, directory })
    }

    fn visible(&self, grant: &Grant, row: &Row) -> bool {
        Audience::read(&row.audience).is_some_and(|audience| grant.sees(audience))
    }

    fn person(&self, id: PersonId) -> Option<Arc<PersonView>> {
        self.directory.shared(id)
    }

    /// One line; an entry that cannot be read keeps its place. `None` for what says nothing to people.
    fn line(&self, look: &Look<'_>, line: &thread::Line) -> Option<Line> {
        let row = &line.row;
        let payload = match look.open(row) {
            Ok(payload) => payload,
            Err(cause) => {
                tracing::warn!(log = %row.log, seq = row.seq, %cause, "an entry cannot be read");
                return Some(Line::Unreadable { seq: row.seq, at: row.at });
            }
        };
        match payload {
            Payload::Post(post) => Some(Line::Post(self.post(look, line, post))),
            other => event::line(self, look, row, &other).map(Line::Event),
        }
    }

    fn post(&self, look: &Look<'_>, line: &thread::Line, mut post: Post) -> PostView {
        let row = &line.row;
        let (versions, withdrawn) = self.versions(look, row.seq, &mut post);
        let traces = |kind| self.traces.iter().filter(move |trace| trace.of == row.seq && trace.kind == kind);
        let people = |kind| traces(kind).filter_map(|trace| self.person(trace.person?)).collect::<Vec<_>>();
        let ask = traces("asked").next();
        let author = row.author;
        let readers: Vec<&SeatView> = self
            .seats
            .iter()
            .filter(|seat| seat.in_force && Some(seat.person.id) != author)
            .filter(|seat| row.audience != Audience::Staff.code() || !is_lay(&seat.person))
            .collect();
        let beyond = |mark: fn(&thread::Mark) -> i64| {
            readers
                .iter()
                .filter(|seat| self.marks.get(&seat.person.id).is_some_and(|found| mark(found) >= row.seq))
                .filter_map(|seat| self.person(seat.person.id))
                .collect::<Vec<_>>()
        };
        PostView {
            seq: row.seq,
            id: row.id,
            author: author.and_then(|id| self.person(id)),
            behalf: row.behalf.and_then(|id| self.person(id)),
            at: row.at,
            client_at: row.client_at,
            audience: Audience::read(&row.audience).unwrap_or_default(),
            asked: ask.and_then(|ask| ask.person).and_then(|id| self.person(id)),
            ask_state: ask.and_then(|ask| ask.state.clone()),
            answers: line.answers.and_then(|seq| self.quote(look, seq)),
            versions,
            withdrawn,
            reached: beyond(|mark| mark.reached),
            opened: beyond(|mark| mark.opened),
            acknowledged: people("acknowledged"),
            answered: people("answered"),
            own: author.is_some() && author == look.grant.person(),
            post,
        }
    }

    /// Applies corrections in their order; what they replaced becomes a version.
    fn versions(&self, look: &Look<'_>, seq: i64, post: &mut Post) -> (Vec<VersionView>, Option<String>) {
        let mut versions = Vec::new();
        let mut withdrawn = None;
        for row in &self.changes {
            match look.open(row) {
                Ok(Payload::Corrected(new)) if new.post == seq => {
                    let text = std::mem::replace(&mut post.text, new.text);
                    versions.push(VersionView { until: row.at, reason: new.reason, text });
                }
                Ok(Payload::Withdrawn(new)) if new.post == seq => withdrawn = Some(new.reason),
                Ok(_) => {}
                Err(cause) => {
                    tracing::warn!(log = %row.log, seq = row.seq, %cause, "an entry cannot be read")
                }
            }
        }
        versions.reverse();
        (versions, withdrawn)
    }

    fn quote(&self, look: &Look<'_>, seq: i64) -> Option<QuoteView> {
        let row = self.quoted.get(&seq)?;
        if !self.visible(&look.grant, row) {
            return None;
        }
        let Ok(Payload::Post(post)) = look.open(row) else { return None };
        let name =
            row.author.and_then(|id| self.person(id)).map(|person| person.name.clone()).unwrap_or_default();
        Some(QuoteView { seq, name, says: first_words(&post.text, QUOTE) })
    }
}

fn is_lay(person: &PersonView) -> bool {
    use crate::kernel::profession::Profession;
    matches!(person.profession, Profession::Family | Profession::Patient)
}
