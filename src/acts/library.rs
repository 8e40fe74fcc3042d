//! The published pathways and forms, parsed once and shared. A version, once published, is never
//! changed: it is named by its hash, and whatever uses it keeps it. How the region makes its own
//! versions is told in the files below.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::acts::Act;
use crate::acts::House;
use crate::acts::Who;
use crate::concept::Concepts;
use crate::form;
use crate::form::Form;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::id::EntryId;
use crate::kernel::source::canonical;
use crate::pathway;
use crate::pathway::Pathway;
use crate::pathway::check;
use crate::pathway::check::Beside;
use crate::record::Author;
use crate::record::payload::Published;
use crate::store::Conn;
use crate::store::definitions;
use crate::store::definitions::Definition;
use crate::store::library;

pub mod changes;
pub mod drafts;
pub mod marks;
pub mod stories;

/// Every version that was ever published, by its hash; and which one is current.
#[derive(Debug)]
pub struct Library {
    /// The pathways, as the engine takes them.
    pub pathways: pathway::Library,
    forms: BTreeMap<String, Arc<Form>>,
    current: BTreeMap<String, Arc<Form>>,
    /// The stories that were published with a version, by its hash.
    stories: BTreeMap<String, Vec<stories::Story>>,
    /// What the region said of versions, by hash.
    pub marks: BTreeMap<String, library::Mark>,
}

impl Default for Library {
    fn default() -> Self {
        Self {
            pathways: pathway::Library::new(Concepts::shipped()),
            forms: BTreeMap::new(),
            current: BTreeMap::new(),
            stories: BTreeMap::new(),
            marks: BTreeMap::new(),
        }
    }
}

impl Library {
    /// Reads what the region has published, oldest first: the last version of a code is the current one.
    pub fn read(conn: &mut Conn) -> Result<Self> {
        let marks = library::marks(conn)?.into_iter().map(|mark| (mark.hash.clone(), mark)).collect();
        let mut library = Self { marks, ..Self::default() };
        for row in definitions::all(conn)? {
            library.add(&row)?;
        }
        Ok(library)
    }

    fn add(&mut self, row: &Definition) -> Result<()> {
        let unreadable = |findings: Vec<Finding>| {
            let first = findings.first().map(|finding| finding.says.en.to_string()).unwrap_or_default();
            Error::fault(format!("the published {} {} cannot be read: {first}", row.kind, row.code))
        };
        match row.kind.as_str() {
            "pathway" => {
                let (read, sound) =
                    Pathway::published(&row.code, &row.body, Concepts::shipped()).map_err(unreadable)?;
                if !sound {
                    // Published before a check was known: its runs keep it, and no new one starts with it.
                    tracing::error!(
                        pathway = row.code,
                        hash = row.hash,
                        "a published pathway would not pass today"
                    );
                }
                // One that starts no more is kept for its runs; none older takes its place by itself.
                if sound && row.state == CURRENT && !self.rests(&row.hash) {
                    self.pathways.add(read);
                } else {
                    self.pathways.keep(read);
                }
            }
            "form" => {
                let read = Arc::new(Form::read(&row.code, &row.body).map_err(unreadable)?);
                self.forms.insert(read.hash.clone(), read.clone());
                self.current.insert(read.code.clone(), read);
            }
            STORIES => {
                let read = serde_json::from_str(&row.body);
                let stories = read.map_err(|_| Error::fault("published stories cannot be read"))?;
                self.stories.insert(row.code.clone(), stories);
            }
            _ => return Err(Error::fault("a definition of an unknown kind")),
        }
        Ok(())
    }

    /// Everything that the checks have to say about a pathway's text, a published one or a draft, beside
    /// what this region has published; places are counted in that very text.
    pub fn findings(&self, file: &str, text: &str) -> Vec<Finding> {
        let pathways = self.pathways.offered().map(|pathway| &pathway.definition).collect();
        let forms = faces(self.current_forms().map(Arc::as_ref));
        check::check(&[(file, text)], Concepts::shipped(), &Beside { pathways, forms })
    }

