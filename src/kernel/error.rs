//! Everything that can go wrong, sorted by who can mend it. The web room alone turns
//! these into statuses and pages.

use crate::kernel::lang::Words;

/// The result of everything that may be refused.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong, sorted by who can mend it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The sender can: these fields are wrong. Shown beside the fields, with the draft kept.
    #[error("{} field(s) are wrong", .0.len())]
    Invalid(Vec<Flaw>),
    /// The sender must sign in first.
    #[error("signed out")]
    SignedOut,
    /// The sender may see it but may not do this to it; the words say why.
    #[error("forbidden: {}", .0.en)]
    Forbidden(Words),
    /// There is no such thing, or the sender may not know of it. We never say which.
    #[error("missing")]
    Missing,
    /// Someone else changed it first; the sender should look again.
    #[error("stale")]
    Stale,
    /// The same id was already used for other content.
    #[error("the same id was used for other content")]
    Conflict,
    /// Nothing was written; the same request may succeed in a moment.
    #[error("busy")]
    Busy,
    /// Nothing was written, because the disk takes nothing more; reading goes on.
    #[error("the disk takes nothing more")]
    Full,
    /// Nobody knows whether it was written; sending the same request again is safe and tells.
    #[error("the outcome is unknown; send again")]
    Unknown,
    /// Only we can. The cause goes to the log, a reference number to the sender.
    #[error("fault: {0}")]
    Fault(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// One wrong field with its sentence.
    pub fn invalid(field: impl Into<String>, says: Words) -> Self {
        Self::Invalid(vec![Flaw { field: field.into(), says }])
    }

    /// A fault of ours, described for the log (never with care text or names).
    pub fn fault(what: impl Into<String>) -> Self {
        Self::Fault(what.into().into())
    }
}

/// One wrong field, and the sentence that says why.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Flaw {
    /// The field's name in the form, or its path in a declared form.
    pub field: String,
    /// What is wrong and what to do, in both languages.
    pub says: Words,
}
