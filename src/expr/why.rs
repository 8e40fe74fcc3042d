//! A condition as a tree that a person can read: every part with what it says now, every leaf with
//! its value, who stated it and when. It can be stored and shown later just as it was.

use jiff::Timestamp;

use super::Facts;
use super::Node;
use super::Origin;
use super::Value;
use super::What;
use super::eval;

/// A part of a condition and what it says.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Why {
    /// The part as it was written.
    pub text: String,
    /// What it says.
    pub outcome: Outcome,
    /// The fact that it reads, if it reads one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leaf: Option<Leaf>,
    /// Its parts, in the order they were written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub parts: Vec<Why>,
}

/// What a part of a condition says.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Something is missing or too old.
    Unknown,
    /// It is no truth but a value.
    Value(Value),
}

/// A fact as the condition saw it.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Leaf {
    /// The fact's name.
    pub name: String,
    /// Its latest value; none when nobody stated one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// Who stated it, when, and where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Origin>,
    /// It is too old to count.
    #[serde(default)]
    pub stale: bool,
}

impl Why {
    /// Every leaf of the tree, in the order they were written.
    pub fn leaves(&self) -> Vec<&Leaf> {
        let mut found: Vec<&Leaf> = self.leaf.iter().collect();
        for part in &self.parts {
            found.extend(part.leaves());
        }
        found
    }
}

pub(super) fn explain(source: &str, node: &Node, facts: &dyn Facts, now: Timestamp) -> Why {
    let within = matches!(node.what, What::Occurrences(..));
    let parts = if within { Vec::new() } else { parts(source, node, facts, now) };
    Why {
        text: source.get(node.start..node.end).unwrap_or_default().to_owned(),
        outcome: outcome(node, facts, now),
        leaf: node.what.fact().map(|name| leaf(name, facts, now)),
        parts,
    }
}

/// Literals explain themselves and are left out.
fn parts(source: &str, node: &Node, facts: &dyn Facts, now: Timestamp) -> Vec<Why> {
    let telling = node.what.parts().into_iter().filter(|part| !matches!(part.what, What::Literal(_)));
    telling.map(|part| explain(source, part, facts, now)).collect()
}

fn outcome(node: &Node, facts: &dyn Facts, now: Timestamp) -> Outcome {
    match eval::value(node, facts, now) {
        Some(Value::Bool(true)) => Outcome::True,
        Some(Value::Bool(false)) => Outcome::False,
        Some(value) => Outcome::Value(value),
        None => Outcome::Unknown,
    }
}

fn leaf(name: &str, facts: &dyn Facts, now: Timestamp) -> Leaf {
    let seen = facts.latest(name);
    Leaf {
        name: name.to_owned(),
        value: seen.map(|seen| seen.value.clone()),
        origin: seen.and_then(|seen| seen.origin),
        stale: seen.and_then(|seen| seen.stale_at).is_some_and(|at| at <= now),
    }
}
