//! What several pages show alike: moments, badges, people, the patient's banner, flaws, fields.
//! Plain owned values in the reader's language; nothing here knows where they came from.

use std::fmt::Display;
use std::fmt::from_fn;

use jiff::civil::Date;

use crate::kernel::error::Flaw;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::kernel::time::civil;
use crate::kernel::time::iso_minute;
use crate::kernel::time::screen_day_of;
use crate::kernel::time::wareki;
use crate::texts;

texts! {
    banner_about { ja: "患者", en: "Patient" }
    banner_born { ja: "生年月日", en: "Born" }
    banner_sex { ja: "性別", en: "Sex" }
    banner_care_need { ja: "介護度", en: "Care need" }
    banner_number { ja: "記録番号", en: "Record no." }
    banner_died { ja: "死亡", en: "Died" }
    banner_pages { ja: "この患者のページ", en: "Pages of this patient" }
    page_thread { ja: "連絡", en: "Thread" }
    page_plan { ja: "パス", en: "Plan" }
    page_letters { ja: "書類", en: "Forms" }
    page_team { ja: "チーム", en: "Team" }
    page_history { ja: "履歴", en: "History" }
    dot { ja: "・", en: " · " }
    colon { ja: "：", en: ": " }
    pick_label { ja: "絞り込む（名前・よみ・事業所・職種）", en: "Narrow by name, reading, office or profession" }
    pick_found { ja: "{n}件", en: "{n} found" }
    flaws_title(count: usize) { ja: "直すところが{count}か所あります", en: "{count} thing to mend" | "{count} things to mend" }
    field_must { ja: "必須", en: "required" }
    filters { ja: "絞り込み", en: "Filters" }
    print_acts { ja: "印刷", en: "Printing" }
    print_this { ja: "印刷する", en: "Print" }
}

/// A moment or a day: as shown, in full for the tooltip, and for machines. Said when the page is written: a
/// thread names hundreds of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct When {
    day: Date,
    clock: Option<jiff::civil::Time>,
    lang: Lang,
}

impl When {
    /// A moment.
    pub fn at(time: Time, lang: Lang) -> Self {
        let at = civil(time.stamp());
        Self { day: at.date(), clock: Some(at.time()), lang }
    }

    /// A civil day.
    pub fn on(day: Date, lang: Lang) -> Self {
        Self { day, clock: None, lang }
    }

    /// 11月22日(日) 14:05
    pub fn shown(&self) -> impl Display {
        let Self { day, clock, lang } = *self;
        from_fn(move |f| {
            screen_day_of(day, lang).fmt(f)?;
            clock.map_or(Ok(()), |clock| write!(f, " {}", time::clock(clock)))
        })
    }

    /// 14:05, where the day is already said.
    pub fn clock(&self) -> impl Display {
        let clock = self.clock;
        from_fn(move |f| clock.map_or(Ok(()), |clock| time::clock(clock).fmt(f)))
    }

    /// 令和8年11月22日 2026-11-22 14:05
    pub fn full(&self) -> impl Display {
        let Self { day, clock, .. } = *self;
        from_fn(move |f| {
            write!(f, "{} {day}", wareki(day))?;
            clock.map_or(Ok(()), |clock| write!(f, " {}", time::clock(clock)))
        })
    }

    /// 2026-11-22T14:05+09:00
    pub fn machine(&self) -> impl Display {
        let Self { day, clock, .. } = *self;
        from_fn(move |f| match clock {
            Some(clock) => iso_minute(day.to_datetime(clock)).fmt(f),
            None => day.fmt(f),
        })
    }
}

/// A profession's badge: a shape, a word and a hue, so that no sign stands alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Badge {
    profession: Profession,
    lang: Lang,
}

impl Badge {
    /// The badge of a profession for a reader.
    pub fn new(profession: Profession, lang: Lang) -> Self {
        Self { profession, lang }
    }

