//! The body of a request to the JSON face: of limited size and depth, and only read after its sender
//! was judged (`judged`).

use std::future::Future;
use std::pin::Pin;

use actix_web::FromRequest;
use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::http::header;
use serde::de::DeserializeOwned;

use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;
use crate::web::app::guard;
use crate::web::form::form_max;
use crate::web::form::read_body;

/// How deep a body may nest.
const DEPTH_MAX: usize = 32;

/// A JSON body that was read.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = std::result::Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let max = form_max(&request, &*guard(&request)?);
            let bytes = read_body(payload, max).await?;
            let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            if !kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/json")) {
                return Err(Error::invalid("", Words::of(Text::body_is_not_json)).into());
            }
            Ok(Self(read(&bytes)?))
        })
    }
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    if depth(bytes) > DEPTH_MAX {
        return Err(Error::invalid("", Words::of(Text::body_is_deep)));
    }
    serde_json::from_slice(bytes).map_err(|why| {
        // Line and column name the place; the message itself could quote what was sent.
        let (line, column) = (why.line(), why.column());
        Error::invalid("", Words::of(|t| t.body_has_another_shape(line, column)))
    })
}

/// How deep brackets nest outside of strings. Counted before any parser sees the bytes.
fn depth(bytes: &[u8]) -> usize {
    let (mut deepest, mut now, mut inside, mut escaped) = (0_usize, 0_usize, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if inside => escaped = true,
            b'"' => inside = !inside,
            b'[' | b'{' if !inside => {
                now += 1;
                deepest = deepest.max(now);
            }
            b']' | b'}' if !inside => now = now.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

texts! {
    body_is_not_json { ja: "JSONで送ってください（content-type: application/json）。", en: "Send JSON (content-type: application/json)." }
    body_is_deep { ja: "送られた内容の入れ子が深すぎます。", en: "The body nests too deeply." }
    body_has_another_shape(line: usize, column: usize) {
        ja: "送られた内容の形が違います（{line}行{column}列）。openapi.jsonを確かめてください。",
        en: "The body has another shape (line {line}, column {column}). See openapi.json."
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_strings() {
        assert_eq!(depth(br#"{"a": [1, {"b": "[[[["}]}"#), 3);
        assert_eq!(depth(br#""\"[[""#), 0);
        assert!(read::<serde_json::Value>("[".repeat(100_000).as_bytes()).is_err());
        assert!(read::<serde_json::Value>(b"{\"a\": [[1]]}").is_ok());
    }
}
