//! Everyone who works here and their offices, opened once for each state of the register: nearly every
//! page names them, and they change a few times a week. It holds nothing about any patient. Readers ask
//! the register's head in their own transaction, so what they get belongs to the moment they read.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::acts::House;
use crate::acts::log_key;
use crate::acts::register::open_card;
use crate::acts::views::PersonView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::OfficeId;
use crate::kernel::id::PersonId;
use crate::kernel::seal::Key;
use crate::record::cards::OfficeCard;
use crate::record::cards::PersonCard;
use crate::record::payload::Rank;
use crate::store::Conn;
use crate::store::log;
use crate::store::register;

/// The people and offices of the region.
#[derive(Debug)]
pub struct Directory {
    seq: i64,
    key: Key,
    people: BTreeMap<PersonId, Listed>,
    offices: BTreeMap<OfficeId, OfficeCard>,
}

/// Someone in the directory.
#[derive(Debug)]
pub struct Listed {
    /// As others see them.
    pub view: Arc<PersonView>,
    /// The card.
    pub card: PersonCard,
    /// The rank.
    pub rank: Rank,
    /// The account's state.
    pub state: String,
}

impl House {
    /// The directory as of the moment that this connection reads. Not for acts: what an open act has
    /// changed is not yet in the head.
    pub fn directory(&self, conn: &mut Conn) -> Result<Arc<Directory>> {
        let seq = log::register_seq(conn, self.register())?;
        self.directory_at(conn, seq)
    }

    /// The same where the register's newest entry at that moment is known.
    pub(super) fn directory_at(&self, conn: &mut Conn, seq: i64) -> Result<Arc<Directory>> {
        if let Some(kept) = self.kept_directory(seq) {
            return Ok(kept);
        }
        let read = Arc::new(Directory::read(self, conn, seq)?);
        if let Ok(mut place) = self.inner.directory.write()
            && place.as_ref().is_none_or(|kept| kept.seq < seq)
        {
            *place = Some(read.clone());
        }
        Ok(read)
    }

    /// What was opened for this entry of the register.
    pub(super) fn kept_directory(&self, seq: i64) -> Option<Arc<Directory>> {
        let place = &self.inner.directory;
        let kept = place.read().map_or_else(|broken| broken.into_inner().clone(), |kept| kept.clone());
        kept.filter(|kept| kept.seq == seq)
    }
}

impl Directory {
    fn read(house: &House, conn: &mut Conn, seq: i64) -> Result<Self> {
        let key = log_key(conn, house.keys(), house.register())?;
        let offices = register::offices(conn)?
            .into_iter()
            .map(|row| Ok((row.id, open_card(&key, "office", &row.id.0, &row.sealed)?)))
            .collect::<Result<BTreeMap<OfficeId, OfficeCard>>>()?;
        let people = register::people(conn)?
            .into_iter()
            .map(|row| Ok((row.id, listed(&key, &offices, row)?)))
            .collect::<Result<_>>()?;
        Ok(Self { seq, key, people, offices })
    }

    /// The register's key, for what is sealed beside its entries.
    pub fn key(&self) -> &Key {
        &self.key
    }

    /// Someone as others see them.
    pub fn get(&self, id: PersonId) -> Option<&PersonView> {
        Some(&*self.people.get(&id)?.view)
    }

    /// The same, to be named many times on one page.
    pub fn shared(&self, id: PersonId) -> Option<Arc<PersonView>> {
        Some(self.people.get(&id)?.view.clone())
    }

    /// Someone with card, rank and account.
    pub fn listed(&self, id: PersonId) -> Option<&Listed> {
        self.people.get(&id)
    }

    /// An office's card; `Missing` when there is no such office.
    pub fn office(&self, id: OfficeId) -> Result<&OfficeCard> {
        self.offices.get(&id).ok_or(Error::Missing)
    }

    /// Everyone of the region, or of one office, by profession and reading.
    pub fn everyone(&self, of: Option<OfficeId>) -> Vec<&Listed> {
        let within = |one: &&Listed| of.is_none_or(|of| one.view.office == of);
        let mut list: Vec<&Listed> = self.people.values().filter(within).collect();
        list.sort_by(|a, b| {
            let order = |one: &PersonView| (one.profession, one.kana.clone(), one.name.clone());
            order(&a.view).cmp(&order(&b.view))
        });
        list
    }
}

fn listed(key: &Key, offices: &BTreeMap<OfficeId, OfficeCard>, row: register::Person) -> Result<Listed> {
    let strange = || Error::fault("a person's row holds an unknown word");
    let card: PersonCard = open_card(key, "person", &row.id.0, &row.sealed)?;
    let office = offices.get(&row.office).ok_or_else(|| Error::fault("a person of an unknown office"))?;
    let view = PersonView {
        id: row.id,
        name: card.name.clone(),
        kana: card.kana.clone(),
        profession: row.profession.parse().map_err(|()| strange())?,
        office: row.office,
        office_name: office.name.clone(),
        active: row.state == "active",
    };
    let rank = Rank::read(&row.rank).ok_or_else(strange)?;
    Ok(Listed { view: Arc::new(view), card, rank, state: row.state })
}
