//! Which answers a condition can give at all: every combination of the values at which its parts change
//! is tried over the declared domains. What a condition asks of time and history is taken as free, so
//! "cannot" is proven and "can" may be too generous; where there are too many combinations, nothing is said.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use super::BIRTH_DATE;
use super::Expr;
use super::Kind;
use super::Node;
use super::Op;
use super::Over;
use super::Tri;
use super::Unit;
use super::Value;
use super::What;
use super::eval::holds;
use super::eval::mirrored;

/// Most combinations tried.
const TRIES_MAX: usize = 20_000;

static YES: Value = Value::Bool(true);

/// What is declared of a fact.
#[derive(Debug, Clone)]
pub struct Domain {
    /// Its kind.
    pub kind: Kind,
    /// Smallest number that can be meant.
    pub min: Option<f64>,
    /// Largest number that can be meant.
    pub max: Option<f64>,
    /// It is known whenever it is looked at.
    pub known: bool,
    /// A value can grow too old to count.
    pub ages: bool,
}

/// The facts that conditions speak of.
pub trait Domains {
    /// What is declared of a fact.
    fn domain(&self, fact: &str) -> Option<Domain>;

    /// Whether the fact is this very moment.
    fn is_now(&self, _fact: &str) -> bool {
        false
    }
}

/// The answers that a condition can give.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Answers {
    /// It can hold.
    pub holds: bool,
    /// It can fail.
    pub fails: bool,
    /// It can be unknown.
    pub unknown: bool,
}

/// Whether two conditions can hold at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Both {
    /// They exclude each other.
    Never,
    /// They can.
    Can,
    /// Neither was shown.
    Unproven,
}

/// The answers that a condition can give; none when there are too many combinations to try.
pub fn answers(expr: &Expr, domains: &dyn Domains) -> Option<Answers> {
    let mut answers = Answers::default();
    try_all(&[expr], domains, &mut |seen| match seen {
        [Tri::True, ..] => answers.holds = true,
        [Tri::False, ..] => answers.fails = true,
        _ => answers.unknown = true,
    })?;
    Some(answers)
}

/// Whether two conditions can hold at once.
pub fn both(one: &Expr, other: &Expr, domains: &dyn Domains) -> Both {
    let mut together = false;
    let tried = try_all(&[one, other], domains, &mut |seen| together |= seen == [Tri::True, Tri::True]);
    match tried {
        Some(_) if !together => Both::Never,
        Some(true) => Both::Can,
        _ => Both::Unproven,
    }
}

/// Tells every combination of answers. The result says whether the parts are independent of each other,
/// so that each combination can really be met; none when there are too many.
fn try_all(exprs: &[&Expr], domains: &dyn Domains, tell: &mut dyn FnMut(&[Tri])) -> Option<bool> {
    let mut survey = Survey { domains, by_days: BTreeSet::new(), parts: Vec::new(), index: BTreeMap::new() };
    for expr in exprs {
        expr.root.visit(&mut |node| {
            if let What::Since(Unit::Days, of) = &node.what {
                survey.by_days.extend(named(of).map(str::to_owned));
            }
        });
    }
    exprs.iter().for_each(|expr| survey.gather(expr, &expr.root));
    survey.parts.iter_mut().for_each(Part::settle);
    let forms: Vec<Form> = exprs.iter().map(|expr| survey.form(expr, &expr.root)).collect();
    survey.thin(&forms);
    let sizes: Vec<usize> = survey.parts.iter().map(|part| part.chosen.len().max(1)).collect();
    let tries = sizes.iter().copied().fold(1, usize::saturating_mul);
    if tries > TRIES_MAX {
        return None;
    }
    let mut at: Vec<usize> = Vec::new();
    let mut seen: Vec<Tri> = Vec::new();
    for index in 0..tries {
        let mut rest = index;
        at.clear();
        for (part, size) in survey.parts.iter().zip(&sizes) {
            at.push(part.chosen.get(rest % size).copied().unwrap_or(0));
            rest /= size;
        }
        seen.clear();
        seen.extend(forms.iter().map(|form| form.answer(&at)));
        tell(&seen);
    }
    Some(survey.is_independent())
}

/// One thing that conditions look at, and the points at which their answers may change.
#[derive(Debug, Default)]
struct Part {
    /// The fact that it speaks of.
    fact: Option<String>,
    /// The numbers that it is compared with; none for what is no number.
    limits: Option<Vec<f64>>,
    /// It counts whole things.
    whole: bool,
    min: Option<f64>,
    max: Option<f64>,
    codes: Vec<Value>,
    absent: bool,
    stale: bool,
    points: Vec<Point>,
    /// The points that differ from each other in some answer.
    chosen: Vec<usize>,
}

