//! What asks for one person: asks, unread threads. Tasks, proposals and forms join them here.

use std::collections::BTreeMap;

use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::log_key;
use crate::acts::views::People;
use crate::acts::views::PersonView;
use crate::acts::views::first_words;
use crate::acts::views::patients::ListedView;
use crate::acts::views::patients::listed;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::time::Time;
use crate::pathway::event::Event;
use crate::pathway::event::What;
use crate::record::Audience;
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
    let mine = by_id(listed(reading, member)?);
    let rows = thread::asking(reading.conn, &member.scope(reading.now)?)?;
    let register = log_key(reading.conn, reading.house.keys(), reading.house.register())?;
    let authors: Vec<PersonId> = rows.iter().filter_map(|ask| ask.author).collect();
    let people = People::read(reading.conn, &register, &authors)?;
    let mut views = Vec::new();
    for ask in rows {
        let Some(patient) = mine.get(&ask.patient) else { continue };
        let key = log_key(reading.conn, reading.house.keys(), ask.patient.log())?;
        let row = log::by_seq(reading.conn, ask.patient.log(), ask.seq)?;
        let of_plan = ask.author.is_none().then_some(ask.id);
        let found = match of_plan {
            Some(id) => {
                asked(&key, &row, id, member.lang).map(|says| (says, PostKind::Request, Urgency::Normal))
            }
            None => words(&key, &row),
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

/// The reader's threads with posts that they have not opened, the newest first.
pub fn unread(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<UnreadView>> {
    let register = log_key(reading.conn, reading.house.keys(), reading.house.register())?;
    let lay = member.profession == crate::kernel::profession::Profession::Family;
    let mut views = Vec::new();
    for patient in listed(reading, member)?.into_iter().filter(|patient| patient.head > patient.opened) {
        let id = patient.patient.id;
        let rows: Vec<Row> = log::of_kinds_after(reading.conn, id.log(), &["post"], patient.opened)?
            .into_iter()
            .filter(|row| row.author != Some(member.id) && (!lay || row.audience == Audience::Team.code()))
            .collect();
        let Some(newest) = rows.last() else { continue };
        let key = log_key(reading.conn, reading.house.keys(), id.log())?;
        let says = words(&key, newest).map(|(says, ..)| says).unwrap_or_default();
        let author: Vec<PersonId> = newest.author.into_iter().collect();
        let by = People::read(reading.conn, &register, &author)?.into_list().pop();
        let (name, head, at) = (patient.patient.card.name, patient.head, newest.at);
        views.push(UnreadView { patient: id, name, head, unread: rows.len(), by, says, at });
    }
    Ok(views)
}

/// How many posts of each of the reader's threads are unread: for lists beside other things. Lay
/// readers get none here, since counting would tell of posts that are not for them.
pub fn unread_counts(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<(PatientId, usize)>> {
    use crate::kernel::profession::Profession;
    if matches!(member.profession, Profession::Family | Profession::Patient) {
        return Ok(Vec::new());
    }
    let counts = thread::unread(reading.conn, &member.scope(reading.now)?)?;
    Ok(counts.into_iter().map(|(patient, count)| (patient, usize::try_from(count).unwrap_or(0))).collect())
}

/// When the newest post of each of the reader's threads came. Lay readers are told by the thread alone.
pub fn last_posts(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<(PatientId, Time)>> {
    use crate::kernel::profession::Profession;
    if matches!(member.profession, Profession::Family | Profession::Patient) {
        return Ok(Vec::new());
    }
    let newest = thread::newest_posts(reading.conn, &member.scope(reading.now)?)?;
    newest
        .into_iter()
        .map(|(patient, seq)| Ok((patient, log::by_seq(reading.conn, patient.log(), seq)?.at)))
        .collect()
}

fn by_id(listed: Vec<ListedView>) -> BTreeMap<PatientId, ListedView> {
    listed.into_iter().map(|patient| (patient.patient.id, patient)).collect()
}

/// What a pathway asked in a plan's entry.
fn asked(key: &crate::kernel::seal::Key, row: &Row, id: AskId, lang: Lang) -> Option<String> {
    let Payload::Planned(planned) = crate::acts::open(key, row).ok()? else { return None };
    planned.events.into_iter().find_map(|event| match serde_json::from_value::<Event>(event).ok()?.what {
        What::Asked(ask) if ask.id == id => Some(ask.text.say(lang).to_owned()),
        _ => None,
    })
}

/// A post's first words; one that cannot be read keeps its row.
fn words(key: &crate::kernel::seal::Key, row: &Row) -> Option<(String, PostKind, Urgency)> {
    match crate::acts::open(key, row) {
        Ok(Payload::Post(post)) => Some((first_words(&post.text, WORDS), post.kind, post.urgency)),
        Ok(_) => None,
        Err(cause) => {
            tracing::warn!(log = %row.log, seq = row.seq, %cause, "an entry cannot be read");
            Some((String::new(), PostKind::Note, Urgency::Normal))
        }
    }
}
