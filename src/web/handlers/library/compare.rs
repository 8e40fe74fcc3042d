//! Two versions side by side, in words.

use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::access::library::LibraryNeed;
use crate::acts::library::drafts;
use crate::acts::views;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::DraftId;
use crate::kernel::lang::Lang;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::compare::Change;
use crate::pathway::compare::How;
use crate::pathway::compare::compare;
use crate::pathway::definition::Definition;
use crate::web::app::Signed;
use crate::web::frame::Place;
use crate::web::library::ChangeText;
use crate::web::library::ComparePage;
use crate::web::library::LineText;
use crate::web::library::versions;
use crate::web::respond;
use crate::web::view::Field;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// Which versions.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    /// The older one's hash.
    #[serde(default)]
    pub from: String,
    /// The newer one's hash.
    #[serde(default)]
    pub to: String,
}

/// A version by its hash, or the current one by the pathway's name; the newest one when none is offered.
pub fn find<'a>(library: &'a Library, name: &str) -> Option<&'a Arc<Pathway>> {
    let newest = || {
        let own = library.all().filter(|pathway| pathway.definition.id == name);
        own.max_by_key(|pathway| numbers(&pathway.definition.version))
    };
    library.current(name).or_else(|| library.get(name)).or_else(newest)
}

fn numbers(version: &str) -> Vec<u64> {
    version.split('.').filter_map(|part| part.parse().ok()).collect()
}

/// The versions of one pathway, older ones first.
fn of(library: &Library, id: &str) -> Vec<Arc<Pathway>> {
    let mut known: Vec<Arc<Pathway>> = library.all().filter(|one| one.definition.id == id).cloned().collect();
    known.sort_by_key(|pathway| numbers(&pathway.definition.version));
    known
}

/// The two versions that are meant: those that are named, else the named pathway and the one before it.
pub fn pair(library: &Library, name: &str, asked: &Asked) -> Result<(Arc<Pathway>, Arc<Pathway>)> {
    let named = find(library, name).ok_or(Error::Missing)?.clone();
    let known = of(library, &named.definition.id);
    let at = known.iter().position(|one| one.hash == named.hash).unwrap_or_default();
    let before = at.checked_sub(1).and_then(|at| known.get(at)).unwrap_or(&named);
    let version = |hash: &str, otherwise: &Arc<Pathway>| match hash {
        "" => Ok(otherwise.clone()),
        hash => library.get(hash).cloned().ok_or(Error::Missing),
    };
    Ok((version(&asked.from, before)?, version(&asked.to, &named)?))
}

/// `GET /pathways/{pathway}/compare?from=&to=`
pub async fn page(signed: Signed, name: Path<String>, asked: Query<Asked>) -> Result<HttpResponse> {
    let library = signed.house().library();
    let (from, to) = pair(&library.pathways, &name, &asked)?;
    let (t, lang) = (signed.t(), signed.lang());
    let rows: Vec<(String, String)> = of(&library.pathways, &to.definition.id)
        .iter()
        .map(|one| (one.hash.clone(), version_words(&signed, one)))
        .collect();
    let menu = |name: &str, label: &str, chosen: &Arc<Pathway>| {
        let mut rows = rows.clone();
        if !rows.iter().any(|(hash, _)| *hash == chosen.hash) {
            rows.push((chosen.hash.clone(), version_words(&signed, chosen)));
        }
        Field::new("select", name, label).of(versions(&rows, &chosen.hash))
    };
    respond::page(&ComparePage {
        t,
        frame: signed.frame(t.lib_compare_title())?.at(Place::Region).wide(),
        back: format!("/pathways/{}", to.hash),
        title: to.definition.title.say(lang).to_owned(),
        action: format!("/pathways/{name}/compare"),
        from: menu("from", t.lib_compare_from(), &from),
        to: menu("to", t.lib_compare_to(), &to),
        changes: texts(&from.definition, &to.definition, lang),
    })
}

fn version_words(signed: &Signed, pathway: &Pathway) -> String {
    let short: String = pathway.hash.chars().take(8).collect();
    format!("{}（{short}）", signed.t().pathway_version(&pathway.definition.version))
}

/// `GET /library/drafts/{draft}/compare`: the draft against what it was made from.
pub async fn of_draft(signed: Signed, draft: Path<DraftId>) -> Result<HttpResponse> {
    super::need(&signed, LibraryNeed::Write)?;
    let id = *draft;
    let view = signed.house().read(move |reading| views::library::draft(reading, id)).await?;
    let library = signed.house().library();
    let origin = view.draft.origin.as_deref().and_then(|hash| library.pathways.get(hash));
    let origin = origin.ok_or(Error::Missing)?;
    let own = drafts::read(&view.text).map_err(|_| Error::Missing)?;
    let (t, lang) = (signed.t(), signed.lang());
    respond::page(&ComparePage {
        t,
        frame: signed.frame(t.lib_compare())?.at(Place::Region).wide(),
        back: format!("/library/drafts/{id}"),
        title: own.definition.title.say(lang).to_owned(),
        action: String::new(),
        from: Field::default(),
        to: Field::default(),
        changes: texts(&origin.definition, &own.definition, lang),
    })
}

/// What differs, in the reader's language.
pub fn texts(from: &Definition, to: &Definition, lang: Lang) -> Vec<ChangeText> {
    compare(from, to, Concepts::shipped()).iter().map(|change| text(change, lang)).collect()
}

fn text(change: &Change, lang: Lang) -> ChangeText {
    let tone = match change.how {
        How::Added => Tone::Done,
        How::Removed => Tone::Harm,
        How::Changed => Tone::Act,
    };
    let line = |line: &crate::pathway::compare::Line| {
        let (before, after) = line.shown(lang);
        LineText { label: line.label.say(lang).to_owned(), before, after }
    };
    ChangeText {
        mark: Mark::new(tone, change.how.name().say(lang)),
        part: change.part.name().say(lang).to_owned(),
        title: change.title.say(lang).to_owned(),
        lines: change.lines.iter().map(line).collect(),
    }
}
