//! One patient's thread: reading it, posting, acknowledging, correcting, withdrawing, logging a call.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::access::Grant;
use crate::access::Need;
use crate::acts::Look;
use crate::acts::Who;
use crate::acts::accounts::Member;
use crate::acts::threads;
use crate::acts::threads::NewPost;
use crate::acts::views;
use crate::acts::views::patients::ListedView;
use crate::acts::views::patients::PatientView;
use crate::acts::views::thread::ThreadView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::AskId;
use crate::kernel::id::EntryId;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::Time;
use crate::kernel::time::ZONE;
use crate::pathway::PatientState;
use crate::record::Audience;
use crate::record::payload::AskTo;
use crate::record::payload::Called;
use crate::record::payload::Post;
use crate::record::payload::PostAsk;
use crate::record::payload::PostKind;
use crate::record::payload::Urgency;
use crate::texts;
use crate::web::app::Arriving;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::renamed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::respond;
use crate::web::thread::AmendPage;
use crate::web::thread::PatientLink;
use crate::web::thread::PostsPart;
use crate::web::thread::ThreadPage;
use crate::web::view::Field;
use crate::web::view::FlawView;

mod composer;
mod lines;
mod runs;

use lines::Reader;
use lines::lines;

/// What the address of a thread may say.
#[derive(Debug, Clone, Copy, Default, serde::Deserialize)]
pub struct Asked {
    /// Lines before this number.
    before: Option<i64>,
    /// The post that is being answered.
    answer: Option<i64>,
    /// Up to where the reader had read when the page was opened: the unread mark stays where it was.
    read: Option<i64>,
}

/// What one look at a thread brings.
struct Seen {
    view: ThreadView,
    answering: Option<views::thread::PostView>,
    grant: Grant,
    now: Time,
}

impl Seen {
    fn reader(&self, signed: &Signed) -> Reader {
        Reader {
            person: signed.member.id,
            lang: signed.lang(),
            may_post: self.grant.also(Need::Post) && self.view.patient.open,
            now: self.now,
        }
    }
}

/// Opened means: it was on a page before this person.
async fn note_opened(signed: &Signed, seen: &Seen) -> Result<()> {
    if seen.view.opened < seen.view.head {
        signed.house().mark(&seen.grant, seen.view.head, seen.view.head).await?;
    }
    Ok(())
}

/// `GET /patients/{patient}`
pub async fn page(arriving: Arriving, patient: Path<PatientId>, asked: Query<Asked>) -> Result<HttpResponse> {
    let (patient, asked) = (*patient, *asked);
    let read = move |look: &mut Look<'_>, member: &Member| Whole::read(look, member, asked);
    let (signed, whole) = arriving.look(patient, "thread", read).await?;
    show(&signed, patient, asked, whole, Typed::nothing(), &[]).await
}

/// A thread with what stands beside it.
struct Whole {
    seen: Seen,
    state: PatientState,
    listed: Vec<ListedView>,
}

impl Whole {
    fn read(look: &mut Look<'_>, member: &Member, asked: Asked) -> Result<Self> {
        let (view, state, listed) = views::thread::read_beside(look, member, asked.before)?;
        let answering = asked.answer.map(|seq| views::thread::one(look, seq)).transpose()?;
        let seen = Seen { view, answering, grant: look.grant.clone(), now: look.now };
        Ok(Self { seen, state, listed })
    }
}

async fn show(
    signed: &Signed,
    patient: PatientId,
    asked: Asked,
    whole: Whole,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let Whole { mut seen, state, listed } = whole;
    note_opened(signed, &seen).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let reader = seen.reader(signed);
    let read_to = asked.read.unwrap_or(seen.view.opened);
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let mut banner = fill::banner(&seen.view.patient, lang, "thread", seen.now);
    banner.alike = alike(&seen.view.patient, &listed, t);
    let before = asked.before.map(|before| format!("before={before}&")).unwrap_or_default();
    let shown = ThreadPage {
        t,
        frame: signed
            .frame(fill::title(t.thread_title(), &seen.view.patient))?
            .at(Place::Patients)
            .wide()
            .with_error(again),
        banner,
        patient: patient.to_string(),
        lines: lines(patient, std::mem::take(&mut seen.view.lines), read_to, reader),
        earlier: seen.view.earlier.map(|before| format!("/patients/{patient}?before={before}")),
        posts_href: format!("/patients/{patient}/posts?{before}read={read_to}"),
        composer: reader.may_post.then(|| composer::composer(signed, patient, &seen, typed, &flaws)),
        patients: links(patient, &listed),
        runs: runs::runs(signed, patient, &state),
        flaws,
    };
    if again { respond::form_again(&shown) } else { respond::page(&shown) }
}

