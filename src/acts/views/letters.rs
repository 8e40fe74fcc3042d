//! Forms as a reader may see them: drafts with what the record already knows, signed letters with
//! their course, and the desk of an office.

use std::sync::Arc;

use crate::access::Side as AccessSide;
use crate::acts::Directory;
use crate::acts::LetterLook;
use crate::acts::Look;
use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::letters::open_answers;
use crate::acts::views::PersonView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::patients::names;
use crate::form::Form;
use crate::form::answers::Answers;
use crate::form::workflow::Side;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Words;
use crate::kernel::seal::Key;
use crate::kernel::time::Time;
use crate::record::Audience;
use crate::record::payload::Moved;
use crate::record::payload::Payload;
use crate::record::payload::Signed;
use crate::store::Conn;
use crate::store::letters;
use crate::store::letters::Letter;
use crate::store::log;
use crate::store::patients;

mod known;

pub use known::known;

/// A letter in a list.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct LetterRow {
    /// The letter.
    pub id: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The form's code.
    pub form: String,
    /// The form's name.
    pub title: Words,
    /// The state's code.
    pub state: String,
    /// The state's name.
    pub state_label: Words,
    /// Whether nothing follows.
    pub finished: bool,
    /// Whose turn it is, on which side.
    pub waits_for: Option<Side>,
    /// Who signed.
    pub author: Option<PersonView>,
    /// The sending office.
    pub from: OfficeId,
    /// Its name.
    pub from_office: String,
    /// The receiving office.
    pub to: Option<OfficeId>,
    /// Its name.
    pub to_office: Option<String>,
    /// The version, counted from 1.
    pub version: i32,
    /// When the state's clock runs out.
    pub due: Option<Time>,
    /// When it moved last.
    pub changed: Time,
}

/// One's own unsigned work.
#[derive(Debug, Clone)]
pub struct DraftView {
    /// The letter it will become.
    pub id: LetterId,
    /// The form.
    pub form: Arc<Form>,
    /// The answers so far.
    pub answers: Answers,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
    /// When it was kept last.
    pub changed: Time,
    /// The text that stands signed, when the letter was signed before: by this person before they
    /// began to correct it, or by someone else meanwhile.
    pub signed: Option<SignedText>,
}

/// The text of a letter that stands signed.
#[derive(Debug, Clone)]
pub struct SignedText {
    /// Its version, counted from 1.
    pub version: i32,
    /// The answers.
    pub answers: Answers,
    /// Who signed.
    pub author: Option<PersonView>,
    /// When.
    pub at: Time,
    /// Whether it was signed after the draft was begun: then two people wrote at once.
    pub meanwhile: bool,
    /// The form that it is pinned to.
    pub form: Arc<Form>,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
}

/// One's own unsigned work in a list.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DraftRow {
    /// The letter it will become.
    pub id: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The patient's name.
    pub name: String,
    /// The form's code.
    pub form: String,
    /// The form's name.
    pub title: Words,
    /// When it was kept last.
    pub changed: Time,
}

/// A letter on the desk with what it says.
#[derive(Debug, Clone)]
pub struct DeskView {
    /// Where it stands.
    pub row: LetterRow,
    /// The patient.
    pub patient: PatientView,
    /// The form it is pinned to.
    pub form: Arc<Form>,
    /// The answers in force.
    pub answers: Answers,
    /// When this text was signed.
    pub arrived: Time,
    /// The patient's card or the answers cannot be opened: those here say nothing.
    pub unreadable: bool,
}

/// A letter with its course.
#[derive(Debug, Clone)]
pub struct LetterView {
    /// The patient.
    pub patient: PatientView,
    /// Where it stands.
    pub row: LetterRow,
    /// The form it is pinned to.
    pub form: Arc<Form>,
    /// The answers in force.
    pub answers: Answers,
    /// Every signed version, oldest first.
    pub versions: Vec<VersionView>,
    /// Every move, oldest first.
    pub moves: Vec<MoveView>,
    /// What the moves were told so far.
    pub told: Answers,
    /// On which side the reader stands.
    pub side: Side,
    /// Whether the reader sits in the team; others see this form and nothing around it.
    pub seated: bool,
    /// The receiving office.
    pub to: Option<OfficeId>,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
}

