//! From text to a typed tree. A mistake of syntax ends the reading; mistakes of type and unknown
//! names are gathered, so that an author sees them all at once.

use super::DEPTH_MAX;
use super::Decls;
use super::Kind;
use super::NODES_MAX;
use super::Node;
use super::Op;
use super::Problem;
use super::SOURCE_MAX;
use super::Value;
use super::What;
use super::checks;
use super::token::Spanned;
use super::token::Token;
use super::token::problem;
use super::token::tokens;
use crate::kernel::finding::Check;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;

mod calls;

/// Longest name that a slip of the pen is looked for in.
const NAME_MAX: usize = 64;

/// A node with its kind; no kind when something in it was already found wrong.
struct Typed {
    node: Node,
    kind: Option<Kind>,
}

/// Reading cannot go on; the problem is already noted.
struct Stuck;

type Read<T> = Result<T, Stuck>;

struct Parser<'a> {
    source: &'a str,
    decls: &'a Decls,
    tokens: std::iter::Peekable<std::vec::IntoIter<Spanned>>,
    /// Where the last token taken ends.
    end: usize,
    depth: usize,
    nodes: usize,
    /// The kind of `it`, inside `any`, `all` and `count`.
    it: Option<Kind>,
    problems: Vec<Problem>,
}

/// A whole condition: its value is a truth.
pub(super) fn condition(source: &str, decls: &Decls) -> Result<Node, Vec<Problem>> {
    read(source, decls, |parser, whole| parser.expect_kind(whole, &Kind::Bool))
}

/// A part of a condition, which may be a value; none when it does not read.
pub(super) fn part(source: &str, decls: &Decls) -> Option<Node> {
    read(source, decls, |_, _| {}).ok()
}

