//! What the fee schedule makes of contacts and dates: the class of the discharge addition and what is
//! missing for the next, and the deadlines of the admission addition. The rules are dated data
//! (`schemas/tariffs.json`); here is only the reckoning. Claims are made elsewhere, by people.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;
use jiff::civil::Weekday;

use crate::form::answers::Answers;
use crate::kernel::calendar::Calendar;
use crate::kernel::lang::Words;
use crate::texts;

static SHIPPED: LazyLock<Tariffs> =
    LazyLock::new(|| Tariffs::read(include_str!("../../schemas/tariffs.json")).unwrap_or_default());

/// The dated rules.
#[derive(Debug, Clone, Default, serde::Deserialize)]
pub struct Tariffs {
    discharge: Vec<DischargeRule>,
    admission: Vec<AdmissionRule>,
}

/// Where a rule can be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// What it is called.
    pub cite: String,
    /// Its address.
    pub url: Option<String>,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct DischargeRule {
    valid_from: Date,
    valid_until: Option<Date>,
    rule: Words,
    source: Vec<Evidence>,
    days_after_discharge: i64,
    classes: Vec<Class>,
}

/// A class of the discharge addition.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its code: `1i`, `1ro`, `2i`, `2ro`, `3`.
    pub code: String,
    /// Its official name.
    pub label: Words,
    /// How many days with a contact it needs.
    pub contacts: usize,
    /// Whether one of them must be a conference.
    pub conference: bool,
    /// What it is worth.
    pub units: u32,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AdmissionRule {
    valid_from: Date,
    valid_until: Option<Date>,
    rule: Words,
    source: Vec<Evidence>,
    first: AdmissionStep,
    second: AdmissionStep,
}

#[derive(Debug, Clone, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct AdmissionStep {
    units: u32,
    days: i64,
    shifts_when_closed: bool,
}

impl Tariffs {
    /// The rules that come with the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a file of rules; none when it is not one.
    pub fn read(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }
}

/// One contact of a care manager with the hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Contact {
    /// The day.
    pub on: Date,
    /// It was a discharge conference.
    pub conference: bool,
}

/// What the discharge addition depends on.
#[derive(Debug, Clone, Default)]
pub struct DischargeCase {
    /// The day of admission.
    pub admitted_on: Option<Date>,
    /// The day of discharge, once it is known.
    pub discharged_on: Option<Date>,
    /// The first-time addition is claimed in the same month: then this one is not.
    pub first_time_addition: bool,
    /// Preventive care (要支援): not applied.
    pub preventive: bool,
    /// All contacts.
    pub contacts: Vec<Contact>,
}

/// What the contacts amount to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct DischargeClass {
    /// Different days that count.
    pub days: usize,
    /// One of them was a conference.
    pub conference: bool,
    /// Contacts outside the window, which do not count.
    pub outside: Vec<Contact>,
    /// The last day on which a contact still counts, once the discharge is known.
    pub counts_until: Option<Date>,
    /// The class reached.
    pub class: Option<Class>,
    /// The next better class, and what is missing for it.
    pub next: Option<NextClass>,
    /// Why there is none, whatever the contacts.
    pub barred: Option<Words>,
    /// The rule in words.
    pub rule: Words,
    /// Where it can be read.
    pub source: Vec<Evidence>,
}

/// A better class, and what is missing for it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NextClass {
    /// The class.
    pub class: Class,
    /// How many more days with a contact.
    pub contacts: usize,
    /// A conference is missing.
    pub conference: bool,
    /// The same in words: あと1回で600単位.
    pub says: Words,
}

/// What the contacts amount to, by the rule of the day of discharge (or of today while it is open).
/// None when no rule covers that day.
pub fn discharge_class(tariffs: &Tariffs, case: &DischargeCase, today: Date) -> Option<DischargeClass> {
    let day = case.discharged_on.unwrap_or(today);
    let rule = tariffs.discharge.iter().find(|rule| covers(rule.valid_from, rule.valid_until, day))?;
    let until = case.discharged_on.map(|day| plus(day, rule.days_after_discharge));
    let counts = |contact: &&Contact| {
        until.is_none_or(|until| contact.on <= until)
            && case.admitted_on.is_none_or(|from| contact.on >= from)
    };
    let mut days: BTreeMap<Date, bool> = BTreeMap::new();
    for contact in case.contacts.iter().filter(counts) {
        *days.entry(contact.on).or_default() |= contact.conference;
    }
    let conference = days.values().any(|conference| *conference);
    let barred = barred(case);
    let class = rule
        .classes
        .iter()
        .filter(|class| days.len() >= class.contacts && (conference || !class.conference))
        .max_by_key(|class| class.units);
    let next = next_class(&rule.classes, class, days.len(), conference);
    Some(DischargeClass {
        days: days.len(),
        conference,
        outside: case.contacts.iter().filter(|contact| !counts(contact)).copied().collect(),
        counts_until: until,
        class: class.filter(|_| barred.is_none()).cloned(),
        next: next.filter(|_| barred.is_none()),
        barred,
        rule: rule.rule.clone(),
        source: rule.source.clone(),
    })
}

fn barred(case: &DischargeCase) -> Option<Words> {
    if case.first_time_addition {
        return Some(Words::of(|t| t.tariff_first_time()));
    }
    case.preventive.then(|| Words::of(|t| t.tariff_preventive()))
}

