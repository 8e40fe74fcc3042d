//! Conditions: a strict subset of CEL's syntax, typed before use, bounded, and three-valued. An
//! unknown fact makes a condition unknown, never true and never false. Pathways and forms both use
//! it; it knows neither, reads no clock and calls nobody.
//!
//! `x == 'a'`, `!= < <= > >=`, `&& || !`, `x in ['a', 'b']`, `+ -`, `present(x)`, `fresh(x)`,
//! `days_since(x)`, `hours_since(x)`, `age()`, `change(x, 'P14D')`, `at_least(2, [a, b, c])`,
//! `any(x, 'P2D', it >= 4)`, `all(…)`, `count(…)`, `done('task')`, `date('…')`, `timestamp('…')`,
//! `duration('…')`.

pub mod checks;
mod eval;
mod parse;
pub mod prove;
mod say;
mod token;
mod why;

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;

use crate::kernel::finding::Check;
use crate::kernel::id::EntryId;
use crate::kernel::id::PersonId;
use crate::kernel::lang::Words;
use crate::kernel::length::Length;
use crate::kernel::profession::Profession;

pub(crate) use parse::nearest;
pub use say::Names;
pub use say::say;
pub use say::say_whole;
pub use why::Leaf;
pub use why::Outcome;
pub use why::Why;

/// Longest source, in bytes.
pub const SOURCE_MAX: usize = 1024;

/// Deepest nesting of brackets, calls and signs.
pub const DEPTH_MAX: usize = 32;

/// Most nodes in one condition.
pub const NODES_MAX: usize = 200;

/// What kind of value a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// True or false.
    Bool,
    /// A number, with the unit it is measured in.
    Number {
        /// For example `mL`; numbers of different units are never compared.
        unit: Option<String>,
    },
    /// Free text.
    Text,
    /// One of these codes.
    Enum {
        /// The codes.
        values: Vec<String>,
    },
    /// Any number of these codes.
    Set {
        /// The codes.
        values: Vec<String>,
    },
    /// A civil day.
    Date,
    /// A moment.
    Instant,
    /// A length of time.
    Duration,
}

/// A known value.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// True or false.
    Bool(bool),
    /// A number; always finite.
    Number(f64),
    /// Text, or the code of a choice.
    Text(String),
    /// Codes of a multiple choice.
    Set(Vec<String>),
    /// A civil day.
    Date(Date),
    /// A moment.
    Instant(Timestamp),
    /// A length of time.
    Duration(Length),
}

/// The names that a condition may use.
#[derive(Debug, Clone, Default)]
pub struct Decls {
    /// Facts by name.
    pub facts: BTreeMap<String, Kind>,
    /// Task codes that `done('…')` may name.
    pub tasks: BTreeSet<String>,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Origin {
    /// The moment that the value speaks of.
    pub at: Timestamp,
    /// Who stated it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<PersonId>,
    /// As what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profession: Option<Profession>,
    /// The entry of the record that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<EntryId>,
}

/// A value as the facts hold it.
#[derive(Debug, Clone, Copy)]
pub struct Seen<'a> {
    /// The value.
    pub value: &'a Value,
    /// Where it comes from, where that matters.
    pub origin: Option<Origin>,
    /// From when on it is too old to count.
    pub stale_at: Option<Timestamp>,
}

/// What is known. Implemented by whoever holds facts: a patient's state, a form's answers, a test.
pub trait Facts {
    /// The latest value of a fact; `None` when nobody stated one.
    fn latest(&self, name: &str) -> Option<Seen<'_>>;

    /// All values of a fact, oldest first.
    fn history(&self, name: &str) -> Vec<Seen<'_>> {
        self.latest(name).into_iter().collect()
    }

    /// Whether the task was done since the present phase began.
    fn done(&self, _task: &str) -> bool {
        false
    }
}

impl Facts for BTreeMap<String, Value> {
    fn latest(&self, name: &str) -> Option<Seen<'_>> {
        self.get(name).map(|value| Seen { value, origin: None, stale_at: None })
    }
}

/// True, false, or not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tri {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Something that decides it is missing or too old.
    Unknown,
}

impl Tri {
    /// The opposite; what is unknown stays so.
    fn negated(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// Whether at least so many hold. Every one of them is asked, also when some have decided: what is missing
    /// and when time decides is found on the way.
    fn at_least(count: usize, answers: impl Iterator<Item = Self>) -> Self {
        let (mut holds, mut open) = (0, 0);
        for answer in answers {
            match answer {
                Self::True => holds += 1,
                Self::Unknown => open += 1,
                Self::False => {}
            }
        }
        if holds >= count {
            Self::True
        } else if holds + open < count {
            Self::False
        } else {
            Self::Unknown
        }
    }
}

impl From<bool> for Tri {
    fn from(truth: bool) -> Self {
        if truth { Self::True } else { Self::False }
    }
}

/// A fact that was needed and could not be used.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Missing {
    /// The fact's name.
    pub name: String,
    /// There is a value, but it is too old to count.
    pub stale: bool,
}