    /// The profession's code, which also names the hue.
    pub fn code(&self) -> &'static str {
        self.profession.code()
    }

    /// The word on the badge.
    pub fn word(&self) -> &'static str {
        match self.lang {
            Lang::Ja => self.profession.badge(),
            Lang::En => self.drawn().1,
        }
    }

    /// The profession's name.
    pub fn name(&self) -> String {
        self.profession.name().say(self.lang).to_owned()
    }

    /// Clinical professions are filled, the patient's own side has a heavy line, others a fine one:
    /// a difference that stands in grey and on paper.
    pub fn weight(&self) -> &'static str {
        match self.profession {
            Profession::Doctor
            | Profession::Dentist
            | Profession::Pharmacist
            | Profession::VisitingNurse
            | Profession::HospitalNurse => "solid",
            Profession::Family | Profession::Patient => "line",
            _ => "fine",
        }
    }

    /// The outline in a box of 44 × 36.
    pub fn shape(&self) -> &'static str {
        self.drawn().0
    }

    /// How far down the word stands in the outline.
    pub fn baseline(&self) -> u8 {
        self.drawn().2
    }

    fn drawn(&self) -> (&'static str, &'static str, u8) {
        match self.profession {
            Profession::Doctor => ("M22 1a17 17 0 1 1-.01 0Z", "Dr", 23),
            Profession::Dentist => ("M12 1H32L43 18 32 35H12L1 18Z", "Dn", 23),
            Profession::DentalHygienist => ("M8 1H36L43.5 18 36 35H8L.5 18Z", "DH", 23),
            Profession::Pharmacist => ("M16 4H28A14 14 0 0 1 28 32H16A14 14 0 0 1 16 4Z", "Ph", 23),
            Profession::VisitingNurse => ("M22 0 43 11V35H1V11Z", "VN", 27),
            Profession::HospitalNurse => ("M6 1H38V6H43V30H38V35H6V30H1V6H6Z", "HN", 23),
            Profession::SocialWorker => {
                ("M4 1H40Q43 1 43 4V26Q43 29 40 29H18L10 36V29H4Q1 29 1 26V4Q1 1 4 1Z", "SW", 20)
            }
            Profession::CareManager => ("M22-3 47 18 22 39-3 18Z", "CM", 23),
            Profession::Helper => (
                "M22 35C8 26 0 20 0 11 0 4 6 1 12 1 17 1 20 3 22 5 24 3 27 1 32 1 38 1 44 4 44 11 44 20 36 26 22 35Z",
                "HC",
                20,
            ),
            Profession::Therapist => ("M8 2H44L36 34H0Z", "Th", 23),
            Profession::Dietitian => ("M1 4H43C43 24 36 35 22 35S1 24 1 4Z", "Dt", 21),
            Profession::PublicHealthNurse => ("M1 1H43V20L22 36 1 20Z", "PN", 18),
            Profession::LiaisonOfficer => ("M10 1H34L43 10V26L34 35H10L1 26V10Z", "LO", 23),
            Profession::Family => ("M2 34V18A20 16 0 0 1 42 18V34Z", "Fa", 26),
            Profession::Patient => ("M22 2A20 16 0 1 1 21.9 2Z", "Pt", 23),
        }
    }
}

/// Someone who wrote, did or shall do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonView {
    /// The name.
    pub name: String,
    /// The profession's badge.
    pub badge: Badge,
    /// The office.
    pub office: String,
    /// For whom they acted, and how they heard: 「佐藤医師の代わりに（電話）」.
    pub on_behalf: Option<String>,
}

/// The patient's banner, on every page about a patient and on top of every printed one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Banner {
    /// `/patients/{id}`
    pub href: String,
    /// The name.
    pub name: String,
    /// The name's reading.
    pub kana: String,
    /// 昭和15年4月2日（86歳）; says so when unknown.
    pub born: String,
    /// The sex in words.
    pub sex: String,
    /// The number of the record.
    pub number: String,
    /// 要介護3（〜令和9年3月31日）; says so when unknown.
    pub care_need: String,
    /// What the second row holds.
    pub alerts: Vec<Alert>,
    /// Another patient with a like name, in words.
    pub alike: Option<String>,
    /// The day of death, in words.
    pub died: Option<String>,
    /// Why the record is at rest: consent withdrawn, moved away.
    pub frozen: Option<String>,
    /// Which of the patient's pages this is: `thread`, `plan`, `letters`, `team`, `history`.
    pub page: &'static str,
    /// The reader is no member of the team: `href` is the one page they see, and no other is offered.
    pub alone: bool,
}

