//! The lines of a thread for one reader: from what was opened to what the page shows.

use crate::acts::views;
use crate::acts::views::thread::EventLink;
use crate::acts::views::thread::Line as Opened;
use crate::kernel::id::PatientId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::kernel::time::screen_time;
use crate::record::payload::AskTo;
use crate::record::payload::Urgency;
use crate::texts;
use crate::web::fill;
use crate::web::thread;
use crate::web::thread::AskView;
use crate::web::thread::EventView;
use crate::web::thread::Line;
use crate::web::thread::PostView;
use crate::web::thread::Quote;
use crate::web::thread::StateView;
use crate::web::thread::VersionView;
use crate::web::view::Badge;
use crate::web::view::Mark;
use crate::web::view::PersonView;
use crate::web::view::Tone;
use crate::web::view::When;

/// A device's clock may differ from ours by this much, in microseconds, before anyone is told.
const DRIFT: u64 = 120_000_000;

/// Who reads, and what they may do.
#[derive(Debug, Clone, Copy)]
pub struct Reader {
    /// The person.
    pub person: PersonId,
    /// The language.
    pub lang: Lang,
    /// Whether they may post.
    pub may_post: bool,
    /// Now.
    pub now: Time,
}

/// The lines, with day lines and the mark above the first unread post.
pub fn lines(patient: PatientId, opened: Vec<Opened>, read_to: i64, reader: Reader) -> Vec<Line> {
    let t = Text(reader.lang);
    let is_unread = |line: &Opened| matches!(line, Opened::Post(post) if post.seq > read_to && !post.own);
    let unread = opened.iter().filter(|line| is_unread(line)).count();
    let mut day = None;
    let mut marked = false;
    let mut shown = Vec::with_capacity(opened.len());
    for line in opened {
        let mut one = Line::default();
        let this_day = line.at().day();
        if day != Some(this_day) {
            day = Some(this_day);
            one.day = Some(screen_day(this_day, reader.lang));
        }
        if !marked && is_unread(&line) {
            marked = true;
            one.unread = Some(thread::unread_line(t, unread));
        }
        match line {
            Opened::Post(view) => one.post = Some(post(patient, view, reader)),
            Opened::Event(view) => one.event = Some(event(patient, &view, reader.lang)),
            Opened::Unreadable { .. } => one.gap = true,
        }
        shown.push(one);
    }
    shown
}

fn post(patient: PatientId, mut view: views::thread::PostView, reader: Reader) -> PostView {
    let (t, lang) = (Text(reader.lang), reader.lang);
    let text = text(&mut view, t);
    let stands = view.withdrawn.is_none();
    let acknowledged = view.acknowledged.iter().any(|person| person.id == reader.person);
    PostView {
        id: view.seq.to_string(),
        href: format!("/patients/{patient}/posts/{}", view.seq),
        by: author(&view, lang),
        when: When::at(view.at, lang),
        device: view
            .client_at
            .filter(|device| device.0.abs_diff(view.at.0) > DRIFT)
            .map(|device| t.post_device_clock(&screen_time(device, lang))),
        kind: thread::kind(t, view.post.kind),
        urgency: match view.post.urgency {
            Urgency::Now => "now",
            Urgency::Today => "today",
            Urgency::Normal => "",
        },
        urgency_mark: match view.post.urgency {
            Urgency::Now => Some(Mark::new(Tone::Harm, t.urgency_now())),
            Urgency::Today => Some(Mark::new(Tone::Due, t.urgency_today())),
            Urgency::Normal => None,
        },
        text,
        answers: view.answers.as_ref().map(|quote| Quote {
            href: format!("/patients/{patient}/posts/{}", quote.seq),
            says: format!("{}　{}", quote.name, quote.says),
        }),
        asks: ask(&view, reader).into_iter().collect(),
        states: states(&view, t),
        versions: std::mem::take(&mut view.versions)
            .into_iter()
            .map(|version| VersionView {
                when: When::at(version.until, lang),
                why: version.reason,
                text: version.text,
            })
            .collect(),
        withdrawn: view.withdrawn,
        may_ack: reader.may_post && stands && !view.own && !acknowledged,
        may_answer: reader.may_post && stands,
        may_correct: reader.may_post && stands && view.own,
    }
}

