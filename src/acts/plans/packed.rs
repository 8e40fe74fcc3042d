//! The snapshot in a compact shape: every moment some bytes, every text once. What is rare stands in it as
//! JSON. A plan that is looked at each day is read and written each time, and this is most of what that
//! costs. A snapshot is a cache: one that cannot be read, of whatever age, is folded anew from the record.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use foldhash::HashMap;
use foldhash::HashMapExt;
use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::expr::Origin;
use crate::expr::Value;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::id::VarianceId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::PatientState;
use crate::pathway::event::Actor;
use crate::pathway::event::Closing;
use crate::pathway::state::Closed;
use crate::pathway::state::Fact;
use crate::pathway::state::Last;
use crate::pathway::state::Occurrence;
use crate::pathway::state::PastTask;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::pathway::state::VERSION;
use crate::pathway::state::Variance;

/// The first byte of a packed snapshot: to be counted up whenever what follows changes its meaning. An older
/// one is JSON and begins with `{`.
const PACKED: u8 = 3;

/// Nothing follows but what the tag says.
const PLAIN: u8 = 0;
/// The same, the second of two usual cases.
const OTHER: u8 = 1;
/// JSON follows.
const JSON: u8 = 2;

/// Packs a state.
pub(super) fn pack(state: &PatientState) -> Result<Vec<u8>> {
    let PatientState { version, reached, facts, counted, runs, tasks, closed, .. } = state;
    let PatientState { proposals, asks, variances, stay, .. } = state;
    let mut out = Packing { out: vec![PACKED], texts: HashMap::new(), ids: Vec::new(), base: 0 };
    out.number(u64::from(*version));
    out.moment(*reached);
    out.base = reached.as_second();
    out.number(*counted);
    out.option(stay.as_ref(), |out, stay| out.id(stay.0));
    out.map(facts, |out, concept, facts| {
        out.text(concept);
        out.list(facts, Packing::fact)
    })?;
    out.map(runs, |out, _, run| out.run(run))?;
    out.map(tasks, |out, _, task| out.task(task))?;
    out.last(closed, Packing::past)?;
    out.last(variances, Packing::variance)?;
    out.json(proposals)?;
    out.json(asks)?;
    Ok(out.out)
}

/// Reads what was packed; `None` when it was packed in another shape.
pub(super) fn unpack(bytes: &[u8]) -> Option<PatientState> {
    let mut from = Unpacking { rest: bytes, texts: Vec::new(), ids: Vec::new(), base: 0 };
    if from.byte()? != PACKED {
        return None;
    }
    let version = u32::try_from(from.number()?).ok().filter(|version| *version == VERSION)?;
    let reached = from.moment()?;
    from.base = reached.as_second();
    let state = PatientState {
        version,
        reached,
        counted: from.number()?,
        stay: from.option(|from| from.id().map(EntryId))?,
        facts: from.all(|from| Some((from.string()?, Arc::new(from.all(Unpacking::fact)?))))?,
        runs: from.all(|from| from.run().map(|run| (run.id, Arc::new(run))))?,
        tasks: from.all(Unpacking::task)?,
        closed: from.all(|from| from.past().map(Arc::new))?,
        variances: from.all(Unpacking::variance)?,
        proposals: from.json()?,
        asks: from.json()?,
    };
    from.rest.is_empty().then_some(state)
}

struct Packing<'a> {
    out: Vec<u8>,
    texts: HashMap<Cow<'a, str>, u64>,
    ids: Vec<Uuid>,
    /// The second that moments are counted from.
    base: i64,
}

