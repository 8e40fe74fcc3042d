//! What a check of a file (a pathway, a form, a story) finds: where, what, why it matters, and how to
//! mend it. A check is one row of its room's catalogue: the why and the mend stand there once, the
//! finding says what is wrong in this very place.

use serde::Serialize;
use serde::Serializer;

use crate::kernel::lang::Words;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Gravity {
    /// The file cannot be published.
    Error,
    /// The file can be published, but an author should look.
    Warning,
    /// The check reached its bound and says so instead of guessing.
    NotProven,
}

/// One thing that files are checked for. Rows are made with [`checks!`](crate::checks).
#[derive(Debug)]
pub struct Check {
    /// Its stable, kebab-case name.
    pub code: &'static str,
    /// How much it matters.
    pub gravity: Gravity,
    /// Why it matters.
    pub why: Words,
    /// How to mend it.
    pub mend: Words,
}

impl PartialEq for Check {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for Check {}

impl PartialEq<str> for Check {
    fn eq(&self, code: &str) -> bool {
        self.code == code
    }
}

/// One thing that a check found in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The file as it was named to us.
    pub file: String,
    /// RFC 6901 JSON pointer to the place; empty for the whole file.
    pub pointer: String,
    /// Line, counted from 1.
    pub line: usize,
    /// Column in characters, counted from 1.
    pub column: usize,
    /// The check that found it: gravity, why it matters, how to mend it.
    pub check: &'static Check,
    /// What is wrong here, in both languages.
    pub says: Words,
}

impl Finding {
    /// A finding about a file as a whole.
    pub fn whole(file: &str, check: &'static Check, says: Words) -> Self {
        Self { file: file.to_owned(), pointer: String::new(), line: 1, column: 1, check, says }
    }

    /// Whether it keeps the file from being published.
    pub fn is_error(&self) -> bool {
        self.check.gravity == Gravity::Error
    }
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Told<'a> {
            file: &'a str,
            pointer: &'a str,
            line: usize,
            column: usize,
            check: &'a str,
            gravity: Gravity,
            what: &'a Words,
            why: &'a Words,
            mend: &'a Words,
        }
        let Self { file, pointer, line, column, check, says } = self;
        Told {
            file,
            pointer,
            line: *line,
            column: *column,
            check: check.code,
            gravity: check.gravity,
            what: says,
            why: &check.why,
            mend: &check.mend,
        }
        .serialize(to)
    }
}

/// Makes a room's catalogue of checks: a static for each row, and `ALL` of them.
///
/// ```text
/// checks! {
///     ID_TWICE "id-twice" Error {
///         why: { ja: "…", en: "…" },
///         mend: { ja: "…", en: "…" }
///     }
/// }
/// ```
#[macro_export]
macro_rules! checks {
    ($($name:ident $code:literal $gravity:ident {
        why: { ja: $why_ja:literal, en: $why_en:literal $(,)? },
        mend: { ja: $mend_ja:literal, en: $mend_en:literal $(,)? } $(,)?
    })*) => {
        $(
            #[doc = concat!("The check `", $code, "`.")]
            pub static $name: $crate::kernel::finding::Check = $crate::kernel::finding::Check {
                code: $code,
                gravity: $crate::kernel::finding::Gravity::$gravity,
                why: $crate::kernel::lang::Words::fixed($why_ja, $why_en),
                mend: $crate::kernel::lang::Words::fixed($mend_ja, $mend_en),
            };
        )*

        /// Every check of this catalogue.
        pub static ALL: &[&$crate::kernel::finding::Check] = &[$(&$name),*];
    };
}

/// The checks of any file: that it can be opened, and read as what it should be.
pub mod checks {
    crate::checks! {
        OPEN "open" Error {
            why: {
                ja: "読めないファイルは、調べることも公開することもできません。",
                en: "What cannot be read can be neither checked nor published."
            },
            mend: { ja: "場所と名前と、読む権利を確かめてください。", en: "Check its place, its name, and whether you may read it." }
        }
        JSON "json" Error {
            why: {
                ja: "JSON として読めないと、この先の内容は何も調べられません。",
                en: "Nothing after this place can be checked until it reads as JSON."
            },
            mend: {
                ja: "この行のかっこ・コンマ・引用符を見てください。JSON を知っている編集ソフトが場所を示します。",
                en: "Look at brackets, commas and quotes here; an editor that knows JSON shows the place."
            }
        }
        KEY_TWICE "key-twice" Error {
            why: {
                ja: "どちらが正しいのか、だれにも分からないまま一方が捨てられます。",
                en: "One of the two would be dropped, and nobody could tell which one was meant."
            },
            mend: { ja: "どちらか一つだけを残してください。", en: "Keep one of them." }
        }
        SHAPE "shape" Error {
            why: {
                ja: "書式にない書き方は、読む人と機械が別の意味に取るおそれがあります。",
                en: "What the format does not know, a reader and the engine may take differently."
            },
            mend: {
                ja: "先頭に $schema を書くと、編集ソフトが使える書き方を示します。schemas/ の説明も見てください。",
                en: "With $schema in the first line an editor shows what may stand here; schemas/ explains each member."
            }
        }
    }
}