/// The better class that is nearest: fewest things missing, then least units.
fn next_class(
    classes: &[Class],
    reached: Option<&Class>,
    days: usize,
    conference: bool,
) -> Option<NextClass> {
    let worth = reached.map_or(0, |class| class.units);
    let missing = |class: &Class| {
        let contacts = class.contacts.saturating_sub(days);
        let conference = class.conference && !conference;
        // A conference is itself a contact on a day: only without a further contact does it cost one.
        (contacts.max(usize::from(conference)), conference)
    };
    let better = classes.iter().filter(|class| class.units > worth);
    let nearest = better.min_by_key(|class| {
        let (contacts, conference) = missing(class);
        (contacts, conference, class.units)
    })?;
    let (contacts, conference) = missing(nearest);
    let units = nearest.units;
    let says = if conference {
        Words::of(|t| t.tariff_next_with_conference(contacts, units))
    } else {
        Words::of(|t| t.tariff_next(contacts, units))
    };
    Some(NextClass { class: nearest.clone(), contacts, conference, says })
}

/// The contacts written on a discharge sheet.
pub fn contacts_of(answers: &Answers) -> Vec<Contact> {
    let rows = answers.known("contacts").and_then(serde_json::Value::as_array);
    let read = |row: &serde_json::Value| {
        let on = row.get("on")?.as_str()?.parse().ok()?;
        let conference = row.get("conference").and_then(serde_json::Value::as_bool).unwrap_or(false);
        Some(Contact { on, conference })
    };
    rows.into_iter().flatten().filter_map(read).collect()
}

/// The contact that the move `contact` of a discharge sheet was told.
pub fn contact_told(told: &Answers) -> Option<Contact> {
    let conference = told.known("contact_conference").and_then(serde_json::Value::as_bool).unwrap_or(false);
    Some(Contact { on: told.day("contact_on")?, conference })
}

/// When an office works: opening hours, and weekdays on which it is closed.
#[derive(Debug, Clone)]
pub struct OfficeHours {
    /// Opens at.
    pub opens: Time,
    /// Closes at.
    pub closes: Time,
    /// Closed on these weekdays.
    pub closed: Vec<Weekday>,
    /// Works on national holidays.
    pub open_on_holidays: bool,
}

impl Default for OfficeHours {
    fn default() -> Self {
        let hour = |hour: i8| Time::constant(hour, 30, 0, 0);
        let closed = vec![Weekday::Saturday, Weekday::Sunday];
        Self { opens: hour(8), closes: hour(17), closed, open_on_holidays: false }
    }
}

impl OfficeHours {
    fn is_closed_on(&self, day: Date, calendar: &Calendar) -> bool {
        let holiday = !self.open_on_holidays && calendar.is_closed_for_holiday(day);
        self.closed.contains(&day.weekday()) || holiday
    }
}

/// The deadlines of the admission addition.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct AdmissionDeadlines {
    /// The last day for (I).
    pub first: Date,
    /// What (I) is worth.
    pub first_units: u32,
    /// The next day counts for (I), because the office was closed.
    pub shifted: bool,
    /// The last day for (II).
    pub second: Date,
    /// What (II) is worth.
    pub second_units: u32,
    /// The rule in words.
    pub rule: Words,
    /// Where it can be read.
    pub source: Vec<Evidence>,
}

/// The deadlines for an admission at a civil moment. None when no rule covers that day. A day that
/// counts because the office was closed is the next calendar day, open or not: the safe reading.
pub fn admission_deadlines(
    tariffs: &Tariffs,
    admitted: DateTime,
    hours: &OfficeHours,
    calendar: &Calendar,
) -> Option<AdmissionDeadlines> {
    let day = admitted.date();
    let rule = tariffs.admission.iter().find(|rule| covers(rule.valid_from, rule.valid_until, day))?;
    let late = admitted.time() >= hours.closes || hours.is_closed_on(day, calendar);
    let last = |step: &AdmissionStep| plus(day, step.days + i64::from(step.shifts_when_closed && late));
    Some(AdmissionDeadlines {
        first: last(&rule.first),
        first_units: rule.first.units,
        shifted: rule.first.shifts_when_closed && late,
        second: last(&rule.second),
        second_units: rule.second.units,
        rule: rule.rule.clone(),
        source: rule.source.clone(),
    })
}

fn covers(from: Date, until: Option<Date>, day: Date) -> bool {
    from <= day && until.is_none_or(|until| day <= until)
}

fn plus(day: Date, days: i64) -> Date {
    day.checked_add(jiff::Span::new().days(days)).unwrap_or(Date::MAX)
}

texts! {
    tariff_first_time {
        ja: "初回加算を算定する月は、退院・退所加算は算定できません。",
        en: "Not together with the first-time addition."
    }
    tariff_preventive {
        ja: "要支援の方（介護予防支援）は対象外です。",
        en: "Not applied to preventive care."
    }
    tariff_next(contacts: usize, units: u32) {
        ja: "あと{contacts}回（別の日）の聞き取りで{units}単位になります。",
        en: "One more contact, on another day, would make {units} units."
            | "{contacts} more contacts, each on another day, would make {units} units."
    }
    tariff_next_with_conference(contacts: usize, units: u32) {
        ja: "カンファレンスへの参加を含めて、あと{contacts}回（別の日）で{units}単位になります。",
        en: "One more contact on another day, at a conference, would make {units} units."
            | "{contacts} more contacts on other days, one of them a conference, would make {units} units."
    }
}

#[cfg(test)]
mod tests;
