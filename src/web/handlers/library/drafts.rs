//! A draft: brought in or copied, checked, written, proposed, thrown away.

use actix_web::HttpResponse;
use actix_web::web::Path;

use crate::access::library::LibraryNeed;
use crate::acts::library::changes::Proposing;
use crate::acts::library::drafts;
use crate::acts::library::drafts::Keeping;
use crate::acts::views;
use crate::acts::views::library::DraftText;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::ChangeId;
use crate::kernel::id::DraftId;
use crate::kernel::lang::Text;
use crate::web::app::Signed;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Place;
use crate::web::library::DraftPage;
use crate::web::library::EditPage;
use crate::web::library::SourceView;
use crate::web::respond;
use crate::web::view::FlawView;

use super::draft_row;
use super::source;

/// `GET /library/new`
pub async fn new(signed: Signed) -> Result<HttpResponse> {
    bring(&signed, &Typed::nothing()).await
}

async fn bring(signed: &Signed, typed: &Typed<'_>) -> Result<HttpResponse> {
    super::need(signed, LibraryNeed::Write)?;
    let t = signed.t();
    edit_page(
        signed,
        typed,
        EditPage {
            t,
            frame: signed.frame(t.lib_new())?.at(Place::Region).wide(),
            heading: t.lib_new().to_owned(),
            about: t.lib_new_about().to_owned(),
            action: "/library".to_owned(),
            back: "/library".to_owned(),
            button: t.lib_new_send().to_owned(),
            hidden: vec![("draft".to_owned(), typed.or("draft", &DraftId::new().to_string()))],
            name: None,
            field: typed.field("area", "text", t.lib_text(), "").must(),
            source: SourceView::default(),
            flaws: Vec::new(),
        },
    )
}

pub(super) fn edit_page(signed: &Signed, typed: &Typed<'_>, mut page: EditPage) -> Result<HttpResponse> {
    page.flaws = FlawView::list(typed.flaws(), signed.lang());
    page.field = page.field.judged(&page.flaws);
    page.name = page.name.map(|field| field.judged(&page.flaws));
    if page.flaws.is_empty() {
        return respond::page(&page);
    }
    page.frame = page.frame.with_error(true);
    respond::form_again(&page)
}

/// `POST /library`: a file that was brought in becomes a draft, sound or not.
pub async fn keep_new(signed: Signed, fields: Fields) -> Result<HttpResponse> {
    let draft: DraftId = fields.read("draft")?;
    let new = Keeping { draft, text: newlines(fields.get("text")), origin: None, stories: None, base: None };
    match sort(signed.house().keep_pathway_draft(signed.member.id, new).await)? {
        Ok(()) => Ok(respond::see_other(format!("/library/drafts/{draft}"))),
        Err(flaws) => bring(&signed, &Typed::wrong(&fields, &flaws)).await,
    }
}

/// Browsers send a text area's lines with carriage returns.
pub(super) fn newlines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// `POST /pathways/{pathway}/copy`: the region's own version of a published one.
pub async fn copy(signed: Signed, name: Path<String>, fields: Fields) -> Result<HttpResponse> {
    let draft: DraftId = fields.read("draft")?;
    let library = signed.house().library();
    let of = super::compare::find(&library.pathways, &name).ok_or(crate::kernel::error::Error::Missing)?;
    signed.house().copy_pathway(signed.member.id, draft, &of.hash).await?;
    Ok(respond::see_other(format!("/library/drafts/{draft}")))
}

pub(super) async fn see(signed: &Signed, draft: DraftId) -> Result<(DraftText, Option<ChangeId>)> {
    super::need(signed, LibraryNeed::Write)?;
    signed
        .house()
        .read(move |reading| {
            let view = views::library::draft(reading, draft)?;
            let changes = views::library::changes(reading)?;
            let open = changes.iter().find(|change| change.state == "open" && change.draft == draft);
            Ok((view, open.map(|change| change.id)))
        })
        .await
}

/// `GET /library/drafts/{draft}`
pub async fn page(signed: Signed, draft: Path<DraftId>) -> Result<HttpResponse> {
    show(&signed, *draft, &Typed::nothing()).await
}