/// A warning when another patient of this reader could be taken for this one.
fn alike(patient: &PatientView, listed: &[ListedView], t: Text) -> Option<String> {
    let others = listed.iter().map(|other| &other.patient);
    let like: Vec<&str> = others
        .filter(|other| other.id != patient.id && fill::alike(&other.card, &patient.card))
        .map(|other| other.card.name.as_str())
        .collect();
    (!like.is_empty()).then(|| t.alike_names(&like.join(t.comma())))
}

fn links(here: PatientId, listed: &[ListedView]) -> Vec<PatientLink> {
    listed
        .iter()
        .map(|one| {
            let here = one.patient.id == here;
            let place = if one.unread > 0 { "unread" } else { "latest" };
            PatientLink {
                href: format!("/patients/{}#{place}", one.patient.id),
                name: one.patient.card.name.clone(),
                unread: if here { 0 } else { one.unread },
                here,
            }
        })
        .collect()
}

/// `GET /patients/{patient}/posts`: the lines alone.
pub async fn part(signed: Signed, patient: Path<PatientId>, asked: Query<Asked>) -> Result<HttpResponse> {
    let (patient, asked, lang) = (*patient, *asked, signed.lang());
    let seen = signed
        .house()
        .look(signed.member.id, patient, "thread", move |look| {
            let view = views::thread::read(look, lang, asked.before)?;
            Ok(Seen { view, answering: None, grant: look.grant.clone(), now: look.now })
        })
        .await?;
    note_opened(&signed, &seen).await?;
    let read_to = asked.read.unwrap_or(seen.view.opened);
    let reader = seen.reader(&signed);
    let lines = lines(patient, seen.view.lines, read_to, reader);
    let t = signed.t();
    respond::fragment(&PostsPart { t, frame: signed.frame(t.thread_title())?, lines })
}

/// `GET /patients/{patient}/posts/{post}`: to the place in the thread where it stands.
pub async fn one(signed: Signed, path: Path<(PatientId, i64)>) -> Result<HttpResponse> {
    let ((patient, entry), lang) = (path.into_inner(), signed.lang());
    let (page, line) = signed
        .house()
        .look(signed.member.id, patient, "post", move |look| {
            views::thread::stands(look, entry)?;
            let newest = views::thread::read(look, lang, None)?;
            if newest.lines.first().is_none_or(|first| first.seq() <= entry) {
                return Ok((String::new(), line_of(&newest, entry)));
            }
            let before = entry + 20;
            let page = views::thread::read(look, lang, Some(before))?;
            Ok((format!("?before={before}"), line_of(&page, entry)))
        })
        .await?;
    Ok(respond::see_other(format!("/patients/{patient}{page}#{line}")))
}

/// The line that tells of an entry: its own, or that of the same act that follows it.
fn line_of(page: &views::thread::ThreadView, entry: i64) -> i64 {
    page.lines.iter().map(views::thread::Line::seq).filter(|seq| *seq >= entry).min().unwrap_or(entry)
}

/// `POST /patients/{patient}/posts`
pub async fn post(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    match sort(post_now(&signed, patient, &fields).await)? {
        Ok(seq) => Ok(respond::see_other(format!("/patients/{patient}#{seq}"))),
        Err(flaws) => {
            let flaws = renamed(flaws, &[("text", "body"), ("ask", "to")]);
            let answer = fields.get("answers").parse().ok();
            let (asked, member) = (Asked { answer, ..Asked::default() }, signed.member.clone());
            let read = move |look: &mut Look<'_>| Whole::read(look, &member, asked);
            let whole = signed.house().look(signed.member.id, patient, "thread", read).await?;
            show(&signed, patient, asked, whole, Typed::wrong(&fields, &flaws), &flaws).await
        }
    }
}

