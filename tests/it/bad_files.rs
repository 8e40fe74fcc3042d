//! Conditions and pathway files as they should not be: too long, too deep, cut off, mistyped, contradicting
//! themselves. All of it is refused at once, each finding with its file, place and a sentence in both
//! languages; nothing aborts, nothing hangs, and what is refused is not published.

use std::time::Duration;
use std::time::Instant;

use renkei::concept::Concepts;
use renkei::expr::DEPTH_MAX;
use renkei::expr::Decls;
use renkei::expr::Expr;
use renkei::expr::Facts;
use renkei::expr::Kind;
use renkei::expr::Origin;
use renkei::expr::Seen;
use renkei::expr::Value as Known;
use renkei::kernel::finding::Finding;
use renkei::pathway::Pathway;
use serde_json::Value;
use serde_json::json;

use crate::support::dice::Dice;
use crate::support::program;
use crate::support::scratch;

const PEG: &str = include_str!("../../pathways/peg/pathway.json");
const MEGABYTE: usize = 1 << 20;

/// What anything of this kind may take in a program that was not made to be fast.
const PATIENCE: Duration = Duration::from_secs(20);

/// Refusals are promised in time as well: the story fails when one takes longer than a person waits.
fn soon<T>(what: &str, story: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let told = story();
    assert!(began.elapsed() < PATIENCE, "{what} took {:?}", began.elapsed());
    told
}

fn peg() -> Value {
    serde_json::from_str(PEG).unwrap()
}

fn read(file: &Value) -> Result<Pathway, Vec<Finding>> {
    Pathway::read("peg.json", &serde_json::to_string_pretty(file).unwrap(), Concepts::shipped())
}

fn findings(text: &str) -> Vec<Finding> {
    let found = Pathway::read("x.json", text, Concepts::shipped()).err().unwrap_or_default();
    for finding in &found {
        let told = !finding.says.ja.is_empty() && !finding.says.en.is_empty();
        assert!(told && finding.line > 0 && finding.column > 0 && finding.file == "x.json", "{finding:?}");
    }
    found
}

/// A megabyte of one thing, in every manner that has felled a reader of expressions.
fn endless() -> Vec<(&'static str, String)> {
    let times = |text: &str| text.repeat(MEGABYTE / text.len());
    vec![
        ("open brackets", times("(")),
        ("nested brackets", format!("{}alone{}", "(".repeat(MEGABYTE / 2), ")".repeat(MEGABYTE / 2))),
        ("closing brackets", times(")")),
        ("negations", times("!") + "alone"),
        ("minus signs", times("-") + "1 == 1"),
        ("a sum", times("nrs+") + "nrs > 1"),
        ("a chain of ors", times("alone||") + "alone"),
        ("a chain of comparisons", times("nrs==") + "nrs"),
        ("square brackets", times("[")),
        ("nested calls", times("at_least(1,[")),
        ("nested windows", times("any(nrs,'P1D',")),
        ("a name", times("a")),
        ("names joined by dots", times("a.") + "a"),
        ("a number", times("9")),
        ("a fraction", format!("0.{}", times("9"))),
        ("a quote that is never closed", format!("note == '{}", times("胃"))),
        ("quotes", times("'")),
        ("backslashes", format!("note == '{}", times("\\"))),
        ("spaces", times(" ")),
        ("commas", times(",")),
        ("a list of codes", format!("skin in [{}'mild']", times("'mild',"))),
        ("signs of another script", times("。")),
        ("letters of four bytes", times("𠮷")),
        ("nothings", times("\0")),
        ("marks that turn the direction", times("\u{202e}")),
    ]
}

