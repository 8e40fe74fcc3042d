//! Verbs on forms: keep a draft, sign, move through the declared workflow, amend. Signing and moving
//! tell the pathway engine what was observed and which state was reached.

use std::sync::Arc;

use crate::access;
use crate::access::Grant;
use crate::access::LetterGrant;
use crate::access::Need;
use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::acts::live::News;
use crate::acts::plans;
use crate::acts::register::refuse;
use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::form::workflow::Move;
use crate::form::workflow::Proxy;
use crate::form::workflow::Side;
use crate::kernel::calendar::Calendar;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Key;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::pathway::event::Input;
use crate::pathway::event::Stated;
use crate::record::Audience;
use crate::record::payload::Moved;
use crate::record::payload::Payload;
use crate::record::payload::SeatRole;
use crate::record::payload::Seated;
use crate::record::payload::Signed;
use crate::store::Conn;
use crate::store::letters;
use crate::store::letters::Letter;
use crate::store::log;
use crate::store::patients as patient_rows;
use crate::store::register;
use crate::texts;

/// A form as it is signed.
#[derive(Debug, Clone)]
pub struct Signing {
    /// The entry's id.
    pub id: EntryId,
    /// The letter that the draft becomes.
    pub letter: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The version of the form.
    pub form_hash: String,
    /// The answers.
    pub answers: Answers,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter that it answers.
    pub about: Option<LetterId>,
    /// The version that this one supersedes; 0 for a first one.
    pub supersedes: i32,
    /// Why a new version is needed.
    pub reason: String,
    /// To which office, when signing sends it.
    pub to_office: Option<OfficeId>,
}

/// A move of a form.
#[derive(Debug, Clone)]
pub struct Moving {
    /// The entry's id.
    pub id: EntryId,
    /// The letter.
    pub letter: LetterId,
    /// The state the person saw: another one means that someone was faster.
    pub from: String,
    /// The move's code.
    pub code: String,
    /// What the move is told.
    pub told: Answers,
    /// To which office, when the move sends it.
    pub to_office: Option<OfficeId>,
    /// For a move that happened outside and is entered for someone.
    pub proxy: Option<Proxy>,
}

/// Unsigned work as it is kept.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// The letter it will become.
    pub letter: LetterId,
    /// About whom.
    pub patient: PatientId,
    /// The version of the form.
    pub form_hash: String,
    /// The answers so far.
    pub answers: Answers,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter that it answers.
    pub about: Option<LetterId>,
}

impl House {
    /// Keeps unsigned work, sealed, for the one who does it.
    pub async fn keep_draft(&self, who: PersonId, new: NewDraft) -> Result<()> {
        let form = self.library().form(&new.form_hash).cloned().ok_or(Error::Missing)?;
        let keys = self.keys().clone();
        self.jot(move |conn, now| {
            let facts = patient_rows::facts(conn, new.patient, Some(who))?;
            let grant = access::judge(&facts, Need::Write, now)?;
            let key = keys.unwrap(new.patient.0.as_bytes(), grant.wrapped_key())?;
            let row = letters::Draft {
                id: new.letter,
                person: who,
                patient: new.patient,
                form: form.code.clone(),
                form_hash: new.form_hash.clone(),
                task: new.task,
                about: new.about,
                base_seq: log::newest(conn, &grant)?,
                changed_at: now,
                sealed: seal_answers(&key, new.letter, &new.answers)?,
            };
            letters::keep_draft(conn, &grant, &row)
        })
        .await
    }

    /// Throws one's own unsigned work away.
    pub async fn drop_draft(&self, who: PersonId, patient: PatientId, letter: LetterId) -> Result<()> {
        self.jot(move |conn, now| {
            let facts = patient_rows::facts(conn, patient, Some(who))?;
            let grant = access::judge(&facts, Need::Write, now)?;
            letters::drop_draft(conn, &grant, letter, who)
        })
        .await
    }

