//! Two versions of a pathway side by side, in the words of the field: which phases, ways out, tasks,
//! rules, facts and schedules came, went, or say something else now. Not a difference of texts: moving
//! lines about or writing a number another way changes nothing here.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::concept::Concepts;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::pathway::definition::Definition;
use crate::texts;

mod parts;

/// Something that is not the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What kind of part it is.
    pub part: Part,
    /// What happened to it.
    pub how: How,
    /// What it is called: in the newer version, or in the older one when it is gone.
    pub title: Words,
    /// What it says, member by member; of a part that stayed only what differs.
    pub lines: Vec<Line>,
}

/// One member of a part, before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Line {
    /// What is said.
    pub label: Words,
    /// What the older version says; none when it says nothing.
    pub before: Option<Words>,
    /// What the newer version says; none when it says nothing.
    pub after: Option<Words>,
}

impl Line {
    /// Before and after as a reader sees them: in the other language when only that one differs.
    pub fn shown(&self, lang: Lang) -> (Option<String>, Option<String>) {
        let say = |lang| {
            let said = |words: &Option<Words>| words.as_ref().map(|words| words.say(lang).to_owned());
            (said(&self.before), said(&self.after))
        };
        let (before, after) = say(lang);
        if before != after {
            return (before, after);
        }
        say(if lang == Lang::Ja { Lang::En } else { Lang::Ja })
    }
}

/// What happened to a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// It came.
    Added,
    /// It went.
    Removed,
    /// It says something else.
    Changed,
}

/// Kinds of parts, in the order in which a pathway is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// The pathway itself: name, version, who takes part.
    Head,
    /// How a run begins.
    Start,
    /// A phase.
    Phase,
    /// A way out of a phase.
    Exit,
    /// A unit of care with its outcome.
    Unit,
    /// A task with its schedule.
    Task,
    /// A rule.
    Rule,
    /// A fact that is looked at.
    Fact,
    /// A moment that is counted from.
    Anchor,
    /// Another pathway that silences parts of this one.
    Conflict,
    /// A departure that can happen.
    Variance,
    /// A text that is handed over.
    Leaflet,
    /// A source.
    Evidence,
}

impl Part {
    /// What such a part is called.
    pub fn name(self) -> Words {
        Words::of(|t: Text| match self {
            Self::Head => t.part_head(),
            Self::Start => t.part_start(),
            Self::Phase => t.part_phase(),
            Self::Exit => t.part_exit(),
            Self::Unit => t.part_unit(),
            Self::Task => t.part_task(),
            Self::Rule => t.part_rule(),
            Self::Fact => t.part_fact(),
            Self::Anchor => t.part_anchor(),
            Self::Conflict => t.part_conflict(),
            Self::Variance => t.part_variance(),
            Self::Leaflet => t.part_leaflet(),
            Self::Evidence => t.part_evidence(),
        })
    }
}

impl How {
    /// The word for it.
    pub fn name(self) -> Words {
        Words::of(|t: Text| match self {
            Self::Added => t.how_added(),
            Self::Removed => t.how_removed(),
            Self::Changed => t.how_changed(),
        })
    }
}

/// A part as it speaks for itself.
#[derive(Debug, Clone)]
struct Spoken {
    part: Part,
    /// What it is known by in both versions.
    key: String,
    title: Words,
    says: Vec<(Words, Words)>,
}

/// Everything that differs from the older version to the newer one; empty when they say the same.
pub fn compare(old: &Definition, new: &Definition, concepts: &Concepts) -> Vec<Change> {
    let (old, new) = (parts::spoken(old, concepts), parts::spoken(new, concepts));
    let known = |of: &[Spoken]| -> BTreeMap<(Part, String), usize> {
        of.iter().enumerate().map(|(at, one)| ((one.part, one.key.clone()), at)).collect()
    };
    let (before, after) = (known(&old), known(&new));
    let came = new.iter().filter_map(|one| {
        match before.get(&(one.part, one.key.clone())).and_then(|at| old.get(*at)) {
            Some(was) => changed(was, one),
            None => Some(whole(one, How::Added)),
        }
    });
    let gone = old.iter().filter(|one| !after.contains_key(&(one.part, one.key.clone())));
    let mut changes: Vec<Change> = came.chain(gone.map(|one| whole(one, How::Removed))).collect();
    changes.sort_by_key(|change| change.part);
    changes
}

fn changed(was: &Spoken, is: &Spoken) -> Option<Change> {
    let mut labels: Vec<&Words> = Vec::new();
    for (label, _) in was.says.iter().chain(&is.says) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let of = |one: &Spoken, label: &Words| {
        one.says.iter().find(|(known, _)| known == label).map(|(_, says)| says.clone())
    };
    let lines: Vec<Line> = labels
        .into_iter()
        .map(|label| Line { label: label.clone(), before: of(was, label), after: of(is, label) })
        .filter(|line| line.before != line.after)
        .collect();
    let same = lines.is_empty();
    (!same).then(|| Change { part: is.part, how: How::Changed, title: is.title.clone(), lines })
}

fn whole(one: &Spoken, how: How) -> Change {
    let line = |(label, says): &(Words, Words)| match how {
        How::Removed => Line { label: label.clone(), before: Some(says.clone()), after: None },
        _ => Line { label: label.clone(), before: None, after: Some(says.clone()) },
    };
    Change { part: one.part, how, title: one.title.clone(), lines: one.says.iter().map(line).collect() }
}

texts! {
    part_head { ja: "パス", en: "The pathway" }
    part_start { ja: "始め方", en: "How it begins" }
    part_phase { ja: "段階", en: "Phase" }
    part_exit { ja: "段階の移り方", en: "Way out of a phase" }
    part_unit { ja: "ケアのまとまり", en: "Unit of care" }
    part_task { ja: "仕事", en: "Task" }
    part_rule { ja: "規則", en: "Rule" }
    part_fact { ja: "見る記録", en: "Fact" }
    part_anchor { ja: "数え始め", en: "Moment counted from" }
    part_conflict { ja: "ほかのパスとの関係", en: "Together with another pathway" }
    part_variance { ja: "差異（バリアンス）", en: "Variance" }
    part_leaflet { ja: "リーフレット", en: "Leaflet" }
    part_evidence { ja: "出典", en: "Source" }
    how_added { ja: "加わった", en: "added" }
    how_removed { ja: "なくなった", en: "removed" }
    how_changed { ja: "変わった", en: "changed" }
}

#[cfg(test)]
mod tests;
