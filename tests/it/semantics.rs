//! What the engine promises, each promise as a small story of its own: one pathway of two pages, changed by
//! what the story is about. `pathways/SEMANTICS.md` says which promise each of them proves.

use jiff::SignedDuration;
use jiff::Timestamp;
use renkei::concept::Concepts;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::id::TaskId;
use renkei::kernel::profession::Profession;
use renkei::pathway::Event;
use renkei::pathway::Input;
use renkei::pathway::Library;
use renkei::pathway::Pathway;
use renkei::pathway::PatientState;
use renkei::pathway::Refusal;
use renkei::pathway::Stamped;
use renkei::pathway::case;
use renkei::pathway::definition::Cause;
use renkei::pathway::event::Actor;
use renkei::pathway::event::Closing;
use renkei::pathway::event::Stated;
use renkei::pathway::event::TaskAct;
use renkei::pathway::event::What;
use renkei::pathway::state::Reason;
use renkei::pathway::state::Task;
use renkei::pathway::step;
use serde_json::Value;
use serde_json::json;
use uuid::Uuid;

const WALKS: &str = include_str!("data/checks/sound.json");

/// The pathway of these stories: a first visit, then a look at pain and skin every day.
fn walks(id: &str) -> Value {
    let mut file: Value = serde_json::from_str(WALKS).unwrap();
    file["id"] = json!(id);
    file.as_object_mut().unwrap().remove("$schema");
    file
}

fn library(files: &[Value]) -> Library {
    let mut library = Library::shipped().clone();
    for file in files {
        let read = Pathway::read("pathway.json", &file.to_string(), Concepts::shipped());
        library.add(read.unwrap_or_else(|findings| panic!("{findings:#?}")));
    }
    library
}

/// Plays a story; what it expects must be seen.
fn play(library: &Library, turns: Value) -> case::Played {
    let story = json!({ "says": { "ja": "物語", "en": "A story" }, "turns": turns });
    let played = case::play(library, "story.json", &story.to_string()).unwrap();
    let told: Vec<_> = played.failures.iter().map(|found| found.says.en.to_string()).collect();
    assert!(told.is_empty(), "{}", told.join("\n"));
    played
}

/// A patient whose pathways are told one thing after another.
struct Patient<'a> {
    library: &'a Library,
    state: PatientState,
    events: Vec<Event>,
}

impl<'a> Patient<'a> {
    fn new(library: &'a Library) -> Self {
        Self { library, state: PatientState::default(), events: Vec::new() }
    }

    fn tell(&mut self, at: &str, by: Profession, input: Input) -> Result<Vec<Event>, Refusal> {
        let by = Some(Actor { person: PersonId(Uuid::from_u128(by as u128 + 1)), profession: by });
        let stamped = Stamped { at: moment(at), by, input };
        let followed = step(self.library, &self.state, &stamped)?;
        followed.iter().for_each(|event| self.state.apply(event));
        self.events.extend(followed.clone());
        Ok(followed)
    }

    fn nurse(&mut self, at: &str, input: Input) -> Vec<Event> {
        self.tell(at, Profession::VisitingNurse, input).unwrap()
    }

    fn start(&mut self, at: &str, pathway: &str) {
        let hash = self.library.current(pathway).unwrap().hash.clone();
        let run = RunId(Uuid::new_v5(&Uuid::NAMESPACE_OID, pathway.as_bytes()));
        self.nurse(at, Input::Start { run, pathway: hash });
    }

    fn tasks(&self, code: &str) -> Vec<&Task> {
        let here = self.state.tasks.values().map(std::sync::Arc::as_ref);
        here.filter(|task| task.code.as_deref() == Some(code)).collect()
    }

    /// The task among several of one code that stands for the others.
    fn first(&self, code: &str) -> TaskId {
        let stands: Vec<TaskId> =
            self.tasks(code).iter().filter(|task| task.with.is_none()).map(|task| task.id).collect();
        let [one] = stands.as_slice() else { panic!("{code}: {stands:?}") };
        *one
    }
}

fn moment(at: &str) -> Timestamp {
    at.parse().unwrap_or_else(|_| panic!("{at}"))
}

