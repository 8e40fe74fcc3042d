//! How this person wants to read: the language and the size of type. Chosen by a cookie (which
//! sign-in sets from the person's setting), else by what the browser asks for, else Japanese.

use std::convert::Infallible;
use std::future::Ready;
use std::future::ready;

use actix_web::FromRequest;
use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;
use actix_web::dev::Payload;
use actix_web::http::header;

use crate::kernel::error::Result;
use crate::kernel::lang::Lang;
use crate::web::form::Fields;
use crate::web::respond::local;
use crate::web::respond::see_other;
use crate::web::security::Guard;

const LANGUAGE: &str = "renkei-language";
const TYPE: &str = "renkei-type";

/// The language and the size of type that this request should be answered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reading {
    /// The language.
    pub lang: Lang,
    /// Whether the person reads large type.
    pub large: bool,
}

impl Reading {
    /// Reads the cookies, then `Accept-Language`; Japanese when neither says.
    pub fn of(request: &HttpRequest) -> Self {
        let chosen = request.cookie(LANGUAGE).and_then(|cookie| Lang::from_code(cookie.value()));
        let asked = request.headers().get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Self {
            lang: chosen.or_else(|| asked.and_then(preferred)).unwrap_or_default(),
            large: request.cookie(TYPE).is_some_and(|cookie| cookie.value() == "large"),
        }
    }
}

impl FromRequest for Reading {
    type Error = Infallible;
    type Future = Ready<std::result::Result<Self, Infallible>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// The language of ours that weighs most in an `Accept-Language` value.
fn preferred(asked: &str) -> Option<Lang> {
    let mut best: Option<(f32, Lang)> = None;
    for item in asked.split(',').take(20) {
        let (code, weight) = item.split_once(";q=").unwrap_or((item, "1"));
        let weight = weight.trim().parse::<f32>().unwrap_or(0.0);
        let Some(lang) = Lang::from_code(code.trim()) else { continue };
        if weight > 0.0 && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, lang));
        }
    }
    best.map(|(_, lang)| lang)
}

/// The cookie that remembers a language for a year.
pub fn language_cookie(lang: Lang, guard: &Guard) -> Cookie<'static> {
    remember(LANGUAGE, lang.code(), guard)
}

/// The cookie that remembers the size of type for a year.
pub fn type_cookie(large: bool, guard: &Guard) -> Cookie<'static> {
    remember(TYPE, if large { "large" } else { "normal" }, guard)
}

fn remember(name: &'static str, value: &'static str, guard: &Guard) -> Cookie<'static> {
    Cookie::build(name, value)
        .path("/")
        .http_only(true)
        .secure(guard.secure())
        .same_site(SameSite::Lax)
        .max_age(Duration::days(365))
        .finish()
}

/// What the switches' form chooses, beside what stands.
pub fn chosen(fields: &Fields, stands: Reading) -> Reading {
    Reading {
        lang: Lang::from_code(fields.get("lang")).unwrap_or(stands.lang),
        large: match fields.get("type") {
            "large" => true,
            "normal" => false,
            _ => stands.large,
        },
    }
}

/// `POST /reading`: the switches in the menu and in the foot. Fields: `lang` or `type`, and `to`,
/// the page to come back to.
pub async fn choose(guard: actix_web::web::Data<Guard>, fields: Fields) -> Result<HttpResponse> {
    let mut response = see_other(local(fields.get("to")));
    if let Some(lang) = Lang::from_code(fields.get("lang")) {
        let _ = response.add_cookie(&language_cookie(lang, &guard));
    }
    if matches!(fields.get("type"), "large" | "normal") {
        let _ = response.add_cookie(&type_cookie(fields.get("type") == "large", &guard));
    }
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn the_heaviest_language_of_ours_wins() {
        assert_eq!(preferred("fr-FR, en;q=0.8, ja;q=0.9"), Some(Lang::Ja));
        assert_eq!(preferred("en-US,en;q=0.9"), Some(Lang::En));
        assert_eq!(preferred("de, fr;q=0.2, en;q=0"), None);
    }

    #[test]
    fn a_choice_outweighs_the_browser() {
        let request = TestRequest::default()
            .insert_header(("accept-language", "ja"))
            .cookie(Cookie::new(LANGUAGE, "en"))
            .cookie(Cookie::new(TYPE, "large"))
            .to_http_request();
        assert_eq!(Reading::of(&request), Reading { lang: Lang::En, large: true });
        assert_eq!(Reading::of(&TestRequest::default().to_http_request()).lang, Lang::Ja);
    }
}