fn decls() -> Decls {
    let codes = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    let facts = [
        ("alone", Kind::Bool),
        ("nrs", Kind::Number { unit: None }),
        ("residual", Kind::Number { unit: Some("mL".to_owned()) }),
        ("note", Kind::Text),
        ("skin", Kind::Enum { values: codes(&["none", "mild"]) }),
        ("procedures", Kind::Set { values: codes(&["peg", "drip"]) }),
        ("placed_on", Kind::Date),
        ("birth_date", Kind::Date),
        ("removed_at", Kind::Instant),
        ("stay", Kind::Duration),
    ];
    Decls {
        facts: facts.map(|(name, kind)| (name.to_owned(), kind)).into(),
        tasks: ["visit".to_owned()].into(),
    }
}

#[test]
fn a_megabyte_of_anything_is_refused_as_a_condition() {
    for (what, source) in endless() {
        // Whole, and cut to the longest that is read at all.
        let fits: String = source.chars().take(340).collect();
        for source in [source, fits] {
            let told = soon(what, || Expr::parse(&source, &decls()));
            if let Err(problems) = told {
                assert!(problems.iter().all(|problem| !problem.says.ja.is_empty()), "{what}");
            } else {
                assert!(source.len() < 1024, "{what} was accepted");
            }
        }
    }
}

#[test]
fn a_megabyte_of_anything_is_refused_in_a_pathway_file() {
    for (what, source) in endless() {
        // As the file itself, and as long as a file may be in the place of a condition.
        soon(what, || assert!(!findings(&source).is_empty(), "{what} was read"));
        let cut: String = source.chars().take(160_000).collect();
        let mut file = peg();
        file["start"]["when"] = json!(cut);
        let text = file.to_string();
        let found = soon(what, || findings(&text));
        let there = found.iter().any(|finding| finding.pointer == "/start/when");
        assert!(there || found.iter().any(|finding| finding.check == "json"), "{what}: {found:?}");
        // Short enough for a condition: refused where it stands, or it reads.
        let mut file = peg();
        file["start"]["when"] = json!(source.chars().take(340).collect::<String>());
        soon(what, || findings(&file.to_string()));
    }
    let windows = format!("{}alone{}", "any(nrs,'P1D',".repeat(DEPTH_MAX), ")".repeat(DEPTH_MAX));
    let told = Expr::parse(&windows, &decls()).unwrap_err();
    assert!(told[0].says.en.contains("inside any"), "a window in a window takes its length to the power");
}

#[test]
fn the_program_refuses_bad_files_and_says_where() {
    let folder = scratch::folder("bad files");
    let mut file = peg();
    file["units"][0]["tasks"][0]["form"] = json!("no-such-form");
    let with_a_missing_form = serde_json::to_vec_pretty(&file).unwrap();
    let files: [(&str, Vec<u8>, &str, &str); 8] = [
        ("brackets.json", vec![b'('; MEGABYTE], ":1:1:", "JSON"),
        ("square.json", vec![b'['; MEGABYTE], ":1:33:", "nests too deeply"),
        ("long.json", vec![b' '; MEGABYTE + 1], ":1:1:", "too large"),
        ("long.ja.json", "胃".repeat(MEGABYTE).into_bytes(), ":1:", "too large"),
        ("latin.json", b"{\n  \"id\": \"caf\xe9\" }".to_vec(), ":2:13:", "UTF-8"),
        ("lone.json", b"{ \"id\": \"\\ud800\" }".to_vec(), ":1:", "quotes and backslashes"),
        ("empty.json", Vec::new(), ":1:1:", "JSON"),
        ("form.json", with_a_missing_form, ":", "no-such-form"),
    ];
    for (name, bytes, place, says) in files {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        let path = path.display().to_string();
        let output = soon(name, || program::run(&["pathway", "check", "--lang", "en", &path]));
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        assert_eq!(output.status.code(), Some(1), "{name}: {told}");
        assert!(told.contains(&format!("{name}{place}")) && told.contains(says), "{name}: {told}");
    }
}