/// One fact, from an entry of its own.
fn fact(concept: &str, value: Value, entry: u128) -> Input {
    let entry = Some(EntryId(Uuid::from_u128(entry)));
    Input::Facts(vec![Stated { concept: concept.to_owned(), value, at: None, entry }])
}

/// What people would see: everything but the numbers by which the engine tells a new fact from an old one.
fn seen(state: &PatientState) -> Value {
    let mut seen = serde_json::to_value(state).unwrap();
    seen["counted"] = Value::Null;
    for facts in seen["facts"].as_object_mut().unwrap().values_mut() {
        facts.as_array_mut().unwrap().iter_mut().for_each(|fact| fact["number"] = Value::Null);
    }
    for run in seen["runs"].as_object_mut().unwrap().values_mut() {
        run["rules"].as_object_mut().unwrap().values_mut().for_each(|fired| fired["seen"] = Value::Null);
    }
    seen
}

#[test]
fn a_rule_fires_on_becoming_true_and_again_only_after_it_did_not_hold() {
    let library = library(&[walks("walks")]);
    play(
        &library,
        json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse",
              "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00", "nrs_now": 8 }, "expect": { "open": ["review"] } },
            { "at": "2026-11-22T11:00:00+09:00", "by": "doctor", "done": "review" },
            { "at": "2026-11-22T12:00:00+09:00", "by": "visiting_nurse", "facts": { "nrs_now": 9 },
              "note": { "ja": "まだ成り立ったまま", "en": "It still holds" }, "expect": { "not_open": ["review"] } },
            { "at": "2026-11-22T13:00:00+09:00", "by": "visiting_nurse", "facts": { "nrs_now": 2 } },
            { "at": "2026-11-22T14:00:00+09:00", "by": "visiting_nurse", "facts": { "nrs_now": 8 },
              "expect": { "open": ["review"], "why": { "review": "much-pain" } } }
        ]),
    );
}

#[test]
fn what_grew_too_old_to_know_neither_fires_a_rule_nor_arms_it_again() {
    let library = library(&[walks("walks")]);
    play(
        &library,
        json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse",
              "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00", "nrs_now": 8 }, "expect": { "open": ["review"] } },
            { "at": "2026-11-22T11:00:00+09:00", "by": "doctor", "done": "review" },
            { "at": "2026-11-26T11:00:00+09:00",
              "note": { "ja": "三日を過ぎて、痛みは分からなくなった", "en": "Three days on, the pain is not known any more" },
              "expect": { "not_open": ["review"], "proposals": [] } },
            { "at": "2026-11-26T12:00:00+09:00", "by": "visiting_nurse", "facts": { "nrs_now": 8 },
              "expect": { "not_open": ["review"] } }
        ]),
    );
}

#[test]
fn a_rule_that_watches_each_value_fires_once_for_each_and_not_for_the_same_one_told_again() {
    let mut file = walks("walks");
    file["units"][0]["rules"][0]["each"] = json!(true);
    let library = library(&[file]);
    let mut patient = Patient::new(&library);
    patient.start("2026-11-22T00:00:00Z", "walks");
    patient.nurse("2026-11-22T01:00:00Z", fact("visit.nurse", json!("2026-11-22T01:00:00Z"), 1));
    let fired =
        |events: &[Event]| events.iter().filter(|event| matches!(event.what, What::RuleFired { .. })).count();
    assert_eq!(fired(&patient.nurse("2026-11-22T02:00:00Z", fact("nrs_now", json!(8), 2))), 1);
    assert_eq!(
        fired(&patient.nurse("2026-11-22T03:00:00Z", fact("nrs_now", json!(8), 2))),
        0,
        "the same entry"
    );
    assert_eq!(fired(&patient.nurse("2026-11-22T04:00:00Z", fact("nrs_now", json!(9), 3))), 1);
    assert_eq!(patient.tasks("review").len(), 1, "the one that is open serves");
}

