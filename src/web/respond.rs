//! How answers leave: pages, fragments, redirects, and the one table that turns an error into a
//! status, a page in the person's language, and its JSON twin.

use actix_web::Error as HttpError;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::ResponseError;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::middleware::Next;
use askama::Template;
use serde_json::json;

use crate::kernel::error::Error;
use crate::kernel::error::Flaw;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;
use crate::web::form::Kept;
use crate::web::frame::Frame;
use crate::web::language::Reading;
use crate::web::trace::Reference;
use crate::web::view::FlawView;

texts! {
    /// Before the title of a page whose form has flaws.
    title_error { ja: "エラー：", en: "Error: " }
    nothing_written { ja: "何も変わっていません。", en: "Nothing was changed." }
    invalid_what { ja: "入力に直すところがあります", en: "Something in the form needs mending" }
    invalid_next { ja: "前の画面に戻り、示されたところを直して、もう一度送ってください。", en: "Go back, mend what is named, and send again." }
    signed_out_what { ja: "サインインが必要です", en: "Please sign in" }
    signed_out_safe { ja: "送ろうとした内容は、まだ送られていません。", en: "What you were about to send has not been sent yet." }
    signed_out_next { ja: "別の画面でサインインしてから、この画面に戻って送り直してください。", en: "Sign in in another window, then come back here and send again." }
    forbidden_what { ja: "この操作はできません", en: "You cannot do this" }
    forbidden_next { ja: "必要なときは、チームの主担当か事業所の管理者に相談してください。", en: "If you need to, ask the lead of the team or your office's administrator." }
    missing_what { ja: "ページが見つかりません", en: "There is no such page" }
    missing_next { ja: "アドレスが正しいか確かめるか、「自分あて」からたどってください。", en: "Check the address, or start from “For me”." }
    stale_what { ja: "ほかの人が先に変更しました", en: "Someone else changed this first" }
    stale_safe { ja: "あなたの変更はまだ反映されていません。先の人の変更は残っています。", en: "Your change was not made. The other person's change stands." }
    stale_next { ja: "新しい内容を確かめてから、必要ならもう一度行ってください。", en: "Look at what is there now, then do it again if it is still needed." }
    conflict_what { ja: "同じ番号で別の内容が、すでに届いています", en: "Something else already arrived under the same number" }
    conflict_safe { ja: "先に届いた内容はそのまま残っています。", en: "What arrived first is kept as it is." }
    conflict_next { ja: "画面を開き直し、足りない分を新しく送ってください。", en: "Open the page again and send what is missing as something new." }
    busy_what { ja: "混み合っています", en: "We are busy" }
    busy_next { ja: "少し待って、もう一度送ってください。書いた内容は画面に残っています。", en: "Wait a moment and send again. What you wrote is still on your screen." }
    full_what { ja: "いまは保存できません", en: "Nothing can be saved at the moment" }
    full_safe { ja: "保存する場所がいっぱいです。送られた内容は保存されていません。これまでの記録は残っていて、読めます。", en: "The disk is full. What you sent was not saved. What was recorded before is safe and can be read." }
    full_next { ja: "この画面を閉じずに、管理者に伝えてください。空きができたら、もう一度送れます。急ぐときは電話で連絡してください。", en: "Keep this page open and tell your administrator. Once there is space, send again. If it is urgent, telephone." }
    written_what { ja: "書いた内容", en: "What you wrote" }
    send_again { ja: "もう一度送る", en: "Send again" }
    unknown_what { ja: "届いたかどうか、まだ分かりません", en: "We do not know yet whether it arrived" }
    unknown_safe { ja: "もう一度送っても、二重にはなりません。", en: "Sending it again is safe: it will not appear twice." }
    unknown_next { ja: "もう一度送ってください。", en: "Send it again." }
    too_large_what { ja: "内容が長すぎます", en: "This is too long" }
    too_large_next { ja: "短くするか、いくつかに分けて送ってください。", en: "Make it shorter, or send it in several parts." }
    method_what { ja: "この開き方はできません", en: "This page cannot be opened this way" }
    unreadable_what { ja: "送られた内容を読み取れませんでした", en: "We could not read what was sent" }
    fault_what { ja: "こちらの不具合で、できませんでした", en: "Something went wrong on our side" }
    fault_safe { ja: "すでに送られた記録は残っています。", en: "What was already recorded is safe." }
    fault_next { ja: "もう一度試してください。続くときは、下の番号を管理者に伝えてください。急ぐときは電話で連絡してください。", en: "Please try again. If it goes on, tell your administrator the number below. If it is urgent, telephone." }
    reference_number { ja: "問い合わせ番号", en: "Reference number" }
    to_start { ja: "「自分あて」へ", en: "Go to “For me”" }
    go_back { ja: "前の画面に戻る", en: "Go back" }
    to_sign_in { ja: "サインインする", en: "Sign in" }
}

