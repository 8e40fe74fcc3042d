//! One's own account: where one is signed in, and the tokens one gave to programs.

use crate::acts::Reading;
use crate::acts::register::open_card;
use crate::kernel::error::Result;
use crate::kernel::id::PersonId;
use crate::kernel::id::SessionId;
use crate::kernel::id::TokenId;
use crate::kernel::time::Time;
use crate::store::accounts;

/// A signed-in browser.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct SessionView {
    /// Its id.
    pub id: SessionId,
    /// Since when.
    pub since: Time,
    /// Last used (to the minute).
    pub seen: Time,
}

/// A token; its secret was shown once and is not kept.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct TokenView {
    /// Its id.
    pub id: TokenId,
    /// What its owner called it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// Until when.
    pub until: Time,
}

/// Where someone is signed in, newest first.
pub fn sessions(reading: &mut Reading<'_>, who: PersonId) -> Result<Vec<SessionView>> {
    let now = reading.now;
    let rows = accounts::sessions(reading.conn, who, now)?.into_iter();
    let awake = rows.filter(|session| session.seen_at.plus_seconds(session.idle_seconds) > now);
    Ok(awake
        .map(|session| SessionView { id: session.id, since: session.made_at, seen: session.seen_at })
        .collect())
}

/// Someone's tokens, newest first.
pub fn tokens(reading: &mut Reading<'_>, who: PersonId) -> Result<Vec<TokenView>> {
    let directory = reading.directory()?;
    accounts::tokens(reading.conn, who, reading.now)?
        .into_iter()
        .map(|token| {
            Ok(TokenView {
                id: token.id,
                name: open_card(directory.key(), "token", &token.id.0, &token.sealed)?,
                scopes: token.scopes.split_whitespace().map(str::to_owned).collect(),
                until: token.ends_at,
            })
        })
        .collect()
}
