//! What a reader may see, opened and put together: the pages and the JSON face show the same views.
//! Nothing is written here, and nothing opened is kept for the next reader.

use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::profession::Profession;

pub mod account;
pub mod attention;
pub mod happenings;
pub mod history;
pub mod house;
pub mod letters;
pub mod library;
pub mod patients;
pub mod plan;
pub mod raised;
pub mod start;
pub mod stays;
pub mod supposed;
pub mod thread;
pub mod timeline;

/// Someone as others see them: never without profession and office.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// The name.
    pub name: String,
    /// The reading.
    pub kana: String,
    /// The profession.
    pub profession: Profession,
    /// The office.
    pub office: OfficeId,
    /// The office's name.
    pub office_name: String,
    /// Whether the account is active.
    pub active: bool,
}

/// The first words of a text, for lists and quotes.
pub fn first_words(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    line.chars().take(max).chain(['…']).collect()
}
