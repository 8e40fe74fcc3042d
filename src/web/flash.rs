//! A secret that is shown once, on the page after the act that made it: it travels in a cookie that
//! scripts cannot read, lives a minute and is taken away as soon as the page was made.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::cookie::Cookie;
use actix_web::cookie::SameSite;
use actix_web::cookie::time::Duration;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::web::security::Guard;

const NAME: &str = "renkei-once";

/// Sends a secret along to the next page, which must lie at `path`.
pub fn send(response: &mut HttpResponse, guard: &Guard, path: &str, secret: &str) -> Result<()> {
    add(response, cookie(guard, path, secret))
}

/// The secret that came along, if any.
pub fn of(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|cookie| cookie.value().to_owned()).filter(|secret| !secret.is_empty())
}

/// Takes the cookie back from the browser.
pub fn take_back(response: &mut HttpResponse, guard: &Guard, path: &str) -> Result<()> {
    let mut cookie = cookie(guard, path, "");
    cookie.make_removal();
    add(response, cookie)
}

fn cookie(guard: &Guard, path: &str, secret: &str) -> Cookie<'static> {
    Cookie::build(NAME, secret.to_owned())
        .path(path.to_owned())
        .http_only(true)
        .secure(guard.secure())
        .same_site(SameSite::Strict)
        .max_age(Duration::minutes(1))
        .finish()
}

fn add(response: &mut HttpResponse, cookie: Cookie<'static>) -> Result<()> {
    response.add_cookie(&cookie).map_err(|_| Error::fault("a cookie cannot be written"))
}
