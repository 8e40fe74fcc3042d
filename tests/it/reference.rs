//! The reference of the pathway format, and the schema that it is written from: each member speaks both
//! languages, and each example is one.

use renkei::kernel::lang::Lang;
use renkei::kernel::schema::Schema;
use renkei::pathway::SCHEMA;
use renkei::pathway::reference::said;
use renkei::pathway::reference::target;
use serde_json::Value;
use serde_json::json;

use crate::support::program;

/// Every member of every object of the schema, every item and every way of writing, by its place.
fn members(node: &Value, place: &str, found: &mut Vec<(String, Value)>) {
    for group in ["properties", "$defs"] {
        for (name, inner) in node[group].as_object().into_iter().flatten() {
            let place = format!("{place}/{group}/{name}");
            found.push((place.clone(), inner.clone()));
            members(inner, &place, found);
        }
    }
    for single in ["items", "additionalProperties"] {
        if node[single].is_object() {
            let place = format!("{place}/{single}");
            found.push((place.clone(), node[single].clone()));
            members(&node[single], &place, found);
        }
    }
    for (index, way) in node["anyOf"].as_array().into_iter().flatten().enumerate() {
        members(way, &format!("{place}/anyOf/{index}"), found);
    }
}

#[test]
fn every_member_of_the_schema_says_what_it_is_in_both_languages_and_its_examples_fit() {
    let schema: Value = serde_json::from_str(SCHEMA).unwrap();
    let mut all = vec![(String::new(), schema.clone())];
    members(&schema, "", &mut all);
    assert!(all.len() > 120, "{}", all.len());
    let mut wrong = Vec::new();
    let mut examples = 0;
    for (place, node) in &all {
        for (member, lang) in
            [("title", Lang::Ja), ("title", Lang::En), ("description", Lang::Ja), ("description", Lang::En)]
        {
            let says = said(node, member, lang).or_else(|| said(target(&schema, node), member, lang));
            if says.is_none() {
                wrong.push(format!("{place}: no {member} in {lang:?}"));
            }
        }
        let judge = Schema::compile(&json!({ "$defs": schema["$defs"], "allOf": [node] })).unwrap();
        let given = node["examples"].as_array().into_iter().flatten().chain(node.get("default"));
        for example in given {
            examples += 1;
            if !judge.fits(example) {
                wrong.push(format!("{place}: {example} does not fit"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(examples > 120, "{examples}");
}

#[test]
fn the_reference_beside_the_guide_is_the_one_that_the_schema_makes() {
    for (lang, name) in [("en", "pathways/REFERENCE.md"), ("ja", "pathways/REFERENCE.ja.md")] {
        let output = program::run(&["pathway", "reference", "--lang", lang]);
        assert_eq!(output.status.code(), Some(0));
        let made = String::from_utf8(output.stdout).unwrap();
        let kept = std::fs::read_to_string(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(
            made == kept,
            "{name} is not what `renkei pathway reference --lang {lang}` writes; write it anew"
        );
        let guide = name.replace("REFERENCE", "README");
        let guide = std::fs::read_to_string(format!("{}/{guide}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        assert!(guide.contains(name.rsplit('/').next().unwrap()), "the guide leads to the reference");
    }
}
