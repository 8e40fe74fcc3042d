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
            found.file, found.line, found.column, found.check.code, found.pointer, found.says.en
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
    assert!(stories >= 6, "only {stories} stories were found");
    for pathway in Library::shipped().offered() {
        let missing = coverage.missing(&pathway.definition, Concepts::shipped());
        assert!(missing.is_empty(), "no story touches {missing:?}");
    }
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

mod storm {
    //! Seeded random play over every shipped pathway.

    use jiff::SignedDuration;
    use jiff::Timestamp;
    use renkei::kernel::id::EntryId;
    use renkei::kernel::id::LetterId;
    use renkei::kernel::id::PersonId;
    use renkei::kernel::id::RunId;
    use renkei::kernel::profession::Profession;
    use renkei::pathway::Event;
    use renkei::pathway::Input;
    use renkei::pathway::Library;
    use renkei::pathway::PatientState;
    use renkei::pathway::Stamped;
    use renkei::pathway::definition::Cause;
    use renkei::pathway::event::Actor;
    use renkei::pathway::event::Choice;
    use renkei::pathway::event::Closing;
    use renkei::pathway::event::Stated;
    use renkei::pathway::event::TaskAct;
    use renkei::pathway::event::What;
    use renkei::pathway::step;
    use serde_json::json;

