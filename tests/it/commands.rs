//! The command line as an operator meets it: a region begun, served, stopped and verified; and every
//! wrong word refused with a sentence and its exit code.

use std::io::BufRead;
use std::io::BufReader;
use std::io::Read;
use std::io::Write;
use std::process::Command;
use std::process::Stdio;

use crate::support::on_each_database;
use crate::support::program;
use crate::support::program::Running;
use crate::support::scratch;
use crate::support::visitor::Visitor;

fn words(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Runs `region init`, and types the line that it asks for as it stands on the sheet; or nonsense.
fn begin(database: &str, data: &str, keys: &str, honest: bool) -> (String, Option<i32>) {
    let mut running = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args(["region", "init", "--database", database, "--data", data, "--keys", keys])
        .args(["--name", "試験地域", "--office", "みどり町役場", "--administrator", "中村 誠", "--confirm"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut typing = running.stdin.take().unwrap();
    let mut screen = BufReader::new(running.stdout.take().unwrap());
    let (mut shown, mut sheet) = (String::new(), Vec::new());
    while sheet.len() < 8 {
        let mut line = String::new();
        assert_ne!(screen.read_line(&mut line).unwrap(), 0, "{shown}");
        let numbered = line.trim().split_once("  ").filter(|(number, _)| number.parse::<usize>().is_ok());
        sheet.extend(numbered.map(|(_, groups)| groups.to_owned()));
        shown.push_str(&line);
    }
    let mut byte = [0; 1];
    let mut asked = String::new();
    while !asked.ends_with(": ") {
        assert_eq!(screen.read(&mut byte).unwrap(), 1, "{shown}{asked}");
        asked.push(char::from(byte[0]));
    }
    let number: usize = asked.rsplit("line ").next().unwrap().trim_end_matches(": ").parse().unwrap();
    let answer = if honest { sheet[number - 1].clone() } else { "AAAA AAAA AAAA AAAA\n".repeat(3) };
    writeln!(typing, "{answer}").unwrap();
    drop(typing);
    screen.read_to_string(&mut shown).unwrap();
    (shown, running.wait().unwrap().code())
}

#[test]
fn a_region_is_begun_served_stopped_and_verified() {
    on_each_database(|kind| {
        let (database, folder) = (kind.fresh(), scratch::folder("region"));
        let (data, keys) = (folder.join("data"), folder.join("region.keys"));
        let (data, keys) = (data.to_str().unwrap(), keys.to_str().unwrap());
        let (shown, code) = begin(&database, data, keys, true);
        assert_eq!(code, Some(0), "{shown}");
        let link = shown.lines().find(|line| line.contains("/join/")).unwrap().trim().to_owned();
        let serve = ["serve", "--database", &database, "--data", data, "--keys", keys, "--port", "0"];
        let running = Running::start(&serve);
        let visitor = Visitor::of(&running.site);
        let form = visitor.get(&format!("/join/{}", link.rsplit('/').next().unwrap()));
        form.is(200).says("中村 誠");
        let secret = "a sentence to remember";
        let fields = [("name", "中村 誠"), ("sign_in", "nakamura"), ("password", secret), ("again", secret)];
        visitor.send(&form, "この内容で参加する", &fields).is(200).says("中村 誠");
        visitor.get("/admin").is(200);
        let again = program::run(&["region", "init", "--name", "x", "--database", &database, "--keys", keys]);
        assert_eq!(again.status.code(), Some(1), "a keys file is never written over: {}", words(&again));
        assert_eq!(running.stop(), Some(0), "a server that is asked to stop ends well");
        let verified = program::run(&["verify", "--database", &database]);
        assert_eq!(verified.status.code(), Some(0), "{}", words(&verified));
    });
}

#[test]
fn the_first_region_of_both_readmes_is_made_word_for_word() {
    for readme in ["README.md", "README.ja.md"] {
        let folder = scratch::folder("readme");
        let text = std::fs::read_to_string(format!("{}/{readme}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let begin = text.find("renkei region init").expect("how a region is made");
        let command = text[begin..].split("```").next().unwrap();
        let command = command.replace("/var/lib", &folder.join("lib").display().to_string());
        let command = command.replace("/etc", &folder.join("etc").display().to_string());
        let program = std::path::Path::new(env!("CARGO_BIN_EXE_renkei")).parent().unwrap();
        let path = format!("{}:{}", program.display(), std::env::var_os("PATH").unwrap().display());
        let output =
            Command::new("sh").args(["-ec", &command]).env("PATH", path).stdin(Stdio::null()).output();
        let output = output.unwrap();
        assert_eq!(output.status.code(), Some(0), "{readme}: {}", words(&output));
        assert!(words(&output).contains("https://renkei.example/join/"), "{readme}: {}", words(&output));
    }
}

#[test]
fn whoever_cannot_type_the_sheet_back_gets_no_invitation_and_the_exit_code_says_so() {
    let folder = scratch::folder("region");
    let at = |name: &str| folder.join(name).display().to_string();
    let (shown, code) = begin(&at("region.db"), &at("data"), &at("region.keys"), false);
    assert_eq!(code, Some(1), "{shown}");
    assert!(!shown.contains("/join/"), "nobody is invited before the sheet is safe: {shown}");
}

#[test]
fn wrong_words_are_refused_with_a_sentence_and_code_two() {
    for (arguments, says) in [
        (vec!["verify", "--database", "mysql://localhost/x"], "neither"),
        (vec!["verify", "--database", "postgres://db.example/x"], "pg-tls"),
        (vec!["dance"], "unrecognized"),
    ] {
        let output = program::run(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {}", words(&output));
        assert!(words(&output).contains(says), "{arguments:?} {}", words(&output));
    }
    let mut guessing = Command::new(env!("CARGO_BIN_EXE_renkei"));
    let output = guessing.args(["verify"]).env("RENKEI_DATABSE", "x.db").output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(words(&output).contains("RENKEI_DATABSE"), "{}", words(&output));
}

#[test]
fn keys_that_lie_among_the_data_are_refused() {
    let folder = scratch::folder("region");
    let at = |name: &str| folder.join(name).display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_renkei"))
        .args([
            "region",
            "init",
            "--database",
            &at("region.db"),
            "--data",
            &at("."),
            "--keys",
            &at("region.keys"),
        ])
        .args(["--name", "x", "--office", "y", "--administrator", "z"])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("inside the data folder"), "{}", words(&output));
    assert!(!folder.join("region.keys").exists(), "nothing was begun");
}

#[test]
fn a_wrong_key_and_a_missing_key_are_named() {
    let folder = scratch::folder("wrong");
    let file = |name: &str| folder.join(name).display().to_string();
    let (one, other) = (file("one.db"), file("other.db"));
    for (database, keys) in [(&one, file("one.keys")), (&other, file("other.keys"))] {
        assert!(
            program::run(&["region", "init", "--name", "x", "--database", database, "--keys", &keys])
                .status
                .success()
        );
    }
    let wrong = program::run(&["serve", "--port", "0", "--database", &one, "--keys", &file("other.keys")]);
    assert!(words(&wrong).contains("belongs to another region"), "{}", words(&wrong));
    let missing = program::run(&["serve", "--port", "0", "--database", &one, "--keys", &file("no.keys")]);
    assert!(words(&missing).contains("region recover"), "{}", words(&missing));
    let inside = folder.display().to_string();
    let within = program::run(&["serve", "--database", &one, "--keys", &file("one.keys"), "--data", &inside]);
    assert!(words(&within).contains("inside the data folder"), "{}", words(&within));
    assert_eq!(program::run(&["serve", "--database", "mysql://x/y", "--keys", "k"]).status.code(), Some(2));
    assert_eq!(program::run(&["verify", "--database", &file("none.db")]).status.code(), Some(1));
}

#[test]
fn a_taken_port_is_a_clear_error() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let folder = scratch::folder("demo");
    let output = program::run(&["demo", "--port", &port, "--data", folder.join("d").to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("taken"), "{}", words(&output));
}

#[test]
fn a_pathway_file_with_a_typo_gives_its_place() {
    let folder = scratch::folder("typo");
    let file = folder.join("pathway.json");
    std::fs::write(&file, "{\n  \"format\": \"pathway/1\",\n  \"idd\": \"peg\"\n}\n").unwrap();
    let output = program::run(&["pathway", "check", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    assert!(words(&output).contains("pathway.json:3"), "{}", words(&output));
    let json = program::run(&["pathway", "check", "--json", file.to_str().unwrap()]);
    let findings: serde_json::Value = serde_json::from_slice(&json.stdout).unwrap();
    assert!(findings.to_string().contains("\"line\":3"), "{findings}");
}

/// The blocks of a language in a page.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let text = std::fs::read_to_string(format!("{}/{page}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let open = format!("```{language}\n");
    text.split(&open).skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_pathway_and_the_story_of_the_guide_are_checked_played_and_simulated_without_a_finding() {
    let [pathway, story] = &blocks("pathways/README.md", "json")[..] else { panic!("a pathway and a story") };
    assert_eq!(blocks("pathways/README.ja.md", "json"), [pathway.as_str(), story]);
    let folder = scratch::folder("guide");
    std::fs::create_dir_all(folder.join("cases")).unwrap();
    let file = folder.join("pathway.json");
    std::fs::write(&file, pathway).unwrap();
    std::fs::write(folder.join("cases/pain.json"), story).unwrap();
    let file = file.to_str().unwrap();
    for verb in ["check", "test"] {
        let output = program::run(&["pathway", verb, file]);
        assert_eq!(output.status.code(), Some(0), "{}", words(&output));
        assert!(words(&output).contains(" 0 finding"), "{}", words(&output));
    }
    let output = program::run(&["pathway", "simulate", file, "--from", "2026-04-20", "--days", "10"]);
    assert!(words(&output).contains("Until the first visit"), "{}", words(&output));
    std::fs::write(folder.join("cases/pain.json"), story.replace("visit_late", "visit_early")).unwrap();
    let output = program::run(&["pathway", "test", file]);
    assert_eq!(output.status.code(), Some(1), "a story that is not so is told: {}", words(&output));
}

#[test]
fn a_pathway_is_drawn_to_the_screen_or_into_a_file_in_either_language() {
    let peg = concat!(env!("CARGO_MANIFEST_DIR"), "/pathways/peg/pathway.json");
    let drawn = |arguments: &[&str]| {
        let output = program::run(&[&["pathway", "graph", peg], arguments].concat());
        assert_eq!(output.status.code(), Some(0), "{}", words(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let phases = drawn(&[]);
    assert!(phases.starts_with("<?xml") && phases.contains("Move on to stable"), "{phases}");
    assert!(drawn(&["--lang", "ja"]).contains("安定期へ進む"));
    assert!(drawn(&["--timeline"]).contains("Visiting"), "lanes by profession");
    let file = scratch::folder("drawn").join("peg.svg");
    assert_eq!(drawn(&["--out", file.to_str().unwrap()]), "");
    assert_eq!(std::fs::read_to_string(&file).unwrap().trim(), phases.trim());
    let broken =
        program::run(&["pathway", "graph", concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/concepts.json")]);
    assert_eq!(broken.status.code(), Some(1), "{}", words(&broken));
    assert!(broken.stdout.is_empty(), "findings are no picture");
    assert_eq!(program::run(&["pathway", "graph", "no-such.json"]).status.code(), Some(2));
}

#[test]
fn a_simulation_is_told_as_text_for_programs_or_as_a_picture() {
    let peg = concat!(env!("CARGO_MANIFEST_DIR"), "/pathways/peg/pathway.json");
    let facts = scratch::folder("course").join("facts.json").display().to_string();
    std::fs::write(&facts, r#"{ "peg.placed_on": "2026-11-01", "peg.stopper": "balloon" }"#).unwrap();
    let told = |format: &str| {
        let output = program::run(&[
            "pathway",
            "simulate",
            peg,
            "--from",
            "2026-11-22",
            "--facts",
            &facts,
            "--format",
            format,
        ]);
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    let (code, json) = told("json");
    let course: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, course["days"][0]["on"].as_str()), (Some(0), Some("2026-11-22")));
    let (code, svg) = told("svg");
    assert_eq!(code, Some(0));
    assert!(svg.starts_with("<?xml") && svg.contains(">Exchange the"), "{svg}");
    assert!(told("text").1.contains("As if everyone worked in time"));
    assert_eq!(told("pdf").0, Some(2));
}

#[test]
fn a_simulation_says_what_is_lacking_and_which_fact_is_wrong() {
    let peg = concat!(env!("CARGO_MANIFEST_DIR"), "/pathways/peg/pathway.json");
    let folder = scratch::folder("facts");
    let facts = folder.join("facts.json").display().to_string();
    for (text, code, says) in [
        ("{}", 1, "please record: Placed on, Disease, reason for placement, Inner stopper"),
        (r#"{ "peg.placed_on": "2026-13-01" }"#, 1, "no value of \"Placed on\""),
        (r#"{ "peg.plaaced_on": "2026-11-01" }"#, 1, "peg.plaaced_on"),
        ("{ \"peg.placed_on\": ", 1, "facts.json:1"),
        (r#"{ "peg.placed_on": "2026-11-01", "peg.stopper": "balloon" }"#, 0, "Exchange the catheter"),
    ] {
        std::fs::write(&facts, text).unwrap();
        let output = program::run(&["pathway", "simulate", peg, "--from", "2026-11-22", "--facts", &facts]);
        assert_eq!(output.status.code(), Some(code), "{text}: {}", words(&output));
        assert!(words(&output).contains(says), "{text}: {}", words(&output));
    }
    let output = program::run(&["pathway", "simulate", peg, "--days", "9999"]);
    assert_eq!(output.status.code(), Some(2), "{}", words(&output));
}
