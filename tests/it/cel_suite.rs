//! The conformance suite of CEL, for the part of the language that we accept: of its files on comparisons,
//! logic, whole numbers, time and syntax every case either means here what it means there, or is refused
//! before anything is published, with its place and a sentence. There is no third way.

use std::collections::BTreeMap;

use renkei::expr::Decls;
use renkei::expr::Expr;
use renkei::expr::Kind;
use renkei::expr::Problem;
use renkei::expr::Tri;
use renkei::expr::Value;
use serde_json::Value as Json;

const FILES: [(&str, &str); 5] = [
    ("comparisons", include_str!("data/cel/comparisons.json")),
    ("logic", include_str!("data/cel/logic.json")),
    ("integer_math", include_str!("data/cel/integer_math.json")),
    ("timestamps", include_str!("data/cel/timestamps.json")),
    ("parse", include_str!("data/cel/parse.json")),
];

/// How many cases of each file mean the same here, and how many are refused: a number that changes is a
/// change of the language.
const COUNTS: [(&str, usize, usize); 5] = [
    ("comparisons", 37, 369),
    ("logic", 10, 20),
    ("integer_math", 14, 50),
    ("timestamps", 25, 51),
    ("parse", 14, 205),
];

/// A case of the suite, as a condition.
struct Case {
    name: String,
    condition: String,
    decls: Decls,
    facts: BTreeMap<String, Value>,
    wanted: Tri,
}

fn cases(file: &str, text: &str) -> Vec<Case> {
    let suite: Json = serde_json::from_str(text).unwrap();
    assert_eq!(suite["name"], file);
    let mut cases = Vec::new();
    for section in suite["sections"].as_array().unwrap() {
        for test in section["tests"].as_array().unwrap() {
            let name =
                format!("{file}/{}/{}", section["name"].as_str().unwrap(), test["name"].as_str().unwrap());
            cases.push(case(name, test));
        }
    }
    cases
}

fn case(name: String, test: &Json) -> Case {
    let expression = with_our_lengths(test["expr"].as_str().unwrap());
    let (mut decls, mut facts) = (Decls::default(), BTreeMap::new());
    for (name, bound) in test["bindings"].as_object().into_iter().flatten() {
        // Values that we have no kind for stay undeclared.
        if let Some((kind, value)) = known(&bound["value"]) {
            decls.facts.insert(name.clone(), kind);
            facts.insert(name.clone(), value);
        }
    }
    let (condition, wanted) = match known(&test["value"]) {
        Some((_, Value::Bool(truth))) => (expression, if truth { Tri::True } else { Tri::False }),
        // A condition asks whether a value is the one that CEL gives.
        Some((_, Value::Number(number))) => (format!("{expression} == {number}"), Tri::True),
        Some((_, Value::Text(text))) => (format!("{expression} == {}", quoted(&text)), Tri::True),
        // What CEL cannot answer, and values that we have no kind for, must not become true or false.
        _ => (expression, Tri::Unknown),
    };
    Case { name, condition, decls, facts, wanted }
}

/// A value in protobuf's JSON form, where we have a kind for it.
fn known(value: &Json) -> Option<(Kind, Value)> {
    let (shape, value) = value.as_object()?.iter().next()?;
    let number = || value.as_f64().or_else(|| value.as_str()?.parse().ok()).filter(|n: &f64| n.is_finite());
    Some(match shape.as_str() {
        "boolValue" => (Kind::Bool, Value::Bool(value.as_bool()?)),
        "int64Value" | "doubleValue" => (Kind::Number { unit: None }, Value::Number(number()?)),
        "stringValue" => (Kind::Text, Value::Text(value.as_str()?.to_owned())),
        _ => return None,
    })
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}

/// Lengths are the one thing that we write otherwise, as ISO 8601 does: `PT90S` instead of `90s`.
fn with_our_lengths(expression: &str) -> String {
    let mut parts = expression.split("duration('");
    let mut ours = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        ours.push_str("duration('");
        match part.split_once("s')") {
            Some((count, rest)) if count.trim_start_matches('-').bytes().all(|b| b.is_ascii_digit()) => {
                let sign = if count.starts_with('-') { "-" } else { "" };
                ours.push_str(&format!("{sign}PT{}S'){rest}", count.trim_start_matches('-')));
            }
            _ => ours.push_str(part),
        }
    }
    ours
}

/// What becomes of a case here.
enum Fate {
    Agrees,
    Refused(Vec<Problem>),
    Differs(Tri),
}

fn fate(case: &Case) -> Fate {
    match Expr::parse(&case.condition, &case.decls) {
        Err(problems) => Fate::Refused(problems),
        Ok(expr) => match expr.eval(&case.facts, "2026-11-22T03:00:00Z".parse().unwrap()).value {
            value if value == case.wanted => Fate::Agrees,
            value => Fate::Differs(value),
        },
    }
}

/// The sentence without what it quotes: the kind of refusal.
fn reason(problem: &Problem) -> String {
    let mut quoted = problem.says.en.split('"');
    let first = quoted.next().unwrap_or_default().to_owned();
    quoted.enumerate().fold(first, |said, (at, part)| if at % 2 == 0 { said + "…" } else { said + part })
}

#[test]
fn every_case_means_what_it_means_in_cel_or_is_refused_at_its_place() {
    let mut counts = Vec::new();
    let mut reasons: BTreeMap<String, usize> = BTreeMap::new();
    for (file, text) in FILES {
        let (mut agree, mut refused) = (0, 0);
        for case in cases(file, text) {
            match fate(&case) {
                Fate::Agrees => agree += 1,
                Fate::Refused(problems) => {
                    refused += 1;
                    let last = case.condition.chars().count();
                    for problem in &problems {
                        let told = !problem.says.ja.is_empty() && !problem.says.en.is_empty();
                        assert!(told && problem.at <= last, "{}: {problem:?}", case.name);
                    }
                    *reasons.entry(reason(&problems[0])).or_default() += 1;
                }
                Fate::Differs(value) => {
                    panic!("{}: {} is {value:?}, not {:?}", case.name, case.condition, case.wanted)
                }
            }
        }
        println!("{file}: {agree} mean the same, {refused} are refused");
        counts.push((file, agree, refused));
    }
    for (reason, count) in &reasons {
        println!("{count:5}  {reason}");
    }
    assert_eq!(counts, COUNTS);
}

#[test]
fn a_case_that_wants_the_opposite_is_found_out() {
    let cases = FILES.into_iter().flat_map(|(file, text)| cases(file, text));
    let mut turned = 0;
    for mut case in cases.filter(|case| matches!(fate(case), Fate::Agrees)) {
        case.wanted = if case.wanted == Tri::True { Tri::False } else { Tri::True };
        assert!(matches!(fate(&case), Fate::Differs(_)), "{} agrees with anything", case.name);
        turned += 1;
    }
    assert_eq!(turned, COUNTS.iter().map(|(_, agree, _)| agree).sum::<usize>());
}