    /// Whether the region lets no run of this version start.
    pub fn rests(&self, hash: &str) -> bool {
        self.marks.get(hash).is_some_and(|mark| mark.stopped || mark.suspended)
    }

    /// A form's version, by its hash.
    pub fn form(&self, hash: &str) -> Option<&Arc<Form>> {
        self.forms.get(hash)
    }

    /// The current version of a form.
    pub fn current_form(&self, code: &str) -> Option<&Arc<Form>> {
        self.current.get(code)
    }

    /// The current version of every form, by code.
    pub fn current_forms(&self) -> impl Iterator<Item = &Arc<Form>> {
        self.current.values()
    }
}

/// What pathways can ask of forms.
pub fn faces<'a>(forms: impl IntoIterator<Item = &'a Form>) -> BTreeMap<String, check::Form> {
    let face = |form: &Form| check::Form {
        states: form.workflow.states.iter().map(|state| state.code.clone()).collect(),
        writes: form.fields.values().filter_map(|field| field.writes.clone()).collect(),
    };
    forms.into_iter().map(|form| (form.code.clone(), face(form))).collect()
}

/// The kind of the stories that were published with a version; their code is its hash.
pub(crate) const STORIES: &str = "stories";
/// The version that new runs take.
pub(crate) const CURRENT: &str = "current";
/// A version that another one took the place of, or that is a template beside the region's own.
pub(crate) const OLDER: &str = "older";

/// Publishes what the program ships. Publishing it again changes nothing; where the region has its own
/// version, the newer template stands beside it and takes no place.
fn publish(act: &mut Act<'_>, new: &Definition) -> Result<()> {
    if definitions::by_hash(act.conn, &new.hash)?.is_some() {
        return Ok(());
    }
    let before = definitions::of_code(act.conn, &new.kind, &new.code)?;
    let current = before.iter().find(|row| row.state == CURRENT);
    let own = match current {
        Some(row) => library::is_own(act.conn, &row.hash)?,
        None => false,
    };
    let published = Published {
        what: new.kind.clone(),
        code: new.code.clone(),
        version: new.version.clone(),
        hash: new.hash.clone(),
        change: None,
    };
    let seq = act.enter(EntryId::new(), published)?.seq();
    let state = if own { OLDER } else { CURRENT }.to_owned();
    definitions::publish(act.conn, &Definition { seq, state, ..new.clone() })
}

impl House {
    /// Publishes every shipped pathway and form that this region does not have yet.
    pub async fn publish_shipped(&self) -> Result<()> {
        let known = self.read(|reading| definitions::all(reading.conn)).await?;
        let new: Vec<Definition> =
            shipped().into_iter().filter(|new| known.iter().all(|old| old.hash != new.hash)).collect();
        if new.is_empty() {
            return Ok(());
        }
        self.perform(Who::other(Author::Operator), vec![self.register()], move |act| {
            new.iter().try_for_each(|definition| publish(act, definition))
        })
        .await?;
        self.reload_library().await
    }
}

fn shipped() -> Vec<Definition> {
    let row = |kind: &str, code: &str, version: &str, hash: &str, body: String| Definition {
        hash: hash.to_owned(),
        kind: kind.to_owned(),
        code: code.to_owned(),
        version: version.to_owned(),
        state: CURRENT.to_owned(),
        body,
        seq: 0,
    };
    let forms = form::shipped()
        .iter()
        .map(|form| row("form", &form.code, &form.version, &form.hash, canonical(&form.file)));
    let pathways = pathway::Library::shipped().offered().map(|pathway| {
        let definition = &pathway.definition;
        row("pathway", &definition.id, &definition.version, &pathway.hash, pathway.text.clone())
    });
    forms.chain(pathways).collect()
}
