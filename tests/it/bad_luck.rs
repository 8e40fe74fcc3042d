//! Bad luck, as people and operators meet it over HTTP: a post of ten megabytes, a disk that is full, a
//! plug that is pulled between a post and its answer, a form of another's session, a keys file that is
//! gone. Each time: a clear sentence, nothing lost, nothing doubled.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use renkei::kernel::id::EntryId;
use renkei::kernel::lang::Lang;
use renkei::ops::keys;
use serde_json::{Value, json};

use crate::http_api::{ask, token};
use crate::support::postgres::Server;
use crate::support::program::{Running, run};
use crate::support::site::in_each_site;
use crate::support::visitor::{Page, Visitor};
use crate::support::ward::{PASSWORD, Ward};
use crate::support::{Kind, on_each_database, scratch};

#[test]
fn ten_megabytes_get_a_sentence_in_the_readers_language() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let huge = "a".repeat(10 << 20);
        let filled = nurse.get(&site.thread()).fill("送る", &[("body", "長い")]).forged("body", &huge);
        let said = nurse.submit(&filled);
        said.is(413).says("内容が長すぎます").says("何も変わっていません").says("いくつかに分けて");
        nurse.send(&nurse.get("/account"), "表示を保存する", &[("lang", "en")]).is(200);
        let said = nurse.submit(&filled);
        said.is(413).says("This is too long").says("Nothing was changed").says("in several parts");
        let (program, secret) = (site.visitor(), token(site, "ito", &["read", "write"]));
        let face = format!("/api/v1{}", site.thread());
        let body = json!({ "entry": EntryId::new(), "text": huge }).to_string();
        let problem = ask(&program, &secret, "POST", &format!("{face}/posts"), Some(&body));
        assert_eq!(problem.is(413).header("content-type"), Some("application/problem+json"));
        let problem: Value = serde_json::from_str(&problem.body).unwrap();
        assert_eq!(
            (&problem["code"], &problem["what"]["ja"]),
            (&json!("too_large"), &json!("内容が長すぎます"))
        );
        let thread = ask(&program, &secret, "GET", &format!("{face}/thread"), None);
        assert!(!thread.is(200).body.contains("aaaa"), "nothing of it was kept");
    });
}

#[test]
fn a_form_of_anothers_session_is_refused() {
    in_each_site(|site| {
        let (nurse, _) = site.signed_in("ito");
        let (doctor, _) = site.signed_in("sato");
        let filled = nurse.get(&site.thread()).fill("送る", &[("body", "佐藤の名で書く")]);
        doctor.submit(&filled).is(403).says("開き直して");
        site.visitor().submit(&filled).is(401);
        doctor.get(&site.thread()).hides("佐藤の名で書く");
        nurse.submit(&filled).is(200).says("佐藤の名で書く");
    });
}

/// A region that the program itself serves.
struct Served {
    database: String,
    keys: String,
    ward: Ward,
    runtime: tokio::runtime::Runtime,
}

impl Served {
    fn new(database: String) -> Self {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let ward = runtime.block_on(Ward::build(&database));
        let file = scratch::folder("keys").join("region.keys");
        keys::write(&file, ward.house.keys()).unwrap();
        Self { database, keys: file.display().to_string(), ward, runtime }
    }

    fn start(&self, prelude: &str) -> Running {
        let arguments = ["serve", "--port", "0", "--database", &self.database, "--keys", &self.keys];
        Running::start_with(prelude, &arguments, None)
    }

    fn nurse(&self, program: &Running) -> Visitor {
        let visitor = Visitor::of(&program.site);
        let door = visitor.get("/sign-in");
        visitor.send(&door, "サインインする", &[("name", "ito"), ("password", PASSWORD)]).is(200);
        visitor
    }

    fn token(&self) -> String {
        let added = self.ward.house.add_token(self.ward.ito, "story", &["read", "write"], 30);
        self.runtime.block_on(added).unwrap().1
    }

    fn thread(&self) -> String {
        format!("/patients/{}", self.ward.tanaka)
    }

    /// How often a text stands on the thread, whoever asks first.
    fn count(&self, text: &str) -> usize {
        let (house, ward) = (&self.ward.house, &self.ward);
        let read = house.look(ward.sato, ward.tanaka, "thread", move |look| {
            let (mut before, mut texts) = (None, Vec::new());
            loop {
                let view = renkei::acts::views::thread::read(look, Lang::Ja, before)?;
                texts.extend(view.lines.iter().filter_map(|line| match line {
                    renkei::acts::views::thread::Line::Post(post) => Some(post.post.text.clone()),
                    _ => None,
                }));
                before = view.earlier;
                if before.is_none() {
                    return Ok(texts);
                }
            }
        });
        let texts = self.runtime.block_on(read).unwrap();
        texts.iter().filter(|own| own.starts_with(text)).count()
    }
}

/// The blocks of 512 bytes that a file may have: the shell's own unit.
const SQLITE_BLOCKS: usize = 2_048;
const POSTGRES_BLOCKS: usize = 40_960;

