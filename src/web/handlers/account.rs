//! One's own account: how one reads, the password, where one is signed in, tokens for programs.

use actix_web::HttpResponse;
use actix_web::web::Data;
use actix_web::web::Path;

use crate::acts::accounts::By;
use crate::acts::accounts::Computer;
use crate::acts::views;
use crate::acts::views::account::SessionView;
use crate::acts::views::account::TokenView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::SessionId;
use crate::kernel::id::TokenId;
use crate::kernel::lang::Text;
use crate::texts;
use crate::web::account;
use crate::web::account::AccountPage;
use crate::web::account::SessionRow;
use crate::web::account::TokenRow;
use crate::web::app::Signed;
use crate::web::flash;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::renamed;
use crate::web::form_page::sort;
use crate::web::language;
use crate::web::respond;
use crate::web::security::Guard;
use crate::web::team::Fact;
use crate::web::view::Badge;
use crate::web::view::Choice;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::Mark;
use crate::web::view::Tone;
use crate::web::view::When;

const HERE: &str = "/account";

/// `GET /account`
pub async fn page(signed: Signed, guard: Data<Guard>) -> Result<HttpResponse> {
    let fresh = flash::of(signed.request());
    let shown = fresh.is_some();
    let mut response = show(&signed, fresh, Typed::nothing(), &[]).await?;
    if shown {
        flash::take_back(&mut response, &guard, HERE)?;
    }
    Ok(response)
}

