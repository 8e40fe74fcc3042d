//! Keeps the doors of the house shut: who may speak to whom, where the dangerous tools lie, what a
//! page may contain, how long things may get. Each rule is a function from a file to complaints, and
//! each is first shown a bad sample, since a rule that cannot complain is no rule.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// A file of the project: its path from the top, and its text.
struct Source {
    path: String,
    text: String,
    /// The file is a module that only the tests have (`#[cfg(test)] mod tests;`).
    of_tests: bool,
}

impl Source {
    fn sample(path: &str, text: &str) -> Self {
        Self { path: path.to_owned(), text: text.to_owned(), of_tests: false }
    }

    /// The paths of the modules that this file keeps for the tests.
    fn test_modules(&self) -> Vec<String> {
        let folder = match self.path.strip_suffix(".rs") {
            Some(path) if !["mod", "lib", "main"].iter().any(|own| path.ends_with(own)) => path.to_owned(),
            _ => self.path.rsplit_once('/').map_or_else(String::new, |(folder, _)| folder.to_owned()),
        };
        let declared = self.text.split("#[cfg(test)]\nmod ").skip(1);
        let names = declared.filter_map(|rest| rest.split_once([';', ' ']).map(|(name, _)| name));
        names.map(|name| format!("{folder}/{name}.rs")).collect()
    }

    /// The room a source file belongs to: `src/web/pages.rs` and `src/web.rs` are `web`.
    fn room(&self) -> Option<&str> {
        let inside = self.path.strip_prefix("src/")?;
        let first = inside.split('/').next()?;
        Some(first.strip_suffix(".rs").unwrap_or(first))
    }

    /// The code that ships: without comments, and without the tests at the end of the file.
    fn shipped(&self) -> String {
        if self.of_tests {
            return String::new();
        }
        let end = self.text.find("\n#[cfg(test)]\nmod ").unwrap_or(self.text.len());
        let code = self.text.get(..end).unwrap_or_default();
        code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    }

    /// One complaint per banned word found in the shipped code.
    fn without(&self, banned: &[&str], why: &str) -> Vec<String> {
        let code = self.shipped();
        let found = banned.iter().filter(|word| has_word(&code, word));
        found.map(|word| format!("{}: `{word}`: {why}", self.path)).collect()
    }
}