impl<'a> Packing<'a> {
    fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.out.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.out.push(number.to_le_bytes()[0]);
    }

    fn length(&mut self, length: usize) {
        self.number(length as u64);
    }

    fn flag(&mut self, flag: bool) {
        self.out.push(u8::from(flag));
    }

    fn id(&mut self, id: Uuid) {
        self.out.extend_from_slice(id.as_bytes());
    }

    /// An id that is likely to come again, such as a run's: its place among these, or 0 and the id.
    fn known_id(&mut self, id: Uuid) {
        match self.ids.iter().position(|known| *known == id) {
            Some(place) => self.length(place + 1),
            None => {
                self.number(0);
                self.id(id);
                self.ids.push(id);
            }
        }
    }

    /// A text's place among those before, or 0 and the text.
    fn cow(&mut self, text: Cow<'a, str>) {
        if let Some(place) = self.texts.get(&text) {
            return self.number(*place);
        }
        self.number(0);
        self.length(text.len());
        self.out.extend_from_slice(text.as_bytes());
        let place = self.texts.len() as u64 + 1;
        self.texts.insert(text, place);
    }

    fn text(&mut self, text: &'a str) {
        self.cow(Cow::Borrowed(text));
    }

    fn words(&mut self, words: &'a Words) {
        self.text(&words.ja);
        self.text(&words.en);
    }

    /// Seconds from the base, the sign in the lowest bit but one; the lowest says that parts of a second follow.
    fn moment(&mut self, at: Timestamp) {
        let (seconds, parts) = (at.as_second().wrapping_sub(self.base), at.subsec_nanosecond());
        let folded = (seconds.wrapping_shl(1) ^ (seconds >> 63)).cast_unsigned();
        self.number(folded << 1 | u64::from(parts != 0));
        if parts != 0 {
            self.out.extend_from_slice(&parts.to_le_bytes());
        }
    }

    fn json(&mut self, what: &impl Serialize) -> Result<()> {
        let text =
            serde_json::to_string(what).map_err(|_| Error::fault("a part of a plan cannot be written"))?;
        self.cow(Cow::Owned(text));
        Ok(())
    }

    fn option<T>(&mut self, what: Option<T>, write: impl FnOnce(&mut Self, T)) {
        self.flag(what.is_some());
        if let Some(what) = what {
            write(self, what);
        }
    }

    fn moments(&mut self, all: [Option<Timestamp>; 3]) {
        for at in all {
            self.option(at, Self::moment);
        }
    }

    fn list<T>(&mut self, all: &'a [T], write: impl Fn(&mut Self, &'a T) -> Result<()>) -> Result<()> {
        self.length(all.len());
        all.iter().try_for_each(|one| write(self, one))
    }

    fn last<T>(&mut self, all: &'a Last<T>, write: impl Fn(&mut Self, &'a T) -> Result<()>) -> Result<()> {
        self.length(all.iter().count());
        all.iter().try_for_each(|one| write(self, one))
    }

    fn texts(&mut self, all: &'a [String]) {
        self.length(all.len());
        all.iter().for_each(|text| self.text(text));
    }

    fn professions(&mut self, all: &[Profession]) {
        self.length(all.len());
        all.iter().for_each(|profession| self.text(profession.code()));
    }

    fn map<K, V>(
        &mut self,
        all: &'a BTreeMap<K, V>,
        write: impl Fn(&mut Self, &'a K, &'a V) -> Result<()>,
    ) -> Result<()> {
        self.length(all.len());
        all.iter().try_for_each(|(key, value)| write(self, key, value))
    }

    fn actor(&mut self, by: &Actor) {
        let Actor { person, profession } = by;
        self.known_id(person.0);
        self.text(profession.code());
    }

    fn fact(&mut self, fact: &'a Fact) -> Result<()> {
        let Fact { value, origin: Origin { at, by, profession, entry }, number } = fact;
        match value {
            Value::Bool(value) => {
                self.out.push(PLAIN);
                self.flag(*value);
            }
            Value::Number(value) => {
                self.out.push(OTHER);
                self.out.extend_from_slice(&value.to_le_bytes());
            }
            other => {
                self.out.push(JSON);
                self.json(other)?;
            }
        }
        self.moment(*at);
        self.option(by.as_ref(), |out, by| out.known_id(by.0));
        self.option(profession.as_ref(), |out, profession| out.text(profession.code()));
        self.option(entry.as_ref(), |out, entry| out.known_id(entry.0));
        self.number(*number);
        Ok(())
    }

    fn run(&mut self, run: &'a Run) -> Result<()> {
        let Run { id, pathway, hash, version, title, status, halted, started, stay, phase, .. } = run;
        let Run { phase_title, entered, visit, not_before, came_up, done, rules, judged, .. } = run;
        let Run { declined, proposed, asked, prolonged, .. } = run;
        self.known_id(id.0);
        [pathway, hash, version].into_iter().for_each(|text| self.text(text));
        self.words(title);
        match status {
            Status::Active => self.out.push(PLAIN),
            other => {
                self.out.push(JSON);
                self.json(other)?;
            }
        }
        self.json(halted)?;
        self.moment(*started);
        self.option(stay.as_ref(), |out, stay| out.id(stay.0));
        self.text(phase);
        self.words(phase_title);
        self.moment(*entered);
        self.number(u64::from(*visit));
        self.moment(*not_before);
        self.map(came_up, |out, code, occurrence| {
            out.text(code);
            out.text(&occurrence.key);
            out.moment(occurrence.due);
            Ok(())
        })?;
        for moments in [done, judged] {
            self.map(moments, |out, code, at| {
                out.text(code);
                out.moment(*at);
                Ok(())
            })?;
        }
        self.json(rules)?;
        self.json(declined)?;
        self.number(u64::from(*proposed));
        self.json(asked)?;
        self.flag(*prolonged);
        Ok(())
    }

    fn task(&mut self, task: &'a Task) -> Result<()> {
        let Task { id, run, code, title, role, substitute, skip, form, closed_by, key, opened, .. } = task;
        let Task { due, late, clock, clock_of, urgent, stays, merge, with, sign_off, signed, .. } = task;
        let Task { claimed_by, escalated, noted, why, .. } = task;
        self.id(id.0);
        self.known_id(run.0);
        self.option(code.as_deref(), Self::text);
        self.words(title);
        self.text(role.code());
        self.professions(substitute);
        self.professions(skip);
        self.option(form.as_deref(), Self::text);
        self.texts(closed_by);
        self.text(key);
        self.moment(*opened);
        self.moments([*due, *late, *clock]);
        self.option(clock_of.as_deref(), Self::text);
        self.flag(*urgent);
        self.flag(*stays);
        self.option(merge.as_deref(), Self::text);
        self.option(with.as_ref(), |out, with| out.id(with.0));
        self.length(*sign_off);
        self.length(signed.len());
        signed.iter().for_each(|person| self.known_id(person.0));
        self.option(claimed_by.as_ref(), |out, person| out.known_id(person.0));
        self.number(u64::from(*escalated));
        self.flag(*noted);
        self.reason(why)
    }

    fn past(&mut self, task: &'a PastTask) -> Result<()> {
        let PastTask { id, run, code, title, role, due, closed } = task;
        self.id(id.0);
        self.known_id(run.0);
        self.option(code.as_deref(), Self::text);
        self.words(title);
        self.text(role.code());
        self.option(*due, Self::moment);
        self.closed(closed)
    }

    fn reason(&mut self, why: &'a Reason) -> Result<()> {
        let Reason::Plan { anchor, from, why } = why else {
            self.out.push(JSON);
            return self.json(why);
        };
        self.out.push(if why.is_some() { OTHER } else { PLAIN });
        self.text(anchor);
        self.moment(*from);
        why.as_ref().map_or(Ok(()), |why| self.json(why))
    }

    fn closed(&mut self, closed: &'a Closed) -> Result<()> {
        let Closed { how, at, by } = closed;
        match how {
            Closing::Expired => self.out.push(PLAIN),
            Closing::Done { letter: None, with: None } => self.out.push(OTHER),
            other => {
                self.out.push(JSON);
                self.json(other)?;
            }
        }
        self.moment(*at);
        self.option(by.as_ref(), Self::actor);
        Ok(())
    }

    fn variance(&mut self, variance: &'a Variance) -> Result<()> {
        let Variance { id, run, code, text, positive, phase, about, task, at, cause, reason, by } = variance;
        self.id(id.0);
        self.known_id(run.0);
        self.text(code);
        self.words(text);
        self.flag(*positive);
        self.text(phase);
        self.option(about.as_deref(), Self::text);
        self.option(task.as_ref(), |out, task| out.id(task.0));
        self.moment(*at);
        self.json(cause)?;
        self.option(reason.as_deref(), Self::text);
        self.option(by.as_ref(), Self::actor);
        Ok(())
    }
}

