//! What a posted form brings: its fields in order, with a limit, only after its sender was judged
//! (`judged`) and only when its token fits. Fields stay at hand when something is wrong, so that nothing
//! typed is lost.

use std::future::Future;
use std::pin::Pin;

use actix_web::FromRequest;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::ErrorPayloadTooLarge;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::web::Query;
use futures_util::StreamExt;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::source::BYTES_MAX;
use crate::texts;
use crate::web::routes;
use crate::web::routes::May;
use crate::web::security::Guard;

texts! {
    form_token_is_old {
        ja: "この画面は開いてから時間がたったか、サインインし直したあとの古い画面です。開き直して、もう一度送ってください。",
        en: "This page is from before you last signed in. Open it again and send once more.",
    }
    form_is_unreadable { ja: "送られた内容を読み取れませんでした。開き直して、もう一度送ってください。", en: "We could not read what was sent. Open the page again and send once more." }
}

/// The name of the hidden field that carries the token (`_csrf.html` writes it).
pub const TOKEN: &str = "csrf";

/// How far past its limit a body is read, so that a browser hears the answer instead of a cut line.
const DRAINED_MAX: usize = 32 << 20;

/// The longest body with a file in it: the longest file that is read, with each of its bytes escaped.
const FILE_MAX: usize = 3 * BYTES_MAX + (64 << 10);

/// The fields of a posted form, in their order; a name may occur several times.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields(pub Vec<(String, String)>);

/// What a form brought, kept beside its request: a page that says that it did not arrive can show it and
/// offer to send it again. A form with a password in it is not kept.
#[derive(Debug, Clone)]
pub(super) struct Kept(pub Fields);

impl Kept {
    /// What was kept of this request.
    pub fn of(request: &HttpRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    fn keep(request: &HttpRequest, fields: &Fields) {
        if !SECRET.iter().any(|name| fields.has(name)) {
            request.extensions_mut().insert(Self(fields.clone()));
        }
    }

    /// What a person wrote in their own words: not the codes and numbers that a page sends by itself.
    pub fn words(&self) -> Vec<String> {
        let own = |value: &&String| !value.is_ascii() || value.trim().contains(char::is_whitespace);
        self.0.0.iter().map(|(_, value)| value).filter(own).cloned().collect()
    }
}

/// Names of fields that hold passwords.
const SECRET: [&str; 4] = ["password", "again", "old", "new"];

impl Fields {
    /// The first value of a field; empty when it was not sent.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every value of a field, as check boxes send them.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(field, _)| field == name).map(|(_, value)| value.as_str())
    }

    /// Whether the field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, _)| field == name)
    }

    /// Reads a value such as an id or a number; a flaw beside the field when it does not fit.
    pub fn read<T: std::str::FromStr>(&self, name: &str) -> Result<T> {
        self.get(name).trim().parse().map_err(|_| Error::invalid(name, Words::of(Text::form_is_unreadable)))
    }

    /// Reads the fields of a urlencoded body; `None` when it is not one.
    pub fn parse(body: &[u8]) -> Option<Self> {
        let body = std::str::from_utf8(body).ok()?;
        Some(Self(Query::<Vec<(String, String)>>::from_query(body).ok()?.into_inner()))
    }
}

impl FromRequest for Fields {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = payload.take();
        Box::pin(async move {
            let unreadable = || Error::invalid("", Words::of(Text::form_is_unreadable));
            let guard =
                request.app_data::<Data<Guard>>().ok_or_else(|| Error::fault("no guard is set up"))?;
            let body = read_body(payload, form_max(&request, guard)).await?;
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if !kind.is_some_and(|kind| {
                kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded")
            }) {
                return Err(unreadable().into());
            }
            let mut fields = Self::parse(&body).ok_or_else(unreadable)?;
            if !guard.fits(&request, fields.get(TOKEN)) {
                return Err(Error::Forbidden(Words::of(Text::form_token_is_old)).into());
            }
            fields.0.retain(|(name, _)| name != TOKEN);
            Kept::keep(&request, &fields);
            Ok(fields)
        })
    }
}

/// The longest body of an address: a file that authors bring in may be longer than any form.
pub(crate) fn form_max(request: &HttpRequest, guard: &Guard) -> usize {
    match routes::row(request) {
        Some(row) if row.may == May::Author => FILE_MAX,
        _ => guard.form_max(),
    }
}

/// Lets a body pass by without keeping any of it: who was refused unread still hears the answer.
pub(crate) async fn let_pass(mut payload: Payload) {
    let mut seen = 0;
    while let Some(Ok(chunk)) = payload.next().await {
        seen += chunk.len();
        if seen > DRAINED_MAX {
            break;
        }
    }
}

/// Reads a body up to the limit; past it, reads on without keeping and then refuses.
pub(crate) async fn read_body(
    mut payload: Payload,
    max: usize,
) -> std::result::Result<Vec<u8>, actix_web::Error> {
    let mut body = Vec::new();
    let mut seen = 0;
    while let Some(chunk) = payload.next().await {
        let chunk = chunk?;
        seen += chunk.len();
        if seen > DRAINED_MAX {
            break;
        }
        if seen <= max {
            body.extend_from_slice(&chunk);
        }
    }
    if seen > max { Err(ErrorPayloadTooLarge("form too large")) } else { Ok(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_keep_their_order_and_their_repeats() {
        let fields =
            Fields::parse("skin=mild&note=%E7%99%BA%E8%B5%A4+2cm&to=a&to=b&empty=".as_bytes()).unwrap();
        assert_eq!(fields.get("note"), "発赤 2cm");
        assert_eq!(fields.all("to").collect::<Vec<_>>(), ["a", "b"]);
        assert!(fields.has("empty"));
        assert!(!fields.has("absent"));
        assert!(fields.read::<u32>("skin").is_err());
        assert!(Fields::parse(b"\xff\xfe").is_none());
    }
}
