//! What keeps other sites and other people's markup out: headers, same-site checks, the token in
//! every form, and the names of cookies. Who may do what is decided in `access`, never here.

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::cookie::Cookie;
use actix_web::cookie::SameSite;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::Method;
use actix_web::http::header;
use actix_web::http::header::HeaderMap;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use actix_web::web::Data;
use data_encoding::BASE64URL_NOPAD;

use crate::kernel::error::Error as Refusal;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::seal::Key;
use crate::kernel::seal::random;
use crate::texts;

texts! {
    sent_from_elsewhere {
        ja: "ほかのサイトから送られたため、受け付けませんでした。この画面を開き直してから送ってください。",
        en: "This came from another site, so it was not accepted. Open our own page and send it from there.",
    }
}

/// Nothing is loaded, framed, sent or run but our own files; markup reaches a page through one policy.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
    connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; \
    require-trusted-types-for 'script'; trusted-types renkei";

/// `same-origin` instead of `no-referrer`: nothing leaves our own origin either way, but under
/// `no-referrer` browsers send `Origin: null` with our own forms, which the check below could not
/// tell from a foreign one.
const HEADERS: [(&str, &str); 8] = [
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("x-frame-options", "DENY"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=(), browsing-topics=()",
    ),
    ("x-permitted-cross-domain-policies", "none"),
];

/// Our address as people see it, the key of form tokens, and the size of forms.
#[derive(Debug)]
pub struct Guard {
    origin: String,
    key: Key,
    form_max: usize,
}

/// A token for someone who has not signed in yet; [`guard`] sends it as a cookie.
struct Fresh(String);

impl Guard {
    /// A guard for a server that people reach at `origin`, such as `https://renkei.example`.
    pub fn new(origin: impl Into<String>, key: Key, form_max: usize) -> Self {
        Self { origin: origin.into().trim_end_matches('/').to_owned(), key, form_max }
    }

    /// Whether people reach us over TLS.
    pub fn secure(&self) -> bool {
        self.origin.starts_with("https://")
    }

    /// The largest form in bytes.
    pub fn form_max(&self) -> usize {
        self.form_max
    }

    /// The name of the session's cookie. `__Host-` binds it to this host, over TLS only.
    pub fn session_name(&self) -> &'static str {
        if self.secure() { "__Host-renkei" } else { "renkei" }
    }

    fn visitor_name(&self) -> &'static str {
        if self.secure() { "__Host-renkei-visitor" } else { "renkei-visitor" }
    }

    /// The session's token as the browser sent it.
    pub fn session_token(&self, request: &HttpRequest) -> Option<String> {
        let cookie = request.cookie(self.session_name())?;
        Some(cookie.value().to_owned()).filter(|token| !token.is_empty())
    }

    /// The cookie that carries a new session's token until the browser closes.
    pub fn session_cookie(&self, token: impl Into<String>) -> Cookie<'static> {
        self.cookie(self.session_name(), token.into())
    }

    /// The cookie that takes a session's token back.
    pub fn signed_out_cookie(&self) -> Cookie<'static> {
        let mut cookie = self.cookie(self.session_name(), String::new());
        cookie.make_removal();
        cookie
    }

    fn cookie(&self, name: &'static str, value: String) -> Cookie<'static> {
        Cookie::build(name, value)
            .path("/")
            .http_only(true)
            .secure(self.secure())
            .same_site(SameSite::Lax)
            .finish()
    }

    /// The token for this browser's forms. Someone without a session gets one bound to a cookie of
    /// its own, so that nobody can be signed in by another site.
    pub fn token(&self, request: &HttpRequest) -> Result<String> {
        if let Some(session) = self.session_token(request) {
            return Ok(self.keyed(&session));
        }
        if let Some(visitor) = request.cookie(self.visitor_name()).filter(|cookie| cookie.value().len() == 43)
        {
            return Ok(self.keyed(visitor.value()));
        }
        if let Some(fresh) = request.extensions().get::<Fresh>() {
            return Ok(self.keyed(&fresh.0));
        }
        let fresh = BASE64URL_NOPAD.encode(&random::<32>()?);
        let token = self.keyed(&fresh);
        request.extensions_mut().insert(Fresh(fresh));
        Ok(token)
    }

    /// Whether a sent token belongs to this browser.
    pub fn fits(&self, request: &HttpRequest, sent: &str) -> bool {
        let visitor = request.cookie(self.visitor_name()).map(|cookie| cookie.value().to_owned());
        let Some(holder) = self.session_token(request).or(visitor) else { return false };
        let wanted = self.keyed(&holder);
        let differing = wanted.bytes().zip(sent.bytes()).fold(0, |sum, (one, other)| sum | (one ^ other));
        wanted.len() == sent.len() && differing == 0
    }

    fn keyed(&self, holder: &str) -> String {
        BASE64URL_NOPAD.encode(&self.key.look_up("form token", holder))
    }

    /// Whether a request that changes something comes from our own pages, or carries a bearer token,
    /// which browsers never add by themselves.
    fn comes_from_here(&self, headers: &HeaderMap) -> bool {
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
        match (site, text(header::ORIGIN)) {
            (Some(site), _) => site == "same-origin",
            (None, Some(origin)) => origin == self.origin,
            (None, None) => text(header::AUTHORIZATION).is_some_and(|value| value.starts_with("Bearer ")),
        }
    }
}

