//! The library as those see it who write and rule pathways: drafts, what was proposed, versions with who
//! published them, and how many runs each has. No view of it leads to a patient.

use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::directory::Directory;
use crate::acts::library::drafts;
use crate::acts::library::stories::Proof;
use crate::acts::library::stories::Story;
use crate::acts::library::stories::play;
use crate::acts::views::PersonView;
use crate::acts::views::patients::listed;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Words;
use crate::kernel::seal::Key;
use crate::kernel::source::Source;
use crate::kernel::time::Time;
use crate::record::Author;
use crate::record::payload::Mark;
use crate::record::payload::Payload;
use crate::store::definitions;
use crate::store::library as rows;
use crate::store::log;
use crate::store::plans;
use crate::store::plans::Run;

/// A draft in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DraftView {
    /// Its id.
    pub id: DraftId,
    /// Whose.
    pub by: PersonView,
    /// When it was kept last.
    pub at: Time,
    /// The pathway's name, as far as it can be read.
    pub title: Option<Words>,
    /// The pathway's id, likewise.
    pub code: String,
    /// Its version, likewise.
    pub version: String,
    /// The version that it was made from.
    pub origin: Option<String>,
}

/// A draft with all of it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DraftText {
    /// The draft.
    #[serde(flatten)]
    pub draft: DraftView,
    /// The text as it was written.
    pub text: String,
    /// What tells this text from another.
    pub base: String,
    /// The hash that it would be published under; none when it is no JSON.
    pub hash: Option<String>,
    /// Everything that is wrong with it.
    pub findings: Vec<Finding>,
    /// The stories beside it.
    pub stories: Vec<Story>,
    /// What they show; none while the draft cannot be read.
    pub proof: Option<Proof>,
}

/// What was proposed for publishing.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ChangeView {
    /// Its id.
    pub id: ChangeId,
    /// Which draft.
    pub draft: DraftId,
    /// The hash that was proposed.
    pub hash: String,
    /// The pathway's id.
    pub code: String,
    /// The version.
    pub version: String,
    /// `open`, `published`, `turned_down` or `replaced`.
    pub state: String,
    /// Who proposed it.
    pub by: PersonView,
    /// When.
    pub at: Time,
    /// What changed, and why.
    pub reason: String,
    /// Who decided, when, and why if it was turned down.
    pub decided: Option<Decided>,
}

/// A decision on what was proposed.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Decided {
    /// Who.
    pub by: PersonView,
    /// When.
    pub at: Time,
    /// Why; empty for a confirmation.
    pub reason: String,
}

/// A version that was published.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct VersionView {
    /// Its hash.
    pub hash: String,
    /// Its version, for people.
    pub version: String,
    /// Whether new runs take it, unless the region said otherwise.
    pub current: bool,
    /// When it was published.
    pub at: Time,
    /// The two who published it; none for what came with the program.
    pub change: Option<ChangeView>,
    /// What the region said of it last.
    pub mark: Option<MarkView>,
}

/// What the region said of a version last.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct MarkView {
    /// It starts no more.
    pub stopped: bool,
    /// All its runs rest.
    pub suspended: bool,
    /// What was said last.
    pub last: Mark,
    /// Who said it; none for the operator.
    pub by: Option<PersonView>,
    /// When.
    pub at: Time,
    /// Why.
    pub reason: String,
}

/// How many runs of a version there are: numbers and nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct RunCount {
    /// Going on, resting for reasons of their own, or in need of attention.
    pub running: i64,
    /// Resting because the region says so.
    pub halted: i64,
    /// Over.
    pub over: i64,
}

/// All drafts, those that changed last first.
pub fn drafts(reading: &mut Reading<'_>) -> Result<Vec<DraftView>> {
    let people = reading.directory()?;
    let found = rows::drafts(reading.conn)?;
    let one = |row| Ok(view(row, &drafts::open(people.key(), row)?, author(&people, row.person)?));
    found.iter().map(one).collect()
}

/// One draft, with everything that is wrong with it.
pub fn draft(reading: &mut Reading<'_>, id: DraftId) -> Result<DraftText> {
    let people = reading.directory()?;
    let row = rows::draft(reading.conn, id)?.ok_or(Error::Missing)?;
    let card = drafts::open(people.key(), &row)?;
    let library = reading.house.library();
    let pathway = drafts::read(&card.text).ok();
    Ok(DraftText {
        proof: pathway.map(|pathway| play(&library.pathways, &pathway, &card.stories, drafts::FILE)),
        draft: view(&row, &card, author(&people, row.person)?),
        base: drafts::fingerprint(&card.text, &card.stories),
        hash: drafts::hash_of(&card.text),
        findings: drafts::findings(&library, &card.text),
        text: card.text,
        stories: card.stories,
    })
}

fn author(people: &Directory, id: PersonId) -> Result<PersonView> {
    people.get(id).cloned().ok_or_else(|| Error::fault("the register does not know an author of its own"))
}