/// A signed version.
#[derive(Debug, Clone)]
pub struct VersionView {
    /// Counted from 1.
    pub version: i32,
    /// The answers.
    pub answers: Answers,
    /// Who signed.
    pub author: Option<PersonView>,
    /// When.
    pub at: Time,
    /// Why it was needed; empty for the first.
    pub reason: String,
}

/// A move.
#[derive(Debug, Clone)]
pub struct MoveView {
    /// What it said.
    pub moved: Moved,
    /// What the thread says of it.
    pub says: Words,
    /// Who made or entered it.
    pub author: Option<PersonView>,
    /// When.
    pub at: Time,
}

/// The letters of a patient, newest first.
pub fn list(look: &mut Look<'_>) -> Result<Vec<LetterRow>> {
    for_staff(look)?;
    let rows = letters::of(look.conn, &look.grant)?;
    let name = super::patients::banner(look)?.card.name;
    let namer = Namer::read(look.conn, look.house)?;
    Ok(rows.iter().filter_map(|row| namer.row(row, &name)).collect())
}

/// One's own drafts about a patient.
pub fn drafts(look: &mut Look<'_>) -> Result<Vec<DraftView>> {
    for_staff(look)?;
    let who = look.grant.person().ok_or(Error::SignedOut)?;
    let rows = letters::drafts(look.conn, &look.grant, who)?;
    rows.into_iter().map(|row| open_draft(look, row)).collect()
}

/// One's own draft of one letter, if there is one.
pub fn draft(look: &mut Look<'_>, id: LetterId) -> Result<Option<DraftView>> {
    let who = look.grant.person().ok_or(Error::SignedOut)?;
    match letters::draft(look.conn, &look.grant, id, who)? {
        None => Ok(None),
        Some(row) => open_draft(look, row).map(Some),
    }
}

/// Forms are what professionals write to each other: the patient's own side does not find them here.
fn for_staff(look: &Look<'_>) -> Result<()> {
    if look.grant.sees(Audience::Staff) { Ok(()) } else { Err(Error::Missing) }
}

fn open_draft(look: &mut Look<'_>, row: letters::Draft) -> Result<DraftView> {
    let library = look.house.library();
    let form = library.form(&row.form_hash).cloned().ok_or_else(unpublished)?;
    let answers = open_answers(look.key(), row.id, &row.sealed)?;
    let signed = signed(look, row.id, row.base_seq)?;
    Ok(DraftView {
        id: row.id,
        form,
        answers,
        task: row.task,
        about: row.about,
        changed: row.changed_at,
        signed,
    })
}

/// The text of a letter that stands signed, if there is one; `begun` is the record's last entry when
/// the reader's own work on it was begun.
pub fn signed(look: &mut Look<'_>, id: LetterId, begun: i64) -> Result<Option<SignedText>> {
    for_staff(look)?;
    let Some(row) = letters::of_patient(look.conn, &look.grant, id)? else { return Ok(None) };
    let form = look.house.library().form(&row.form_hash).cloned().ok_or_else(unpublished)?;
    let entry = log::by_seq(look.conn, look.grant.patient().log(), row.signed_seq)?;
    let people = look.directory()?;
    let author = entry.author.and_then(|person| people.get(person).cloned());
    let Payload::Signed(text) = look.open(&entry)? else {
        return Err(Error::fault("a letter's answers stand in another kind of entry"));
    };
    let text = version(text, author, entry.at)?;
    Ok(Some(SignedText {
        version: row.version,
        answers: text.answers,
        author: text.author,
        at: text.at,
        meanwhile: row.signed_seq > begun,
        form,
        task: row.task,
        about: row.about,
    }))
}