    /// Signs a form: checked before the committer, written in one act with all that follows.
    pub async fn sign(&self, who: Who, mut signing: Signing) -> Result<LetterId> {
        let form = self.library().form(&signing.form_hash).cloned().ok_or(Error::Missing)?;
        refuse(form.judge(&signing.answers, Stage::Sign, self.now().stamp()))?;
        signing.answers = form.settled(&signing.answers);
        self.perform(who, vec![signing.patient.log()], move |act| sign(act, &form, &signing)).await
    }

    /// Moves a form. The letter's record is found first, because its head must be locked.
    pub async fn move_letter(&self, who: Who, moving: Moving) -> Result<()> {
        let letter = moving.letter;
        let person = who.need_person()?;
        let patient = self
            .read(move |reading| {
                Ok(super::letter_grant(reading.conn, reading.now, person, letter, Need::Read)?.patient())
            })
            .await?;
        self.perform(who, vec![patient.log()], move |act| make_move(act, &moving)).await
    }
}

pub(crate) fn seal_answers(key: &Key, letter: LetterId, answers: &Answers) -> Result<Vec<u8>> {
    let plain = serde_json::to_vec(answers).map_err(|_| Error::fault("answers cannot be written"))?;
    key.seal(&about_draft(letter), &plain)
}

pub(crate) fn open_answers(key: &Key, letter: LetterId, sealed: &[u8]) -> Result<Answers> {
    let plain = key.open(&about_draft(letter), sealed)?;
    serde_json::from_slice(&plain).map_err(|_| Error::fault("a draft has another shape"))
}

fn about_draft(letter: LetterId) -> Vec<u8> {
    [b"renkei/draft/1 ".as_slice(), letter.0.as_bytes()].concat()
}

fn sign(act: &mut Act<'_>, form: &Arc<Form>, signing: &Signing) -> Result<LetterId> {
    let who = act.who.need_person()?;
    let grant = act.grant(signing.patient, Need::Write)?;
    let profession = grant.profession().ok_or(Error::SignedOut)?;
    if !form.signers.is_empty() && !form.signers.contains(&profession) {
        return Err(Error::Forbidden(Words::of(Text::not_a_signer)));
    }
    let before = letters::of_patient(act.conn, &grant, signing.letter)?;
    let signed = Signed {
        letter: signing.letter,
        form: form.code.clone(),
        form_hash: form.hash.clone(),
        version: signing.supersedes + 1,
        answers: serde_json::to_value(&signing.answers)
            .map_err(|_| Error::fault("answers cannot be written"))?,
        from_office: grant.office().ok_or(Error::SignedOut)?,
        task: signing.task,
        about: signing.about,
        reason: signing.reason.trim().to_owned(),
    };
    if act.stands(signing.patient.log(), signing.id)?.is_some() {
        // Sent again: the comparison with the first one tells conflict from repetition.
        act.append(&grant, signing.id, Audience::Staff, signed)?;
        return Ok(signing.letter);
    }
    match &before {
        // What stands nowhere cannot be superseded.
        None if signing.supersedes != 0 => return Err(Error::Missing),
        None => sign_first(act, &grant, form, signing, signed, profession)?,
        Some(old) => amend(act, &grant, form, signing, signed, old)?,
    }
    letters::drop_draft(act.conn, &grant, signing.letter, who)?;
    Ok(signing.letter)
}

fn sign_first(
    act: &mut Act<'_>,
    grant: &Grant,
    form: &Arc<Form>,
    signing: &Signing,
    signed: Signed,
    profession: Profession,
) -> Result<()> {
    let start = form.workflow.start.clone();
    let step = form
        .workflow
        .moves_from(&start)
        .find(|step| step.signs && step.may_be_made_by(Side::Sender, profession))
        .ok_or_else(|| Error::Forbidden(Words::of(Text::not_a_signer)))?
        .clone();
    if let Some(about) = signing.about {
        letters::of_patient(act.conn, grant, about)?.ok_or(Error::Missing)?;
    }
    let to_office = addressee(act, form, &step, signing.to_office)?;
    act.append(grant, signing.id, Audience::Staff, signed)?;
    let moved = Moved {
        letter: signing.letter,
        code: step.code.clone(),
        from: start.clone(),
        to: step.target(&start).to_owned(),
        to_office,
        fields: serde_json::Map::new(),
        proxy: None,
    };
    let seq = act.append(grant, signing.id.derived("move"), Audience::Staff, moved)?.seq();
    let row = letters::of_patient(act.conn, grant, signing.letter)?.ok_or(Error::Missing)?;
    let facts = stated(form, signing, act.now);
    reached(act, grant, form, &row, signing.id, facts)?;
    tell(act, &row, seq);
    answer_letter(act, form, signing)
}

