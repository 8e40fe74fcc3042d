//! The made-up region as data: offices, people, and one story per patient, in JSON files beside this
//! one. Moments are told from "now", so that the demo is always fresh. Playing it is the business of
//! the parent module.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;

use serde_json::Value;

use crate::form::workflow::Proxy;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time;
use crate::kernel::time::Time;
use crate::kernel::time::screen_day;
use crate::pathway::definition::Cause;
use crate::record::cards::ConsentMethod;
use crate::record::cards::Sex;
use crate::record::payload::OfficeKind;
use crate::record::payload::PostKind;
use crate::record::payload::SeatRole;
use crate::record::payload::Urgency;

/// The region's file, and each story's with the key it goes by.
const REGION: &str = include_str!("region.json");
const STORIES: &[(&str, &str)] = &[
    ("minakami", include_str!("story-minakami.json")),
    ("otsuki", include_str!("story-otsuki.json")),
    ("hagiwara", include_str!("story-hagiwara.json")),
    ("kuroda", include_str!("story-kuroda.json")),
    ("miyoshi", include_str!("story-miyoshi.json")),
    ("ishiguro", include_str!("story-ishiguro.json")),
    ("kashiwagi", include_str!("story-kashiwagi.json")),
    ("tadokoro", include_str!("story-tadokoro.json")),
    ("kishimoto", include_str!("story-kishimoto.json")),
    ("takei", include_str!("story-takei.json")),
    ("hayasaka", include_str!("story-hayasaka.json")),
    ("toyama", include_str!("story-toyama.json")),
];

/// The whole script, as it is played.
#[derive(Debug, Clone)]
pub struct Script {
    /// The region, its offices and people.
    pub region: Region,
    /// One story per patient, in the order the region names them.
    pub stories: Vec<Story>,
}

impl Script {
    /// Reads the files that are built into the program.
    pub fn shipped() -> Result<Self> {
        let region: Region = read("region.json", REGION)?;
        let texts: BTreeMap<&str, &str> = STORIES.iter().copied().collect();
        let mut stories = Vec::with_capacity(region.stories.len());
        for key in &region.stories {
            let text = texts.get(key.as_str()).ok_or_else(|| Error::fault(format!("no story {key}")))?;
            stories.push(read(key, text)?);
        }
        Ok(Self { region, stories })
    }
}

fn read<T: serde::de::DeserializeOwned>(file: &str, text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(|cause| Error::fault(format!("the demo's {file}: {cause}")))
}

/// The region with everything that is not about a patient.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Region {
    /// `demo/1`.
    pub format: String,
    /// The region's name.
    pub name: Words,
    /// Its municipalities.
    pub towns: Vec<String>,
    /// Its offices.
    pub offices: Vec<Office>,
    /// Its people.
    pub people: Vec<Person>,
    /// The stories, by key, in the order the demo lists the patients.
    pub stories: Vec<String>,
}

/// An office.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Office {
    /// What the script calls it.
    pub key: String,
    /// What it is.
    pub kind: OfficeKind,
    /// Its name.
    pub name: String,
    /// The reading.
    pub kana: String,
    /// Where it lies, the municipality first.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// FAX.
    pub fax: String,
    /// What partners should know about it.
    #[serde(default)]
    pub note: String,
}

/// Someone with an account; the key is what the person types to sign in.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Person {
    /// The sign-in name.
    pub key: String,
    /// Family and given name.
    pub name: String,
    /// The reading.
    pub kana: String,
    /// What the person is.
    pub profession: Profession,
    /// Where the person works; patients and families have a place of their own.
    pub office: String,
    /// For patients and families: whose.
    #[serde(default)]
    pub of: Option<String>,
    /// Looks after the office's staff (at the town office: the region's).
    #[serde(default)]
    pub admin: bool,
}

/// A patient with team, consent, and what happened.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// Who it is.
    pub patient: Patient,
    /// When the record was opened, and by whom.
    pub registered: Registered,
    /// On what consent.
    pub consent: Consent,
    /// Who took a seat at the start.
    pub team: Vec<Seat>,
    /// Whether posts reach the family and the patient too, unless a post says otherwise.
    #[serde(default)]
    pub family_reads: bool,
    /// What happened, the oldest first.
    pub events: Vec<Event>,
}

