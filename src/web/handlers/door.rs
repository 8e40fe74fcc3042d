//! The door: signing in and out, joining by an invitation, and the demo's door.

use std::collections::BTreeMap;

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::web::Data;
use actix_web::web::Path;
use actix_web::web::Query;

use crate::acts::Who;
use crate::acts::accounts;
use crate::acts::accounts::By;
use crate::acts::accounts::Computer;
use crate::acts::register;
use crate::acts::register::Joining;
use crate::acts::views;
use crate::acts::views::house::InvitationView;
use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::record::Author;
use crate::record::cards::PersonCard;
use crate::texts;
use crate::web::account::JoinPage;
use crate::web::app::App;
use crate::web::fill;
use crate::web::form::Fields;
use crate::web::form_page::Typed;
use crate::web::form_page::sort;
use crate::web::frame::Frame;
use crate::web::language;
use crate::web::language::Reading;
use crate::web::respond;
use crate::web::security::Guard;
use crate::web::sign_in;
use crate::web::sign_in::DemoDoorPage;
use crate::web::sign_in::DemoGroup;
use crate::web::sign_in::DemoPerson;
use crate::web::sign_in::SignInPage;
use crate::web::team::Fact;
use crate::web::view::Badge;
use crate::web::view::Field;
use crate::web::view::FlawView;
use crate::web::view::When;

/// Where to go after signing in.
#[derive(Debug, serde::Deserialize)]
pub struct Asked {
    #[serde(default)]
    to: String,
}

/// `GET /sign-in`: the door; in the demo the one that lists the people.
pub async fn page(request: HttpRequest, app: Data<App>, asked: Query<Asked>) -> Result<HttpResponse> {
    let to = respond::local(&asked.to);
    if app.demo { demo_door(&request, &app, to).await } else { door(&request, "", to, &[]) }
}