/// A new version of a signed form. It never changes a sent one in place: both stay readable.
fn amend(
    act: &mut Act<'_>,
    grant: &Grant,
    form: &Arc<Form>,
    signing: &Signing,
    signed: Signed,
    old: &Letter,
) -> Result<()> {
    if old.version != signing.supersedes || old.form_hash != form.hash {
        return Err(Error::Stale);
    }
    if !form.workflow.may_be_corrected(&old.state) {
        return Err(Error::Forbidden(Words::of(Text::letter_is_over)));
    }
    if signing.reason.trim().is_empty() {
        return Err(Error::invalid("reason", Words::of(Text::reason_is_empty)));
    }
    let first = log::by_seq(act.conn, grant.patient().log(), old.signed_seq)?.id;
    let seq = act.append(grant, signing.id, Audience::Staff, signed)?.seq();
    let told = serde_json::json!({ "withdrawn": first });
    plans::feed(act, grant, signing.id.derived("withdrawn"), told, Input::Withdrawn(first))?;
    plans::tell_facts(act, grant, signing.id.derived("facts"), stated(form, signing, act.now))?;
    tell(act, old, seq);
    Ok(())
}

/// Whom a sending move sends to: an office that takes part, whenever someone is to receive it.
fn addressee(act: &mut Act<'_>, form: &Form, step: &Move, to: Option<OfficeId>) -> Result<Option<OfficeId>> {
    if !step.sends {
        return Ok(None);
    }
    let waits = form.workflow.state(&step.to).and_then(|state| state.waits_for);
    match to {
        None if waits == Some(Side::Receiver) => {
            Err(Error::invalid("to_office", Words::of(Text::addressee_is_empty)))
        }
        None => Ok(None),
        Some(to) if register::office(act.conn, to)?.active => Ok(Some(to)),
        Some(_) => Err(Error::invalid("to_office", Words::of(Text::addressee_is_away))),
    }
}

/// What the form observed, for the engine: true on the day that the form speaks of.
fn stated(form: &Form, signing: &Signing, now: Time) -> Vec<Stated> {
    let at = form
        .effective_on(&signing.answers)
        .filter(|day| *day < now.day())
        .map(|day| time::moment(day.at(12, 0, 0, 0)));
    form.writes(&signing.answers)
        .into_iter()
        .map(|(concept, value)| Stated { concept, value, at, entry: Some(signing.id) })
        .collect()
}

/// Tells the engine which state the form reached, and what it observed: the task that asked for it may
/// be done by it.
fn reached(
    act: &mut Act<'_>,
    grant: &Grant,
    form: &Form,
    row: &Letter,
    id: EntryId,
    facts: Vec<Stated>,
) -> Result<()> {
    let fulfils = form.workflow.state(&row.state).is_some_and(|state| state.fulfils);
    let told = serde_json::json!({ "form": row.form, "letter": row.id, "state": row.state });
    let input = Input::Form {
        form: row.form.clone(),
        letter: row.id,
        state: row.state.clone(),
        fulfils,
        task: row.task,
        spent: row.spent,
        facts,
    };
    plans::feed(act, grant, id.derived("form"), told, input)
}

