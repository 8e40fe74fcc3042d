//! What a reader may see, opened and put together: the pages and the JSON face show the same views.
//! Nothing is written here, and nothing opened is kept for the next reader.

use std::collections::BTreeMap;

use crate::acts::register::open_card;
use crate::kernel::error::Result;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::profession::Profession;
use crate::kernel::seal::Key;
use crate::record::cards::OfficeCard;
use crate::record::cards::PersonCard;
use crate::store::Conn;
use crate::store::register;

pub mod account;
pub mod happenings;
pub mod history;
pub mod house;
pub mod letters;
pub mod patients;
pub mod plan;
pub mod start;
pub mod stays;
pub mod thread;

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

/// The people that one view names.
#[derive(Debug, Default)]
pub struct People(BTreeMap<PersonId, PersonView>);

impl People {
    /// Opens the cards of these people, and their offices' names.
    pub fn read(conn: &mut Conn, key: &Key, ids: &[PersonId]) -> Result<Self> {
        let mut ids = ids.to_vec();
        ids.sort_unstable();
        ids.dedup();
        Self::of(key, register::people_by_ids(conn, &ids)?)
    }

    /// Everyone of the region, or of one office.
    pub fn everyone(conn: &mut Conn, key: &Key, of: Option<OfficeId>) -> Result<Self> {
        Self::of(key, register::people(conn, of)?)
    }

    fn of(key: &Key, rows: Vec<(register::Person, register::Office)>) -> Result<Self> {
        let mut offices: BTreeMap<OfficeId, String> = BTreeMap::new();
        let mut people = BTreeMap::new();
        for (row, office) in rows {
            let office_name = match offices.get(&row.office) {
                Some(name) => name.clone(),
                None => {
                    let name = office_card(key, &office)?.name;
                    offices.insert(row.office, name.clone());
                    name
                }
            };
            let card: PersonCard = open_card(key, "person", &row.id.0, &row.sealed)?;
            let profession = row
                .profession
                .parse()
                .map_err(|()| crate::kernel::error::Error::fault("a person of an unknown profession"))?;
            let view = PersonView {
                id: row.id,
                name: card.name,
                kana: card.kana,
                profession,
                office: row.office,
                office_name,
                active: row.state == "active",
            };
            people.insert(row.id, view);
        }
        Ok(Self(people))
    }

    /// One of them.
    pub fn get(&self, id: PersonId) -> Option<&PersonView> {
        self.0.get(&id)
    }

    /// All of them, by reading.
    pub fn into_list(self) -> Vec<PersonView> {
        let mut list: Vec<PersonView> = self.0.into_values().collect();
        list.sort_by(|a, b| (a.profession, &a.kana, &a.name).cmp(&(b.profession, &b.kana, &b.name)));
        list
    }
}

/// An office's card.
pub fn office_card(key: &Key, row: &register::Office) -> Result<OfficeCard> {
    open_card(key, "office", &row.id.0, &row.sealed)
}

/// The first words of a text, for lists and quotes.
pub fn first_words(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= max {
        return line;
    }
    line.chars().take(max).chain(['…']).collect()
}
