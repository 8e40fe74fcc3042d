//! Offices, people and invitations as their administrators and colleagues see them. Nothing about any
//! patient.

use crate::acts::Reading;
use crate::acts::register::open_card;
use crate::acts::views::PersonView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::InvitationId;
use crate::kernel::id::OfficeId;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::record::cards::InvitationCard;
use crate::record::cards::OfficeCard;
use crate::record::payload::OfficeKind;
use crate::record::payload::Payload;
use crate::record::payload::Rank;
use crate::store::log;
use crate::store::register;

/// An office.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct OfficeView {
    /// The office.
    pub id: OfficeId,
    /// Its kind.
    pub kind: OfficeKind,
    /// Whether it takes part.
    pub active: bool,
    /// Its card.
    pub card: OfficeCard,
}

/// Someone of the staff, as an administrator sees them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct StaffView {
    /// The person.
    pub person: PersonView,
    /// The rank.
    pub rank: Rank,
    /// `active`, `suspended` or `left`.
    pub state: String,
}

/// An invitation that waits, or that someone holds in hand.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct InvitationView {
    /// The invitation.
    pub id: InvitationId,
    /// To which office.
    pub office: OfficeId,
    /// The office's name.
    pub office_name: String,
    /// As what.
    pub profession: Profession,
    /// With which rank.
    pub rank: Rank,
    /// Whom it is for.
    pub card: InvitationCard,
    /// Until when it works.
    pub expires_at: Time,
}

/// The region's name, as it stands at the beginning of the register.
pub fn region_name(reading: &mut Reading<'_>) -> Result<String> {
    let register_log = reading.house.register();
    let directory = reading.directory()?;
    let first = log::by_seq(reading.conn, register_log, 1)?;
    match crate::acts::open(directory.key(), &first)? {
        Payload::RegionStarted(started) => Ok(started.name),
        _ => Err(Error::fault("the register does not begin with the region")),
    }
}

/// All offices, by kind and name.
pub fn offices(reading: &mut Reading<'_>) -> Result<Vec<OfficeView>> {
    let directory = reading.directory()?;
    let rows = register::offices(reading.conn)?;
    let mut offices = Vec::with_capacity(rows.len());
    for row in rows {
        offices.push(OfficeView {
            id: row.id,
            kind: OfficeKind::read(&row.kind).ok_or_else(strange)?,
            active: row.active,
            card: directory.office(row.id)?.clone(),
        });
    }
    let place = |kind: OfficeKind| OfficeKind::ALL.iter().position(|(known, _)| *known == kind);
    offices.sort_by(|a, b| (place(a.kind), &a.card.name).cmp(&(place(b.kind), &b.card.name)));
    Ok(offices)
}

/// Everyone of the region, or of one office, by profession and reading.
pub fn people(reading: &mut Reading<'_>, of: Option<OfficeId>) -> Result<Vec<PersonView>> {
    let directory = reading.directory()?;
    Ok(directory.everyone(of).into_iter().map(|one| PersonView::clone(&one.view)).collect())
}

/// The same people with rank and account.
pub fn staff(reading: &mut Reading<'_>, of: Option<OfficeId>) -> Result<Vec<StaffView>> {
    let directory = reading.directory()?;
    let staff = directory.everyone(of).into_iter().map(|one| StaffView {
        rank: one.rank,
        state: one.state.clone(),
        person: PersonView::clone(&one.view),
    });
    Ok(staff.collect())
}

/// Invitations that wait, of the region or of one office.
pub fn invitations(reading: &mut Reading<'_>, of: Option<OfficeId>) -> Result<Vec<InvitationView>> {
    let now = reading.now;
    let mut rows = register::open_invitations(reading.conn, now)?;
    rows.retain(|row| of.is_none_or(|of| row.office == of));
    rows.into_iter().map(|row| invitation(reading, row)).collect()
}

/// The invitation behind a link's code, while it works; `Missing` in every other case.
pub fn invited(reading: &mut Reading<'_>, code: &str) -> Result<InvitationView> {
    let mac = reading.house.keys().look_up("invitation", code);
    let row = register::invitation_by_code(reading.conn, &mac)?.ok_or(Error::Missing)?;
    if row.state != "open" || row.expires_at <= reading.now {
        return Err(Error::Missing);
    }
    invitation(reading, row)
}

fn invitation(reading: &mut Reading<'_>, row: register::Invitation) -> Result<InvitationView> {
    let directory = reading.directory()?;
    Ok(InvitationView {
        id: row.id,
        office: row.office,
        office_name: directory.office(row.office)?.name.clone(),
        profession: row.profession.parse().map_err(|()| strange())?,
        rank: Rank::read(&row.rank).ok_or_else(strange)?,
        card: open_card(directory.key(), "invitation", &row.id.0, &row.sealed)?,
        expires_at: row.expires_at,
    })
}

fn strange() -> Error {
    Error::fault("a row of the register holds an unknown word")
}
