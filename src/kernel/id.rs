//! One id type per noun: a UUID of 16 bytes, made by the client before its first try
//! (version 7) or derived by the engine. An id identifies; it never orders and is no secret.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::expression::AsExpression;
use diesel::serialize::{self, Output, ToSql};
use diesel::sql_types::Binary;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, AsExpression, FromSqlRow,
                 serde::Serialize, serde::Deserialize)]
        #[diesel(sql_type = Binary)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A fresh id (UUID version 7).
            #[expect(clippy::new_without_default, reason = "an id that appears by default would be a surprise")]
            pub fn new() -> Self {
                Self(Uuid::now_v7())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, uuid::Error> {
                Uuid::try_parse(text).map(Self)
            }
        }

        impl<DB: Backend> ToSql<Binary, DB> for $name
        where
            [u8]: ToSql<Binary, DB>,
        {
            fn to_sql<'b>(&'b self, out: &mut Output<'b, '_, DB>) -> serialize::Result {
                <[u8] as ToSql<Binary, DB>>::to_sql(self.0.as_bytes(), out)
            }
        }

        impl<DB: Backend> FromSql<Binary, DB> for $name
        where
            Vec<u8>: FromSql<Binary, DB>,
        {
            fn from_sql(bytes: DB::RawValue<'_>) -> deserialize::Result<Self> {
                Ok(Self(Uuid::from_slice(&Vec::<u8>::from_sql(bytes)?)?))
            }
        }
    )*};
}

ids! {
    /// A log: one patient's record, the region's register, or one node's access log.
    LogId
    /// An entry of a log.
    EntryId
    /// A patient. The patient's record is the log of the same id.
    PatientId
    /// A person with an account.
    PersonId
    /// An office: clinic, hospital, station, town office.
    OfficeId
    /// A run of a pathway on a patient.
    RunId
    /// One occurrence of a task.
    TaskId
    /// A filled form (sheet, referral, slip) with its state.
    LetterId
    /// An ask addressed to a person or a role.
    AskId
    /// A phase change that waits for people's decision.
    ProposalId
    /// A departure from a pathway.
    VarianceId
    /// A sign-in session.
    SessionId
    /// A bearer token of the JSON face.
    TokenId
    /// An invitation to join.
    InvitationId
    /// A draft of a pathway.
    DraftId
    /// What was proposed for publishing.
    ChangeId
}

impl EntryId {
    /// The id of the one entry that a secret may make: it follows from the secret's look-up value.
    pub fn from_look_up(value: &[u8]) -> Self {
        Self(Uuid::nil()).derived(&data_encoding::HEXLOWER.encode(value))
    }

    /// The id of a further entry of the same act, so that sending the act again finds all its entries.
    pub fn derived(self, part: &str) -> Self {
        let digest = crate::kernel::seal::sha256(&[b"renkei/entry-id/1", self.0.as_bytes(), part.as_bytes()]);
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest).for_each(|(to, from)| *to = from);
        Self(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}

impl PatientId {
    /// The log that holds this patient's record.
    pub fn log(self) -> LogId {
        LogId(self.0)
    }
}