/// What a condition says now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// The answer.
    pub value: Tri,
    /// What stood in the way; empty unless the answer is unknown.
    pub missing: Vec<Missing>,
    /// The first moment at which time alone may change the answer; never too late, rarely too early.
    pub flips_at: Option<Timestamp>,
}

/// What is wrong with a condition, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Characters from the start of the source.
    pub at: usize,
    /// What it was found wrong in.
    pub check: &'static Check,
    /// What is wrong here.
    pub says: Words,
}

/// A condition that was parsed and typed.
#[derive(Debug, Clone)]
pub struct Expr {
    source: String,
    root: Node,
}

impl Expr {
    /// Parses and types a condition; otherwise tells everything that is wrong with it.
    pub fn parse(source: &str, decls: &Decls) -> Result<Self, Vec<Problem>> {
        let root = parse::condition(source, decls)?;
        Ok(Self { source: source.to_owned(), root })
    }

    /// The condition as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it says about these facts at this moment.
    pub fn eval(&self, facts: &dyn Facts, now: Timestamp) -> Verdict {
        eval::verdict(&self.root, facts, now)
    }

    /// The same as a tree with the value and origin of every leaf.
    pub fn explain(&self, facts: &dyn Facts, now: Timestamp) -> Why {
        why::explain(&self.source, &self.root, facts, now)
    }

    /// The facts that it names.
    pub fn facts(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.root.visit(&mut |node| {
            if let Some(name) = node.what.fact() {
                names.insert(name);
            }
        });
        names
    }

    /// The tasks that it names.
    pub fn tasks(&self) -> BTreeSet<&str> {
        let mut names = BTreeSet::new();
        self.root.visit(&mut |node| {
            if let What::Done(task) = &node.what {
                names.insert(task.as_str());
            }
        });
        names
    }

    /// The facts that must be present for it to hold.
    pub fn demands(&self) -> BTreeSet<&str> {
        let parts = match &self.root.what {
            What::And(parts) => parts.as_slice(),
            _ => std::slice::from_ref(&self.root),
        };
        let present = parts.iter().filter_map(|part| match &part.what {
            What::Present(name) => Some(name.as_str()),
            _ => None,
        });
        present.collect()
    }
}

/// A node of the tree; its span counts bytes of the source.
#[derive(Debug, Clone)]
struct Node {
    start: usize,
    end: usize,
    what: What,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Days,
    Hours,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Over {
    Any,
    All,
    Count,
}

#[derive(Debug, Clone)]
enum What {
    Literal(Value),
    Fact(String),
    /// The occurrence that `any`, `all` or `count` looks at.
    It,
    Not(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Op, Box<Node>, Box<Node>),
    /// The fact's code is one of these.
    OneOf(Box<Node>, Vec<String>),
    /// The multiple choice holds this code.
    Holds(String, Box<Node>),
    Add(Box<Node>, Box<Node>),
    Subtract(Box<Node>, Box<Node>),
    Negate(Box<Node>),
    Present(String),
    Fresh(String, Option<Length>),
    Since(Unit, Box<Node>),
    Age,
    Change(String, Length),
    AtLeast(usize, Vec<Node>),
    Occurrences(Over, String, Length, Option<Box<Node>>),
    Done(String),
}

impl What {
    fn fact(&self) -> Option<&str> {
        match self {
            Self::Fact(name)
            | Self::Present(name)
            | Self::Fresh(name, _)
            | Self::Change(name, _)
            | Self::Occurrences(_, name, _, _) => Some(name),
            Self::Age => Some(BIRTH_DATE),
            _ => None,
        }
    }

    fn parts(&self) -> Vec<&Node> {
        match self {
            Self::And(parts) | Self::Or(parts) | Self::AtLeast(_, parts) => parts.iter().collect(),
            Self::Not(inner)
            | Self::Negate(inner)
            | Self::OneOf(inner, _)
            | Self::Holds(_, inner)
            | Self::Since(_, inner)
            | Self::Occurrences(_, _, _, Some(inner)) => vec![inner],
            Self::Compare(_, left, right) | Self::Add(left, right) | Self::Subtract(left, right) => {
                vec![left, right]
            }
            _ => Vec::new(),
        }
    }
}

impl Node {
    /// Whether it is only written out: a literal, or a sum of literals.
    fn is_constant(&self) -> bool {
        let mut constant = true;
        self.visit(&mut |node| {
            let written =
                matches!(node.what, What::Literal(_) | What::Add(..) | What::Subtract(..) | What::Negate(_));
            constant &= written;
        });
        constant
    }

    /// Recursion is bounded by [`DEPTH_MAX`] and, where sums lean to the left, by [`NODES_MAX`], as everywhere
    /// in this room.
    fn visit<'a>(&'a self, look: &mut dyn FnMut(&'a Node)) {
        look(self);
        for part in self.what.parts() {
            part.visit(look);
        }
    }
}

/// The fact that `age()` reads.
pub const BIRTH_DATE: &str = "birth_date";

#[cfg(test)]
mod tests;
