//! A day's tick of many patients on one pathway of five phases and forty tasks, with offsets, weekly
//! recurrence and two conditions: in memory beside XState (npm) with its state loaded from JSON and stored
//! again; then through `acts`, everything committed to SQLite, and once more with many more patients of
//! whom the same number has something due. `cargo bench --bench ticks [-- PATIENTS IDLE]`, by default
//! 10 000 and 100 000; exit code 1 when a stated limit is missed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::path::PathBuf;
use std::process::Command;
use std::process::ExitCode;

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

use cpu::cpu_ms;

#[path = "cpu/mod.rs"]
mod cpu;

/// Beside XState's tick with JSON, at least so many times cheaper.
const PEER_MIN: f64 = 10.0;
/// Microseconds since the epoch: 2026-06-01 00:00 in Tokyo.
const FIRST_DAY: i64 = 1_780_239_600_000_000;
const DAY_SECONDS: i64 = 86_400;

fn main() -> ExitCode {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<usize>().ok());
    let patients = numbers.next().unwrap_or(10_000);
    let (own, peer) = (in_memory(patients), xstate(patients));
    println!(
        "in memory, {patients} patients, one day: {:.2} µs of CPU a patient; {} had something due, {} events",
        own.micros, own.stirred, own.events
    );
    println!("XState with JSON, the same: {:.2} µs; {} tasks due", peer.0, peer.1);
    println!("ratio {:.1} (at least {PEER_MIN})", peer.0 / own.micros);
    if peer.0 / own.micros >= PEER_MIN { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// What a day's tick cost, and what it met.
#[derive(Debug)]
struct Ticked {
    /// CPU a patient, idle or not.
    micros: f64,
    /// Patients who had something due.
    stirred: usize,
    /// Events that followed.
    events: usize,
}

/// Five phases of thirty days with eight tasks each; task `k` comes up `3 k` days into its phase and can
/// be done for four days, every other one weekly; two depend on the patient.
fn pathway() -> Pathway {
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
fn enrolled(library: &Library, hash: &str, patient: usize, days: i64) -> PatientState {
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

fn in_memory(patients: usize) -> Ticked {
    let (mut library, pathway) = (Library::new(Concepts::shipped()), pathway());
    let hash = pathway.hash.clone();
    library.add(pathway);
    // The next instant stands beside each state, as the timer's row does in the database.
    let mut states: Vec<_> = (0..patients)
        .map(|patient| enrolled(&library, &hash, patient, i64::try_from(patient % 150).unwrap()))
        .map(|state| (state.next_instant(&library), state))
        .collect();
    let end = Time(FIRST_DAY).plus_seconds(DAY_SECONDS).stamp();
    let (mut stirred, mut events) = (0, 0);
    let before = cpu_ms();
    for (next, state) in &mut states {
        if next.is_none_or(|next| next > end) {
            continue;
        }
        let stamped = Stamped { at: end, by: None, input: Input::Time };
        let followed = step(&library, state, &stamped).expect("the engine takes it");
        followed.iter().for_each(|event| state.apply(event));
        *next = state.next_instant(&library);
        stirred += 1;
        events += followed.len();
    }
    Ticked { micros: (cpu_ms() - before) * 1e3 / patients as f64, stirred, events }
}

/// XState's CPU microseconds a patient and the number of tasks due.
fn xstate(patients: usize) -> (f64, u64) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("xstate");
    std::fs::create_dir_all(&folder).unwrap();
    if !folder.join("node_modules/xstate").exists() {
        let npm = ["install", "--no-save", "--silent", "xstate@5.33.3"];
        let made = Command::new("npm").args(npm).current_dir(&folder).status().expect("npm is needed");
        assert!(made.success(), "npm could not install xstate");
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/ticks.mjs");
    let ran = Command::new("node").args([script, &patients.to_string()]).current_dir(&folder).output();
    let said: Value = serde_json::from_slice(&ran.expect("node is needed").stdout).unwrap();
    (said["micros"].as_f64().unwrap(), said["due"].as_u64().unwrap())
}
