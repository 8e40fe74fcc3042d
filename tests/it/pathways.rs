//! The shipped pathways: every file is sound, every story plays as it is written, and whatever is
//! thrown at them in any order, the engine keeps its promises.

use renkei::concept::Concepts;
use renkei::pathway::Library;
use renkei::pathway::Pathway;
use renkei::pathway::SHIPPED_FILES;
use renkei::pathway::case;

fn told(findings: &[renkei::kernel::finding::Finding]) -> String {
    let lines = findings.iter().map(|found| {
        format!(
            "{}:{}:{} {} {} {}",
            found.file, found.line, found.column, found.check, found.pointer, found.says.en
        )
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn every_shipped_pathway_is_sound() {
    for (file, text) in SHIPPED_FILES {
        match Pathway::read(file, text, Concepts::shipped()) {
            Ok(pathway) => assert!(pathway.warnings.is_empty(), "{}", told(&pathway.warnings)),
            Err(findings) => panic!("{}", told(&findings)),
        }
    }
}

#[test]
fn every_story_plays_as_written() {
    let mut stories = 0;
    let mut coverage = case::Coverage::default();
    let mut failures = Vec::new();
    for (file, text) in stories_of("pathways") {
        match case::play(Library::shipped(), &file, &text) {
            Ok(played) => {
                coverage.add(&played.coverage);
                failures.extend(played.failures);
            }
            Err(findings) => failures.extend(findings),
        }
        stories += 1;
    }
    assert!(failures.is_empty(), "\n{}", told(&failures));
    assert!(stories >= 1, "only {stories} stories were found");
}

/// Every `pathways/*/cases/*.json`, with its text.
fn stories_of(folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    for pathway in std::fs::read_dir(root).unwrap() {
        let Ok(cases) = std::fs::read_dir(pathway.unwrap().path().join("cases")) else { continue };
        for case in cases {
            let path = case.unwrap().path();
            found.push((path.display().to_string(), std::fs::read_to_string(&path).unwrap()));
        }
    }
    found.sort();
    found
}
