//! Pathways: declared courses of care, and the engine that follows them. Pure: no clock, no
//! database, no network, no randomness. The engine proposes and reminds; people decide.
//!
//! `step` works on the patient, not on one run: it takes the state, one input and its moment, first
//! lets everything happen that fell due meanwhile, in order, then accepts the input, and settles:
//! outcomes → ways out → rules → plan, until nothing more follows. What happened comes back as events;
//! the state is their fold.

pub mod ahead;
pub mod case;
pub mod check;
pub mod compare;
pub mod copy;
pub mod definition;
pub mod engine;
pub mod event;
pub mod picture;
mod read;
pub mod reference;
pub mod simulate;
pub mod state;
pub mod what_if;
pub mod why;
pub mod yet;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::LazyLock;

use crate::concept::Concepts;
use crate::kernel::finding::Finding;
use crate::pathway::definition::Definition;

pub use engine::Passed;
pub use engine::pass;
pub use engine::step;
pub use event::Event;
pub use event::Input;
pub use event::Refusal;
pub use event::Stamped;
pub use read::SCHEMA;
pub use state::PatientState;

/// A pathway that was read, typed and found sound.
#[derive(Debug, Clone)]
pub struct Pathway {
    /// What it says.
    pub definition: Definition,
    /// SHA-256 of its canonical JSON: what a run keeps.
    pub hash: String,
    /// The file's text, as the region's register keeps it.
    pub text: String,
    /// What an author should look at, though it may be published.
    pub warnings: Vec<Finding>,
}

/// The pathways that runs may keep, by hash, and the concepts they speak of.
#[derive(Debug, Clone)]
pub struct Library {
    /// The registry of concepts.
    pub concepts: &'static Concepts,
    by_hash: BTreeMap<String, Arc<Pathway>>,
    /// Pathway id → hash of the one offered for new runs.
    offered: BTreeMap<String, String>,
}

static SHIPPED: LazyLock<Library> = LazyLock::new(|| {
    let mut library = Library::new(Concepts::shipped());
    for (file, text) in SHIPPED_FILES {
        // A shipped file that is not sound fails the tests, never a patient's record.
        if let Ok(pathway) = Pathway::read(file, text, library.concepts) {
            library.add(pathway);
        }
    }
    library
});

/// The pathways that this version ships: file name and text.
pub const SHIPPED_FILES: &[(&str, &str)] = &[
    ("pathways/peg/pathway.json", include_str!("../../pathways/peg/pathway.json")),
    ("pathways/end-of-life/pathway.json", include_str!("../../pathways/end-of-life/pathway.json")),
    ("pathways/admission/pathway.json", include_str!("../../pathways/admission/pathway.json")),
    ("pathways/oral-care/pathway.json", include_str!("../../pathways/oral-care/pathway.json")),
];

/// The stories beside them: the pathway's id, file name and text.
pub const SHIPPED_STORIES: &[(&str, &str, &str)] = include!(concat!(env!("OUT_DIR"), "/stories.rs"));

impl Library {
    /// An empty library.
    pub fn new(concepts: &'static Concepts) -> Self {
        Self { concepts, by_hash: BTreeMap::new(), offered: BTreeMap::new() }
    }

    /// The pathways that this version ships.
    pub fn shipped() -> &'static Self {
        &SHIPPED
    }

    /// Adds a pathway and offers it for new runs.
    pub fn add(&mut self, pathway: Pathway) {
        self.offered.insert(pathway.definition.id.clone(), pathway.hash.clone());
        self.keep(pathway);
    }

    /// Adds a pathway for the runs that keep it, without offering it.
    pub fn keep(&mut self, pathway: Pathway) {
        self.by_hash.insert(pathway.hash.clone(), Arc::new(pathway));
    }

    /// Offers no new runs of this pathway; those that go on keep theirs.
    pub fn withdraw(&mut self, id: &str) {
        self.offered.remove(id);
    }

    /// The pathway of this hash.
    pub fn get(&self, hash: &str) -> Option<&Arc<Pathway>> {
        self.by_hash.get(hash)
    }

    /// The pathway of this id that new runs keep.
    pub fn current(&self, id: &str) -> Option<&Arc<Pathway>> {
        self.offered.get(id).and_then(|hash| self.by_hash.get(hash))
    }

    /// Every version that there is.
    pub fn all(&self) -> impl Iterator<Item = &Arc<Pathway>> {
        self.by_hash.values()
    }

    /// Everything that is offered for new runs, by id.
    pub fn offered(&self) -> impl Iterator<Item = &Arc<Pathway>> {
        self.offered.values().filter_map(|hash| self.by_hash.get(hash))
    }
}