#[test]
fn of_two_proposals_the_one_that_comes_first_is_asked_first_and_the_other_waits() {
    let mut file = walks("walks");
    file["phases"][1]["leave"].as_array_mut().unwrap().push(json!({
        "to": "poorly", "propose": "skin == 'severe' || weight < 40", "priority": 1,
        "confirm": { "by": ["doctor"] }
    }));
    file["phases"].as_array_mut().unwrap().push(json!({
        "id": "poorly", "title": { "ja": "悪化", "en": "Poorly" },
        "leave": [{ "to": "closed", "choose": ["doctor"], "confirm": { "by": ["doctor"] } }]
    }));
    let library = library(&[file.clone()]);
    play(
        &library,
        json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse",
              "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00", "nrs_now": 0, "skin_grade": "none" },
              "expect": { "proposals": ["closed"] } },
            { "at": "2026-11-22T11:00:00+09:00", "by": "visiting_nurse", "facts": { "weight": 35 },
              "note": { "ja": "先に考える提案が出て、もう一つは引っ込む", "en": "What comes first is proposed, the other is withdrawn" },
              "expect": { "proposals": ["poorly"] } },
            { "at": "2026-11-22T11:30:00+09:00", "by": "doctor", "confirm": "closed", "expect": { "refused": "unknown" } },
            { "at": "2026-11-22T12:00:00+09:00", "by": "doctor", "decline": { "to": "poorly", "reason": "経過をみる" },
              "note": { "ja": "見送られたので、次の提案が出る", "en": "Declined: now the other one is asked" },
              "expect": { "proposals": ["closed"] } },
            { "at": "2026-11-22T13:00:00+09:00", "by": "visiting_nurse", "facts": { "weight": 34 },
              "note": { "ja": "もとの値が変われば、また先に尋ねる", "en": "A value it was made on changed: it comes first again" },
              "expect": { "proposals": ["poorly"] } },
            { "at": "2026-11-22T14:00:00+09:00", "by": "doctor", "confirm": "poorly",
              "expect": { "phase": { "walks": "poorly" }, "proposals": [] } }
        ]),
    );
    // Without a first and a second the file is refused: nobody could tell which one is asked.
    file["phases"][1]["leave"][2].as_object_mut().unwrap().remove("priority");
    let refused = Pathway::read("pathway.json", &file.to_string(), Concepts::shipped()).unwrap_err();
    assert!(refused.iter().any(|found| found.check.code == "together" && found.is_error()), "{refused:#?}");
}

#[test]
fn what_a_person_raised_is_not_taken_back_by_a_proposal_that_comes_first() {
    let mut file = walks("walks");
    file["phases"][1]["leave"][0]["priority"] = json!(1);
    file["phases"][1]["leave"][1]["confirm"] = json!({ "by": ["doctor"], "people": 2 });
    let library = library(&[file]);
    play(
        &library,
        json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse",
              "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00" } },
            { "at": "2026-11-22T10:30:00+09:00", "by": "visiting_nurse",
              "raise": { "pathway": "walks", "to": "waiting", "reason": "入院しそう" }, "expect": { "refused": "not_yours" } },
            { "at": "2026-11-22T10:40:00+09:00", "by": "doctor",
              "raise": { "pathway": "walks", "to": "waiting", "reason": "入院しそう" }, "expect": { "proposals": ["waiting"] } },
            { "at": "2026-11-22T11:00:00+09:00", "by": "visiting_nurse", "facts": { "nrs_now": 0, "skin_grade": "none" },
              "expect": { "proposals": ["closed", "waiting"] } }
        ]),
    );
}

#[test]
fn a_condition_on_age_turns_on_the_birthday_and_an_unknown_birth_date_decides_nothing() {
    let mut file = walks("walks");
    file["facts"]["birth_date"] = json!({ "concept": "birth_date" });
    file["units"][0]["rules"][0]["when"] = json!("age() >= 75");
    let library = library(&[file]);
    let started = |birth: Option<&str>| {
        let mut facts = json!({ "visit.nurse": "2026-11-22T09:30:00+09:00" });
        if let Some(birth) = birth {
            facts["birth_date"] = json!(birth);
        }
        json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse", "facts": facts,
              "expect": { "phase": { "walks": "home" }, "not_open": ["review"] } }
        ])
    };
    let then = |mut turns: Value, expect: Value| {
        turns.as_array_mut().unwrap().extend([
            json!({ "at": "2026-11-23T23:59:59+09:00", "expect": { "not_open": ["review"] } }),
            json!({ "at": "2026-11-24T00:00:00+09:00", "expect": expect }),
        ]);
        turns
    };
    // The civil day of the patient counts: in Tokyo it is the birthday while it is still the day before in UTC.
    play(
        &library,
        then(started(Some("1951-11-24")), json!({ "open": ["review"], "why": { "review": "much-pain" } })),
    );
    play(&library, then(started(None), json!({ "not_open": ["review"], "missing": ["birth_date"] })));
}

