//! A condition, or a part of one, as a sentence in both languages. What its names and values are
//! called is told by whoever declared them.

use super::Decls;
use super::Node;
use super::Op;
use super::Over;
use super::Unit;
use super::Value;
use super::What;
use super::parse;
use crate::kernel::lang::Lang;
use crate::kernel::lang::Text;
use crate::kernel::lang::Words;
use crate::texts;

/// What the names of a condition are called.
pub trait Names {
    /// A fact's title.
    fn fact(&self, name: &str, lang: Lang) -> String;
    /// A fact's value: the name of a choice, a number with its unit.
    fn value(&self, fact: &str, value: &Value, lang: Lang) -> String;
    /// A task's title.
    fn task(&self, code: &str, lang: Lang) -> String;
}

/// The source of a condition or of one of its parts, in words; none when it does not read. What only joins
/// other parts names the joint alone: its parts speak for themselves.
pub fn say(source: &str, decls: &Decls, names: &dyn Names) -> Option<Words> {
    let root = parse::part(source, decls)?;
    Some(Words::of(|t| Speaker { t, names, it: "" }.heading(&root)))
}

/// A whole condition in one sentence, its parts with it; none when it does not read.
pub fn say_whole(source: &str, decls: &Decls, names: &dyn Names) -> Option<Words> {
    let root = parse::part(source, decls)?;
    Some(Words::of(|t| Speaker { t, names, it: "" }.sentence(&root)))
}

/// One language, and the fact whose occurrences are spoken of.
#[derive(Clone, Copy)]
struct Speaker<'a> {
    t: Text,
    names: &'a dyn Names,
    it: &'a str,
}

impl Speaker<'_> {
    fn heading(self, node: &Node) -> String {
        match &node.what {
            What::And(_) => self.t.say_all_of().to_owned(),
            What::Or(_) => self.t.say_any_of().to_owned(),
            What::AtLeast(count, _) => self.t.say_some_of(*count),
            _ => self.sentence(node),
        }
    }

    fn sentence(self, node: &Node) -> String {
        let t = self.t;
        match &node.what {
            What::Literal(value) => self.names.value(self.it, value, t.0),
            What::Fact(name) => self.fact(name),
            What::It => self.fact(self.it),
            What::Not(inner) => match &inner.what {
                What::Present(name) => t.say_absent(&self.fact(name)),
                _ => t.say_not(&self.sentence(inner)),
            },
            What::And(parts) => self.joined(parts, t.say_and()),
            What::Or(parts) => self.joined(parts, t.say_or()),
            What::AtLeast(count, parts) => t.say_some(*count, &self.joined(parts, t.say_comma())),
            What::Compare(op, left, right) => self.comparison(*op, left, right),
            What::OneOf(inner, codes) => {
                let fact = inner.what.fact().unwrap_or_default();
                let says = |code: &String| self.names.value(fact, &Value::Text(code.clone()), t.0);
                let codes: Vec<String> = codes.iter().map(says).collect();
                t.say_one_of(&self.sentence(inner), &codes.join(t.say_or()))
            }
            What::Holds(code, set) => {
                let fact = set.what.fact().unwrap_or_default();
                let code = self.names.value(fact, &Value::Text(code.clone()), t.0);
                t.say_holds(&self.sentence(set), &code)
            }
            What::Add(left, right) => format!("{} + {}", self.sentence(left), self.sentence(right)),
            What::Subtract(left, right) => format!("{} − {}", self.sentence(left), self.sentence(right)),
            What::Negate(inner) => format!("−{}", self.sentence(inner)),
            _ => self.looked_up(node),
        }
    }

    /// What looks at more than a fact's present value.
    fn looked_up(self, node: &Node) -> String {
        let t = self.t;
        match &node.what {
            What::Present(name) => t.say_present(&self.fact(name)),
            What::Fresh(name, Some(length)) => t.say_fresh_for(&self.fact(name), length.words().say(t.0)),
            What::Fresh(name, None) => t.say_fresh(&self.fact(name)),
            What::Since(unit, inner) => self.since(*unit, inner),
            What::Age => t.say_age().to_owned(),
            What::Change(name, length) => t.say_change(&self.fact(name), length.words().say(t.0)),
            What::Occurrences(over, name, length, which) => {
                let within = length.words().say(t.0).to_owned();
                let Some(which) = which else { return t.say_times(&self.fact(name), &within) };
                let which = Speaker { t, names: self.names, it: name }.sentence(which);
                match over {
                    Over::Any => t.say_ever(&which, &within),
                    Over::All => t.say_always(&which, &within),
                    Over::Count => t.say_times(&which, &within),
                }
            }
            What::Done(task) => t.say_done(&self.names.task(task, t.0)),
            _ => String::new(),
        }
    }

    fn fact(self, name: &str) -> String {
        self.names.fact(name, self.t.0)
    }

    fn since(self, unit: Unit, inner: &Node) -> String {
        match unit {
            Unit::Days => self.t.say_days_since(&self.sentence(inner)),
            Unit::Hours => self.t.say_hours_since(&self.sentence(inner)),
        }
    }

    fn joined(self, parts: &[Node], by: &str) -> String {
        parts.iter().map(|part| self.sentence(part)).collect::<Vec<_>>().join(by)
    }

    fn comparison(self, op: Op, left: &Node, right: &Node) -> String {
        let (a, b) = (self.beside(left, right), self.beside(right, left));
        let t = self.t;
        match op {
            Op::Eq => t.say_eq(&a, &b),
            Op::Ne => t.say_ne(&a, &b),
            Op::Lt => t.say_lt(&a, &b),
            Op::Le => t.say_le(&a, &b),
            Op::Gt => t.say_gt(&a, &b),
            Op::Ge => t.say_ge(&a, &b),
        }
    }

    /// One side of a comparison; a bare value is said as the other side's fact says its values.
    fn beside(self, node: &Node, other: &Node) -> String {
        let What::Literal(value) = negated(node) else { return self.sentence(node) };
        match (&other.what, &value) {
            (What::Since(Unit::Days, _), Value::Number(number)) => self.t.say_days(*number),
            (What::Since(Unit::Hours, _), Value::Number(number)) => self.t.say_hours(*number),
            (What::Occurrences(..), Value::Number(number)) => self.t.say_count(*number),
            (What::It, _) => self.names.value(self.it, &value, self.t.0),
            (what, _) => self.names.value(what.fact().unwrap_or_default(), &value, self.t.0),
        }
    }
}

