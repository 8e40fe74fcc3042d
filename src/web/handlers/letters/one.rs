//! A signed letter for its team and for the office it was sent to: what it says, what happened to it,
//! and the moves that the reader can make now. A receiver from outside the team sees this page and
//! nothing around it.

use actix_web::HttpResponse;
use actix_web::web::Path;

use super::edit::differences;
use super::facts;
use super::offices;
use crate::acts::letters::Moving;
use crate::acts::views;
use crate::acts::views::house::OfficeView;
use crate::acts::views::letters::LetterView;
use crate::form::answers::Answers;
use crate::form::answers::Known;
use crate::form::answers::KnownValue;
use crate::form::answers::Source;
use crate::form::answers::SourceKind;
use crate::form::sheet::SheetField;
use crate::form::workflow::Move;
use crate::form::workflow::Proxy;
use crate::form::workflow::Side;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::letters::CourseLine;
use crate::web::letters::LetterPage;
use crate::web::letters::MoveView;
use crate::web::letters::ReportLink;
use crate::web::letters::VersionView;
use crate::web::respond;
use crate::web::team::Fact;
use crate::web::view::Badge;
use crate::web::view::Banner;
use crate::web::view::Choice;
use crate::web::view::FlawView;
use crate::web::view::PersonView;
use crate::web::view::When;

/// A move that came back with flaws.
struct Tried<'a> {
    code: &'a str,
    entry: String,
    told: Answers,
    through: &'a str,
    office: &'a str,
    flaws: &'a [Flaw],
}

/// `GET /letters/{letter}`
pub async fn page(signed: Signed, letter: Path<LetterId>) -> Result<HttpResponse> {
    let view = look(&signed, *letter, "letter").await?;
    show(&signed, &view, None).await
}

/// Opens a letter for its team or for the office it was sent to.
pub(super) async fn look(signed: &Signed, letter: LetterId, what: &'static str) -> Result<LetterView> {
    signed.house().look_at_letter(signed.member.id, letter, what, views::letters::one).await
}

/// The banner: without ways into the record for whoever sits outside the team.
pub(super) fn banner(signed: &Signed, view: &LetterView) -> Banner {
    let mut banner = fill::banner(&view.patient, signed.lang(), "letters", signed.house().now());
    if !view.seated {
        banner.href = format!("/letters/{}", view.row.id);
        banner.alone = true;
    }
    banner
}

