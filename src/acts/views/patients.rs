//! Patients in lists, the banner, and the team.

use std::collections::BTreeMap;

use crate::access::Grant;
use crate::acts::Directory;
use crate::acts::Look;
use crate::acts::Reading;
use crate::acts::accounts::Member;
use crate::acts::register::open_card;
use crate::acts::views::PersonView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::PatientId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::seal::Key;
use crate::kernel::seal::Keys;
use crate::kernel::time::Time;
use crate::record::cards::Consent;
use crate::record::cards::PatientCard;
use crate::record::payload::Payload;
use crate::record::payload::SeatRole;
use crate::store::Conn;
use crate::store::log;
use crate::store::patients;
use crate::store::patients::Patient;
use crate::store::plans::Plan;
use crate::texts;

/// A patient's card with the number that people say aloud.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PatientView {
    /// The patient.
    pub id: PatientId,
    /// The record number.
    pub number: i64,
    /// The card.
    pub card: PatientCard,
    /// Whether the record takes new entries.
    pub open: bool,
    /// The card cannot be opened: what stands in it is a substitute for lists, and says nothing of the patient.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub unreadable: bool,
}

/// A patient in the reader's list.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ListedView {
    /// The patient.
    pub patient: PatientView,
    /// The record's last entry.
    pub head: i64,
    /// How far the reader opened it.
    pub opened: i64,
    /// How many posts of others the reader has not opened.
    pub unread: usize,
}

/// One seat of a team.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SeatView {
    /// Who sits there.
    pub person: PersonView,
    /// As what.
    pub role: SeatRole,
    /// Since when.
    pub from: Time,
    /// The end date of a temporary seat.
    pub until: Option<Time>,
    /// When it was ended.
    pub ended: Option<Time>,
    /// Whether it is in force now.
    pub in_force: bool,
}

impl PatientView {
    /// Opens a patient's row with the record's key.
    pub fn open(key: &Key, row: &Patient) -> Result<Self> {
        Ok(Self {
            id: row.id,
            number: row.number,
            card: open_card(key, "patient", &row.id.0, &row.sealed)?,
            open: row.state == "open",
            unreadable: false,
        })
    }

    /// The same where there is more to see than the card: one that cannot be opened stands under its number.
    pub(super) fn shown(key: &Key, row: &Patient, lang: Lang) -> Self {
        Self::open(key, row).unwrap_or_else(|cause| Self::unopened(row, lang, &cause))
    }

    /// The row of a list, with the record's key if it can be had: what is damaged must hide nobody else, nor
    /// be hidden.
    pub(super) fn in_list(keys: &Keys, row: &Patient, wrapped: &[u8], lang: Lang) -> (Self, Option<Key>) {
        match keys.unwrap(row.id.0.as_bytes(), wrapped) {
            Ok(key) => (Self::shown(&key, row, lang), Some(key)),
            Err(cause) => (Self::unopened(row, lang, &cause), None),
        }
    }

    fn unopened(row: &Patient, lang: Lang, cause: &Error) -> Self {
        tracing::error!(patient = %row.id, %cause, "a patient's card cannot be opened");
        let name = Text(lang).card_unreadable(row.number);
        Self {
            id: row.id,
            number: row.number,
            card: PatientCard { name, ..PatientCard::default() },
            open: row.state == "open",
            unreadable: true,
        }
    }
}

/// The patient of a look: what every page about a patient shows on top.
pub fn banner(look: &mut Look<'_>) -> Result<PatientView> {
    let row = patients::one(look.conn, &look.grant)?;
    PatientView::open(look.key(), &row)
}

/// The reader's patients, those that moved last first.
pub fn listed(reading: &mut Reading<'_>, member: &Member) -> Result<Vec<ListedView>> {
    Ok(listed_open(reading, member)?.into_iter().map(|(patient, _)| patient).collect())
}