async fn show(signed: &Signed, draft: DraftId, typed: &Typed<'_>) -> Result<HttpResponse> {
    let (view, open) = see(signed, draft).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let flaws = FlawView::list(typed.flaws(), lang);
    let again = !flaws.is_empty();
    let head = draft_row(&view.draft, lang);
    let (own, stories) = (view.draft.by.id == signed.member.id, format!("{}/stories", head.href));
    let page = DraftPage {
        t,
        frame: signed.frame(head.title.clone())?.at(Place::Region).wide().with_error(again),
        proof: super::stories::view(view.proof.as_ref(), if own { &stories } else { "" }, &view.base, lang),
        own,
        has_origin: view.draft.origin.is_some(),
        sound: drafts::is_sound(&view.findings),
        proposed: open.map(|change| format!("/library/changes/{change}")).unwrap_or_default(),
        source: source::view(&view.text, &view.findings, lang),
        propose: vec![typed.field("area", "reason", t.lib_reason_changed(), "").must().judged(&flaws)],
        hidden: vec![("entry".to_owned(), typed.entry()), ("hash".to_owned(), view.hash.unwrap_or_default())],
        head,
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// `GET /library/drafts/{draft}/edit`
pub async fn edit(signed: Signed, draft: Path<DraftId>) -> Result<HttpResponse> {
    write(&signed, *draft, &Typed::nothing()).await
}

async fn write(signed: &Signed, draft: DraftId, typed: &Typed<'_>) -> Result<HttpResponse> {
    let (view, _) = see(signed, draft).await?;
    let (t, lang) = (signed.t(), signed.lang());
    let page = EditPage {
        t,
        frame: signed.frame(t.lib_edit())?.at(Place::Region).wide(),
        heading: t.lib_edit().to_owned(),
        about: draft_row(&view.draft, lang).title,
        action: format!("/library/drafts/{draft}/edit"),
        back: format!("/library/drafts/{draft}"),
        button: t.lib_save().to_owned(),
        hidden: vec![("base".to_owned(), typed.or("base", &view.base))],
        name: None,
        field: typed.field("area", "text", t.lib_text(), &view.text).must(),
        source: source::view(&view.text, &view.findings, lang),
        flaws: Vec::new(),
    };
    edit_page(signed, typed, page)
}

/// `POST /library/drafts/{draft}/edit`
pub async fn keep(signed: Signed, draft: Path<DraftId>, fields: Fields) -> Result<HttpResponse> {
    let draft = *draft;
    let base = Some(fields.get("base").to_owned());
    let new = Keeping { draft, text: newlines(fields.get("text")), origin: None, stories: None, base };
    match sort(signed.house().keep_pathway_draft(signed.member.id, new).await)? {
        Ok(()) => Ok(respond::see_other(format!("/library/drafts/{draft}"))),
        Err(flaws) => write(&signed, draft, &Typed::wrong(&fields, &flaws)).await,
    }
}

/// `POST /library/drafts/{draft}/drop`
pub async fn discard(signed: Signed, draft: Path<DraftId>, _: Fields) -> Result<HttpResponse> {
    signed.house().drop_pathway_draft(signed.member.id, *draft).await?;
    Ok(respond::see_other("/library"))
}

/// `POST /library/drafts/{draft}/propose`
pub async fn propose(signed: Signed, draft: Path<DraftId>, fields: Fields) -> Result<HttpResponse> {
    let (draft, id) = (*draft, fields.read("entry")?);
    let new = Proposing {
        id,
        change: change_of(id),
        draft,
        hash: fields.get("hash").to_owned(),
        reason: fields.get("reason").to_owned(),
    };
    let change = new.change;
    match sort(signed.house().propose_pathway(signed.who(), new).await)? {
        Ok(()) => Ok(respond::see_other(format!("/library/changes/{change}"))),
        Err(flaws) => show(&signed, draft, &Typed::wrong(&fields, &on_page(flaws))).await,
    }
}

/// The id of what is proposed follows from the entry: a form that was sent twice proposes once.
pub fn change_of(entry: crate::kernel::id::EntryId) -> ChangeId {
    ChangeId(entry.derived("change").0)
}

/// What is wrong with the text is shown where the text is.
fn on_page(flaws: Vec<Flaw>) -> Vec<Flaw> {
    crate::web::form_page::renamed(flaws, &[("text", "findings")])
}

/// A title for a draft whose file has none.
pub fn title(view: &DraftText, t: Text) -> String {
    draft_row(&view.draft, t.0).title
}
