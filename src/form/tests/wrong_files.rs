//! Form files with something wrong in them: each is told with file, place and line.

use crate::concept::Concepts;
use crate::form::Form;
use crate::kernel::finding::Finding;

const FILE: &str = include_str!("../../../schemas/forms/peg-site-check.json");

/// What is found when the good file is changed in one place.
fn found(good: &str, bad: &str) -> Vec<Finding> {
    assert!(FILE.contains(good), "{good} is not in the file");
    let (form, findings) = Form::read_all("x.json", &FILE.replacen(good, bad, 1), Concepts::shipped());
    assert!(form.is_none(), "{bad} was read");
    findings
}

#[track_caller]
fn one(good: &str, bad: &str, check: &str, pointer: &str) {
    let findings = found(good, bad);
    let hit = findings.iter().find(|finding| finding.check == check);
    let hit = hit.unwrap_or_else(|| panic!("no {check} in {findings:#?}"));
    assert_eq!(hit.pointer, pointer);
    assert_eq!(hit.file, "x.json");
    let text = FILE.replacen(good, bad, 1);
    let line = text.lines().nth(hit.line - 1).unwrap();
    let name = pointer.rsplit('/').next().unwrap();
    assert!(line.contains(name) || name.parse::<usize>().is_ok(), "line {}: {line}", hit.line);
    assert!(!hit.says.ja.is_empty() && !hit.says.en.is_empty());
}

#[test]
fn a_misspelt_member_is_found() {
    one(
        "\"required_to_sign\": true",
        "\"requierd_to_sign\": true",
        "shape",
        "/properties/checked_on/requierd_to_sign",
    );
}

#[test]
fn a_missing_language_is_found() {
    let findings = found("{ \"ja\": \"観察日\", \"en\": \"Checked on\" }", "{ \"ja\": \"観察日\" }");
    assert!(
        findings.iter().any(|finding| finding.pointer == "/properties/checked_on/label"),
        "{findings:#?}"
    );
}

#[test]
fn a_missing_comma_is_found() {
    let findings = found("\"code\": \"peg-site-check\",", "\"code\": \"peg-site-check\"");
    assert_eq!(findings[0].check, "json");
}

#[test]
fn an_unknown_concept_is_found() {
    one(
        "\"writes\": \"skin_grade\"",
        "\"writes\": \"skin_colour\"",
        "unknown-concept",
        "/properties/skin/writes",
    );
    one(
        "\"writes\": \"skin_grade\"",
        "\"writes\": \"temperature\"",
        "concept-mismatch",
        "/properties/skin/writes",
    );
    one(
        "\"prefill\": \"/today\"",
        "\"prefill\": \"/tomorrow\"",
        "unknown-record-path",
        "/properties/checked_on/prefill",
    );
}

#[test]
fn a_wrong_condition_is_found_at_its_place() {
    one("stopper == 'balloon'", "stopper == 'baloon'", "unknown-code", "/properties/balloon_water/when");
    one("stopper == 'balloon'", "stoper == 'balloon'", "unknown-fact", "/properties/balloon_water/when");
    one("stopper == 'balloon'", "days_since(checked_on) > 3", "condition", "/properties/balloon_water/when");
}

#[test]
fn a_field_in_no_section_is_found() {
    one("\"stopper\", \"balloon_water\"", "\"balloon_water\"", "field-nowhere", "/properties/stopper");
    one(
        "\"stopper\", \"balloon_water\"",
        "\"stopper\", \"skin\", \"balloon_water\"",
        "field-twice",
        "/sections/2/fields/1",
    );
}

#[test]
fn an_unreachable_state_is_found() {
    one("\"to\": \"signed\"", "\"to\": \"draft\"", "unreachable-state", "/workflow/states/1");
    one("\"to\": \"signed\"", "\"to\": \"singed\"", "unknown-state", "/workflow/moves/0/to");
}

#[test]
fn a_choice_called_unknown_is_refused() {
    one(
        "\"const\": \"severe\"",
        "\"const\": \"unknown\"",
        "choice-unknown",
        "/properties/skin/oneOf/2/const",
    );
    one("\"const\": \"severe\"", "\"const\": \"mild\"", "choice-twice", "/properties/skin/oneOf/2/const");
}

#[test]
fn the_hash_follows_the_meaning_and_not_the_spaces() {
    let good = Form::read("x.json", FILE).unwrap();
    let spaced = Form::read("y.json", &FILE.replace("  ", " ")).unwrap();
    assert_eq!(good.hash, spaced.hash);
    let other = Form::read("x.json", &FILE.replace("1.0.0", "1.0.1")).unwrap();
    assert_ne!(good.hash, other.hash);
}

#[test]
fn no_damage_to_a_file_is_worse_than_a_finding() {
    use proptest::prelude::*;
    let mut runner = proptest::test_runner::TestRunner::new(proptest::test_runner::Config {
        cases: 300,
        failure_persistence: None,
        ..Default::default()
    });
    let damage = (0..FILE.len(), 0..60_usize, "[\\PC\"{}\\[\\]]{0,6}");
    runner
        .run(&damage, |(at, length, put)| {
            let mut text = FILE.to_owned();
            let floor = |at: usize| (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let (start, end) = (floor(at), floor((at + length).min(text.len())));
            text.replace_range(start.min(end)..end, &put);
            let (form, findings) = Form::read_all("x.json", &text, Concepts::shipped());
            prop_assert!(form.is_some() || !findings.is_empty());
            Ok(())
        })
        .unwrap();
}