#[derive(Debug, Clone, PartialEq)]
enum Point {
    Value(Value),
    Number(f64),
    Absent,
    Stale,
}

impl Part {
    fn truth(fact: Option<String>, absent: bool) -> Self {
        Self { fact, codes: vec![Value::Bool(true), Value::Bool(false)], absent, ..Self::default() }
    }

    fn settle(&mut self) {
        self.points = self.codes.drain(..).map(Point::Value).collect();
        if let Some(mut limits) = self.limits.take() {
            limits.sort_by(f64::total_cmp);
            limits.dedup();
            let numbers = if self.whole { whole_around(&limits) } else { around(&limits) };
            let ends = self.min.into_iter().chain(self.max);
            let within = |number: &f64| {
                self.min.is_none_or(|min| *number >= min) && self.max.is_none_or(|max| *number <= max)
            };
            self.points.extend(numbers.into_iter().chain(ends).filter(within).map(Point::Number));
        }
        self.points.extend(self.absent.then_some(Point::Absent));
        self.points.extend(self.stale.then_some(Point::Stale));
    }
}

/// A number below, on, between and above the limits.
fn around(limits: &[f64]) -> Vec<f64> {
    let mut found = limits.to_vec();
    found.extend(limits.iter().zip(limits.iter().skip(1)).map(|(low, high)| f64::midpoint(*low, *high)));
    found.push(limits.first().map_or(0.0, |first| first - 1.0));
    found.extend(limits.last().map(|last| last + 1.0));
    found
}

fn whole_around(limits: &[f64]) -> Vec<f64> {
    let mut found = vec![0.0];
    found.extend(limits.iter().flat_map(|limit| [limit.ceil() - 1.0, limit.ceil(), limit.floor() + 1.0]));
    found
}

/// A condition over parts: each leaf knows its answer for every point of its part.
enum Form {
    Fixed(Tri),
    Leaf(usize, Vec<Tri>),
    Not(Box<Form>),
    And(Vec<Form>),
    Or(Vec<Form>),
    AtLeast(usize, Vec<Form>),
}

impl Form {
    /// Recursion is bounded by the depth of conditions.
    fn answer(&self, at: &[usize]) -> Tri {
        match self {
            Self::Fixed(answer) => *answer,
            Self::Leaf(part, table) => {
                let point = at.get(*part).copied().unwrap_or(0);
                table.get(point).copied().unwrap_or(Tri::Unknown)
            }
            Self::Not(inner) => inner.answer(at).negated(),
            Self::And(parts) => enough(parts, at, parts.len()),
            Self::Or(parts) => enough(parts, at, 1),
            Self::AtLeast(count, parts) => enough(parts, at, *count),
        }
    }

    fn leaves<'a>(&'a self, look: &mut dyn FnMut(usize, &'a [Tri])) {
        match self {
            Self::Fixed(_) => {}
            Self::Leaf(part, table) => look(*part, table),
            Self::Not(inner) => inner.leaves(look),
            Self::And(parts) | Self::Or(parts) | Self::AtLeast(_, parts) => {
                parts.iter().for_each(|part| part.leaves(look));
            }
        }
    }
}

fn enough(parts: &[Form], at: &[usize], count: usize) -> Tri {
    Tri::at_least(count, parts.iter().map(|part| part.answer(at)))
}