/// One of the patient's pages, as a tab under the banner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Where it leads.
    pub href: String,
    /// What it is called.
    pub label: &'static str,
    /// Whether it is the page being shown.
    pub on: bool,
}

impl Banner {
    /// The patient's pages, in the order that is the same everywhere.
    pub fn pages(&self, t: &Text) -> Vec<Tab> {
        [
            ("thread", t.page_thread()),
            ("plan", t.page_plan()),
            ("letters", t.page_letters()),
            ("team", t.page_team()),
            ("history", t.page_history()),
        ]
        .map(|(page, label)| Tab {
            href: if page == "thread" {
                format!("{}#latest", self.href)
            } else {
                format!("{}/{page}", self.href)
            },
            label,
            on: page == self.page,
        })
        .into()
    }
}

/// One thing of the banner's second row: アレルギー ペニシリン.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What it is about.
    pub label: String,
    /// What is known, or that nothing is.
    pub value: String,
    /// How it is shown.
    pub kind: AlertKind,
}

/// How an alert of the banner is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AlertKind {
    /// Can do harm: red, with words.
    Harm,
    /// Not asked yet: dashed, never blank.
    Unknown,
    /// Good to know.
    Plain,
}

impl AlertKind {
    /// The class that shows it.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Harm => "banner-alert",
            Self::Unknown => "banner-unknown",
            Self::Plain => "banner-plain",
        }
    }
}

/// A flaw as the summary on top of the page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FlawView {
    /// The field's id on the page; empty for the whole form.
    pub field: String,
    /// The sentence.
    pub says: String,
}

impl FlawView {
    /// Flaws in the reader's language.
    pub fn list(flaws: &[Flaw], lang: Lang) -> Vec<Self> {
        flaws
            .iter()
            .map(|flaw| Self { field: flaw.field.clone(), says: flaw.says.say(lang).to_owned() })
            .collect()
    }

    /// The sentence for one field, if it has a flaw.
    pub fn of(flaws: &[Self], field: &str) -> Option<String> {
        flaws.iter().find(|flaw| flaw.field == field).map(|flaw| flaw.says.clone())
    }
}

/// A short word with a shape and a colour: a state, an urgency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// How it is shown.
    pub tone: Tone,
    /// The word.
    pub says: String,
}

/// How a mark is shown. Red is only for *now* and for harm, amber for due today, green for done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Nothing special.
    Plain,
    /// Under way, or asks for someone.
    Act,
    /// Due today.
    Due,
    /// Now, overdue, harm.
    Harm,
    /// Done.
    Done,
}

impl Mark {
    /// A mark.
    pub fn new(tone: Tone, says: impl Into<String>) -> Self {
        Self { tone, says: says.into() }
    }

    /// The class that shows it.
    pub fn class(&self) -> &'static str {
        match self.tone {
            Tone::Plain => "mark-plain",
            Tone::Act => "mark-act",
            Tone::Due => "mark-due",
            Tone::Harm => "mark-harm",
            Tone::Done => "mark-done",
        }
    }
}

/// What stands where a list is empty: what would be here, and how it comes.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Empty {
    /// There is nothing, in words.
    pub what: String,
    /// How something gets here.
    pub how: String,
}

impl Empty {
    /// An empty state.
    pub fn new(what: impl Into<String>, how: impl Into<String>) -> Self {
        Self { what: what.into(), how: how.into() }
    }
}

/// A field of one of our own forms (`_field.html`); declared forms have their sheet instead.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Field {
    /// Its name and its id on the page.
    pub name: String,
    /// Above it.
    pub label: String,
    /// Below it; empty for none.
    pub hint: String,
    /// What it holds now.
    pub value: String,
    /// `text`, `password`, `email`, `tel`, `date`, `datetime-local`, `number`; `area`, `radio`, `checks`, `check` (sends `yes`), `select`.
    pub widget: &'static str,
    /// Inside, after the control; empty for none.
    pub unit: String,
    /// For radios, checks and menus.
    pub choices: Vec<Choice>,
    /// Whether a long menu can be narrowed by typing, where there is script.
    pub narrows: bool,
    /// Whether it has to be filled.
    pub must: bool,
    /// What the browser may fill in by itself: `username`, `current-password`, `off`.
    pub autocomplete: &'static str,
    /// The sentence when it is wrong.
    pub flaw: Option<String>,
}