fn view(row: &rows::Draft, card: &drafts::DraftCard, by: PersonView) -> DraftView {
    let read = Source::read(drafts::FILE, &card.text).ok().map(|source| source.value).unwrap_or_default();
    let line = |name: &str| -> String {
        read.get(name).and_then(|value| value.as_str()).unwrap_or_default().chars().take(60).collect()
    };
    DraftView {
        id: row.id,
        by,
        at: row.changed_at,
        title: read.get("title").and_then(|title| serde_json::from_value(title.clone()).ok()),
        code: line("id"),
        version: line("version"),
        origin: card.origin.clone(),
    }
}

/// All that was ever proposed, the newest first.
pub fn changes(reading: &mut Reading<'_>) -> Result<Vec<ChangeView>> {
    let found = rows::changes(reading.conn)?;
    change_views(reading, found)
}

/// One of what was proposed.
pub fn change(reading: &mut Reading<'_>, id: ChangeId) -> Result<ChangeView> {
    let row = rows::change(reading.conn, id)?.ok_or(Error::Missing)?;
    change_views(reading, vec![row])?.pop().ok_or(Error::Missing)
}

fn change_views(reading: &mut Reading<'_>, found: Vec<rows::Change>) -> Result<Vec<ChangeView>> {
    let people = reading.directory()?;
    let mut views = Vec::with_capacity(found.len());
    for row in found {
        let decided = match (row.decider, row.decided_at, row.decided_seq) {
            (Some(by), Some(at), Some(seq)) => {
                Some(Decided { by: author(&people, by)?, at, reason: reason(reading, people.key(), seq)? })
            }
            _ => None,
        };
        views.push(ChangeView {
            id: row.id,
            draft: row.draft,
            reason: reason(reading, people.key(), row.seq)?,
            hash: row.hash,
            code: row.code,
            version: row.version,
            state: row.state,
            by: author(&people, row.proposer)?,
            at: row.proposed_at,
            decided,
        });
    }
    Ok(views)
}

/// What somebody wrote with an entry of the library.
fn reason(reading: &mut Reading<'_>, key: &Key, seq: i64) -> Result<String> {
    let row = log::by_seq(reading.conn, reading.house.register(), seq)?;
    Ok(match crate::acts::open(key, &row)? {
        Payload::Proposed(proposed) => proposed.reason,
        Payload::TurnedDown(ended) => ended.reason,
        _ => String::new(),
    })
}

/// Every version of a pathway that was ever published, the newest first.
pub fn versions(reading: &mut Reading<'_>, code: &str) -> Result<Vec<VersionView>> {
    let found = definitions::of_code(reading.conn, "pathway", code)?;
    let changes = changes(reading)?;
    let mut views = Vec::with_capacity(found.len());
    for row in found.into_iter().rev() {
        let entry = log::by_seq(reading.conn, reading.house.register(), row.seq)?;
        let change = changes.iter().find(|change| change.state == "published" && change.hash == row.hash);
        views.push(VersionView {
            mark: mark(reading, &row.hash)?,
            hash: row.hash,
            version: row.version,
            current: row.state == crate::acts::library::CURRENT,
            at: entry.at,
            change: change.cloned(),
        });
    }
    Ok(views)
}

fn mark(reading: &mut Reading<'_>, hash: &str) -> Result<Option<MarkView>> {
    let Some(row) = rows::mark(reading.conn, hash)? else { return Ok(None) };
    let entry = log::by_seq(reading.conn, reading.house.register(), row.seq)?;
    let people = reading.directory()?;
    let Payload::Marked(marked) = crate::acts::open(people.key(), &entry)? else {
        return Err(Error::fault("a mark names another kind of entry"));
    };
    let by = match entry.header()?.author {
        Author::Person(who) => people.get(who).cloned(),
        _ => None,
    };
    Ok(Some(MarkView {
        stopped: row.stopped,
        suspended: row.suspended,
        last: marked.mark,
        by,
        at: entry.at,
        reason: marked.reason,
    }))
}

/// How many runs a version has.
pub fn runs(reading: &mut Reading<'_>, hash: &str) -> Result<RunCount> {
    let mut count = RunCount::default();
    for (state, number) in rows::runs_of(reading.conn, hash)? {
        match state.as_str() {
            "active" | "suspended" | "faulty" => count.running += number,
            "halted" => count.halted += number,
            _ => count.over += number,
        }
    }
    Ok(count)
}

/// A run that the region lets rest, with one of the reader's patients.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct HaltedView {
    /// The patient.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The pathway's name.
    pub title: Words,
}

/// The reader's patients whose pathways the region lets rest.
pub fn halted(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<HaltedView>> {
    let scope = member.scope(reading.now)?;
    let found = plans::in_states(reading.conn, &scope, &["halted"])?;
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let library = reading.house.library();
    let listed = listed(reading, member)?;
    let view = |run: Run| {
        let patient = listed.iter().find(|one| one.patient.id == run.patient)?;
        let title = library.pathways.get(&run.hash)?.definition.title.clone();
        Some(HaltedView { patient: run.patient, name: patient.patient.card.name.clone(), title })
    };
    Ok(found.into_iter().filter_map(view).collect())
}
