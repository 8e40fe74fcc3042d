//! The harness itself, before anyone relies on it.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;

use crate::support::browser::{Browser, Screen};
use crate::support::canary::Hunt;
use crate::support::visitor::Visitor;
use crate::support::{Kind, postgres, scratch};

#[test]
fn two_stories_on_postgres_never_see_each_other() {
    let (mut one, mut other) = (open(&Kind::Postgres.fresh()), open(&Kind::Postgres.fresh()));
    one.batch_execute("CREATE TABLE told (n INT)").unwrap();
    assert!(
        other.batch_execute("SELECT n FROM told").is_err(),
        "the second story found the first one's table"
    );
}

#[test]
fn a_copy_of_a_database_starts_with_its_rows_and_goes_its_own_way() {
    let template = Kind::Postgres.fresh();
    let name = template.trim_start_matches("postgres:///").split('?').next().unwrap();
    open(&template).batch_execute("CREATE TABLE told (n INT); INSERT INTO told VALUES (7)").unwrap();
    let mut copy = open(&postgres::copy_of(name));
    let moved = diesel::sql_query("UPDATE told SET n = 8 WHERE n = 7").execute(&mut copy);
    assert_eq!(moved, Ok(1), "the row came along");
    let untouched = diesel::sql_query("UPDATE told SET n = 9 WHERE n = 7").execute(&mut open(&template));
    assert_eq!(untouched, Ok(1), "the template's row is another row");
}

#[test]
fn each_sqlite_story_has_a_file_of_its_own() {
    assert_ne!(Kind::Sqlite.fresh(), Kind::Sqlite.fresh());
}

fn open(address: &str) -> PgConnection {
    PgConnection::establish(address).unwrap()
}

#[test]
fn the_browser_reports_a_page_that_fails_its_readers_and_passes_one_that_does_not() {
    let good = "<html lang=ja><title>よい</title><meta name=viewport content=width=device-width><main><h1>よい頁</h1><label for=a>体温</label><input id=a></main>";
    let bad = format!(
        "<html lang=ja><title>わるい</title><meta name=viewport content=width=device-width><main><h1>わるい頁</h1><input><p onclick=x()>押せない</p>\
               <pre>{}</pre><script>nothing()</script></main>",
        "広".repeat(200)
    );
    let site = static_site(vec![("/good", good.to_owned()), ("/bad", bad)]);
    let browser = Browser::open(&site, Screen::Phone);

    browser.go("/good");
    browser.see("よい頁");
    browser.write("体温", "38.5");
    assert_eq!(browser.barriers(), Vec::<String>::new());
    assert_eq!((browser.complaints(), browser.overflow()), (vec![], 0));
    assert!(std::fs::metadata(browser.picture("harness-phone")).unwrap().len() > 1_000);
    assert!(browser.print().starts_with(b"%PDF"));

    browser.go("/bad");
    browser.see("わるい頁");
    browser.see_nothing_of("よい頁");
    assert!(browser.barriers().iter().any(|barrier| barrier.contains("label")), "{:?}", browser.barriers());
    assert!(browser.overflow() > 0, "a wide page must be noticed");
    let complaints = browser.complaints();
    assert!(complaints.iter().any(|line| line.contains("Content Security Policy")), "{complaints:?}");
}

#[test]
fn the_browser_can_do_without_script() {
    let page = "<html lang=ja><title>t</title><main><h1>頁</h1><noscript>素のまま</noscript></main>";
    let site = static_site(vec![("/", page.to_owned())]);
    let browser = Browser::open(&site, Screen::Desk);
    browser.go("/");
    browser.see_nothing_of("素のまま");
    browser.without_script(true);
    browser.reload();
    browser.see("素のまま");
}