/// A patient's card.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Patient {
    /// What the script calls the patient.
    pub key: String,
    /// Family and given name.
    pub name: String,
    /// The reading.
    pub kana: String,
    /// Birth date.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Address.
    pub address: String,
    /// Telephone.
    pub phone: String,
    /// Care-insurance number (made up).
    pub insured_number: String,
    /// Care need and its certificate.
    pub care: Care,
    /// Allergies.
    pub allergies: Allergies,
    /// What everyone must know at the door.
    pub alerts: Vec<String>,
    /// Main diseases, the first first.
    pub diseases: Vec<String>,
    /// Height.
    #[serde(default)]
    pub height_cm: Option<u32>,
    /// Weight.
    #[serde(default)]
    pub weight_kg: Option<f64>,
    /// Whom to call, the key person first.
    pub contacts: Vec<Contact>,
    /// The hospital that backs the home up.
    #[serde(default)]
    pub backup_hospital: Option<String>,
}

/// Care need: a code of the concept `care_level`, and the certificate's validity.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Care {
    /// The code.
    pub level: String,
    /// From when the certificate holds.
    #[serde(default)]
    pub from: Option<Day>,
    /// Until when.
    #[serde(default)]
    pub to: Option<Day>,
}

/// Allergies: that there are none is a finding, that nobody knows is not.
#[derive(Debug, Clone, PartialEq, Eq, serde::Deserialize)]
#[serde(deny_unknown_fields, rename_all = "snake_case", tag = "state", content = "to")]
pub enum Allergies {
    /// Nobody has found out yet.
    Unknown,
    /// Asked; there are none.
    None,
    /// To these.
    Known(Vec<String>),
}

/// Someone to call.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// Name.
    pub name: String,
    /// What they are to the patient.
    pub relation: String,
    /// Telephone.
    pub phone: String,
    /// Whether they live in the same home.
    #[serde(default)]
    pub lives_with: bool,
}

/// The opening of a record.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registered {
    /// When.
    pub at: Moment,
    /// By whom.
    pub by: String,
}

/// A consent as it was taken.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Consent {
    /// When.
    pub at: Moment,
    /// How.
    pub method: ConsentMethod,
    /// Who gave it.
    pub given_by: String,
    /// What they are to the patient; 本人 for the patient.
    pub relation: String,
    /// Who explained.
    pub explained_by: String,
    /// What it covers and what should be remembered of it, in words.
    pub scope: String,
}

/// A seat in the team.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seat {
    /// Who.
    pub person: String,
    /// As what.
    #[serde(default)]
    pub seat: SeatRole,
    /// Until when, for a temporary member.
    #[serde(default)]
    pub until: Option<Moment>,
}

/// One thing that happened: when, by whose hand, what. Written `["-3d 09:10", "itoi", { "ack": "p1" }]`.
#[derive(Debug, Clone, serde::Deserialize)]
pub struct Event(pub Moment, pub String, pub Deed);

/// What someone did. Posts and letters that are spoken of later carry an `id` of their own story.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Deed {
    /// Opened the thread and read to its end.
    Read,
    /// Wrote a post.
    Post(Post),
    /// Acknowledged a post.
    Ack(String),
    /// Corrected an own post; the first version stays readable.
    Correct(Correct),
    /// Struck an own post through.
    Withdraw(Withdraw),
    /// Spoke on the telephone.
    Call(Call),
    /// Filled and signed a form in one go.
    Sign(Filled),
    /// Began a form and left it as a draft.
    Draft(Filled),
    /// Moved a form to its next state.
    Move(Move),
    /// Started a pathway.
    Start(Start),
    /// Acted on an open task.
    Task(TaskAct),
    /// Answered a proposal of the engine.
    Decide(Decide),
    /// Noted that something happened just then, which no form says: the fact's concept.
    Happened(String),
    /// Noted an admission.
    Admit(Admit),
    /// Noted the day on which a stay is to end.
    PlanDischarge(Moment),
    /// Noted the end of a stay.
    Discharge(Discharge),
    /// Gave someone a seat in the team.
    Join(Seat),
    /// Ended someone's seat.
    Leave(Leave),
}

/// A post.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Post {
    /// What later events call it.
    #[serde(default)]
    pub id: Option<String>,
    /// What it is.
    pub kind: PostKind,
    /// How soon it wants eyes.
    #[serde(default)]
    pub urgency: Urgency,
    /// The text; `{-3d}` stands for that day.
    pub text: String,
    /// What it asks of whom.
    #[serde(default)]
    pub ask: Option<Ask>,
    /// The post it answers.
    #[serde(default)]
    pub reply: Option<String>,
    /// For an urgent post: whether the telephone was used, in words.
    #[serde(default)]
    pub called: String,
    /// In a story whose posts the family reads: this one is for professionals.
    #[serde(default)]
    pub staff_only: bool,
}

