//! A day's tick of many patients on one pathway of five phases and forty tasks, with offsets, weekly
//! recurrence and two conditions: in memory beside XState (npm) with its state loaded from JSON and stored
//! again; about one run in six has something due that day. `cargo bench --bench ticks [-- PATIENTS]`, by
//! default 10 000; exit code 1 when the stated limit is missed. The same through `acts` is measured by `ticks_stored`.

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
use renkei::pathway::Library;
use renkei::pathway::Passed;
use renkei::pathway::pass;
use serde_json::Value;
use serde_json::json;

use cpu::cpu_ms;
use ticking::Begun;
use ticking::Mix;
use ticking::Order;
use ticking::end_of;
use ticking::enrolled;
use ticking::pathway;

#[path = "cpu/mod.rs"]
mod cpu;
#[path = "ticking/mod.rs"]
mod ticking;

/// Beside XState's tick with JSON, at least so many times cheaper.
const PEER_MIN: f64 = 10.0;

fn main() -> ExitCode {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<usize>().ok());
    let patients = numbers.next().unwrap_or(10_000);
    let mix = Mix::of(patients, Order::asked());
    let (own, peer) = (in_memory(&mix.begun), xstate(&mix.begun));
    assert_eq!(own.stirred, mix.share, "the mix gives the load that it says");
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

/// Patients who have come to the end of a day, with the next instant beside each, as the timer's row
/// stands in the database.
fn in_memory(mix: &[Begun]) -> Ticked {
    let (mut library, pathway) = (Library::new(Concepts::shipped()), pathway());
    let hash = pathway.hash.clone();
    library.add(pathway);
    let caught_up = |begun: &Begun| pass(&library, &enrolled(&library, &hash, *begun), end_of(1), usize::MAX);
    let mut patients: Vec<Passed> = mix.iter().map(caught_up).collect();
    let end = end_of(2);
    let (mut stirred, mut events) = (0, 0);
    let before = cpu_ms();
    for patient in &mut patients {
        if patient.next.is_none_or(|next| next > end) {
            continue;
        }
        *patient = patient.on(&library, end, usize::MAX);
        stirred += 1;
        events += patient.events.len();
    }
    Ticked { micros: (cpu_ms() - before) * 1e3 / mix.len() as f64, stirred, events }
}

/// XState's CPU microseconds a patient and the number of tasks due.
fn xstate(mix: &[Begun]) -> (f64, u64) {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("xstate");
    std::fs::create_dir_all(&folder).unwrap();
    if !folder.join("node_modules/xstate").exists() {
        let npm = ["install", "--no-save", "--silent", "xstate@5.33.3"];
        let made = Command::new("npm").args(npm).current_dir(&folder).status().expect("npm is needed");
        assert!(made.success(), "npm could not install xstate");
    }
    let begun: Vec<Value> =
        mix.iter().map(|begun| json!({ "day": begun.days_ago + 1, "frail": begun.frail })).collect();
    std::fs::write(folder.join("patients.json"), Value::from(begun).to_string()).unwrap();
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/ticks.mjs");
    let ran = Command::new("node").args([script, "patients.json"]).current_dir(&folder).output();
    let said: Value = serde_json::from_slice(&ran.expect("node is needed").stdout).unwrap();
    (said["micros"].as_f64().unwrap(), said["due"].as_u64().unwrap())
}
