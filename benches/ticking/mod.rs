//! The pathway that the ticks are measured with, and patients on it.

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
use renkei::pathway::step;
use serde_json::Value;
use serde_json::json;

/// Microseconds since the epoch: 2026-06-01 00:00 in Tokyo.
pub const FIRST_DAY: i64 = 1_780_239_600_000_000;
/// Seconds of a day.
pub const DAY_SECONDS: i64 = 86_400;

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

/// A patient of whom the tasks need a fact, enrolled so many days before the first day, caught up to it.
pub fn enrolled(library: &Library, hash: &str, patient: usize, days: i64) -> PatientState {
    let begun = Time(FIRST_DAY).plus_seconds(-days * DAY_SECONDS).stamp();
    let nurse = Actor { person: PersonId::new(), profession: Profession::VisitingNurse };
    let frail = Stated {
        concept: "lcp.bed_bound".to_owned(),
        value: Value::from(patient.is_multiple_of(5)),
        at: None,
        entry: None,
    };
    let mut state = PatientState::default();
    for (at, input) in [
        (begun, Input::Facts(vec![frail])),
        (begun, Input::Start { run: RunId::new(), pathway: hash.to_owned() }),
        (Time(FIRST_DAY).stamp(), Input::Time),
    ] {
        let stamped = Stamped { at, by: Some(nurse), input };
        let events = step(library, &state, &stamped).expect("the engine takes it");
        events.iter().for_each(|event| state.apply(event));
    }
    state
}