fn read(source: &str, decls: &Decls, judge: fn(&mut Parser<'_>, &Typed)) -> Result<Node, Vec<Problem>> {
    if source.len() > SOURCE_MAX {
        return Err(vec![Problem {
            at: 0,
            check: &checks::TOO_MUCH,
            says: Words::of(|t| t.expr_too_long(SOURCE_MAX)),
        }]);
    }
    let tokens = tokens(source).map_err(|problem| vec![problem])?.into_iter().peekable();
    let mut parser =
        Parser { source, decls, tokens, end: 0, depth: 0, nodes: 0, it: None, problems: Vec::new() };
    let read = parser.either().and_then(|whole| {
        if parser.peek() != &Token::End {
            return Err(parser.stuck_here(Words::of(|t| t.expr_goes_on())));
        }
        judge(&mut parser, &whole);
        Ok(whole.node)
    });
    match read {
        Ok(node) if parser.problems.is_empty() => Ok(node),
        _ => Err(parser.problems),
    }
}

impl Parser<'_> {
    /// `a || b || c`
    fn either(&mut self) -> Read<Typed> {
        self.chain("||", Self::both, What::Or)
    }

    /// `a && b && c`
    fn both(&mut self) -> Read<Typed> {
        self.chain("&&", Self::relation, What::And)
    }

    fn chain(
        &mut self,
        sign: &'static str,
        part: fn(&mut Self) -> Read<Typed>,
        join: fn(Vec<Node>) -> What,
    ) -> Read<Typed> {
        let first = part(self)?;
        if self.peek() != &Token::Sign(sign) {
            return Ok(first);
        }
        self.expect_kind(&first, &Kind::Bool);
        let start = first.node.start;
        let mut parts = vec![first.node];
        while self.take(sign) {
            let next = part(self)?;
            self.expect_kind(&next, &Kind::Bool);
            parts.push(next.node);
        }
        self.node(start, join(parts), Some(Kind::Bool))
    }

    /// `a == b`, `a < b`, `a in [..]`; relations do not chain.
    fn relation(&mut self) -> Read<Typed> {
        let left = self.sum()?;
        let start = left.node.start;
        if self.take_name("in") {
            return self.membership(left);
        }
        let Some(op) = self.operator() else { return Ok(left) };
        let right = self.sum()?;
        self.check_comparison(op, &left, &right);
        let compared = What::Compare(op, Box::new(left.node), Box::new(right.node));
        self.node(start, compared, Some(Kind::Bool))
    }

    fn operator(&mut self) -> Option<Op> {
        const OPERATORS: [(&str, Op); 6] =
            [("==", Op::Eq), ("!=", Op::Ne), ("<=", Op::Le), (">=", Op::Ge), ("<", Op::Lt), (">", Op::Gt)];
        OPERATORS.into_iter().find(|(sign, _)| self.take(sign)).map(|(_, op)| op)
    }

    /// After `in`: a list of codes, or the name of a multiple choice.
    fn membership(&mut self, left: Typed) -> Read<Typed> {
        let start = left.node.start;
        if self.take("[") {
            let codes = self.codes(&left)?;
            return self.node(start, What::OneOf(Box::new(left.node), codes), Some(Kind::Bool));
        }
        let set = self.sum()?;
        let code = match &left.node.what {
            What::Literal(Value::Text(code)) => code.clone(),
            _ => return Err(self.stuck_at(start, Words::of(|t| t.expr_in_needs_code()))),
        };
        match &set.kind {
            Some(Kind::Set { values }) => self.check_code(&code, values, start),
            Some(other) => self.mismatch(set.node.start, &kind_name(other), |t| t.expr_kind_set().to_owned()),
            None => {}
        }
        self.node(start, What::Holds(code, Box::new(set.node)), Some(Kind::Bool))
    }

    fn codes(&mut self, left: &Typed) -> Read<Vec<String>> {
        let known = match &left.kind {
            Some(Kind::Enum { values }) => Some(values.clone()),
            Some(Kind::Text) | None => None,
            Some(other) => {
                self.mismatch(left.node.start, &kind_name(other), |t| t.expr_kind_enum().to_owned());
                None
            }
        };
        let mut codes = Vec::new();
        loop {
            let at = self.start();
            let Token::Quoted(code) = self.peek().clone() else {
                return Err(self.stuck_here(Words::of(|t| t.expr_list_of_codes())));
            };
            self.next();
            if let Some(values) = &known {
                self.check_code(&code, values, at);
            }
            codes.push(code);
            if !self.take(",") {
                break;
            }
        }
        self.need("]")?;
        Ok(codes)
    }

    /// `a + b - c` on numbers, days, moments and lengths.
    fn sum(&mut self) -> Read<Typed> {
        let mut left = self.signed()?;
        loop {
            let plus = self.take("+");
            if !plus && !self.take("-") {
                return Ok(left);
            }
            let start = left.node.start;
            let right = self.signed()?;
            let kind = self.sum_kind(plus, &left, &right);
            let (a, b) = (Box::new(left.node), Box::new(right.node));
            left = self.node(start, if plus { What::Add(a, b) } else { What::Subtract(a, b) }, kind)?;
        }
    }

    fn sum_kind(&mut self, plus: bool, left: &Typed, right: &Typed) -> Option<Kind> {
        let (a, b) = (left.kind.as_ref()?, right.kind.as_ref()?);
        match (a, b) {
            (Kind::Number { unit: one }, Kind::Number { unit: other }) => {
                if !self.same_unit(left, right) {
                    return None;
                }
                Some(Kind::Number { unit: one.clone().or_else(|| other.clone()) })
            }
            (Kind::Date, Kind::Duration) => Some(Kind::Date),
            (Kind::Instant, Kind::Duration) => Some(Kind::Instant),
            (Kind::Duration, Kind::Duration) => Some(Kind::Duration),
            (Kind::Duration, Kind::Date | Kind::Instant) if plus => Some(b.clone()),
            _ => {
                self.note(left.node.start, &checks::WRONG_TYPE, Words::of(|t| t.expr_cannot_add()));
                None
            }
        }
    }

    /// `!a`, `-a`
    fn signed(&mut self) -> Read<Typed> {
        let start = self.start();
        if self.take("!") {
            let inner = self.deeper(Self::signed)?;
            self.expect_kind(&inner, &Kind::Bool);
            return self.node(start, What::Not(Box::new(inner.node)), Some(Kind::Bool));
        }
        if self.take("-") {
            let inner = self.deeper(Self::signed)?;
            if let Some(kind) = inner.kind.as_ref().filter(|kind| !matches!(kind, Kind::Number { .. })) {
                self.mismatch(inner.node.start, &kind_name(kind), |t| t.expr_kind_number().to_owned());
            }
            let what = match inner.node.what {
                What::Literal(Value::Number(number)) => What::Literal(Value::Number(-number)),
                _ => What::Negate(Box::new(inner.node)),
            };
            return self.node(start, what, inner.kind);
        }
        self.atom()
    }

    fn atom(&mut self) -> Read<Typed> {
        let start = self.start();
        match self.peek().clone() {
            Token::Number(number) => {
                self.next();
                self.node(start, What::Literal(Value::Number(number)), Some(Kind::Number { unit: None }))
            }
            Token::Quoted(text) => {
                self.next();
                self.node(start, What::Literal(Value::Text(text)), Some(Kind::Text))
            }
            Token::Sign("(") => {
                self.next();
                let inner = self.deeper(Self::either)?;
                self.need(")")?;
                Ok(inner)
            }
            Token::Name(name) => {
                self.next();
                self.named(name, start)
            }
            _ => Err(self.stuck_here(Words::of(|t| t.expr_value_missing()))),
        }
    }

    fn named(&mut self, name: String, start: usize) -> Read<Typed> {
        if self.take("(") {
            return self.call(&name, start);
        }
        match name.as_str() {
            "true" => self.node(start, What::Literal(Value::Bool(true)), Some(Kind::Bool)),
            "false" => self.node(start, What::Literal(Value::Bool(false)), Some(Kind::Bool)),
            "it" => match self.it.clone() {
                Some(kind) => self.node(start, What::It, Some(kind)),
                None => Err(self.stuck_at(start, Words::of(|t| t.expr_it_outside()))),
            },
            _ => {
                let kind = self.fact(&name, start);
                self.node(start, What::Fact(name), kind)
            }
        }
    }

    /// The kind of a declared fact; notes a problem with the nearest name when there is none.
    fn fact(&mut self, name: &str, start: usize) -> Option<Kind> {
        if let Some(kind) = self.decls.facts.get(name) {
            return Some(kind.clone());
        }
        let says = match nearest(name, self.decls.facts.keys()) {
            Some(near) => Words::of(|t| t.expr_unknown_fact_near(name, near)),
            None => Words::of(|t| t.expr_unknown_fact(name)),
        };
        self.note(start, &checks::UNKNOWN_FACT, says);
        None
    }

    fn check_comparison(&mut self, op: Op, left: &Typed, right: &Typed) {
        let (Some(a), Some(b)) = (&left.kind, &right.kind) else { return };
        let ordered = !matches!(op, Op::Eq | Op::Ne);
        match (a, b) {
            (Kind::Enum { values }, Kind::Text) if !ordered => self.check_literal(values, &right.node),
            (Kind::Text, Kind::Enum { values }) if !ordered => self.check_literal(values, &left.node),
            (Kind::Enum { .. }, Kind::Enum { .. }) | (Kind::Bool, Kind::Bool) | (Kind::Text, Kind::Text)
                if !ordered => {}
            (Kind::Number { .. }, Kind::Number { .. }) => {
                self.same_unit(left, right);
            }
            (Kind::Date, Kind::Date) | (Kind::Instant, Kind::Instant) | (Kind::Duration, Kind::Duration) => {}
            _ => {
                let says = Words::of(|t| t.expr_cannot_compare(&kind_name(a)(t), &kind_name(b)(t)));
                self.note(left.node.start, &checks::WRONG_TYPE, says);
            }
        }
    }

    /// Whether two numbers are measured alike; a number that is written out takes the other's unit.
    fn same_unit(&mut self, left: &Typed, right: &Typed) -> bool {
        let same = left.kind == right.kind || left.node.is_constant() || right.node.is_constant();
        if !same {
            self.note(right.node.start, &checks::UNIT_MISMATCH, Words::of(|t| t.expr_units_differ()));
        }
        same
    }

    fn check_literal(&mut self, values: &[String], node: &Node) {
        if let What::Literal(Value::Text(code)) = &node.what {
            self.check_code(code, values, node.start);
        }
    }

    fn check_code(&mut self, code: &str, values: &[String], start: usize) {
        if !values.iter().any(|value| value == code) {
            let listed = values.join(" / ");
            self.note(start, &checks::UNKNOWN_CODE, Words::of(|t| t.expr_unknown_code(code, &listed)));
        }
    }

    fn expect_kind(&mut self, typed: &Typed, wanted: &Kind) {
        if let Some(kind) = typed.kind.as_ref().filter(|kind| *kind != wanted) {
            let wanted = kind_name(wanted);
            self.mismatch(typed.node.start, &kind_name(kind), wanted);
        }
    }

    fn mismatch(&mut self, start: usize, is: &dyn Fn(Text) -> String, wanted: impl Fn(Text) -> String) {
        self.note(start, &checks::WRONG_TYPE, Words::of(|t| t.expr_wrong_kind(&wanted(t), &is(t))));
    }

    fn deeper(&mut self, inner: fn(&mut Self) -> Read<Typed>) -> Read<Typed> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let start = self.start();
            self.note(start, &checks::TOO_MUCH, Words::of(|t| t.expr_too_deep(DEPTH_MAX)));
            return Err(Stuck);
        }
        let read = inner(self);
        self.depth -= 1;
        read
    }

    fn node(&mut self, start: usize, what: What, kind: Option<Kind>) -> Read<Typed> {
        self.nodes += 1;
        if self.nodes > NODES_MAX {
            self.note(start, &checks::TOO_MUCH, Words::of(|t| t.expr_too_many(NODES_MAX)));
            return Err(Stuck);
        }
        Ok(Typed { node: Node { start, end: self.end, what }, kind })
    }

    fn peek(&mut self) -> &Token {
        self.tokens.peek().map_or(&Token::End, |spanned| &spanned.token)
    }

    fn start(&mut self) -> usize {
        self.tokens.peek().map_or(self.source.len(), |spanned| spanned.start)
    }

    fn next(&mut self) {
        if let Some(spanned) = self.tokens.next() {
            self.end = spanned.end;
        }
    }

    fn take(&mut self, sign: &str) -> bool {
        let here = matches!(self.peek(), Token::Sign(found) if *found == sign);
        if here {
            self.next();
        }
        here
    }

    fn take_name(&mut self, name: &str) -> bool {
        let here = matches!(self.peek(), Token::Name(found) if found == name);
        if here {
            self.next();
        }
        here
    }

    fn need(&mut self, sign: &str) -> Read<()> {
        if self.take(sign) { Ok(()) } else { Err(self.stuck_here(Words::of(|t| t.expr_sign_missing(sign)))) }
    }

    fn note(&mut self, byte: usize, check: &'static Check, says: Words) {
        self.problems.push(problem(self.source, byte, check, says));
    }

    fn stuck_here(&mut self, says: Words) -> Stuck {
        let start = self.start();
        self.stuck_at(start, says)
    }

    fn stuck_at(&mut self, byte: usize, says: Words) -> Stuck {
        self.note(byte, &checks::CONDITION, says);
        Stuck
    }
}

