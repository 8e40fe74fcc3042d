//! What a pathway file is checked for: for each row of the catalogue a file that must be caught, at exactly
//! one place, and a near twin that must not. Both differ from one sound file by what the table shows.

use std::collections::BTreeSet;
use std::sync::Arc;

use renkei::acts::library::faces;
use renkei::concept::Concepts;
use renkei::expr;
use renkei::form;
use renkei::kernel::finding;
use renkei::kernel::finding::Check;
use renkei::kernel::finding::Finding;
use renkei::kernel::finding::Gravity;
use renkei::kernel::lang::Words;
use renkei::kernel::source::BYTES_MAX;
use renkei::pathway::Library;
use renkei::pathway::Pathway;
use renkei::pathway::case;
use renkei::pathway::check;
use renkei::pathway::check::Beside;
use renkei::pathway::check::catalogue;
use serde_json::Map;
use serde_json::Value;
use serde_json::json;

use crate::support::program;
use crate::support::scratch;

const SOUND: &str = include_str!("data/checks/sound.json");
const STORY: &str = include_str!("data/checks/story.json");
const PAIRS: &str = include_str!("data/checks/pairs.json");
const FORM: &str = include_str!("data/checks/form.json");
const FORM_PAIRS: &str = include_str!("data/checks/form-pairs.json");

/// Everything that the commands tell about a pathway and its story.
fn told(pathway: &str, story: &str) -> Vec<Finding> {
    let shipped = Library::shipped().offered().map(|pathway| &pathway.definition).collect();
    let beside = Beside { pathways: shipped, forms: faces(form::shipped().iter().map(Arc::as_ref)) };
    let mut findings = check::check(&[("pathway.json", pathway)], Concepts::shipped(), &beside);
    // A story is told of a pathway that could be published; of a changed pathway it need not be true.
    if story != STORY || pathway == SOUND {
        let Ok(read) = Pathway::read("pathway.json", pathway, Concepts::shipped()) else { return findings };
        let mut library = Library::shipped().clone();
        let definition = read.definition.clone();
        library.add(read);
        match case::play(&library, "story.json", story) {
            Ok(played) => {
                findings.extend(played.failures);
                let uncovered =
                    played.coverage.findings("pathway.json", pathway, &definition, Concepts::shipped());
                findings.extend(uncovered);
            }
            Err(wrong) => findings.extend(wrong),
        }
    }
    findings
}

/// The two files after a change: of the text, of the story, or of members of the pathway by their pointers.
fn changed(change: &Map<String, Value>) -> (String, String) {
    if let Some(Value::Array(words)) = change.get("text") {
        let [old, new] = [words[0].as_str().unwrap(), words[1].as_str().unwrap()];
        assert!(SOUND.contains(old), "{old}");
        return (SOUND.replacen(old, new, 1), STORY.to_owned());
    }
    if let Some(Value::Object(story)) = change.get("story") {
        return (SOUND.to_owned(), patched(STORY, story));
    }
    (patched(SOUND, change), STORY.to_owned())
}

fn patched(text: &str, change: &Map<String, Value>) -> String {
    let mut file: Value = serde_json::from_str(text).unwrap();
    for (pointer, value) in change {
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        let parent = file.pointer_mut(parent).unwrap_or_else(|| panic!("{pointer}: nothing to change"));
        match (parent, member.parse::<usize>(), value) {
            (Value::Object(members), _, Value::Null) => {
                assert!(members.remove(member).is_some(), "{pointer}")
            }
            (Value::Object(members), _, value) if value.get("stairs").is_some() => {
                let steps = usize::try_from(value["stairs"].as_u64().unwrap()).unwrap();
                let phases = members[member].as_array_mut().unwrap();
                stairs(phases, steps);
            }
            (Value::Object(members), _, value) => drop(members.insert(member.to_owned(), value.clone())),
            (Value::Array(items), Ok(at), Value::Null) => drop(items.remove(at)),
            (Value::Array(items), Ok(at), value) if at == items.len() => items.push(value.clone()),
            (Value::Array(items), Ok(at), value) => items[at] = value.clone(),
            (other, ..) => panic!("{pointer}: {other}"),
        }
    }
    serde_json::to_string_pretty(&file).unwrap()
}

/// Between the first phase and the second, so many that are passed as soon as they are entered.
fn stairs(phases: &mut Vec<Value>, steps: usize) {
    phases[0]["leave"][0]["to"] = json!("step-1");
    for step in 1..=steps {
        let next = if step == steps { "home".to_owned() } else { format!("step-{}", step + 1) };
        phases.push(json!({
            "id": format!("step-{step}"), "title": { "ja": "段", "en": "Step" },
            "leave": [{ "to": next, "when": "present(visited)" }]
        }));
    }
}

fn catalogues() -> Vec<&'static Check> {
    // Whether a file can be opened is told beside the command.
    let kernel = finding::checks::ALL.iter().filter(|check| ***check != *"open");
    kernel.chain(expr::checks::ALL).chain(catalogue::ALL).copied().collect()
}

