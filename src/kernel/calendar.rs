//! Working days: weekends, national holidays and the yearly closing days, as dated data
//! (`schemas/holidays.json`). Which office is open at which hour is not here.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::civil::Weekday;

use crate::kernel::lang::Words;

/// Never looks further than this for a working day, whatever the data says.
const LOOK_AHEAD_MAX: u16 = 400;

/// Which days are worked.
#[derive(Debug, Clone)]
pub struct Calendar {
    holidays: BTreeMap<Date, Words>,
    /// Closed every year: month and day.
    yearly: Vec<(i8, i8)>,
    /// The last day that the data speaks of.
    known_until: Date,
}

/// `schemas/holidays.json` as it is written.
#[derive(serde::Deserialize)]
struct File {
    known_until: Date,
    closed_every_year: Vec<String>,
    holidays: BTreeMap<Date, Words>,
}

static SHIPPED: LazyLock<Calendar> =
    LazyLock::new(|| Calendar::read(include_str!("../../schemas/holidays.json")).unwrap_or_default());

impl Default for Calendar {
    /// Only weekends are free.
    fn default() -> Self {
        Self { holidays: BTreeMap::new(), yearly: Vec::new(), known_until: Date::MIN }
    }
}

impl Calendar {
    /// The calendar that comes with the program.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Reads a calendar file; none when it is not one.
    pub fn read(text: &str) -> Option<Self> {
        let file: File = serde_json::from_str(text).ok()?;
        let yearly = file.closed_every_year.iter().map(|day| month_and_day(day)).collect::<Option<_>>()?;
        Some(Self { holidays: file.holidays, yearly, known_until: file.known_until })
    }

    /// The holiday on a day, if it is one.
    pub fn holiday(&self, day: Date) -> Option<&Words> {
        self.holidays.get(&day)
    }

    /// Whether a day is free for a reason other than its weekday.
    pub fn is_closed_for_holiday(&self, day: Date) -> bool {
        self.holidays.contains_key(&day) || self.yearly.contains(&(day.month(), day.day()))
    }

    /// Whether offices work on a day.
    pub fn is_working_day(&self, day: Date) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday);
        !weekend && !self.is_closed_for_holiday(day)
    }

    /// Whether the data still covers a day; later days are reckoned with weekends and yearly days only.
    pub fn knows(&self, day: Date) -> bool {
        day <= self.known_until
    }

    /// The so-manyth working day after a day; 0 gives the day itself, or the next working day.
    pub fn working_days_after(&self, day: Date, count: u16) -> Date {
        let mut day = day;
        let mut left = count;
        for _ in 0..LOOK_AHEAD_MAX {
            if left == 0 && self.is_working_day(day) {
                break;
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
            if left > 0 && self.is_working_day(day) {
                left -= 1;
            }
        }
        day
    }
}

fn month_and_day(text: &str) -> Option<(i8, i8)> {
    let (month, day) = text.split_once('-')?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Span;
    use jiff::civil::date;

    #[test]
    fn working_days_skip_weekends_and_holidays() {
        let calendar = Calendar::shipped();
        // Friday before a Monday holiday.
        assert_eq!(calendar.working_days_after(date(2026, 11, 20), 1), date(2026, 11, 24));
        assert_eq!(calendar.working_days_after(date(2026, 11, 20), 0), date(2026, 11, 20));
        assert_eq!(calendar.working_days_after(date(2026, 11, 21), 0), date(2026, 11, 24));
        assert_eq!(calendar.working_days_after(date(2026, 12, 28), 1), date(2027, 1, 4));
        assert_eq!(calendar.holiday(date(2026, 9, 22)).unwrap().ja, "国民の休日");
        assert!(calendar.knows(date(2028, 12, 31)) && !calendar.knows(date(2029, 1, 1)));
    }

    /// The law's own rules, reckoned here from scratch, give the days of the file.
    #[test]
    fn the_file_agrees_with_the_law() {
        for year in 2025..=2028_i16 {
            let mut days = vec![];
            for (month, day) in
                [(1, 1), (2, 11), (2, 23), (4, 29), (5, 3), (5, 4), (5, 5), (8, 11), (11, 3), (11, 23)]
            {
                days.push(date(year, month, day));
            }
            for (month, nth) in [(1, 2), (7, 3), (9, 3), (10, 2)] {
                days.push(date(year, month, 1).nth_weekday_of_month(nth, Weekday::Monday).unwrap());
            }
            // The usual reckoning of the equinoxes for 1980 to 2099.
            let elapsed = f64::from(year - 1980);
            let leaps = (elapsed / 4.0).floor();
            for (month, base) in [(3, 20.8431), (9, 23.2488)] {
                days.push(date(year, month, (base + 0.242_194 * elapsed - leaps).floor() as i8));
            }
            let named = days.clone();
            for day in &named {
                if day.weekday() == Weekday::Sunday {
                    let free = |day: &Date| !named.contains(day);
                    let next = (1..8).map(|n| day.checked_add(Span::new().days(n)).unwrap());
                    days.push(next.into_iter().find(free).unwrap());
                }
                let after = day.checked_add(Span::new().days(2)).unwrap();
                let between = day.tomorrow().unwrap();
                if named.contains(&after) && !named.contains(&between) && between.weekday() != Weekday::Sunday
                {
                    days.push(between);
                }
            }
            days.sort();
            days.dedup();
            let calendar = Calendar::shipped();
            let listed: Vec<Date> =
                calendar.holidays.keys().filter(|day| day.year() == year).copied().collect();
            assert_eq!(listed, days, "{year}");
        }
    }
}