/// A disk that takes nothing more, as far as the database can tell: its files must not grow. Reading goes
/// on, the page keeps what was written, and once there is space the same page sends it.
#[test]
fn a_full_disk_says_that_nothing_was_saved_and_keeps_what_was_written() {
    on_each_database(|kind| {
        let server = (kind == Kind::Postgres)
            .then(|| Server::limited(&format!("ulimit -f {POSTGRES_BLOCKS};"), &["autovacuum=off"]));
        let served = Served::new(server.as_ref().map_or_else(|| kind.fresh(), Server::fresh));
        let prelude = match kind {
            Kind::Sqlite => format!("ulimit -f {SQLITE_BLOCKS}; trap '' XFSZ;"),
            Kind::Postgres => String::new(),
        };
        make_space(kind, &served.database);
        let program = served.start(&prelude);
        let (nurse, secret) = (served.nurse(&program), served.token());
        fill_up(kind, &served, &nurse, &secret);

        let page = nurse.get(&served.thread());
        let filled = page.fill("送る", &[("body", "発赤が広がっています。往診をお願いします。")]);
        let full = fail(|| nurse.submit(&filled), "いまは保存できません");
        full.is(503).says("保存されていません").says("もう一度送れます").says("急ぐときは電話");
        full.says("発赤が広がっています。往診をお願いします。");
        let face = format!("/api/v1{}/posts", served.thread());
        let body = json!({ "entry": EntryId::new(), "text": "体温 38.5" }).to_string();
        let problem = fail(|| ask(&nurse, &secret, "POST", &face, Some(&body)), "full");
        assert!(problem.is(503).body.contains("\"code\":\"full\""), "{}", problem.body);
        // Reading goes on, for others too.
        nurse.get(&served.thread()).is(200).hides("発赤が広がって");
        nurse.get("/").is(200);
        assert_eq!((served.count("発赤"), served.count("体温")), (0, 0));

        make_space(kind, &served.database);
        let sent = nurse.send(&full, "もう一度送る", &[]);
        sent.is(200).says("発赤が広がっています");
        nurse.submit(&filled).is(200);
        ask(&nurse, &secret, "POST", &face, Some(&body)).is(201);
        assert_eq!((served.count("発赤"), served.count("体温")), (1, 1));
        assert_eq!(program.stop(), Some(0));
        assert_eq!(run(&["verify", "--database", &served.database]).status.code(), Some(0));
    });
}

/// Tries until the disk is full for this size, too: a small entry may still find room where a large one
/// did not.
#[track_caller]
fn fail(mut send: impl FnMut() -> Page, says: &str) -> Page {
    let page = send();
    assert!(page.body.contains(says), "{page}");
    page
}

/// Writes until nothing more fits.
fn fill_up(kind: Kind, served: &Served, nurse: &Visitor, secret: &str) {
    if kind == Kind::Postgres {
        return fill_pages(&served.database);
    }
    // The write-ahead log grows by what is posted; the last posts are small, so that nothing small fits.
    let face = format!("/api/v1{}/posts", served.thread());
    for text in ["詰め物。".repeat(1_400), "詰".to_owned()] {
        let refused = (0..800).find_map(|_| {
            let body = json!({ "entry": EntryId::new(), "text": text }).to_string();
            let answer = ask(nurse, secret, "POST", &face, Some(&body));
            (answer.status != 201).then_some(answer)
        });
        refused.expect("the disk is full at some time").is(503);
    }
}

/// Fills every page of the tables that a post goes to, and as many as the limit allows.
fn fill_pages(database: &str) {
    let mut conn = PgConnection::establish(database).unwrap();
    // Rows of a log that nobody has; each of a size, so that the last free bytes go as well.
    for (size, times) in [(1_500, 30_000), (200, 3_000), (1, 3_000)] {
        for _ in 0..times / 500 {
            let rows = format!(
                "INSERT INTO entry (log, seq, id, kind, version, source, at, audience, digest, hash, sealed) \
                 SELECT decode('00', 'hex'), (SELECT coalesce(max(seq), 0) FROM entry WHERE log = decode('00', 'hex')) + n, \
                 uuid_send(gen_random_uuid()), 'filler', 1, 'clock', 0, 'staff', '\\x00', '\\x00', \
                 decode(repeat('ab', {size}), 'hex') FROM generate_series(1, 500) AS n"
            );
            if conn.batch_execute(&rows).is_err() {
                break;
            }
        }
    }
}

/// Gives back what the database does not need.
fn make_space(kind: Kind, database: &str) {
    match kind {
        Kind::Sqlite => {
            let mut conn = SqliteConnection::establish(database).unwrap();
            conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA wal_checkpoint(TRUNCATE)").unwrap();
        }
        Kind::Postgres => {
            let mut conn = PgConnection::establish(database).unwrap();
            conn.batch_execute("DELETE FROM entry WHERE log = decode('00', 'hex')").unwrap();
            conn.batch_execute("VACUUM entry").unwrap();
        }
    }
}

/// How long after a post was sent the plug is pulled, in microseconds.
const CUTS: [u64; 7] = [0, 500, 1_000, 2_000, 3_000, 5_000, 8_000];

