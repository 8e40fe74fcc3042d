//! What an entry of the log is: its header, the chain that binds it to the one before, and the kinds
//! of payload it may carry. Pure: nothing here reads a database, a clock or a key.

use crate::kernel::id::EntryId;
use crate::kernel::id::LogId;
use crate::kernel::id::PersonId;
use crate::kernel::seal::Digest;
use crate::kernel::seal::sha256;
use crate::kernel::time::Time;

pub mod cards;
pub mod payload;

/// The hash that stands before the first entry of every log.
pub const GENESIS: Digest = [0; 32];

/// Who wrote an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case", tag = "source", content = "person")]
pub enum Author {
    /// A person, signed in.
    Person(PersonId),
    /// The house's own clock: timers falling due.
    Clock,
    /// Whoever operates the machine, from the command line.
    Operator,
    /// Someone who holds a one-time link: an invited person joining.
    Link,
}

impl Author {
    /// The stable word kept in the database.
    pub fn source(self) -> &'static str {
        match self {
            Self::Person(_) => "person",
            Self::Clock => "clock",
            Self::Operator => "operator",
            Self::Link => "link",
        }
    }

    /// The person, when it was one.
    pub fn person(self) -> Option<PersonId> {
        match self {
            Self::Person(person) => Some(person),
            _ => None,
        }
    }

    /// Reads what [`Author::source`] and [`Author::person`] wrote.
    pub fn read(source: &str, person: Option<PersonId>) -> Option<Self> {
        match (source, person) {
            ("person", Some(person)) => Some(Self::Person(person)),
            ("clock", None) => Some(Self::Clock),
            ("operator", None) => Some(Self::Operator),
            ("link", None) => Some(Self::Link),
            _ => None,
        }
    }
}

/// Who among the team may read an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Everyone with a seat, the family's too.
    Team,
    /// Professionals only.
    #[default]
    Staff,
}

impl Audience {
    /// The stable word kept in the database.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Team => "team",
            Self::Staff => "staff",
        }
    }

    /// Reads [`Audience::code`].
    pub fn read(code: &str) -> Option<Self> {
        match code {
            "team" => Some(Self::Team),
            "staff" => Some(Self::Staff),
            _ => None,
        }
    }
}

/// What stands outside the seal: enough to keep order, authorship and rights without reading care text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Which log.
    pub log: LogId,
    /// Position, counted from 1 without a gap.
    pub seq: i64,
    /// Made by the client before its first try.
    pub id: EntryId,
    /// What kind of payload.
    pub kind: String,
    /// The version of that kind.
    pub version: i32,
    /// Who wrote it.
    pub author: Author,
    /// For whom it was written, when someone entered it by proxy.
    pub behalf: Option<PersonId>,
    /// When it was accepted, by the house's clock.
    pub at: Time,
    /// What the writer's own clock said; shown, never used for order.
    pub client_at: Option<Time>,
    /// Who may read it.
    pub audience: Audience,
}

impl Header {
    /// The header's one canonical form: fixed order, fixed widths, lengths before texts.
    fn bytes(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(160);
        out.extend_from_slice(b"renkei/entry/1");
        out.extend_from_slice(self.log.0.as_bytes());
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(self.id.0.as_bytes());
        text(&mut out, &self.kind);
        out.extend_from_slice(&self.version.to_be_bytes());
        text(&mut out, self.author.source());
        person(&mut out, self.author.person());
        person(&mut out, self.behalf);
        out.extend_from_slice(&self.at.0.to_be_bytes());
        out.push(u8::from(self.client_at.is_some()));
        out.extend_from_slice(&self.client_at.unwrap_or_default().0.to_be_bytes());
        text(&mut out, self.audience.code());
        out
    }

    /// What the seal is bound to: the place and kind of the payload, known before the lock is taken.
    pub fn about(&self) -> Vec<u8> {
        about(self.log, self.id, &self.kind, self.version)
    }
}

/// Associated data of a sealed payload: log, id, kind, version. The sequence is bound by the chain.
pub fn about(log: LogId, id: EntryId, kind: &str, version: i32) -> Vec<u8> {
    let mut out = Vec::with_capacity(64);
    out.extend_from_slice(log.0.as_bytes());
    out.extend_from_slice(id.0.as_bytes());
    text(&mut out, kind);
    out.extend_from_slice(&version.to_be_bytes());
    out
}

fn text(out: &mut Vec<u8>, text: &str) {
    out.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(text.as_bytes());
}

fn person(out: &mut Vec<u8>, person: Option<PersonId>) {
    out.push(u8::from(person.is_some()));
    out.extend_from_slice(person.map_or(uuid::Uuid::nil(), |person| person.0).as_bytes());
}

/// The entry's hash: SHA-256(previous hash ‖ header ‖ digest of the sealed payload). It covers the
/// digest and not the payload, so that a payload can lawfully be removed and the chain still stands.
pub fn chain(previous: &Digest, header: &Header, digest: &Digest) -> Digest {
    sha256(&[previous, &header.bytes(), digest])
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn header() -> Header {
        Header {
            log: LogId(Uuid::from_u128(1)),
            seq: 1,
            id: EntryId(Uuid::from_u128(2)),
            kind: "post".into(),
            version: 1,
            author: Author::Person(PersonId(Uuid::from_u128(3))),
            behalf: None,
            at: Time(1_000),
            client_at: None,
            audience: Audience::Staff,
        }
    }

    #[test]
    fn every_field_of_the_header_is_bound_by_the_chain() {
        let first = chain(&GENESIS, &header(), &[7; 32]);
        let changes: Vec<fn(&mut Header)> = vec![
            |h| h.log = LogId(Uuid::from_u128(9)),
            |h| h.seq = 2,
            |h| h.id = EntryId(Uuid::from_u128(9)),
            |h| h.kind = "posT".into(),
            |h| h.version = 2,
            |h| h.author = Author::Clock,
            |h| h.author = Author::Person(PersonId(Uuid::from_u128(9))),
            |h| h.behalf = Some(PersonId(Uuid::nil())),
            |h| h.at = Time(1_001),
            |h| h.client_at = Some(Time(0)),
            |h| h.audience = Audience::Team,
        ];
        for change in changes {
            let mut other = header();
            change(&mut other);
            assert_ne!(chain(&GENESIS, &other, &[7; 32]), first, "{other:?}");
        }
        assert_ne!(chain(&[1; 32], &header(), &[7; 32]), first);
        assert_ne!(chain(&GENESIS, &header(), &[8; 32]), first);
    }
}