async fn show(
    signed: &Signed,
    fresh: Option<String>,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let who = signed.member.id;
    let (sessions, tokens) = signed
        .house()
        .read(move |reading| {
            Ok((views::account::sessions(reading, who)?, views::account::tokens(reading, who)?))
        })
        .await?;
    let (t, lang, member) = (signed.t(), signed.lang(), &signed.member);
    let flaws = FlawView::list(flaws, lang);
    let again = !flaws.is_empty();
    let page = AccountPage {
        sign_in_name: signed.member.card.sign_in.clone(),
        t,
        frame: signed.frame(t.account_title())?.with_error(again),
        me: vec![
            Fact::new(t.person_name(), member.card.name.as_str()),
            Fact::new(t.person_profession(), Badge::new(member.profession, lang).name()),
            Fact::new(t.region_office(), member.office_name.as_str()),
            Fact::new(t.sign_in_name(), member.card.sign_in.as_str()),
        ],
        reading: account::reading_fields(t, lang.code(), signed.reading.large),
        password: account::password_fields(t, &flaws),
        sessions: session_rows(signed, sessions),
        tokens: tokens.into_iter().map(|token| token_row(t, token)).collect(),
        new_token: token_fields(t, typed).into_iter().map(|field| field.judged(&flaws)).collect(),
        fresh_token: fresh,
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

fn session_rows(signed: &Signed, sessions: Vec<SessionView>) -> Vec<SessionRow> {
    let lang = signed.lang();
    let mut rows: Vec<SessionRow> = sessions
        .into_iter()
        .map(|session| SessionRow {
            device: signed.t().account_browser().to_owned(),
            here: signed.member.by == By::Session(session.id),
            since: When::at(session.since, lang),
            seen: When::at(session.seen, lang),
            end: format!("/account/sessions/{}/end", session.id),
        })
        .collect();
    rows.sort_by_key(|row| !row.here);
    rows
}

fn token_row(t: Text, token: TokenView) -> TokenRow {
    let writes = token.scopes.iter().any(|scope| scope == "write");
    TokenRow {
        name: token.name,
        scopes: if writes { t.token_reads_writes() } else { t.token_reads() }.to_owned(),
        mark: Mark::new(Tone::Done, t.token_works()),
        until: When::at(token.until, t.0),
        end: format!("/account/tokens/{}/end", token.id),
    }
}

fn token_fields(t: Text, typed: Typed<'_>) -> Vec<Field> {
    let scope = typed.or("scopes", "read");
    let days = typed.or("days", "90");
    vec![
        typed.text("name", t.token_name(), "").must().hint(t.token_name_hint()),
        Field::new("radio", "scopes", t.token_scopes()).of(vec![
            Choice::new("read", t.token_reads(), &scope),
            Choice::new("read write", t.token_reads_writes(), &scope),
        ]),
        Field::new("radio", "days", t.token_days())
            .of(["30", "90", "365"].map(|count| Choice::new(count, t.days(count), &days)).into()),
    ]
}

/// `POST /account/reading`
pub async fn reading(signed: Signed, guard: Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    let chosen = language::chosen(&fields, signed.reading);
    signed.house().set_settings(signed.member.id, chosen.lang, chosen.large).await?;
    let mut response = respond::see_other(HERE);
    for cookie in
        [language::language_cookie(chosen.lang, &guard), language::type_cookie(chosen.large, &guard)]
    {
        response.add_cookie(&cookie).map_err(|_| Error::fault("a cookie cannot be written"))?;
    }
    Ok(response)
}

/// `POST /account/password`: every session and token ends, and this browser signs in anew.
pub async fn password(signed: Signed, guard: Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    let (old, new) = (fields.get("old").to_owned(), fields.get("new").to_owned());
    match sort(signed.house().change_password(signed.member.id, old, new).await)? {
        Ok(()) => {
            let secret = signed.house().begin_session(signed.member.id, Computer::Own).await?;
            let mut response = respond::see_other(HERE);
            response
                .add_cookie(&guard.session_cookie(secret))
                .map_err(|_| Error::fault("a cookie cannot be written"))?;
            Ok(response)
        }
        Err(flaws) => show(&signed, None, Typed::nothing(), &renamed(flaws, &[("password", "new")])).await,
    }
}

/// `POST /account/sessions/{session}/end`
pub async fn end_session(signed: Signed, session: Path<SessionId>, _: Fields) -> Result<HttpResponse> {
    signed.house().end_session(signed.member.id, *session).await?;
    Ok(respond::see_other(HERE))
}

/// `POST /account/sessions`: every session but this one ends.
pub async fn end_others(signed: Signed, _: Fields) -> Result<HttpResponse> {
    let who = signed.member.id;
    let sessions = signed.house().read(move |reading| views::account::sessions(reading, who)).await?;
    for session in sessions.into_iter().filter(|session| signed.member.by != By::Session(session.id)) {
        signed.house().end_session(who, session.id).await?;
    }
    Ok(respond::see_other(HERE))
}

/// `POST /account/tokens`: a new token; its secret is shown on the next page, once.
pub async fn add_token(signed: Signed, guard: Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    let scopes: Vec<&str> = fields.get("scopes").split_whitespace().collect();
    let days = fields.get("days").parse().unwrap_or(90);
    let made = signed.house().add_token(signed.member.id, fields.get("name"), &scopes, days).await;
    match sort(made)? {
        Ok((_, secret)) => {
            let mut response = respond::see_other(HERE);
            flash::send(&mut response, &guard, HERE, &secret)?;
            Ok(response)
        }
        Err(flaws) => show(&signed, None, Typed::wrong(&fields, &flaws), &flaws).await,
    }
}

/// `POST /account/tokens/{token}/end`
pub async fn end_token(signed: Signed, token: Path<TokenId>, _: Fields) -> Result<HttpResponse> {
    signed.house().end_token(signed.member.id, *token).await?;
    Ok(respond::see_other(HERE))
}

texts! {
    account_browser { ja: "ブラウザ", en: "Browser" }
    token_name { ja: "使うソフトの名前", en: "Which software" }
    token_name_hint { ja: "例 電子カルテ、訪問記録アプリ", en: "For example: the clinic's record system" }
    token_scopes { ja: "できること", en: "What it may do" }
    token_reads { ja: "読む", en: "read" }
    token_reads_writes { ja: "読む・書く", en: "read and write" }
    token_days { ja: "使える期間", en: "How long it works" }
    token_works { ja: "使えます", en: "works" }
    days(count: &str) { ja: "{count}日", en: "{count} days" }
}