/// Pulls the plug while posts are on their way. Whatever was answered is there; whatever was not is sent
/// again with the same body, and is there once.
#[test]
fn a_post_whose_answer_was_cut_off_is_sent_again_and_stands_once() {
    on_each_database(|kind| {
        let served = Served::new(kind.fresh());
        let secret = served.token();
        let path = format!("/api/v1{}/posts", served.thread());
        let (mut cut, mut heard) = (0, 0);
        for round in 0..=CUTS.len() {
            let program = served.start("");
            let text = format!("第{round}回の報告");
            let body = json!({ "entry": EntryId::new(), "text": text }).to_string();
            let mut line = TcpStream::connect(program.site.trim_start_matches("http://")).unwrap();
            line.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            let request = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {secret}\r\n\
                 content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            );
            line.write_all(request.as_bytes()).unwrap();
            // The plug is pulled sooner or later; in the last round, as soon as the answer begins.
            let mut answer = vec![0; 12];
            match CUTS.get(round) {
                Some(micros) => std::thread::sleep(Duration::from_micros(*micros)),
                None => line.read_exact(&mut answer).unwrap(),
            }
            program.kill();
            if CUTS.get(round).is_some() {
                answer.clear();
                let _ = line.read_to_end(&mut answer);
            }
            if answer.starts_with(b"HTTP/1.1 201") {
                heard += 1;
                assert_eq!(served.count(&text), 1, "what was answered is there");
            } else {
                cut += 1;
            }
            let program = served.start("");
            for _ in 0..2 {
                ask(&Visitor::of(&program.site), &secret, "POST", &path, Some(&body)).is(201);
            }
            assert_eq!(served.count(&text), 1, "round {round}");
            program.kill();
        }
        assert!(cut > 0 && heard > 0, "{cut} cut off, {heard} heard");
        assert_eq!(run(&["verify", "--database", &served.database]).status.code(), Some(0));
    });
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// Without its key a region is not served, and the program says why and what helps; the sheet of paper
/// brings the key back.
#[test]
fn a_lost_key_is_named_and_comes_back_from_the_recovery_sheet() {
    on_each_database(|kind| {
        let database = kind.fresh();
        let file = scratch::folder("keys").join("region.keys");
        let keys = file.display().to_string();
        let place = ["--database", &database, "--keys", &keys];
        let begun = run(&[&["region", "init", "--name", "試験地域"][..], &place].concat());
        assert!(begun.status.success(), "{}", said(&begun));
        let shown = String::from_utf8_lossy(&begun.stdout).into_owned();
        let sheet: Vec<&str> = shown
            .lines()
            .filter_map(|line| {
                line.trim().split_once("  ").filter(|(number, _)| number.parse::<u8>().is_ok())
            })
            .map(|(_, groups)| groups)
            .collect();
        assert_eq!(sheet.len(), 8, "{shown}");
        let whole = std::fs::read(&file).unwrap();
        let serve = || run(&[&["serve", "--port", "0"][..], &place].concat());
        for torn in [&whole[..whole.len() / 2], b"", b"\xff\xfe not a key"] {
            std::fs::write(&file, torn).unwrap();
            let refused = serve();
            assert_eq!(refused.status.code(), Some(1));
            assert!(said(&refused).contains("is not a keys file, or it is damaged"), "{}", said(&refused));
        }
        std::fs::remove_file(&file).unwrap();
        let refused = serve();
        assert_eq!(refused.status.code(), Some(1));
        assert!(said(&refused).contains("region recover"), "{}", said(&refused));

        // A slip of the pen is noticed at once; half a sheet makes no key.
        let (code, told) = recover(&file, &["AAAA AAAA AAAA AAAA"]);
        assert!(code == Some(1) && told.contains("nothing was written") && !file.exists(), "{told}");
        let mut typed = vec!["AAAA AAAA AAAA AAAA"];
        typed.extend(&sheet);
        let (code, told) = recover(&file, &typed);
        assert_eq!(code, Some(0), "{told}");
        assert!(told.contains("that is not line 1"), "{told}");
        assert_eq!(std::fs::read(&file).unwrap(), whole);
        let (code, told) = recover(&file, &sheet);
        assert!(code == Some(1), "a keys file is never written over: {told}");

        let program = Running::start(&[&["serve", "--port", "0"][..], &place].concat());
        let link = shown.lines().find_map(|line| line.split_once("/join/")).unwrap().1;
        Visitor::of(&program.site).get(&format!("/join/{link}")).is(200).says("管理者");
        assert_eq!(program.stop(), Some(0));
    });
}

/// Types lines into `renkei region recover`: its exit code and all that it said.
fn recover(file: &Path, lines: &[&str]) -> (Option<i32>, String) {
    let mut running = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["region", "recover", "--keys"])
        .arg(file)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut typing = running.stdin.take().unwrap();
    for line in lines {
        // It may have given up already.
        let _ = writeln!(typing, "{line}");
    }
    drop(typing);
    let done = running.wait_with_output().unwrap();
    (done.status.code(), String::from_utf8_lossy(&done.stdout).into_owned() + &said(&done))
}