/// A signed report may be what the letter that it answers waits for.
fn answer_letter(act: &mut Act<'_>, form: &Form, signing: &Signing) -> Result<()> {
    let Some(about) = signing.about else { return Ok(()) };
    let grant = act.letter_grant(about, Need::Write)?;
    let row = letters::one(act.conn, &grant)?;
    let library = act.library();
    let asked =
        library.form(&row.form_hash).ok_or_else(|| Error::fault("a letter's form is not published"))?;
    let step =
        asked.workflow.moves_from(&row.state).find(|step| step.with_form.as_deref() == Some(&*form.code));
    let Some(step) = step else { return Ok(()) };
    let moving = Moving {
        id: signing.id.derived("answer"),
        letter: about,
        from: row.state.clone(),
        code: step.code.clone(),
        told: Answers::default(),
        to_office: None,
        proxy: None,
    };
    make_move(act, &moving)
}

fn make_move(act: &mut Act<'_>, moving: &Moving) -> Result<()> {
    let grant = act.letter_grant(moving.letter, Need::Write)?;
    let row = letters::one(act.conn, &grant)?;
    let log_id = grant.patient().log();
    if let Some(seq) = act.stands(log_id, moving.id)? {
        return same_move(act, &grant, moving, seq);
    }
    if row.state != moving.from {
        return Err(Error::Stale);
    }
    let library = act.library();
    let form =
        library.form(&row.form_hash).ok_or_else(|| Error::fault("a letter's form is not published"))?;
    let step = form.workflow.find(&moving.code, &row.state).ok_or(Error::Stale)?;
    may_move(act, &grant, step, moving.proxy)?;
    refuse(form.judge_told(step, &moving.told, act.now.stamp()))?;
    if moving.proxy.is_none() {
        need_form_with(act, &grant, step, &row)?;
    }
    let to_office = addressee(act, form, step, moving.to_office)?.or(row.to_office);
    let key = act.keys().unwrap(grant.patient().0.as_bytes(), grant.wrapped_key())?;
    let course = Course::read(act.conn, &key, &row)?;
    let target = step.target(&course.before_pause).to_owned();
    let fields = moving.told.0.iter().map(|(path, answer)| (path.clone(), answer.value.clone())).collect();
    let moved = Moved {
        letter: row.id,
        code: step.code.clone(),
        from: row.state.clone(),
        to: target.clone(),
        to_office: to_office.filter(|_| step.sends),
        fields,
        proxy: moving.proxy.map(|proxy| proxy.code().to_owned()),
    };
    let seq = act.append_letter(&grant, moving.id, moved)?.seq();
    let row = letters::one(act.conn, &grant)?;
    if step.joins && grant.side() == access::Side::Receiver && moving.proxy.is_none() {
        join_team(act, &grant, moving.id)?;
    }
    let clock = plans::clock_grant(act, grant.patient())?;
    reached(act, &clock, form, &row, moving.id, Vec::new())?;
    tell(act, &row, seq);
    Ok(())
}

/// Sent again: done when it says the same, a conflict when the number stands for something else.
fn same_move(act: &mut Act<'_>, grant: &LetterGrant, moving: &Moving, seq: i64) -> Result<()> {
    let key = act.keys().unwrap(grant.patient().0.as_bytes(), grant.wrapped_key())?;
    let row = log::by_seq(act.conn, grant.patient().log(), seq)?;
    let Payload::Moved(before) = crate::acts::open(&key, &row)? else { return Err(Error::Conflict) };
    let told = moving.told.0.iter().map(|(path, answer)| (path, &answer.value));
    let same = before.letter == moving.letter
        && before.code == moving.code
        && before.from == moving.from
        && before.proxy.as_deref() == moving.proxy.map(Proxy::code)
        && row.author == act.who.author.person()
        && before.fields.iter().eq(told);
    if same { Ok(()) } else { Err(Error::Conflict) }
}

fn may_move(act: &mut Act<'_>, grant: &LetterGrant, step: &Move, proxy: Option<Proxy>) -> Result<()> {
    let person = register::person(act.conn, act.who.need_person()?)?;
    let profession =
        person.profession.parse().map_err(|()| Error::fault("a person of an unknown profession"))?;
    let side = match grant.side() {
        access::Side::Sender => Side::Sender,
        access::Side::Receiver => Side::Receiver,
    };
    let may = match proxy {
        None => step.may_be_made_by(side, profession),
        Some(way) => step.may_be_reported(way),
    };
    if may { Ok(()) } else { Err(Error::Forbidden(Words::of(Text::move_is_anothers))) }
}

