//! The snapshot in a compact shape: every moment some bytes, every text once. What is rare stands in it as
//! JSON. A plan that is looked at each day is read and written each time, and this is most of what that
//! costs. A snapshot is a cache: one that cannot be read, of whatever age, is folded anew from the record.

pub(super) use packing::pack;
pub(super) use unpacking::unpack;

mod packing;
mod unpacking;

/// The first byte of a packed snapshot: to be counted up whenever what follows changes its meaning. An older
/// one is JSON and begins with `{`.
const PACKED: u8 = 4;

/// Nothing follows but what the tag says.
const PLAIN: u8 = 0;
/// The same, the second of two usual cases.
const OTHER: u8 = 1;
/// JSON follows.
const JSON: u8 = 2;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::id::EntryId;
    use crate::kernel::id::PersonId;
    use crate::kernel::id::ProposalId;
    use crate::kernel::id::RunId;
    use crate::kernel::id::TaskId;
    use crate::kernel::id::VarianceId;
    use crate::pathway::PatientState;
    use crate::pathway::state::VERSION;

    const AT: &str = "2026-06-01T00:00:00Z";
    const LATE: &str = "2031-12-31T23:59:59.123456Z";

    /// A task with little, and one with all that a task may have.
    fn open_tasks(run: RunId, task: TaskId, person: PersonId) -> [serde_json::Value; 2] {
        let (at, late) = (AT, LATE);
        let words = json!({ "ja": "訪問", "en": "Visit" });
        let why = json!({ "text": "frail == true", "outcome": "true" });
        let basic = |id: TaskId, why: serde_json::Value| {
            json!({
                "id": id, "run": run, "title": words, "role": "visiting_nurse", "key": "0", "opened": at,
                "sign_off": 1, "why": why,
            })
        };
        let mut full = basic(task, json!({ "by": "plan", "anchor": "phase", "from": at, "why": why }));
        for (key, value) in [
            ("code", json!("visit")),
            ("substitute", json!(["doctor"])),
            ("skip", json!(["doctor", "visiting_nurse"])),
            ("form", json!("peg-device")),
            ("closed_by", json!(["signed"])),
            ("due", json!(late)),
            ("late", json!(late)),
            ("clock", json!(at)),
            ("clock_of", json!("peg.removed_at")),
            ("urgent", json!(true)),
            ("stays", json!(true)),
            ("merge", json!("visit")),
            ("with", json!(TaskId::new())),
            ("signed", json!([person])),
            ("claimed_by", json!(person)),
            ("escalated", json!(300)),
            ("noted", json!(true)),
        ] {
            full[key] = value;
        }
        [basic(TaskId::new(), json!({ "by": "start" })), full]
    }

    /// Tasks that are over in each way.
    fn past_tasks(run: RunId, task: TaskId, person: PersonId) -> Vec<serde_json::Value> {
        let (at, late) = (AT, LATE);
        let by = json!({ "person": person, "profession": "doctor" });
        let past = [
            json!({ "state": "expired", "at": at, "code": "visit" }),
            json!({ "state": "done", "at": late, "by": by, "due": late }),
            json!({ "state": "done", "with": task, "at": at }),
            json!({ "state": "skipped", "cause": "family", "reason": "留守", "at": at, "by": by }),
            json!({ "state": "cancelled", "why": "phase_left", "at": at }),
        ];
        let whole = |mut past: serde_json::Value| {
            past["id"] = json!(TaskId::new());
            past["run"] = json!(run);
            past["title"] = json!({ "ja": "訪問", "en": "Visit" });
            past["role"] = json!("visiting_nurse");
            past
        };
        past.map(whole).to_vec()
    }

    /// Something of everything that a plan may hold, as its JSON says it.
    fn everything() -> PatientState {
        let (run, task, person) = (RunId::new(), TaskId::new(), PersonId::new());
        let words = json!({ "ja": "訪問", "en": "Visit" });
        let (at, late) = (AT, LATE);
        let by = json!({ "person": person, "profession": "doctor" });
        let by_id = |tasks: [serde_json::Value; 2]| -> serde_json::Map<_, _> {
            tasks.into_iter().map(|task| (task["id"].as_str().unwrap().to_owned(), task)).collect()
        };
        let (variance, proposal) = (VarianceId::new(), ProposalId::new());
        let fact = |value: serde_json::Value, number: u64| {
            json!({ "value": value, "at": at, "by": person, "profession": "doctor",
                    "entry": EntryId::new(), "number": number })
        };
        serde_json::from_value(json!({
            "version": VERSION, "reached": late, "counted": 4, "stay": EntryId::new(),
            "facts": {
                "frail": [fact(json!({ "bool": true }), 1), fact(json!({ "bool": false }), 2)],
                "weight": [fact(json!({ "number": 41.3 }), 3)],
                "day": [{ "value": { "date": "2026-06-01" }, "at": at, "number": 4 }],
            },
            "runs": { run.to_string(): {
                "id": run, "pathway": "peg", "hash": "ab", "version": "1.0.0", "title": words,
                "status": { "is": "suspended", "reason": "旅行", "since": at },
                "halted": { "reason": "見直し", "since": at, "goes_on": true },
                "started": at, "stay": EntryId::new(), "phase": "one", "phase_title": words, "entered": at,
                "visit": 200, "not_before": at, "came_up": { "visit": { "key": "0", "due": late } },
                "done": { "visit": at }, "rules": { "fever": { "spent": true, "count": 2, "seen": 3 } },
                "judged": { "care": at }, "declined": { "two": { "frail": { "bool": true } } },
                "proposed": 2, "asked": ["weight"], "prolonged": true,
            } },
            "tasks": by_id(open_tasks(run, task, person)),
            "closed": past_tasks(run, task, person),
            "proposals": { proposal.to_string(): {
                "id": proposal, "run": run, "from": "one", "to": "two", "title": words, "opened": at,
                "confirm": { "people": 1, "professions": 1, "must": [], "by": ["doctor"] }, "pins": {},
                "why": { "by": "start" },
            } },
            "variances": [{
                "id": variance, "run": run, "code": "skipped", "text": words, "positive": true, "phase": "one",
                "about": "visit", "task": task, "at": at, "cause": "family", "reason": "留守", "by": by,
            }],
        }))
        .unwrap()
    }

    #[test]
    fn a_packed_plan_is_the_same_plan_and_takes_less_room() {
        for state in [PatientState::default(), everything()] {
            let packed = pack(&state).unwrap();
            assert_eq!(unpack(&packed).as_ref(), Some(&state));
            assert!(packed.len() * 2 < serde_json::to_vec(&state).unwrap().len());
        }
    }

    #[test]
    fn what_is_cut_off_goes_on_or_has_another_shape_is_folded_anew() {
        let packed = pack(&everything()).unwrap();
        for length in 0..packed.len() {
            assert_eq!(unpack(&packed[..length]), None, "cut off after {length}");
        }
        assert_eq!(unpack(&[packed.as_slice(), b"0"].concat()), None);
        let mut other = packed.clone();
        other[0] += 1;
        assert_eq!(unpack(&other), None, "another shape");
        let strange = PatientState { version: VERSION + 1, ..everything() };
        assert_eq!(unpack(&pack(&strange).unwrap()), None, "a state of another version");
    }
}
