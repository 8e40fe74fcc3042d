//! Checking a pathway of 500 tasks: ten phases, fifty units with an outcome, ten tasks and two rules each,
//! conditions over values, time and history, beside the shipped forms and pathways. CPU per check.
//! `cargo bench --bench check`; exit code 1 when a check costs more than 100 ms of CPU, or finds anything.

#![expect(clippy::unwrap_used, reason = "a failed measurement may end")]

use std::process::ExitCode;
use std::sync::Arc;

use renkei::acts::library::faces;
use renkei::concept::Concepts;
use renkei::form;
use renkei::pathway::Library;
use renkei::pathway::check;
use renkei::pathway::check::Beside;
use serde_json::Value;
use serde_json::json;

use cpu::cpu_ms;

#[path = "cpu/mod.rs"]
mod cpu;

const PHASES: usize = 10;
const UNITS: usize = 50;
const TASKS: usize = 10;
const TIMES: u32 = 50;
const CPU_MS_MAX: f64 = 100.0;

fn main() -> ExitCode {
    let text = serde_json::to_string_pretty(&pathway()).unwrap();
    let shipped = Library::shipped().offered().map(|pathway| &pathway.definition).collect();
    let beside = Beside { pathways: shipped, forms: faces(form::shipped().iter().map(Arc::as_ref)) };
    let check = || check::check(&[("pathway.json", &text)], Concepts::shipped(), &beside);
    let found = check();
    for finding in &found {
        println!("{}:{} [{}] {}", finding.pointer, finding.line, finding.check.code, finding.says.en);
    }
    let before = cpu_ms();
    let sound = (0..TIMES).all(|_| check().is_empty());
    let each = (cpu_ms() - before) / f64::from(TIMES);
    let (tasks, bytes) = (UNITS * TASKS, text.len());
    println!("tasks  bytes   CPU ms per check (at most {CPU_MS_MAX})");
    println!("{tasks:>5}  {bytes:>6}  {each:.1}");
    if sound && each <= CPU_MS_MAX { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn words(text: &str) -> Value {
    json!({ "ja": format!("{text}（見本）"), "en": text })
}

fn pathway() -> Value {
    json!({
        "format": "pathway/1", "id": "large", "version": "1.0.0", "title": words("A large pathway"),
        "licence": "CC-BY-4.0", "reviewed": "2026-11-22",
        "evidence": [{ "id": "book", "cite": "A book" }],
        "roles": ["doctor", "visiting_nurse", "pharmacist", "care_manager", "dentist"],
        "facts": {
            "pain": { "concept": "nrs_now", "fresh_for": "P3D" },
            "pps": { "concept": "pps", "fresh_for": "P10D" },
            "temperature": { "concept": "temperature", "fresh_for": "P3D" },
            "skin": { "concept": "skin_grade", "fresh_for": "P10D" },
            "leak": { "concept": "peg.leak", "fresh_for": "P10D" },
            "rotates": { "concept": "peg.rotates" },
            "weight": { "concept": "weight" },
            "residual": { "concept": "residual" },
            "placed_on": { "concept": "peg.placed_on" },
            "removed_at": { "concept": "peg.removed_at", "since": "start" },
            "ended_on": { "concept": "peg.ended_on", "since": "start" }
        },
        "anchors": { "placement": ["placed_on"] },
        "start": { "when": "present(placed_on)", "by": ["doctor", "visiting_nurse"] },
        "phases": (0..=PHASES).map(phase).collect::<Vec<_>>(),
        "units": (0..UNITS).map(unit).collect::<Vec<_>>(),
        "variances": { "late": { "cause": "staff", "text": words("Late") } },
        "unknown": { "ask": "visiting_nurse", "within": "P1D" }
    })
}

fn phase(number: usize) -> Value {
    if number == PHASES {
        return json!({ "id": "closed", "title": words("Closed"), "end": true });
    }
    let next = if number + 1 == PHASES { "closed".to_owned() } else { format!("phase-{}", number + 1) };
    let mut leave = vec![json!({
        "to": next,
        "propose": "days_since(phase_entered) >= 14 && skin == 'none' && pain <= 3 && change(weight, 'P30D') >= -2",
        "confirm": { "by": ["doctor", "visiting_nurse"], "people": 1 },
        "within": "P3D",
        "escalate": [{ "after": "P0D", "to": "main" }]
    })];
    if number > 0 {
        leave.push(json!({
            "to": format!("phase-{}", number - 1),
            "propose": "skin == 'severe' || pain >= 7 && pps <= 40",
            "confirm": { "by": ["doctor"] }
        }));
    }
    if number + 1 < PHASES {
        leave.push(json!({ "to": "closed", "when": "present(ended_on)" }));
    }
    json!({
        "id": format!("phase-{number}"), "title": words("A phase"), "leave": leave,
        "latest": { "at": "phase+P60D", "variance": "late" }
    })
}

fn unit(number: usize) -> Value {
    let phase = number % PHASES;
    let phases = [format!("phase-{phase}"), format!("phase-{}", (phase + 1) % PHASES)];
    json!({
        "id": format!("unit-{number}"), "title": words("A unit"), "in": phases,
        "outcome": { "text": words("Free of pain"), "met": "pain <= 3 || all(pain, 'P3D', it <= 4)", "judge_every": "P7D" },
        "tasks": (0..TASKS).map(|task| self::task(number, task, &phases)).collect::<Vec<_>>(),
        "rules": [
            {
                "id": format!("rule-{number}-a"), "title": words("Much pain"),
                "when": "pain >= 7 && (temperature >= 38 || leak == 'much') && rotates == false",
                "do": [{ "task": format!("task-{number}-0"), "within": "P1D" }, { "ask": "doctor", "within": "PT4H" }]
            },
            {
                "id": format!("rule-{number}-b"), "title": words("It came out"),
                "when": "present(removed_at) && hours_since(removed_at) < 24 && days_since(placed_on) >= 14 && residual < 200",
                "do": [{ "ask": "doctor", "within": "PT2H" }]
            }
        ]
    })
}

fn task(unit: usize, number: usize, phases: &[String; 2]) -> Value {
    let (form, brings, role) = match number % 3 {
        0 => (json!("eol-daily"), json!(["pain", "pps", "temperature"]), "visiting_nurse"),
        1 => (json!("peg-site-check"), json!(["skin", "leak", "rotates", "weight", "residual"]), "doctor"),
        _ => (json!("peg-device"), json!(["placed_on"]), "pharmacist"),
    };
    let [one, other] = phases;
    json!({
        "id": format!("task-{unit}-{number}"), "title": words("Something to do"), "text": words("How it is done"),
        "role": role, "substitute": ["doctor"], "form": form, "brings": brings,
        "schedule": {
            "from": [
                { "when": "skin == 'severe' && pain >= 5", "at": "phase+P1D" },
                { "when": "skin != 'severe' || pain < 5", "at": "placement+P7D" }
            ],
            "when": "pps >= 10 && !(leak == 'much' && residual > 150)",
            "every": { one: "P7D", other: "P14D" }, "early": "P1D", "late": "P2D"
        },
        "escalate": [{ "after": "P1D", "to": "doctor", "how": "remind" }, { "after": "P2D", "to": "deputy", "how": "ask" }],
        "skip": { "by": ["doctor"] }, "variance": "late", "evidence": ["book"]
    })
}
