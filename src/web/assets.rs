//! Style sheets, modules and pictures: inside the binary, named after their content, compressed
//! when it was built. They hold nothing about anyone, so browsers may keep them for ever.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header;
use actix_web::web::Path;

/// One file as browsers fetch it.
#[derive(Debug)]
pub struct Asset {
    /// Its name in the address, with the digest of its content.
    pub name: &'static str,
    /// Its content type.
    pub kind: &'static str,
    /// Its bytes.
    pub plain: &'static [u8],
    /// Its bytes for those who accept gzip.
    pub gzip: Option<&'static [u8]>,
    /// Its bytes for those who accept brotli.
    pub brotli: Option<&'static [u8]>,
}

include!(concat!(env!("OUT_DIR"), "/assets/table.rs"));

/// `GET /assets/{name}`
pub async fn serve(request: HttpRequest, name: Path<String>) -> HttpResponse {
    let Some(asset) = ASSETS.iter().find(|asset| asset.name == name.as_str()) else {
        return HttpResponse::new(StatusCode::NOT_FOUND);
    };
    let accepted = request.headers().get(header::ACCEPT_ENCODING).and_then(|value| value.to_str().ok());
    let (encoding, bytes) = best(asset, accepted.unwrap_or_default());
    let mut response = HttpResponse::Ok();
    response
        .insert_header((header::CONTENT_TYPE, asset.kind))
        .insert_header((header::CACHE_CONTROL, "public, max-age=31536000, immutable"))
        .insert_header((header::VARY, "accept-encoding"));
    if let Some(encoding) = encoding {
        response.insert_header((header::CONTENT_ENCODING, encoding));
    }
    response.body(bytes)
}

/// The smallest form that the browser accepts.
fn best(asset: &'static Asset, accepted: &str) -> (Option<&'static str>, &'static [u8]) {
    let accepts = |coding: &str| {
        accepted.split(',').any(|item| {
            let mut parts = item.split(';').map(str::trim);
            let named = parts.next().is_some_and(|name| name.eq_ignore_ascii_case(coding));
            let refused = parts.any(|part| {
                part.strip_prefix("q=")
                    .is_some_and(|weight| weight.parse::<f32>().is_ok_and(|weight| weight == 0.0))
            });
            named && !refused
        })
    };
    match (asset.brotli, asset.gzip) {
        (Some(bytes), _) if accepts("br") => (Some("br"), bytes),
        (_, Some(bytes)) if accepts("gzip") => (Some("gzip"), bytes),
        _ => (None, asset.plain),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sheet() -> &'static Asset {
        ASSETS.iter().find(|asset| asset.kind.starts_with("text/css")).unwrap()
    }

    #[test]
    fn a_browser_gets_the_smallest_form_that_it_accepts() {
        assert_eq!(best(sheet(), "gzip, deflate, br").0, Some("br"));
        assert_eq!(best(sheet(), "gzip, br;q=0").0, Some("gzip"));
        assert_eq!(best(sheet(), "").0, None);
        assert!(best(sheet(), "br").1.len() < sheet().plain.len() / 3);
    }

    #[test]
    fn modules_import_each_other_by_their_hashed_names() {
        for asset in ASSETS.iter().filter(|asset| asset.kind.starts_with("text/javascript")) {
            let text = std::str::from_utf8(asset.plain).unwrap();
            for line in text.lines().filter(|line| line.starts_with("import ")) {
                let imported = line.split('"').nth(1).unwrap().trim_start_matches("./");
                assert!(ASSETS.iter().any(|asset| asset.name == imported), "{}: {line}", asset.name);
            }
        }
    }

    #[test]
    fn modules_stay_small() {
        for asset in ASSETS.iter().filter(|asset| asset.kind.starts_with("text/javascript")) {
            let lines = std::str::from_utf8(asset.plain).unwrap().lines().count();
            assert!(lines <= 100, "{} has {lines} lines", asset.name);
        }
    }

    /// Relative luminance contrast of WCAG 2.
    fn contrast(one: &str, other: &str) -> f64 {
        let luminance = |hex: &str| {
            let channel = |at: usize| {
                let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
                if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
            };
            0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
        };
        let (one, other) = (luminance(one) + 0.05, luminance(other) + 0.05);
        if one > other { one / other } else { other / one }
    }

    #[test]
    fn text_stands_out_from_its_ground_by_seven_to_one() {
        let tokens = include_str!("static/tokens.css");
        let (light, dark) = tokens.split_once("prefers-color-scheme: dark").unwrap();
        for (mode, half) in [("light", light), ("dark", dark)] {
            let colour = |name: &str| {
                let (_, rest) =
                    half.split_once(&format!("--{name}: #")).unwrap_or_else(|| panic!("{mode}: no {name}"));
                format!("#{}", &rest[..6])
            };
            let grounds = ["paper", "surface", "sunken"];
            for ink in ["ink", "ink-soft", "act", "harm", "due", "done"] {
                for ground in grounds {
                    let ratio = contrast(&colour(ink), &colour(ground));
                    assert!(ratio >= 7.0, "{mode}: {ink} on {ground} is {ratio:.2}");
                }
            }
            for (ink, ground) in [
                ("harm", "harm-soft"),
                ("due", "due-soft"),
                ("done", "done-soft"),
                ("act", "act-soft"),
                ("on-act", "act"),
                ("on-harm", "harm"),
                ("ink", "act-soft"),
                ("ink", "due-soft"),
                ("ink", "harm-soft"),
                ("ink", "done-soft"),
            ] {
                let ratio = contrast(&colour(ink), &colour(ground));
                assert!(ratio >= 7.0, "{mode}: {ink} on {ground} is {ratio:.2}");
            }
            for ground in grounds {
                let ratio = contrast(&colour("line"), &colour(ground));
                assert!(ratio >= 3.0, "{mode}: line on {ground} is {ratio:.2}");
            }
        }
    }
}
