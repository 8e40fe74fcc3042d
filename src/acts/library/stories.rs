//! The stories that stand beside a pathway and prove it. They are kept with a draft, played whenever it is
//! looked at, and published with it, so that the next version begins with them. A pathway whose stories fail is not
//! published, by the rule of `renkei pathway test`: a story that fails, or cannot be read, is an error; what no
//! story touches is a warning. One without any story may be published, and it is said plainly that nothing
//! proves it: a region may begin with a small file of its own, and two people read it before anybody lives by it.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::Serialize;

use crate::acts::library::Library;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::BYTES_MAX;
use crate::pathway;
use crate::pathway::Pathway;
use crate::pathway::SHIPPED_STORIES;
use crate::pathway::case;
use crate::texts;

/// The most stories beside one pathway.
const STORIES_MAX: usize = 60;
/// The longest name of a story.
const NAME_MAX: usize = 80;

/// A story as its author wrote it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Story {
    /// What its file is called.
    pub name: String,
    /// The file's text.
    pub text: String,
}

/// What stories show of a pathway.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// Each story, in the order of their names.
    pub told: Vec<Told>,
    /// How many parts of each kind some story touched, and how many there are.
    pub counts: Vec<Count>,
    /// What no story touched.
    pub untouched: Vec<Finding>,
}

/// One story that was played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Told {
    /// What its file is called.
    pub name: String,
    /// What it shows; none where it cannot be read.
    pub says: Option<Words>,
    /// Where what was seen differs from what was expected.
    pub findings: Vec<Finding>,
}

/// How far stories reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Phases, ways out, rules, unknown conditions.
    pub kind: Words,
    /// How many of them were touched.
    pub touched: usize,
    /// How many there are.
    pub all: usize,
}

impl Proof {
    /// Whether a story tells otherwise than the pathway does.
    pub fn fails(&self) -> bool {
        self.told.iter().any(|told| told.findings.iter().any(Finding::is_error))
    }
}

/// Plays the stories of a pathway beside the other pathways that the region has.
pub fn play(library: &pathway::Library, pathway: &Pathway, stories: &[Story], file: &str) -> Proof {
    let mut library = library.clone();
    library.add(pathway.clone());
    let mut coverage = case::Coverage::default();
    let mut told: Vec<Told> = Vec::with_capacity(stories.len());
    for story in stories {
        told.push(match case::play(&library, &story.name, &story.text) {
            Ok(played) => {
                coverage.add(&played.coverage);
                Told { name: story.name.clone(), says: played.says, findings: played.failures }
            }
            Err(findings) => Told { name: story.name.clone(), says: None, findings },
        });
    }
    told.sort_by(|one, other| one.name.cmp(&other.name));
    let (definition, concepts) = (&pathway.definition, Concepts::shipped());
    let counts = coverage.counts(definition, concepts).into_iter();
    Proof {
        told,
        counts: counts.map(|(kind, touched, all)| Count { kind: kind.name(), touched, all }).collect(),
        untouched: coverage.findings(file, &pathway.text, definition, concepts),
    }
}

/// Whether these can be kept beside a draft, whatever they say.
pub(super) fn judge(stories: &[Story]) -> Result<()> {
    let mut names = BTreeSet::new();
    let mut flaws = Vec::new();
    let mut wrong = |field: &str, says: Words| flaws.push(Flaw { field: field.to_owned(), says });
    for Story { name, text } in stories {
        let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
        if name.is_empty() || name.chars().count() > NAME_MAX || !name.chars().all(fits) {
            wrong("name", Words::of(|t| t.story_name_unfit(NAME_MAX)));
        } else if !names.insert(name.as_str()) {
            wrong("name", Words::of(|t| t.story_name_twice(name)));
        }
        if text.trim().is_empty() {
            wrong("text", Words::of(Text::story_is_empty));
        }
    }
    if stories.len() > STORIES_MAX {
        wrong("text", Words::of(|t| t.stories_are_many(STORIES_MAX)));
    }
    if stories.iter().map(|story| story.text.len()).sum::<usize>() > BYTES_MAX {
        wrong("text", Words::of(|t| t.stories_are_long(BYTES_MAX >> 10)));
    }
    if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
}

impl Library {
    /// The stories that were published with a version, or came with the program.
    pub fn stories_of(&self, pathway: &Pathway) -> Vec<Story> {
        if let Some(stories) = self.stories.get(&pathway.hash) {
            return stories.clone();
        }
        if pathway::Library::shipped().get(&pathway.hash).is_none() {
            return Vec::new();
        }
        let of = SHIPPED_STORIES.iter().filter(|(id, ..)| *id == pathway.definition.id);
        of.map(|(_, name, text)| Story { name: (*name).to_owned(), text: (*text).to_owned() }).collect()
    }
}

texts! {
    story_name_unfit(max: usize) {
        ja: "名前は、文字・数字・「-」「_」「.」で{max}字までにしてください。",
        en: "A name has letters, digits, -, _ and dots, at most {max} of them."
    }
    story_name_twice(name: &str) { ja: "「{name}」という物語がすでにあります。", en: "There is a story called {name} already." }
    story_is_empty { ja: "物語の内容を入れてください。", en: "Please put in the text of the story." }
    stories_are_many(max: usize) { ja: "物語は{max}件までです。", en: "At most {max} stories stand beside one pathway." }
    stories_are_long(kib: usize) { ja: "物語が全部で{kib} KiBを超えています。", en: "The stories together are larger than {kib} KiB." }
}
