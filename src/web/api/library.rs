//! The library on the JSON face: drafts and what is found in them, publishing by two, comparing, playing
//! forward, and the region's word on versions.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use actix_web::web::Query;
use serde::Deserialize;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use super::Body;
use super::answer;
use super::done;
use crate::access::library::LibraryNeed;
use crate::access::library::library;
use crate::acts::library::changes;
use crate::acts::library::changes::Proposing;
use crate::acts::library::drafts::Keeping;
use crate::acts::library::stories::Story;
use crate::acts::plans;
use crate::acts::views;
use crate::concept::Concepts;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::id::EntryId;
use crate::pathway::compare::compare;
use crate::pathway::simulate::Setting;
use crate::pathway::simulate::simulate;
use crate::record::payload::Mark;
use crate::record::payload::Marked;
use crate::web::app::Caller;
use crate::web::handlers::library::compare::Asked;
use crate::web::handlers::library::compare::find;
use crate::web::handlers::library::compare::pair;
use crate::web::handlers::library::drafts::change_of;

fn need(caller: &Caller, need: LibraryNeed) -> Result<()> {
    library(caller.member.profession, caller.member.rank, need)
}

/// `GET /api/v1/library`: drafts, and what was proposed.
pub async fn overview(caller: Caller) -> Result<HttpResponse> {
    need(&caller, LibraryNeed::Write)?;
    let (drafts, changes) = caller
        .house()
        .read(|reading| Ok((views::library::drafts(reading)?, views::library::changes(reading)?)))
        .await?;
    answer(&json!({ "drafts": drafts, "changes": changes }))
}

/// A draft's text.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Drafting {
    text: String,
    #[serde(default)]
    base: Option<String>,
    #[serde(default)]
    stories: Option<Vec<Story>>,
}

/// `PUT /api/v1/library/drafts/{draft}`: keeps it and answers what was found in it.
pub async fn keep(caller: Caller, draft: Path<DraftId>, body: Body<Drafting>) -> Result<HttpResponse> {
    let (draft, sent) = (*draft, body.0);
    let new = Keeping { draft, text: sent.text, origin: None, stories: sent.stories, base: sent.base };
    caller.house().keep_pathway_draft(caller.member.id, new).await?;
    answer(&caller.house().read(move |reading| views::library::draft(reading, draft)).await?)
}

/// `GET /api/v1/library/drafts/{draft}`
pub async fn draft(caller: Caller, draft: Path<DraftId>) -> Result<HttpResponse> {
    need(&caller, LibraryNeed::Write)?;
    answer(&caller.house().read(move |reading| views::library::draft(reading, *draft)).await?)
}

/// `POST /api/v1/library/drafts/{draft}/drop`
pub async fn discard(caller: Caller, draft: Path<DraftId>) -> Result<HttpResponse> {
    caller.house().drop_pathway_draft(caller.member.id, *draft).await?;
    done()
}

/// A proposal.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    entry: EntryId,
    hash: String,
    reason: String,
}

/// `POST /api/v1/library/drafts/{draft}/propose`
pub async fn propose(caller: Caller, draft: Path<DraftId>, body: Body<Candidate>) -> Result<HttpResponse> {
    let sent = body.0;
    let change = change_of(sent.entry);
    let new = Proposing { id: sent.entry, change, draft: *draft, hash: sent.hash, reason: sent.reason };
    caller.house().propose_pathway(caller.who(), new).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(json!({ "change": change })))
}

/// A decision on what was proposed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    entry: EntryId,
    verb: Verb,
    #[serde(default)]
    reason: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Verb {
    Confirm,
    TurnDown,
}

