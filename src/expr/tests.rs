//! What conditions accept, what they refuse, and how unknown travels through them.

use super::*;
use crate::kernel::lang::Lang;

const NOON: &str = "2026-11-22T12:00:00+09:00";

#[derive(Default)]
struct Chart {
    seen: BTreeMap<String, Vec<(Value, Origin, Option<Timestamp>)>>,
}

impl Chart {
    fn with(mut self, name: &str, at: &str, value: Value) -> Self {
        let origin = Origin { at: moment(at), by: None, profession: None, entry: None };
        self.seen.entry(name.to_owned()).or_default().push((value, origin, None));
        self
    }

    fn stale_after(mut self, name: &str, at: &str) -> Self {
        self.seen.get_mut(name).unwrap().last_mut().unwrap().2 = Some(moment(at));
        self
    }
}

impl Facts for Chart {
    fn latest(&self, name: &str) -> Option<Seen<'_>> {
        self.history(name).pop()
    }

    fn history(&self, name: &str) -> Vec<Seen<'_>> {
        let all = self.seen.get(name).into_iter().flatten();
        all.map(|(value, origin, stale_at)| Seen { value, origin: Some(*origin), stale_at: *stale_at })
            .collect()
    }

    fn done(&self, task: &str) -> bool {
        task == "first-visit"
    }
}

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decls() -> Decls {
    let grades = || vec!["none".to_owned(), "mild".to_owned(), "severe".to_owned()];
    Decls {
        facts: BTreeMap::from([
            ("skin".to_owned(), Kind::Enum { values: grades() }),
            ("procedures".to_owned(), Kind::Set { values: vec!["peg".to_owned(), "drip".to_owned()] }),
            ("residual".to_owned(), Kind::Number { unit: Some("mL".to_owned()) }),
            ("weight".to_owned(), Kind::Number { unit: Some("kg".to_owned()) }),
            ("nrs".to_owned(), Kind::Number { unit: None }),
            ("alone".to_owned(), Kind::Bool),
            ("peg.placed_on".to_owned(), Kind::Date),
            ("birth_date".to_owned(), Kind::Date),
            ("removed_at".to_owned(), Kind::Instant),
            ("note".to_owned(), Kind::Text),
        ]),
        tasks: BTreeSet::from(["first-visit".to_owned(), "second-visit".to_owned()]),
    }
}

fn read(source: &str) -> Expr {
    Expr::parse(source, &decls()).unwrap_or_else(|problems| panic!("{source}: {problems:?}"))
}

fn says(source: &str, chart: &Chart) -> Tri {
    read(source).eval(chart, moment(NOON)).value
}

fn problem(source: &str) -> (usize, String) {
    let problem = Expr::parse(source, &decls()).unwrap_err().remove(0);
    (problem.at, problem.says.en.into_owned())
}

#[test]
fn what_is_known_is_compared() {
    let chart = Chart::default()
        .with("skin", NOON, Value::Text("mild".to_owned()))
        .with("procedures", NOON, Value::Set(vec!["peg".to_owned()]))
        .with("residual", NOON, Value::Number(150.0))
        .with("alone", NOON, Value::Bool(false))
        .with("peg.placed_on", NOON, Value::Date("2026-11-08".parse().unwrap()))
        .with("removed_at", NOON, Value::Instant(moment("2026-11-22T10:40:00+09:00")))
        .with("birth_date", NOON, Value::Date("1940-11-23".parse().unwrap()));
    for source in [
        "skin == 'mild'",
        "skin != 'none' && residual < 200",
        "skin in ['mild', 'severe'] && !(skin in ['none'])",
        "'peg' in procedures",
        "!('drip' in procedures)",
        "!alone && alone == false",
        "residual + 50 >= 200 || alone",
        "-residual < 0",
        "residual - 150 == 0",
        "days_since(peg.placed_on) >= 14",
        "days_since(peg.placed_on + duration('P1D')) == 13",
        "days_since(removed_at) == 0",
        "hours_since(removed_at) == 1",
        "age() == 85",
        "present(skin) && !present(nrs)",
        "at_least(2, [skin == 'mild', alone, residual > 100])",
        "done('first-visit') && !done('second-visit')",
        "peg.placed_on > date('2026-10-31')",
        "removed_at < timestamp('2026-11-22T11:00:00+09:00')",
        "fresh(skin, 'P7D')",
        "true",
    ] {
        assert_eq!(says(source, &chart), Tri::True, "{source}");
    }
}