/// An ask: to a profession of the team, or to one person.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Whoever of that profession is in the team.
    #[serde(default)]
    pub profession: Option<Profession>,
    /// One person.
    #[serde(default)]
    pub person: Option<String>,
    /// By when.
    pub due: Moment,
}

/// A correction.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correct {
    /// Which post.
    pub post: String,
    /// The new text.
    pub text: String,
    /// Why.
    pub reason: String,
}

/// A withdrawal.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Which post.
    pub post: String,
    /// Why.
    pub reason: String,
}

/// A telephone call, either way.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    /// Who called: a person's key, or someone's name and relation.
    pub from: String,
    /// Who was called: likewise.
    pub to: String,
    /// About what.
    pub about: String,
    /// What was said.
    pub advice: String,
    /// What came of it.
    pub decision: CallDecision,
}

/// What came of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CallDecision {
    /// 電話で助言
    Advice,
    /// 訪問
    Visit,
    /// 搬送
    Transport,
}

impl CallDecision {
    /// As it stands in the record.
    pub fn says(self) -> &'static str {
        match self {
            Self::Advice => "電話で助言",
            Self::Visit => "訪問した",
            Self::Transport => "病院へ搬送",
        }
    }
}

/// A form with its answers by field path; `@-40d` stands for that day, `@-2d 14:00` for that moment.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Filled {
    /// Which form.
    pub form: String,
    /// What later events call it.
    #[serde(default)]
    pub id: Option<String>,
    /// The answers that are typed; the rest is filled from the record.
    pub answers: BTreeMap<String, Value>,
    /// To which office, when signing sends it.
    #[serde(default)]
    pub to: Option<String>,
}

/// A move of a form.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Move {
    /// Which form of this story.
    pub letter: String,
    /// Which move of its workflow.
    #[serde(rename = "move")]
    pub code: String,
    /// To which office, for moves that send.
    #[serde(default)]
    pub to: Option<String>,
    /// What the move says.
    #[serde(default)]
    pub told: BTreeMap<String, Value>,
    /// For a move entered for someone outside: how it was heard of.
    #[serde(default)]
    pub proxy: Option<Proxy>,
}

/// The start of a pathway.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Which pathway.
    pub pathway: String,
}

/// An act on an open task.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskAct {
    /// Of which pathway.
    pub pathway: String,
    /// Which task: its code in the pathway.
    pub task: String,
    /// What was done with it.
    pub act: TaskVerb,
    /// Why, for a skip.
    #[serde(default)]
    pub reason: Option<SkipReason>,
}

/// What one does with a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TaskVerb {
    /// Took it on.
    Claim,
    /// Did it.
    Done,
    /// Left it out, with a reason.
    Skip,
}

/// Why a task was left out.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SkipReason {
    /// Whose side it lay on.
    pub cause: Cause,
    /// In words.
    pub text: String,
}

/// An answer to a proposal.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// Of which pathway.
    pub pathway: String,
    /// The phase that was proposed.
    pub to: String,
    /// Yes or no.
    pub answer: Answer,
    /// Why.
    pub reason: String,
}

/// Yes or no.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// Yes.
    Confirm,
    /// No.
    Decline,
}

/// An admission.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admit {
    /// Where.
    pub hospital: String,
    /// Ward, in words.
    pub ward: String,
    /// Why.
    pub cause: String,
    /// Whom to speak to there: they join the team for the stay.
    pub contact: String,
    /// Until when they have a seat.
    pub until: Moment,
}

/// The end of a stay.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Discharge {
    /// Where to, in words.
    pub to: String,
}

/// The end of a seat.
#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leave {
    /// Who.
    pub person: String,
    /// Why.
    pub reason: String,
}

/// A moment told from now: `-21d 09:30` (that day's clock in the region), `-21d` (at noon), `-2h15m`, `+3h`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Moment(Told);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Told {
    Civil { days: i32, hour: i8, minute: i8 },
    Minutes(i64),
}