struct Unpacking<'a> {
    rest: &'a [u8],
    texts: Vec<&'a str>,
    ids: Vec<Uuid>,
    base: i64,
}

impl<'a> Unpacking<'a> {
    fn bytes(&mut self, length: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(bytes)
    }

    fn byte(&mut self) -> Option<u8> {
        let (byte, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*byte)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// How many of something follow; never more than there are bytes left.
    fn length(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok().filter(|length| *length <= self.rest.len())
    }

    fn small(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn flag(&mut self) -> Option<bool> {
        self.byte().map(|byte| byte != 0)
    }

    fn id(&mut self) -> Option<Uuid> {
        Uuid::from_slice(self.bytes(16)?).ok()
    }

    fn known_id(&mut self) -> Option<Uuid> {
        match usize::try_from(self.number()?).ok()?.checked_sub(1) {
            Some(place) => self.ids.get(place).copied(),
            None => {
                let id = self.id()?;
                self.ids.push(id);
                Some(id)
            }
        }
    }

    fn text(&mut self) -> Option<&'a str> {
        match usize::try_from(self.number()?).ok()?.checked_sub(1) {
            Some(place) => self.texts.get(place).copied(),
            None => {
                let length = self.length()?;
                let text = std::str::from_utf8(self.bytes(length)?).ok()?;
                self.texts.push(text);
                Some(text)
            }
        }
    }

    fn string(&mut self) -> Option<String> {
        self.text().map(str::to_owned)
    }

    fn words(&mut self) -> Option<Words> {
        Some(Words::new(self.string()?, self.string()?))
    }

    fn moment(&mut self) -> Option<Timestamp> {
        let number = self.number()?;
        let folded = number >> 1;
        let seconds = (folded >> 1).cast_signed() ^ -(folded & 1).cast_signed();
        let parts = match number & 1 {
            0 => 0,
            _ => i32::from_le_bytes(self.bytes(4)?.try_into().ok()?),
        };
        Timestamp::new(self.base.checked_add(seconds)?, parts).ok()
    }

    fn json<T: DeserializeOwned>(&mut self) -> Option<T> {
        serde_json::from_str(self.text()?).ok()
    }

    fn option<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if self.flag()? { read(self).map(Some) } else { Some(None) }
    }