/// Whether the code has the word, and not merely a longer one that ends like it (`String::`, `ring::`).
fn has_word(code: &str, word: &str) -> bool {
    let starts_low = word.starts_with(|c: char| c.is_lowercase());
    code.match_indices(word).any(|(at, _)| {
        let before = code.get(..at).and_then(|before| before.chars().last());
        !starts_low || before.is_none_or(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// Every file of the project with one of these endings, in a stable order.
fn sources(endings: &[&str]) -> Vec<Source> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut folders = vec![top.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
            if path.is_dir() && !matches!(name.as_str(), "target" | ".git") {
                folders.push(path);
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path);
            }
        }
    }
    found.sort();
    let read = |path: PathBuf| {
        let name = path.strip_prefix(top).unwrap().display().to_string();
        std::fs::read_to_string(&path).ok().map(|text| Source { path: name, text, of_tests: false })
    };
    let mut sources: Vec<Source> = found.into_iter().filter_map(read).collect();
    let of_tests: BTreeSet<String> = sources.iter().flat_map(Source::test_modules).collect();
    for source in &mut sources {
        // Modules below a test module are its own: `tests.rs` and `tests/…`.
        let below = of_tests.iter().filter_map(|path| path.strip_suffix("rs"));
        let mut folders = below.map(|path| path.replace('.', "/"));
        source.of_tests =
            of_tests.contains(&source.path) || folders.any(|folder| source.path.starts_with(&folder));
    }
    sources
}

#[track_caller]
fn all_is_well(complaints: Vec<String>) {
    assert!(complaints.is_empty(), "{} complaint(s):\n{}", complaints.len(), complaints.join("\n"));
}

/// A room, and the rooms it may speak to. Whoever is not in the list may be spoken to by nobody else.
const ROOMS: &[(&str, &[&str])] = &[
    ("kernel", &[]),
    ("expr", &["kernel"]),
    ("concept", &["kernel", "expr"]),
    ("pathway", &["kernel", "concept", "expr"]),
    ("form", &["kernel", "concept", "expr"]),
    ("record", &["kernel"]),
    ("access", &["kernel", "record"]),
    ("store", &["kernel", "record", "access"]),
    ("acts", &["kernel", "concept", "expr", "pathway", "form", "record", "access", "store"]),
    ("web", &["kernel", "concept", "expr", "pathway", "form", "record", "access", "store", "acts"]),
    ("ops", &["kernel", "concept", "expr", "pathway", "form", "record", "access", "store", "acts", "web"]),
];

/// Rooms that know neither clock nor database nor network nor chance.
const PURE: &[&str] = &["concept", "expr", "pathway", "form", "record", "access"];

/// The names that follow `crate::` in the file, wherever they stand.
fn neighbours(source: &Source) -> BTreeSet<&str> {
    let lines = source.text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let paths =
        lines.flat_map(|line| line.match_indices("crate::").map(move |(at, found)| (line, at + found.len())));
    let names = paths.filter_map(|(line, from)| {
        // `$crate::` in a macro names its own room's things for others: it is no request.
        let own = line.get(..from).is_some_and(|before| before.ends_with("$crate::"));
        let rest = line.get(from..).filter(|_| !own)?;
        rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()
    });
    names.collect()
}

fn speaks_above_itself(source: &Source) -> Vec<String> {
    let Some(room) = source.room().filter(|room| !matches!(*room, "main" | "lib")) else { return vec![] };
    let Some((_, below)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![format!("{}: the room `{room}` has no row in ROOMS", source.path)];
    };
    let rooms: BTreeSet<&str> = ROOMS.iter().map(|(name, _)| *name).collect();
    let foreign = neighbours(source).into_iter().filter(|name| *name != room && !below.contains(name));
    foreign
        // An empty name is `crate::{…}`, which would hide who is spoken to.
        .filter(|name| rooms.contains(name) || name.is_empty())
        .map(|name| {
            format!("{}: `{room}` may not speak to `{name}` (one `use crate::x` path a line)", source.path)
        })
        .collect()
}

#[test]
fn each_room_speaks_only_to_those_below_it() {
    let up = Source::sample("src/store/thread.rs", "fn f() { let x = crate::acts::perform; }");
    assert_eq!(speaks_above_itself(&up).len(), 1);
    let hidden = Source::sample("src/form/mod.rs", "use crate::{store, web};");
    assert_eq!(speaks_above_itself(&hidden).len(), 1);
    let unknown = Source::sample("src/helpers/mod.rs", "");
    assert_eq!(speaks_above_itself(&unknown).len(), 1);
    let fine =
        Source::sample("src/acts/thread.rs", "use crate::store::thread;\n// crate::web would be wrong");
    assert_eq!(speaks_above_itself(&fine), Vec::<String>::new());

    all_is_well(sources(&[".rs"]).iter().flat_map(speaks_above_itself).collect());
}

/// What only certain files may hold in their hands.
fn uses_a_tool_of_others(source: &Source) -> Vec<String> {
    let Some(room) = source.room() else { return vec![] };
    let mut complaints = Vec::new();
    let mut rule = |allowed: bool, words: &[&str], why: &str| {
        if !allowed {
            complaints.extend(source.without(words, why));
        }
    };
    rule(source.path == "src/kernel/seal.rs", &["ring::"], "only kernel/seal.rs touches the cipher");
    let types =
        ["src/kernel/id.rs", "src/kernel/time.rs", "src/kernel/seal.rs"].contains(&source.path.as_str());
    rule(room == "store" || types, &["diesel::", "diesel_migrations::"], "only the store speaks SQL");
    rule(room == "store", &["sql_query(", "batch_execute("], "only the store speaks SQL");
    let funnel = ["src/acts/mod.rs", "src/acts/region.rs"].contains(&source.path.as_str());
    let without_a_key = source.path == "src/ops/verify_cli.rs";
    rule(room == "store" || funnel, &["committer"], "history is written through `perform` alone");
    rule(room == "store" || funnel || without_a_key, &["Store::open("], "the house is opened by `House`");
    rule(room == "web" || room == "main", &["actix_web::"], "only the web room knows HTTP");
    rule(!PURE.contains(&room), IMPURE, "this room is pure: what it needs is handed in");
    complaints
}

const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::thread",
    "std::process",
    "std::time::Instant",
    "Clock::System",
    "now_v7(",
    "new_v4(",
    "tokio::",
    "Id::new()",
];

