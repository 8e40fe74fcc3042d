//! Lengths of time as authors write them (ISO 8601: `P14D`, `P1M`, `PT4H`, `-P7D`), added in the
//! patient's civil calendar: a month is a calendar month, a day ends at midnight in Tokyo.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::Timestamp;
use jiff::civil::Date;

use crate::kernel::lang::Words;
use crate::kernel::time::civil;
use crate::kernel::time::moment;
use crate::texts;

/// Longest length, in days: no pathway waits longer than a lifetime.
const DAYS_MAX: i64 = 40_000;

/// A length of time: calendar months, then calendar days, then exact seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Length {
    months: i32,
    days: i32,
    seconds: i64,
}

impl Length {
    /// No time at all.
    pub const ZERO: Self = Self { months: 0, days: 0, seconds: 0 };

    /// So many days.
    pub const fn days(days: i32) -> Self {
        Self { months: 0, days, seconds: 0 }
    }

    /// So many hours.
    pub const fn hours(hours: i64) -> Self {
        Self { months: 0, days: 0, seconds: hours * 3600 }
    }

    /// Whether it counts calendar days only, so that it needs no time of day.
    pub fn is_whole_days(self) -> bool {
        self.seconds == 0
    }

    /// Whether nothing or less than nothing passes.
    pub fn is_positive(self) -> bool {
        self.about_seconds() > 0
    }

    /// The same length backwards.
    pub fn back(self) -> Self {
        Self { months: -self.months, days: -self.days, seconds: -self.seconds }
    }

    /// The same length so many times.
    pub fn times(self, count: i32) -> Self {
        Self {
            months: self.months.saturating_mul(count),
            days: self.days.saturating_mul(count),
            seconds: self.seconds.saturating_mul(i64::from(count)),
        }
    }

    /// Both lengths, one after the other.
    pub fn plus(self, other: Self) -> Self {
        Self {
            months: self.months.saturating_add(other.months),
            days: self.days.saturating_add(other.days),
            seconds: self.seconds.saturating_add(other.seconds),
        }
    }

    /// Seconds, a month taken as 30 days: for comparing lengths, not for adding them.
    pub fn about_seconds(self) -> i64 {
        (i64::from(self.months) * 30 + i64::from(self.days)) * 86_400 + self.seconds
    }

    /// Seconds, a month taken as the longest there is: never less than it lasts.
    pub fn longest_seconds(self) -> i64 {
        self.about_seconds() + i64::from(self.months).abs() * 86_400
    }

    /// The day so much later; stops at the calendar's end.
    pub fn after_day(self, day: Date) -> Date {
        let whole = i32::try_from(self.seconds.div_euclid(86_400)).unwrap_or(0);
        let days = i64::from(self.days) + i64::from(whole);
        let later = match self.months {
            0 => day,
            months => day.saturating_add(Span::new().try_months(months).unwrap_or_default()),
        };
        later.saturating_add(jiff::SignedDuration::from_hours(days * 24))
    }

    /// The moment so much later; stops at the calendar's end.
    pub fn after(self, at: Timestamp) -> Timestamp {
        // A civil day is always as long as the next, a month is not.
        let later = match self.months {
            0 => at,
            months => moment(civil(at).saturating_add(Span::new().try_months(months).unwrap_or_default())),
        };
        let exact = jiff::SignedDuration::from_secs(i64::from(self.days) * 86_400 + self.seconds);
        later.saturating_add(exact).unwrap_or(later)
    }

    /// In both languages: 14日, 14 days.
    pub fn words(self) -> Words {
        Words::of(|t| {
            let (hours, rest) = (self.seconds.abs() / 3600, self.seconds.abs() % 3600);
            let parts = [
                (i64::from(self.months.abs()), t.length_months(i64::from(self.months.abs()))),
                (i64::from(self.days.abs()), t.length_days(i64::from(self.days.abs()))),
                (hours, t.length_hours(hours)),
                (rest / 60, t.length_minutes(rest / 60)),
            ];
            let parts: Vec<String> =
                parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, words)| words).collect();
            if parts.is_empty() { t.length_days(0) } else { parts.join(" ") }
        })
    }
}

impl FromStr for Length {
    type Err = ();

