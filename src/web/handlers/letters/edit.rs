//! Filling a form: one's own draft, from what the record knows to the last tick. Nothing is history
//! before it is signed. Two people may each write their own; whoever signs second sees both texts.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::acts::letters::NewDraft;
use crate::acts::views;
use crate::acts::views::letters::SignedText;
use crate::acts::views::patients::PatientView;
use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::PatientId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::Time;
use crate::kernel::time::screen_time;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::frame::Place;
use crate::web::letters::Difference;
use crate::web::letters::LetterEditPage;
use crate::web::respond;

/// What the address of a draft says of how it was begun, as long as nothing was kept.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Begun {
    /// The form's code.
    form: Option<String>,
    /// The task that asks for it.
    task: Option<TaskId>,
    /// The letter that it answers.
    about: Option<LetterId>,
    /// A signed letter is to be corrected.
    amend: Option<String>,
}

/// One's own work on a letter.
pub(super) struct Work {
    /// The patient.
    pub patient: PatientView,
    /// The letter.
    pub letter: LetterId,
    /// The form.
    pub form: Arc<Form>,
    /// The answers so far.
    pub answers: Answers,
    /// The task that asked for it.
    pub task: Option<TaskId>,
    /// The letter it answers.
    pub about: Option<LetterId>,
    /// When it was kept last.
    pub kept: Option<Time>,
    /// The text that stands signed.
    pub signed: Option<SignedText>,
}

impl Work {
    /// The version that stands signed; 0 for none.
    pub fn version(&self) -> i32 {
        self.signed.as_ref().map_or(0, |signed| signed.version)
    }

    /// Someone signed since this work was begun.
    pub fn overtaken(&self) -> bool {
        self.kept.is_some() && self.signed.as_ref().is_some_and(|signed| signed.meanwhile)
    }

    fn draft(&self, answers: Answers) -> NewDraft {
        NewDraft {
            letter: self.letter,
            patient: self.patient.id,
            form_hash: self.form.hash.clone(),
            answers,
            task: self.task,
            about: self.about,
        }
    }
}

/// One's own work on a letter: the draft that was kept, or a first one filled from the record. `None`
/// when the letter is signed and nobody asked to correct it.
pub(super) async fn work(
    signed: &Signed,
    patient: PatientId,
    letter: LetterId,
    begun: &Begun,
) -> Result<Option<Work>> {
    let (member, begun) = (signed.member.clone(), begun.clone());
    let house = signed.house().clone();
    signed
        .house()
        .look(signed.member.id, patient, "draft", move |look| {
            let card = views::patients::banner(look)?;
            if let Some(draft) = views::letters::draft(look, letter)? {
                return Ok(Some(Work {
                    patient: card,
                    letter,
                    form: draft.form,
                    answers: draft.answers,
                    task: draft.task,
                    about: draft.about,
                    kept: Some(draft.changed),
                    signed: draft.signed,
                }));
            }
            if let Some(text) = views::letters::signed(look, letter, i64::MAX)? {
                let amends = begun.amend.is_some();
                return Ok(amends.then(|| Work {
                    patient: card,
                    letter,
                    form: text.form.clone(),
                    answers: text.answers.clone(),
                    task: text.task,
                    about: text.about,
                    kept: None,
                    signed: Some(text),
                }));
            }
            let library = house.library();
            let code = begun.form.as_deref().ok_or(Error::Missing)?;
            let form = library.current_form(code).cloned().ok_or(Error::Missing)?;
            let known = views::letters::known(look, &member)?;
            let mut answers = Answers::default();
            answers.fill_blanks(form.prefill(&known));
            let (task, about) = (begun.task, begun.about);
            Ok(Some(Work { patient: card, letter, form, answers, task, about, kept: None, signed: None }))
        })
        .await
}

/// `GET /patients/{patient}/letters/{letter}/edit`
pub async fn page(
    signed: Signed,
    path: Path<(PatientId, LetterId)>,
    begun: Query<Begun>,
) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    let Some(work) = work(&signed, patient, letter, &begun).await? else {
        return Ok(respond::see_other(format!("/letters/{letter}")));
    };
    super::signer(&work.form, signed.member.profession)?;
    let now = signed.house().now().stamp();
    let flaws = work.form.judge(&work.answers, Stage::Draft, now);
    show(&signed, &work, &work.answers, &flaws, StatusCode::OK)
}