    fn all<T, All: FromIterator<T>>(&mut self, read: impl Fn(&mut Self) -> Option<T>) -> Option<All> {
        (0..self.length()?).map(|_| read(self)).collect()
    }

    fn moments(&mut self) -> Option<BTreeMap<String, Timestamp>> {
        self.all(|from| Some((from.string()?, from.moment()?)))
    }

    fn profession(&mut self) -> Option<Profession> {
        self.text()?.parse().ok()
    }

    fn person(&mut self) -> Option<PersonId> {
        self.known_id().map(PersonId)
    }

    fn actor(&mut self) -> Option<Actor> {
        Some(Actor { person: self.person()?, profession: self.profession()? })
    }

    fn fact(&mut self) -> Option<Fact> {
        let value = match self.byte()? {
            PLAIN => Value::Bool(self.flag()?),
            OTHER => Value::Number(f64::from_le_bytes(self.bytes(8)?.try_into().ok()?)),
            _ => self.json()?,
        };
        let origin = Origin {
            at: self.moment()?,
            by: self.option(Self::person)?,
            profession: self.option(Self::profession)?,
            entry: self.option(|from| from.known_id().map(EntryId))?,
        };
        Some(Fact { value, origin, number: self.number()? })
    }

    fn run(&mut self) -> Option<Run> {
        let id = RunId(self.known_id()?);
        let (pathway, hash, version) = (self.string()?, self.string()?, self.string()?);
        let title = self.words()?;
        let status = match self.byte()? {
            PLAIN => Status::Active,
            _ => self.json()?,
        };
        let (halted, started) = (self.json()?, self.moment()?);
        let stay = self.option(|from| from.id().map(EntryId))?;
        let (phase, phase_title, entered) = (self.string()?, self.words()?, self.moment()?);
        let (visit, not_before) = (self.small()?, self.moment()?);
        let came_up = self.all(|from| {
            let code = from.string()?;
            Some((code.into(), Arc::new(Occurrence { key: from.string()?, due: from.moment()? })))
        })?;
        let (done, judged) = (self.moments()?, self.moments()?);
        let (rules, declined) = (self.json()?, self.json()?);
        let (proposed, asked, prolonged) = (self.small()?, self.json()?, self.flag()?);
        Some(Run {
            id,
            pathway,
            hash,
            version,
            title,
            status,
            halted,
            started,
            stay,
            phase,
            phase_title,
            entered,
            visit,
            not_before,
            came_up,
            done,
            rules,
            judged,
            declined,
            proposed,
            asked,
            prolonged,
        })
    }

