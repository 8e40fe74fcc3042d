//! Checking the answers and signing them, and sending in the same go where the form is to be sent.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::edit;
use super::edit::Begun;
use super::edit::Work;
use super::offices;
use crate::acts::letters::Moving;
use crate::acts::letters::Signing;
use crate::acts::views;
use crate::acts::views::house::OfficeView;
use crate::form::Form;
use crate::form::Stage;
use crate::form::answers::Answers;
use crate::form::workflow::Move;
use crate::form::workflow::Side;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::letters::LetterCheckPage;
use crate::web::respond;
use crate::web::view::FlawView;

/// How a form is signed and sent by someone: by one move that does both, or by two.
pub(super) struct Way<'a> {
    /// The move that signs.
    pub signs: &'a Move,
    /// The move that sends afterwards, when signing does not.
    pub sends: Option<&'a Move>,
}

impl<'a> Way<'a> {
    /// The way of this form for this profession.
    pub fn of(form: &'a Form, profession: Profession) -> Option<Self> {
        let workflow = &form.workflow;
        let mine = |step: &&Move| step.may_be_made_by(Side::Sender, profession);
        let signs = workflow.moves_from(&workflow.start).filter(mine).find(|step| step.signs)?;
        let after = workflow.moves_from(&signs.to).filter(mine);
        let sends = after.into_iter().find(|step| step.sends && step.needs.is_empty());
        Some(Self { signs, sends: sends.filter(|_| !signs.sends) })
    }

    fn reaches_someone(&self) -> bool {
        self.signs.sends || self.sends.is_some()
    }
}

/// `GET /patients/{patient}/letters/{letter}/check`
pub async fn page(signed: Signed, path: Path<(PatientId, LetterId)>) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    let here = format!("/patients/{patient}/letters/{letter}");
    match edit::work(&signed, patient, letter, &Begun::default()).await {
        Ok(Some(work)) if work.overtaken() => Ok(respond::see_other(format!("{here}/edit"))),
        Ok(Some(work)) => show(&signed, &work, Typed::nothing(), &[]).await,
        Ok(None) => Ok(respond::see_other(format!("/letters/{letter}"))),
        Err(why) => Err(why),
    }
}

async fn show(signed: &Signed, work: &Work, typed: Typed<'_>, flaws: &[Flaw]) -> Result<HttpResponse> {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let way = Way::of(&work.form, signed.member.profession);
    let way = way.ok_or_else(|| Error::Forbidden(Words::of(Text::not_a_signer)))?;
    let corrects = work.signed.is_some();
    let judged = work.form.judge(&work.answers, Stage::Sign, now.stamp());
    // What is wrong with the answers stands beside them; the rest belongs to the fields below.
    let beside: Vec<Flaw> = flaws.iter().filter(|flaw| !judged.contains(flaw)).cloned().collect();
    let shown = FlawView::list(&beside, lang);
    let mut fields = Vec::new();
    if corrects {
        fields.push(typed.field("area", "reason", t.amend_reason(), "").must().hint(t.amend_hint()));
    } else if way.reaches_someone() {
        let list = addressees(signed, work).await?;
        fields.push(offices::field(&list, &typed.or("to_office", ""), lang));
    }
    let fields = fields.into_iter().map(|field| field.judged(&shown)).collect();
    let sheet = work.form.sheet(&work.answers, &judged, lang);
    let here = format!("/patients/{}/letters/{}", work.patient.id, work.letter);
    let again = !flaws.is_empty();
    let page = LetterCheckPage {
        t,
        frame: signed
            .frame(fill::title(t.check_title(), &work.patient))?
            .at(Place::Patients)
            .with_error(again || sheet.has_flaws()),
        banner: fill::banner(&work.patient, lang, "letters", now),
        edit_href: format!("{here}/edit"),
        action: format!("{here}/sign"),
        entry: typed.entry(),
        base: work.version().to_string(),
        fields,
        sends: !corrects && way.reaches_someone(),
        keeps: !corrects && !way.signs.sends,
        flaws: shown,
        sheet,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

async fn addressees(signed: &Signed, work: &Work) -> Result<Vec<OfficeView>> {
    let team: Vec<OfficeId> = signed
        .house()
        .look(signed.member.id, work.patient.id, "draft", |look| {
            let seats = views::patients::team(look)?;
            Ok(seats.into_iter().filter(|seat| seat.in_force).map(|seat| seat.person.office).collect())
        })
        .await?;
    let (form, own) = (work.form.clone(), signed.member.office);
    signed.house().read(move |reading| offices::addressees(reading, &form, own, &team)).await
}

/// `POST /patients/{patient}/letters/{letter}/sign`
pub async fn sign(signed: Signed, path: Path<(PatientId, LetterId)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, letter) = path.into_inner();
    let id: EntryId = fields.read("entry")?;
    let work = match edit::work(&signed, patient, letter, &Begun::default()).await {
        Ok(Some(work)) => work,
        // Sent twice: the draft went with the first one.
        Ok(None) => return Ok(respond::see_other(format!("/letters/{letter}"))),
        Err(why) => return Err(why),
    };
    let edit = format!("/patients/{patient}/letters/{letter}/edit");
    if work.overtaken() || edit::base(&fields)? != work.version() {
        return Ok(respond::see_other(edit));
    }
    match sort(sign_now(&signed, &work, id, &fields).await) {
        Ok(Ok(())) => Ok(respond::see_other(format!("/letters/{letter}"))),
        Ok(Err(flaws)) => show(&signed, &work, Typed::wrong(&fields, &flaws), &flaws).await,
        // Someone signed in this very moment: the page for filling shows both texts.
        Err(Error::Stale) => Ok(respond::see_other(edit)),
        Err(why) => Err(why),
    }
}

async fn sign_now(signed: &Signed, work: &Work, id: EntryId, fields: &Fields) -> Result<()> {
    let way = Way::of(&work.form, signed.member.profession);
    let way = way.ok_or_else(|| Error::Forbidden(Words::of(Text::not_a_signer)))?;
    let corrects = work.signed.is_some();
    let sends = way.sends.filter(|_| !corrects && fields.get("verb") == "send");
    let to_office: Option<OfficeId> = match fields.get("to_office") {
        "" => None,
        _ => Some(fields.read("to_office")?),
    };
    if sends.is_some() && to_office.is_none() {
        return Err(Error::invalid("to_office", Words::of(Text::addressee_is_empty)));
    }
    let signing = Signing {
        id,
        letter: work.letter,
        patient: work.patient.id,
        form_hash: work.form.hash.clone(),
        answers: work.answers.clone(),
        task: work.task,
        about: work.about,
        supersedes: work.version(),
        reason: fields.get("reason").to_owned(),
        to_office: to_office.filter(|_| way.signs.sends && !corrects),
    };
    signed.house().sign(signed.who(), signing).await?;
    if let Some(step) = sends {
        let moving = Moving {
            id: id.derived("send"),
            letter: work.letter,
            from: way.signs.to.clone(),
            code: step.code.clone(),
            told: Answers::default(),
            to_office,
            proxy: None,
        };
        signed.house().move_letter(signed.who(), moving).await?;
    }
    Ok(())
}

texts! {
    amend_hint {
        ja: "訂正前の内容も残り、宛先にも訂正とその理由が見えます。",
        en: "The first text stays readable, and the receiver sees the correction and its reason."
    }
}
