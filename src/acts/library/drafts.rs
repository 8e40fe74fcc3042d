//! Drafts of pathways: what somebody works on until it is fit to be proposed. They are not history, and
//! a draft that nobody proposed commits nobody: they go through the second door and are not rebuilt. They
//! are sealed all the same, since nobody can say what an author notes down on the way.

use crate::access::library::LibraryNeed;
use crate::access::library::library;
use crate::acts::House;
use crate::acts::library::Library;
use crate::acts::library::stories;
use crate::acts::library::stories::Story;
use crate::acts::log_key;
use crate::acts::register::open_card;
use crate::acts::register::seal_card;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::id::DraftId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::seal::Key;
use crate::kernel::seal::sha256;
use crate::kernel::source::BYTES_MAX;
use crate::kernel::source::Source;
use crate::kernel::source::hash;
use crate::pathway::Pathway;
use crate::pathway::copy::own_copy;
use crate::record::payload::Rank;
use crate::store::Conn;
use crate::store::library as rows;
use crate::store::register;
use crate::texts;

/// How many drafts one person keeps.
const DRAFTS_MAX: i64 = 50;
/// What a draft's file is called in findings.
pub const FILE: &str = "pathway.json";

/// What is sealed of a draft.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct DraftCard {
    /// The text as it was written, sound or not.
    pub text: String,
    /// The hash of the version it was made from.
    #[serde(default)]
    pub origin: Option<String>,
    /// The stories that are to prove it.
    #[serde(default)]
    pub stories: Vec<Story>,
}

/// A draft as its author sends it.
#[derive(Debug, Clone)]
pub struct Keeping {
    /// Its id, made by the client.
    pub draft: DraftId,
    /// The text.
    pub text: String,
    /// The version it is made from, when it is new.
    pub origin: Option<String>,
    /// The stories beside it; none leaves those that are there.
    pub stories: Option<Vec<Story>>,
    /// The [`fingerprint`] of the text that the author had before them; none for a new draft.
    pub base: Option<String>,
}

/// What tells one draft from another, however it reads.
pub fn fingerprint(text: &str, stories: &[Story]) -> String {
    let length = |text: &str| (text.len() as u64).to_be_bytes();
    let mut told = length(text).to_vec();
    for Story { name, text } in stories {
        told.extend([&length(name)[..], name.as_bytes(), &length(text)[..], text.as_bytes()].concat());
    }
    data_encoding::HEXLOWER.encode(&sha256(&[b"renkei/draft/2", text.as_bytes(), &told]))
}

/// Everything that is wrong with a text, judged beside the pathways that the region has.
pub fn findings(library: &Library, text: &str) -> Vec<Finding> {
    let mut found = library.findings(FILE, text);
    found.retain(|finding| finding.file == FILE);
    found.sort_by_key(|finding| (finding.check.gravity, finding.line, finding.column));
    found
}

/// Whether nothing in it keeps it from being published.
pub fn is_sound(findings: &[Finding]) -> bool {
    !findings.iter().any(Finding::is_error)
}

/// The hash that a text would be published under; none when it is no JSON.
pub fn hash_of(text: &str) -> Option<String> {
    Source::read(FILE, text).ok().map(|source| hash(&source.value))
}

/// The rank of somebody who may do this with the library.
pub(crate) fn may(conn: &mut Conn, who: PersonId, need: LibraryNeed) -> Result<Rank> {
    let person = register::person(conn, who)?;
    if person.state != "active" {
        return Err(Error::SignedOut);
    }
    let strange = || Error::fault("a row of the register holds an unknown word");
    let rank = Rank::read(&person.rank).ok_or_else(strange)?;
    library(person.profession.parse().map_err(|()| strange())?, rank, need)?;
    Ok(rank)
}

/// Opens a draft.
pub(crate) fn open(key: &Key, row: &rows::Draft) -> Result<DraftCard> {
    open_card(key, "library-draft", &row.id.0, &row.sealed)
}

