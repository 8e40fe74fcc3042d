//! Reads the workflow of a form file: states, moves, deadlines, and whether one can get to every
//! state and from every state to an end. What moves mean is in `workflow.rs`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use crate::concept::Concepts;
use crate::expr::Decls;
use crate::form::checks;
use crate::form::condition;
use crate::form::field::Field;
use crate::form::field::Shape;
use crate::form::raw::RawDeadline;
use crate::form::raw::RawMove;
use crate::form::reading::Reading;
use crate::form::workflow::BACK;
use crate::form::workflow::Deadline;
use crate::form::workflow::Move;
use crate::form::workflow::State;
use crate::form::workflow::Within;
use crate::form::workflow::Workflow;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::texts;

impl Reading<'_> {
    /// The workflow; what is wrong with it joins the findings.
    pub fn workflow(&mut self, answers: &Decls, signers: &[Profession], concepts: &Concepts) -> Workflow {
        let raw = &self.raw.workflow;
        let mut asks = self.fields("/workflow/asks", &raw.asks);
        let told = condition::decls(asks.values());
        self.finish("/workflow/asks", &raw.asks, &mut asks, &told, concepts);
        let mut states = Vec::new();
        for (index, state) in raw.states.iter().enumerate() {
            let place = format!("/workflow/states/{index}");
            if states.iter().any(|seen: &State| seen.code == state.code) || state.code == BACK {
                let says = Words::of(|t| t.form_state_twice(&state.code));
                self.find(&format!("{place}/code"), &checks::STATE_TWICE, says);
            }
            let deadlines = state.deadlines.iter().enumerate().filter_map(|(at, deadline)| {
                self.deadline(&format!("{place}/deadlines/{at}"), deadline, answers, &asks)
            });
            let deadlines = deadlines.collect();
            states.push(State {
                code: state.code.clone(),
                label: state.label.clone(),
                waits_for: state.waits_for,
                deadlines,
                editable: state.editable,
                finished: state.finished,
                fulfils: state.fulfils,
                paused: state.paused,
            });
        }
        let mut moves = Vec::new();
        for (index, step) in raw.moves.iter().enumerate() {
            moves.push(self.step(&format!("/workflow/moves/{index}"), step, &states, &asks, signers));
        }
        let workflow = Workflow { start: raw.start.clone(), states, moves, asks };
        self.sound(&workflow);
        workflow
    }

    fn deadline(
        &mut self,
        pointer: &str,
        raw: &RawDeadline,
        answers: &Decls,
        asks: &BTreeMap<String, Field>,
    ) -> Option<Deadline> {
        let when = match &raw.when {
            Some(text) => Some(self.condition(&format!("{pointer}/when"), text, answers)?),
            None => None,
        };
        if let Some(after) = &raw.after
            && !matches!(asks.get(after).map(|field| &field.shape), Some(Shape::Date))
        {
            let says = Words::of(|t| t.form_deadline_after(after));
            self.find(&format!("{pointer}/after"), &checks::DEADLINE_AFTER, says);
        }
        let hours = raw.hours.map(Within::Hours);
        let within = hours.or(raw.days.map(Within::Days)).or(raw.working_days.map(Within::WorkingDays))?;
        Some(Deadline { when, within, after: raw.after.clone() })
    }

    fn step(
        &mut self,
        pointer: &str,
        raw: &RawMove,
        states: &[State],
        asks: &BTreeMap<String, Field>,
        signers: &[Profession],
    ) -> Move {
        let known = |code: &str| states.iter().any(|state| state.code == code);
        for (index, from) in raw.from.iter().enumerate().filter(|(_, from)| !known(from)) {
            let says = Words::of(|t| t.form_unknown_state(from));
            self.find(&format!("{pointer}/from/{index}"), &checks::UNKNOWN_STATE, says);
        }
        if raw.to != BACK && !known(&raw.to) {
            let says = Words::of(|t| t.form_unknown_state(&raw.to));
            self.find(&format!("{pointer}/to"), &checks::UNKNOWN_STATE, says);
        }
        for (member, names) in [("needs", &raw.needs), ("may", &raw.may)] {
            for (index, name) in names.iter().enumerate().filter(|(_, name)| !asks.contains_key(*name)) {
                let says = Words::of(|t| t.form_unknown_ask(name));
                self.find(&format!("{pointer}/{member}/{index}"), &checks::UNKNOWN_ASK, says);
            }
        }
        let mut professions = self.professions(&format!("{pointer}/professions"), &raw.professions);
        if raw.signs && professions.is_empty() {
            professions = signers.to_vec();
        }
        Move {
            code: raw.code.clone(),
            label: raw.label.clone(),
            done: raw.done.clone(),
            from: raw.from.clone(),
            to: raw.to.clone(),
            side: raw.side,
            professions,
            needs: raw.needs.clone(),
            may: raw.may.clone(),
            proxy: raw.proxy.clone(),
            signs: raw.signs,
            sends: raw.sends,
            joins: raw.joins,
            with_form: raw.with_form.clone(),
        }
    }

    fn sound(&mut self, workflow: &Workflow) {
        if workflow.state(&workflow.start).is_none_or(|state| !state.editable) {
            let says = Words::of(|t| t.form_start(&workflow.start));
            self.find("/workflow/start", &checks::START, says);
        }
        let reached = closure(&workflow.start, |code| leads_to(workflow, code));
        for (index, state) in workflow.states.iter().enumerate() {
            let place = format!("/workflow/states/{index}");
            if !reached.contains(state.code.as_str()) {
                let says = Words::of(|t| t.form_unreachable(&state.code));
                self.find(&place, &checks::UNREACHABLE_STATE, says);
            }
            let ahead = closure(&state.code, |code| leads_to(workflow, code));
            let ends = |code: &&str| workflow.state(code).is_some_and(|state| state.finished);
            if !ahead.iter().any(ends) {
                self.find(&place, &checks::NO_WAY_OUT, Words::of(|t| t.form_no_way_out(&state.code)));
            }
            if state.finished && workflow.moves_from(&state.code).next().is_some() {
                self.find(&place, &checks::GOES_ON, Words::of(|t| t.form_goes_on(&state.code)));
            }
        }
        self.move_codes(workflow);
    }

    fn move_codes(&mut self, workflow: &Workflow) {
        for (index, step) in workflow.moves.iter().enumerate() {
            let place = format!("/workflow/moves/{index}");
            let same = |other: &&Move| {
                other.code == step.code && other.from.iter().any(|from| step.from.contains(from))
            };
            if workflow.moves.iter().take(index).any(|other| same(&other)) {
                let says = Words::of(|t| t.form_move_twice(&step.code));
                self.find(&format!("{place}/code"), &checks::MOVE_TWICE, says);
            }
            let paused = |code: &String| workflow.state(code).is_some_and(|state| state.paused);
            if step.to == BACK && !step.from.iter().all(paused) {
                self.find(&format!("{place}/to"), &checks::BACK, Words::of(|t| t.form_back()));
            }
        }
    }
}

