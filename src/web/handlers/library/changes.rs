//! What was proposed for publishing: read by the second person, confirmed or turned down.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::access::library::LibraryNeed;
use crate::acts::library::changes;
use crate::acts::library::drafts;
use crate::acts::views;
use crate::acts::views::library::ChangeView;
use crate::acts::views::library::DraftText;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::EntryId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::web::app::Signed;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::library::ChangePage;
use crate::web::library::ChangeText;
use crate::web::respond;
use crate::web::view::FlawView;
use crate::web::view::When;

/// `GET /library/changes/{change}`
pub async fn page(signed: Signed, change: Path<ChangeId>) -> Result<HttpResponse> {
    show(&signed, *change, &Typed::nothing()).await
}

async fn show(signed: &Signed, change: ChangeId, typed: &Typed<'_>) -> Result<HttpResponse> {
    super::need(signed, LibraryNeed::Write)?;
    let (view, draft) = signed
        .house()
        .read(move |reading| {
            let view = views::library::change(reading, change)?;
            let draft = match views::library::draft(reading, view.draft) {
                Err(Error::Missing) => None,
                found => Some(found?),
            };
            Ok((view, draft))
        })
        .await?;
    let page = fill_page(signed, &view, draft.as_ref(), typed)?;
    if page.flaws.is_empty() { respond::page(&page) } else { respond::form_again(&page) }
}

fn fill_page(
    signed: &Signed,
    view: &ChangeView,
    draft: Option<&DraftText>,
    typed: &Typed<'_>,
) -> Result<ChangePage> {
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(typed.flaws(), lang);
    let open = view.state == "open";
    let (differences, changes) = differences(signed, view, draft);
    let label = if view.state == "published" { t.lib_confirmed_by() } else { t.lib_turned_down_by() };
    Ok(ChangePage {
        t,
        frame: signed.frame(t.lib_change_title())?.at(Place::Region).wide().with_error(!flaws.is_empty()),
        title: super::change_title(signed, view),
        mark: super::change_mark(view, t),
        reason: view.reason.clone(),
        by: fill::person(&view.by, lang),
        at: When::at(view.at, lang),
        decided: view.decided.as_ref().map(|decided| {
            (
                label.to_owned(),
                fill::person(&decided.by, lang),
                When::at(decided.at, lang),
                decided.reason.clone(),
            )
        }),
        hash: [view.code.as_str(), view.version.as_str(), view.hash.as_str()].join(" "),
        draft: draft.map(|draft| format!("/library/drafts/{}", draft.draft.id)).unwrap_or_default(),
        fits: draft.is_some_and(|draft| draft.hash.as_ref() == Some(&view.hash)),
        own: view.by.id == signed.member.id,
        action: if open { format!("/library/changes/{}", view.id) } else { String::new() },
        entry: typed.entry(),
        why: typed.field("area", "reason", t.lib_reason(), "").must().judged(&flaws),
        proof: super::stories::view(
            draft.filter(|_| open).and_then(|draft| draft.proof.as_ref()),
            "",
            "",
            lang,
        ),
        differences,
        changes,
        flaws,
    })
}

/// What the proposed version says otherwise than the current one. What was published is compared on the
/// pathway's own page.
fn differences(
    signed: &Signed,
    view: &ChangeView,
    draft: Option<&DraftText>,
) -> (String, Option<Vec<ChangeText>>) {
    let (t, library) = (signed.t(), signed.house().library());
    let proposed = draft.filter(|_| view.state == "open").and_then(|draft| drafts::read(&draft.text).ok());
    let Some(proposed) = proposed else { return (String::new(), None) };
    match super::compare::find(&library.pathways, &view.code) {
        Some(current) => {
            let changes = super::compare::texts(&current.definition, &proposed.definition, signed.lang());
            (t.lib_differences_from(&current.definition.version), Some(changes))
        }
        None => (t.lib_differences().to_owned(), None),
    }
}

/// `POST /library/changes/{change}`: `verb` confirm or turn_down.
pub async fn decide(signed: Signed, change: Path<ChangeId>, fields: Fields) -> Result<HttpResponse> {
    let (change, id) = (*change, fields.read("entry")?);
    match sort(decide_now(&signed, id, change, &fields).await)? {
        Ok(()) => Ok(respond::see_other(format!("/library/changes/{change}"))),
        Err(flaws) => show(&signed, change, &Typed::wrong(&fields, &flaws)).await,
    }
}

async fn decide_now(signed: &Signed, id: EntryId, change: ChangeId, fields: &Fields) -> Result<()> {
    let house = signed.house();
    match fields.get("verb") {
        "confirm" => house.confirm_pathway(signed.who(), id, change).await,
        "turn_down" => {
            let reason = fields.get("reason").to_owned();
            let act = move |act: &mut crate::acts::Act<'_>| changes::turn_down(act, id, change, &reason);
            house.perform(signed.who(), vec![house.register()], act).await
        }
        _ => Err(Error::invalid("verb", Words::of(Text::form_is_unreadable))),
    }
}