impl Moment {
    /// The moment, seen from now.
    pub fn seen_from(self, now: Time) -> Time {
        match self.0 {
            Told::Minutes(minutes) => now.plus_seconds(minutes.saturating_mul(60)),
            Told::Civil { days, hour, minute } => {
                time::moment(shifted(now.day(), days).at(hour, minute, 0, 0)).into()
            }
        }
    }
}

impl TryFrom<String> for Moment {
    type Error = String;
    fn try_from(text: String) -> std::result::Result<Self, String> {
        told(&text).map(Self).ok_or_else(|| format!("not a moment: {text}"))
    }
}

fn told(text: &str) -> Option<Told> {
    if !text.starts_with(['+', '-']) {
        return None;
    }
    if let Some((days, clock)) = text.split_once("d ") {
        let (hour, minute) = clock.split_once(':')?;
        let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
        let fits = (0..24).contains(&hour) && (0..60).contains(&minute);
        return fits.then_some(Told::Civil { days: days_of(days)?, hour, minute });
    }
    if let Some(days) = text.strip_suffix('d') {
        return Some(Told::Civil { days: days_of(days)?, hour: 12, minute: 0 });
    }
    let (sign, rest) = text.split_at(1);
    let (hours, minutes) = rest.split_once('h').unwrap_or(("0", rest));
    let hours: i64 = hours.parse().ok().filter(|hours| (0..=72).contains(hours))?;
    let minutes: i64 = match minutes.strip_suffix('m') {
        Some(minutes) => minutes.parse().ok().filter(|minutes| (0..60).contains(minutes))?,
        None if minutes.is_empty() => 0,
        None => return None,
    };
    let total = hours * 60 + minutes;
    Some(Told::Minutes(if sign == "-" { -total } else { total }))
}

fn days_of(text: &str) -> Option<i32> {
    text.parse().ok().filter(|days| (-3660..=3660).contains(days))
}

fn shifted(day: Date, days: i32) -> Date {
    day.checked_add(Span::new().days(days)).unwrap_or(day)
}

/// A day: `2024-04-01`, `-21d`, `first-4` (first of the month four months back), `last+19` (last of the
/// month nineteen months ahead).
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(try_from = "String")]
pub struct Day(ToldDay);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ToldDay {
    On(Date),
    Days(i32),
    First(i32),
    Last(i32),
}

impl Day {
    /// The day, seen from now.
    pub fn seen_from(self, now: Time) -> Date {
        let today = now.day();
        let month = |months| today.checked_add(Span::new().months(months)).unwrap_or(today);
        match self.0 {
            ToldDay::On(day) => day,
            ToldDay::Days(days) => shifted(today, days),
            ToldDay::First(months) => month(months).first_of_month(),
            ToldDay::Last(months) => month(months).last_of_month(),
        }
    }
}

impl TryFrom<String> for Day {
    type Error = String;
    fn try_from(text: String) -> std::result::Result<Self, String> {
        told_day(&text).map(Self).ok_or_else(|| format!("not a day: {text}"))
    }
}

fn told_day(text: &str) -> Option<ToldDay> {
    let months = |text: &str| text.parse().ok().filter(|months: &i32| (-120..=120).contains(months));
    if let Some(rest) = text.strip_prefix("first") {
        return months(rest).map(ToldDay::First);
    }
    if let Some(rest) = text.strip_prefix("last") {
        return months(rest).map(ToldDay::Last);
    }
    if let Some(days) = text.strip_suffix('d') {
        return days_of(days).map(ToldDay::Days);
    }
    text.parse().ok().map(ToldDay::On)
}

/// A text with its days written out: `{+9d}` becomes 12月1日(火). `None` when a brace holds no day.
pub fn written_out(text: &str, now: Time) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (day, after) = after.split_once('}')?;
        let day = told_day(day).map(Day)?.seen_from(now);
        out.push_str(before);
        out.push_str(&screen_day(day, Lang::Ja));
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// An answer with its days and moments written out. Nesting deeper than rows of fields is refused.
pub fn answer(value: &Value, now: Time) -> Option<Value> {
    nested(value, now, 0)
}