/// A page with status 200.
pub fn page(page: &impl Template) -> Result<HttpResponse> {
    page_with(StatusCode::OK, page)
}

/// Room for most pages: a string that grows is copied at each doubling.
const PAGE_BYTES: usize = 120 << 10;

/// A page with a status of its own; 422 shows a form again with its flaws.
pub fn page_with(status: StatusCode, page: &impl Template) -> Result<HttpResponse> {
    let mut html = String::with_capacity(PAGE_BYTES);
    page.render_into(&mut html).map_err(|error| Error::fault(error.to_string()))?;
    Ok(HttpResponse::build(status).content_type("text/html; charset=utf-8").body(html))
}

/// A form again, with its flaws and everything that was typed.
pub fn form_again(form: &impl Template) -> Result<HttpResponse> {
    page_with(StatusCode::UNPROCESSABLE_ENTITY, form)
}

/// A part of a page, as `live-region` fetches it.
pub fn fragment(part: &impl Template) -> Result<HttpResponse> {
    page(part)
}

/// On to another page of ours after something was done.
pub fn see_other(to: impl Into<String>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, to.into())).finish()
}

/// An address of ours, or the start page when the given one could lead elsewhere.
pub fn local(to: &str) -> &str {
    let plain = to.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if plain && to.starts_with('/') && !to.starts_with("//") { to } else { "/" }
}

/// An error as people and programs are told of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// A stable code for programs.
    pub code: &'static str,
    /// What happened.
    pub what: Words,
    /// What is safe.
    pub safe: Words,
    /// What to do next.
    pub next: Words,
    /// The fields that are wrong.
    pub flaws: Vec<Flaw>,
}

/// The one table from errors to answers.
impl From<&Error> for Problem {
    fn from(error: &Error) -> Self {
        type Say = fn(Text) -> &'static str;
        let (status, code, what, safe, next): (_, _, Say, Say, Say) = match error {
            Error::Invalid(_) => {
                (422, "invalid", Text::invalid_what, Text::nothing_written, Text::invalid_next)
            }
            Error::SignedOut => {
                (401, "signed_out", Text::signed_out_what, Text::signed_out_safe, Text::signed_out_next)
            }
            Error::Forbidden(_) => {
                (403, "forbidden", Text::forbidden_what, Text::nothing_written, Text::forbidden_next)
            }
            Error::Missing => (404, "missing", Text::missing_what, Text::nothing_written, Text::missing_next),
            Error::Stale => (409, "stale", Text::stale_what, Text::stale_safe, Text::stale_next),
            Error::Conflict => {
                (409, "conflict", Text::conflict_what, Text::conflict_safe, Text::conflict_next)
            }
            Error::Busy => (503, "busy", Text::busy_what, Text::nothing_written, Text::busy_next),
            Error::Full => (503, "full", Text::full_what, Text::full_safe, Text::full_next),
            Error::Unknown => (503, "unknown", Text::unknown_what, Text::unknown_safe, Text::unknown_next),
            Error::Fault(_) => (500, "fault", Text::fault_what, Text::fault_safe, Text::fault_next),
        };
        let mut problem = Self::say(status, code, what, safe, next);
        match error {
            Error::Invalid(flaws) => problem.flaws.clone_from(flaws),
            Error::Forbidden(why) => problem.safe = why.clone(),
            _ => {}
        }
        problem
    }
}

impl Problem {
    fn say(
        status: u16,
        code: &'static str,
        what: fn(Text) -> &'static str,
        safe: fn(Text) -> &'static str,
        next: fn(Text) -> &'static str,
    ) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR),
            code,
            what: Words::of(what),
            safe: Words::of(safe),
            next: Words::of(next),
            flaws: Vec::new(),
        }
    }

    /// For what the HTTP layer itself refuses: unknown addresses, wrong methods, bodies too large.
    fn of_status(status: StatusCode) -> Self {
        match status.as_u16() {
            413 => {
                Self::say(413, "too_large", Text::too_large_what, Text::nothing_written, Text::too_large_next)
            }
            405 => Self::say(405, "method", Text::method_what, Text::nothing_written, Text::missing_next),
            404 => (&Error::Missing).into(),
            400..=499 => Self::say(
                status.as_u16(),
                "unreadable",
                Text::unreadable_what,
                Text::nothing_written,
                Text::invalid_next,
            ),
            _ => (&Error::fault("")).into(),
        }
    }

    /// The JSON twin of the page, in the shape of RFC 9457.
    pub fn json(&self, reference: &str) -> serde_json::Value {
        json!({ "type": format!("urn:renkei:problem:{}", self.code), "title": self.what.en,
                "status": self.status.as_u16(), "code": self.code, "what": self.what, "safe": self.safe,
                "next": self.next, "flaws": self.flaws, "reference": reference })
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        Problem::from(self).status
    }

    /// Bare: [`explain`] fills it in, since only there the person's language is known.
    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}

