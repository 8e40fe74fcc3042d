//! Forms: those of a patient, filling, checking and signing one, the signed letter with its moves, paper,
//! and the desk where letters arrive. What a form asks and what may happen to it is data of its file.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::access::Need;
use crate::acts::accounts::Member;
use crate::acts::views;
use crate::form::Form;
use crate::form::workflow::Side;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::kernel::time::screen_time;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::frame::Place;
use crate::web::letters::LetterRow;
use crate::web::letters::LettersPage;
use crate::web::letters::NewForm;
use crate::web::respond;
use crate::web::view::Filter;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

pub mod check;
pub mod desk;
pub mod edit;
mod facts;
mod offices;
pub mod one;
pub mod paper;

/// What the address of a list may say.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Asked {
    /// Which part: `open`, `drafts`, `closed` …
    show: Option<String>,
}

/// What the address of a new form may say.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Begun {
    /// The form's code.
    #[serde(default)]
    form: String,
    /// The task that asks for it.
    task: Option<String>,
    /// The letter that it answers.
    about: Option<String>,
}

/// `GET /patients/{patient}/letters`
pub async fn of_patient(
    signed: Signed,
    patient: Path<PatientId>,
    asked: Query<Asked>,
) -> Result<HttpResponse> {
    let patient = *patient;
    let (card, rows, drafts) = signed
        .house()
        .look(signed.member.id, patient, "letters", |look| {
            let card = views::patients::banner(look)?;
            Ok((card, views::letters::list(look)?, views::letters::drafts(look)?))
        })
        .await?;
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let member = &signed.member;
    let drafted: Vec<LetterRow> = drafts.iter().map(|draft| draft_row(draft, patient, t)).collect();
    let (closed, open): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.finished);
    let shown = |rows: &[&views::letters::LetterRow]| -> Vec<LetterRow> {
        rows.iter().map(|letter| row(letter, member, false, now, lang)).collect()
    };
    let at = |show: &str| format!("/patients/{patient}/letters?show={show}");
    let show = asked.show.as_deref().unwrap_or("open");
    let filters = vec![
        filter(
            at("open"),
            t.letters_open(),
            open.len() + drafted.len(),
            !matches!(show, "drafts" | "closed"),
        ),
        filter(at("drafts"), t.letters_drafts(), drafted.len(), show == "drafts"),
        filter(at("closed"), t.letters_closed(), closed.len(), show == "closed"),
    ];
    let rows = match show {
        "drafts" => drafted,
        "closed" => shown(&closed),
        _ => drafted.into_iter().chain(shown(&open)).collect(),
    };
    let library = signed.house().library();
    let forms = library.current_forms().filter(|form| card.open && may_sign(form, member.profession));
    respond::page(&LettersPage {
        t,
        frame: signed.frame(fill::title(t.letters_title(), &card))?.at(Place::Patients).wide(),
        patient: Some(fill::banner(&card, lang, "letters", now)),
        filters,
        board: false,
        rows,
        forms: forms
            .map(|form| NewForm {
                code: form.code.clone(),
                title: form.label.say(lang).to_owned(),
                purpose: form.purpose.say(lang).to_owned(),
            })
            .collect(),
        action: format!("/patients/{patient}/letters"),
        letter: LetterId::new().to_string(),
    })
}

/// `POST /patients/{patient}/letters`: begins a form; nothing is kept until something is written.
pub async fn begin(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let letter: LetterId = fields.read("letter")?;
    let code = fields.get("form");
    signed.house().library().current_form(code).ok_or(Error::Missing)?;
    Ok(respond::see_other(format!("/patients/{}/letters/{letter}/edit?form={code}", *patient)))
}

/// `GET /patients/{patient}/letters/new`: the same from a task or a letter. Everyone who answers one
/// task works on one letter, so that it is not answered twice.
pub async fn new(signed: Signed, patient: Path<PatientId>, begun: Query<Begun>) -> Result<HttpResponse> {
    let (patient, begun) = (*patient, begun.into_inner());
    need_write(&signed, patient).await?;
    if begun.form.is_empty() {
        // No form was named: the patient's letters offer them all.
        return Ok(respond::see_other(format!("/patients/{patient}/letters")));
    }
    let form = signed.house().library().current_form(&begun.form).cloned().ok_or(Error::Missing)?;
    let mut also = format!("?form={}", form.code);
    let mut letter = LetterId::new();
    if let Some(task) = begun.task.as_deref() {
        let task: EntryId = task.parse().map_err(|_| Error::Missing)?;
        letter = LetterId(task.derived(&form.code).0);
        also.push_str(&format!("&task={task}"));
    }
    if let Some(about) = begun.about.as_deref() {
        let about: EntryId = about.parse().map_err(|_| Error::Missing)?;
        letter = LetterId(about.derived(&form.code).0);
        also.push_str(&format!("&about={about}"));
    }
    let over = signed
        .house()
        .look(signed.member.id, patient, "letters", move |look| {
            let rows = views::letters::list(look)?;
            Ok(rows.iter().any(|row| row.id == letter && row.finished))
        })
        .await?;
    // What was begun for the same reason and is over leaves room for another one.
    let letter = if over { LetterId::new() } else { letter };
    Ok(respond::see_other(format!("/patients/{patient}/letters/{letter}/edit{also}")))
}

