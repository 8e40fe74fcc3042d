//! What a check of a file (a pathway, a form, a case) finds: where, what, why, and how to mend it.

use crate::kernel::lang::Words;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// The file cannot be published.
    Error,
    /// The file can be published, but an author should look.
    Warning,
    /// The check reached its bound and says so instead of guessing.
    NotProven,
}

/// One thing that a check found in a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Finding {
    /// The file as it was named to us.
    pub file: String,
    /// RFC 6901 JSON pointer to the place; empty for the whole file.
    pub pointer: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// A stable, kebab-case name of the check that found it.
    pub check: &'static str,
    /// How much it matters.
    pub gravity: Gravity,
    /// What is wrong, why it matters, and how to mend it, in both languages.
    pub says: Words,
}
