//! The pathway that the ticks are measured with, and patients on it.

use std::cmp::Reverse;

use jiff::Timestamp;
use renkei::concept::Concepts;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::profession::Profession;
use renkei::kernel::time::Time;
use renkei::pathway::Library;
use renkei::pathway::Pathway;
use renkei::pathway::PatientState;
use renkei::pathway::event::Actor;
use renkei::pathway::event::Input;
use renkei::pathway::event::Stamped;
use renkei::pathway::event::Stated;
use renkei::pathway::pass;
use renkei::pathway::step;
use serde_json::Value;
use serde_json::json;

/// Microseconds since the epoch: 2026-06-01 00:00 in Tokyo.
pub const FIRST_DAY: i64 = 1_780_239_600_000_000;
/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;
/// Of all runs, so many have something due on the second day.
const SHARE: f64 = 0.16;
/// So many have something due on the first day, on which the others idle.
pub const FEW: usize = 1_000;
/// How long ago the earliest run of the mix began; all five phases are met.
const AGES: i64 = 150;

/// Five phases of thirty days with eight tasks each; task `k` comes up `3 k` days into its phase and can
/// be done for four days, every other one weekly; two depend on the patient.
pub fn pathway() -> Pathway {
    let words = |text: &str| json!({ "ja": text, "en": text });
    let task = |phase: usize, k: usize| {
        let mut schedule = json!({ "from": format!("phase+P{}D", 3 * k), "late": "P4D" });
        let set = schedule.as_object_mut().unwrap();
        if k % 2 == 1 {
            set.insert("every".to_owned(), json!("P7D"));
        }
        match k {
            3 => set.insert("when".to_owned(), json!("frail == true")),
            6 => set.insert("when".to_owned(), json!("frail == false")),
            _ => None,
        };
        json!({ "id": format!("p{phase}t{k}"), "title": words("仕事"), "role": "visiting_nurse", "schedule": schedule })
    };
    let phase = |phase: usize| {
        let to = if phase < 4 { format!("p{}", phase + 1) } else { "over".to_owned() };
        let leave = json!([{ "to": to, "when": "days_since(phase_entered) >= 30" }]);
        json!({ "id": format!("p{phase}"), "title": words("段階"), "leave": leave })
    };
    let unit = |phase: usize| {
        let tasks: Vec<Value> = (0..8).map(|k| task(phase, k)).collect();
        json!({ "id": format!("u{phase}"), "title": words("まとまり"), "in": [format!("p{phase}")], "tasks": tasks })
    };
    let mut phases: Vec<Value> = (0..5).map(phase).collect();
    phases.push(json!({ "id": "over", "title": words("終わり"), "end": true }));
    let file = json!({
        "format": "pathway/1", "id": "ticking", "version": "1.0.0", "title": words("測定"),
        "licence": "Apache-2.0", "reviewed": "2026-11-22", "roles": ["visiting_nurse"],
        "facts": { "frail": { "concept": "lcp.bed_bound" } },
        "start": { "by": ["visiting_nurse"] },
        "phases": phases, "units": (0..5).map(unit).collect::<Vec<_>>(),
    });
    Pathway::read("ticking", &file.to_string(), Concepts::shipped()).expect("the pathway is sound")
}

/// When a run began, and of whom it is.
#[derive(Debug, Clone, Copy)]
pub struct Begun {
    /// Days before the first day.
    pub days_ago: i64,
    /// The fact that two of the eight tasks of a phase hang on.
    pub frail: bool,
}

/// A patient whose run began so, caught up to the first day.
pub fn enrolled(library: &Library, hash: &str, begun: Begun) -> PatientState {
    let nurse = Actor { person: PersonId::new(), profession: Profession::VisitingNurse };
    let frail = Stated {
        concept: "lcp.bed_bound".to_owned(),
        value: Value::from(begun.frail),
        at: None,
        entry: None,
    };
    let mut state = PatientState::default();
    for input in [Input::Facts(vec![frail]), Input::Start { run: RunId::new(), pathway: hash.to_owned() }] {
        let stamped = Stamped { at: end_of(-begun.days_ago), by: Some(nurse), input };
        let events = step(library, &state, &stamped).expect("the engine takes it");
        events.iter().for_each(|event| state.apply(event));
    }
    pass(library, &state, end_of(0), usize::MAX).state
}

/// The end of a day; the first day begins at the end of day 0.
pub fn end_of(day: i64) -> Timestamp {
    Time(FIRST_DAY).plus_seconds(day * DAY_SECONDS).stamp()
}

/// Begins of runs, so chosen that few have something due on one day, and the stated share on the day after.
/// Left alone, the pathway has something due with seven of ten patients on any day.
pub struct Mix {
    /// A run of each patient, as they are registered.
    pub begun: Vec<Begun>,
    /// How many have something due on the second day; on the first it is [`FEW`].
    pub share: usize,
}

/// The order in which patients are registered, and so the order in which their records come to lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Whoever's run began first is registered first, as it happens in a region.
    Begun,
    /// By lot: who has something due on a day is strewn evenly among all. No region is like that; it is the
    /// worst case for whatever keeps rows that lie together in one page.
    Strewn,
}

impl Order {
    /// As the command line asks: by lot when it says `strewn`.
    pub fn asked() -> Self {
        if std::env::args().any(|argument| argument == "strewn") { Self::Strewn } else { Self::Begun }
    }
}

impl Mix {
    /// So many patients, the same each time.
    pub fn of(patients: usize, order: Order) -> Self {
        let (mut library, pathway) = (Library::new(Concepts::shipped()), pathway());
        let hash = pathway.hash.clone();
        library.add(pathway);
        // A run that began so long ago has something due on neither day, the first, the second, or both.
        let mut kinds: [Vec<Begun>; 4] = Default::default();
        for days_ago in 0..AGES {
            for frail in [false, true] {
                let begun = Begun { days_ago, frail };
                kinds[due_days(&library, enrolled(&library, &hash, begun))].push(begun);
            }
        }
        let share = (patients as f64 * SHARE).round() as usize;
        let [idle, few, then, _] = &kinds;
        let counts = [(few, FEW), (then, share), (idle, patients - FEW - share)];
        let mut begun: Vec<Begun> =
            counts.iter().flat_map(|(kind, count)| kind.iter().cycle().take(*count)).copied().collect();
        match order {
            Order::Begun => begun.sort_by_key(|begun| Reverse(begun.days_ago)),
            Order::Strewn => {
                let mut nth = 0_u64;
                begun.sort_by_cached_key(|_| {
                    nth += 1;
                    nth.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 7
                });
            }
        }
        Self { begun, share }
    }
}

/// On which of the first two days a patient has something due: a bit for each, the first lowest.
fn due_days(library: &Library, mut state: PatientState) -> usize {
    let mut due = 0;
    for day in [1, 2] {
        let passed = pass(library, &state, end_of(day), usize::MAX);
        due |= usize::from(!passed.events.is_empty()) << (day - 1);
        state = passed.state;
    }
    due
}