/// Three copies of one pathway whose examination is the same.
fn three() -> Library {
    library(&["walks-a", "walks-b", "walks-c"].map(|id| {
        let mut file = walks(id);
        file["units"][0]["tasks"][2]["merge"] = json!("medication");
        file
    }))
}

fn in_much_pain(library: &Library) -> Patient<'_> {
    let mut patient = Patient::new(library);
    for id in ["walks-a", "walks-b", "walks-c"] {
        patient.start("2026-11-22T00:00:00Z", id);
    }
    patient.nurse("2026-11-22T01:00:00Z", fact("visit.nurse", json!("2026-11-22T01:00:00Z"), 1));
    patient.nurse("2026-11-22T02:00:00Z", fact("nrs_now", json!(8), 2));
    assert_eq!(patient.tasks("review").len(), 3, "each pathway keeps its own");
    patient
}

#[test]
fn what_three_pathways_want_is_done_once_for_all_of_them() {
    let library = three();
    let mut patient = in_much_pain(&library);
    let first = patient.first("review");
    let other = patient.tasks("review").iter().find(|task| task.id != first).unwrap().id;
    let refused =
        patient.tell("2026-11-22T03:00:00Z", Profession::VisitingNurse, Input::Task(other, TaskAct::Done));
    assert_eq!(refused, Err(Refusal::NotYours), "being wanted three times gives nobody a right");
    // Whichever of the three is pressed, it is the one examination.
    patient.tell("2026-11-22T03:00:00Z", Profession::Doctor, Input::Task(other, TaskAct::Done)).unwrap();
    assert!(patient.tasks("review").is_empty());
    let how: Vec<&Closing> = patient
        .state
        .closed
        .iter()
        .filter(|task| task.code.as_deref() == Some("review"))
        .map(|task| &task.closed.how)
        .collect();
    let with =
        how.iter().filter(|how| matches!(how, Closing::Done { with: Some(with), .. } if *with == first));
    assert_eq!((how.len(), with.count()), (3, 2));
    let again = patient.tell("2026-11-22T04:00:00Z", Profession::Doctor, Input::Task(first, TaskAct::Done));
    assert_eq!(again, Err(Refusal::Over));
}

#[test]
fn when_one_of_three_pathways_wants_it_no_longer_the_other_two_still_share_it() {
    let library = three();
    let mut patient = in_much_pain(&library);
    let first = patient.first("review");
    let skip = TaskAct::Skip { cause: Cause::Patient, reason: "先週見直したばかり".to_owned() };
    patient.tell("2026-11-22T03:00:00Z", Profession::Doctor, Input::Task(first, skip)).unwrap();
    assert_eq!(patient.tasks("review").len(), 2);
    let next = patient.first("review");
    patient.tell("2026-11-22T04:00:00Z", Profession::Doctor, Input::Task(next, TaskAct::Done)).unwrap();
    assert!(patient.tasks("review").is_empty(), "one look at the medication serves both");
    let mut folded = PatientState::default();
    patient.events.iter().for_each(|event| folded.apply(event));
    assert_eq!(folded, patient.state);
}