#[test]
fn dangerous_tools_lie_in_one_room_each() {
    for (path, text) in [
        ("src/acts/mod.rs", "use ring::aead;"),
        ("src/web/sign_in.rs", "use diesel::prelude::*;"),
        ("src/acts/thread.rs", "fn f() { diesel::insert_into(post::table); }"),
        ("src/acts/live.rs", "use actix_web::HttpResponse;"),
        ("src/pathway/step.rs", "fn f() { let id = Uuid::now_v7(); }"),
        ("src/form/mod.rs", "use std::fs;"),
        ("src/web/thread.rs", "fn f() { house.store.committer.commit(vec![], work) }"),
    ] {
        assert_eq!(uses_a_tool_of_others(&Source::sample(path, text)).len(), 1, "{path}: {text}");
    }
    let test_only = Source::sample("src/form/mod.rs", "fn f() {}\n#[cfg(test)]\nmod tests { use std::fs; }");
    assert_eq!(uses_a_tool_of_others(&test_only), Vec::<String>::new());

    all_is_well(sources(&[".rs"]).iter().flat_map(uses_a_tool_of_others).collect());
}

fn does_not_say_what_it_is(source: &Source) -> Vec<String> {
    let opens = match source.path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("rs") => source.text.starts_with("//! "),
        Some("js") => source.text.starts_with("// ") || source.text.starts_with("/*"),
        Some("css") => source.text.starts_with("/*"),
        _ => true,
    };
    if opens { vec![] } else { vec![format!("{}: opens without saying what lives here", source.path)] }
}

#[test]
fn every_file_opens_by_saying_what_lives_in_it() {
    assert_eq!(does_not_say_what_it_is(&Source::sample("src/a.rs", "use x;\n//! late")).len(), 1);
    assert_eq!(does_not_say_what_it_is(&Source::sample("src/web/static/a.css", "a {}")).len(), 1);
    all_is_well(sources(&[".rs", ".js", ".css"]).iter().flat_map(does_not_say_what_it_is).collect());
}

/// Escape hatches that would quietly end a promise the lints keep.
fn opens_an_escape_hatch(source: &Source) -> Vec<String> {
    if !source.path.starts_with("src/") && source.path != "build.rs" {
        return vec![];
    }
    let squeezed: String = source.shipped().split_whitespace().collect();
    let hatches = ["unwrap_used", "expect_used", "indexing_slicing", "too_many_lines", "unsafe_code", "todo"];
    let lints = hatches.iter().filter(|lint| {
        squeezed.contains(&format!("expect(clippy::{lint}"))
            || squeezed.contains(&format!("allow(clippy::{lint}"))
    });
    let mut complaints: Vec<String> =
        lints.map(|lint| format!("{}: opts out of `{lint}`", source.path)).collect();
    complaints
        .extend(source.without(&[".unwrap()", "todo!(", "unimplemented!("], "refuse or answer, never panic"));
    complaints
}

#[test]
fn nobody_opts_out_of_the_lints_that_keep_promises() {
    let long = "#[expect(\n    clippy::too_many_lines,\n    reason = \"long\"\n)]\nfn f() {}";
    assert_eq!(opens_an_escape_hatch(&Source::sample("src/a.rs", long)).len(), 1);
    assert_eq!(opens_an_escape_hatch(&Source::sample("src/a.rs", "fn f() { x.unwrap() }")).len(), 1);
    assert_eq!(opens_an_escape_hatch(&Source::sample("tests/a.rs", "fn f() { x.unwrap() }")).len(), 0);
    let files = sources(&[".rs"]);
    all_is_well(
        files.iter().filter(|file| file.path != "tests/it/tidy.rs").flat_map(opens_an_escape_hatch).collect(),
    );
}

