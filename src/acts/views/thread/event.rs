//! The record's other entries as one quiet line each.

use super::EventView;
use super::Page;
use crate::acts::Look;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::time::screen_day;
use crate::record::payload::Payload;
use crate::store::log::Row;
use crate::texts;

/// Where a line leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case", tag = "to", content = "id")]
pub enum EventLink {
    /// A form.
    Letter(LetterId),
    /// The plan.
    Plan,
    /// The team.
    Team,
}

/// Whom a team entry is about.
pub(super) fn subject(look: &Look<'_>, row: &Row) -> Option<PersonId> {
    match look.open(row).ok()? {
        Payload::Seated(seated) => Some(seated.person),
        Payload::Unseated(unseated) => Some(unseated.person),
        _ => None,
    }
}

/// The line of an entry; `None` for what says nothing to people.
pub(super) fn line(page: &Page, look: &Look<'_>, row: &Row, payload: &Payload) -> Option<EventView> {
    let (says, more, link) = words(page, look, payload)?;
    Some(EventView {
        seq: row.seq,
        id: row.id,
        at: row.at,
        author: row.author.and_then(|id| page.person(id)),
        says,
        more,
        link,
    })
}

type Told = (Words, Words, Option<EventLink>);

fn words(page: &Page, _look: &Look<'_>, payload: &Payload) -> Option<Told> {
    let plain = |says: Words| (says, nothing(), None);
    Some(match payload {
        Payload::PatientSet(set) if set.reason.is_empty() => plain(Words::of(Text::event_registered)),
        Payload::PatientSet(set) => (Words::of(Text::event_card_changed), same(&set.reason), None),
        Payload::ConsentGiven(given) => {
            (Words::of(Text::event_consent), same(&given.consent.scope), Some(EventLink::Team))
        }
        Payload::ConsentWithdrawn(why) => (Words::of(Text::event_consent_withdrawn), same(&why.reason), None),
        Payload::Seated(seated) => {
            let name = name(page, seated.person);
            let says = match seated.until {
                None => Words::of(|t| t.event_seated(&name)),
                Some(until) => Words::of(|t| t.event_seated_until(&name, &screen_day(until.day(), t.0))),
            };
            (says, same(&seated.reason), Some(EventLink::Team))
        }
        Payload::Unseated(unseated) => {
            let name = name(page, unseated.person);
            (Words::of(|t| t.event_unseated(&name)), same(&unseated.reason), Some(EventLink::Team))
        }
        Payload::Called(called) => (Words::of(|t| t.event_called(&called.to)), same(&called.outcome), None),
        _ => return None,
    })
}

fn name(page: &Page, id: PersonId) -> String {
    page.person(id).map(|person| person.name).unwrap_or_default()
}

/// Care text stands in the language it was written in.
fn same(text: &str) -> Words {
    Words::new(text.to_owned(), text.to_owned())
}

fn nothing() -> Words {
    Words::new("", "")
}

texts! {
    event_registered { ja: "患者を登録しました", en: "The patient was registered" }
    event_card_changed { ja: "患者の情報を直しました", en: "The patient's card was changed" }
    event_consent { ja: "情報共有の同意を記録しました", en: "Consent to share was recorded" }
    event_consent_withdrawn { ja: "同意が取り消されました", en: "Consent was withdrawn" }
    event_seated(name: &str) { ja: "{name}さんがチームに加わりました", en: "{name} joined the team" }
    event_seated_until(name: &str, day: &str) {
        ja: "{name}さんがチームに加わりました（{day}まで）",
        en: "{name} joined the team until {day}"
    }
    event_unseated(name: &str) { ja: "{name}さんがチームを離れました", en: "{name} left the team" }
    event_called(to: &str) { ja: "{to}に電話しました", en: "{to} was telephoned" }
}
