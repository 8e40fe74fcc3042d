//! The register's projections: the region, offices, people, invitations. Words are sealed under the
//! register's key; what is filtered by has its own column.

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::kernel::error::Result;
use crate::kernel::id::InvitationId;
use crate::kernel::id::LogId;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{invitation, office, person, region};

/// The region this database belongs to. Its register is the log of the same id.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = region, treat_none_as_default_value = false)]
pub struct Region {
    /// The register's log.
    pub id: LogId,
    /// Changes at restore: how a client learns that the server may have gone backwards.
    pub epoch: Vec<u8>,
    /// Opens only with the region's own key.
    pub key_check: Vec<u8>,
    /// Whether part of the recovery sheet was typed back.
    pub recovery_confirmed: bool,
}

/// An office.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = office, treat_none_as_default_value = false)]
pub struct Office {
    /// Its id.
    pub id: OfficeId,
    /// Its kind's code.
    pub kind: String,
    /// Whether it takes part.
    pub active: bool,
    /// The entry it stands in.
    pub seq: i64,
    /// Its sealed card.
    pub sealed: Vec<u8>,
}

/// A person with an account.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = person, treat_none_as_default_value = false)]
pub struct Person {
    /// The person's id.
    pub id: PersonId,
    /// The person's office.
    pub office: OfficeId,
    /// The profession's code.
    pub profession: String,
    /// The rank's code.
    pub rank: String,
    /// The account's state.
    pub state: String,
    /// The look-up value of the sign-in name.
    pub sign_in: Vec<u8>,
    /// The entry the card stands in.
    pub seq: i64,
    /// The sealed card.
    pub sealed: Vec<u8>,
}

/// An invitation to join.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = invitation, treat_none_as_default_value = false)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// The look-up value of its code.
    pub code: Vec<u8>,
    /// To which office.
    pub office: OfficeId,
    /// As what.
    pub profession: String,
    /// With which rank.
    pub rank: String,
    /// `open`, `used` or `ended`.
    pub state: String,
    /// Until when it works.
    pub expires_at: Time,
    /// The entry it stands in.
    pub seq: i64,
    /// The sealed card.
    pub sealed: Vec<u8>,
}

/// The region, once it began.
pub fn region(conn: &mut Conn) -> Result<Option<Region>> {
    Ok(on!(conn, |c| region::table.select(Region::as_select()).first(c).optional())?)
}

/// Begins the region.
pub fn add_region(conn: &mut Conn, new: &Region) -> Result<()> {
    on!(conn, |c| diesel::insert_into(region::table).values(new).execute(c))?;
    Ok(())
}

/// Notes that the recovery sheet was tried.
pub fn confirm_recovery(conn: &mut Conn) -> Result<()> {
    on!(conn, |c| diesel::update(region::table).set(region::recovery_confirmed.eq(true)).execute(c))?;
    Ok(())
}

/// Adds or changes an office.
pub fn set_office(conn: &mut Conn, row: &Office) -> Result<()> {
    on!(conn, |c| diesel::insert_into(office::table)
        .values(row)
        .on_conflict(office::id)
        .do_update()
        .set(row)
        .execute(c))?;
    Ok(())
}

/// One office.
pub fn office(conn: &mut Conn, id: OfficeId) -> Result<Office> {
    Ok(on!(conn, |c| office::table.find(id).select(Office::as_select()).first(c))?)
}

/// All offices.
pub fn offices(conn: &mut Conn) -> Result<Vec<Office>> {
    Ok(on!(conn, |c| office::table.order(office::id.asc()).select(Office::as_select()).load(c))?)
}

/// Adds or changes a person; the account's state stays as it is.
pub fn set_person(conn: &mut Conn, row: &Person) -> Result<()> {
    on!(conn, |c| diesel::insert_into(person::table)
        .values(row)
        .on_conflict(person::id)
        .do_update()
        .set((
            person::office.eq(excluded(person::office)),
            person::profession.eq(excluded(person::profession)),
            person::rank.eq(excluded(person::rank)),
            person::sign_in.eq(excluded(person::sign_in)),
            person::seq.eq(excluded(person::seq)),
            person::sealed.eq(excluded(person::sealed)),
        ))
        .execute(c))?;
    Ok(())
}

/// Changes an account's state.
pub fn set_person_state(conn: &mut Conn, id: PersonId, state: &str) -> Result<()> {
    on!(conn, |c| diesel::update(person::table.find(id)).set(person::state.eq(state)).execute(c))?;
    Ok(())
}

/// One person.
pub fn person(conn: &mut Conn, id: PersonId) -> Result<Person> {
    Ok(on!(conn, |c| person::table.find(id).select(Person::as_select()).first(c))?)
}

/// The person behind a sign-in name's look-up value.
pub fn person_by_sign_in(conn: &mut Conn, sign_in: &[u8]) -> Result<Option<Person>> {
    Ok(on!(conn, |c| person::table
        .filter(person::sign_in.eq(sign_in))
        .select(Person::as_select())
        .first(c)
        .optional())?)
}

/// Several people.
pub fn people_by_ids(conn: &mut Conn, ids: &[PersonId]) -> Result<Vec<(Person, Office)>> {
    Ok(on!(conn, |c| person::table
        .inner_join(office::table.on(office::id.eq(person::office)))
        .filter(person::id.eq_any(ids))
        .select((Person::as_select(), Office::as_select()))
        .load(c))?)
}

/// Everyone of the region.
pub fn people(conn: &mut Conn) -> Result<Vec<Person>> {
    Ok(on!(conn, |c| person::table.order(person::id.asc()).select(Person::as_select()).load(c))?)
}

/// Adds an invitation.
pub fn add_invitation(conn: &mut Conn, new: &Invitation) -> Result<()> {
    on!(conn, |c| diesel::insert_into(invitation::table).values(new).execute(c))?;
    Ok(())
}

/// The invitation behind a code's look-up value, in whatever state.
pub fn invitation_by_code(conn: &mut Conn, code: &[u8]) -> Result<Option<Invitation>> {
    Ok(on!(conn, |c| invitation::table
        .filter(invitation::code.eq(code))
        .select(Invitation::as_select())
        .first(c)
        .optional())?)
}

/// One invitation.
pub fn invitation(conn: &mut Conn, id: InvitationId) -> Result<Invitation> {
    Ok(on!(conn, |c| invitation::table.find(id).select(Invitation::as_select()).first(c))?)
}

/// All invitations that still wait.
pub fn open_invitations(conn: &mut Conn, now: Time) -> Result<Vec<Invitation>> {
    Ok(on!(conn, |c| invitation::table
        .filter(invitation::state.eq("open").and(invitation::expires_at.gt(now)))
        .order(invitation::seq.desc())
        .select(Invitation::as_select())
        .load(c))?)
}

/// Marks an invitation as used or ended.
pub fn set_invitation_state(conn: &mut Conn, id: InvitationId, state: &str) -> Result<()> {
    on!(conn, |c| diesel::update(invitation::table.find(id)).set(invitation::state.eq(state)).execute(c))?;
    Ok(())
}
