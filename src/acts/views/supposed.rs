//! What is not there yet on a patient's plan, and what would follow from something supposed: read by the
//! team, written by nobody.

use serde_json::Value;

use crate::access::Need;
use crate::acts::Look;
use crate::acts::plans::refused;
use crate::acts::views::patients::SeatView;
use crate::acts::views::patients::team;
use crate::acts::views::plan;
use crate::acts::views::plan::PlanView;
use crate::kernel::error::Error;
use crate::kernel::error::Result;
use crate::kernel::id::LetterId;
use crate::kernel::id::PersonId;
use crate::kernel::id::ProposalId;
use crate::kernel::id::RunId;
use crate::kernel::id::TaskId;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::kernel::profession::Profession;
use crate::kernel::time::Time;
use crate::pathway::Library;
use crate::pathway::PatientState;
use crate::pathway::definition::Exit;
use crate::pathway::event::Actor;
use crate::pathway::event::Choice;
use crate::pathway::event::Input;
use crate::pathway::event::Stated;
use crate::pathway::event::TaskAct;
use crate::pathway::state::Decision;
use crate::pathway::state::Proposal;
use crate::pathway::state::Run;
use crate::pathway::what_if::Difference;
use crate::pathway::what_if::Supposed;
use crate::pathway::what_if::then;
use crate::pathway::what_if::what_if;
use crate::pathway::yet::NotYet;
use crate::pathway::yet::not_yet;
use crate::pathway::yet::watched;
use crate::texts;

/// What is not there yet, with the plan whose names and sources it needs.
#[derive(Debug, Clone, serde::Serialize)]
pub struct NotYetView {
    /// The plan.
    #[serde(skip)]
    pub plan: PlanView,
    /// What is not there yet.
    pub not_yet: Vec<NotYet>,
}

/// Reads what is not there yet.
pub fn read_not_yet(look: &mut Look<'_>) -> Result<NotYetView> {
    let mut plan = plan::read(look)?;
    let not_yet = not_yet(&look.house.library().pathways, &plan.state, look.now.stamp());
    plan.sources.extend(plan::sources(look, not_yet.iter().map(|one| &one.why))?);
    Ok(NotYetView { plan, not_yet })
}

/// Something supposed.
#[derive(Debug, Clone, PartialEq, serde::Deserialize)]
#[serde(tag = "suppose", rename_all = "snake_case", deny_unknown_fields)]
pub enum Supposition {
    /// Someone confirms a proposal; without a person, as many as it takes.
    Confirm {
        /// The proposal.
        proposal: ProposalId,
        /// Who.
        #[serde(default)]
        person: Option<PersonId>,
    },
    /// A proposal is declined.
    Decline {
        /// The proposal.
        proposal: ProposalId,
    },
    /// People move a run on to another phase, as many as it takes.
    Move {
        /// The run.
        run: RunId,
        /// To which phase.
        to: String,
    },
    /// A task is done, with its form where it has one.
    Done {
        /// The task.
        task: TaskId,
    },
    /// Something becomes known now.
    Fact {
        /// The concept.
        concept: String,
        /// The value, as the concept reads it.
        value: Value,
    },
    /// Nothing happens until then.
    Until {
        /// When.
        at: Time,
    },
}

/// What would follow.
#[derive(Debug, Clone, serde::Serialize)]
pub struct WhatIfView {
    /// The difference to what happens anyway.
    pub difference: Difference,
    /// Whose decisions were supposed.
    pub by: Vec<PersonId>,
}

/// What can be supposed on a plan, and who could decide.
#[derive(Debug, Clone)]
pub struct SupposingView {
    /// The plan.
    pub plan: PlanView,
    /// The team.
    pub team: Vec<SeatView>,
    /// The concepts that the pathways look at.
    pub concepts: Vec<String>,
    /// Ways out that people may choose without waiting for a condition.
    pub ways: Vec<Way>,
}

/// A way out of a run's present phase that people may choose.
#[derive(Debug, Clone)]
pub struct Way {
    /// The run.
    pub run: RunId,
    /// The phase it leads to.
    pub to: String,
    /// What it is called.
    pub title: Words,
}