fn nested(value: &Value, now: Time, depth: usize) -> Option<Value> {
    match value {
        _ if depth > 3 => None,
        Value::String(text) => match text.strip_prefix('@') {
            Some(told) if told.contains([' ', 'h']) => {
                let zoned = Moment::try_from(told.to_owned()).ok()?.seen_from(now).zoned();
                Some(zoned.strftime("%Y-%m-%dT%H:%M").to_string().into())
            }
            Some(told) => Some(told_day(told).map(Day)?.seen_from(now).to_string().into()),
            None => written_out(text, now).map(Value::from),
        },
        Value::Array(rows) => rows.iter().map(|row| nested(row, now, depth + 1)).collect(),
        Value::Object(fields) => {
            let fields: Option<serde_json::Map<_, _>> = fields
                .iter()
                .map(|(name, value)| Some((name.clone(), nested(value, now, depth + 1)?)))
                .collect();
            fields.map(Value::Object)
        }
        plain => Some(plain.clone()),
    }
}

#[cfg(test)]
mod tests {
    //! That the script holds together: every reference exists, time only goes forward, nobody acts
    //! without a seat, and the region is as varied as the demo promises.

    use std::collections::BTreeMap;
    use std::collections::BTreeSet;

    use jiff::civil::date;

    use super::*;
    use crate::concept::Concepts;

    fn now() -> Time {
        time::moment(date(2026, 11, 22).at(14, 5, 0, 0)).into()
    }

    /// Just after midnight, when "three hours ago" is yesterday.
    fn small_hours() -> Time {
        time::moment(date(2028, 3, 1).at(0, 20, 0, 0)).into()
    }

    struct House {
        script: Script,
        people: BTreeMap<String, Person>,
        offices: BTreeMap<String, Office>,
    }

    fn house() -> House {
        let script = Script::shipped().unwrap();
        let people = script.region.people.iter().map(|p| (p.key.clone(), p.clone())).collect();
        let offices = script.region.offices.iter().map(|o| (o.key.clone(), o.clone())).collect();
        House { script, people, offices }
    }

    #[test]
    fn moments_and_days_are_told_from_now() {
        let moment =
            |text: &str| Moment::try_from(text.to_owned()).map(|m| m.seen_from(now()).zoned().to_string());
        assert!(moment("-21d 09:30").unwrap().starts_with("2026-11-01T09:30:00"));
        assert!(moment("-2h15m").unwrap().starts_with("2026-11-22T11:50:00"));
        assert!(moment("+3h").unwrap().starts_with("2026-11-22T17:05:00"));
        assert!(moment("-40d").unwrap().starts_with("2026-10-13T12:00:00"));
        for wrong in ["", "21d", "-1d 24:00", "-1d 9", "-99h", "-5x", "-3h5", "-99999d"] {
            assert!(moment(wrong).is_err(), "{wrong}");
        }
        let day = |text: &str| Day::try_from(text.to_owned()).map(|d| d.seen_from(now()).to_string());
        assert_eq!(day("first-4").unwrap(), "2026-07-01");
        assert_eq!(day("last+3").unwrap(), "2027-02-28");
        assert_eq!(day("-22d").unwrap(), "2026-10-31");
        assert_eq!(day("1941-03-08").unwrap(), "1941-03-08");
        assert!(day("yesterday").is_err());
    }

    #[test]
    fn texts_and_answers_are_written_out() {
        assert_eq!(written_out("交換は{+9d}です", now()).unwrap(), "交換は12月1日(火)です");
        assert_eq!(written_out("{そのうち}", now()), None);
        let rows = serde_json::json!([{ "on": "@-1d", "at": "@-1d 14:00", "says": "{-1d}", "n": 3 }]);
        let seen = serde_json::json!([{ "on": "2026-11-21", "at": "2026-11-21T14:00", "says": "11月21日(土)", "n": 3 }]);
        assert_eq!(answer(&rows, now()), Some(seen));
        assert_eq!(answer(&serde_json::json!([[[[[1]]]]]), now()), None);
    }