#[test]
fn a_declared_conflict_silences_a_task_while_it_lasts_and_no_other() {
    let library = library(&[walks("walks")]);
    let turns = |dying: bool| {
        let mut turns = json!([
            { "at": "2026-11-22T09:00:00+09:00", "by": "visiting_nurse", "start": "walks" },
            { "at": "2026-11-22T10:00:00+09:00", "by": "visiting_nurse",
              "facts": { "visit.nurse": "2026-11-22T10:00:00+09:00" }, "expect": { "open": ["site", "look"] } },
            { "at": "2026-11-22T11:00:00+09:00", "by": "doctor", "start": "end-of-life" },
            { "at": "2026-11-22T11:10:00+09:00", "by": "doctor", "facts": { "visit.doctor": "2026-11-22T11:10:00+09:00" } },
            { "at": "2026-11-22T11:20:00+09:00", "by": "doctor",
              "raise": { "pathway": "end-of-life", "to": "stable", "reason": "落ち着いている" },
              "expect": { "open": ["site", "look"] } }
        ]);
        if dying {
            turns.as_array_mut().unwrap().extend([
                json!({ "at": "2026-11-22T11:30:00+09:00", "by": "doctor",
                    "raise": { "pathway": "end-of-life", "to": "dying", "reason": "意識が下がった" }, "expect": { "open": ["site"] } }),
                json!({ "at": "2026-11-22T11:40:00+09:00", "by": "visiting_nurse", "confirm": "dying",
                    "expect": { "not_open": ["site"], "closed": { "site": "cancelled" }, "open": ["look"] } }),
                json!({ "at": "2026-11-30T09:00:00+09:00", "expect": { "not_open": ["site"] } }),
            ]);
        }
        turns
    };
    play(&library, turns(false));
    let played = play(&library, turns(true));
    assert!(
        played.state.variances.iter().all(|one| one.about.as_deref() != Some("site")),
        "it is nobody's omission"
    );
}

#[test]
fn a_day_that_is_moved_and_moved_back_is_a_day_again_and_what_was_done_on_it_stays_done() {
    let mut file = walks("walks");
    file["facts"]["placed"] = json!({ "concept": "peg.placed_on" });
    file["anchors"]["placing"] = json!(["placed"]);
    let exchange = json!({
        "id": "exchange", "title": { "ja": "交換", "en": "Exchange" }, "role": "doctor",
        "schedule": { "from": "placing+P30D", "early": "P40D" },
    });
    file["units"][0]["tasks"].as_array_mut().unwrap().push(exchange);
    let library = library(&[file]);
    let mut patient = Patient::new(&library);
    patient.start("2026-11-01T00:00:00Z", "walks");
    patient.nurse("2026-11-01T01:00:00Z", fact("visit.nurse", json!("2026-11-01T01:00:00Z"), 1));
    let placed = |patient: &mut Patient<'_>, hour: usize, day: &str| -> Vec<TaskId> {
        let at = format!("2026-11-01T{hour:02}:00:00Z");
        patient.nurse(&at, fact("peg.placed_on", json!(day), 100 + hour as u128));
        patient.tasks("exchange").iter().map(|task| task.id).collect()
    };
    let first = placed(&mut patient, 2, "2026-10-20");
    let moved = placed(&mut patient, 3, "2026-10-22");
    assert_eq!((first.len(), moved.len()), (1, 1));
    assert_ne!(first, moved);
    assert_eq!(placed(&mut patient, 4, "2026-10-20"), first, "it was a slip of the pen");
    patient.tell("2026-11-01T05:00:00Z", Profession::Doctor, Input::Task(first[0], TaskAct::Done)).unwrap();
    assert_eq!(placed(&mut patient, 6, "2026-10-22"), moved);
    assert_eq!(placed(&mut patient, 7, "2026-10-20"), [], "on that day it was done");
}