fn door(request: &HttpRequest, name: &str, to: &str, flaws: &[Flaw]) -> Result<HttpResponse> {
    let t = Text(Reading::of(request).lang);
    let flaws = FlawView::list(flaws, t.0);
    let frame = Frame::new(request, t.sign_in_title())?.narrow().with_error(!flaws.is_empty());
    let fields = sign_in::fields(t, name, &flaws);
    let again = !flaws.is_empty();
    let page = SignInPage { t, frame, fields, to: to.to_owned(), flaws };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// `POST /sign-in`
pub async fn sign_in(
    request: HttpRequest,
    app: Data<App>,
    guard: Data<Guard>,
    fields: Fields,
) -> Result<HttpResponse> {
    let to = respond::local(fields.get("to"));
    let computer = if fields.get("shared") == "yes" { Computer::Shared } else { Computer::Own };
    let name = fields.get("name");
    match sort(app.house.sign_in(name, fields.get("password").to_owned(), computer).await)? {
        Ok(secret) => enter(&app, &guard, &secret, to).await,
        Err(flaws) => door(&request, name, to, &flaws),
    }
}

/// On to the pages, with the session's cookie and the person's own way of reading.
async fn enter(app: &App, guard: &Guard, secret: &str, to: &str) -> Result<HttpResponse> {
    let member = app.house.member_of_session(secret, true).await?;
    let mut response = respond::see_other(to);
    let cookies = [
        guard.session_cookie(secret),
        language::language_cookie(member.lang, guard),
        language::type_cookie(member.large, guard),
    ];
    for cookie in cookies {
        response.add_cookie(&cookie).map_err(|_| Error::fault("a cookie cannot be written"))?;
    }
    Ok(response)
}

async fn demo_door(request: &HttpRequest, app: &App, to: &str) -> Result<HttpResponse> {
    let reading = Reading::of(request);
    let t = Text(reading.lang);
    let people = app.house.read(|reading| views::house::people(reading, None)).await?;
    let mut groups: BTreeMap<Profession, Vec<DemoPerson>> = BTreeMap::new();
    for person in people.iter().filter(|person| person.active) {
        groups.entry(person.profession).or_default().push(DemoPerson {
            id: person.id.to_string(),
            who: fill::person(person, reading.lang),
            about: String::new(),
        });
    }
    let groups = groups
        .into_iter()
        .map(|(profession, people)| DemoGroup { title: Badge::new(profession, reading.lang).name(), people });
    let frame = Frame::new(request, t.demo_title())?.demo(true);
    respond::page(&DemoDoorPage { t, frame, groups: groups.collect(), to: to.to_owned() })
}

/// `POST /demo/sign-in`: one press; there is no such door outside the demo.
pub async fn demo_sign_in(app: Data<App>, guard: Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    if !app.demo {
        return Err(Error::Missing);
    }
    let person: PersonId = fields.read("person")?;
    let secret = app.house.begin_session(person, Computer::Own).await?;
    enter(&app, &guard, &secret, respond::local(fields.get("to"))).await
}

/// `POST /sign-out`: the session ends here and in the database, and the browser forgets what it kept.
pub async fn sign_out(
    request: HttpRequest,
    app: Data<App>,
    guard: Data<Guard>,
    _: Fields,
) -> Result<HttpResponse> {
    if let Some(secret) = guard.session_token(&request)
        && let Ok(member) = app.house.member_of_session(&secret, false).await
        && let By::Session(id) = member.by
    {
        app.house.end_session(member.id, id).await?;
    }
    let mut response = respond::see_other("/sign-in");
    response
        .add_cookie(&guard.signed_out_cookie())
        .map_err(|_| Error::fault("a cookie cannot be written"))?;
    let forget = HeaderValue::from_static("\"cache\", \"storage\"");
    response.headers_mut().insert(HeaderName::from_static("clear-site-data"), forget);
    Ok(response)
}

/// `POST /reading`: the switches; for someone who is signed in they are kept with the account.
pub async fn choose_reading(
    request: HttpRequest,
    app: Data<App>,
    guard: Data<Guard>,
    fields: Fields,
) -> Result<HttpResponse> {
    if let Some(secret) = guard.session_token(&request)
        && let Ok(member) = app.house.member_of_session(&secret, true).await
    {
        let reading = language::chosen(&fields, Reading::of(&request));
        app.house.set_settings(member.id, reading.lang, reading.large).await?;
    }
    language::choose(guard, fields).await
}

/// `GET /join/{code}`: the page behind an invitation's link.
pub async fn join_page(request: HttpRequest, app: Data<App>, code: Path<String>) -> Result<HttpResponse> {
    match invitation(&app, &code).await {
        Ok((invited, region)) => join_form(&request, (&invited, &region), &code, Typed::nothing(), &[]),
        Err(Error::Missing) => join_over(&request),
        Err(why) => Err(why),
    }
}

async fn invitation(app: &App, code: &str) -> Result<(InvitationView, String)> {
    let sought = code.to_owned();
    app.house
        .read(move |reading| {
            Ok((views::house::invited(reading, &sought)?, views::house::region_name(reading)?))
        })
        .await
}

fn join_form(
    request: &HttpRequest,
    (invited, region): (&InvitationView, &str),
    code: &str,
    typed: Typed<'_>,
    flaws: &[Flaw],
) -> Result<HttpResponse> {
    let t = Text(Reading::of(request).lang);
    let flaws = FlawView::list(flaws, t.0);
    let again = !flaws.is_empty();
    let fields = vec![
        typed.text("name", t.person_name(), &invited.card.name).must().fills("name"),
        typed.text("kana", t.person_kana(), &invited.card.kana).hint(t.kana_hint()),
        typed.field("tel", "tel", t.person_tel(), "").fills("tel"),
        typed.text("sign_in", t.sign_in_name(), "").must().fills("username").hint(t.join_sign_in_hint()),
        // Passwords are never sent back.
        Field::new("password", "password", t.sign_in_password())
            .must()
            .fills("new-password")
            .hint(t.account_password_hint()),
        Field::new("password", "again", t.password_again()).must().fills("new-password"),
    ];
    let page = JoinPage {
        t,
        frame: Frame::new(request, t.join_title())?.narrow().with_error(again),
        region: region.to_owned(),
        invitation: vec![
            Fact::new(t.person_name(), invited.card.name.as_str()),
            Fact::new(t.region_office(), invited.office_name.as_str()),
            Fact::new(t.person_profession(), Badge::new(invited.profession, t.0).name()),
            Fact::new(t.office_invitation_until(), When::at(invited.expires_at, t.0).shown().to_string()),
        ],
        fields: fields.into_iter().map(|field| field.judged(&flaws)).collect(),
        action: format!("/join/{code}"),
        flaws,
    };
    if again { respond::form_again(&page) } else { respond::page(&page) }
}

/// The same page for a link that never worked, was used or ran out: nobody learns which.
fn join_over(request: &HttpRequest) -> Result<HttpResponse> {
    let t = Text(Reading::of(request).lang);
    let page = JoinPage {
        t,
        frame: Frame::new(request, t.join_over())?.narrow(),
        region: String::new(),
        invitation: Vec::new(),
        fields: Vec::new(),
        action: String::new(),
        flaws: Vec::new(),
    };
    respond::page_with(StatusCode::NOT_FOUND, &page)
}

/// `POST /join/{code}`: the account begins, and its owner is signed in with it.
pub async fn join(
    request: HttpRequest,
    app: Data<App>,
    guard: Data<Guard>,
    code: Path<String>,
    fields: Fields,
) -> Result<HttpResponse> {
    match sort(join_now(&app, &code, &fields, Reading::of(&request)).await) {
        Ok(Ok(secret)) => enter(&app, &guard, &secret, "/").await,
        Ok(Err(flaws)) => {
            let (invited, region) = invitation(&app, &code).await?;
            join_form(&request, (&invited, &region), &code, Typed::wrong(&fields, &flaws), &flaws)
        }
        Err(Error::Missing) => join_over(&request),
        Err(why) => Err(why),
    }
}

async fn join_now(app: &App, code: &str, fields: &Fields, reading: Reading) -> Result<String> {
    // A link works once, so its entry's id follows from it: sending the form again joins once.
    let entry = EntryId::from_look_up(&app.house.keys().look_up("joining", code));
    let password = fields.get("password").to_owned();
    if fields.get("again") != password {
        return Err(Error::invalid("again", Words::of(Text::passwords_differ)));
    }
    let card = PersonCard {
        name: fields.get("name").trim().to_owned(),
        kana: fields.get("kana").trim().to_owned(),
        sign_in: fields.get("sign_in").trim().to_owned(),
        tel: fields.get("tel").trim().to_owned(),
    };
    let sign_in = card.sign_in.clone();
    let joining = Joining {
        id: entry,
        person: PersonId(entry.derived("person").0),
        code: code.to_owned(),
        card,
        phc: accounts::hash(password.clone()).await?,
        lang: reading.lang.code().to_owned(),
    };
    let (house, register_log) = (&app.house, app.house.register());
    house
        .perform(Who::other(Author::Link), vec![register_log], move |act| register::join(act, &joining))
        .await?;
    // Through the ordinary door: sending the form again proves the password again.
    house.sign_in(&sign_in, password, Computer::Own).await
}

texts! {
    join_sign_in_hint { ja: "自分で決めます。メールアドレスでもかまいません。", en: "Choose one yourself; an e-mail address is fine." }
    person_name { ja: "氏名", en: "Name" }
    person_kana { ja: "フリガナ", en: "Reading (katakana)" }
    person_tel { ja: "電話番号（急ぎの連絡用）", en: "Telephone (for urgent matters)" }
    person_profession { ja: "職種", en: "Profession" }
    kana_hint { ja: "例 サトウ ケンイチ", en: "For example: サトウ ケンイチ" }
    password_again { ja: "パスワード（もう一度）", en: "Password once more" }
    passwords_differ { ja: "二つのパスワードが同じではありません。", en: "The two passwords differ." }
}
