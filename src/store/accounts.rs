//! The second door: what is not history and never rebuilt. Passwords, sessions, tokens, failed tries
//! and read marks live here; so do drafts (`letters`).

use diesel::prelude::*;
use diesel::upsert::excluded;

use crate::kernel::error::Result;
use crate::kernel::id::LogId;
use crate::kernel::id::PersonId;
use crate::kernel::id::SessionId;
use crate::kernel::id::TokenId;
use crate::kernel::time::Time;
use crate::on;
use crate::store::Conn;
use crate::store::schema::{attempt, credential, head, session, token};

/// A person's password and settings.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = credential, treat_none_as_default_value = false)]
pub struct Credential {
    /// Whose.
    pub person: PersonId,
    /// The password's hash in PHC form (`$argon2id$…`).
    pub phc: String,
    /// The language's code.
    pub lang: String,
    /// Whether large type is wanted.
    pub large: bool,
    /// When the password was set.
    pub changed_at: Time,
}

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = session, treat_none_as_default_value = false)]
pub struct Session {
    /// Its id, shown in the list of sessions.
    pub id: SessionId,
    /// The look-up value of the cookie's secret.
    pub mac: Vec<u8>,
    /// Whose.
    pub person: PersonId,
    /// Since when.
    pub made_at: Time,
    /// Last used (to the minute).
    pub seen_at: Time,
    /// How long it may rest unused: shorter on a shared computer.
    pub idle_seconds: i64,
    /// Until when at the latest.
    pub ends_at: Time,
}

/// A bearer token of the JSON face.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = token, treat_none_as_default_value = false)]
pub struct Token {
    /// Its id, shown in the list of tokens.
    pub id: TokenId,
    /// The look-up value of the secret.
    pub mac: Vec<u8>,
    /// Whose.
    pub person: PersonId,
    /// What it may be used for: words separated by spaces.
    pub scopes: String,
    /// Since when.
    pub made_at: Time,
    /// Until when.
    pub ends_at: Time,
    /// Its sealed name.
    pub sealed: Vec<u8>,
}

/// Sets a password, or sets it anew; settings stay.
pub fn set_password(conn: &mut Conn, new: &Credential) -> Result<()> {
    on!(conn, |c| diesel::insert_into(credential::table)
        .values(new)
        .on_conflict(credential::person)
        .do_update()
        .set((
            credential::phc.eq(excluded(credential::phc)),
            credential::changed_at.eq(excluded(credential::changed_at)),
        ))
        .execute(c))?;
    Ok(())
}

/// Keeps a person's language and type size.
pub fn set_settings(conn: &mut Conn, who: PersonId, lang: &str, large: bool) -> Result<()> {
    on!(conn, |c| diesel::update(credential::table.find(who))
        .set((credential::lang.eq(lang), credential::large.eq(large)))
        .execute(c))?;
    Ok(())
}

/// A person's password and settings, if one was ever set.
pub fn credential(conn: &mut Conn, who: PersonId) -> Result<Option<Credential>> {
    Ok(on!(conn, |c| credential::table.find(who).select(Credential::as_select()).first(c).optional())?)
}

/// Begins a session.
pub fn add_session(conn: &mut Conn, new: &Session) -> Result<()> {
    on!(conn, |c| diesel::insert_into(session::table).values(new).execute(c))?;
    Ok(())
}

/// A person's language and type size, once they have a password.
pub type Settings = Option<(String, bool)>;

/// The session behind a cookie, unless it has ended; with the person's settings, and the register's newest
/// entry at this moment.
pub fn session(
    conn: &mut Conn,
    mac: &[u8],
    register: LogId,
    now: Time,
) -> Result<Option<(Session, Settings, i64)>> {
    Ok(on!(conn, |c| session::table
        .inner_join(head::table.on(head::log.eq(register)))
        .left_join(credential::table.on(credential::person.eq(session::person)))
        .filter(session::mac.eq(mac).and(session::ends_at.gt(now)))
        .select((Session::as_select(), (credential::lang, credential::large).nullable(), head::seq))
        .first(c)
        .optional())?)
}