#[test]
fn what_is_unknown_decides_nothing() {
    let chart = Chart::default().with("alone", NOON, Value::Bool(true));
    for source in ["skin == 'mild'", "skin != 'mild'", "!(skin == 'mild')", "residual > 0 && alone"] {
        assert_eq!(says(source, &chart), Tri::Unknown, "{source}");
    }
    assert_eq!(says("residual > 0 || alone", &chart), Tri::True);
    assert_eq!(says("residual > 0 && !alone", &chart), Tri::False);
    assert_eq!(says("at_least(2, [alone, nrs > 3, !alone])", &chart), Tri::Unknown);
    assert_eq!(says("at_least(3, [alone, nrs > 3, !alone])", &chart), Tri::False);
    assert_eq!(says("any(nrs, 'P2D', it >= 4)", &chart), Tri::Unknown);
    assert_eq!(says("all(nrs, 'P2D', it >= 4)", &chart), Tri::Unknown);
    assert_eq!(says("count(nrs, 'P2D') == 0", &chart), Tri::True);
    assert_eq!(says("fresh(skin)", &chart), Tri::False);
    let verdict = read("residual > 0 && skin == 'none' && residual < 9").eval(&chart, moment(NOON));
    let names: Vec<&str> = verdict.missing.iter().map(|missing| missing.name.as_str()).collect();
    assert_eq!(names, ["residual", "skin"]);
}

#[test]
fn a_value_that_is_too_old_is_unknown_and_named_as_stale() {
    let chart = Chart::default()
        .with("skin", "2026-11-15T12:00:00+09:00", Value::Text("none".to_owned()))
        .stale_after("skin", NOON);
    let expr = read("skin == 'none'");
    let before = expr.eval(&chart, moment("2026-11-22T11:00:00+09:00"));
    assert_eq!((before.value, before.flips_at), (Tri::True, Some(moment(NOON))));
    let after = expr.eval(&chart, moment(NOON));
    assert_eq!(after.missing, [Missing { name: "skin".to_owned(), stale: true }]);
}

#[test]
fn windows_look_at_what_happened_in_them() {
    let chart = Chart::default()
        .with("nrs", "2026-11-07T12:00:00+09:00", Value::Number(2.0))
        .with("nrs", "2026-11-20T13:00:00+09:00", Value::Number(5.0))
        .with("nrs", "2026-11-22T09:00:00+09:00", Value::Number(6.0));
    assert_eq!(says("any(nrs, 'P2D', it >= 6) && all(nrs, 'P2D', it >= 5)", &chart), Tri::True);
    assert_eq!(says("all(nrs, 'P20D', it >= 5)", &chart), Tri::False);
    assert_eq!(says("count(nrs, 'P20D', it >= 5) == 2", &chart), Tri::True);
    assert_eq!(says("change(nrs, 'P14D') == 1", &chart), Tri::True);
    assert_eq!(says("change(nrs, 'P20D') == 4", &chart), Tri::True);
    assert_eq!(says("change(nrs, 'P1D') == 0", &chart), Tri::Unknown);
    let flips = read("change(nrs, 'P14D') >= 1").eval(&chart, moment(NOON)).flips_at;
    assert_eq!(flips, Some(moment("2026-12-04T13:00:00+09:00")));
}

#[test]
fn time_says_when_it_next_decides() {
    let chart = Chart::default()
        .with("peg.placed_on", NOON, Value::Date("2026-11-20".parse().unwrap()))
        .with("removed_at", NOON, Value::Instant(moment("2026-11-22T10:40:00+09:00")))
        .with("birth_date", NOON, Value::Date("2024-02-29".parse().unwrap()));
    for (source, flips) in [
        ("days_since(peg.placed_on) >= 14", Some("2026-12-04T00:00:00+09:00")),
        ("days_since(peg.placed_on) > 14", Some("2026-12-05T00:00:00+09:00")),
        ("days_since(peg.placed_on) < 14.5", Some("2026-12-05T00:00:00+09:00")),
        ("days_since(peg.placed_on) == 3", Some("2026-11-23T00:00:00+09:00")),
        ("days_since(peg.placed_on) == 2", Some("2026-11-23T00:00:00+09:00")),
        ("days_since(peg.placed_on) >= 1", None),
        ("days_since(peg.placed_on) == 1", None),
        ("14 <= days_since(peg.placed_on)", Some("2026-12-04T00:00:00+09:00")),
        ("days_since(peg.placed_on) + 4 >= 14", Some("2026-11-30T00:00:00+09:00")),
        ("4 - days_since(peg.placed_on) >= 14", Some("2026-11-23T00:00:00+09:00")),
        ("hours_since(removed_at) >= 3", Some("2026-11-22T13:40:00+09:00")),
        ("age() >= 3", Some("2027-03-01T00:00:00+09:00")),
        ("age() >= 99999", None),
        ("fresh(peg.placed_on, 'P7D')", Some("2026-11-29T12:00:00+09:00")),
        ("present(skin)", None),
    ] {
        let verdict = read(source).eval(&chart, moment(NOON));
        assert_eq!(verdict.flips_at, flips.map(moment), "{source}");
        if let Some(at) = verdict.flips_at.filter(|_| !source.starts_with('4')) {
            let just_before = at.checked_sub(jiff::SignedDuration::from_micros(1)).unwrap();
            assert_eq!(read(source).eval(&chart, just_before).value, verdict.value, "{source} too late");
            assert_ne!(read(source).eval(&chart, at).value, verdict.value, "{source} too early");
        }
    }
}

