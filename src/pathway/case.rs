//! Stories as tests: who does what when, and what must then be seen. A story is data that a nurse can
//! read and correct; here it is played, and every difference told with its turn.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use uuid::Uuid;

use crate::kernel::finding::Finding;
use crate::kernel::id::EntryId;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::source::Source;
use crate::pathway::Library;
use crate::pathway::check::catalogue;
use crate::pathway::definition::Cause;
use crate::pathway::engine::step;
use crate::pathway::event::Actor;
use crate::pathway::event::ByHand;
use crate::pathway::event::Choice;
use crate::pathway::event::Event;
use crate::pathway::event::Input;
use crate::pathway::event::Refusal;
use crate::pathway::event::Stamped;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::event::What;
use crate::pathway::state::PatientState;
use crate::texts;

mod coverage;
mod expect;

pub use coverage::Coverage;
pub use coverage::Kind;
pub use coverage::Part;

/// The most turns of a story: people are to read it.
const TURNS_MAX: usize = 400;
/// The most that may happen in a story: some decades of a busy pathway.
const EVENTS_MAX: usize = 50_000;

/// A story.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the story shows.
    says: Words,
    turns: Vec<Turn>,
}

/// One turn: at a moment, someone does something, and something is seen.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Turn {
    at: String,
    /// A profession; `doctor 2` is another doctor.
    by: Option<String>,
    /// A remark for the reader.
    #[serde(rename = "note")]
    _note: Option<Words>,
    /// Facts by concept.
    #[serde(default)]
    facts: BTreeMap<String, serde_json::Value>,
    /// The pathway to start.
    start: Option<String>,
    claim: Option<String>,
    done: Option<String>,
    skip: Option<Skip>,
    open: Option<Open>,
    /// The phase whose proposal is confirmed.
    confirm: Option<String>,
    decline: Option<Decline>,
    raise: Option<Raise>,
    form: Option<FormMove>,
    admit: Option<String>,
    discharge: Option<String>,
    suspend: Option<Rest>,
    /// The pathway to resume.
    resume: Option<String>,
    stop: Option<Rest>,
    #[serde(default)]
    expect: expect::Expect,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Skip {
    task: String,
    cause: Cause,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Open {
    pathway: String,
    task: String,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Decline {
    to: String,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Raise {
    pathway: String,
    to: String,
    reason: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct FormMove {
    form: String,
    state: String,
    #[serde(default)]
    fulfils: bool,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rest {
    pathway: String,
    reason: String,
}

/// What a story showed.
#[derive(Debug, Default)]
pub struct Played {
    /// What it is to show.
    pub says: Option<Words>,
    /// Where what was seen differs from what was expected.
    pub failures: Vec<Finding>,
    /// Which parts of which pathways it touched.
    pub coverage: Coverage,
    /// Everything that happened.
    pub events: Vec<Event>,
    /// How it ended.
    pub state: PatientState,
}

/// Plays a story. The error is about the story's file itself.
pub fn play(library: &Library, file: &str, text: &str) -> Result<Played, Vec<Finding>> {
    let source = Source::read(file, text)?;
    let case: Case = serde_json::from_value(source.value.clone()).map_err(|error| {
        let told = error.to_string();
        vec![source.finding("", &catalogue::STORY, Words::of(|t| t.case_unreadable(&told)))]
    })?;
    if case.turns.len() > TURNS_MAX {
        let says = Words::of(|t| t.case_is_long(TURNS_MAX));
        return Err(vec![source.finding("/turns", &catalogue::STORY, says)]);
    }
    let played = Played { says: Some(case.says.clone()), ..Played::default() };
    let mut play = Play { library, source: &source, played };
    for (index, turn) in case.turns.iter().enumerate() {
        play.turn(index, turn)?;
        if play.played.events.len() > EVENTS_MAX {
            let (pointer, says) = (format!("/turns/{index}"), Words::of(|t| t.case_is_endless(EVENTS_MAX)));
            return Err(vec![source.finding(&pointer, &catalogue::STORY, says)]);
        }
    }
    Ok(play.played)
}

struct Play<'a> {
    library: &'a Library,
    source: &'a Source,
    played: Played,
}

impl Play<'_> {
    fn turn(&mut self, index: usize, turn: &Turn) -> Result<(), Vec<Finding>> {
        let pointer = format!("/turns/{index}");
        let at: Timestamp = turn.at.parse().map_err(|_| {
            vec![self.source.finding(
                &format!("{pointer}/at"),
                &catalogue::STORY,
                Words::of(|t| t.case_no_moment()),
            )]
        })?;
        let by = match turn.by.as_deref().map(actor) {
            None => None,
            Some(Some(actor)) => Some(actor),
            Some(None) => {
                let pointer = format!("{pointer}/by");
                return Err(vec![self.source.finding(
                    &pointer,
                    &catalogue::STORY,
                    Words::of(|t| t.case_no_one()),
                )]);
            }
        };
        // Time passes before the person looks: what came up meanwhile is what they act on.
        let (mut happened, _) = self.tell(&[Ok(Input::Time)], at, None);
        if let Some(pathway) = turn.start.as_ref().and_then(|id| self.library.current(id)) {
            self.played.coverage.look_before(&pathway.definition, &self.played.state, at);
        }
        let inputs = self.inputs(index, turn, at);
        let (followed, refused) = self.tell(&inputs, at, by);
        happened.extend(followed);
        let seen = expect::Seen {
            library: self.library,
            state: &self.played.state,
            events: &happened,
            refused: refused.as_ref(),
        };
        if happened.iter().any(|event| matches!(event.what, What::RunFaulted { .. })) {
            let says = Words::of(|t| t.case_faulty(index + 1));
            self.played.failures.push(self.source.finding(&pointer, &catalogue::STORY, says));
        }
        for difference in turn.expect.differences(&seen) {
            let says = Words::of(|t| t.case_differs(index + 1, &difference.expected, &difference.seen));
            let pointer = format!("{pointer}/expect/{}", difference.what);
            self.played.failures.push(self.source.finding(&pointer, &catalogue::STORY, says));
        }
        self.played.events.extend(happened);
        Ok(())
    }

    fn tell(
        &mut self,
        inputs: &[Result<Input, Refusal>],
        at: Timestamp,
        by: Option<Actor>,
    ) -> (Vec<Event>, Option<Refusal>) {
        let (mut happened, mut refused) = (Vec::new(), None);
        for input in inputs.iter().cloned() {
            let told =
                input.and_then(|input| step(self.library, &self.played.state, &Stamped { at, by, input }));
            match told {
                Ok(events) => {
                    for event in events {
                        self.played.coverage.note(self.library, &self.played.state, &event.what);
                        self.played.state.apply(&event);
                        happened.push(event);
                    }
                    self.played.coverage.look(self.library, &self.played.state);
                }
                Err(refusal) => refused = Some(refusal),
            }
        }
        (happened, refused)
    }

    /// What the turn tells the engine.
    fn inputs(&self, index: usize, turn: &Turn, at: Timestamp) -> Vec<Result<Input, Refusal>> {
        let entry = Some(EntryId(name(&format!("facts {index}"))));
        let stated = turn.facts.iter().map(|(concept, value)| Stated {
            concept: concept.clone(),
            value: value.clone(),
            at: Some(at),
            entry,
        });
        let facts: Vec<Stated> = stated.collect();
        let mut inputs: Vec<Result<Input, Refusal>> = Vec::new();
        match &turn.form {
            Some(moved) => inputs.push(Ok(Input::Form {
                form: moved.form.clone(),
                letter: LetterId(name(&format!("letter {index}"))),
                state: moved.state.clone(),
                fulfils: moved.fulfils,
                task: None,
                spent: false,
                facts,
            })),
            None if !facts.is_empty() => inputs.push(Ok(Input::Facts(facts))),
            None => {}
        }
        inputs.extend(self.acts(index, turn));
        inputs
    }

    fn acts(&self, index: usize, turn: &Turn) -> Vec<Result<Input, Refusal>> {
        let stay = EntryId(name("stay"));
        let mut acts = Vec::new();
        acts.extend(turn.start.as_ref().map(|id| {
            let pathway = self.library.current(id).ok_or_else(|| Refusal::NoPathway(id.clone()))?;
            Ok(Input::Start { run: RunId(name(&format!("run {index}"))), pathway: pathway.hash.clone() })
        }));
        acts.extend(turn.claim.as_ref().map(|code| Ok(Input::Task(self.task(code)?, TaskAct::Claim))));
        acts.extend(turn.done.as_ref().map(|code| Ok(Input::Task(self.task(code)?, TaskAct::Done))));
        acts.extend(turn.skip.as_ref().map(|skip| {
            let act = TaskAct::Skip { cause: skip.cause, reason: skip.reason.clone() };
            Ok(Input::Task(self.task(&skip.task)?, act))
        }));
        acts.extend(turn.open.as_ref().map(|open| {
            Ok(Input::Open {
                run: self.run(&open.pathway)?,
                task: TaskId(name(&format!("task {index}"))),
                what: ByHand::Listed(open.task.clone()),
                due: None,
                reason: open.reason.clone(),
            })
        }));
        acts.extend(turn.confirm.as_ref().map(|to| self.decide(to, Choice::Confirm, None)));
        acts.extend(
            turn.decline
                .as_ref()
                .map(|decline| self.decide(&decline.to, Choice::Decline, Some(decline.reason.clone()))),
        );
        acts.extend(turn.raise.as_ref().map(|raise| {
            let run = self.run(&raise.pathway)?;
            Ok(Input::Raise { run, to: raise.to.clone(), reason: raise.reason.clone(), through: None })
        }));
        acts.extend(turn.admit.as_ref().map(|day| Ok(Input::Admitted { stay, on: date(day)? })));
        acts.extend(turn.discharge.as_ref().map(|day| Ok(Input::Discharged { stay, on: date(day)? })));
        acts.extend(
            turn.suspend
                .as_ref()
                .map(|rest| Ok(Input::Suspend(self.run(&rest.pathway)?, rest.reason.clone()))),
        );
        acts.extend(turn.resume.as_ref().map(|id| Ok(Input::Resume(self.run(id)?))));
        acts.extend(
            turn.stop.as_ref().map(|rest| Ok(Input::Stop(self.run(&rest.pathway)?, rest.reason.clone()))),
        );
        acts
    }

    fn decide(&self, to: &str, choice: Choice, reason: Option<String>) -> Result<Input, Refusal> {
        let open = self.played.state.open_proposals().find(|proposal| proposal.to == to);
        let proposal = open.ok_or(Refusal::Unknown)?.id;
        Ok(Input::Decide { proposal, choice, reason, through: None })
    }

    /// The open task of this code that is due first.
    fn task(&self, code: &str) -> Result<TaskId, Refusal> {
        let open = self.played.state.tasks.values().filter(|task| task.code.as_deref() == Some(code));
        open.min_by_key(|task| (task.due, task.id)).map(|task| task.id).ok_or(Refusal::Unknown)
    }

    /// The run of this pathway that began last.
    fn run(&self, pathway: &str) -> Result<RunId, Refusal> {
        let runs = self.played.state.runs.values().filter(|run| run.pathway == pathway);
        runs.max_by_key(|run| run.started).map(|run| run.id).ok_or(Refusal::Unknown)
    }
}

/// The same name is always the same person, entry or letter.
fn name(text: &str) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, text.as_bytes())
}

/// `doctor`, `doctor 2`
fn actor(text: &str) -> Option<Actor> {
    let profession: Profession = text.split(' ').next()?.parse().ok()?;
    Some(Actor { person: PersonId(name(text)), profession })
}

fn date(text: &str) -> Result<Option<Date>, Refusal> {
    text.parse().map(Some).map_err(|_| Refusal::Unknown)
}

texts! {
    case_unreadable(error: &str) {
        ja: "この物語は読めません: {error}",
        en: "This story cannot be read: {error}"
    }
    case_is_long(max: usize) {
        ja: "場面が多すぎます（上限 {max}）。物語を分けてください。",
        en: "There are too many turns (at most {max}). Please make it several stories."
    }
    case_is_endless(max: usize) {
        ja: "ここまでに {max} を超える出来事が起こりました。日時を見直してください。",
        en: "More than {max} things have happened by here. Please look at the dates again."
    }
    case_no_moment {
        ja: "日時は 2026-11-22T09:00:00+09:00 のように書いてください。",
        en: "Write a moment such as 2026-11-22T09:00:00+09:00."
    }
    case_no_one {
        ja: "職種のコードを書いてください。二人目は「doctor 2」のようにします。",
        en: "Write a profession's code; a second person is \"doctor 2\"."
    }
    case_faulty(turn: usize) {
        ja: "{turn} 番目の場面: パスが落ち着かず、エンジンが先へ進めませんでした。",
        en: "Turn {turn}: the pathway found no rest, and the engine could not go on with it."
    }
    case_differs(turn: usize, expected: &str, seen: &str) {
        ja: "{turn} 番目の場面: 期待したのは {expected}、実際は {seen}。",
        en: "Turn {turn}: expected {expected}, saw {seen}."
    }
}
