//! What asks for one person: asks, unread threads. Tasks, proposals and forms join them here.

use std::collections::BTreeMap;

use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::views::PersonView;
use crate::acts::views::first_words;
use crate::acts::views::patients::ListedView;
use crate::acts::views::patients::listed_open;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::pathway::event::Event;
use crate::pathway::event::What;
use crate::record::payload::Payload;
use crate::record::payload::PostKind;
use crate::record::payload::Urgency;
use crate::store::log;
use crate::store::log::Row;
use crate::store::thread;

/// How much of a post a list shows.
const WORDS: usize = 80;

/// An ask with its post.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AskView {
    /// About whom.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The post's number, when a post asks.
    pub post: i64,
    /// Who asks; `None` when a pathway does.
    pub by: Option<PersonView>,
    /// The post's first words, or what the pathway asks.
    pub says: String,
    /// The ask in the plan, when a pathway asks.
    pub of_plan: Option<AskId>,
    /// What kind of post asks.
    pub kind: PostKind,
    /// How soon.
    pub urgency: Urgency,
    /// By when.
    pub due: Option<Time>,
    /// Since when.
    pub at: Time,
}

/// A thread with something unread.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct UnreadView {
    /// Whose.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The record's newest entry.
    pub head: i64,
    /// How many posts.
    pub unread: usize,
    /// The newest one's author.
    pub by: Option<PersonView>,
    /// Its first words.
    pub says: String,
    /// When it came.
    pub at: Time,
}

/// What asks for the reader among posts.
pub fn asks(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<AskView>> {
    let scope = member.scope(reading.now)?;
    let mine = opened(reading, member)?;
    let rows = thread::asking(reading.conn, &scope)?;
    let rows: Vec<_> = rows.into_iter().filter(|ask| mine.contains_key(&ask.patient)).collect();
    let entries = entries(reading, rows.iter().map(|ask| (ask.patient, ask.seq)))?;
    let people = reading.directory()?;
    let mut views = Vec::new();
    for ask in rows {
        let (Some((patient, key)), Some(row)) =
            (mine.get(&ask.patient), entries.get(&(ask.patient, ask.seq)))
        else {
            continue;
        };
        if !scope.audiences().contains(&row.audience.as_str()) {
            continue;
        }
        let of_plan = ask.author.is_none().then_some(ask.id);
        let found = match of_plan {
            Some(id) => asked(key.as_ref(), row, id, member.lang)
                .map(|says| (says, PostKind::Request, Urgency::Normal)),
            None => words(key.as_ref(), row),
        };
        let Some((says, kind, urgency)) = found else { continue };
        views.push(AskView {
            patient: ask.patient,
            name: patient.patient.card.name.clone(),
            post: ask.seq,
            by: ask.author.and_then(|id| people.get(id).cloned()),
            says,
            of_plan,
            kind,
            urgency,
            due: ask.due_at,
            at: ask.made_at,
        });
    }
    Ok(views)
}

/// The reader's threads with posts that they have not opened, those that moved last first.
pub fn unread(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<UnreadView>> {
    let scope = member.scope(reading.now)?;
    let counts = thread::unread(reading.conn, &scope)?;
    let entries = entries(reading, counts.iter().map(|(patient, _, newest)| (*patient, *newest)))?;
    let people = reading.directory()?;
    let counts: BTreeMap<PatientId, (i64, i64)> =
        counts.into_iter().map(|(patient, count, newest)| (patient, (count, newest))).collect();
    let mut views = Vec::new();
    for (patient, key) in listed_open(reading, member)? {
        let id = patient.patient.id;
        let Some((count, newest)) = counts.get(&id) else { continue };
        let Some(row) = entries.get(&(id, *newest)) else { continue };
        views.push(UnreadView {
            patient: id,
            name: patient.patient.card.name,
            head: patient.head,
            unread: usize::try_from(*count).unwrap_or(0),
            by: row.author.and_then(|author| people.get(author).cloned()),
            says: words(key.as_ref(), row).map(|(says, ..)| says).unwrap_or_default(),
            at: row.at,
        });
    }
    Ok(views)
}

/// Entries of several records, read at once.
fn entries(
    reading: &mut Reading<'_>,
    places: impl Iterator<Item = (PatientId, i64)>,
) -> Result<BTreeMap<(PatientId, i64), Row>> {
    let places: Vec<_> = places.map(|(patient, seq)| (patient.log(), seq)).collect();
    let rows = log::by_places(reading.conn, &places)?;
    Ok(rows.into_iter().map(|row| ((PatientId(row.log.0), row.seq), row)).collect())
}

/// When the newest post of each of the reader's threads came.
pub fn last_posts(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<(PatientId, Time)>> {
    let newest = thread::newest_posts(reading.conn, &member.scope(reading.now)?)?;
    let entries = entries(reading, newest.into_iter())?;
    Ok(entries.into_iter().map(|((patient, _), row)| (patient, row.at)).collect())
}

/// The reader's patients with the keys of their records.
fn opened(
    reading: &mut Reading<'_>,
    member: &Member,
) -> Result<BTreeMap<PatientId, (ListedView, Option<Key>)>> {
    let listed = listed_open(reading, member)?;
    Ok(listed.into_iter().map(|(patient, key)| (patient.patient.id, (patient, key))).collect())
}

/// What a pathway asked in a plan's entry; one that cannot be read keeps its row.
fn asked(key: Option<&Key>, row: &Row, id: AskId, lang: Lang) -> Option<String> {
    let Some(payload) = payload(key, row) else { return Some(String::new()) };
    let Payload::Planned(planned) = payload else { return None };
    planned.events.into_iter().find_map(|event| match serde_json::from_value::<Event>(event).ok()?.what {
        What::Asked(ask) if ask.id == id => Some(ask.text.say(lang).to_owned()),
        _ => None,
    })
}

/// A post's first words; one that cannot be read keeps its row.
fn words(key: Option<&Key>, row: &Row) -> Option<(String, PostKind, Urgency)> {
    match payload(key, row) {
        Some(Payload::Post(post)) => Some((first_words(&post.text, WORDS), post.kind, post.urgency)),
        Some(_) => None,
        None => Some((String::new(), PostKind::Note, Urgency::Normal)),
    }
}

/// What an entry says, if it can be read.
fn payload(key: Option<&Key>, row: &Row) -> Option<Payload> {
    let noted =
        |cause: Error| tracing::warn!(log = %row.log, seq = row.seq, %cause, "an entry cannot be read");
    crate::acts::open(key?, row).map_err(noted).ok()
}