async fn show(signed: &Signed, view: &LetterView, tried: Option<Tried<'_>>) -> Result<HttpResponse> {
    let (t, lang, now) = (signed.t(), signed.lang(), signed.house().now());
    let sheet = view.form.sheet(&view.answers, &[], lang);
    let facts = facts::of(view, now, lang);
    let flaws = tried.as_ref().map_or_else(Vec::new, |tried| flaws_of(tried, lang));
    let again = !flaws.is_empty();
    let title = fill::title(view.form.label.say(lang), &view.patient);
    let page = LetterPage {
        t,
        frame: signed.frame(title)?.at(Place::Letters).wide().with_error(again),
        banner: banner(signed, view),
        href: format!("/letters/{}", view.row.id),
        plain: sheet.text(),
        sheet,
        state: super::state_mark(&view.row, super::waits_for_me(&view.row, &signed.member), lang),
        clock: view.row.due.filter(|_| !view.row.finished).map(|due| super::clock(due, now, lang)),
        from: author(signed, view),
        to: view.row.to_office.clone().unwrap_or_else(|| t.letter_to_nobody().to_owned()),
        version: version_words(view.row.version, t),
        facts: facts.facts,
        rules: facts.rules,
        moves: moves(signed, view, tried.as_ref()).await?,
        report: report(signed, view),
        versions: versions(view, lang),
        course: course(view, lang),
        may_amend: may_amend(signed, view),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn author(signed: &Signed, view: &LetterView) -> PersonView {
    match &view.row.author {
        Some(author) => fill::person(author, signed.lang()),
        None => PersonView {
            name: view.row.from_office.clone(),
            badge: Badge::new(signed.member.profession, signed.lang()),
            office: String::new(),
            on_behalf: None,
        },
    }
}

fn may_amend(signed: &Signed, view: &LetterView) -> bool {
    view.seated
        && view.side == Side::Sender
        && view.form.workflow.may_be_corrected(&view.row.state)
        && view.patient.open
        && super::may_sign(&view.form, signed.member.profession)
}

/// Whether the reader makes a move for their own side, or can only enter that the other side did.
fn own(signed: &Signed, view: &LetterView, step: &Move) -> bool {
    step.may_be_made_by(view.side, signed.member.profession)
}

/// A report that a move of the reader's own side needs and that is not written yet.
fn report(signed: &Signed, view: &LetterView) -> Option<ReportLink> {
    let mut steps = view.form.workflow.moves_from(&view.row.state);
    let code = steps.find_map(|step| step.with_form.clone().filter(|_| own(signed, view, step)))?;
    let form = signed.house().library().current_form(&code).cloned()?;
    let may = view.seated && super::may_sign(&form, signed.member.profession);
    may.then(|| ReportLink {
        href: format!("/patients/{}/letters/new?form={code}&about={}", view.patient.id, view.row.id),
        title: form.label.say(signed.lang()).to_owned(),
    })
}

async fn moves(signed: &Signed, view: &LetterView, tried: Option<&Tried<'_>>) -> Result<Vec<MoveView>> {
    let lay_closed = !view.patient.open;
    if lay_closed {
        return Ok(Vec::new());
    }
    let steps: Vec<&Move> = view
        .form
        .workflow
        .moves_from(&view.row.state)
        .filter(|step| !step.signs)
        // A report is signed, and moves the letter by that.
        .filter(|step| step.with_form.is_none() || !own(signed, view, step))
        .filter(|step| own(signed, view, step) || !step.proxy.is_empty())
        .collect();
    let offices = if steps.iter().any(|step| step.sends) { addressees(signed, view).await? } else { vec![] };
    let known = known(signed);
    let leads_on = |step: &&&Move| own(signed, view, step) && !step.repeats_in(&view.row.state);
    let main = steps.iter().find(leads_on).map(|step| step.code.as_str());
    let mut shown: Vec<MoveView> = steps
        .iter()
        .map(|step| {
            let tried = tried.filter(|tried| tried.code == step.code);
            one_move(signed, view, step, (main == Some(step.code.as_str()), &offices, &known, tried))
        })
        .collect();
    shown.sort_by_key(|step| (!step.main, !step.through.is_empty()));
    Ok(shown)
}

type Beside<'a> = (bool, &'a [OfficeView], &'a Known, Option<&'a Tried<'a>>);

fn one_move(signed: &Signed, view: &LetterView, step: &Move, beside: Beside<'_>) -> MoveView {
    let (main, offices, known, tried) = beside;
    let (t, lang) = (signed.t(), signed.lang());
    let own = own(signed, view, step);
    let first = if own { view.form.prefill_told(step, known) } else { Answers::default() };
    let told = tried.map_or(first, |tried| tried.told.clone());
    let flaws = tried.map_or(&[][..], |tried| tried.flaws);
    let way = tried.map_or("", |tried| tried.through);
    let through = |proxy: &Proxy| Choice::new(proxy.code(), proxy.name().say(lang), way);
    let office = step.sends.then(|| {
        let list = FlawView::list(flaws, lang);
        offices::field(offices, tried.map_or("", |tried| tried.office), lang).judged(&list)
    });
    let label = step.label.say(lang).to_owned();
    MoveView {
        code: step.code.clone(),
        label: if own { label } else { t.letter_entered_move(&label) },
        entry: tried.map_or_else(|| EntryId::new().to_string(), |tried| tried.entry.clone()),
        from: view.row.state.clone(),
        office,
        told: told_fields(view, step, &told, flaws, lang),
        through: if own { Vec::new() } else { step.proxy.iter().map(through).collect() },
        main,
        open: tried.is_some(),
    }
}

/// What a move asks. Several moves stand on one page and may ask the same: each has its own anchors.
fn told_fields(
    view: &LetterView,
    step: &Move,
    told: &Answers,
    flaws: &[Flaw],
    lang: Lang,
) -> Vec<SheetField> {
    let mut fields = view.form.told_sheet(step, told, flaws, lang);
    let apart = |anchor: &mut String| anchor.insert_str(0, &format!("{}-", step.code));
    for field in &mut fields {
        apart(&mut field.anchor);
        field.choices.iter_mut().for_each(|choice| apart(&mut choice.anchor));
        field.unknown.iter_mut().for_each(|tick| apart(&mut tick.anchor));
        field.source.iter_mut().for_each(|source| apart(&mut source.confirm.anchor));
    }
    fields
}

/// What is wrong with a move, each linking to its place in that move's form.
fn flaws_of(tried: &Tried<'_>, lang: Lang) -> Vec<FlawView> {
    let mut flaws = FlawView::list(tried.flaws, lang);
    for flaw in &mut flaws {
        flaw.field = match flaw.field.as_str() {
            "" | "to_office" => continue,
            "through" => format!("{}-through", tried.code),
            path => format!("{}-f-{}", tried.code, path.replace('.', "-")),
        };
    }
    flaws
}

/// What a move may be filled from: only who the reader is, since they may not see the record.
fn known(signed: &Signed) -> Known {
    let member = &signed.member;
    let today = signed.house().now().day();
    let source = Source {
        kind: SourceKind::Register,
        entry: None,
        on: today,
        label: Words::of(Text::source_register),
    };
    [
        ("/today", today.to_string()),
        ("/author/name", member.card.name.clone()),
        ("/author/profession", member.profession.code().to_owned()),
        ("/author/office", member.office_name.clone()),
    ]
    .into_iter()
    .map(|(path, value)| (path.to_owned(), KnownValue { value: value.into(), source: source.clone() }))
    .collect()
}

async fn addressees(signed: &Signed, view: &LetterView) -> Result<Vec<OfficeView>> {
    let (form, from) = (view.form.clone(), view.row.from);
    let to: Vec<_> = view.to.into_iter().collect();
    signed.house().read(move |reading| offices::addressees(reading, &form, from, &to)).await
}

fn version_words(version: i32, t: Text) -> String {
    if version > 1 {
        t.letter_version_corrected(&(version - 1).to_string())
    } else {
        t.letter_version_first().to_owned()
    }
}

fn versions(view: &LetterView, lang: Lang) -> Vec<VersionView> {
    let pairs = view.versions.iter().zip(view.versions.iter().skip(1));
    let mut shown: Vec<VersionView> = pairs
        .map(|(before, after)| VersionView {
            title: version_words(after.version, Text(lang)),
            by: after.author.as_ref().map(|author| fill::person(author, lang)),
            when: When::at(after.at, lang),
            reason: after.reason.clone(),
            changes: differences(&view.form, &before.answers, &after.answers, lang),
        })
        .collect();
    shown.reverse();
    shown
}

/// What happened, newest first: every move with what was told, every correction.
fn course(view: &LetterView, lang: Lang) -> Vec<CourseLine> {
    let t = Text(lang);
    let moves = view.moves.iter().map(|step| {
        let proxy = Proxy::ALL.into_iter().find(|proxy| step.moved.proxy.as_deref() == Some(proxy.code()));
        let says = step.says.say(lang);
        let line = CourseLine {
            when: When::at(step.at, lang),
            by: step.author.as_ref().map(|author| fill::person(author, lang)),
            says: match proxy {
                Some(proxy) => t.heard_through(says, proxy.name().say(lang)),
                None => says.to_owned(),
            },
            told: told(view, step, lang),
        };
        (step.at, line)
    });
    let corrections = view.versions.iter().filter(|version| version.version > 1).map(|version| {
        let line = CourseLine {
            when: When::at(version.at, lang),
            by: version.author.as_ref().map(|author| fill::person(author, lang)),
            says: t.letter_corrected().to_owned(),
            told: vec![Fact::new(t.amend_reason(), version.reason.clone())],
        };
        (version.at, line)
    });
    let mut lines: Vec<_> = moves.chain(corrections).collect();
    lines.sort_by_key(|(at, _)| *at);
    lines.into_iter().rev().map(|(_, line)| line).collect()
}

fn told(view: &LetterView, step: &views::letters::MoveView, lang: Lang) -> Vec<Fact> {
    let Some(known) = view.form.workflow.find(&step.moved.code, &step.moved.from) else { return Vec::new() };
    let mut told = Answers::default();
    step.moved.fields.iter().for_each(|(path, value)| told.put(path.clone(), value.clone()));
    let fields = view.form.told_sheet(known, &told, &[], lang).into_iter();
    fields.filter(|field| !field.shown.is_empty()).map(|field| Fact::new(field.label, field.shown)).collect()
}

/// `POST /letters/{letter}/moves`
pub async fn make_move(signed: Signed, letter: Path<LetterId>, fields: Fields) -> Result<HttpResponse> {
    let letter = *letter;
    let view = look(&signed, letter, "letter").await?;
    let (code, from) = (fields.get("move"), fields.get("from"));
    let id: EntryId = fields.read("entry")?;
    let step = view.form.workflow.find(code, from).ok_or(Error::Stale)?;
    let (told, mut flaws) = view.form.read_told(step, &fields.0);
    let done = match proxy(&signed, &view, step, &fields) {
        Ok(proxy) if flaws.is_empty() => {
            let moving = Moving {
                id,
                letter,
                from: from.to_owned(),
                code: code.to_owned(),
                told: told.clone(),
                to_office: fields.read("to_office").ok(),
                proxy,
            };
            sort(signed.house().move_letter(signed.who(), moving).await)?
        }
        Ok(_) => Err(Vec::new()),
        Err(Error::Invalid(more)) => Err(more),
        Err(why) => return Err(why),
    };
    let Err(more) = done else { return Ok(respond::see_other(format!("/letters/{letter}"))) };
    flaws.extend(more);
    let tried = Tried {
        code,
        entry: id.to_string(),
        told,
        through: fields.get("through"),
        office: fields.get("to_office"),
        flaws: &flaws,
    };
    show(&signed, &view, Some(tried)).await
}

/// By which way the reader heard of a move that the other side made.
fn proxy(signed: &Signed, view: &LetterView, step: &Move, fields: &Fields) -> Result<Option<Proxy>> {
    if own(signed, view, step) {
        return Ok(None);
    }
    let sent = fields.get("through");
    match Proxy::ALL.into_iter().find(|proxy| proxy.code() == sent) {
        Some(proxy) => Ok(Some(proxy)),
        None => Err(Error::invalid("through", Words::of(Text::through_is_empty))),
    }
}

/// `GET /letters/{letter}/amend`: to a draft that begins with what was signed.
pub async fn amend(signed: Signed, letter: Path<LetterId>) -> Result<HttpResponse> {
    let view = look(&signed, *letter, "letter").await?;
    if !may_amend(&signed, &view) {
        return Err(Error::Forbidden(Words::of(Text::cannot_amend)));
    }
    Ok(respond::see_other(format!("/patients/{}/letters/{}/edit?amend=yes", view.patient.id, *letter)))
}

texts! {
    letter_to_nobody { ja: "まだ送っていません", en: "not sent yet" }
    letter_version_first { ja: "初版", en: "first" }
    letter_version_corrected(count: &str) { ja: "訂正{count}版", en: "correction {count}" }
    letter_corrected { ja: "訂正版に署名しました", en: "A corrected version was signed" }
    letter_entered_move(label: &str) { ja: "{label}（相手から聞いて記録）", en: "{label} (as they told you)" }
    heard_through(says: &str, way: &str) { ja: "{says}（{way}で聞いて記録）", en: "{says} (as told by {way})" }
    through_is_empty { ja: "相手から聞いた方法を選んでください。", en: "Please choose how you heard of it." }
    cannot_amend { ja: "この書類は、あなたが訂正することはできません。送り主に連絡してください。", en: "You cannot correct this form. Please tell whoever sent it." }
}