/// A mistake, the character it stands at, and a word of what is said of it.
const MISTAKES: [(&str, usize, &str); 55] = [
    ("skn == 'none'", 0, "skin"),
    ("skin == 'sever'", 8, "severe"),
    ("residual == weight", 12, "units"),
    ("residual + weight > 3", 11, "units"),
    ("residual > nrs", 11, "units"),
    ("days_since(removed_at) > hours_since(removed_at)", 25, "units"),
    ("skin > 'none'", 0, "compared"),
    ("residual", 0, "truth value"),
    ("skin == 'none' == true", 15, "chain"),
    ("(skin == 'none'", 15, "\")\""),
    ("skin == 'none", 8, "quote"),
    ("note == 'caf\\u00e9'", 12, "backslash"),
    ("note == '胃ろう' && x", 17, "declared"),
    ("alone && xyzzy", 9, "declared"),
    ("done('first-vist')", 5, "first-visit"),
    ("done('xyzzy')", 5, "no task"),
    ("done(skin)", 5, "id of a task"),
    ("days_since(residual) > 3", 11, "date"),
    ("hours_since(peg.placed_on) > 3", 12, "moment"),
    ("change(skin, 'P1D') > 3", 7, "number"),
    ("change(nrs, 'P1') > 3", 12, "P14D"),
    ("change(nrs, '-P1D') > 3", 12, "more than"),
    ("date('2026-02-29') > peg.placed_on", 5, "2026-11-22"),
    ("timestamp('23:59') > removed_at", 10, "2026-11-22T09"),
    ("at_least(3, [alone, alone])", 9, "Only 2"),
    ("at_least(0, [alone])", 9, "whole number"),
    ("at_least(1, alone)", 12, "\"[\""),
    ("any(nrs, 'P1D', count(nrs, 'P1D') > it)", 16, "inside any"),
    ("it > 3", 0, "any, all"),
    ("present('skin')", 8, "name of a fact"),
    ("size(note) > 3", 0, "no function"),
    ("alone && 3", 9, "truth value"),
    ("alone && note", 9, "text"),
    ("alone && skin", 9, "a choice"),
    ("alone && procedures", 9, "a multiple choice"),
    ("alone && peg.placed_on", 9, "a date"),
    ("alone && removed_at", 9, "a moment"),
    ("alone && duration('P1D')", 9, "a length of time"),
    ("!nrs", 1, "a number"),
    ("-alone == 1", 1, "a truth value"),
    ("peg.placed_on + 3 > peg.placed_on", 0, "added"),
    ("peg.placed_on - peg.placed_on > 3", 0, "added"),
    ("'peg' in skin", 9, "multiple"),
    ("'x' in procedures", 0, "choices"),
    ("nrs in procedures", 0, "Left of"),
    ("skin in [none]", 9, "List codes"),
    ("nrs in ['none']", 0, "a choice"),
    ("skin in", 7, "value"),
    ("nrs * 2 > 3", 4, "*"),
    ("nrs > 1e3", 6, "number"),
    ("nrs > 1.", 6, "number"),
    ("nrs > 12345678901234567890", 6, "number"),
    ("", 0, "value"),
    ("。", 0, "。"),
    ("alone ? true : false", 6, "?"),
];

fn all_mistakes() -> Vec<(String, usize, &'static str)> {
    let written = MISTAKES.into_iter().map(|(source, at, word)| (source.to_owned(), at, word));
    let long = [
        (" ".repeat(SOURCE_MAX) + "alone", 0, "too long"),
        ("(".repeat(DEPTH_MAX + 1) + "alone", DEPTH_MAX + 1, "too deeply"),
        ("1+".repeat(NODES_MAX / 2) + "1 > 2", 0, "too many"),
    ];
    written.chain(long).collect()
}

