//! `/library`: where pathways are written, judged and proposed, by those whom the table of `access` lets.

use actix_web::HttpResponse;

use crate::access::library::LibraryNeed;
use crate::access::library::library;
use crate::acts::views;
use crate::acts::views::library::ChangeView;
use crate::acts::views::library::DraftView;
use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::time::screen_time;
use crate::web::app::Signed;
use crate::web::frame::Place;
use crate::web::library::ChangeRow;
use crate::web::library::DraftRow;
use crate::web::library::LibraryPage;
use crate::web::respond;
use crate::web::view::Mark;
use crate::web::view::Tone;

pub mod changes;
pub mod compare;
pub mod drafts;
pub mod marks;
pub mod shelf;
pub mod simulate;
pub mod source;
pub mod stories;

/// Whether the one who is signed in may do this with the library; a refusal says why not.
pub fn need(signed: &Signed, need: LibraryNeed) -> Result<()> {
    library(signed.member.profession, signed.member.rank, need)
}

/// Whether the one who is signed in may do this with the library.
pub fn may(signed: &Signed, wanted: LibraryNeed) -> bool {
    need(signed, wanted).is_ok()
}

/// `GET /library`
pub async fn page(signed: Signed) -> Result<HttpResponse> {
    need(&signed, LibraryNeed::Write)?;
    let (drafts, changes) = signed
        .house()
        .read(|reading| Ok((views::library::drafts(reading)?, views::library::changes(reading)?)))
        .await?;
    let (t, lang) = (signed.t(), signed.lang());
    let (waiting, decided): (Vec<ChangeView>, Vec<ChangeView>) =
        changes.into_iter().partition(|change| change.state == "open");
    let rows = |changes: &[ChangeView]| changes.iter().map(|change| change_row(&signed, change)).collect();
    respond::page(&LibraryPage {
        t,
        frame: signed.frame(t.lib_title())?.at(Place::Region),
        waiting: rows(&waiting),
        drafts: drafts.iter().map(|draft| draft_row(draft, lang)).collect(),
        decided: rows(&decided),
    })
}

fn draft_row(draft: &DraftView, lang: Lang) -> DraftRow {
    let t = Text(lang);
    let title = draft.title.as_ref().map(|title| title.say(lang).to_owned());
    DraftRow {
        href: format!("/library/drafts/{}", draft.id),
        title: title.filter(|title| !title.is_empty()).unwrap_or_else(|| t.lib_untitled().to_owned()),
        about: [draft.code.clone(), draft.version.clone()].join(" "),
        by: t.lib_by_at(&draft.by.name, &screen_time(draft.at, lang)),
    }
}

fn change_row(signed: &Signed, change: &ChangeView) -> ChangeRow {
    let (t, lang) = (signed.t(), signed.lang());
    ChangeRow {
        href: format!("/library/changes/{}", change.id),
        title: change_title(signed, change),
        reason: change.reason.clone(),
        by: t.lib_by_at(&change.by.name, &screen_time(change.at, lang)),
        mark: change_mark(change, t),
    }
}

/// The pathway's name as far as it is known, and the version that was proposed.
fn change_title(signed: &Signed, change: &ChangeView) -> String {
    let library = signed.house().library();
    let known = library.pathways.get(&change.hash).or_else(|| library.pathways.current(&change.code));
    let title = known.map_or_else(
        || change.code.clone(),
        |pathway| pathway.definition.title.say(signed.lang()).to_owned(),
    );
    [title, signed.t().pathway_version(&change.version)].join(" ")
}

fn change_mark(change: &ChangeView, t: Text) -> Mark {
    match change.state.as_str() {
        "open" => Mark::new(Tone::Act, t.lib_state_open()),
        "published" => Mark::new(Tone::Done, t.lib_state_published()),
        "turned_down" => Mark::new(Tone::Plain, t.lib_state_turned_down()),
        _ => Mark::new(Tone::Plain, t.lib_state_replaced()),
    }
}