/// What the content security policy would refuse, and what askama would not escape.
fn page_is_unsafe(source: &Source) -> Vec<String> {
    let mut complaints = Vec::new();
    let squeezed: String = source.text.chars().filter(|c| !c.is_whitespace()).collect();
    for word in
        ["|safe", "{%autoescape", "{%filtersafe", "escape=\"none\"", "javascript:", "<style", "srcdoc="]
    {
        if squeezed.contains(word) {
            complaints.push(format!("{}: `{word}` in a page", source.path));
        }
    }
    for tag in source.text.split('<').skip(1) {
        let tag = tag.split('>').next().unwrap_or_default();
        let attributes = tag.split_whitespace().skip(1);
        for name in attributes.filter_map(|attribute| attribute.split('=').next()) {
            let handler = name.strip_prefix("on").is_some_and(|event| event.chars().all(char::is_alphabetic));
            if name == "style" || handler && tag.contains(&format!("{name}=")) {
                complaints.push(format!("{}: inline `{name}` in <{tag}>", source.path));
            }
        }
        if tag.starts_with("script") && !tag.contains("src=") {
            complaints.push(format!("{}: inline script", source.path));
        }
    }
    complaints
}

#[test]
fn pages_hold_no_script_no_style_and_nothing_unescaped() {
    for bad in [
        "<p>{{ body | safe }}</p>",
        "<p style=\"color:red\">",
        "<button onclick=\"send()\">",
        "<script>go()</script>",
        "<style>p {}</style>",
        "<a href=\"javascript:x\">",
        "{% autoescape none %}",
    ] {
        assert_eq!(page_is_unsafe(&Source::sample("src/web/pages/a.html", bad)).len(), 1, "{bad}");
    }
    let good = "<script type=\"module\" src=\"{{ a }}\"></script><p class=\"on\" once>{{ body }}</p>";
    assert_eq!(page_is_unsafe(&Source::sample("src/web/pages/a.html", good)), Vec::<String>::new());

    all_is_well(sources(&[".html", ".svg"]).iter().flat_map(page_is_unsafe).collect());
    let code = sources(&[".rs"]);
    let raw = code.iter().filter(|file| file.room().is_some());
    all_is_well(
        raw.flat_map(|f| f.without(&["ext = \"txt\"", "escape = \"none\"", "HtmlSafe"], "unescaped"))
            .collect(),
    );
}

/// Lines of all files together, and the limit.
fn over_budget(files: &[Source], limit: usize) -> Vec<String> {
    let lines: usize = files.iter().map(|file| file.text.lines().count()).sum();
    if lines <= limit { vec![] } else { vec![format!("{lines} lines where {limit} are the budget")] }
}

#[test]
fn script_and_style_stay_within_their_budgets() {
    let fat = Source::sample("a.js", &"x;\n".repeat(1001));
    assert_eq!(over_budget(&[fat], 1000).len(), 1);
    all_is_well(over_budget(&sources(&[".js"]), 1000));
    all_is_well(over_budget(&sources(&[".css"]), 2000));
    let html = sources(&[".html"]);
    all_is_well(html.iter().flat_map(|page| over_budget(std::slice::from_ref(page), 250)).collect());
}

/// Paths and names of a developer's machine have no business in the project.
fn names_a_machine(source: &Source) -> Vec<String> {
    let places =
        [["/wo", "rk/"], ["/ho", "me/"], ["/ro", "ot/"], ["/Us", "ers/"], ["/tm", "p/"]].map(|p| p.concat());
    let starts = |line: &str, place: &str| {
        line.match_indices(place).any(|(at, _)| {
            // The same letters inside an address or a longer path mean something else.
            let before = line.get(..at).and_then(|before| before.chars().last());
            before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '/' | '}' | '.' | '_' | '-'))
        })
    };
    let lines = source.text.lines().enumerate();
    let found = lines.filter(|(_, line)| places.iter().any(|place| starts(line, place)));
    found.map(|(number, line)| format!("{}:{}: {}", source.path, number + 1, line.trim())).collect()
}

#[test]
fn no_file_names_a_place_on_somebodys_machine() {
    let bad = Source::sample("src/a.rs", &["// see /ho", "me/me/notes.md"].concat());
    assert_eq!(names_a_machine(&bad).len(), 1);
    let files = sources(&[".rs", ".md", ".toml", ".json", ".html", ".js", ".css", ".sql", "/run"]);
    all_is_well(files.iter().flat_map(names_a_machine).collect());
}

/// Every dependency says which version it was written for.
fn takes_any_version(manifest: &Source) -> Vec<String> {
    let lines = manifest.text.lines().filter(|line| line.contains("= \"*\""));
    lines.map(|line| format!("{}: {line}", manifest.path)).collect()
}