/// Reads what can be supposed. Only those may suppose who may act on the plan.
pub fn read_supposing(look: &mut Look<'_>) -> Result<SupposingView> {
    need_plan(look)?;
    let plan = plan::read(look)?;
    let library = look.house.library();
    let concepts = watched(&library.pathways, &plan.state);
    let ways = ways(&library.pathways, &plan.state);
    Ok(SupposingView { team: team(look)?, concepts, ways, plan })
}

fn ways(library: &Library, state: &PatientState) -> Vec<Way> {
    let of_run = |run: &Run| {
        let definition = &library.get(&run.hash)?.definition;
        let chosen = definition.phase(&run.phase)?.leave.iter().filter(|exit| !exit.choose.is_empty());
        let way = |exit: &Exit| Way { run: run.id, to: exit.to.clone(), title: exit.title(definition) };
        Some(chosen.map(way).collect::<Vec<_>>())
    };
    state.active_runs().filter_map(of_run).flatten().collect()
}

/// Reads what would follow.
pub fn suppose(look: &mut Look<'_>, supposition: &Supposition) -> Result<WhatIfView> {
    need_plan(look)?;
    let state = plan::state(look)?;
    let team: Vec<SeatView> = team(look)?.into_iter().filter(|seat| seat.in_force).collect();
    let told = Telling { look, state: &state, team: &team }.told(supposition)?;
    let by = told.iter().filter_map(|one| one.by.map(|by| by.person)).collect();
    let library = look.house.library();
    let difference = what_if(&library.pathways, &state, look.now.stamp(), &told).map_err(refused)?;
    Ok(WhatIfView { difference, by })
}

fn need_plan(look: &Look<'_>) -> Result<()> {
    if look.grant.also(Need::Plan) {
        return Ok(());
    }
    Err(Error::Forbidden(Words::of(Text::professionals_only)))
}

/// From what is supposed to what the engine would be told.
struct Telling<'a, 'b> {
    look: &'a Look<'b>,
    state: &'a PatientState,
    team: &'a [SeatView],
}

impl Telling<'_, '_> {
    fn told(&self, supposition: &Supposition) -> Result<Vec<Supposed>> {
        match supposition {
            Supposition::Confirm { proposal, person } => {
                let known = self.state.proposals.get(proposal).ok_or(Error::Missing)?;
                let people = match person {
                    Some(person) => vec![self.seated(*person)?],
                    None => self.enough(known)?,
                };
                let decide = |by| self.by(by, decision(*proposal, Choice::Confirm));
                Ok(people.into_iter().map(decide).collect())
            }
            Supposition::Decline { proposal } => {
                let known = self.state.proposals.get(proposal).ok_or(Error::Missing)?;
                let decided = |by: PersonId| known.decisions.iter().any(|one| one.by.person == by);
                let by = self.someone(|seat| {
                    known.confirm.by.contains(&seat.person.profession) && !decided(seat.person.id)
                })?;
                Ok(vec![self.by(by, decision(*proposal, Choice::Decline))])
            }
            Supposition::Move { run, to } => self.moved(*run, to),
            Supposition::Done { task } => {
                let known = self.state.tasks.get(task).ok_or(Error::Missing)?;
                let roles: Vec<Profession> =
                    [known.role].into_iter().chain(known.substitute.iter().copied()).collect();
                let input = match &known.form {
                    None => Input::Task(*task, TaskAct::Done),
                    Some(form) => Input::Form {
                        form: form.clone(),
                        letter: LetterId(task.0),
                        state: known.closed_by.first().cloned().unwrap_or_default(),
                        fulfils: true,
                        task: Some(*task),
                        spent: false,
                        facts: Vec::new(),
                    },
                };
                Ok(vec![self.by(self.one_of(&roles)?, input)])
            }
            Supposition::Fact { concept, value } => {
                let fact = Stated { concept: concept.clone(), value: value.clone(), at: None, entry: None };
                let by = self.look.grant.person().zip(self.look.grant.profession());
                let by = by.map(|(person, profession)| Actor { person, profession });
                let at = self.look.now.stamp();
                Ok(vec![Supposed { at, by, input: Input::Facts(vec![fact]) }])
            }
            Supposition::Until { at } if *at <= self.look.now => {
                Err(Error::invalid("until", Words::of(Text::supposed_is_past)))
            }
            Supposition::Until { at } => Ok(vec![Supposed { at: at.stamp(), by: None, input: Input::Time }]),
        }
    }