/// `POST /api/v1/library/changes/{change}`
pub async fn decide(caller: Caller, change: Path<ChangeId>, body: Body<Deciding>) -> Result<HttpResponse> {
    let (change, sent, house) = (*change, body.0, caller.house());
    match sent.verb {
        Verb::Confirm => house.confirm_pathway(caller.who(), sent.entry, change).await?,
        Verb::TurnDown => {
            let act = move |act: &mut crate::acts::Act<'_>| {
                changes::turn_down(act, sent.entry, change, &sent.reason)
            };
            house.perform(caller.who(), vec![house.register()], act).await?;
        }
    }
    done()
}

/// `GET /api/v1/pathways/{pathway}`: its versions, who published them, and the file.
pub async fn pathway(caller: Caller, name: Path<String>) -> Result<HttpResponse> {
    let library = caller.house().library();
    let pathway = find(&library.pathways, &name).ok_or(Error::Missing)?;
    let code = pathway.definition.id.clone();
    let versions = caller.house().read(move |reading| views::library::versions(reading, &code)).await?;
    answer(&json!({ "hash": pathway.hash, "id": pathway.definition.id, "version": pathway.definition.version,
                    "title": pathway.definition.title, "text": pathway.text, "versions": versions }))
}

/// `GET /api/v1/pathways/{pathway}/compare?from=&to=`
pub async fn differences(caller: Caller, name: Path<String>, asked: Query<Asked>) -> Result<HttpResponse> {
    let library = caller.house().library();
    let (from, to) = pair(&library.pathways, &name, &asked)?;
    let changes = compare(&from.definition, &to.definition, Concepts::shipped());
    answer(&json!({ "from": from.hash, "to": to.hash, "changes": changes }))
}

/// From when, for how long, and what is known.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Playing {
    from: jiff::civil::Date,
    days: u16,
    #[serde(default)]
    facts: Map<String, Value>,
}

/// `POST /api/v1/pathways/{pathway}/simulate`: plays it forward on a made-up patient; nothing is kept.
pub async fn play(caller: Caller, name: Path<String>, body: Body<Playing>) -> Result<HttpResponse> {
    let mut library = caller.house().library().pathways.clone();
    let pathway = find(&library, &name).ok_or(Error::Missing)?.clone();
    let setting = Setting { from: body.0.from, days: body.0.days, facts: body.0.facts.into_iter().collect() };
    library.add((*pathway).clone());
    let played = caller.house().read(move |_| Ok(simulate(&library, &pathway, &setting))).await?;
    answer(&played.map_err(plans::refused)?)
}

/// A copy.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Copying {
    draft: DraftId,
}

/// `POST /api/v1/pathways/{pathway}/copy`: the region's own version of it, as a draft.
pub async fn copy(caller: Caller, name: Path<String>, body: Body<Copying>) -> Result<HttpResponse> {
    let library = caller.house().library();
    let of = find(&library.pathways, &name).ok_or(Error::Missing)?;
    caller.house().copy_pathway(caller.member.id, body.0.draft, &of.hash).await?;
    Ok(HttpResponse::build(StatusCode::CREATED).json(json!({ "draft": body.0.draft })))
}

/// The region's word on a version.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saying {
    entry: EntryId,
    mark: Mark,
    reason: String,
}

/// `POST /api/v1/pathways/{pathway}/mark`
pub async fn mark(caller: Caller, name: Path<String>, body: Body<Saying>) -> Result<HttpResponse> {
    let library = caller.house().library();
    let hash = find(&library.pathways, &name).ok_or(Error::Missing)?.hash.clone();
    let said = body.0;
    let new = Marked { hash, mark: said.mark, reason: said.reason };
    caller.house().mark_version(caller.who(), said.entry, new).await?;
    done()
}

/// `GET /api/v1/pathways/{pathway}/runs`: how many, and no more than that.
pub async fn runs(caller: Caller, name: Path<String>) -> Result<HttpResponse> {
    need(&caller, LibraryNeed::Rule)?;
    let library = caller.house().library();
    let hash = find(&library.pathways, &name).ok_or(Error::Missing)?.hash.clone();
    answer(&caller.house().read(move |reading| views::library::runs(reading, &hash)).await?)
}