    fn task(&mut self) -> Option<(TaskId, Arc<Task>)> {
        let id = TaskId(self.id()?);
        let task = Task {
            id,
            run: RunId(self.known_id()?),
            code: self.option(Self::string)?,
            title: self.words()?,
            role: self.profession()?,
            substitute: self.all(Self::profession)?,
            skip: self.all(Self::profession)?,
            form: self.option(Self::string)?,
            closed_by: self.all(Self::string)?,
            key: self.string()?,
            opened: self.moment()?,
            due: self.option(Self::moment)?,
            late: self.option(Self::moment)?,
            clock: self.option(Self::moment)?,
            clock_of: self.option(Self::string)?,
            urgent: self.flag()?,
            stays: self.flag()?,
            merge: self.option(Self::string)?,
            with: self.option(|from| from.id().map(TaskId))?,
            sign_off: usize::try_from(self.number()?).ok()?,
            signed: self.all(Self::person)?,
            claimed_by: self.option(Self::person)?,
            escalated: self.small()?,
            noted: self.flag()?,
            why: self.reason()?,
        };
        Some((id, Arc::new(task)))
    }

    fn past(&mut self) -> Option<PastTask> {
        Some(PastTask {
            id: TaskId(self.id()?),
            run: RunId(self.known_id()?),
            code: self.option(Self::string)?,
            title: self.words()?,
            role: self.profession()?,
            due: self.option(Self::moment)?,
            closed: self.closed()?,
        })
    }

    fn reason(&mut self) -> Option<Reason> {
        let kind = self.byte()?;
        if kind == JSON {
            return self.json();
        }
        let (anchor, from) = (self.string()?, self.moment()?);
        let why = if kind == OTHER { Some(self.json()?) } else { None };
        Some(Reason::Plan { anchor, from, why })
    }

    fn closed(&mut self) -> Option<Closed> {
        let how = match self.byte()? {
            PLAIN => Closing::Expired,
            OTHER => Closing::Done { letter: None, with: None },
            _ => self.json()?,
        };
        Some(Closed { how, at: self.moment()?, by: self.option(Self::actor)? })
    }

    fn variance(&mut self) -> Option<Arc<Variance>> {
        let variance = Variance {
            id: VarianceId(self.id()?),
            run: RunId(self.known_id()?),
            code: self.string()?,
            text: self.words()?,
            positive: self.flag()?,
            phase: self.string()?,
            about: self.option(Self::string)?,
            task: self.option(|from| from.id().map(TaskId))?,
            at: self.moment()?,
            cause: self.json()?,
            reason: self.option(Self::string)?,
            by: self.option(Self::actor)?,
        };
        Some(Arc::new(variance))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kernel::id::ProposalId;

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
