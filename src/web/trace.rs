//! One span and one line per request: number, method, the route's pattern, status, duration.
//! Never an address as it was typed, a body, a name or a token.

use std::time::Instant;

use actix_web::Error;
use actix_web::HttpMessage;
use actix_web::HttpRequest;
use actix_web::body::BoxBody;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceRequest;
use actix_web::dev::ServiceResponse;
use actix_web::http::header::HeaderName;
use actix_web::http::header::HeaderValue;
use actix_web::middleware::Next;
use data_encoding::BASE32_NOPAD;
use tracing::Instrument;

use crate::kernel::seal::random;

/// The number of a request, short enough to be read out on the telephone: `K7F3-9QWX`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference(pub String);

impl Reference {
    /// The number of this request.
    pub fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().cloned().unwrap_or(Self(String::new()))
    }

    fn new() -> Self {
        let letters = BASE32_NOPAD.encode(&random::<5>().unwrap_or_default());
        let (left, right) = letters.split_at_checked(4).unwrap_or((&letters, ""));
        Self(format!("{left}-{right}"))
    }
}

/// Middleware, outermost: numbers the request and says in one line how it went.
pub async fn trace(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let reference = Reference::new();
    let begun = Instant::now();
    let method = request.method().to_string();
    request.extensions_mut().insert(reference.clone());
    let span = tracing::info_span!("request", reference = %reference.0);
    let mut response = next.call(request).instrument(span.clone()).await?.map_into_boxed_body();
    let route = response.request().match_pattern().unwrap_or_else(|| "(none)".to_owned());
    let status = response.status().as_u16();
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    span.in_scope(|| tracing::info!(method, route, status, micros, "answered"));
    if let Ok(value) = HeaderValue::from_str(&reference.0) {
        response.headers_mut().insert(HeaderName::from_static("x-request-reference"), value);
    }
    Ok(response)
}