fn lines(findings: &[Finding]) -> String {
    let line = |found: &Finding| format!("{} {} {}", found.check.code, found.pointer, found.says.en);
    findings.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn every_check_catches_its_file_where_it_is_wrong_and_lets_its_near_twin_pass() {
    assert_eq!(lines(&told(SOUND, STORY)), "");
    let pairs: Map<String, Value> = serde_json::from_str(PAIRS).unwrap();
    let mut wrong = Vec::new();
    let mut proven: BTreeSet<&str> = BTreeSet::new();
    for (name, pair) in &pairs {
        let code = name.split(':').next().unwrap();
        proven.insert(code);
        let at = pair["at"].as_str().unwrap();
        let also: Vec<&str> =
            pair["also"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let (pathway, story) = changed(pair["caught"].as_object().unwrap());
        let found = told(&pathway, &story);
        let caught = found.iter().filter(|found| found.check == code).any(|found| found.pointer == at);
        let else_found = found.iter().any(|found| found.check != code && !also.contains(&found.check.code));
        if !caught || else_found {
            wrong.push(format!("{name}: expected at {at}, found:\n{}", lines(&found)));
        }
        let (pathway, story) = changed(pair["fine"].as_object().unwrap());
        let found = told(&pathway, &story);
        if !found.is_empty() {
            wrong.push(format!("{name}: the near twin is caught:\n{}", lines(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let all: BTreeSet<&str> = catalogues().iter().map(|check| check.code).collect();
    assert_eq!(all, proven, "every check has its pair, and every pair its check");
}

#[test]
fn every_check_of_a_form_catches_its_file_where_it_is_wrong_and_lets_its_near_twin_pass() {
    let told = |form: &str| form::Form::read_all("form.json", form, Concepts::shipped()).1;
    assert_eq!(lines(&told(FORM)), "");
    let pairs: Map<String, Value> = serde_json::from_str(FORM_PAIRS).unwrap();
    let mut wrong = Vec::new();
    let mut proven: BTreeSet<&str> = BTreeSet::new();
    for (name, pair) in &pairs {
        let code = name.split(':').next().unwrap();
        proven.insert(code);
        let also: Vec<&str> =
            pair["also"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let found = told(&patched(FORM, pair["caught"].as_object().unwrap()));
        let at = pair["at"].as_str().unwrap();
        let caught = found.iter().any(|found| found.check == code && found.pointer == at);
        if !caught || found.iter().any(|found| found.check != code && !also.contains(&found.check.code)) {
            wrong.push(format!("{name}: expected at {at}, found:\n{}", lines(&found)));
        }
        let found = told(&patched(FORM, pair["fine"].as_object().unwrap()));
        if !found.is_empty() {
            wrong.push(format!("{name}: the near twin is caught:\n{}", lines(&found)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    let all: BTreeSet<&str> = form::checks::ALL.iter().map(|check| check.code).collect();
    assert_eq!(all, proven, "every check has its pair, and every pair its check");
}

#[test]
fn a_form_file_over_the_limit_is_refused_by_its_size_as_a_pathway_file_is() {
    let folder = scratch::folder("large-form");
    let place = |name: &str, bytes: usize| {
        let path = folder.join(name);
        std::fs::write(&path, " ".repeat(bytes)).unwrap();
        path.display().to_string()
    };
    let (large, fits) = (place("large.json", BYTES_MAX + 1), place("fits.json", BYTES_MAX));
    for room in ["form", "pathway"] {
        let refused = program::run(&[room, "check", &large, "--lang", "en"]);
        let says = String::from_utf8_lossy(&refused.stdout).into_owned();
        assert_eq!(refused.status.code(), Some(1), "{says}");
        assert!(says.contains("too large") && says.contains("large.json:1:1:"), "{says}");
        // The same spaces within the limit are wrong for another reason: they hold no file at all.
        let empty = program::run(&[room, "check", &fits, "--lang", "en"]);
        assert!(!String::from_utf8_lossy(&empty.stdout).contains("too large"));
    }
}

#[test]
fn every_check_says_why_it_matters_and_how_to_mend_it_in_both_languages() {
    let all = catalogues().into_iter().chain(form::checks::ALL.iter().copied());
    let mut codes = BTreeSet::new();
    for check in all {
        let speaks = |words: &Words| {
            words.ja.ends_with('。')
                && words.en.ends_with(['.', ')', ']'])
                && !words.en.chars().any(|c| ('\u{3000}'..='\u{9fff}').contains(&c))
        };
        assert!(speaks(&check.why) && speaks(&check.mend), "{}", check.code);
        codes.insert(check.code);
    }
    assert!(codes.len() > 80, "{}", codes.len());
}

#[test]
fn a_finding_tells_machines_what_why_and_how_to_mend_as_members_of_their_own() {
    let (pathway, _) = changed(json!({ "/units/0/rules/0/when": "pain > 10" }).as_object().unwrap());
    let found = told(&pathway, STORY).remove(0);
    assert_eq!(found.check.gravity, Gravity::Error);
    let told = serde_json::to_value(&found).unwrap();
    let line = pathway.lines().position(|line| line.contains("pain > 10")).unwrap() + 1;
    assert_eq!(
        (&told["line"], &told["check"], &told["gravity"]),
        (&json!(line), &json!("never"), &json!("error"))
    );
    for member in ["what", "why", "mend"] {
        assert!(told[member]["ja"].is_string() && told[member]["en"].is_string(), "{told}");
    }
}

#[test]
fn a_file_of_ten_thousand_tasks_and_a_megabyte_of_brackets_are_refused_without_harm() {
    let mut file: Value = serde_json::from_str(SOUND).unwrap();
    let task = file["units"][0]["tasks"][2].clone();
    file["units"][0]["tasks"] = Value::Array(vec![task; 10_000]);
    assert!(Pathway::read("x.json", &file.to_string(), Concepts::shipped()).is_err());
    assert!(Pathway::read("x.json", &"[".repeat(1 << 20), Concepts::shipped()).is_err());
    let (deep, _) = changed(json!({ "/units/0/rules/0/when": "(".repeat(1000) }).as_object().unwrap());
    assert!(Pathway::read("x.json", &deep, Concepts::shipped()).is_err());
}