/// The name of a kind in the language of the text asked.
fn kind_name(kind: &Kind) -> impl Fn(Text) -> String + use<> {
    let kind = kind.clone();
    move |t| {
        match kind {
            Kind::Bool => t.expr_kind_bool(),
            Kind::Number { .. } => t.expr_kind_number(),
            Kind::Text => t.expr_kind_text(),
            Kind::Enum { .. } => t.expr_kind_enum(),
            Kind::Set { .. } => t.expr_kind_set(),
            Kind::Date => t.expr_kind_date(),
            Kind::Instant => t.expr_kind_instant(),
            Kind::Duration => t.expr_kind_duration(),
        }
        .to_owned()
    }
}

/// The known name that differs least, if it is close enough to be meant. Names of quite another length are
/// not compared: a name may be as long as a file.
pub(crate) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> Option<&'a str> {
    let length = name.chars().count();
    let close = 1 + length.min(NAME_MAX) / 4;
    known
        .filter(|known| known.chars().count().abs_diff(length) <= close)
        .map(|known| (distance(name, known), known.as_str()))
        .filter(|(distance, _)| *distance <= close)
        .min()
        .map(|(_, known)| known)
}

/// Edit distance between two short names.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(other.chars()) {
            let here = (diagonal + usize::from(a != b)).min(left + 1).min(*cell + 1);
            diagonal = *cell;
            *cell = here;
            left = here;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