/// Words and signs of the language, and of others.
const WORDS: [&str; 56] = [
    "alone",
    "nrs",
    "residual",
    "note",
    "skin",
    "procedures",
    "placed_on",
    "removed_at",
    "stay",
    "it",
    "true",
    "false",
    "present(",
    "fresh(",
    "days_since(",
    "hours_since(",
    "age()",
    "change(",
    "at_least(",
    "any(",
    "all(",
    "count(",
    "done(",
    "date(",
    "timestamp(",
    "duration(",
    "'visit'",
    "'P1D'",
    "'mild'",
    "'peg'",
    "'2028-02-29'",
    "'-P1M'",
    "'2026-11-22T09:00:00Z'",
    "2",
    "0.5",
    "999999999999999999",
    "(",
    ")",
    "[",
    "]",
    ",",
    "==",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "&&",
    "||",
    "!",
    "+",
    "-",
    "in",
    "?",
    "size(",
    "名前",
];

/// Facts at the edges of what can be stated.
struct Edges;

impl Facts for Edges {
    fn latest(&self, name: &str) -> Option<Seen<'_>> {
        static KNOWN: std::sync::LazyLock<Vec<(&str, Known)>> = std::sync::LazyLock::new(|| {
            vec![
                ("alone", Known::Bool(true)),
                ("nrs", Known::Number(f64::MAX)),
                ("residual", Known::Number(-f64::MAX)),
                ("skin", Known::Text("mild".to_owned())),
                ("procedures", Known::Set(Vec::new())),
                ("placed_on", Known::Date(jiff::civil::Date::MAX)),
                ("birth_date", Known::Date(jiff::civil::Date::MIN)),
                ("removed_at", Known::Instant(jiff::Timestamp::MIN)),
                ("stay", Known::Duration("P40000D".parse().unwrap())),
            ]
        });
        let (_, value) = KNOWN.iter().find(|(known, _)| *known == name)?;
        let origin = Origin { at: jiff::Timestamp::MAX, by: None, profession: None, entry: None };
        Some(Seen { value, origin: Some(origin), stale_at: None })
    }
}

#[test]
fn whatever_is_thrown_together_is_read_or_refused_and_what_is_read_can_be_asked() {
    let (decls, mut dice, mut read) = (decls(), Dice(3), 0);
    soon("throwing words together", || {
        for _ in 0..30_000 {
            let words: Vec<&str> = (0..=dice.roll(12)).map(|_| dice.pick(&WORDS)).collect();
            let source = words.join(dice.pick(&[" ", ""]));
            match Expr::parse(&source, &decls) {
                Ok(expr) => {
                    read += 1;
                    for now in [jiff::Timestamp::MIN, jiff::Timestamp::UNIX_EPOCH, jiff::Timestamp::MAX] {
                        let verdict = expr.eval(&Edges, now);
                        assert!(verdict.flips_at.is_none_or(|at| at > now), "{source}");
                        let why = expr.explain(&Edges, now);
                        let text = serde_json::to_string(&why).unwrap();
                        assert_eq!(
                            serde_json::from_str::<renkei::expr::Why>(&text).unwrap(),
                            why,
                            "{source}"
                        );
                    }
                }
                Err(problems) => {
                    let inside = |at: usize| at <= source.chars().count();
                    assert!(
                        !problems.is_empty() && problems.iter().all(|problem| inside(problem.at)),
                        "{source}"
                    );
                }
            }
        }
    });
    assert!(read > 100, "only {read} conditions came out of chance");
}

#[test]
fn a_file_damaged_anywhere_is_read_or_refused() {
    let mut dice = Dice(5);
    let characters: Vec<char> = PEG.chars().collect();
    let mut refused = 0;
    for _ in 0..40 {
        let mut damaged = characters.clone();
        let at = dice.roll(damaged.len());
        match dice.roll(4) {
            0 => damaged.truncate(at),
            1 => drop(damaged.remove(at)),
            2 => damaged[at] = dice.pick(&['"', '{', '[', ',', '\\', '\u{0}', '9', '胃', '}']),
            _ => {
                let copied: Vec<char> = damaged[at..].iter().take(200).copied().collect();
                damaged.splice(at..at, copied);
            }
        }
        let text: String = damaged.into_iter().collect();
        refused += usize::from(!soon("a damaged file", || findings(&text)).is_empty());
    }
    assert!(refused > 20, "only {refused} damages were noticed");
}