impl House {
    /// Keeps a draft, whatever state it is in. Only its author changes it, and only what they saw.
    pub async fn keep_pathway_draft(&self, who: PersonId, new: Keeping) -> Result<()> {
        if new.text.len() > BYTES_MAX {
            return Err(Error::invalid("text", Words::of(|t| t.draft_is_long(BYTES_MAX >> 10))));
        }
        if new.text.trim().is_empty() {
            return Err(Error::invalid("text", Words::of(Text::draft_is_empty)));
        }
        stories::judge(new.stories.as_deref().unwrap_or_default())?;
        let (keys, log) = (self.keys().clone(), self.register());
        self.jot(move |conn, now| {
            may(conn, who, LibraryNeed::Write)?;
            let key = log_key(conn, &keys, log)?;
            let mut card = DraftCard {
                text: new.text.clone(),
                origin: new.origin.clone(),
                stories: new.stories.clone().unwrap_or_default(),
            };
            match rows::draft(conn, new.draft)? {
                Some(row) => {
                    let before = open(&key, &row)?;
                    need_own(&row, who)?;
                    if new.stories.is_none() {
                        card.stories.clone_from(&before.stories);
                    }
                    if before.text == card.text && before.stories == card.stories {
                        return Ok(());
                    }
                    if new.base.as_deref() != Some(&fingerprint(&before.text, &before.stories)) {
                        return Err(Error::invalid("text", Words::of(Text::draft_moved_on)));
                    }
                    card.origin = before.origin;
                }
                None if new.base.is_some() => return Err(Error::Missing),
                None if rows::drafts_of(conn, who)? >= DRAFTS_MAX => {
                    return Err(Error::invalid("text", Words::of(|t| t.drafts_are_many(DRAFTS_MAX))));
                }
                None => {}
            }
            let sealed = seal_card(&key, "library-draft", &new.draft.0, &card)?;
            rows::keep_draft(conn, &rows::Draft { id: new.draft, person: who, changed_at: now, sealed })
        })
        .await
    }

    /// Makes the region's own copy of a published version: a draft that names what it was made from.
    pub async fn copy_pathway(&self, who: PersonId, draft: DraftId, of: &str) -> Result<()> {
        let library = self.library();
        let pathway = library.pathways.get(of).ok_or(Error::Missing)?;
        let text = own_copy(pathway, &|version| {
            library.pathways.all().any(|known| {
                known.definition.id == pathway.definition.id && known.definition.version == version
            })
        });
        let text = text.ok_or_else(|| Error::fault("a published pathway cannot be copied"))?;
        let (origin, stories) = (Some(pathway.hash.clone()), Some(library.stories_of(pathway)));
        self.keep_pathway_draft(who, Keeping { draft, text, origin, stories, base: None }).await
    }

    /// Throws one's own draft away.
    pub async fn drop_pathway_draft(&self, who: PersonId, draft: DraftId) -> Result<()> {
        self.jot(move |conn, _| {
            may(conn, who, LibraryNeed::Write)?;
            match rows::draft(conn, draft)? {
                Some(row) => {
                    need_own(&row, who)?;
                    rows::drop_draft(conn, draft)
                }
                None => Ok(()),
            }
        })
        .await
    }
}

/// Colleagues read each other's drafts; only the author writes into one.
pub(crate) fn need_own(row: &rows::Draft, who: PersonId) -> Result<()> {
    if row.person == who {
        return Ok(());
    }
    Err(Error::Forbidden(Words::of(Text::draft_is_anothers)))
}

/// The pathway that a draft would be, once nothing is wrong with it.
pub fn read(text: &str) -> std::result::Result<Pathway, Vec<Finding>> {
    Pathway::read(FILE, text, Concepts::shipped())
}

texts! {
    draft_is_long(kib: usize) { ja: "ファイルが大きすぎます（上限 {kib} KiB）。", en: "The file is too large (at most {kib} KiB)." }
    draft_is_empty { ja: "パスのファイルの内容を入れてください。", en: "Please put in the text of a pathway file." }
    draft_moved_on {
        ja: "この原稿は、別の画面で先に書き換えられています。いま書いた内容は下に残っています。必要な部分を控えてから、原稿を開き直してください。",
        en: "This draft was changed in another window meanwhile. What you wrote is still below: copy what you need and open the draft again."
    }
    drafts_are_many(max: i64) {
        ja: "原稿は一人{max}件までです。使わない原稿を消してください。",
        en: "One person keeps at most {max} drafts. Please throw away those no longer needed."
    }
    draft_is_anothers {
        ja: "この原稿を書き換えられるのは、書いた人だけです。",
        en: "Only its author changes this draft."
    }
}