    #[test]
    fn the_region_has_every_kind_of_office_and_every_profession() {
        let House { script, people, offices } = house();
        assert_eq!(script.region.format, "demo/1");
        assert_eq!(offices.len(), script.region.offices.len(), "an office's key is used twice");
        assert_eq!(people.len(), script.region.people.len(), "a sign-in name is used twice");
        let count = |kind| offices.values().filter(|office| office.kind == kind).count();
        let wanted = [
            (OfficeKind::Hospital, 2),
            (OfficeKind::Clinic, 7),
            (OfficeKind::DentalClinic, 2),
            (OfficeKind::DentalLiaison, 1),
            (OfficeKind::Pharmacy, 2),
            (OfficeKind::NursingStation, 2),
            (OfficeKind::CareManagement, 3),
            (OfficeKind::HomeHelp, 1),
            (OfficeKind::Rehabilitation, 1),
            (OfficeKind::TownOffice, 1),
            (OfficeKind::Household, 1),
        ];
        for (kind, number) in wanted {
            assert_eq!(count(kind), number, "{kind:?}");
        }
        assert_eq!(wanted.iter().map(|(_, number)| number).sum::<usize>(), offices.len());
        for profession in Profession::ALL {
            assert!(
                people.values().any(|person| person.profession == *profession),
                "nobody is a {profession:?}"
            );
        }
        for office in offices.values() {
            assert!(
                script.region.towns.iter().any(|town| office.address.starts_with(town.as_str())),
                "{}",
                office.key
            );
            assert!(people.values().any(|person| person.office == office.key), "{} is empty", office.key);
        }
    }

    #[test]
    fn people_belong_somewhere_and_are_written_properly() {
        let House { script, people, offices } = house();
        let patients: BTreeSet<&str> = script.stories.iter().map(|s| s.patient.key.as_str()).collect();
        for person in people.values() {
            let lay = matches!(person.profession, Profession::Family | Profession::Patient);
            assert_eq!(lay, offices[&person.office].kind == OfficeKind::Household, "{}", person.key);
            assert_eq!(lay, person.of.is_some(), "{}", person.key);
            assert!(person.of.as_deref().is_none_or(|patient| patients.contains(patient)), "{}", person.key);
            assert!(person.key.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{}", person.key);
            assert_written(&person.name, &person.kana);
        }
    }

    fn assert_written(name: &str, kana: &str) {
        assert_eq!(name.split(' ').count(), 2, "{name}");
        assert!(kana.chars().all(|c| c == ' ' || ('ァ'..='ー').contains(&c)), "{kana}");
        assert_eq!(kana.split(' ').count(), 2, "{kana}");
    }

    #[test]
    fn twelve_patients_are_twelve_people() {
        let House { script, people, offices } = house();
        assert_eq!(script.stories.len(), 12);
        let mut numbers = BTreeSet::new();
        let mut allergies = [0; 3];
        for story in &script.stories {
            let patient = &story.patient;
            assert_written(&patient.name, &patient.kana);
            assert!(numbers.insert(patient.insured_number.clone()), "{}", patient.key);
            assert_eq!(patient.insured_number.len(), 10, "{}", patient.key);
            assert!(
                !patient.diseases.is_empty() && !patient.alerts.is_empty() && !patient.contacts.is_empty()
            );
            assert!(script.region.towns.iter().any(|town| patient.address.starts_with(town.as_str())));
            if let Some(hospital) = &patient.backup_hospital {
                assert_eq!(offices[hospital].kind, OfficeKind::Hospital, "{}", patient.key);
            }
            if let (Some(from), Some(to)) = (patient.care.from, patient.care.to) {
                assert!(from.seen_from(now()) < now().day() && now().day() < to.seen_from(now()));
            }
            allergies[match &patient.allergies {
                Allergies::Unknown => 0,
                Allergies::None => 1,
                Allergies::Known(what) => {
                    assert!(!what.is_empty());
                    2
                }
            }] += 1;
            assert!(people.contains_key(&story.consent.explained_by), "{}", patient.key);
            assert!(
                story.consent.at.seen_from(now()) <= story.registered.at.seen_from(now()),
                "{}",
                patient.key
            );
            let mains = story.team.iter().filter(|seat| seat.seat == SeatRole::Main).count();
            assert_eq!(mains, 1, "{}", patient.key);
        }
        assert!(allergies.iter().all(|number| *number > 0), "unknown, none and known must all occur");
    }

    /// What a story has told so far.
    struct Teller<'a> {
        house: &'a House,
        key: &'a str,
        seated: BTreeSet<String>,
        posts: BTreeMap<String, (String, Time)>,
        letters: BTreeSet<String>,
        runs: BTreeSet<String>,
        stays: i32,
    }

    impl Teller<'_> {
        fn admitted(&mut self, admit: &Admit) {
            assert_eq!(self.house.offices[&admit.hospital].kind, OfficeKind::Hospital);
            assert_eq!(self.house.people[&admit.contact].office, admit.hospital);
            assert!(self.seated.insert(admit.contact.clone()), "{}: {}", self.key, admit.contact);
            // The engine starts the pathway of the stay by itself.
            self.runs.insert("admission".to_owned());
            self.stays += 1;
            assert_eq!(self.stays, 1, "{}: two stays at once", self.key);
        }