#[test]
fn a_value_of_the_wrong_kind_anywhere_is_read_or_refused() {
    let mut places = Vec::new();
    gather(&peg(), String::new(), &mut places);
    let mut dice = Dice(7);
    let strange = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1e300),
        json!(""),
        json!("胃"),
        json!([]),
        json!({}),
        json!([[[]]]),
        json!("9999-12-31"),
        json!("P40000D"),
        json!("-P1D"),
        json!("PT0S"),
        json!("placement+P9999D"),
    ];
    for _ in 0..60 {
        let (place, value) = (&places[dice.roll(places.len())], strange[dice.roll(strange.len())].clone());
        let mut file = peg();
        *file.pointer_mut(place).unwrap() = value.clone();
        let text = file.to_string();
        for finding in soon("a strange value", || findings(&text)) {
            assert!(!finding.check.code.is_empty(), "{place} {value}");
        }
    }
}

fn gather(value: &Value, pointer: String, places: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                gather(member, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), places);
            }
        }
        Value::Array(items) => {
            for (at, item) in items.iter().enumerate() {
                gather(item, format!("{pointer}/{at}"), places);
            }
        }
        _ => {}
    }
    places.push(pointer);
}

#[test]
fn every_mistake_in_a_file_is_told_at_once_each_at_its_place() {
    let mut file = peg();
    let mut wrong = |pointer: &str, value: Value| *file.pointer_mut(pointer).unwrap() = value;
    wrong("/units/0/tasks/0/id", json!("doctor-review"));
    wrong("/units/0/tasks/0/role", json!("family"));
    wrong("/phases/3/leave/1/to", json!("stabel"));
    wrong("/phases/3/leave/1/propose", json!("skn == 'none' && residual > days_since(placed_on)"));
    wrong("/phases/3/latest/at", json!("placment+P60D"));
    wrong("/summary", json!(7));
    file["colour"] = json!("blue");
    let found = read(&file).unwrap_err();
    let at = |pointer: &str| found.iter().filter(|finding| finding.pointer == pointer).collect::<Vec<_>>();
    for (pointer, check, count) in [
        ("/colour", "shape", 1),
        ("/summary", "shape", 1),
        ("/units/0/tasks/1/id", "id-twice", 1),
        ("/units/0/tasks/0/role", "unknown-role", 1),
        ("/phases/3/leave/1/to", "unknown-phase", 1),
        ("/phases/3/latest/at", "unknown-anchor", 1),
    ] {
        let here = at(pointer);
        let right =
            here.iter().all(|finding| finding.check == check && finding.line > 1 && finding.column > 1);
        assert!(right && here.len() == count, "{pointer}: {found:#?}");
    }
    let [undeclared, units] = at("/phases/3/leave/1/propose")[..] else { unreachable!() };
    assert!(undeclared.check == "unknown-fact" && units.check == "unit-mismatch", "{units:?}");
    assert!(undeclared.says.en.contains("skn") && units.says.en.contains("units"), "{units:?}");
    assert!(units.column > undeclared.column + 10, "each at its own place in the condition");
}

#[test]
fn ten_thousand_tasks_with_ten_thousand_mistakes_are_all_told() {
    let mut file = peg();
    let task = |number: usize| json!({ "id": format!("t{number}"), "title": { "ja": "訪問", "en": "Visit" }, "role": "family" });
    let tasks: Vec<Value> = (0..10_000).map(task).collect();
    file["units"][0]["tasks"] = json!(tasks);
    let text = file.to_string();
    assert!(text.len() < MEGABYTE, "{} bytes", text.len());
    let found = soon("ten thousand tasks", || findings(&text));
    println!("{} findings: {:?}", found.len(), found.first());
    assert!(!found.is_empty());
}

