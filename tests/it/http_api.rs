//! The JSON face: the same acts and the same rights as the pages, for programs with a token.

use crate::support::site::Site;
use crate::support::site::in_each_site;
use crate::support::visitor::Page;
use crate::support::visitor::Visitor;

pub fn token(site: &Site, name: &str, scopes: &[&str]) -> String {
    let who = match name {
        "ito" => site.ward.ito,
        "sato" => site.ward.sato,
        _ => site.ward.okada,
    };
    site.runtime.block_on(site.ward.house.add_token(who, "story", scopes, 30)).unwrap().1
}

pub fn ask(visitor: &Visitor, token: &str, method: &str, path: &str, body: Option<&str>) -> Page {
    let bearer = format!("Bearer {token}");
    let headers = [
        ("authorization", bearer.as_str()),
        ("content-type", "application/json"),
        ("sec-fetch-site", ""),
        ("origin", ""),
    ];
    visitor.raw(method, path, body.map(str::to_owned), &headers)
}

const ENTRY: &str = "019a0000-0000-7000-8000-000000000001";

#[test]
fn a_program_posts_once_reads_the_thread_and_is_told_what_is_wrong() {
    in_each_site(|site| {
        let (program, secret) = (site.visitor(), token(site, "ito", &["read", "write"]));
        let face = format!("/api/v1{}", site.thread());
        let post = format!(r#"{{"entry": "{ENTRY}", "text": "体温 37.2", "kind": "report"}}"#);
        let first = ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&post));
        let again = ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&post));
        assert_eq!((first.status, again.status), (201, 201), "{first}");
        assert_eq!(first.body, again.body);
        let thread = ask(&program, &secret, "GET", &format!("{face}/thread"), None);
        assert_eq!(thread.is(200).body.matches("体温 37.2").count(), 1);
        let empty = post.replace("体温 37.2", " ").replace(ENTRY, "019a0000-0000-7000-8000-000000000002");
        let wrong = ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&empty));
        assert!(wrong.is(422).body.contains("\"field\":\"text\""), "{}", wrong.body);
        assert_eq!(wrong.header("content-type"), Some("application/problem+json"));
        let odd = ask(&program, &secret, "POST", &format!("{face}/posts"), Some(r#"{"entry": 7}"#));
        odd.is(422);
        let deep = "[".repeat(40_000);
        ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&deep)).is(422);
        let large = "x".repeat(1 << 20);
        ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&large)).is(413);
    });
}

#[test]
fn a_token_does_what_it_may_and_a_stranger_learns_nothing() {
    in_each_site(|site| {
        let program = site.visitor();
        let face = format!("/api/v1{}", site.thread());
        let reader = token(site, "ito", &["read"]);
        ask(&program, &reader, "GET", &face, None).is(200);
        let body = format!(r#"{{"entry": "{ENTRY}", "text": "x"}}"#);
        ask(&program, &reader, "POST", &format!("{face}/posts"), Some(&body)).is(403);
        let outsider = token(site, "okada", &["read", "write"]);
        for path in ["", "/thread", "/team", "/history", "/posts/1"] {
            let there = ask(&program, &outsider, "GET", &format!("{face}{path}"), None);
            assert!(!there.is(404).body.contains("田中"));
        }
        assert_eq!(ask(&program, &outsider, "GET", "/api/v1/patients", None).is(200).body, "[]");
        ask(&program, "no such token", "GET", "/api/v1/me", None).is(401);
        program.get("/api/v1/me").is(401);
        program.get("/api/v1/openapi.json").is(200);
    });
}
