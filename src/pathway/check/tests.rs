//! For each check a file that must be caught, made from a shipped pathway by one mistake; the pathway
//! without the mistake is its near twin that must not be.

use serde_json::Value;
use serde_json::json;

use crate::concept::Concepts;
use crate::kernel::finding::Finding;
use crate::pathway::Pathway;

const PEG: &str = include_str!("../../../pathways/peg/pathway.json");

fn broken(pointer: &str, value: Value) -> Vec<Finding> {
    let mut file: Value = serde_json::from_str(PEG).unwrap();
    let (parent, member) = pointer.rsplit_once('/').unwrap();
    let parent = file.pointer_mut(parent).unwrap();
    match (parent, value) {
        (Value::Object(members), Value::Null) => drop(members.remove(member)),
        (Value::Object(members), value) => drop(members.insert(member.to_owned(), value)),
        (Value::Array(items), value) => items[member.parse::<usize>().unwrap()] = value,
        (other, _) => *other = Value::Null,
    }
    let text = serde_json::to_string_pretty(&file).unwrap();
    match Pathway::read("peg.json", &text, Concepts::shipped()) {
        Ok(pathway) => pathway.warnings,
        Err(findings) => findings,
    }
}

#[test]
fn every_mistake_is_caught_where_it_stands() {
    let site = "/units/0/tasks/0";
    for (pointer, value, check, at) in [
        ("/phases/0/leave/1/to", json!("stabel"), "unknown-phase", "/phases/0/leave/1/to"),
        ("/phases/0/leave/1/confirm", Value::Null, "nobody-confirms", "/phases/0/leave/1"),
        ("/phases/0/leave/1/confirm/professions", json!(3), "cannot-agree", "/phases/0/leave/1/confirm"),
        ("/phases/1/people_only", json!(true), "", ""),
        ("/phases/2/people_only", json!(true), "people-only", "/phases/0/leave/0"),
        ("/phases/2/end", Value::Null, "no-way-out", "/phases/2"),
        ("/phases/0/latest/at", json!("placment+P60D"), "unknown-anchor", "/phases/0/latest/at"),
        ("/phases/0/latest/variance", json!("long"), "unknown-variance", "/phases/0/latest/variance"),
        ("/phases/0/leave/1/propose", json!("skn == 'none'"), "condition", "/phases/0/leave/1/propose"),
        (
            "/phases/0/leave/1/propose",
            json!("skin == 'none' || skin != 'none'"),
            "always",
            "/phases/0/leave/1/propose",
        ),
        ("/phases/0/leave/1/propose", json!("residual > 2001"), "never", "/phases/0/leave/1/propose"),
        ("/facts/skin/concept", json!("skin_grad"), "unknown-concept", "/facts/skin/concept"),
        ("/anchors/placement/0", json!("skin"), "anchor-kind", "/anchors/placement/0"),
        ("/units/0/in/0", json!("erly"), "unknown-phase", "/units/0/in/0"),
        ("/units/0/tasks/0/id", json!("doctor-review"), "id-twice", "/units/0/tasks/1/id"),
        ("/units/0/tasks/0/role", json!("family"), "unknown-role", "/units/0/tasks/0/role"),
        ("/units/0/tasks/0/evidence/0", json!("no-such"), "unknown-evidence", "/units/0/tasks/0/evidence/0"),
        ("/units/0/tasks/0/brings/0", json!("skn"), "unknown-fact", "/units/0/tasks/0/brings/0"),
        ("/units/0/tasks/0/schedule/every", json!("PT1M"), "too-often", "/units/0/tasks/0/schedule/every"),
        ("/units/0/tasks/0/schedule/late", json!("P3D"), "overlap", "/units/0/tasks/0/schedule"),
        ("/units/0/rules/0/do/0/task", json!("doctors-review"), "unknown-task", "/units/0/rules/0/do/0/task"),
        ("/units/0/rules/0/do/0/draft", json!("ohat"), "action", "/units/0/rules/0/do/0"),
        ("/units/0/outcome/judge_every", json!("P0D"), "never-judged", "/units/0/outcome/judge_every"),
        ("/start/by", Value::Null, "never-starts", "/start"),
        ("/title/en", Value::Null, "shape", "/title"),
        ("/unit", json!([]), "shape", "/unit"),
        ("/facts/extra", json!({ "concept": "height" }), "fact-idle", "/facts/extra"),
    ] {
        let found = broken(pointer, value);
        let caught = found.iter().any(|finding| finding.check == check && finding.pointer == at);
        assert!(caught || (check.is_empty() && found.is_empty()), "{pointer}: {found:#?}");
        assert!(found.iter().all(|finding| finding.line > 0 && !finding.says.ja.is_empty()));
    }
    assert!(broken(&format!("{site}/skip"), json!({ "by": ["doctor"] })).is_empty());
}

#[test]
fn circles_without_people_and_phases_without_end_are_caught() {
    let round = json!([{ "to": "early", "when": "days_since(placed_on) > 3" }]);
    let found = broken("/phases/1/leave", round);
    assert!(found.iter().all(|finding| finding.check != "circle"), "one way is a proposal: {found:#?}");
    let mut file: Value = serde_json::from_str(PEG).unwrap();
    file["phases"][0]["leave"] = json!([{ "to": "stable", "when": "days_since(placed_on) > 3" }]);
    file["phases"][1]["leave"] = json!([{ "to": "early", "when": "days_since(placed_on) > 3" }]);
    let found = Pathway::read("peg.json", &file.to_string(), Concepts::shipped()).unwrap_err();
    for check in ["circle", "endless", "unreachable"] {
        assert!(found.iter().any(|finding| finding.check == check), "{check}: {found:#?}");
    }
}

#[test]
fn a_file_of_ten_thousand_tasks_and_a_megabyte_of_brackets_are_refused_without_harm() {
    let mut file: Value = serde_json::from_str(PEG).unwrap();
    let task = file["units"][0]["tasks"][1].clone();
    file["units"][0]["tasks"] = Value::Array(vec![task; 10_000]);
    assert!(Pathway::read("peg.json", &file.to_string(), Concepts::shipped()).is_err());
    assert!(Pathway::read("x.json", &"[".repeat(1 << 20), Concepts::shipped()).is_err());
    let mut file: Value = serde_json::from_str(PEG).unwrap();
    file["start"]["when"] = json!("(".repeat(1000));
    assert!(Pathway::read("peg.json", &file.to_string(), Concepts::shipped()).is_err());
}
