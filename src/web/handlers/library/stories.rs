//! The stories beside a draft: brought in, corrected, thrown away; and what they show.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;
use serde::Deserialize;

use super::drafts::edit_page;
use super::drafts::newlines;
use super::drafts::see;
use crate::acts::library::drafts::Keeping;
use crate::acts::library::stories::Proof;
use crate::acts::library::stories::Story;
use crate::acts::library::stories::Told;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::finding::Finding;
use crate::kernel::id::DraftId;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::library::EditPage;
use crate::web::library::ProofView;
use crate::web::library::SourceView;
use crate::web::library::StoryRow;
use crate::web::respond;
use crate::web::view::Mark;
use crate::web::view::Tone;

/// Which story; none for a new one.
#[derive(Debug, Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    name: String,
}

/// `GET /library/drafts/{draft}/stories?name=`: a story to write or to correct.
pub async fn page(signed: Signed, draft: Path<DraftId>, asked: Query<Asked>) -> Result<HttpResponse> {
    write(&signed, *draft, &asked.name, &Typed::nothing()).await
}

async fn write(signed: &Signed, draft: DraftId, name: &str, typed: &Typed<'_>) -> Result<HttpResponse> {
    let (view, _) = see(signed, draft).await?;
    let known = view.stories.iter().find(|story| story.name == name);
    if known.is_none() && !name.is_empty() && typed.flaws().is_empty() {
        return Err(Error::Missing);
    }
    let (t, lang) = (signed.t(), signed.lang());
    let back = format!("/library/drafts/{draft}");
    let heading = if known.is_some() { t.lib_story_edit() } else { t.lib_story_new() };
    let told = view.proof.as_ref().and_then(|proof| proof.told.iter().find(|told| told.name == name));
    let page = EditPage {
        t,
        frame: signed.frame(heading)?.at(Place::Region).wide(),
        heading: heading.to_owned(),
        about: t.lib_story_about().to_owned(),
        action: format!("{back}/stories"),
        back,
        button: t.lib_story_keep().to_owned(),
        hidden: vec![
            ("base".to_owned(), typed.or("base", &view.base)),
            ("was".to_owned(), typed.or("was", name)),
        ],
        name: Some(
            typed.field("text", "name", t.lib_story_name(), name).must().hint(t.lib_story_name_hint()),
        ),
        field: typed
            .field("area", "text", t.lib_story_text(), known.map_or("", |story| story.text.as_str()))
            .must(),
        source: match (known, told) {
            (Some(story), Some(told)) => super::source::view(&story.text, &told.findings, lang),
            _ => SourceView::default(),
        },
        flaws: Vec::new(),
    };
    edit_page(signed, typed, page)
}

/// `POST /library/drafts/{draft}/stories`: a story takes the place of the one it was.
pub async fn keep(signed: Signed, draft: Path<DraftId>, fields: Fields) -> Result<HttpResponse> {
    let (draft, was) = (*draft, fields.get("was").to_owned());
    let story = Story { name: fields.get("name").trim().to_owned(), text: newlines(fields.get("text")) };
    let kept = change(&signed, draft, &fields, |stories| {
        stories.retain(|known| known.name != was);
        stories.push(story);
    });
    match sort(kept.await)? {
        Ok(()) => Ok(respond::see_other(format!("/library/drafts/{draft}#stories"))),
        Err(flaws) => write(&signed, draft, &was, &Typed::wrong(&fields, &flaws)).await,
    }
}

/// `POST /library/drafts/{draft}/stories/drop`
pub async fn discard(signed: Signed, draft: Path<DraftId>, fields: Fields) -> Result<HttpResponse> {
    let draft = *draft;
    let name = fields.get("name").to_owned();
    change(&signed, draft, &fields, |stories| stories.retain(|known| known.name != name)).await?;
    Ok(respond::see_other(format!("/library/drafts/{draft}#stories")))
}

async fn change(
    signed: &Signed,
    draft: DraftId,
    fields: &Fields,
    how: impl FnOnce(&mut Vec<Story>),
) -> Result<()> {
    let (view, _) = see(signed, draft).await?;
    let mut stories = view.stories;
    how(&mut stories);
    stories.sort_by(|one, other| one.name.cmp(&other.name));
    let base = Some(fields.get("base").to_owned());
    let new = Keeping { draft, text: view.text, origin: None, stories: Some(stories), base };
    signed.house().keep_pathway_draft(signed.member.id, new).await
}

/// What stories show, in the reader's language; `edit` is where they are corrected, empty for whoever only reads.
pub fn view(proof: Option<&Proof>, edit: &str, base: &str, lang: Lang) -> Option<ProofView> {
    let (t, proof) = (Text(lang), proof?);
    let row = |told: &Told| StoryRow {
        mark: match told.findings.iter().any(Finding::is_error) {
            true => Mark::new(Tone::Harm, t.lib_story_fails()),
            false => Mark::new(Tone::Done, t.lib_story_holds()),
        },
        says: told.says.as_ref().map_or_else(String::new, |says| says.say(lang).to_owned()),
        findings: told
            .findings
            .iter()
            .map(|found| (t.lib_line(found.line, found.column), found.says.say(lang).to_owned()))
            .collect(),
        name: told.name.clone(),
    };
    let count =
        |one: &crate::acts::library::stories::Count| t.lib_covered(one.kind.say(lang), one.touched, one.all);
    let fails = |told: &&Told| told.findings.iter().any(Finding::is_error);
    Some(ProofView {
        summary: t.lib_story_count(proof.told.len()),
        failing: proof.told.iter().filter(fails).map(row).collect(),
        holding: proof.told.iter().filter(|told| !fails(told)).map(row).collect(),
        covered: proof.counts.iter().filter(|one| one.all > 0).map(count).collect::<Vec<_>>().join(t.dot()),
        untouched: proof.untouched.iter().map(|found| found.says.say(lang).to_owned()).collect(),
        edit: edit.to_owned(),
        base: base.to_owned(),
    })
}