#[test]
fn facts_that_have_nothing_to_do_with_each_other_may_come_in_any_order() {
    let library = &library(&[walks("walks")]);
    let mut start = Patient::new(library);
    let known = [
        ("peg.placed_on", json!("2026-01-10")),
        ("peg.inserted_on", json!("2026-01-10")),
        ("peg.stopper", json!("balloon")),
    ];
    for (entry, (concept, value)) in (1..).zip(known) {
        start.nurse("2026-02-20T00:00:00Z", fact(concept, value, entry));
    }
    for pathway in ["peg", "walks"] {
        start.start("2026-02-20T00:10:00Z", pathway);
    }
    start.nurse("2026-02-20T00:20:00Z", fact("visit.nurse", json!("2026-02-20T00:20:00Z"), 9));
    let told = [
        ("skin_grade", json!("severe")),
        ("nrs_now", json!(8)),
        ("weight", json!(38)),
        ("peg.rotates", json!(true)),
    ];
    let ended = |order: &[usize]| {
        let mut patient = Patient { library, state: start.state.clone(), events: Vec::new() };
        for index in order {
            let (concept, value) = &told[*index];
            patient.nurse("2026-02-21T01:00:00Z", fact(concept, value.clone(), 100 + *index as u128));
        }
        let stamped = Stamped { at: moment("2026-03-10T00:00:00Z"), by: None, input: Input::Time };
        step(library, &patient.state, &stamped).unwrap().iter().for_each(|event| patient.state.apply(event));
        patient.state
    };
    let plain = ended(&[0, 1, 2, 3]);
    assert!(plain.tasks.len() + plain.closed.iter().count() > 10);
    for order in [[3, 2, 1, 0], [1, 3, 0, 2], [2, 0, 3, 1]] {
        let (one, other) = (seen(&ended(&order)), seen(&plain));
        for (part, value) in other.as_object().unwrap() {
            assert!(one[part] == *value, "{order:?}: {part}");
        }
    }
    // What a value is about does count: of one concept the later word stands, whichever was told first.
    let told_late = |order: [(&str, u128); 2]| {
        let mut patient = Patient { library, state: start.state.clone(), events: Vec::new() };
        for (at, entry) in order {
            let stated = Stated {
                concept: "weight".to_owned(),
                value: json!(if entry == 1 { 41 } else { 39 }),
                at: Some(moment(at)),
                entry: Some(EntryId(Uuid::from_u128(200 + entry))),
            };
            patient.nurse("2026-02-22T00:00:00Z", Input::Facts(vec![stated]));
        }
        patient.state
    };
    let (early, late) = (("2026-02-21T00:00:00Z", 1), ("2026-02-21T09:00:00Z", 2));
    assert_eq!(seen(&told_late([early, late])), seen(&told_late([late, early])));
}

#[test]
fn every_open_task_keeps_what_opened_it_with_value_source_person_and_time() {
    let library = library(&[walks("walks")]);
    let mut patient = Patient::new(&library);
    patient.start("2026-11-22T00:00:00Z", "walks");
    patient.nurse("2026-11-22T01:00:00Z", fact("visit.nurse", json!("2026-11-22T01:00:00Z"), 1));
    patient.nurse("2026-11-22T02:00:00Z", fact("nrs_now", json!(8), 2));
    let [review] = patient.tasks("review")[..] else { panic!("no review") };
    let Reason::Rule { rule, why: Some(why), .. } = &review.why else { panic!("{:?}", review.why) };
    let told = serde_json::to_value(why).unwrap().to_string();
    assert_eq!(rule, "much-pain");
    for part in ["2026-11-22T02:00:00Z", &Uuid::from_u128(2).to_string(), "visiting_nurse", "8"] {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
    for task in patient.state.tasks.values() {
        assert!(!matches!(task.why, Reason::Person { .. }), "nobody opened it by hand: {task:?}");
    }
}

#[test]
fn far_off_tasks_are_a_forecast_and_come_into_being_only_when_they_may_be_done() {
    let library = library(&[walks("walks")]);
    let mut patient = Patient::new(&library);
    patient.start("2026-11-22T00:00:00Z", "walks");
    patient.nurse("2026-11-22T01:00:00Z", fact("visit.nurse", json!("2026-11-22T01:00:00Z"), 1));
    let ahead = renkei::pathway::ahead::coming(&library, &patient.state);
    assert!(
        ahead.iter().all(|coming| {
            patient.state.tasks.values().all(|task| task.code.as_ref() != Some(&coming.code))
        })
    );
    let came_up = |patient: &Patient<'_>| patient.state.tasks.len() + patient.state.closed.iter().count();
    let opened = came_up(&patient);
    let time = |patient: &Patient<'_>, at: Timestamp| {
        step(&library, &patient.state, &Stamped { at, by: None, input: Input::Time }).unwrap()
    };
    let next = patient.state.next_instant(&library).unwrap();
    let before = time(&patient, next - SignedDuration::from_secs(1));
    assert!(before.iter().all(|event| matches!(event.what, What::TimePassed)), "{before:?}");
    time(&patient, moment("2026-11-25T00:00:00Z")).iter().for_each(|event| patient.state.apply(event));
    assert!(came_up(&patient) > opened);
}