/// One choice of a radio group, a set of checks or a menu.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen now.
    pub chosen: bool,
    /// What it stands under in a menu; empty for nothing.
    pub group: String,
    /// What else it is found by; empty for nothing.
    pub find: String,
}

impl Choice {
    /// A choice, chosen when it is the current value.
    pub fn new(value: impl Into<String>, label: impl Into<String>, current: &str) -> Self {
        let value = value.into();
        Self { chosen: value == current, value, label: label.into(), ..Self::default() }
    }

    /// Under a heading of a menu.
    pub fn under(mut self, group: impl Into<String>) -> Self {
        self.group = group.into();
        self
    }

    /// Found by these words, too.
    pub fn found_by(mut self, words: impl Into<String>) -> Self {
        self.find = words.into();
        self
    }
}

impl Field {
    /// A field with its label; the rest is said with the methods below.
    pub fn new(widget: &'static str, name: impl Into<String>, label: impl Into<String>) -> Self {
        Self { name: name.into(), label: label.into(), widget, autocomplete: "off", ..Self::default() }
    }

    /// With what it holds now.
    pub fn holding(mut self, value: impl Into<String>) -> Self {
        self.value = value.into();
        self
    }

    /// With a hint below.
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// With the choices of a group.
    pub fn of(mut self, choices: Vec<Choice>) -> Self {
        self.choices = choices;
        self
    }

    /// A long menu that can be narrowed by typing.
    pub fn narrows(mut self) -> Self {
        self.narrows = true;
        self
    }

    /// The choices of a menu, those under one heading together.
    pub fn groups(&self) -> impl Iterator<Item = &[Choice]> {
        self.choices.chunk_by(|one, next| one.group == next.group)
    }

    /// Has to be filled.
    pub fn must(mut self) -> Self {
        self.must = true;
        self
    }

    /// What the browser may fill in by itself.
    pub fn fills(mut self, autocomplete: &'static str) -> Self {
        self.autocomplete = autocomplete;
        self
    }

    /// With its flaw, if the list holds one for it.
    pub fn judged(mut self, flaws: &[FlawView]) -> Self {
        self.flaw = FlawView::of(flaws, &self.name);
        self
    }

    /// What describes the control to a screen reader.
    pub fn described_by(&self) -> String {
        let hint = if self.hint.is_empty() { String::new() } else { format!("{}-hint", self.name) };
        let flaw = if self.flaw.is_some() { format!("{}-flaw", self.name) } else { String::new() };
        format!("{hint} {flaw}").trim().to_owned()
    }
}

/// One of several lists of the same page, as a link that can be bookmarked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    /// Where it leads.
    pub href: String,
    /// What it shows.
    pub label: String,
    /// How many there are.
    pub count: usize,
    /// Whether this is the one being shown.
    pub on: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_two_professions_share_a_shape_or_a_word() {
        for lang in [Lang::Ja, Lang::En] {
            let badges: Vec<Badge> =
                Profession::ALL.iter().map(|profession| Badge::new(*profession, lang)).collect();
            let shapes: HashSet<_> = badges.iter().map(Badge::shape).collect();
            let words: HashSet<_> = badges.iter().map(Badge::word).collect();
            assert_eq!((shapes.len(), words.len()), (badges.len(), badges.len()));
        }
    }

    #[test]
    fn a_moment_is_said_in_both_calendars() {
        let time: Time = "2026-11-22T05:05:00Z".parse::<jiff::Timestamp>().unwrap().into();
        let when = When::at(time, Lang::Ja);
        assert_eq!(when.shown().to_string(), "11月22日(日) 14:05");
        assert_eq!(when.full().to_string(), "令和8年11月22日 2026-11-22 14:05");
        assert_eq!(when.machine().to_string(), "2026-11-22T14:05+09:00");
    }
}
