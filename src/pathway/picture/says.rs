//! What a definition says, in the few words that fit into a picture: ways out, latest times, how often.

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::profession::Profession;
use crate::pathway::definition::At;
use crate::pathway::definition::Confirm;
use crate::pathway::definition::Definition;
use crate::pathway::definition::Every;
use crate::pathway::definition::Exit;
use crate::pathway::definition::From;
use crate::pathway::definition::FromWhen;
use crate::pathway::definition::PHASE;
use crate::pathway::definition::Phase;
use crate::pathway::definition::START;
use crate::pathway::definition::Slot;
use crate::pathway::definition::StartOn;
use crate::pathway::definition::Task;
use crate::pathway::definition::Unit;
use crate::pathway::definition::Weekday;
use crate::pathway::picture::Ink;
use crate::texts;

/// A definition, read aloud in one language.
#[derive(Debug, Clone, Copy)]
pub struct Voice<'a> {
    /// The definition.
    pub definition: &'a Definition,
    /// The names of what can be known.
    pub concepts: &'a Concepts,
    /// The language.
    pub t: Text,
}

/// How a way out is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// By itself, when a condition holds.
    ByItself,
    /// It is proposed when a condition holds, and people decide.
    Proposed,
    /// People choose it.
    Chosen,
}

impl Taken {
    /// How this way out is taken.
    pub fn of(exit: &Exit) -> Self {
        match (&exit.when, &exit.propose) {
            (Some(_), _) => Self::ByItself,
            (None, Some(_)) => Self::Proposed,
            (None, None) => Self::Chosen,
        }
    }

    /// The ink of its arrow.
    pub fn ink(self) -> Ink {
        match self {
            Self::ByItself => Ink::Solid,
            Self::Proposed => Ink::Dashed,
            Self::Chosen => Ink::Dotted,
        }
    }

    /// In words.
    pub fn words(self, t: Text) -> &'static str {
        match self {
            Self::ByItself => t.taken_by_itself(),
            Self::Proposed => t.taken_proposed(),
            Self::Chosen => t.taken_chosen(),
        }
    }
}

/// Who must agree: how many people, of which professions.
pub fn who_agrees(confirm: &Confirm, t: Text) -> String {
    let mut says = t.agree_of(&names(&confirm.by, t), confirm.people);
    if confirm.professions > 1 {
        says.push_str(&t.agree_professions(confirm.professions));
    }
    if !confirm.must.is_empty() {
        says.push_str(&t.agree_must(&names(&confirm.must, t)));
    }
    says
}

fn names(professions: &[Profession], t: Text) -> String {
    let names: Vec<String> = professions.iter().map(|one| one.name().say(t.0).to_owned()).collect();
    names.join(t.picture_joint())
}