/// The author, and for whom it was entered.
fn author(view: &views::thread::PostView, lang: Lang) -> PersonView {
    let mut by = match &view.author {
        Some(author) => fill::person(author, lang),
        None => PersonView {
            name: Text(lang).by_the_house().to_owned(),
            badge: Badge::new(Profession::LiaisonOfficer, lang),
            office: String::new(),
            on_behalf: None,
        },
    };
    by.on_behalf = view.behalf.as_ref().map(|behalf| Text(lang).on_behalf_of(&behalf.name));
    by
}

/// The text in force; an urgent post says whether the telephone was used.
fn text(view: &mut views::thread::PostView, t: Text) -> String {
    let text = std::mem::take(&mut view.post.text);
    if view.post.called.is_empty() {
        return text;
    }
    format!("{text}\n{}", t.post_called(&view.post.called))
}

fn ask(view: &views::thread::PostView, reader: Reader) -> Option<AskView> {
    let (t, ask) = (Text(reader.lang), view.post.ask.as_ref()?);
    let whom = match ask.to {
        AskTo::Person(_) => view.asked.as_ref().map(|person| t.person_called(&person.name))?,
        AskTo::Profession(profession) => Badge::new(profession, reader.lang).name(),
    };
    let state = match view.ask_state.as_deref() {
        Some("answered") => Mark::new(Tone::Done, t.ask_done()),
        Some("open") if ask.due.is_some_and(|due| due <= reader.now) => {
            Mark::new(Tone::Harm, t.ask_overdue())
        }
        Some("open") => Mark::new(Tone::Act, t.ask_waits()),
        _ => Mark::new(Tone::Plain, t.ask_ended()),
    };
    Some(AskView { says: t.asks_of(&whom), due: ask.due.map(|due| When::at(due, reader.lang)), state })
}

fn states(view: &views::thread::PostView, t: Text) -> [StateView; 4] {
    [
        (t.state_reached(), &view.reached),
        (t.state_opened(), &view.opened),
        (t.state_acknowledged(), &view.acknowledged),
        (t.state_answered(), &view.answered),
    ]
    .map(|(word, people)| {
        let mut by: Vec<Profession> = people.iter().map(|person| person.profession).collect();
        by.sort_unstable();
        let by = by.chunk_by(PartialEq::eq).filter_map(|same| Some((*same.first()?, same.len())));
        StateView { word, count: people.len(), by: thread::counts(t, by) }
    })
}

fn event(patient: PatientId, view: &views::thread::EventView, lang: Lang) -> EventView {
    let t = Text(lang);
    let link = view.link.map(|link| match link {
        EventLink::Letter(letter) => (format!("/letters/{letter}"), t.open_letter()),
        EventLink::Plan => (format!("/patients/{patient}/plan"), t.thread_plan_all()),
        EventLink::Team => (format!("/patients/{patient}/team"), t.open_team()),
    });
    let says = match &view.author {
        Some(author) => format!("{}　{}", view.says.say(lang), author.name),
        None => view.says.say(lang).to_owned(),
    };
    EventView {
        id: view.seq.to_string(),
        when: When::at(view.at, lang),
        says,
        more: view.more.say(lang).to_owned(),
        link: link.map(|(href, says)| Quote { href, says: says.to_owned() }),
    }
}

texts! {
    by_the_house { ja: "連携", en: "Renkei" }
    on_behalf_of(name: &str) { ja: "{name}さんの代わりに入力", en: "entered for {name}" }
    post_called(who: &str) { ja: "電話の状況 {who}", en: "Telephoned: {who}" }
    person_called(name: &str) { ja: "{name}さん", en: "{name}" }
    asks_of(whom: &str) { ja: "{whom}にお願いしています", en: "Asks: {whom}" }
    ask_done { ja: "済み", en: "done" }
    ask_waits { ja: "待っています", en: "waiting" }
    ask_ended { ja: "取りやめ", en: "ended" }
    state_reached { ja: "届いた", en: "reached" }
    state_opened { ja: "開いた", en: "opened" }
    state_acknowledged { ja: "了解", en: "acknowledged" }
    state_answered { ja: "返答", en: "answered" }
    open_letter { ja: "書類を開く", en: "Open the form" }
    open_team { ja: "チームを見る", en: "See the team" }
}
