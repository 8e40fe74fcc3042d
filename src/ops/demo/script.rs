//! The made-up region as data: offices, people, and one story per patient, in JSON files beside this
//! one. Moments are told from "now", so that the demo is always fresh. Playing it is the business of
//! the parent module.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use jiff::civil::time;
use serde_json::Value;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::kernel::time::ZONE;
use crate::kernel::time::screen_day;

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
    pub kind: String,
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
    /// Where the person works; none for patients and families.
    #[serde(default)]
    pub office: Option<String>,
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

/// Sex as the card keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sex {
    /// 女
    Female,
    /// 男
    Male,
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
    /// What it covers, in words.
    pub scope: String,
    /// What should be remembered of it.
    #[serde(default)]
    pub note: String,
}

/// How a consent was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConsentMethod {
    /// On paper.
    Written,
    /// Spoken and noted.
    Spoken,
    /// On paper by a representative.
    Representative,
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

/// The place someone has in the team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SeatRole {
    /// A member.
    #[default]
    Member,
    /// 主治医
    Main,
    /// 副主治医
    Deputy,
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
    /// Noted an admission.
    Admit(Admit),
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
}

/// What a post is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// 記録
    Note,
    /// 相談・質問
    Question,
    /// 依頼
    Request,
    /// 報告
    Report,
    /// 指示のお知らせ
    OrderNotice,
    /// 意思決定（ACP）
    Acp,
}

/// How soon a post wants eyes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Urgency {
    /// When possible.
    #[default]
    Normal,
    /// Today.
    Today,
    /// Now.
    Now,
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
    /// For a move entered for someone outside: `phone`, `fax`, `paper`.
    #[serde(default)]
    pub proxy: Option<String>,
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
    /// Patient, family, staff, organisation or region.
    pub cause: String,
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
    /// Whom to speak to there.
    pub contact: String,
    /// When discharge is planned.
    #[serde(default)]
    pub planned: Option<Moment>,
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
            Told::Civil { days, hour, minute } => shifted(now.day(), days)
                .to_datetime(time(hour, minute, 0, 0))
                .to_zoned(ZONE.clone())
                .map_or(now, |zoned| zoned.timestamp().into()),
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
            let fields: Option<serde_json::Map<_, _>> =
                fields.iter().map(|(name, value)| Some((name.clone(), nested(value, now, depth + 1)?))).collect();
            fields.map(Value::Object)
        }
        plain => Some(plain.clone()),
    }
}

#[cfg(test)]
#[path = "script_tests.rs"]
mod tests;