/// `POST /patients/{patient}/letters/{letter}/edit`
pub async fn save(
    signed: Signed,
    path: Path<(PatientId, LetterId)>,
    begun: Query<Begun>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    let Some(work) = work(&signed, patient, letter, &begun).await? else {
        return Ok(respond::see_other(format!("/letters/{letter}")));
    };
    let (mut answers, flaws) = work.form.read_fields(&fields.0, &work.answers);
    keep_wrong(&mut answers, &flaws, &fields);
    let seen = base(&fields)?;
    if seen == work.version() && work.overtaken() {
        // Both texts were on the page: what is kept now is a correction of the signed one.
        signed.house().drop_draft(signed.member.id, patient, letter).await?;
    }
    signed.house().keep_draft(signed.member.id, work.draft(answers.clone())).await?;
    let here = format!("/patients/{patient}/letters/{letter}");
    if seen != work.version() {
        return Ok(respond::see_other(format!("{here}/edit")));
    }
    if !flaws.is_empty() {
        return show(&signed, &work, &answers, &flaws, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let part = [fields.get("confirm"), fields.get("unknown")].into_iter().find(|code| !code.is_empty());
    Ok(respond::see_other(match part.and_then(|code| anchor(&work.form, &answers, code)) {
        Some(anchor) => format!("{here}/edit#{anchor}"),
        None if fields.get("verb") == "check" => format!("{here}/check"),
        None => format!("{here}/edit"),
    }))
}

/// What is wrong stays as it was typed, also where the field turned out not to be asked.
fn keep_wrong(answers: &mut Answers, flaws: &[Flaw], fields: &Fields) {
    for flaw in flaws {
        let typed = fields.get(&format!("f.{}", flaw.field));
        if !typed.is_empty() && answers.value(&flaw.field).is_none() && !flaw.field.contains('.') {
            answers.put(flaw.field.clone(), typed);
        }
    }
}

/// `POST /patients/{patient}/letters/{letter}/draft`: kept by the page itself while somebody types.
pub async fn keep(
    signed: Signed,
    path: Path<(PatientId, LetterId)>,
    begun: Query<Begun>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    let work = work(&signed, patient, letter, &begun).await?.ok_or(Error::Stale)?;
    let (answers, _) = work.form.read_fields(&fields.0, &work.answers);
    signed.house().keep_draft(signed.member.id, work.draft(answers)).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// `POST /patients/{patient}/letters/{letter}/drop`
pub async fn discard(
    signed: Signed,
    path: Path<(PatientId, LetterId)>,
    _fields: Fields,
) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    signed.house().drop_draft(signed.member.id, patient, letter).await?;
    Ok(respond::see_other(format!("/patients/{patient}/letters")))
}

/// The version that stood signed when the page was made.
pub(super) fn base(fields: &Fields) -> Result<i32> {
    fields.read("base")
}

fn anchor(form: &Form, answers: &Answers, section: &str) -> Option<String> {
    let sheet = form.sheet(answers, &[], Lang::Ja);
    sheet.sections.into_iter().find(|one| one.code == section).map(|one| one.anchor)
}

fn show(
    signed: &Signed,
    work: &Work,
    answers: &Answers,
    flaws: &[Flaw],
    status: StatusCode,
) -> Result<HttpResponse> {
    let (t, lang, patient, letter) = (signed.t(), signed.lang(), work.patient.id, work.letter);
    let sheet = work.form.sheet(answers, flaws, lang);
    let here = format!("/patients/{patient}/letters/{letter}");
    let also = if work.kept.is_none() { begun_again(work) } else { String::new() };
    let overtaken = work.signed.as_ref().filter(|_| work.overtaken());
    let frame = signed
        .frame(fill::title(work.form.label.say(lang), &work.patient))?
        .at(Place::Patients)
        .with_error(sheet.has_flaws());
    let page = LetterEditPage {
        t,
        frame,
        banner: fill::banner(&work.patient, lang, "letters", signed.house().now()),
        action: format!("{here}/edit{also}"),
        draft_href: format!("{here}/draft{also}"),
        base: work.version().to_string(),
        saved: work.kept.map_or_else(String::new, |at| t.draft_kept(&screen_time(at, lang))),
        others: overtaken.map_or_else(Vec::new, |text| differences(&work.form, &text.answers, answers, lang)),
        signed_by: overtaken.map_or_else(String::new, |text| signed_words(text, t)),
        signed_href: format!("/letters/{letter}"),
        drop_action: work.kept.map_or_else(String::new, |_| format!("{here}/drop")),
        sheet,
    };
    respond::page_with(status, &page)
}

/// How the draft was begun, for addresses, until it is kept.
fn begun_again(work: &Work) -> String {
    if work.signed.is_some() {
        return "?amend=yes".to_owned();
    }
    let task = work.task.map(|task| format!("&task={task}")).unwrap_or_default();
    let about = work.about.map(|about| format!("&about={about}")).unwrap_or_default();
    format!("?form={}{task}{about}", work.form.code)
}

fn signed_words(text: &SignedText, t: Text) -> String {
    let when = screen_time(text.at, t.0);
    let who = text.author.as_ref().map_or("", |author| author.name.as_str());
    t.signed_by_at(who, &when)
}

/// Where two texts differ: `theirs` stands signed, `mine` is new.
pub(super) fn differences(form: &Form, signed: &Answers, mine: &Answers, lang: Lang) -> Vec<Difference> {
    let changes = form.changes(signed, mine, lang).into_iter();
    changes
        .map(|change| Difference {
            anchor: format!("f-{}", change.path.replace('.', "-")),
            label: change.label,
            mine: change.new,
            theirs: change.old,
        })
        .collect()
}

texts! {
    draft_kept(at: &str) { ja: "下書きを保存しました {at}", en: "Draft saved {at}" }
    signed_by_at(who: &str, at: &str) { ja: "{who}さんが{at}に署名しました。", en: "{who} signed it on {at}." }
}