mod edges {
    //! Days and moments at the edges of the calendar, run through a pathway of one visit.

    use jiff::SignedDuration;
    use jiff::Timestamp;
    use renkei::concept::Concepts;
    use renkei::kernel::id::PersonId;
    use renkei::kernel::id::RunId;
    use renkei::kernel::profession::Profession;
    use renkei::pathway::Input;
    use renkei::pathway::Library;
    use renkei::pathway::Pathway;
    use renkei::pathway::PatientState;
    use renkei::pathway::Stamped;
    use renkei::pathway::event::Actor;
    use renkei::pathway::event::Stated;
    use renkei::pathway::step;
    use serde_json::json;

    /// The nurse Ito's patient, the day the tube was placed, and what the engine made of it.
    struct Course {
        library: Library,
        state: PatientState,
    }

    impl Course {
        fn begins(at: &str, placed_on: &str) -> Self {
            let words = json!({ "ja": "訪問", "en": "Visit" });
            let file = json!({
                "format": "pathway/1", "id": "edge", "version": "1.0.0", "title": words, "licence": "CC0-1.0",
                "reviewed": "2026-11-22", "roles": ["visiting_nurse"],
                "facts": { "placed_on": { "concept": "peg.placed_on" } },
                "anchors": { "placement": ["placed_on"] },
                "start": { "by": ["visiting_nurse"] },
                "phases": [
                    { "id": "early", "title": words,
                      "leave": [{ "to": "stable", "title": words, "when": "days_since(placed_on) >= 1" }] },
                    { "id": "stable", "title": words,
                      "leave": [{ "to": "closed", "title": words, "when": "days_since(placed_on) > 99999" }] },
                    { "id": "closed", "title": words, "end": true }
                ],
                "units": [{ "id": "visits", "title": words, "in": ["early", "stable"], "tasks": [
                    { "id": "visit", "title": words, "role": "visiting_nurse",
                      "schedule": { "from": "placement+P1Y", "late": "P1D" } }
                ]}]
            });
            let read = Pathway::read("edge.json", &file.to_string(), Concepts::shipped());
            let pathway = read.unwrap_or_else(|findings| panic!("{findings:#?}"));
            let mut library = Library::new(Concepts::shipped());
            let hash = pathway.hash.clone();
            library.add(pathway);
            let mut course = Self { library, state: PatientState::default() };
            let fact = Stated {
                concept: "peg.placed_on".to_owned(),
                value: json!(placed_on),
                at: None,
                entry: None,
            };
            course.hears(at, Input::Facts(vec![fact]));
            course.hears(at, Input::Start { run: RunId(uuid::Uuid::nil()), pathway: hash });
            course
        }

        fn hears(&mut self, at: &str, input: Input) {
            let at = at.parse().unwrap();
            let by =
                Some(Actor { person: PersonId(uuid::Uuid::nil()), profession: Profession::VisitingNurse });
            let events = step(&self.library, &self.state, &Stamped { at, by, input }).unwrap();
            events.iter().for_each(|event| self.state.apply(event));
        }

        fn passes(&mut self, at: &str) {
            self.hears(at, Input::Time);
        }

        fn phase(&self) -> &str {
            &self.state.active_runs().next().unwrap().phase
        }

        fn next(&self) -> Option<Timestamp> {
            self.state.next_instant(&self.library)
        }

        fn open(&self) -> usize {
            self.state.tasks.values().count()
        }
    }

