//! From the packed shape to the state, byte by byte in the order in which it was packed.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use uuid::Uuid;

use crate::acts::plans::packed::JSON;
use crate::acts::plans::packed::OTHER;
use crate::acts::plans::packed::PACKED;
use crate::acts::plans::packed::PLAIN;
use crate::expr::Origin;
use crate::expr::Value;
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
use crate::pathway::state::Occurrence;
use crate::pathway::state::PastTask;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::pathway::state::VERSION;
use crate::pathway::state::Variance;

/// Reads what was packed; `None` when it was packed in another shape.
pub(in crate::acts::plans) fn unpack(bytes: &[u8]) -> Option<PatientState> {
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
        let (visit, been) = (self.small()?, self.all(|from| from.text().map(Arc::from))?);
        let not_before = self.moment()?;
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
            been,
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