/// Where one can get from a state in one move; a way back leads to every state one may pause from.
fn leads_to<'a>(workflow: &'a Workflow, code: &'a str) -> Vec<&'a str> {
    let mut targets = Vec::new();
    for step in workflow.moves_from(code) {
        if step.to == BACK {
            let into = workflow.moves.iter().filter(|other| other.to == code);
            targets.extend(into.flat_map(|other| other.from.iter().map(String::as_str)));
        } else {
            targets.push(step.to.as_str());
        }
    }
    targets
}

fn closure<'a>(start: &'a str, next: impl Fn(&'a str) -> Vec<&'a str>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::from([start]);
    let mut open = vec![start];
    while let Some(code) = open.pop() {
        open.extend(next(code).into_iter().filter(|target| seen.insert(target)));
    }
    seen
}

texts! {
    form_state_twice(code: &str) {
        ja: "状態「{code}」は使えません（二度ある、または決まった名前です）。",
        en: "The state \"{code}\" cannot be used: it stands here twice, or has a meaning of its own."
    }
    form_deadline_after(name: &str) {
        ja: "「{name}」は、進めるときに聞く日付の項目（asks）ではありません。",
        en: "\"{name}\" is no date field of asks."
    }
    form_unknown_state(code: &str) {
        ja: "「{code}」という状態はありません。",
        en: "There is no state called \"{code}\"."
    }
    form_unknown_ask(name: &str) {
        ja: "asks に「{name}」という項目がありません。",
        en: "There is no field called \"{name}\" in asks."
    }
    form_start(code: &str) {
        ja: "始まりの状態「{code}」がないか、答えを書ける状態（editable）ではありません。",
        en: "The first state \"{code}\" does not exist, or its answers cannot be written (editable)."
    }
    form_unreachable(code: &str) {
        ja: "状態「{code}」には、どの動きからもたどり着けません。",
        en: "No move leads to the state \"{code}\"."
    }
    form_no_way_out(code: &str) {
        ja: "状態「{code}」から終わりの状態へ進む道がありません。",
        en: "No way leads from the state \"{code}\" to an end."
    }
    form_goes_on(code: &str) {
        ja: "終わりの状態「{code}」から動きが出ています。",
        en: "A move starts from \"{code}\", which is an end."
    }
    form_move_twice(code: &str) {
        ja: "同じ状態から出る動き「{code}」が二度あります。",
        en: "The move \"{code}\" starts twice from the same state."
    }
    form_back {
        ja: "back は、保留（paused）の状態から出る動きだけが使えます。",
        en: "Only a move from a paused state may lead back."
    }
}