impl Voice<'_> {
    /// Names, joined.
    pub fn names(&self, professions: &[Profession]) -> String {
        names(professions, self.t)
    }

    /// How a run begins.
    pub fn start(&self) -> String {
        match self.definition.start.on {
            Some(StartOn::Admission) => self.t.picture_starts_on_admission().to_owned(),
            None => self.t.picture_starts_by(&self.names(&self.definition.start.by)),
        }
    }

    /// What a phase's box says besides its name.
    pub fn notes(&self, phase: &Phase) -> Vec<String> {
        let latest = phase.latest.as_ref().map(|latest| self.t.picture_latest(&self.at(&latest.at)));
        let people = phase.people_only.then(|| self.t.picture_people_only().to_owned());
        let end = phase.end.then(|| self.t.picture_end().to_owned());
        [latest, people, end].into_iter().flatten().collect()
    }

    /// Who takes a way out.
    pub fn who(&self, exit: &Exit) -> Vec<String> {
        let chosen = match Taken::of(exit) {
            Taken::Chosen => self.t.picture_chosen_by(&self.names(&exit.choose)),
            taken if exit.choose.is_empty() => taken.words(self.t).to_owned(),
            taken => self.t.picture_or_chosen_by(taken.words(self.t), &self.names(&exit.choose)),
        };
        let confirm = exit.confirm.as_ref();
        let confirm = confirm.map(|confirm| self.t.picture_confirm(&who_agrees(confirm, self.t)));
        [Some(chosen), confirm].into_iter().flatten().collect()
    }

    /// Everything about a way out: who, by when, and what it counts as.
    pub fn all_about(&self, exit: &Exit) -> Vec<String> {
        let within = exit.within.map(|within| self.t.picture_within(within.words().say(self.t.0)));
        let variance = exit.variance.as_ref().and_then(|code| self.definition.variances.get(code));
        let variance = variance.map(|kind| self.t.picture_counts_as(kind.text.say(self.t.0)));
        self.who(exit).into_iter().chain(within).chain(variance).collect()
    }

    /// A moment of the pathway.
    pub fn at(&self, at: &At) -> String {
        let t = self.t;
        let anchor = self.anchor(&at.anchor);
        let length = at.by.words();
        if at.by.about_seconds() == 0 {
            t.picture_on(&anchor)
        } else if at.by.is_positive() {
            t.picture_after(&anchor, length.say(t.0))
        } else {
            t.picture_before(&anchor, length.say(t.0))
        }
    }

    fn anchor(&self, name: &str) -> String {
        match name {
            START => return self.t.picture_anchor_start().to_owned(),
            PHASE => return self.t.picture_anchor_phase().to_owned(),
            _ => {}
        }
        let fact = self.definition.anchors.get(name).and_then(|facts| facts.first());
        let usage = fact.and_then(|fact| self.definition.facts.get(fact));
        let concept = usage.and_then(|usage| self.concepts.get(&usage.concept));
        concept.map_or_else(|| name.to_owned(), |concept| concept.title.say(self.t.0).to_owned())
    }

    /// How often a task comes up in a phase; none where it does not.
    pub fn often(&self, task: &Task, phase: &Phase) -> Option<String> {
        let t = self.t;
        let Some(schedule) = &task.schedule else { return Some(t.picture_by_need().to_owned()) };
        let every = match &schedule.every {
            Some(every @ Every::Phases(_)) => Some(every.in_phase(&phase.id)?),
            Some(Every::Plain(length)) => Some(*length),
            None => None,
        };
        let days: Vec<&str> = schedule.weekdays.iter().map(|day| weekday(*day, t)).collect();
        let mut parts = match every {
            Some(every) if every.about_seconds() == 86_400 => vec![t.picture_daily().to_owned()],
            Some(every) => {
                let length = every.words();
                let length = length.say(t.0);
                // Every month, not every 1 month.
                let once = if t.0 == Lang::En { length.strip_prefix("1 ") } else { None };
                vec![t.picture_every(once.unwrap_or(length))]
            }
            None if !days.is_empty() => vec![days.join(t.picture_joint())],
            None => vec![self.first(&schedule.from)],
        };
        let slots: Vec<String> = schedule.slots.iter().map(|slot| self.slot(*slot)).collect();
        if !slots.is_empty() {
            parts.push(slots.join(t.picture_joint()));
        }
        if schedule.when.is_some() {
            parts.push(t.picture_on_condition().to_owned());
        }
        Some(parts.join(t.picture_space()))
    }

    /// How often a task comes up wherever it does; each phase for itself where they differ.
    pub fn everywhere(&self, unit: &Unit, task: &Task) -> String {
        let phases = self.definition.phases.iter().filter(|phase| unit.is_in(phase));
        let each: Vec<(&Phase, String)> =
            phases.filter_map(|phase| Some((phase, self.often(task, phase)?))).collect();
        match each.first() {
            Some((_, first)) if each.iter().all(|(_, often)| often == first) => first.clone(),
            _ => {
                let each =
                    each.iter().map(|(phase, often)| self.t.often_in(phase.title.say(self.t.0), often));
                each.collect::<Vec<_>>().join(self.t.often_joint())
            }
        }
    }

    fn first(&self, from: &From) -> String {
        match from {
            From::Plain(at) => self.at(at),
            From::Choice(choices) => self.either(choices),
        }
    }

    /// The moments among which conditions choose; an anchor that they share is named once.
    fn either(&self, choices: &[FromWhen]) -> String {
        let t = self.t;
        let first = choices.first().map(|choice| choice.at.anchor.as_str());
        let alike =
            |choice: &FromWhen| Some(choice.at.anchor.as_str()) == first && choice.at.by.is_positive();
        let each = |say: &dyn Fn(&At) -> String| {
            let all: Vec<String> = choices.iter().map(|choice| say(&choice.at)).collect();
            all.join(t.picture_either())
        };
        match first {
            Some(anchor) if choices.iter().all(alike) => {
                let lengths = each(&|at| at.by.words().say(t.0).to_owned());
                t.picture_after(&self.anchor(anchor), &lengths)
            }
            _ => each(&|at| self.at(at)),
        }
    }

    fn slot(&self, slot: Slot) -> String {
        let t = self.t;
        match (slot.opens, slot.closes) {
            ((6, 0), (12, 0)) => t.picture_am().to_owned(),
            ((12, 0), (18, 0)) => t.picture_pm().to_owned(),
            ((18, 0), (22, 0)) => t.picture_evening().to_owned(),
            ((22, 0), (6, 0)) => t.picture_night().to_owned(),
            ((hour, minute), _) => format!("{hour}:{minute:02}"),
        }
    }
}