    /// Reads `[-]P[nY][nM][nW][nD][T[nH][nM][nS]]`, whole numbers only. After the first part a number may be
    /// negative, as what is left when a longer length is taken from a shorter one: `P1M-40D`.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let rest = rest.strip_prefix('P').ok_or(())?;
        let (date, time) = match rest.split_once('T') {
            Some((date, time)) if !time.is_empty() => (date, time),
            Some(_) => return Err(()),
            None => (rest, ""),
        };
        if date.is_empty() && time.is_empty() {
            return Err(());
        }
        let [years, months, weeks, days] = counts(date, ['Y', 'M', 'W', 'D'])?;
        let [hours, minutes, seconds] = counts(time, ['H', 'M', 'S'])?;
        let parts = [years, months, weeks, days, hours, minutes, seconds];
        if parts.into_iter().find(|part| *part != 0).is_some_and(|first| first < 0) {
            return Err(());
        }
        let months = years * 12 + months;
        let days = weeks * 7 + days;
        let seconds = hours * 3600 + minutes * 60 + seconds;
        if months.abs() * 30 + days.abs() + seconds.abs() / 86_400 > DAYS_MAX {
            return Err(());
        }
        let small = |count: i64| i32::try_from(sign * count).map_err(drop);
        Ok(Self { months: small(months)?, days: small(days)?, seconds: sign * seconds })
    }
}

/// Reads numbers with the given letters, each at most once and in this order.
fn counts<const N: usize>(mut text: &str, letters: [char; N]) -> Result<[i64; N], ()> {
    let mut found = [0; N];
    for (slot, letter) in found.iter_mut().zip(letters) {
        let (sign, unsigned) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
        let digits = unsigned.find(|c: char| !c.is_ascii_digit()).unwrap_or(unsigned.len());
        let (number, after) = unsigned.split_at(digits);
        let Some(after) = after.strip_prefix(letter) else { continue };
        if number.is_empty() || number.len() > 9 {
            return Err(());
        }
        *slot = sign * number.parse::<i64>().map_err(drop)?;
        text = after;
    }
    if text.is_empty() { Ok(found) } else { Err(()) }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [i64::from(self.months), i64::from(self.days), self.seconds];
        if parts.into_iter().find(|part| *part != 0).is_some_and(|first| first < 0) {
            return write!(f, "-{}", self.back());
        }
        f.write_str("P")?;
        if self.months != 0 {
            write!(f, "{}M", self.months)?;
        }
        if self.days != 0 || (self.months == 0 && self.seconds == 0) {
            write!(f, "{}D", self.days)?;
        }
        if self.seconds != 0 {
            f.write_str("T")?;
            for (count, letter) in
                [(self.seconds / 3600, 'H'), (self.seconds / 60 % 60, 'M'), (self.seconds % 60, 'S')]
            {
                if count != 0 {
                    write!(f, "{count}{letter}")?;
                }
            }
        }
        Ok(())
    }
}

impl serde::Serialize for Length {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for Length {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|()| serde::de::Error::custom("not a length such as P14D or PT4H"))
    }
}

texts! {
    length_months(count: i64) { ja: "{count}か月", en: "{count} month" | "{count} months" }
    length_days(count: i64) { ja: "{count}日", en: "{count} day" | "{count} days" }
    length_hours(count: i64) { ja: "{count}時間", en: "{count} hour" | "{count} hours" }
    length_minutes(count: i64) { ja: "{count}分", en: "{count} minute" | "{count} minutes" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn length(text: &str) -> Length {
        text.parse().unwrap()
    }

    #[test]
    fn lengths_read_and_print() {
        for text in
            ["P14D", "P1M", "PT4H", "-P7D", "P1M2DT3H4M5S", "P0D", "PT30M", "P14M", "P1M-40D", "-P1DT-1M-30S"]
        {
            assert_eq!(length(text).to_string(), text);
        }
        assert_eq!(length("P1M").plus(length("P40D").back()).to_string(), "P1M-40D");
        assert_eq!(length("P2W"), length("P14D"));
        assert_eq!(length("P1Y"), length("P12M"));
        for text in ["", "P", "PT", "14D", "P1.5D", "P1D2M", "P99999999999D", "P200Y", "P-1D", "P1H", "PT1D"]
        {
            assert!(text.parse::<Length>().is_err(), "{text} was read");
        }
        assert_eq!(length("P1M").words(), Words::new("1か月", "1 month"));
    }

    #[test]
    fn months_are_calendar_months_and_days_are_tokyo_days() {
        assert_eq!(length("P1M").after_day(date(2028, 1, 31)), date(2028, 2, 29));
        let noon: Timestamp = "2026-11-22T12:00:00+09:00".parse().unwrap();
        assert_eq!(length("P1D").after(noon).to_string(), "2026-11-23T03:00:00Z");
        assert_eq!(length("PT90M").after(noon).to_string(), "2026-11-22T04:30:00Z");
        assert_eq!(length("P100Y").after(Timestamp::MAX), Timestamp::MAX);
        assert_eq!(length("P100Y").after_day(date(9999, 12, 31)), date(9999, 12, 31));
    }
}