/// A leaf, by the part that it looks at and what it asks of it.
enum Leaf<'a> {
    /// The part is this number compared with a limit.
    Number(String, Term<'a>, Op, f64),
    /// The fact is one of these codes.
    OneOf(&'a str, &'a [String]),
    /// The fact is this value, or another one.
    Is(&'a str, &'a Value, bool),
    Present(&'a str),
    Fresh(&'a str),
    /// It is looked at as a whole.
    Whole(String, Option<&'a str>, bool),
}

/// A number that is compared.
#[derive(Clone, Copy)]
enum Term<'a> {
    Fact(&'a str),
    Since(&'a str),
    Age,
    Change(&'a str),
    Count(&'a str),
}

struct Survey<'a> {
    domains: &'a dyn Domains,
    /// Facts whose age in days is asked for.
    by_days: BTreeSet<String>,
    parts: Vec<Part>,
    index: BTreeMap<String, usize>,
}

impl Survey<'_> {
    fn gather(&mut self, expr: &Expr, node: &Node) {
        match &node.what {
            What::Not(inner) => self.gather(expr, inner),
            What::And(parts) | What::Or(parts) | What::AtLeast(_, parts) => {
                parts.iter().for_each(|part| self.gather(expr, part));
            }
            What::Literal(_) => {}
            _ => {
                let leaf = self.leaf(expr, node);
                let part = self.part(&leaf);
                if let (Leaf::Number(_, _, _, limit), Some(part)) = (&leaf, self.parts.get_mut(part)) {
                    part.limits.get_or_insert_default().push(*limit);
                }
            }
        }
    }

    fn form(&mut self, expr: &Expr, node: &Node) -> Form {
        let mut all = |parts: &[Node]| parts.iter().map(|part| self.form(expr, part)).collect();
        match &node.what {
            What::Not(inner) => Form::Not(Box::new(self.form(expr, inner))),
            What::And(parts) => Form::And(all(parts)),
            What::Or(parts) => Form::Or(all(parts)),
            What::AtLeast(count, parts) => Form::AtLeast(*count, all(parts)),
            What::Literal(Value::Bool(truth)) => Form::Fixed(Tri::from(*truth)),
            What::Literal(_) => Form::Fixed(Tri::Unknown),
            _ => {
                let leaf = self.leaf(expr, node);
                let index = self.part(&leaf);
                let points = self.parts.get(index).map(|part| part.points.as_slice()).unwrap_or_default();
                Form::Leaf(index, points.iter().map(|point| leaf.answer(point)).collect())
            }
        }
    }

    /// What a node that is no junction asks, and of which part.
    fn leaf<'n>(&self, expr: &'n Expr, node: &'n Node) -> Leaf<'n> {
        let whole = |may_be_unknown: bool| {
            let mut facts = BTreeSet::new();
            node.visit(&mut |inner| facts.extend(inner.what.fact()));
            let only = facts.first().copied().filter(|_| facts.len() == 1);
            let known = |fact: &&str| self.domains.domain(fact).is_some_and(|domain| domain.known);
            Leaf::Whole(text(expr, node), only, may_be_unknown && !facts.iter().all(known))
        };
        match &node.what {
            What::Fact(name) => Leaf::Is(name, &YES, true),
            What::Present(name) => Leaf::Present(name),
            What::Fresh(name, None) => Leaf::Fresh(name),
            What::Fresh(..) | What::Done(_) => whole(false),
            What::OneOf(of, codes) => match &of.what {
                What::Fact(name) if self.has_codes(name) => Leaf::OneOf(name, codes),
                _ => whole(true),
            },
            What::Compare(op, left, right) => {
                self.comparison(expr, *op, left, right).unwrap_or_else(|| whole(true))
            }
            _ => whole(true),
        }
    }

    fn comparison<'n>(&self, expr: &'n Expr, op: Op, left: &'n Node, right: &'n Node) -> Option<Leaf<'n>> {
        let (of, literal, op) = match (&left.what, &right.what) {
            (_, What::Literal(value)) => (left, value, op),
            (What::Literal(value), _) => (right, value, mirrored(op)),
            _ => return None,
        };
        match (&of.what, literal) {
            (_, Value::Number(limit)) => {
                let term = term(of)?;
                Some(Leaf::Number(self.key(expr, of, term), term, op, *limit))
            }
            (What::Fact(name), Value::Bool(_) | Value::Text(_)) if self.has_codes(name) => match op {
                Op::Eq => Some(Leaf::Is(name, literal, true)),
                Op::Ne => Some(Leaf::Is(name, literal, false)),
                _ => None,
            },
            _ => None,
        }
    }

    fn has_codes(&self, fact: &str) -> bool {
        matches!(self.domains.domain(fact).map(|domain| domain.kind), Some(Kind::Bool | Kind::Enum { .. }))
    }

    /// A fact's age in days goes with whether it is known; its age in hours too, where days are not asked.
    fn key(&self, expr: &Expr, node: &Node, term: Term<'_>) -> String {
        match (term, &node.what) {
            (Term::Fact(name), _) | (Term::Since(name), What::Since(Unit::Days, _)) => name.to_owned(),
            (Term::Since(name), _) if !self.by_days.contains(name) => name.to_owned(),
            _ => text(expr, node),
        }
    }

    fn part(&mut self, leaf: &Leaf<'_>) -> usize {
        let key = match leaf {
            Leaf::Number(key, ..) | Leaf::Whole(key, ..) => key.clone(),
            Leaf::OneOf(name, _) | Leaf::Is(name, ..) | Leaf::Present(name) | Leaf::Fresh(name) => {
                (*name).to_owned()
            }
        };
        if let Some(known) = self.index.get(&key) {
            return *known;
        }
        let part = match leaf {
            Leaf::Number(_, term, ..) => self.number(*term),
            Leaf::OneOf(name, _) | Leaf::Is(name, ..) | Leaf::Present(name) | Leaf::Fresh(name) => {
                self.fact(name)
            }
            Leaf::Whole(_, fact, unknown) => Part::truth(fact.map(str::to_owned), *unknown),
        };
        let index = self.parts.len();
        self.parts.push(part);
        self.index.insert(key, index);
        index
    }

    fn fact(&self, name: &str) -> Part {
        let domain = self.domains.domain(name);
        let (absent, stale) =
            domain.as_ref().map_or((true, false), |domain| (!domain.known, domain.ages && !domain.known));
        let mut part = Part { fact: Some(name.to_owned()), absent, stale, ..Part::default() };
        match domain.as_ref().map(|domain| &domain.kind) {
            Some(Kind::Bool) => part.codes = vec![Value::Bool(true), Value::Bool(false)],
            Some(Kind::Enum { values }) => part.codes = values.iter().cloned().map(Value::Text).collect(),
            Some(Kind::Number { .. }) => {
                part.limits = Some(Vec::new());
                (part.min, part.max) = domain.as_ref().map_or((None, None), |known| (known.min, known.max));
            }
            Some(Kind::Date | Kind::Instant) if self.domains.is_now(name) => {
                (part.min, part.max, part.whole) = (Some(0.0), Some(0.0), true);
                part.limits = Some(Vec::new());
            }
            _ => {
                part.limits = Some(Vec::new());
                part.whole = true;
            }
        }
        part
    }

    fn number(&self, term: Term<'_>) -> Part {
        let counted = |fact: &str, absent: bool, min: Option<f64>| Part {
            fact: Some(fact.to_owned()),
            whole: true,
            absent,
            min,
            ..Part::default()
        };
        match term {
            Term::Fact(name) | Term::Since(name) => self.fact(name),
            Term::Age => counted(BIRTH_DATE, true, Some(0.0)),
            Term::Count(name) => counted(name, false, Some(0.0)),
            Term::Change(name) => Part { fact: Some(name.to_owned()), absent: true, ..Part::default() },
        }
    }

    /// Keeps of points that no leaf tells apart only one.
    fn thin(&mut self, forms: &[Form]) {
        let mut tables: Vec<Vec<&[Tri]>> = self.parts.iter().map(|_| Vec::new()).collect();
        for form in forms {
            form.leaves(&mut |part, table| tables.get_mut(part).into_iter().for_each(|all| all.push(table)));
        }
        for (part, tables) in self.parts.iter_mut().zip(tables) {
            let mut seen: Vec<Vec<Option<&Tri>>> = Vec::new();
            for point in 0..part.points.len() {
                let column: Vec<Option<&Tri>> = tables.iter().map(|table| table.get(point)).collect();
                if !seen.contains(&column) {
                    seen.push(column);
                    part.chosen.push(point);
                }
            }
        }
    }

    /// Whether no two parts speak of the same fact.
    fn is_independent(&self) -> bool {
        let facts: Vec<&String> = self.parts.iter().filter_map(|part| part.fact.as_ref()).collect();
        facts.iter().collect::<BTreeSet<_>>().len() == facts.len()
    }
}

impl Leaf<'_> {
    fn answer(&self, point: &Point) -> Tri {
        match (self, point) {
            (Self::Present(_), point) => Tri::from(*point != Point::Absent),
            (Self::Fresh(_), point) => Tri::from(!matches!(point, Point::Absent | Point::Stale)),
            (Self::Number(_, _, op, limit), Point::Number(number)) => {
                number.partial_cmp(limit).map_or(Tri::Unknown, |order| Tri::from(holds(*op, order)))
            }
            (Self::OneOf(_, codes), Point::Value(Value::Text(code))) => Tri::from(codes.contains(code)),
            (Self::Is(_, wanted, equal), Point::Value(value)) => Tri::from((*wanted == value) == *equal),
            (Self::Whole(..), Point::Value(Value::Bool(truth))) => Tri::from(*truth),
            _ => Tri::Unknown,
        }
    }
}

/// The number that a node is, when it is one that parts know.
fn term(node: &Node) -> Option<Term<'_>> {
    match &node.what {
        What::Fact(name) => Some(Term::Fact(name)),
        What::Since(_, of) => named(of).map(Term::Since),
        What::Age => Some(Term::Age),
        What::Change(name, _) => Some(Term::Change(name)),
        What::Occurrences(Over::Count, name, _, _) => Some(Term::Count(name)),
        _ => None,
    }
}

fn named(node: &Node) -> Option<&str> {
    match &node.what {
        What::Fact(name) => Some(name),
        _ => None,
    }
}

/// A node as it was written, without spaces: the same text asks the same.
fn text(expr: &Expr, node: &Node) -> String {
    let written = expr.source.get(node.start..node.end).unwrap_or_default();
    written.split_whitespace().collect()
}