fn weekday(day: Weekday, t: Text) -> &'static str {
    match day {
        Weekday::Mon => t.picture_mon(),
        Weekday::Tue => t.picture_tue(),
        Weekday::Wed => t.picture_wed(),
        Weekday::Thu => t.picture_thu(),
        Weekday::Fri => t.picture_fri(),
        Weekday::Sat => t.picture_sat(),
        Weekday::Sun => t.picture_sun(),
    }
}

texts! {
    taken_by_itself { ja: "条件がそろうと自動", en: "by itself on a condition" }
    taken_proposed { ja: "条件がそろうと提案", en: "proposed on a condition" }
    taken_chosen { ja: "人が選ぶ", en: "chosen by a person" }
    picture_joint { ja: "・", en: ", " }
    picture_space { ja: "　", en: " · " }
    picture_either { ja: "または", en: " or " }
    picture_starts_by(names: &str) { ja: "開始：{names}", en: "Start: {names}" }
    picture_starts_on_admission { ja: "開始：入院の記録", en: "Start: an admission" }
    picture_latest(at: &str) { ja: "遅くとも{at}", en: "latest: {at}" }
    picture_people_only { ja: "人の判断だけで入る", en: "entered by people’s decision only" }
    picture_end { ja: "ここで終わる", en: "ends here" }
    picture_chosen_by(names: &str) { ja: "{names}が選ぶ", en: "chosen by {names}" }
    picture_or_chosen_by(taken: &str, names: &str) { ja: "{taken}、{names}も選べる", en: "{taken}, or chosen by {names}" }
    picture_confirm(who: &str) { ja: "確認：{who}", en: "confirmed by {who}" }
    agree_of(names: &str, people: usize) { ja: "{names}から{people}人", en: "{people} of {names}" }
    agree_professions(count: usize) { ja: "。{count}つの職種が必要です", en: ", {count} professions" }
    agree_must(names: &str) { ja: "。{names}は必ず含みます", en: ", {names} among them" }
    often_in(phase: &str, often: &str) { ja: "{phase}：{often}", en: "{phase}: {often}" }
    often_joint { ja: "、", en: "; " }
    picture_within(length: &str) { ja: "{length}以内に決める", en: "to be decided within {length}" }
    picture_counts_as(text: &str) { ja: "予定との違い「{text}」として残る", en: "kept as a departure: {text}" }
    picture_anchor_start { ja: "開始", en: "start" }
    picture_anchor_phase { ja: "段階の初め", en: "phase start" }
    picture_on(anchor: &str) { ja: "{anchor}の日", en: "{anchor}" }
    picture_after(anchor: &str, length: &str) { ja: "{anchor}から{length}", en: "{anchor} + {length}" }
    picture_before(anchor: &str, length: &str) { ja: "{anchor}の{length}前", en: "{anchor} − {length}" }
    picture_by_need { ja: "必要なとき", en: "when needed" }
    picture_daily { ja: "毎日", en: "daily" }
    picture_every(length: &str) { ja: "{length}ごと", en: "every {length}" }
    picture_on_condition { ja: "条件つき", en: "on a condition" }
    picture_am { ja: "午前", en: "morning" }
    picture_pm { ja: "午後", en: "afternoon" }
    picture_evening { ja: "夕", en: "evening" }
    picture_night { ja: "夜間", en: "night" }
    picture_mon { ja: "月", en: "Mon" }
    picture_tue { ja: "火", en: "Tue" }
    picture_wed { ja: "水", en: "Wed" }
    picture_thu { ja: "木", en: "Thu" }
    picture_fri { ja: "金", en: "Fri" }
    picture_sat { ja: "土", en: "Sat" }
    picture_sun { ja: "日", en: "Sun" }
}