async fn post_now(signed: &Signed, patient: PatientId, fields: &Fields) -> Result<i64> {
    let id: EntryId = fields.read("entry")?;
    let new = NewPost {
        id,
        patient,
        audience: Audience::read(fields.get("audience")).unwrap_or_default(),
        post: Post {
            text: fields.get("body").to_owned(),
            kind: PostKind::read(fields.get("kind")).unwrap_or_default(),
            urgency: Urgency::read(fields.get("urgency")).unwrap_or_default(),
            ask: ask(id, fields)?,
            answers: match fields.get("answers") {
                "" => None,
                _ => Some(fields.read("answers")?),
            },
            called: fields.get("called").to_owned(),
        },
    };
    let who = Who { client_at: device_clock(fields), ..signed.who() };
    signed.house().perform(who, signed.on(patient), move |act| threads::post(act, &new)).await
}

/// What the writer's device took the time to be; without script nobody says so.
fn device_clock(fields: &Fields) -> Option<Time> {
    fields.get("client_at").parse::<jiff::Timestamp>().ok().map(Time::from)
}

/// Whom the form asks, by when: `person:ID` or `profession:CODE`.
fn ask(id: EntryId, fields: &Fields) -> Result<Option<PostAsk>> {
    let wrong = || Error::invalid("ask", Words::of(Text::asked_is_not_in_team));
    let to = match fields.get("to").split_once(':') {
        None => return Ok(None),
        Some(("person", id)) => AskTo::Person(id.parse::<PersonId>().map_err(|_| wrong())?),
        Some(("profession", code)) => AskTo::Profession(code.parse().map_err(|()| wrong())?),
        Some(_) => return Err(wrong()),
    };
    Ok(Some(PostAsk { ask: AskId(id.derived("ask").0), to, due: moment("due", fields.get("due"))? }))
}

/// A moment as a `datetime-local` field sends it, in the region's calendar; `None` when empty.
pub fn moment(field: &str, sent: &str) -> Result<Option<Time>> {
    let sent = sent.trim();
    if sent.is_empty() {
        return Ok(None);
    }
    let wrong = |_: jiff::Error| Error::invalid(field, Words::of(Text::moment_is_odd));
    let civil: jiff::civil::DateTime = sent.parse().map_err(wrong)?;
    Ok(Some(civil.to_zoned(ZONE.clone()).map_err(wrong)?.timestamp().into()))
}

/// A moment as a `datetime-local` field holds it: the way back from `moment`.
pub fn moment_value(time: Time) -> String {
    time.zoned().strftime("%Y-%m-%dT%H:%M").to_string()
}

/// `POST /patients/{patient}/posts/{post}/ack`
pub async fn acknowledge(
    signed: Signed,
    path: Path<(PatientId, i64)>,
    fields: Fields,
) -> Result<HttpResponse> {
    let (patient, post) = path.into_inner();
    let id = EntryId::new();
    signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| threads::acknowledge(act, id, patient, post))
        .await?;
    let to = match fields.get("to") {
        "" => format!("/patients/{patient}#{post}"),
        to => respond::local(to).to_owned(),
    };
    Ok(respond::see_other(to))
}

/// `GET /patients/{patient}/posts/{post}/correct`
pub async fn correct_page(signed: Signed, path: Path<(PatientId, i64)>) -> Result<HttpResponse> {
    amend_page(&signed, path.into_inner(), false, Typed::nothing(), &[]).await
}

/// `GET /patients/{patient}/posts/{post}/withdraw`
pub async fn withdraw_page(signed: Signed, path: Path<(PatientId, i64)>) -> Result<HttpResponse> {
    amend_page(&signed, path.into_inner(), true, Typed::nothing(), &[]).await
}