/// Middleware: refuses changes that come from elsewhere, sets the headers on every answer, and
/// hands out the visitor's cookie. Only assets may be kept by browsers.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> std::result::Result<ServiceResponse<BoxBody>, Error> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let setting = request.app_data::<Data<Guard>>().cloned();
    let Some(setting) = setting else { return Err(Refusal::fault("no guard is set up").into()) };
    let mut response = if safe || setting.comes_from_here(request.headers()) {
        next.call(request).await?.map_into_boxed_body()
    } else {
        request.error_response(Refusal::Forbidden(Words::of(Text::sent_from_elsewhere)))
    };
    let fresh = response.request().extensions_mut().remove::<Fresh>();
    if let Some(Fresh(token)) = fresh {
        let _ = response.response_mut().add_cookie(&setting.cookie(setting.visitor_name(), token));
    }
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    if setting.secure() {
        let forever = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, forever);
    }
    if !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    fn here() -> Guard {
        Guard::new("http://127.0.0.1:8080/", Key::random().unwrap(), 1 << 16)
    }

    #[test]
    fn a_form_token_fits_its_own_session_only() {
        let guard = here();
        let signed_in = |token: &'static str| {
            TestRequest::default().cookie(Cookie::new("renkei", token)).to_http_request()
        };
        let token = guard.token(&signed_in("one")).unwrap();
        assert!(guard.fits(&signed_in("one"), &token));
        assert!(!guard.fits(&signed_in("two"), &token));
        assert!(!guard.fits(&signed_in("one"), ""));
        assert!(!guard.fits(&TestRequest::default().to_http_request(), &token));
    }

    #[test]
    fn a_visitor_gets_one_token_for_all_forms_of_a_page() {
        let guard = here();
        let request = TestRequest::default().to_http_request();
        assert_eq!(guard.token(&request).unwrap(), guard.token(&request).unwrap());
        assert!(request.extensions().get::<Fresh>().is_some());
    }

    #[test]
    fn a_change_must_come_from_our_own_pages() {
        let guard = here();
        let from = |pairs: &[(&'static str, &'static str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in pairs {
                headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
            }
            guard.comes_from_here(&headers)
        };
        assert!(from(&[("sec-fetch-site", "same-origin")]));
        assert!(from(&[("origin", "http://127.0.0.1:8080")]));
        assert!(from(&[("authorization", "Bearer abc")]));
        assert!(!from(&[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")]));
        assert!(!from(&[("sec-fetch-site", "same-site")]));
        assert!(!from(&[("origin", "null")]));
        assert!(!from(&[("origin", "https://evil.example"), ("authorization", "Bearer abc")]));
        assert!(!from(&[]));
    }

    #[test]
    fn a_server_on_tls_binds_its_cookies_to_the_host() {
        let guard = Guard::new("https://renkei.example", Key::random().unwrap(), 1 << 16);
        let cookie = guard.session_cookie("t");
        assert_eq!(cookie.name(), "__Host-renkei");
        assert_eq!((cookie.secure(), cookie.http_only(), cookie.path()), (Some(true), Some(true), Some("/")));
    }
}