    /// A small generator with a seed, so that a storm can be blown again.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).unwrap() % sides
        }

        fn id(&mut self) -> uuid::Uuid {
            uuid::Uuid::from_u64_pair(self.roll(1 << 30) as u64, self.roll(1 << 30) as u64)
        }

        fn actor(&mut self) -> Actor {
            let profession = Profession::ALL[self.roll(9)];
            Actor { person: PersonId(uuid::Uuid::from_u128(profession as u128)), profession }
        }
    }

    const FACTS: [(&str, &[&str]); 20] = [
        ("skin_grade", &["\"none\"", "\"mild\"", "\"severe\""]),
        ("peg.leak", &["\"none\"", "\"much\""]),
        ("peg.rotates", &["true", "false"]),
        ("peg.placed_on", &["\"2026-01-01\"", "\"2026-01-20\""]),
        ("peg.inserted_on", &["\"2026-01-05\"", "\"2026-02-20\""]),
        ("peg.stopper", &["\"balloon\"", "\"bumper\""]),
        ("peg.removed_at", &["\"2026-02-01T10:00:00Z\""]),
        ("peg.reason", &["\"stroke\""]),
        ("peg.complication", &["\"none\"", "\"bleeding\"", "\"pain_on_feed\""]),
        ("acp.nutrition", &["\"want\"", "\"not\""]),
        ("acp.ambulance", &["\"undecided\"", "\"not\""]),
        ("ohat.total", &["0", "2", "6"]),
        ("ohat.teeth", &["0", "2"]),
        ("death.pronounced_at", &["\"2026-02-20T10:00:00Z\""]),
        ("nrs_now", &["1", "8"]),
        ("pps", &["60", "20"]),
        ("lcp.bed_bound", &["true", "false"]),
        ("lcp.sips_only", &["true", "false"]),
        ("visit.nurse", &["\"2026-01-02T10:00:00Z\""]),
        ("stay.planned_discharge_on", &["\"2026-02-10\""]),
    ];

    const FORMS: [&str; 7] = [
        "peg-site-check",
        "peg-exchange",
        "ohat",
        "eol-daily",
        "eol-weekly",
        "dental-referral",
        "discharge-sheet",
    ];

    fn input(dice: &mut Dice, state: &PatientState) -> Input {
        let tasks: Vec<_> =
            state.tasks.keys().copied().chain(state.closed.iter().map(|past| past.id)).collect();
        let runs: Vec<_> = state.runs.keys().copied().collect();
        let task = (!tasks.is_empty()).then(|| tasks[dice.roll(tasks.len().max(1))]);
        let run = (!runs.is_empty()).then(|| runs[dice.roll(runs.len().max(1))]);
        match (dice.roll(14), task, run) {
            (0, ..) => {
                let id = ["peg", "end-of-life", "oral-care"][dice.roll(3)];
                let pathway = Library::shipped().current(id).unwrap().hash.clone();
                Input::Start { run: RunId(dice.id()), pathway }
            }
            (1, Some(task), _) => Input::Task(task, TaskAct::Done),
            (2, Some(task), _) => {
                Input::Task(task, TaskAct::Skip { cause: Cause::Patient, reason: "嫌がった".to_owned() })
            }
            (3, Some(task), _) => Input::Task(task, TaskAct::Claim),
            (4, _, Some(run)) if dice.roll(4) == 0 => Input::Stop(run, "転居".to_owned()),
            (5, _, Some(run)) => Input::Suspend(run, "旅行".to_owned()),
            (6, _, Some(run)) => Input::Resume(run),
            (7, ..) => match (state.stay, dice.roll(2)) {
                (Some(stay), 0) => Input::Discharged { stay, on: None },
                _ => Input::Admitted { stay: EntryId(dice.id()), on: None },
            },
            (8, ..) => {
                let form = FORMS[dice.roll(FORMS.len())];
                Input::Form {
                    form: form.to_owned(),
                    letter: LetterId(dice.id()),
                    state: "sent".to_owned(),
                    fulfils: true,
                    task: None,
                    spent: false,
                    facts: vec![fact(dice)],
                }
            }
            (9, ..) => match state.open_proposals().next() {
                Some(open) => Input::Decide {
                    proposal: open.id,
                    choice: if dice.roll(3) == 0 { Choice::Decline } else { Choice::Confirm },
                    reason: Some("そう思う".to_owned()),
                    through: None,
                },
                None => Input::Time,
            },
            (10, ..) => Input::Time,
            _ => Input::Facts(vec![fact(dice)]),
        }
    }

    fn fact(dice: &mut Dice) -> Stated {
        let (concept, values) = FACTS[dice.roll(FACTS.len())];
        let value = serde_json::from_str(values[dice.roll(values.len())]).unwrap();
        Stated { concept: concept.to_owned(), value, at: None, entry: Some(EntryId(dice.id())) }
    }

    fn fold(events: &[Event]) -> PatientState {
        let mut state = PatientState::default();
        events.iter().for_each(|event| state.apply(event));
        state
    }

    #[test]
    fn whatever_comes_in_any_order_the_engine_keeps_its_promises() {
        let library = Library::shipped();
        for seed in 0..12 {
            let mut dice = Dice(seed);
            let mut now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
            let (mut state, mut events) = (PatientState::default(), Vec::new());
            for _ in 0..60 {
                now += SignedDuration::from_secs(i64::try_from(dice.roll(60 * 3600 * 3)).unwrap());
                let by = Some(dice.actor());
                let stamped = Stamped { at: now, by, input: input(&mut dice, &state) };
                let Ok(followed) = step(library, &state, &stamped) else { continue };
                assert_eq!(
                    step(library, &state, &stamped).as_ref(),
                    Ok(&followed),
                    "seed {seed}: not determined"
                );
                for event in &followed {
                    state.apply(event);
                }
                let news = followed.len();
                events.extend(followed);
                // A form that closed nothing may still close what came up right after it; the record's
                // entry ids keep the same move from being told twice.
                let closed = |event: &Event| {
                    matches!(event.what, What::TaskClosed { how: Closing::Done { letter: Some(_), .. }, .. })
                };
                let did = events.iter().rev().take(news).any(closed);
                let once = matches!(stamped.input, Input::Facts(_) | Input::Start { .. })
                    || (did && matches!(stamped.input, Input::Form { .. }));
                if once {
                    let again = step(library, &state, &stamped);
                    assert!(again.as_ref().is_ok_and(Vec::is_empty), "seed {seed}: twice {again:?}");
                }
                assert!(state.next_instant(library).is_none_or(|next| next > state.reached), "seed {seed}");
                for task in state.tasks.values() {
                    assert!(
                        state.past(task.id).is_none() && state.runs.contains_key(&task.run),
                        "seed {seed}"
                    );
                }
            }
            let opened = events.iter().filter_map(|event| match &event.what {
                What::TaskOpened(task) => Some(task.id),
                _ => None,
            });
            let is_closed = |id| {
                events.iter().any(|event| matches!(&event.what, What::TaskClosed { task, .. } if *task == id))
            };
            for id in opened {
                let open = state.tasks.values().any(|task| task.id == id);
                assert!(open != is_closed(id), "seed {seed}: {id} vanished, or is both open and over");
            }
            assert_eq!(fold(&events), state, "seed {seed}: the fold differs");
            let text = serde_json::to_string(&state).unwrap();
            assert_eq!(serde_json::from_str::<PatientState>(&text).unwrap(), state, "seed {seed}");
            let text = serde_json::to_string(&events).unwrap();
            assert_eq!(serde_json::from_str::<Vec<Event>>(&text).unwrap(), events, "seed {seed}");
        }
    }

    #[test]
    fn catching_up_after_an_outage_equals_having_been_up() {
        let library = Library::shipped();
        let began: Timestamp = "2026-01-25T00:00:00Z".parse().unwrap();
        let by = Some(Actor { person: PersonId(uuid::Uuid::nil()), profession: Profession::VisitingNurse });
        let stated = [("peg.placed_on", json!("2026-01-20")), ("peg.stopper", json!("balloon"))];
        let facts = stated.map(|(concept, value)| Stated {
            concept: concept.to_owned(),
            value,
            at: None,
            entry: None,
        });
        let mut start = PatientState::default();
        let pathway = library.current("peg").unwrap().hash.clone();
        let inputs = [Input::Facts(facts.into()), Input::Start { run: RunId(uuid::Uuid::nil()), pathway }];
        for input in inputs {
            let events = step(library, &start, &Stamped { at: began, by, input }).unwrap();
            events.iter().for_each(|event| start.apply(event));
        }
        let until = began + SignedDuration::from_hours(24 * 40);
        let tell = |state: &mut PatientState, at| {
            let events = step(library, state, &Stamped { at, by: None, input: Input::Time }).unwrap();
            events.iter().for_each(|event| state.apply(event));
            events
        };
        let mut up = start.clone();
        let mut told = Vec::new();
        while let Some(next) = up.next_instant(library).filter(|next| *next <= until) {
            told.extend(tell(&mut up, next));
        }
        told.extend(tell(&mut up, until));
        let mut down = start;
        let caught_up = tell(&mut down, until);
        assert_eq!(up, down);
        let happened = |events: &[Event]| {
            let silent = |event: &&Event| !matches!(event.what, What::TimePassed);
            events.iter().filter(silent).cloned().collect::<Vec<_>>()
        };
        assert_eq!(happened(&told), happened(&caught_up));
        assert!(happened(&told).len() > 40);
    }

    /// Whatever a record holds after a while of chance.
    fn after_a_while(seed: u64) -> (Dice, PatientState, Timestamp) {
        let library = Library::shipped();
        let mut dice = Dice(seed);
        let mut now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let mut state = PatientState::default();
        for _ in 0..40 {
            now += SignedDuration::from_secs(i64::try_from(dice.roll(60 * 3600)).unwrap());
            let stamped = Stamped { at: now, by: Some(dice.actor()), input: input(&mut dice, &state) };
            let Ok(followed) = step(library, &state, &stamped) else { continue };
            followed.iter().for_each(|event| state.apply(event));
        }
        (dice, state, now)
    }

    fn time(state: &PatientState, at: Timestamp) -> Vec<Event> {
        step(Library::shipped(), state, &Stamped { at, by: None, input: Input::Time }).unwrap()
    }

    fn happened(events: Vec<Event>) -> Vec<Event> {
        events.into_iter().filter(|event| !matches!(event.what, What::TimePassed)).collect()
    }

    #[test]
    fn three_days_without_the_house_end_like_three_days_with_it_whatever_ran_and_whoever_comes_first() {
        let library = Library::shipped();
        let mut much = 0;
        for seed in 100..160 {
            let (mut dice, state, now) = after_a_while(seed);
            let until = now.max(state.reached) + SignedDuration::from_hours(72);
            let (mut up, mut told) = (state.clone(), Vec::new());
            while let Some(next) = up.next_instant(library).filter(|next| *next <= until) {
                let followed = time(&up, next);
                followed.iter().for_each(|event| up.apply(event));
                told.extend(followed);
            }
            // After the outage a person may be there before the clock: the days in between come first.
            let first = match dice.roll(2) {
                0 => Input::Time,
                _ => Input::Facts(vec![fact(&mut dice)]),
            };
            let stamped = Stamped { at: until, by: Some(dice.actor()), input: first };
            let last = step(library, &up, &stamped).unwrap();
            last.iter().for_each(|event| up.apply(event));
            told.extend(last);
            let mut down = state;
            let caught_up = step(library, &down, &stamped).unwrap();
            caught_up.iter().for_each(|event| down.apply(event));
            let (told, caught_up) = (happened(told), happened(caught_up));
            assert_eq!(told, caught_up, "seed {seed}");
            assert_eq!(up, down, "seed {seed}");
            much += told.len();
        }
        assert!(much > 100, "only {much} things happened in those days");
    }

    #[test]
    fn between_two_instants_nothing_follows_from_time() {
        let library = Library::shipped();
        let mut looked = 0;
        for seed in 200..224 {
            let (mut dice, state, _) = after_a_while(seed);
            let end = state.reached + SignedDuration::from_hours(24 * 400);
            let next = state.next_instant(library).unwrap_or(end);
            let gap = usize::try_from(next.duration_since(state.reached).as_secs()).unwrap();
            for _ in 0..20 {
                let at =
                    state.reached + SignedDuration::from_secs(i64::try_from(dice.roll(gap.max(1))).unwrap());
                assert_eq!(happened(time(&state, at)), [], "seed {seed}: something at {at}, before {next}");
                looked += 1;
            }
            // Looking in between changes no later moment either.
            let mut looked_at = state.clone();
            let between = state.reached + SignedDuration::from_secs(i64::try_from(gap / 2).unwrap());
            time(&state, between).iter().for_each(|event| looked_at.apply(event));
            assert_eq!(looked_at.next_instant(library).unwrap_or(end), next, "seed {seed}");
        }
        assert!(looked > 400);
    }

    #[test]
    fn what_is_told_twice_is_told_once() {
        let library = Library::shipped();
        for seed in 300..316 {
            let (mut dice, mut state, now) = after_a_while(seed);
            let now = now.max(state.reached);
            for _ in 0..20 {
                let by = Some(dice.actor());
                let stamped = Stamped { at: now, by, input: input(&mut dice, &state) };
                let Ok(first) = step(library, &state, &stamped) else { continue };
                first.iter().for_each(|event| state.apply(event));
                // Told again it does nothing, or is refused as done: never is anything done a second time.
                let again = match &stamped.input {
                    Input::Form { .. } => continue,
                    _ => step(library, &state, &stamped).map(happened),
                };
                if matches!(stamped.input, Input::Suspend(..)) {
                    assert!(again.is_err(), "seed {seed}: {:?}", stamped.input);
                }
                assert!(again.as_ref().is_ok_and(Vec::is_empty) || again.is_err(), "seed {seed}: {again:?}");
            }
        }
    }
}
