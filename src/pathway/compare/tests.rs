//! What one version says and the other does not is heard of, whatever member of the file it is; and what
//! says the same is silent.

use serde_json::Value;

use super::*;
use crate::kernel::lang::Lang;
use crate::pathway::Library;
use crate::pathway::Pathway;
use crate::pathway::SHIPPED_FILES;

/// As the file says, whether it makes sense or not: what changes must be heard of either way.
fn read(value: &Value) -> Option<Definition> {
    serde_json::from_value(value.clone()).ok()
}

fn between(old: &Value, new: &Value) -> Vec<Change> {
    compare(&read(old).unwrap(), &read(new).unwrap(), Concepts::shipped())
}

fn peg() -> Value {
    serde_json::from_str(&Library::shipped().current("peg").unwrap().text).unwrap()
}

/// Every pointer to a text, a number or a yes-and-no.
fn leaves(value: &Value, pointer: &str, found: &mut Vec<String>) {
    let mut inner = |step: &str, one: &Value| {
        let step = step.replace('~', "~0").replace('/', "~1");
        leaves(one, &format!("{pointer}/{step}"), found);
    };
    match value {
        Value::Object(members) => members.iter().for_each(|(name, one)| inner(name, one)),
        Value::Array(items) => items.iter().enumerate().for_each(|(at, one)| inner(&at.to_string(), one)),
        Value::Null => {}
        _ => found.push(pointer.to_owned()),
    }
}

/// Other values that may fit in a leaf's place.
fn others(leaf: &Value) -> Vec<Value> {
    match leaf {
        Value::Bool(on) => vec![Value::from(!on)],
        Value::Number(_) => [1, 2].map(Value::from).into_iter().filter(|other| other != leaf).collect(),
        Value::String(text) => {
            let mut others =
                vec![format!("{text} x"), format!("{text}2"), "9.9.9".into(), "2020-01-01".into()];
            others.extend(
                ["P3D", "PT5H", "start+P3D", "phase+PT7H", "remind", "ask", "done", "sat", "9:30"]
                    .map(String::from),
            );
            others
                .extend(["doctor", "visiting_nurse", "family", "staff", "go_on", "start"].map(String::from));
            others.push(text.replacen(">=", "<", 1));
            others.push(text.replacen("==", "!=", 1));
            others.into_iter().filter(|other| other != text).map(Value::from).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn whatever_member_of_a_shipped_file_changes_is_heard_of() {
    let (mut tried, mut silent) = (0, Vec::new());
    for (file, text) in SHIPPED_FILES {
        let old: Value = serde_json::from_str(text).unwrap();
        let before = read(&old).unwrap();
        let mut pointers = Vec::new();
        leaves(&old, "", &mut pointers);
        // Which format it is, and where its schema lies, is the same for every file that reads.
        let says = |pointer: &String| pointer != "/$schema" && pointer != "/format";
        for pointer in pointers.into_iter().filter(says) {
            let leaf = old.pointer(&pointer).unwrap().clone();
            for other in others(&leaf) {
                let mut new = old.clone();
                *new.pointer_mut(&pointer).unwrap() = other.clone();
                let Some(after) = read(&new) else { continue };
                tried += 1;
                if compare(&before, &after, Concepts::shipped()).is_empty() {
                    silent.push(format!("{file}{pointer}: {leaf} → {other}"));
                }
                break;
            }
        }
    }
    assert!(tried > 500, "only {tried} members could be changed");
    assert!(silent.is_empty(), "{} of {tried} changes are silent:\n{}", silent.len(), silent.join("\n"));
}

#[test]
fn a_version_says_the_same_as_itself_however_it_is_written() {
    for (_, text) in SHIPPED_FILES {
        let value: Value = serde_json::from_str(text).unwrap();
        assert_eq!(between(&value, &value), vec![]);
        let compact = Pathway::read("a.json", &value.to_string(), Concepts::shipped()).unwrap().definition;
        let written = Pathway::read("a.json", text, Concepts::shipped()).unwrap().definition;
        assert_eq!(compare(&written, &compact, Concepts::shipped()), vec![]);
    }
}

#[test]
fn a_change_names_the_part_and_says_before_and_after_in_both_languages() {
    let (old, mut new) = (peg(), peg());
    let units = new["units"].as_array_mut().unwrap();
    let task = units.iter_mut().flat_map(|unit| unit["tasks"].as_array_mut().into_iter().flatten());
    let task = task.into_iter().find(|task| task["id"] == "site-check").unwrap();
    task["role"] = "hospital_nurse".into();
    new["roles"].as_array_mut().unwrap().push("hospital_nurse".into());
    let changes = between(&old, &new);
    let change = changes.iter().find(|change| change.part == Part::Task).unwrap();
    assert_eq!(change.how, How::Changed);
    let [line] = change.lines.as_slice() else { panic!("{change:?}") };
    let says = |words: &Option<Words>, lang| words.as_ref().unwrap().say(lang).to_owned();
    assert_eq!(
        (says(&line.before, Lang::Ja), says(&line.after, Lang::Ja)),
        ("訪問看護師".into(), "病院看護師".into())
    );
    assert_eq!(says(&line.after, Lang::En), "Hospital nurse");
    assert_eq!(line.label.say(Lang::En), "Whose");
    assert!(
        changes.iter().any(|change| change.part == Part::Head),
        "the professions that take part: {changes:?}"
    );
}

#[test]
fn what_came_and_what_went_are_told_with_all_that_they_say() {
    let (old, mut new) = (peg(), peg());
    let units = new["units"].as_array_mut().unwrap();
    let gone = units.iter_mut().find_map(|unit| {
        let rules = unit["rules"].as_array_mut().filter(|rules| rules.len() > 1)?;
        Some(rules.remove(0))
    });
    let gone = gone.unwrap();
    let changes = between(&old, &new);
    let [change] = changes.as_slice() else { panic!("{changes:?}") };
    assert_eq!((change.part, change.how), (Part::Rule, How::Removed));
    assert_eq!(change.title.say(Lang::Ja), gone["title"]["ja"].as_str().unwrap());
    assert!(change.lines.iter().all(|line| line.before.is_some() && line.after.is_none()), "{change:?}");
    let back = between(&new, &old);
    let [change] = back.as_slice() else { panic!("{back:?}") };
    assert_eq!((change.part, change.how), (Part::Rule, How::Added));
}

#[test]
fn where_a_bracket_stands_is_no_small_thing() {
    let with = |when: &str| {
        let mut value = peg();
        value["start"]["when"] = when.into();
        value
    };
    let [one, other] = [
        "present(placed_on) && (present(stopper) || present(skin))",
        "present(placed_on) && present(stopper) || present(skin)",
    ];
    assert_eq!(between(&with(one), &with(other)).len(), 1);
    assert_eq!(between(&with(one), &with(&one.replace(' ', "  "))), vec![]);
}