/// The same, each with its record's key, if that can be had.
pub(super) fn listed_open(
    reading: &mut Reading<'_>,
    member: &Member,
) -> Result<Vec<(ListedView, Option<Key>)>> {
    let rows = patients::listed(reading.conn, &member.scope(reading.now)?, None)?;
    Ok(rows.iter().map(|row| open_listed(reading.house.keys(), row, member.lang)).collect())
}

/// The reader's patients, and the plan of the one that is being looked at.
pub(super) fn listed_beside(look: &mut Look<'_>, member: &Member) -> Result<(Vec<ListedView>, Option<Plan>)> {
    let mut rows = patients::listed(look.conn, &member.scope(look.now)?, Some(&look.grant))?;
    let plan = rows.iter_mut().find_map(|row| row.plan.take());
    let keys = look.house.keys();
    Ok((rows.iter().map(|row| open_listed(keys, row, member.lang).0).collect(), plan))
}

fn open_listed(keys: &Keys, row: &patients::Listed, lang: Lang) -> (ListedView, Option<Key>) {
    let (patient, key) = PatientView::in_list(keys, &row.patient, &row.wrapped, lang);
    let unread = usize::try_from(row.unread).unwrap_or(0);
    (ListedView { patient, head: row.head, opened: row.opened, unread }, key)
}

/// The names of the reader's patients.
pub(super) fn names(reading: &mut Reading<'_>, member: &Member) -> Result<BTreeMap<PatientId, String>> {
    Ok(listed(reading, member)?
        .into_iter()
        .map(|listed| (listed.patient.id, listed.patient.card.name))
        .collect())
}

/// The team of a look, main doctor first, ended seats last.
pub fn team(look: &mut Look<'_>) -> Result<Vec<SeatView>> {
    let directory = look.directory()?;
    Ok(by_rank(seats(look.conn, &directory, &look.grant, look.now)?))
}

/// Main doctor first, then the deputy, ended seats last.
pub(super) fn by_rank(mut seats: Vec<SeatView>) -> Vec<SeatView> {
    let rank = |role| match role {
        SeatRole::Main => 0,
        SeatRole::Deputy => 1,
        SeatRole::Member => 2,
    };
    seats.sort_by_key(|seat| (!seat.in_force, rank(seat.role), seat.person.profession, seat.from));
    seats
}

/// The consent in force, as it was taken.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct ConsentView {
    /// How it was taken.
    pub consent: Consent,
    /// When it was noted.
    pub at: Time,
}

/// The latest consent on record.
pub fn consent(look: &mut Look<'_>) -> Result<Option<ConsentView>> {
    let log_id = look.grant.patient().log();
    let Some(row) = log::newest_of(look.conn, log_id, "consent.given")? else { return Ok(None) };
    match look.open(&row)? {
        Payload::ConsentGiven(given) => Ok(Some(ConsentView { consent: given.consent, at: row.at })),
        _ => Ok(None),
    }
}

/// Every seat with its person.
pub(crate) fn seats(
    conn: &mut Conn,
    directory: &Directory,
    grant: &Grant,
    now: Time,
) -> Result<Vec<SeatView>> {
    Ok(seated(&patients::team(conn, grant)?, directory, now))
}

/// The same for rows that were read before.
pub(super) fn seated(rows: &[patients::Seat], directory: &Directory, now: Time) -> Vec<SeatView> {
    rows.iter()
        .filter_map(|seat| {
            let person = directory.get(seat.person)?.clone();
            let in_force =
                person.active && seat.ended_at.is_none() && seat.until_at.is_none_or(|until| until > now);
            Some(SeatView {
                person,
                role: SeatRole::read(&seat.role)?,
                from: seat.from_at,
                until: seat.until_at,
                ended: seat.ended_at,
                in_force,
            })
        })
        .collect()
}

texts! {
    card_unreadable(number: i64) { ja: "記録番号{number}（開けません）", en: "Record {number} (cannot be opened)" }
}