#[test]
fn every_mistake_has_its_place_and_a_sentence() {
    for (source, at, word) in all_mistakes() {
        let (found_at, sentence) = problem(&source);
        assert!(found_at == at && sentence.contains(word), "{source}: {found_at} {sentence}");
    }
    assert_eq!(Expr::parse("skn == 'x' && residul > 3", &decls()).unwrap_err().len(), 2);
}

/// The sentences of the parser are counted in its own files, so that none can be added without its mistake.
#[test]
fn every_sentence_is_said_of_some_mistake_in_both_languages() {
    let files = [include_str!("token.rs"), include_str!("parse.rs"), include_str!("parse/calls.rs")];
    let problems =
        all_mistakes().into_iter().flat_map(|(source, ..)| Expr::parse(&source, &decls()).unwrap_err());
    let said: Vec<Words> = problems.map(|problem| problem.says).collect();
    let mut sentences = 0;
    for (language, say) in [("ja: \"", Lang::Ja), ("en: \"", Lang::En)] {
        let texts = files.iter().filter_map(|file| file.split_once("texts! {")).map(|(_, texts)| texts);
        let templates = texts.flat_map(|texts| texts.split(language).skip(1)).map(|rest| {
            let end = rest.replace("\\\\", "__").replace("\\\"", "__").find('"').unwrap();
            rest[..end].replace("\\\"", "\"").replace("\\\\", "\\")
        });
        for template in templates {
            // What stands between the places that are filled in.
            let mut fixed = template.split('{').flat_map(|part| part.rsplit('}').take(1)).collect::<Vec<_>>();
            fixed.retain(|part| !part.is_empty());
            let told = said.iter().any(|words| fixed.iter().all(|part| words.say(say).contains(part)));
            assert!(told, "no mistake is told: {template}");
            sentences += 1;
        }
    }
    assert!(sentences > 60, "only {sentences} sentences were found");
}

#[test]
fn age_is_counted_from_a_day_and_from_nothing_else() {
    let facts = |kind| Decls { facts: [("birth_date".to_owned(), kind)].into(), ..Decls::default() };
    assert!(Expr::parse("age() >= 75", &facts(Kind::Date)).is_ok());
    for kind in [Kind::Text, Kind::Instant, Kind::Number { unit: Some("a".to_owned()) }] {
        let problems = Expr::parse("age() >= 75", &facts(kind)).unwrap_err();
        assert_eq!(problems.iter().map(|problem| problem.check.code).collect::<Vec<_>>(), ["wrong-type"]);
    }
    assert_eq!(Expr::parse("age() >= 75", &Decls::default()).unwrap_err()[0].check.code, "unknown-fact");
}

#[test]
fn no_length_and_no_depth_aborts() {
    for source in ["(".repeat(1 << 20), "(".repeat(1000), "!".repeat(1000), "-".repeat(1000)] {
        assert!(Expr::parse(&source, &decls()).is_err());
    }
    let deep = |levels: usize| format!("{}alone{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Expr::parse(&deep(DEPTH_MAX), &decls()).is_ok());
    assert!(Expr::parse(&deep(DEPTH_MAX + 1), &decls()).is_err());
    let calls = format!("{}alone{}", "at_least(1,[".repeat(40), "])".repeat(40));
    assert!(Expr::parse(&calls, &decls()).is_err());
    let wide = vec!["alone"; 120].join("||");
    assert!(Expr::parse(&wide, &decls()).is_ok());
    let quoted = format!("note == '{}'", "胃".repeat(400));
    assert!(Expr::parse(&quoted, &decls()).is_err());
}

#[test]
fn the_tree_names_each_leaf_with_its_source() {
    let person = PersonId::new();
    let mut chart = Chart::default().with("skin", NOON, Value::Text("severe".to_owned()));
    chart.seen.get_mut("skin").unwrap().last_mut().unwrap().1.by = Some(person);
    let why = read("skin == 'severe' && residual > 100").explain(&chart, moment(NOON));
    assert_eq!(why.outcome, Outcome::Unknown);
    assert_eq!(why.parts[0].text, "skin == 'severe'");
    assert_eq!(why.parts[0].outcome, Outcome::True);
    let leaves = why.leaves();
    assert_eq!(leaves[0].origin.unwrap().by, Some(person));
    assert_eq!((leaves[1].name.as_str(), leaves[1].value.clone()), ("residual", None));
    let again: Why = serde_json::from_str(&serde_json::to_string(&why).unwrap()).unwrap();
    assert_eq!(again, why);
}
