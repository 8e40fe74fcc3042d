//! Days, times and numbers as people type them, and as they are shown. Full-width digits, eras and
//! slashes are read; anything doubtful is refused.

use jiff::civil::Date;
use jiff::civil::DateTime;
use jiff::civil::Time;
use serde_json::Value;
use unicode_normalization::UnicodeNormalization;

use crate::kernel::lang::Lang;
use crate::kernel::time::wareki;

/// The longest text that is looked at as a number or day.
const LENGTH_MAX: usize = 60;

/// The first year of each era, less one, by its name and letter.
const ERAS: [(&str, &str, i16); 5] =
    [("令和", "R", 2018), ("平成", "H", 1988), ("昭和", "S", 1925), ("大正", "T", 1911), ("明治", "M", 1867)];

/// Half-width, without spaces; none when it is too long to be a number or day.
fn plain(text: &str) -> Option<String> {
    if text.len() > LENGTH_MAX {
        return None;
    }
    Some(text.nfkc().filter(|c| !c.is_whitespace()).map(|c| if c == '−' { '-' } else { c }).collect())
}

/// A number as typed: `３７．５`, `1,200`.
pub(super) fn read_number(text: &str, whole: bool) -> Option<Value> {
    let text = plain(text)?;
    let text = if is_grouped(&text) { text.replace(',', "") } else { text };
    let digits = text.strip_prefix('-').unwrap_or(&text);
    let (before, after) = digits.split_once('.').unwrap_or((digits, "0"));
    let all_digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !all_digits(before) || !all_digits(after) {
        return None;
    }
    if after.bytes().all(|byte| byte == b'0') {
        let number = text.split('.').next()?.parse::<i64>().ok()?;
        return Some(Value::from(number));
    }
    let number = text.parse::<f64>().ok().filter(|number| number.is_finite() && !whole)?;
    Some(Value::from(number))
}

/// Whether commas stand between groups of three digits only.
fn is_grouped(text: &str) -> bool {
    let whole = text.split('.').next().unwrap_or_default();
    let mut groups = whole.trim_start_matches('-').split(',');
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

/// A day as typed: `2026-11-22`, `2026/11/22`, `2026年11月22日`, `令和8年11月22日`, `R8.11.22`.
pub(super) fn read_day(text: &str) -> Option<Date> {
    let text = plain(text)?;
    let era = ERAS.iter().find_map(|(name, letter, before)| {
        let rest = text.strip_prefix(name).or_else(|| text.strip_prefix(letter))?;
        Some((rest, *before))
    });
    let (rest, before) = era.unwrap_or((&text, 0));
    let rest = rest.replace("元年", "1年");
    let rest = rest.strip_suffix('日').unwrap_or(&rest);
    let mut parts = rest.split(['-', '/', '.', '年', '月']);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some() || (before == 0 && year.len() != 4) {
        return None;
    }
    let year = year.parse::<i16>().ok()?.checked_add(before)?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A time of day as typed: `14:05`, `１４：０５`, `14時5分`.
pub(super) fn read_time(text: &str) -> Option<Time> {
    let text = plain(text)?.replace('時', ":");
    let text = text.strip_suffix('分').unwrap_or(&text);
    let text = if text.ends_with(':') { format!("{text}00") } else { text.to_owned() };
    let mut parts = text.split(':');
    let (hour, minute) = (parts.next()?.parse().ok()?, parts.next()?.parse().ok()?);
    // Some browsers send seconds as well.
    let seconds_are_fine = parts.next().is_none_or(|seconds| seconds.parse::<i8>().is_ok());
    if !seconds_are_fine || parts.next().is_some() {
        return None;
    }
    Time::new(hour, minute, 0, 0).ok()
}

/// A day and time as typed: `2026-11-22T14:05`, or with a space between.
pub(super) fn read_moment(text: &str) -> Option<DateTime> {
    let (day, time) = text.trim().split_once(['T', ' ', '\u{3000}'])?;
    Some(read_day(day)?.to_datetime(read_time(time)?))
}

/// A day as it is stored.
pub(super) fn day_text(day: Date) -> String {
    day.strftime("%Y-%m-%d").to_string()
}

/// A time as it is stored.
pub(super) fn time_text(time: Time) -> String {
    time.strftime("%H:%M").to_string()
}

/// A moment as it is stored.
pub(super) fn moment_text(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%dT%H:%M").to_string()
}

/// A day as it stands on forms.
pub(super) fn show_day(day: Date, lang: Lang) -> String {
    match lang {
        Lang::Ja => wareki(day).to_string(),
        Lang::En => day.strftime("%-d %b %Y").to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_are_read_as_people_type_them() {
        for (typed, number) in [
            ("37.5", json!(37.5)),
            ("３７．５", json!(37.5)),
            (" 1,200 ", json!(1200)),
            ("１０", json!(10)),
            ("-3", json!(-3)),
            ("−3", json!(-3)),
            ("20.0", json!(20)),
        ] {
            assert_eq!(read_number(typed, false), Some(number), "{typed}");
        }
        for wrong in ["", "abc", "1.2.3", "1e5", "NaN", "infinity", "1,2", "３７度", ".5", "5.", "--1", "+1"]
        {
            assert_eq!(read_number(wrong, false), None, "{wrong}");
        }
        assert_eq!(read_number("1.5", true), None);
    }

    #[test]
    fn days_are_read_from_browsers_and_from_hands() {
        let day = jiff::civil::date(2026, 11, 22);
        for typed in [
            "2026-11-22",
            "2026/11/22",
            "２０２６年１１月２２日",
            "令和8年11月22日",
            "R8.11.22",
            "Ｒ８/11/22",
        ] {
            assert_eq!(read_day(typed), Some(day), "{typed}");
        }
        assert_eq!(read_day("令和元年5月1日"), Some(jiff::civil::date(2019, 5, 1)));
        for wrong in ["2026-02-30", "11/22", "26-11-22", "明日", "2026-11-22-01", "", "R8"] {
            assert_eq!(read_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn times_are_read_too() {
        for typed in ["14:05", "１４：０５", "14時5分", "14:05:00"] {
            assert_eq!(read_time(typed).map(time_text).as_deref(), Some("14:05"), "{typed}");
        }
        assert_eq!(read_time("14時").map(time_text).as_deref(), Some("14:00"));
        assert_eq!(read_time("25:00"), None);
        assert_eq!(read_moment("2026-11-22T14:05").map(moment_text).as_deref(), Some("2026-11-22T14:05"));
    }
}
