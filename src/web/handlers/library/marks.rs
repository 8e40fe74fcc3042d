//! What administrators of the region say of a version: start no more, let all its runs rest, and back.

use actix_web::HttpResponse;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::access::library::LibraryNeed;
use crate::acts::views;
use crate::acts::views::library::RunCount;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::record::payload::Mark;
use crate::record::payload::Marked;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::FormPage;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;

/// What is to be said.
#[derive(Debug, Default, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    verb: String,
}

/// What an administrator can say, as a button names it.
pub fn words(t: Text, mark: Mark) -> &'static str {
    match mark {
        Mark::Stop => t.lib_mark_stop(),
        Mark::Allow => t.lib_mark_allow(),
        Mark::Suspend => t.lib_mark_suspend(),
        Mark::Resume => t.lib_mark_resume(),
    }
}

fn about(t: Text, mark: Mark) -> &'static str {
    match mark {
        Mark::Stop => t.lib_mark_stop_about(),
        Mark::Allow => t.lib_mark_allow_about(),
        Mark::Suspend => t.lib_mark_suspend_about(),
        Mark::Resume => t.lib_mark_resume_about(),
    }
}

/// How many runs a version has, in words.
pub fn count(t: Text, runs: RunCount) -> String {
    t.lib_runs(runs.running, runs.halted, runs.over)
}

/// `GET /pathways/{pathway}/mark?verb=`
pub async fn page(signed: Signed, name: Path<String>, asked: Query<Asked>) -> Result<HttpResponse> {
    let mark = Mark::read(&asked.verb).unwrap_or(Mark::Stop);
    show(&signed, &name, mark, &Typed::nothing()).await
}

async fn show(signed: &Signed, name: &str, mark: Mark, typed: &Typed<'_>) -> Result<HttpResponse> {
    super::need(signed, LibraryNeed::Rule)?;
    let library = signed.house().library();
    let pathway = super::compare::find(&library.pathways, name).ok_or(Error::Missing)?;
    let hash = pathway.hash.clone();
    let runs = signed.house().read(move |reading| views::library::runs(reading, &hash)).await?;
    let (t, definition) = (signed.t(), &pathway.definition);
    let frame = signed.frame(words(t, mark))?.at(Place::Region);
    let title = [definition.title.say(t.0), &t.pathway_version(&definition.version)].join(" ");
    let form =
        FormPage::new(t, frame, words(t, mark), format!("/pathways/{}/mark", pathway.hash), words(t, mark))
            .back(format!("/pathways/{}", pathway.hash))
            .about(title)
            .about(count(t, runs))
            .about(about(t, mark))
            .entry(typed)
            .hide("verb", mark.code())
            .section("", vec![typed.field("area", "reason", t.lib_reason(), "").must()]);
    if matches!(mark, Mark::Stop | Mark::Suspend) { form.harm() } else { form }.answer(typed)
}

/// `POST /pathways/{pathway}/mark`
pub async fn say(signed: Signed, name: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let mark = Mark::read(fields.get("verb"))
        .ok_or_else(|| Error::invalid("verb", Words::of(Text::form_is_unreadable)))?;
    let id = fields.read("entry")?;
    let library = signed.house().library();
    let hash = super::compare::find(&library.pathways, &name).ok_or(Error::Missing)?.hash.clone();
    let new = Marked { hash: hash.clone(), mark, reason: fields.get("reason").to_owned() };
    match sort(signed.house().mark_version(signed.who(), id, new).await)? {
        Ok(()) => Ok(crate::web::respond::see_other(format!("/pathways/{hash}"))),
        Err(flaws) => show(&signed, &hash, mark, &Typed::wrong(&fields, &flaws)).await,
    }
}