/// The page for everything that went wrong.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    t: Text,
    frame: Frame,
    what: String,
    safe: String,
    next: String,
    flaws: Vec<FlawView>,
    signed_out: bool,
    written: Vec<String>,
    again: Option<Again>,
    reference: String,
}

/// What was sent, to be sent again as it was: under its own number, so that it happens once.
#[derive(Debug)]
struct Again {
    action: String,
    fields: Vec<(String, String)>,
}

/// Middleware: gives every refused request its page or its JSON, and logs faults once, here.
pub async fn explain(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, HttpError> {
    let response = next.call(request).await?.map_into_boxed_body();
    let bare = response.status().as_u16() >= 400 && !response.headers().contains_key(header::CONTENT_TYPE);
    if response.response().error().is_none() && !bare {
        return Ok(response);
    }
    let known = response.response().error().and_then(|error| error.as_error::<Error>());
    if let Some(Error::Fault(cause)) = known {
        tracing::error!(%cause, "a fault of ours");
    }
    let problem = known.map_or_else(|| Problem::of_status(response.status()), Problem::from);
    let answer = answer(response.request(), &problem);
    let (request, mut old) = response.into_parts();
    let mut answer = answer;
    for cookie in old.headers_mut().remove(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    if let Some(allow) = old.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    Ok(ServiceResponse::new(request, answer))
}

/// The answer that tells of a problem: JSON for programs, the way to sign in for someone who only
/// wanted to look, else the page.
fn answer(request: &HttpRequest, problem: &Problem) -> HttpResponse {
    let reference = Reference::of(request).0;
    if request.path().starts_with("/api/") {
        return HttpResponse::build(problem.status)
            .content_type("application/problem+json")
            .json(problem.json(&reference));
    }
    let part = request.headers().contains_key("x-part");
    if problem.code == "signed_out" && *request.method() == Method::GET && !part {
        let asked = request.uri().path_and_query().map_or("/", |asked| asked.as_str());
        return see_other(format!("/sign-in?to={}", escape(asked)));
    }
    error_page(request, problem, reference).unwrap_or_else(|_| {
        HttpResponse::build(problem.status)
            .content_type("text/plain; charset=utf-8")
            .body(problem.what.ja.to_string())
    })
}

fn error_page(request: &HttpRequest, problem: &Problem, reference: String) -> Result<HttpResponse> {
    let lang = Reading::of(request).lang;
    let say = |words: &Words| words.say(lang).to_owned();
    let kept = Kept::of(request);
    let retry = matches!(problem.code, "busy" | "full" | "unknown");
    let action = || request.uri().path_and_query().map_or("/", |asked| asked.as_str()).to_owned();
    let shown = ErrorPage {
        t: Text(lang),
        frame: Frame::new(request, say(&problem.what))?.with_error(true),
        what: say(&problem.what),
        safe: say(&problem.safe),
        next: say(&problem.next),
        flaws: FlawView::list(&problem.flaws, lang),
        signed_out: problem.code == "signed_out",
        written: kept.as_ref().map_or_else(Vec::new, Kept::words),
        again: kept.filter(|_| retry).map(|kept| Again { action: action(), fields: kept.0.0 }),
        reference,
    };
    page_with(problem.status, &shown)
}

/// An address as a query value.
fn escape(address: &str) -> String {
    address.bytes().fold(String::new(), |mut escaped, byte| {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            escaped.push(char::from(byte));
        } else {
            escaped.push_str(&format!("%{byte:02X}"));
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::seal::Key;
    use crate::web::form::Fields;
    use crate::web::security::Guard;
    use crate::web::security::guard;
    use crate::web::trace::trace;
    use actix_web::App;
    use actix_web::middleware::from_fn;
    use actix_web::test;
    use actix_web::test::TestRequest;
    use actix_web::web;

    macro_rules! house {
        () => {
            test::init_service(
                App::new()
                    .app_data(web::Data::new(Guard::new("http://here", Key::random().unwrap(), 64)))
                    .wrap(from_fn(explain))
                    .wrap(from_fn(guard))
                    .wrap(from_fn(trace))
                    .route("/assets/{name}", web::get().to(crate::web::assets::serve))
                    .route("/reading", web::post().to(crate::web::language::choose))
                    .route("/mine", web::get().to(async || Err::<HttpResponse, _>(Error::SignedOut)))
                    .route(
                        "/broken",
                        web::get().to(async || Err::<HttpResponse, _>(Error::fault("the disk is full"))),
                    )
                    .route("/api/v1/broken", web::get().to(async || Err::<HttpResponse, _>(Error::Stale)))
                    .route(
                        "/form",
                        web::post().to(async |fields: Fields| {
                            HttpResponse::Ok().body(fields.get("body").to_owned())
                        }),
                    ),
            )
            .await
        };
    }

    macro_rules! text_of {
        ($response:expr) => {
            String::from_utf8(test::read_body($response).await.to_vec()).unwrap()
        };
    }

    #[actix_web::test]
    async fn an_unknown_address_gets_a_page_in_the_readers_language() {
        let house = house!();
        let response = test::call_service(
            &house,
            TestRequest::get().uri("/nowhere").insert_header(("accept-language", "en")).to_request(),
        )
        .await;
        assert_eq!(response.status(), 404);
        assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
        assert!(
            response
                .headers()
                .get("content-security-policy")
                .unwrap()
                .to_str()
                .unwrap()
                .contains("trusted-types renkei")
        );
        let reference = response.headers().get("x-request-reference").unwrap().to_str().unwrap().to_owned();
        let text = text_of!(response);
        assert!(text.contains("There is no such page"));
        assert!(text.contains(&reference));
    }

    #[actix_web::test]
    async fn a_fault_is_told_without_its_cause() {
        let house = house!();
        let response = test::call_service(&house, TestRequest::get().uri("/broken").to_request()).await;
        assert_eq!(response.status(), 500);
        let text = text_of!(response);
        assert!(text.contains("こちらの不具合") && !text.contains("disk"));
    }

    #[actix_web::test]
    async fn programs_get_json() {
        let house = house!();
        let response =
            test::call_service(&house, TestRequest::get().uri("/api/v1/broken").to_request()).await;
        assert_eq!(response.status(), 409);
        let body: serde_json::Value = test::read_body_json(response).await;
        assert_eq!(body.pointer("/code").unwrap(), "stale");
    }

    #[actix_web::test]
    async fn someone_signed_out_is_led_to_the_door_and_back() {
        let house = house!();
        let response =
            test::call_service(&house, TestRequest::get().uri("/mine?of=a&x=1").to_request()).await;
        assert_eq!(response.status(), 303);
        assert_eq!(response.headers().get("location").unwrap(), "/sign-in?to=/mine%3Fof%3Da%26x%3D1");
    }

    #[actix_web::test]
    async fn a_form_needs_its_token_and_keeps_its_limit() {
        let house = house!();
        let page = test::call_service(&house, TestRequest::get().uri("/nowhere").to_request()).await;
        let cookie = page.response().cookies().next().unwrap().into_owned();
        let text = text_of!(page);
        let token =
            text.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let send = |body: String| {
            TestRequest::post()
                .uri("/form")
                .cookie(cookie.clone())
                .insert_header(("content-type", "application/x-www-form-urlencoded"))
                .insert_header(("origin", "http://here"))
                .set_payload(body)
        };
        let fine = test::call_service(&house, send(format!("csrf={token}&body=hi")).to_request()).await;
        assert_eq!(fine.status(), 200);
        assert_eq!(text_of!(fine), "hi");
        let forged = test::call_service(&house, send("csrf=x&body=hi".to_owned()).to_request()).await;
        assert_eq!(forged.status(), 403);
        let large =
            test::call_service(&house, send(format!("csrf={token}&body={}", "a".repeat(99))).to_request())
                .await;
        assert_eq!(large.status(), 413);
        assert!(text_of!(large).contains("長すぎます"));
        let foreign =
            send(format!("csrf={token}&body=hi")).insert_header(("origin", "http://there")).to_request();
        assert_eq!(test::call_service(&house, foreign).await.status(), 403);
    }

    #[actix_web::test]
    async fn assets_may_be_kept_for_ever() {
        let house = house!();
        let get =
            TestRequest::get().uri(crate::web::assets::RENKEI_CSS).insert_header(("accept-encoding", "br"));
        let response = test::call_service(&house, get.to_request()).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers().get("content-encoding").unwrap(), "br");
        assert!(response.headers().get("cache-control").unwrap().to_str().unwrap().contains("immutable"));
        assert_eq!(response.headers().get("x-content-type-options").unwrap(), "nosniff");
    }

    #[actix_web::test]
    async fn addresses_that_lead_elsewhere_are_not_followed() {
        assert_eq!(local("/patients/1?x=1"), "/patients/1?x=1");
        for elsewhere in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb"] {
            assert_eq!(local(elsewhere), "/");
        }
    }
}