/// A person's sessions, newest first.
pub fn sessions(conn: &mut Conn, who: PersonId, now: Time) -> Result<Vec<Session>> {
    Ok(on!(conn, |c| session::table
        .filter(session::person.eq(who).and(session::ends_at.gt(now)))
        .order(session::made_at.desc())
        .select(Session::as_select())
        .load(c))?)
}

/// Notes that a session was used.
pub fn touch_session(conn: &mut Conn, id: SessionId, now: Time) -> Result<()> {
    on!(conn, |c| diesel::update(session::table.find(id)).set(session::seen_at.eq(now)).execute(c))?;
    Ok(())
}

/// Ends one session of a person.
pub fn end_session(conn: &mut Conn, who: PersonId, id: SessionId) -> Result<()> {
    on!(conn, |c| diesel::delete(session::table.filter(session::id.eq(id).and(session::person.eq(who))))
        .execute(c))?;
    Ok(())
}

/// Ends every session and token of a person: at a new password, a suspension, a leave.
pub fn end_all(conn: &mut Conn, who: PersonId) -> Result<()> {
    on!(conn, |c| {
        diesel::delete(session::table.filter(session::person.eq(who))).execute(c)?;
        diesel::delete(token::table.filter(token::person.eq(who))).execute(c)
    })?;
    Ok(())
}

/// Adds a token.
pub fn add_token(conn: &mut Conn, new: &Token) -> Result<()> {
    on!(conn, |c| diesel::insert_into(token::table).values(new).execute(c))?;
    Ok(())
}

/// The token behind a secret, unless it has ended; with the same beside it.
pub fn token(
    conn: &mut Conn,
    mac: &[u8],
    register: LogId,
    now: Time,
) -> Result<Option<(Token, Settings, i64)>> {
    Ok(on!(conn, |c| token::table
        .inner_join(head::table.on(head::log.eq(register)))
        .left_join(credential::table.on(credential::person.eq(token::person)))
        .filter(token::mac.eq(mac).and(token::ends_at.gt(now)))
        .select((Token::as_select(), (credential::lang, credential::large).nullable(), head::seq))
        .first(c)
        .optional())?)
}

/// A person's tokens.
pub fn tokens(conn: &mut Conn, who: PersonId, now: Time) -> Result<Vec<Token>> {
    Ok(on!(conn, |c| token::table
        .filter(token::person.eq(who).and(token::ends_at.gt(now)))
        .order(token::made_at.desc())
        .select(Token::as_select())
        .load(c))?)
}

/// Ends one token of a person.
pub fn end_token(conn: &mut Conn, who: PersonId, id: TokenId) -> Result<()> {
    on!(conn, |c| diesel::delete(token::table.filter(token::id.eq(id).and(token::person.eq(who))))
        .execute(c))?;
    Ok(())
}

/// Failed tries against one target, and until when it waits.
pub fn attempts(conn: &mut Conn, target: &[u8]) -> Result<(i64, Time)> {
    let row: Option<(i64, Time)> = on!(conn, |c| attempt::table
        .find(target)
        .select((attempt::failures, attempt::wait_until))
        .first(c)
        .optional())?;
    Ok(row.unwrap_or_default())
}

/// Counts one more failure.
pub fn count_failure(conn: &mut Conn, target: &[u8], failures: i64, wait_until: Time) -> Result<()> {
    on!(conn, |c| diesel::insert_into(attempt::table)
        .values((
            attempt::target.eq(target),
            attempt::failures.eq(failures),
            attempt::wait_until.eq(wait_until)
        ))
        .on_conflict(attempt::target)
        .do_update()
        .set((attempt::failures.eq(failures), attempt::wait_until.eq(wait_until)))
        .execute(c))?;
    Ok(())
}

/// Forgets failures after a success.
pub fn forget_failures(conn: &mut Conn, target: &[u8]) -> Result<()> {
    on!(conn, |c| diesel::delete(attempt::table.find(target)).execute(c))?;
    Ok(())
}