texts! {
    expr_too_long(max: usize) {
        ja: "条件が長すぎます（上限 {max} バイト）。分けてください。",
        en: "The condition is too long (at most {max} bytes). Split it."
    }
    expr_too_deep(max: usize) {
        ja: "かっこの入れ子が深すぎます（上限 {max} 段）。",
        en: "The condition nests too deeply (at most {max} levels)."
    }
    expr_too_many(max: usize) {
        ja: "条件が込み入りすぎています（上限 {max} 項）。分けてください。",
        en: "The condition has too many parts (at most {max}). Split it."
    }
    expr_goes_on {
        ja: "ここから先が読めません。「&&」か「||」でつないでください。比較は続けて書けません。",
        en: "This cannot be read on. Join with && or ||; comparisons do not chain."
    }
    expr_value_missing {
        ja: "ここに値か事実の名前が必要です。",
        en: "A value or the name of a fact is needed here."
    }
    expr_sign_missing(sign: &str) { ja: "ここに「{sign}」が必要です。", en: "\"{sign}\" is needed here." }
    expr_in_needs_code {
        ja: "「in」の左には事実の名前か '…' のコードを書いてください。",
        en: "Left of \"in\" stands the name of a fact, or a code in quotes."
    }
    expr_list_of_codes {
        ja: "ここには '…' で囲んだコードを並べてください。",
        en: "List codes in quotes here."
    }
    expr_it_outside {
        ja: "「it」は any・all・count の中だけで使えます。",
        en: "\"it\" can be used only inside any, all and count."
    }
    expr_unknown_fact(name: &str) {
        ja: "「{name}」という事実は宣言されていません。facts に書いてください。",
        en: "No fact called \"{name}\" is declared. Declare it under facts."
    }
    expr_unknown_fact_near(name: &str, near: &str) {
        ja: "「{name}」という事実は宣言されていません。「{near}」のことですか。",
        en: "No fact called \"{name}\" is declared. Did you mean \"{near}\"?"
    }
    expr_unknown_code(code: &str, listed: &str) {
        ja: "「{code}」は選択肢にありません。選べるのは: {listed}",
        en: "\"{code}\" is not one of the choices: {listed}"
    }
    expr_units_differ {
        ja: "単位の違う数どうしは比べたり足したりできません。",
        en: "Numbers of different units cannot be compared or added."
    }
    expr_cannot_add {
        ja: "この二つは足し引きできません。数どうし、または日付・日時と長さだけです。",
        en: "These two cannot be added: only numbers, or a date or moment with a length."
    }
    expr_cannot_compare(one: &str, other: &str) {
        ja: "{one}と{other}は、このようには比べられません。",
        en: "{one} and {other} cannot be compared in this way."
    }
    expr_wrong_kind(wanted: &str, is: &str) {
        ja: "ここには{wanted}が必要ですが、{is}が書かれています。",
        en: "This place needs {wanted}, but {is} stands here."
    }
    expr_kind_bool { ja: "真偽（はい・いいえ）", en: "a truth value" }
    expr_kind_number { ja: "数", en: "a number" }
    expr_kind_text { ja: "文字", en: "text" }
    expr_kind_enum { ja: "選択肢のコード", en: "a choice" }
    expr_kind_set { ja: "複数選択", en: "a multiple choice" }
    expr_kind_date { ja: "日付", en: "a date" }
    expr_kind_instant { ja: "日時", en: "a moment" }
    expr_kind_duration { ja: "長さ", en: "a length of time" }
}