    #[test]
    fn a_day_ends_at_midnight_in_tokyo_and_not_a_minute_before() {
        let mut course = Course::begins("2026-11-22T23:59:00+09:00", "2026-11-22");
        assert_eq!(course.phase(), "early", "it is one minute before midnight, of the day itself");
        let midnight: Timestamp = "2026-11-23T00:00:00+09:00".parse().unwrap();
        assert_eq!(course.next(), Some(midnight));
        course.passes("2026-11-22T23:59:59.999999+09:00");
        assert_eq!((course.phase(), course.next()), ("early", Some(midnight)));
        course.passes("2026-11-23T00:00:00+09:00");
        assert_eq!(course.phase(), "stable");
        let begun_at_midnight = Course::begins("2026-11-23T00:00:00+09:00", "2026-11-22");
        assert_eq!(begun_at_midnight.phase(), "stable");
    }

    #[test]
    fn a_year_after_a_leap_day_is_the_last_day_of_february() {
        let mut course = Course::begins("2028-02-29T12:00:00+09:00", "2028-02-29");
        course.passes("2029-02-27T23:59:00+09:00");
        assert_eq!(course.open(), 0, "the visit is not due yet");
        course.passes("2029-02-28T00:00:00+09:00");
        assert_eq!(course.open(), 1);
    }

    #[test]
    fn the_last_year_of_the_calendar_begins_and_time_ends_without_harm() {
        for placed_on in ["9999-12-31", "9999-01-01", "0001-01-01"] {
            let mut course = Course::begins("2026-11-22T12:00:00+09:00", placed_on);
            for _ in 0..50 {
                let Some(next) = course.next() else { break };
                assert!(next > course.state.reached, "{placed_on}: time stands still");
                course.passes(&next.to_string());
            }
            let last = Timestamp::MAX - SignedDuration::from_secs(1);
            course.passes(&last.to_string());
            assert!(course.next().is_none_or(|next| next > last), "{placed_on}");
        }
    }
}

mod stays {
    //! A stay in hospital that would end before it began.

    use renkei::acts::Who;
    use renkei::acts::stays;
    use renkei::acts::stays::Admission;
    use renkei::kernel::error::Error;
    use renkei::kernel::id::EntryId;
    use renkei::kernel::id::LetterId;
    use renkei::kernel::time::Clock;
    use renkei::record::payload::Admitted;

    use crate::support::in_each_ward;

    const DAY: i64 = 86_400;

    #[test]
    fn a_stay_does_not_end_before_it_began() {
        in_each_ward(async |ward| {
            let (house, patient, logs) = (&ward.house, ward.tanaka, vec![ward.tanaka.log()]);
            let began = Clock::System.now().plus_seconds(-DAY);
            let before = began.plus_seconds(-60);
            let admit = |planned| {
                let admitted = Admitted {
                    stay: LetterId::new(),
                    hospital: ward.hospital,
                    ward: "3階東".into(),
                    at: began,
                    planned,
                    reason: "肺炎".into(),
                };
                let admission = Admission { id: EntryId::new(), patient, admitted, guest: None };
                house.perform(Who::person(ward.sato), logs.clone(), move |act| stays::admit(act, &admission))
            };
            let says = |told: Result<(), Error>, field: &str| match told {
                Err(Error::Invalid(flaws)) => assert_eq!(
                    flaws.iter().map(|flaw| flaw.field.as_str()).collect::<Vec<_>>(),
                    [field],
                    "{flaws:?}"
                ),
                other => panic!("{other:?}"),
            };
            says(admit(Some(before)).await, "planned");
            admit(Some(began.plus_seconds(5 * DAY))).await.unwrap();
            let id = EntryId::new();
            let plan = house.perform(Who::person(ward.sato), logs.clone(), move |act| {
                stays::plan_discharge(act, id, patient, before)
            });
            says(plan.await, "planned");
            let end = |at| {
                let id = EntryId::new();
                house.perform(Who::person(ward.sato), logs.clone(), move |act| {
                    stays::discharge(act, id, patient, at)
                })
            };
            says(end(before).await, "at");
            end(began.plus_seconds(60)).await.unwrap();
        });
    }
}