async fn amend_page(
    signed: &Signed,
    (patient, post): (PatientId, i64),
    withdraw: bool,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let (shown, card) = signed
        .house()
        .look(signed.member.id, patient, "post", move |look| {
            Ok((views::thread::one(look, post)?, views::patients::banner(look)?))
        })
        .await?;
    if !shown.own {
        return Err(Error::Forbidden(Words::of(Text::only_own_posts)));
    }
    if shown.withdrawn.is_some() {
        return Err(Error::Stale);
    }
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(flaws, lang);
    let (title, verb) =
        if withdraw { (t.withdraw_title(), "withdraw") } else { (t.correct_title(), "correct") };
    let reason = typed.text("reason", t.amend_reason(), "").must().judged(&flaws);
    let fields = if withdraw {
        vec![reason]
    } else {
        let body: Field = typed.field("area", "body", t.composer_text(), &shown.post.text).must();
        vec![body.judged(&flaws), reason]
    };
    let again = !flaws.is_empty();
    let page = AmendPage {
        t,
        frame: signed.frame(fill::title(title, &card))?.at(Place::Patients).with_error(again),
        banner: fill::banner(&card, lang, "thread", signed.house().now()),
        withdraw,
        action: format!("/patients/{patient}/posts/{post}/{verb}"),
        entry: typed.entry(),
        post_text: shown.post.text,
        fields,
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// `POST /patients/{patient}/posts/{post}/correct`
pub async fn correct(signed: Signed, path: Path<(PatientId, i64)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, post) = path.into_inner();
    let id: EntryId = fields.read("entry")?;
    let (text, reason) = (fields.get("body").to_owned(), fields.get("reason").to_owned());
    let done = signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            threads::correct(act, id, patient, post, &text, &reason)
        })
        .await;
    match sort(done)? {
        Ok(_) => Ok(respond::see_other(format!("/patients/{patient}/posts/{post}"))),
        Err(flaws) => {
            let flaws = renamed(flaws, &[("text", "body")]);
            amend_page(&signed, (patient, post), false, Typed::wrong(&fields, &flaws), &flaws).await
        }
    }
}

/// `POST /patients/{patient}/posts/{post}/withdraw`
pub async fn withdraw(signed: Signed, path: Path<(PatientId, i64)>, fields: Fields) -> Result<HttpResponse> {
    let (patient, post) = path.into_inner();
    let id: EntryId = fields.read("entry")?;
    let reason = fields.get("reason").to_owned();
    let done = signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| {
            threads::withdraw(act, id, patient, post, &reason)
        })
        .await;
    match sort(done)? {
        Ok(_) => Ok(respond::see_other(format!("/patients/{patient}/posts/{post}"))),
        Err(flaws) => amend_page(&signed, (patient, post), true, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

/// `GET /patients/{patient}/calls`: a form to log a telephone call.
pub async fn call_page(signed: Signed, patient: Path<PatientId>) -> Result<HttpResponse> {
    call_form(&signed, *patient, Typed::nothing()).await
}

async fn call_form(signed: &Signed, patient: PatientId, typed: Typed<'_>) -> Result<HttpResponse> {
    let card = signed.house().look(signed.member.id, patient, "call", views::patients::banner).await?;
    let t = signed.t();
    let frame = signed.frame(fill::title(t.call_title(), &card))?.at(Place::Patients);
    FormPage::new(t, frame, t.call_title(), format!("/patients/{patient}/calls"), t.call_send())
        .of(fill::banner(&card, signed.lang(), "thread", signed.house().now()))
        .back(format!("/patients/{patient}"))
        .entry(&typed)
        .section(
            "",
            vec![
                typed.text("to", t.call_to(), "").must().hint(t.call_to_hint()),
                typed.field("area", "outcome", t.call_outcome(), "").must(),
            ],
        )
        .answer(&typed)
}

/// `POST /patients/{patient}/calls`
pub async fn call(signed: Signed, patient: Path<PatientId>, fields: Fields) -> Result<HttpResponse> {
    let patient = *patient;
    let id: EntryId = fields.read("entry")?;
    let called =
        Called { to: fields.get("to").trim().to_owned(), outcome: fields.get("outcome").trim().to_owned() };
    let done = signed
        .house()
        .perform(signed.who(), signed.on(patient), move |act| threads::call(act, id, patient, &called))
        .await;
    match sort(done)? {
        Ok(seq) => Ok(respond::see_other(format!("/patients/{patient}#{seq}"))),
        Err(flaws) => call_form(&signed, patient, Typed::wrong(&fields, &flaws)).await,
    }
}

texts! {
    amend_reason { ja: "理由", en: "Reason" }
    moment_is_odd { ja: "日時を確かめてください。", en: "Please check the date and time." }
    call_title { ja: "電話を記録する", en: "Note a call" }
    call_send { ja: "記録する", en: "Note it" }
    call_to { ja: "かけた相手", en: "Whom you called" }
    call_to_hint { ja: "例 佐藤医師、家族（長女）", en: "For example: Dr Sato, the daughter" }
    call_outcome { ja: "話したこと・つながらなかったこと", en: "What was said, or that nobody answered" }
}