#[test]
fn dependencies_name_the_version_they_were_written_for() {
    assert_eq!(takes_any_version(&Source::sample("Cargo.toml", "sha2 = \"*\"")).len(), 1);
    all_is_well(sources(&["Cargo.toml"]).iter().flat_map(takes_any_version).collect());
}

/// The sections of a document, as levels: both languages must have the same shape.
fn shape(document: &str) -> Vec<usize> {
    let mut fenced = false;
    let mut levels = Vec::new();
    for line in document.lines() {
        fenced ^= line.starts_with("```");
        let level = line.chars().take_while(|c| *c == '#').count();
        if !fenced && level > 0 {
            levels.push(level);
        }
    }
    levels
}

#[test]
fn the_house_explains_itself_in_both_languages() {
    assert_ne!(shape("# a\n## b\n"), shape("# あ\n"));
    assert_eq!(shape("# a\n```\n# comment\n```\n## b"), vec![1, 2]);
    let read =
        |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap();
    assert_eq!(
        shape(&read("README.md")),
        shape(&read("README.ja.md")),
        "README.md and README.ja.md differ in shape"
    );
    for name in ["ARCHITECTURE.md", "CHANGELOG.md", "LICENSE"] {
        assert!(!read(name).trim().is_empty(), "{name}");
    }
}

/// Pathways whose folder holds no case.
fn without_a_story(files: &[String]) -> Vec<String> {
    let pathways = files.iter().filter_map(|file| file.strip_suffix("/pathway.json"));
    let untold =
        pathways.filter(|folder| !files.iter().any(|file| file.starts_with(&format!("{folder}/cases/"))));
    untold.map(|folder| format!("{folder}: no case tells what this pathway does")).collect()
}

#[test]
fn every_pathway_has_a_story_that_proves_it() {
    let lonely = ["pathways/peg/pathway.json".to_owned(), "pathways/x/cases/a.json".to_owned()];
    assert_eq!(without_a_story(&lonely).len(), 1);
    let files: Vec<String> = sources(&[".json"]).into_iter().map(|file| file.path).collect();
    all_is_well(without_a_story(&files));
}

/// The points of the engine's meaning, numbered as the page on them numbers them.
const POINTS: usize = 13;

/// Stories that the page on the engine's meaning names and that are not there, and points without any.
fn unproven(page: &str, text_of: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut points = 0;
    for section in page.split("\n## ").skip(1) {
        points += 1;
        let title = section.lines().next().unwrap_or_default();
        if !title.starts_with(&format!("{points}. ")) {
            wrong.push(format!("{title}: point {points} is missing or out of its place"));
        }
        let promises = section.lines().filter(|line| line.starts_with("- "));
        let (later, proven): (Vec<&str>, Vec<&str>) =
            promises.partition(|line| line.starts_with("- **Later**: "));
        if later.is_empty() && proven.is_empty() {
            wrong.push(format!("{title}: no story"));
        }
        wrong.extend(proven.iter().filter_map(|line| {
            let Some(story) = line.strip_suffix('`').and_then(|line| line.rsplit('`').next()) else {
                return Some(format!("{line}: no story"));
            };
            let found = match story.split_once("::") {
                // A test, and not merely a function of that name.
                Some((file, name)) => text_of(file).is_some_and(|text| {
                    text.contains(&format!("#[test]\n    fn {name}()"))
                        || text.contains(&format!("#[test]\nfn {name}()"))
                }),
                None => story.contains("/cases/") && text_of(story).is_some(),
            };
            (!found).then(|| format!("{story}: there is no such story"))
        }));
    }
    if points != POINTS {
        wrong.push(format!("{points} points where there are {POINTS}"));
    }
    wrong
}

#[test]
fn every_promise_of_the_engine_names_the_story_that_proves_it() {
    let sample = "# x\n\n## 1. Log\n\n- A: `a.rs::told`\n- B: `a.rs::helper`\n- C: `p/cases/x.json`\n- D\n\n## 3. Order\n\n## 2. Step\n\n- **Later**: x.\n";
    let files = |file: &str| (file == "a.rs").then(|| "#[test]\nfn told() {}\nfn helper() {}".to_owned());
    let wrong = unproven(sample, &files);
    assert_eq!(wrong.len(), 7, "{wrong:#?}");
    let read = |name: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).ok();
    all_is_well(unproven(&read("pathways/SEMANTICS.md").unwrap(), &read));
}