    /// Raising a way out, and the decisions that it then needs.
    fn moved(&self, run: RunId, to: &str) -> Result<Vec<Supposed>> {
        let known = self.state.runs.get(&run).ok_or(Error::Missing)?;
        let library = self.look.house.library();
        let definition = library.pathways.get(&known.hash).map(|pathway| &pathway.definition);
        let phase = definition.and_then(|definition| definition.phase(&known.phase));
        let exit = phase.and_then(|phase| phase.leave.iter().find(|exit| exit.to == to));
        let first = self.one_of(&exit.ok_or(Error::Missing)?.choose)?;
        let reason = Words::of(Text::supposed_reason).ja.to_string();
        let raise = self.by(first, Input::Raise { run, to: to.to_owned(), reason, through: None });
        let raised = then(&library.pathways, self.state, &raise).map_err(refused)?;
        let waits = raised.open_proposals().find(|one| one.run == run && one.to == to);
        let others = waits.map(|proposal| self.enough(proposal)).transpose()?.unwrap_or_default();
        let decisions = waits.into_iter().flat_map(|proposal| {
            others.iter().map(|by| self.by(*by, decision(proposal.id, Choice::Confirm)))
        });
        Ok([raise].into_iter().chain(decisions).collect())
    }

    /// As many people of the team as a proposal still needs: those it must have first, then of as many
    /// professions as it wants.
    fn enough(&self, proposal: &Proposal) -> Result<Vec<Actor>> {
        let mut copy = proposal.clone();
        let mut free: Vec<Actor> = self
            .team
            .iter()
            .filter(|seat| proposal.confirm.by.contains(&seat.person.profession))
            .filter(|seat| copy.decisions.iter().all(|decision| decision.by.person != seat.person.id))
            .map(|seat| Actor { person: seat.person.id, profession: seat.person.profession })
            .collect();
        let mut asked = Vec::new();
        while !copy.is_agreed() {
            let has = |profession: Profession| {
                copy.decisions.iter().any(|decision| decision.by.profession == profession)
            };
            let wanted = |by: &Actor| (has(by.profession), !proposal.confirm.must.contains(&by.profession));
            let next = (0..free.len()).min_by_key(|index| free.get(*index).map(wanted));
            let Some(next) = next else {
                return Err(Error::invalid("suppose", Words::of(Text::supposed_team_is_small)));
            };
            let by = free.remove(next);
            asked.push(by);
            copy.decisions.push(Decision {
                by,
                at: self.look.now.stamp(),
                choice: Choice::Confirm,
                reason: None,
                through: None,
                pins: copy.pins.clone(),
            });
        }
        Ok(asked)
    }

    fn seated(&self, person: PersonId) -> Result<Actor> {
        let seat = self.team.iter().find(|seat| seat.person.id == person).ok_or(Error::Missing)?;
        Ok(Actor { person, profession: seat.person.profession })
    }

    /// The reader where they may, else someone of the team who may.
    fn one_of(&self, professions: &[Profession]) -> Result<Actor> {
        self.someone(|seat| professions.contains(&seat.person.profession))
    }

    fn someone(&self, may: impl Fn(&SeatView) -> bool) -> Result<Actor> {
        let own = |seat: &&SeatView| Some(seat.person.id) == self.look.grant.person();
        let found = self
            .team
            .iter()
            .filter(|seat| may(seat))
            .find(own)
            .or_else(|| self.team.iter().find(|seat| may(seat)));
        let seat = found.ok_or_else(|| Error::invalid("suppose", Words::of(Text::supposed_team_is_small)))?;
        Ok(Actor { person: seat.person.id, profession: seat.person.profession })
    }

    fn by(&self, by: Actor, input: Input) -> Supposed {
        Supposed { at: self.look.now.stamp(), by: Some(by), input }
    }
}

fn decision(proposal: ProposalId, choice: Choice) -> Input {
    let reason = Some(Words::of(Text::supposed_reason).ja.to_string());
    Input::Decide { proposal, choice, reason, through: None }
}

texts! {
    supposed_reason { ja: "（仮定）", en: "(supposed)" }
    supposed_is_past { ja: "これからの日を選んでください。", en: "Please choose a day that is to come." }
    supposed_team_is_small {
        ja: "このチームには、それを決められる職種の人が足りません。",
        en: "This team has too few people of the professions that may decide this."
    }
}
