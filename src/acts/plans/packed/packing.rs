//! From a state to its packed shape.

use std::borrow::Cow;
use std::collections::BTreeMap;

use foldhash::HashMap;
use foldhash::HashMapExt;
use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use crate::acts::plans::packed::JSON;
use crate::acts::plans::packed::OTHER;
use crate::acts::plans::packed::PACKED;
use crate::acts::plans::packed::PLAIN;
use crate::expr::Origin;
use crate::expr::Value;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::pathway::PatientState;
use crate::pathway::event::Actor;
use crate::pathway::event::Closing;
use crate::pathway::state::Closed;
use crate::pathway::state::Fact;
use crate::pathway::state::Last;
use crate::pathway::state::PastTask;
use crate::pathway::state::Reason;
use crate::pathway::state::Run;
use crate::pathway::state::Status;
use crate::pathway::state::Task;
use crate::pathway::state::Variance;

/// Packs a state.
pub(in crate::acts::plans) fn pack(state: &PatientState) -> Result<Vec<u8>> {
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
        let Run { declined, proposed, asked, prolonged, been, .. } = run;
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
        self.length(been.len());
        been.iter().for_each(|phase| self.text(phase));
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