        fn event(&mut self, at: Time, by: &str, deed: &Deed) {
            assert!(self.seated.contains(by), "{}: {by} has no seat at {:?}", self.key, at.zoned());
            match deed {
                Deed::Read => {}
                Deed::Post(post) => self.post(at, by, post),
                Deed::Ack(post) => {
                    assert_ne!(self.known(post).0, by, "{}: {by} acknowledges the own post {post}", self.key);
                }
                Deed::Correct(Correct { post, text, reason }) => self.own(by, post, &[text, reason]),
                Deed::Withdraw(Withdraw { post, reason }) => self.own(by, post, &[reason]),
                Deed::Call(call) => {
                    assert!(
                        [&call.from, &call.to].iter().any(|end| *end == by),
                        "{}: {by} was not on the line",
                        self.key
                    );
                    prose(&call.about);
                    prose(&call.advice);
                }
                Deed::Sign(filled) | Deed::Draft(filled) => {
                    assert!(filled.to.as_ref().is_none_or(|to| self.house.offices.contains_key(to)));
                    if let Some(id) = &filled.id {
                        assert!(self.letters.insert(id.clone()), "{}: {id} twice", self.key);
                    }
                    for (path, value) in &filled.answers {
                        assert!(answer(value, now()).is_some(), "{}: {path}", self.key);
                    }
                }
                Deed::Move(step) => {
                    assert!(self.letters.contains(&step.letter), "{}: {}", self.key, step.letter);
                    assert!(step.to.as_ref().is_none_or(|office| self.house.offices.contains_key(office)));
                    assert!(step.told.values().all(|value| answer(value, now()).is_some()));
                }
                Deed::Start(start) => {
                    assert!(self.runs.insert(start.pathway.clone()), "{}: {}", self.key, start.pathway)
                }
                Deed::Task(act) => {
                    assert!(self.runs.contains(&act.pathway), "{}: {}", self.key, act.pathway);
                    assert_eq!(act.act == TaskVerb::Skip, act.reason.is_some(), "{}: {}", self.key, act.task);
                }
                Deed::Decide(decide) => {
                    assert!(self.runs.contains(&decide.pathway), "{}: {}", self.key, decide.pathway)
                }
                Deed::Happened(concept) => {
                    assert!(Concepts::shipped().get(concept).is_some(), "{}: {concept}", self.key)
                }
                Deed::Admit(admit) => self.admitted(admit),
                Deed::PlanDischarge(_) => assert_eq!(self.stays, 1, "{}: nobody is in hospital", self.key),
                Deed::Discharge(_) => {
                    self.stays -= 1;
                    assert_eq!(self.stays, 0, "{}: discharged from nowhere", self.key);
                }
                Deed::Join(seat) => {
                    assert!(self.house.people.contains_key(&seat.person), "{}", seat.person);
                    assert!(seat.until.is_none_or(|until| until.seen_from(now()) > at));
                    assert!(
                        self.seated.insert(seat.person.clone()),
                        "{}: {} sits already",
                        self.key,
                        seat.person
                    );
                }
                Deed::Leave(leave) => {
                    assert!(self.seated.remove(&leave.person), "{}: {}", self.key, leave.person)
                }
            }
        }

        fn post(&mut self, at: Time, by: &str, post: &Post) {
            prose(&post.text);
            if let Some(id) = &post.id {
                let before = self.posts.insert(id.clone(), (by.to_owned(), at));
                assert!(before.is_none(), "{}: {id} twice", self.key);
            }
            if let Some(answered) = &post.reply {
                self.known(answered);
            }
            let Some(ask) = &post.ask else { return };
            assert!(ask.due.seen_from(now()) > at, "{}: due before it was asked: {}", self.key, post.text);
            let team = self.seated.iter().map(|key| &self.house.people[key]);
            match (ask.profession, &ask.person) {
                (Some(profession), None) => {
                    assert!(
                        team.clone().any(|p| p.profession == profession),
                        "{}: nobody to ask: {}",
                        self.key,
                        post.text
                    );
                }
                (None, Some(person)) => {
                    assert!(self.seated.contains(person) && person != by, "{}: {person}", self.key)
                }
                _ => panic!("{}: an ask goes to a profession or a person: {}", self.key, post.text),
            }
        }