/// `GET /patients/{patient}/letters/{letter}`: where a letter is, for whoever comes by the patient.
pub async fn by_patient(path: Path<(PatientId, LetterId)>) -> Result<HttpResponse> {
    Ok(respond::see_other(format!("/letters/{}", path.1)))
}

/// Judged before anything of what is asked is read: who may not know of the patient hears of nothing else.
async fn need_write(signed: &Signed, patient: PatientId) -> Result<()> {
    let judged = signed.house().look(signed.member.id, patient, "letters", |look| {
        if look.grant.also(Need::Write) {
            Ok(())
        } else {
            Err(Error::Forbidden(Words::of(Text::professionals_only)))
        }
    });
    judged.await
}

/// Whether someone of this profession may sign a form and so may begin one.
pub(super) fn may_sign(form: &Form, profession: Profession) -> bool {
    let workflow = &form.workflow;
    let signs = |side| {
        workflow.moves_from(&workflow.start).any(|step| step.signs && step.may_be_made_by(side, profession))
    };
    let lay = matches!(profession, Profession::Family | Profession::Patient);
    !lay && (form.signers.is_empty() || form.signers.contains(&profession)) && signs(Side::Sender)
}

fn filter(href: String, label: &str, count: usize, on: bool) -> Filter {
    Filter { href, label: label.to_owned(), count, on }
}

/// A letter in a list.
fn row(letter: &views::letters::LetterRow, member: &Member, named: bool, now: Time, lang: Lang) -> LetterRow {
    let t = Text(lang);
    let from = match &letter.author {
        Some(author) => t.letter_sender(&author.name, &letter.from_office),
        None => letter.from_office.clone(),
    };
    LetterRow {
        href: format!("/letters/{}", letter.id),
        title: letter.title.say(lang).to_owned(),
        patient: if named { letter.name.clone() } else { String::new() },
        way: match &letter.to_office {
            Some(to) => t.letter_way(&from, to),
            None => from,
        },
        state: state_mark(letter, waits_for_me(letter, member), lang),
        clock: letter.due.filter(|_| !letter.finished).map(|due| clock(due, now, lang)),
        changed: When::at(letter.changed, lang),
    }
}

fn draft_row(draft: &views::letters::DraftView, patient: PatientId, t: Text) -> LetterRow {
    LetterRow {
        href: format!("/patients/{patient}/letters/{}/edit", draft.id),
        title: draft.form.label.say(t.0).to_owned(),
        patient: String::new(),
        way: t.letter_unsigned().to_owned(),
        state: Mark::new(Tone::Act, t.letter_draft()),
        clock: None,
        changed: When::at(draft.changed, t.0),
    }
}

/// Whether the next move is this reader's side's.
pub(super) fn waits_for_me(letter: &views::letters::LetterRow, member: &Member) -> bool {
    let (sent_here, mine) = (letter.to == Some(member.office), letter.from == member.office);
    match letter.waits_for {
        _ if letter.finished => false,
        Some(Side::Receiver) => sent_here,
        Some(Side::Sender) => mine,
        Some(Side::Either) => sent_here || mine,
        None => false,
    }
}

/// A state: green when nothing follows, blue when the reader's side is next.
fn state_mark(letter: &views::letters::LetterRow, mine: bool, lang: Lang) -> Mark {
    let tone = match (letter.finished, mine) {
        (true, _) => Tone::Done,
        (false, true) => Tone::Act,
        (false, false) => Tone::Plain,
    };
    Mark::new(tone, letter.state_label.say(lang))
}

/// A clock: red when it ran out, amber on its last day.
pub(super) fn clock(due: Time, now: Time, lang: Lang) -> Mark {
    let t = Text(lang);
    let whole_day = due.zoned().time() >= jiff::civil::time(23, 59, 0, 0);
    let says = if whole_day { screen_day(due.day(), lang) } else { screen_time(due, lang) };
    if due <= now {
        Mark::new(Tone::Harm, t.clock_over(&says))
    } else if due.day() == now.day() && whole_day {
        Mark::new(Tone::Due, t.clock_today())
    } else if due.day() == now.day() {
        Mark::new(Tone::Due, t.clock_today_at(&due.zoned().strftime("%H:%M").to_string()))
    } else {
        Mark::new(Tone::Plain, t.clock_until(&says))
    }
}

/// Refuses whoever cannot sign, before they fill a form in vain.
fn signer(form: &Form, profession: Profession) -> Result<()> {
    if may_sign(form, profession) { Ok(()) } else { Err(Error::Forbidden(Words::of(Text::not_a_signer))) }
}

texts! {
    letters_open { ja: "進行中", en: "Under way" }
    letters_drafts { ja: "下書き", en: "Drafts" }
    letters_closed { ja: "終わったもの", en: "Closed" }
    letter_sender(name: &str, office: &str) { ja: "{name}（{office}）", en: "{name} ({office})" }
    letter_way(from: &str, to: &str) { ja: "{from}から {to}へ", en: "{from} to {to}" }
    letter_draft { ja: "下書き", en: "Draft" }
    letter_unsigned { ja: "あなたの下書き（まだ送っていません）", en: "Your draft (not sent yet)" }
    clock_over(day: &str) { ja: "期限切れ（{day}まで）", en: "overdue ({day})" }
    clock_today { ja: "本日中", en: "by the end of today" }
    clock_today_at(time: &str) { ja: "本日{time}まで", en: "by {time} today" }
    clock_until(day: &str) { ja: "{day}まで", en: "by {day}" }
}
