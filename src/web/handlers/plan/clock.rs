//! How long ago something happened that does not wait: a catheter that came out, a death.

use jiff::Timestamp;

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::Time;
use crate::pathway::state::Task;
use crate::texts;
use crate::web::tasks::TaskClock;
use crate::web::view::When;

const MINUTE: i64 = 60;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// The clock of a task, if the pathway gave it one and its moment is known.
pub fn clock(task: &Task, now: Time, lang: Lang) -> Option<TaskClock> {
    let at = task.clock?;
    let since = Concepts::shipped().get(task.clock_of.as_deref()?)?.since.as_ref()?;
    let says = Text(lang).clock_since(since.say(lang), &length(at, now, lang));
    Some(TaskClock { says, at: When::at(at.into(), lang), urgent: task.urgent })
}

/// 1時間20分: minutes up to two days, because they count; then whole days.
fn length(at: Timestamp, now: Time, lang: Lang) -> String {
    let t = Text(lang);
    let passed = now.stamp().duration_since(at).as_secs().max(0);
    if passed >= 2 * DAY {
        return t.clock_days(usize::try_from(passed / DAY).unwrap_or(usize::MAX));
    }
    match (passed / HOUR, passed % HOUR / MINUTE) {
        (0, minutes) => t.clock_minutes(minutes),
        (hours, minutes) => t.clock_hours(hours, minutes),
    }
}

texts! {
    clock_since(since: &str, length: &str) { ja: "{since}{length}", en: "{since} {length} ago" }
    clock_minutes(minutes: i64) { ja: "{minutes}分", en: "{minutes} min" }
    clock_hours(hours: i64, minutes: i64) { ja: "{hours}時間{minutes}分", en: "{hours} h {minutes} min" }
    clock_days(days: usize) { ja: "{days}日", en: "{days} day" | "{days} days" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accident_is_told_in_hours_and_minutes_and_only_later_in_days() {
        let now: Timestamp = "2026-08-01T11:00:00Z".parse().unwrap();
        let told = |at: &str, lang| length(at.parse().unwrap(), now.into(), lang);
        assert_eq!(told("2026-08-01T09:40:00Z", Lang::Ja), "1時間20分");
        assert_eq!(told("2026-08-01T09:40:00Z", Lang::En), "1 h 20 min");
        assert_eq!(told("2026-08-01T10:59:01Z", Lang::Ja), "0分");
        assert_eq!(told("2026-07-30T11:00:01Z", Lang::Ja), "47時間59分");
        assert_eq!(told("2026-07-30T11:00:00Z", Lang::Ja), "2日");
        assert_eq!(told("2026-08-02T11:00:00Z", Lang::Ja), "0分", "a clock that runs ahead");
    }
}