/// One's own drafts about all patients, those that were touched last first.
pub fn my_drafts(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<DraftRow>> {
    let library = reading.house.library();
    let rows = letters::my_drafts(reading.conn, &member.scope(reading.now)?)?;
    let names = names(reading, member)?;
    let row = |row: letters::DraftHead| {
        Some(DraftRow {
            id: row.id,
            patient: row.patient,
            name: names.get(&row.patient)?.clone(),
            title: library.form(&row.form_hash)?.label.clone(),
            form: row.form,
            changed: row.changed_at,
        })
    };
    Ok(rows.into_iter().filter_map(row).collect())
}

fn unpublished() -> Error {
    Error::fault("a letter's form is not published")
}

/// A letter with its course, for the team or for the receiving office.
pub fn one(look: &mut LetterLook<'_>) -> Result<LetterView> {
    let row = letters::one(look.conn, &look.grant)?;
    let library = look.house.library();
    let form = library.form(&row.form_hash).cloned().ok_or_else(unpublished)?;
    let card = patients::of_letter(look.conn, &look.grant)?;
    let patient = PatientView::open(look.key(), &card)?;
    let namer = Namer::read(look.conn, look.house)?;
    let listed = namer.row(&row, &patient.card.name).ok_or_else(unpublished)?;
    let course = Course::read(look, &form, row.id)?;
    let answers = course.versions.last().map(|version| version.answers.clone()).unwrap_or_default();
    let side = match look.grant.side() {
        AccessSide::Sender => Side::Sender,
        AccessSide::Receiver => Side::Receiver,
    };
    Ok(LetterView {
        patient,
        row: listed,
        form,
        answers,
        versions: course.versions,
        moves: course.moves,
        told: course.told,
        side,
        seated: look.grant.seated(),
        to: row.to_office,
        task: row.task,
        about: row.about,
    })
}

struct Course {
    versions: Vec<VersionView>,
    moves: Vec<MoveView>,
    told: Answers,
}

impl Course {
    fn read(look: &mut LetterLook<'_>, form: &Form, id: LetterId) -> Result<Self> {
        let log_id = look.grant.patient().log();
        let rows = log::of_kinds_after(look.conn, log_id, &["letter.signed", "letter.moved"], 0)?;
        let people = look.directory()?;
        let mut course = Self { versions: Vec::new(), moves: Vec::new(), told: Answers::default() };
        for row in rows {
            let author = row.author.and_then(|person| people.get(person).cloned());
            match look.open(&row)? {
                Payload::Signed(signed) if signed.letter == id => {
                    course.versions.push(version(signed, author, row.at)?);
                }
                Payload::Moved(moved) if moved.letter == id => {
                    moved
                        .fields
                        .iter()
                        .for_each(|(path, value)| course.told.put(path.clone(), value.clone()));
                    let says = move_words(form, &moved);
                    course.moves.push(MoveView { says, author, at: row.at, moved });
                }
                _ => {}
            }
        }
        Ok(course)
    }
}

fn version(signed: Signed, author: Option<PersonView>, at: Time) -> Result<VersionView> {
    let answers =
        serde_json::from_value(signed.answers).map_err(|_| Error::fault("answers have another shape"))?;
    Ok(VersionView { version: signed.version, answers, author, at, reason: signed.reason })
}

/// What the thread says of a move.
pub(crate) fn move_words(form: &Form, moved: &Moved) -> Words {
    form.workflow
        .find(&moved.code, &moved.from)
        .map(|step| step.done.clone())
        .or_else(|| form.workflow.state(&moved.to).map(|state| state.label.clone()))
        .unwrap_or_else(|| form.label.clone())
}

/// Forms addressed to the reader's office: those whose clock runs first.
pub fn desk(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<LetterRow>> {
    let rows = letters::desk(reading.conn, &member.scope(reading.now)?)?;
    let namer = Namer::read(reading.conn, reading.house)?;
    let mut views = Vec::new();
    for row in rows {
        let (patient, _) =
            PatientView::in_list(reading.house.keys(), &row.patient, &row.wrapped, member.lang);
        views.extend(namer.row(&row.letter, &patient.card.name));
    }
    Ok(views)
}

/// Forms of one code addressed to the reader's office, with what they say: a board of cards.
pub fn cards(reading: &mut Reading<'_>, member: &Member, code: &str) -> Result<Vec<DeskView>> {
    let mut rows = letters::desk(reading.conn, &member.scope(reading.now)?)?;
    rows.retain(|row| row.letter.form == code);
    let namer = Namer::read(reading.conn, reading.house)?;
    let mut views = Vec::new();
    for row in rows {
        let (patient, key) =
            PatientView::in_list(reading.house.keys(), &row.patient, &row.wrapped, member.lang);
        let Some(listed) = namer.row(&row.letter, &patient.card.name) else { continue };
        let form = namer.library.form(&row.letter.form_hash).cloned().ok_or_else(unpublished)?;
        let said = key.map(|key| in_force(reading.conn, &key, &row.letter)).transpose();
        let said = said.unwrap_or_else(|cause| {
            tracing::error!(letter = %row.letter.id, %cause, "a form cannot be opened");
            None
        });
        let unreadable = said.is_none();
        let (answers, arrived) = said.unwrap_or_else(|| (Answers::default(), row.letter.changed_at));
        views.push(DeskView { row: listed, patient, form, answers, arrived, unreadable });
    }
    Ok(views)
}

/// The answers in force, and when they were signed.
fn in_force(conn: &mut Conn, key: &Key, letter: &letters::Letter) -> Result<(Answers, Time)> {
    let entry = log::by_seq(conn, letter.patient.log(), letter.signed_seq)?;
    match crate::acts::open(key, &entry)? {
        Payload::Signed(signed) => Ok((version(signed, None, entry.at)?.answers, entry.at)),
        _ => Err(Error::fault("a letter names another kind of entry")),
    }
}

/// Forms of the reader's teams, those whose clock runs first.
pub fn in_teams(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<LetterRow>> {
    let rows = letters::in_teams(reading.conn, &member.scope(reading.now)?, 300)?;
    let names = names(reading, member)?;
    let namer = Namer::read(reading.conn, reading.house)?;
    Ok(rows.iter().filter_map(|row| namer.row(row, names.get(&row.patient)?)).collect())
}

/// Names of people, offices, forms and states for a list of letters.
struct Namer {
    directory: Arc<Directory>,
    library: Arc<crate::acts::library::Library>,
}

impl Namer {
    fn read(conn: &mut Conn, house: &crate::acts::House) -> Result<Self> {
        Ok(Self { directory: house.directory(conn)?, library: house.library() })
    }

    fn office(&self, id: OfficeId) -> String {
        self.directory.office(id).map(|card| card.name.clone()).unwrap_or_default()
    }

    fn row(&self, row: &Letter, name: &str) -> Option<LetterRow> {
        let form = self.library.form(&row.form_hash)?;
        let state = form.workflow.state(&row.state)?;
        Some(LetterRow {
            id: row.id,
            patient: row.patient,
            name: name.to_owned(),
            form: row.form.clone(),
            title: form.label.clone(),
            state: row.state.clone(),
            state_label: state.label.clone(),
            finished: state.finished,
            waits_for: state.waits_for,
            author: self.directory.get(row.author).cloned(),
            from: row.from_office,
            to: row.to_office,
            from_office: self.office(row.from_office),
            to_office: row.to_office.map(|office| self.office(office)),
            version: row.version,
            due: row.clock_at,
            changed: row.changed_at,
        })
    }
}
