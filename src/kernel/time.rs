//! Moments and civil days. Moments are microseconds since 1970 in UTC; civil days live in the
//! patient's calendar (Asia/Tokyo). The only clock is [`Clock`], and it is handed in.

use std::fmt;
use std::fmt::Display;

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::BigInt;
use jiff::civil::{Date, DateTime, date};
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};

use crate::kernel::lang::Lang;

/// How far the region's clocks are ahead of UTC. Japan has known no other time since its summer time was
/// given up in 1952, so that a civil day is a fixed step and needs no table of time zones.
const AHEAD: Offset = jiff::tz::offset(9);

/// The same, as it stands behind a moment.
const AHEAD_WRITTEN: &str = "+09:00";

/// The region's civil calendar.
pub static ZONE: TimeZone = TimeZone::fixed(AHEAD);

/// What calendar and clock show in the region at a moment.
pub fn civil(at: Timestamp) -> DateTime {
    AHEAD.to_datetime(at)
}

/// The moment at which calendar and clock show this; the last one, past the calendar's end.
pub fn moment(civil: DateTime) -> Timestamp {
    AHEAD.to_timestamp(civil).unwrap_or(Timestamp::MAX)
}

/// The beginning of a civil day.
pub fn midnight(day: Date) -> Timestamp {
    moment(day.to_datetime(jiff::civil::Time::midnight()))
}

/// The last second of a civil day: whatever happens on it comes before, and it is still shown as that day.
pub fn last_second(day: Date) -> Timestamp {
    moment(day.at(23, 59, 59, 0))
}

/// A moment: microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Default,
    AsExpression,
    FromSqlRow,
    serde::Serialize,
    serde::Deserialize,
)]
#[diesel(sql_type = BigInt)]
#[serde(transparent)]
pub struct Time(pub i64);

impl Time {
    /// The moment as a jiff timestamp (clamped to what jiff can hold).
    pub fn stamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).unwrap_or(Timestamp::MAX)
    }

    /// The moment in the region's calendar.
    pub fn zoned(self) -> Zoned {
        self.stamp().to_zoned(ZONE.clone())
    }

    /// The civil day in the region's calendar.
    pub fn day(self) -> Date {
        civil(self.stamp()).date()
    }

    /// The end of this moment's civil day: the beginning of the next.
    pub fn end_of_day(self) -> Self {
        self.day().tomorrow().map_or(Self(i64::MAX), |day| midnight(day).into())
    }

    /// This moment plus so many seconds.
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }
}

impl From<Timestamp> for Time {
    fn from(stamp: Timestamp) -> Self {
        Self(stamp.as_microsecond())
    }
}

impl<DB: Backend> ToSql<BigInt, DB> for Time
where
    i64: ToSql<BigInt, DB>,
{
    fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
        self.0.to_sql(out)
    }
}

impl<DB: Backend> FromSql<BigInt, DB> for Time
where
    i64: FromSql<BigInt, DB>,
{
    fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
        Ok(Self(i64::from_sql(bytes)?))
    }
}

/// Where moments come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// The machine's clock; on PostgreSQL the database's, once per batch.
    System,
    /// Stands still: stories and the demo's made-up past.
    Fixed(Time),
}

impl Clock {
    /// The moment it is now.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    pub fn now(self) -> Time {
        match self {
            Self::System => Timestamp::now().into(),
            Self::Fixed(time) => time,
        }
    }
}

const ERAS: [(i16, i8, i8, &str); 5] = [
    (2019, 5, 1, "令和"),
    (1989, 1, 8, "平成"),
    (1926, 12, 25, "昭和"),
    (1912, 7, 30, "大正"),
    (1868, 10, 23, "明治"),
];

/// A civil day as it stands on Japanese forms: 令和8年11月22日.
pub fn wareki(day: Date) -> impl Display {
    fmt::from_fn(move |f| {
        let since = |(year, month, first, _): &&(i16, i8, i8, _)| day >= date(*year, *month, *first);
        let Some((first, .., era)) = ERAS.iter().find(since) else { return day.fmt(f) };
        f.write_str(era)?;
        match day.year() - first + 1 {
            1 => f.write_str("元")?,
            year => year.fmt(f)?,
        }
        write!(f, "年{}月{}日", day.month(), day.day())
    })
}

/// A day as it stands on the screen: 11月22日(日), or Sun 22 Nov.
pub fn screen_day(day: Date, lang: Lang) -> String {
    screen_day_of(day, lang).to_string()
}

/// The same, said when it is written out.
pub fn screen_day_of(day: Date, lang: Lang) -> impl Display {
    const JA: [&str; 7] = ["月", "火", "水", "木", "金", "土", "日"];
    fmt::from_fn(move |f| match lang {
        Lang::Ja => {
            let weekday = usize::try_from(day.weekday().to_monday_zero_offset()).unwrap_or(0);
            write!(f, "{}月{}日({})", day.month(), day.day(), JA.get(weekday).unwrap_or(&""))
        }
        Lang::En => day.strftime("%a %-d %b").fmt(f),
    })
}

/// A moment as it stands on the screen: 11月22日(日) 14:05.
pub fn screen_time(time: Time, lang: Lang) -> String {
    let at = civil(time.stamp());
    format!("{} {}", screen_day_of(at.date(), lang), clock(at.time()))
}

/// A day of any year: 2024年8月25日(日). What a fact says may lie years back.
pub fn whole_day(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => format!("{}年{}", day.year(), screen_day_of(day, lang)),
        Lang::En => format!("{} {}", screen_day_of(day, lang), day.year()),
    }
}

/// A moment of any year: 2024年8月25日(日) 14:05.
pub fn whole_time(time: Time, lang: Lang) -> String {
    let at = civil(time.stamp());
    format!("{} {}", whole_day(at.date(), lang), clock(at.time()))
}

/// The time of day: 14:05.
pub fn clock(time: jiff::civil::Time) -> impl Display {
    let figure = |number: i8| b'0'.saturating_add_signed(number);
    let (hour, minute) = (time.hour(), time.minute());
    // Written at once, for pages are full of these.
    let says = [figure(hour / 10), figure(hour % 10), b':', figure(minute / 10), figure(minute % 10)];
    fmt::from_fn(move |f| f.write_str(std::str::from_utf8(&says).unwrap_or_default()))
}

/// A moment for machines, to the minute: 2026-11-22T14:05+09:00.
pub fn iso_minute(at: DateTime) -> impl Display {
    fmt::from_fn(move |f| write!(f, "{}T{}{AHEAD_WRITTEN}", at.date(), clock(at.time())))
}

/// Completed years of age on a day.
pub fn age_on(birth: Date, day: Date) -> i16 {
    let had_birthday = (day.month(), day.day()) >= (birth.month(), birth.day());
    day.year() - birth.year() - i16::from(!had_birthday)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_written_as_on_japanese_forms() {
        assert_eq!(wareki(date(2026, 11, 22)).to_string(), "令和8年11月22日");
        assert_eq!(wareki(date(2019, 5, 1)).to_string(), "令和元年5月1日");
        assert_eq!(wareki(date(1989, 1, 7)).to_string(), "昭和64年1月7日");
        assert_eq!(screen_day(date(2026, 11, 22), Lang::Ja), "11月22日(日)");
    }

    #[test]
    fn age_counts_completed_years() {
        assert_eq!(age_on(date(1940, 11, 23), date(2026, 11, 22)), 85);
        assert_eq!(age_on(date(1940, 11, 22), date(2026, 11, 22)), 86);
        assert_eq!(age_on(date(2024, 2, 29), date(2025, 2, 28)), 0);
    }
}