/// A minus sign before a number belongs to the number.
fn negated(node: &Node) -> What {
    if let What::Negate(inner) = &node.what
        && let What::Literal(Value::Number(number)) = &inner.what
    {
        return What::Literal(Value::Number(-number));
    }
    node.what.clone()
}

texts! {
    say_all_of { ja: "次のすべて", en: "All of these" }
    say_any_of { ja: "次のどれか", en: "Any of these" }
    say_some_of(count: usize) { ja: "次のうち{count}つ以上", en: "At least {count} of these" }
    say_some(count: usize, parts: &str) { ja: "{parts}のうち{count}つ以上", en: "at least {count} of: {parts}" }
    say_and { ja: "、かつ", en: " and " }
    say_or { ja: "か", en: " or " }
    say_comma { ja: "、", en: ", " }
    say_not(what: &str) { ja: "「{what}」ではない", en: "not: {what}" }
    say_present(fact: &str) { ja: "{fact}が記録されている", en: "{fact} is recorded" }
    say_absent(fact: &str) { ja: "{fact}が記録されていない", en: "{fact} is not recorded" }
    say_fresh(fact: &str) { ja: "{fact}の記録が新しい", en: "{fact} is recent" }
    say_fresh_for(fact: &str, length: &str) { ja: "{fact}の記録が{length}以内", en: "{fact} was recorded within {length}" }
    say_days_since(what: &str) { ja: "{what}からの日数", en: "days since {what}" }
    say_hours_since(what: &str) { ja: "{what}からの時間", en: "hours since {what}" }
    say_days(count: f64) { ja: "{count}日", en: "{count}" }
    say_hours(count: f64) { ja: "{count}時間", en: "{count}" }
    say_count(count: f64) { ja: "{count}回", en: "{count}" }
    say_age { ja: "年齢", en: "age" }
    say_change(fact: &str, length: &str) { ja: "{length}での{fact}の変化", en: "change of {fact} in {length}" }
    say_ever(which: &str, length: &str) { ja: "この{length}に一度でも、{which}", en: "once or more in {length}: {which}" }
    say_always(which: &str, length: &str) { ja: "この{length}にいつも、{which}", en: "always in {length}: {which}" }
    say_times(which: &str, length: &str) { ja: "この{length}の「{which}」の回数", en: "times in {length} that {which}" }
    say_done(task: &str) { ja: "「{task}」が済んでいる", en: "“{task}” is done" }
    say_one_of(what: &str, codes: &str) { ja: "{what}が{codes}", en: "{what} is {codes}" }
    say_holds(what: &str, code: &str) { ja: "{what}に「{code}」がある", en: "{what} includes “{code}”" }
    say_eq(a: &str, b: &str) { ja: "{a}が{b}", en: "{a} is {b}" }
    say_ne(a: &str, b: &str) { ja: "{a}が{b}以外", en: "{a} is not {b}" }
    say_lt(a: &str, b: &str) { ja: "{a}が{b}未満", en: "{a} is below {b}" }
    say_le(a: &str, b: &str) { ja: "{a}が{b}以下", en: "{a} is {b} or less" }
    say_gt(a: &str, b: &str) { ja: "{a}が{b}を超える", en: "{a} is above {b}" }
    say_ge(a: &str, b: &str) { ja: "{a}が{b}以上", en: "{a} is {b} or more" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Kind;

    struct Plain;

    impl Names for Plain {
        fn fact(&self, name: &str, _: Lang) -> String {
            name.to_uppercase()
        }

        fn value(&self, _: &str, value: &Value, _: Lang) -> String {
            match value {
                Value::Number(number) => number.to_string(),
                Value::Text(text) => text.clone(),
                other => format!("{other:?}"),
            }
        }

        fn task(&self, code: &str, _: Lang) -> String {
            code.to_owned()
        }
    }

    #[test]
    fn what_pathways_ask_is_said_in_both_languages() {
        let number = || Kind::Number { unit: None };
        let facts = [
            ("pps", number()),
            ("nrs", number()),
            ("bed", Kind::Bool),
            ("sips", Kind::Bool),
            ("skin", Kind::Enum { values: vec!["mild".into(), "severe".into()] }),
            ("ended", Kind::Date),
        ];
        let decls = Decls {
            facts: facts.map(|(name, kind)| (name.to_owned(), kind)).into(),
            tasks: ["certificate".to_owned()].into(),
        };
        for (source, ja, en) in [
            (
                "change(pps, 'P14D') <= -20",
                "14日でのPPSの変化が-20以下",
                "change of PPS in 14 days is -20 or less",
            ),
            (
                "count(nrs, 'P2D', it >= 4) >= 2",
                "この2日の「NRSが4以上」の回数が2回以上",
                "times in 2 days that NRS is 4 or more is 2 or more",
            ),
            ("at_least(2, [bed, sips])", "次のうち2つ以上", "At least 2 of these"),
            ("bed && sips", "次のすべて", "All of these"),
            ("!present(ended)", "ENDEDが記録されていない", "ENDED is not recorded"),
            ("days_since(ended) >= 14", "ENDEDからの日数が14日以上", "days since ENDED is 14 or more"),
            ("days_since(ended)", "ENDEDからの日数", "days since ENDED"),
            ("skin in ['mild', 'severe']", "SKINがmildかsevere", "SKIN is mild or severe"),
            ("done('certificate')", "「certificate」が済んでいる", "“certificate” is done"),
            ("!(bed || sips)", "「BEDかSIPS」ではない", "not: BED or SIPS"),
        ] {
            let said = say(source, &decls, &Plain);
            assert_eq!(said, Some(Words::new(ja, en)), "{source}");
        }
        assert_eq!(say("nonsense(", &decls, &Plain), None);
        let whole = say_whole("bed && sips", &decls, &Plain);
        assert_eq!(whole, Some(Words::new("BED、かつSIPS", "BED and SIPS")));
    }
}