/// A move that needs a report waits until one about this letter was signed. One that came on paper or
/// by FAX is not in here: then the move is entered for the other side.
fn need_form_with(act: &mut Act<'_>, grant: &LetterGrant, step: &Move, row: &Letter) -> Result<()> {
    let Some(code) = &step.with_form else { return Ok(()) };
    if letters::has_answer(act.conn, grant, row.id, code)? {
        return Ok(());
    }
    Err(Error::Forbidden(Words::of(Text::report_is_missing)))
}

/// What a letter has been through: the answers in force, and what the moves were told so far.
pub(crate) struct Course {
    /// The answers in force.
    pub answers: Answers,
    /// What the moves were told so far.
    pub told: Answers,
    before_pause: String,
}

impl Course {
    /// Reads a letter's entries up to the one that its row stands at.
    pub fn read(conn: &mut Conn, key: &Key, row: &Letter) -> Result<Self> {
        let log_id = row.patient.log();
        let signed = log::by_seq(conn, log_id, row.signed_seq)?;
        let Payload::Signed(signed) = crate::acts::open(key, &signed)? else {
            return Err(Error::fault("a letter's answers stand in another kind of entry"));
        };
        let answers: Answers =
            serde_json::from_value(signed.answers).map_err(|_| Error::fault("answers have another shape"))?;
        let (mut told, mut before_pause) = (Answers::default(), String::new());
        for entry in log::of_kinds_after(conn, log_id, &["letter.moved"], 0)? {
            if entry.seq > row.seq {
                break;
            }
            let Payload::Moved(moved) = crate::acts::open(key, &entry)? else { continue };
            if moved.letter == row.id {
                moved.fields.into_iter().for_each(|(path, value)| told.put(path, value));
                before_pause = moved.from;
            }
        }
        Ok(Self { answers, told, before_pause })
    }
}

/// Whoever accepts from outside takes a seat, so that the thread and the report are open to them.
fn join_team(act: &mut Act<'_>, grant: &LetterGrant, id: EntryId) -> Result<()> {
    let who = act.who.need_person()?;
    let patient = grant.patient();
    let facts = patient_rows::facts(act.conn, patient, Some(who))?;
    if facts.standing(act.now) != access::Standing::Nobody {
        return Ok(());
    }
    let seated = Seated { person: who, role: SeatRole::Member, until: None, reason: String::new() };
    act.append_letter(grant, id.derived("seat"), seated)?;
    act.tell(News::Person(who));
    Ok(())
}

/// When a state's clock runs out.
pub(crate) fn due(form: &Form, state: &str, now: Time, answers: &Answers, told: &Answers) -> Option<Time> {
    form.due(state, now.stamp(), answers, told, Calendar::shipped()).map(Time::from)
}

fn tell(act: &mut Act<'_>, row: &Letter, seq: i64) {
    act.tell(News::Record(row.patient, seq));
    if let Some(office) = row.to_office {
        act.tell(News::Desk(office));
    }
}

texts! {
    not_a_signer {
        ja: "この書類に署名できる職種ではありません。下書きは残っています。",
        en: "Your profession does not sign this form. Your draft is kept."
    }
    letter_is_over {
        ja: "この書類は終わっています。新しい書類を作ってください。",
        en: "This form is closed. Please begin a new one."
    }
    addressee_is_empty { ja: "送り先を選んでください。", en: "Please choose whom it goes to." }
    addressee_is_away {
        ja: "送り先の事業所は、いま参加していません。別の送り先を選んでください。",
        en: "That office does not take part at present. Please choose another."
    }
    move_is_anothers {
        ja: "この操作は、相手側か別の職種が行います。",
        en: "This step belongs to the other side or to another profession."
    }
    report_is_missing {
        ja: "先に報告書を記入して署名してください。",
        en: "Please fill and sign the report first."
    }
}