#[test]
fn a_planted_word_is_found_in_every_form_it_could_take_and_not_where_it_is_not() {
    let word = "鷺沼ゑゐ子";
    let hunt = Hunt::of(&[word, "ほかの言葉"]);
    let base64 = |before: &str| data_encoding::BASE64.encode(format!("{before}{word}後").as_bytes());
    for leak in [
        format!("患者：{word}様"),
        base64(""),
        base64("a"),
        base64("ab"),
        data_encoding::HEXUPPER.encode(word.as_bytes()),
        format!("\\\\x{}", data_encoding::HEXLOWER.encode(base64("x").as_bytes())),
        serde_json::to_string(word.as_bytes()).unwrap(),
        "\\u9dfa\\u6cbc\\u3091\\u3090\\u5b50".to_owned(),
        url::form_urlencoded::byte_serialize(word.as_bytes()).collect(),
        "鷺沼ヱヰ子".to_owned(),
    ] {
        assert!(!hunt.in_bytes(leak.as_bytes()).is_empty(), "not found in {leak}");
    }
    for (encoding, bytes) in
        [("Shift_JIS", encoding_rs::SHIFT_JIS.encode(word).0), ("EUC-JP", encoding_rs::EUC_JP.encode(word).0)]
    {
        assert!(hunt.in_bytes(&bytes).iter().any(|form| form.contains(encoding)), "{encoding}");
    }
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_be_bytes).collect();
    assert!(!hunt.in_bytes(&wide).is_empty());
    for innocent in ["患者：鷺沼様", "", "\\x", "6bef", "鷺 沼 ゑ"] {
        assert!(hunt.in_bytes(innocent.as_bytes()).is_empty(), "{innocent}");
    }

    let folder = scratch::folder("leak");
    std::fs::create_dir(folder.join("backup")).unwrap();
    std::fs::write(folder.join("backup").join(format!("{word}.txt")), "空").unwrap();
    std::fs::write(folder.join("page.bin"), base64("no")).unwrap();
    assert_eq!(hunt.under(&folder).len(), 2, "one leak in a name, one in a file");
}

#[test]
fn the_visitor_sends_a_form_as_the_page_offers_it_and_nothing_else() {
    let page = "<html lang=ja><title>t</title><main><h1>体温</h1><form method=post action=/post?a=1>\
        <input type=hidden name=id value=77><input name=degrees value=36.5><input name=off disabled value=x>\
        <textarea name=note>\nいつも&amp;通り</textarea><input type=checkbox name=seen value=yes checked>\
        <input type=radio name=how value=well checked><input type=radio name=how value=badly>\
        <select name=site><option value=skin>皮膚</option><option value=bag selected>袋</option></select>\
        <button name=act value=save>保存する</button><button name=act value=send>送る</button></form></main>";
    let site = static_site(vec![("/", page.to_owned())]);
    let form = Visitor::of(&site).get("/");
    form.is(200).says("皮膚 袋").hides("発熱");

    let untouched = form.fill("送る", &[]);
    assert_eq!((untouched.method.as_str(), untouched.action.path()), ("POST", "/post"));
    assert_eq!(
        untouched.body(),
        "id=77&degrees=36.5&note=%E3%81%84%E3%81%A4%E3%82%82%26%E9%80%9A%E3%82%8A&seen=yes&how=well&site=bag&act=send"
    );
    let filled =
        form.fill("保存する", &[("degrees", "38.2"), ("seen", ""), ("how", "badly"), ("site", "skin")]);
    assert_eq!(
        ["degrees", "how", "site", "act"].map(|name| filled.value(name)),
        ["38.2", "badly", "skin", "save"]
    );
    assert!(!filled.fields.iter().any(|(name, _)| name == "seen" || name == "off"));
    for impossible in [("id", "78"), ("how", "so-so"), ("pulse", "80"), ("off", "y")] {
        let refused = std::panic::catch_unwind(|| form.fill("送る", &[impossible]));
        assert!(refused.is_err(), "a person without script cannot send {impossible:?}");
    }
}

/// A server of fixed pages under the strictest content security policy.
fn static_site(pages: Vec<(&'static str, String)>) -> String {
    use std::io::{BufRead, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let site = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let line = std::io::BufReader::new(&stream).lines().next();
            let path = line.and_then(Result::ok).and_then(|line| Some(line.split(' ').nth(1)?.to_owned()));
            let page = pages
                .iter()
                .find(|(at, _)| Some(*at) == path.as_deref())
                .map_or("", |(_, page)| page.as_str());
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n\
                        Content-Security-Policy: default-src 'self'";
            let _ =
                write!(&stream, "{head}\r\nContent-Length: {}\r\n\r\n<!doctype html>{page}", page.len() + 15);
        }
    });
    site
}