        fn own(&self, by: &str, post: &str, says: &[&String]) {
            assert_eq!(self.known(post).0, by, "{}: {post} is not {by}'s", self.key);
            says.iter().for_each(|says| prose(says));
        }

        fn known(&self, post: &str) -> &(String, Time) {
            self.posts.get(post).unwrap_or_else(|| panic!("{}: no post {post} yet", self.key))
        }
    }

    fn prose(text: &str) {
        assert!(!text.trim().is_empty() && text.chars().count() <= 400, "{text}");
        assert!(written_out(text, now()).is_some(), "{text}");
    }

    #[test]
    fn every_story_holds_together() {
        let house = house();
        let mut events = 0;
        for story in &house.script.stories {
            let key = story.patient.key.as_str();
            let people = story.team.iter().map(|seat| seat.person.clone());
            let seated: BTreeSet<String> = people.clone().collect();
            assert_eq!(seated.len(), story.team.len(), "{key}: someone sits twice");
            assert!(people.clone().all(|person| house.people.contains_key(&person)), "{key}");
            assert!(seated.contains(&story.registered.by), "{key}: registered by someone outside the team");
            let (posts, letters, runs) = (BTreeMap::new(), BTreeSet::new(), BTreeSet::new());
            let mut teller = Teller { house: &house, key, seated, posts, letters, runs, stays: 0 };
            let mut last = story.registered.at.seen_from(now());
            for Event(at, by, deed) in &story.events {
                let at = at.seen_from(now());
                assert!(at >= last, "{key}: {} comes too early", at.zoned());
                assert!(at < now(), "{key}: {} lies ahead", at.zoned());
                assert!(Moment::seen_from(story.events[0].0, small_hours()) < small_hours());
                teller.event(at, by, deed);
                last = at;
            }
            events += story.events.len();
            let authors: BTreeSet<&String> = story.events.iter().map(|Event(_, by, _)| by).collect();
            assert!(authors.len() >= 4, "{key}: a team is more than {authors:?}");
        }
        assert!((250..=700).contains(&events), "{events} events");
    }

    #[test]
    fn the_demo_shows_each_situation_that_it_promises() {
        let house = house();
        let deeds =
            || house.script.stories.iter().flat_map(|story| &story.events).map(|Event(_, _, deed)| deed);
        for form in ["peg-device", "peg-site-check", "eol-daily", "eol-weekly", "ohat", "acp-record"] {
            assert!(deeds().any(|deed| matches!(deed, Deed::Sign(filled) if filled.form == form)), "{form}");
        }
        for form in ["dental-referral", "discharge-sheet"] {
            let filled = |deed: &Deed| matches!(deed, Deed::Draft(f) | Deed::Sign(f) if f.form == form);
            assert!(deeds().any(filled), "{form}");
        }
        for pathway in ["peg", "end-of-life"] {
            assert!(
                deeds().filter(|deed| matches!(deed, Deed::Start(start) if start.pathway == pathway)).count()
                    >= 2
            );
        }
        let beside = |story: &Story| {
            let runs = |id: &str| {
                story
                    .events
                    .iter()
                    .any(|Event(_, _, deed)| matches!(deed, Deed::Start(start) if start.pathway == id))
            };
            runs("oral-care") && runs("peg")
        };
        assert!(house.script.stories.iter().any(beside), "oral care beside a gastrostomy");
        let happens = |wanted: fn(&Deed) -> bool| deeds().filter(|deed| wanted(deed)).count();
        assert!(happens(|deed| matches!(deed, Deed::Correct(_))) >= 1);
        assert!(happens(|deed| matches!(deed, Deed::Withdraw(_))) >= 1);
        assert!(happens(|deed| matches!(deed, Deed::Call(_))) >= 5);
        assert!(happens(|deed| matches!(deed, Deed::Ack(_))) >= 60);
        assert!(happens(|deed| matches!(deed, Deed::Admit(_))) >= 2);
        assert!(happens(|deed| matches!(deed, Deed::Join(_))) >= 5);
        assert!(happens(|deed| matches!(deed, Deed::Leave(_))) >= 1);
        assert!(happens(|deed| matches!(deed, Deed::Task(act) if act.act == TaskVerb::Skip)) >= 1);
        assert!(happens(|deed| matches!(deed, Deed::Post(post) if post.urgency == Urgency::Now)) >= 1);
    }
}
