//! Conditions that can never hold, or always do: proven by trying every combination of boundary values
//! over the declared domains. Where there are too many, or time and dates decide, it says so or stays
//! silent instead of guessing.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Check;
use super::Gravity;
use super::Kind;
use super::Words;
use crate::expr::Expr;
use crate::expr::Tri;
use crate::expr::Value;
use crate::texts;

/// Most combinations tried for one condition.
const TRIES_MAX: usize = 20_000;

pub(super) fn check(check: &mut Check<'_>) {
    let mut copy = check.definition.clone();
    let mut conditions: Vec<(String, Expr)> = Vec::new();
    copy.conditions(&mut |pointer, condition| {
        conditions.extend(condition.expr.clone().map(|expr| (pointer, expr)));
    });
    for (pointer, expr) in conditions {
        let Some(domains) = domains(check, &expr) else { continue };
        let tries: usize = domains.values().map(Vec::len).fold(1, usize::saturating_mul);
        if tries > TRIES_MAX {
            let says = Words::of(|t| t.proof_too_many());
            check.findings.push(check.source.finding(&pointer, "not-proven", Gravity::NotProven, says));
            continue;
        }
        match verdicts(&expr, &domains, tries) {
            (false, _) => check.error(&pointer, "never", Words::of(|t| t.proof_never())),
            (true, false) => check.error(&pointer, "always", Words::of(|t| t.proof_always())),
            (true, true) => {}
        }
    }
}

/// For every fact of the condition the values at which its answer may change; `None` when the condition
/// depends on more than present values of bools, choices and numbers.
fn domains<'a>(check: &Check<'_>, expr: &'a Expr) -> Option<BTreeMap<&'a str, Vec<Value>>> {
    if !expr.compares_only() {
        return None;
    }
    let mut domains = BTreeMap::new();
    let boundaries = expr.boundaries();
    for name in expr.facts() {
        let concept = check.concepts.get(&check.definition.facts.get(name)?.concept)?;
        let values = match concept.kind() {
            Kind::Bool => vec![Value::Bool(true), Value::Bool(false)],
            Kind::Enum { values } => values.into_iter().map(Value::Text).collect(),
            Kind::Number { .. } => {
                let within = |number: &f64| {
                    concept.min.is_none_or(|min| *number >= min)
                        && concept.max.is_none_or(|max| *number <= max)
                };
                let near = boundaries.get(name).into_iter().flatten().filter_map(|value| match value {
                    Value::Number(number) => Some([number - 0.5, *number, number + 0.5]),
                    _ => None,
                });
                let ends = [concept.min.unwrap_or(-1e9), concept.max.unwrap_or(1e9)];
                near.flatten().chain(ends).filter(within).map(Value::Number).collect()
            }
            _ => return None,
        };
        domains.insert(name, values);
    }
    Some(domains)
}

/// Whether the condition can hold, and whether it can fail.
fn verdicts(expr: &Expr, domains: &BTreeMap<&str, Vec<Value>>, tries: usize) -> (bool, bool) {
    let (mut holds, mut fails) = (false, false);
    for index in 0..tries {
        let mut rest = index;
        let mut facts: BTreeMap<String, Value> = BTreeMap::new();
        for (name, values) in domains {
            let value = values.get(rest % values.len().max(1)).cloned();
            rest /= values.len().max(1);
            facts.extend(value.map(|value| ((*name).to_owned(), value)));
        }
        match expr.eval(&facts, Timestamp::UNIX_EPOCH).value {
            Tri::True => holds = true,
            Tri::False => fails = true,
            Tri::Unknown => {}
        }
        if holds && fails {
            break;
        }
    }
    (holds, fails)
}

texts! {
    proof_never {
        ja: "この条件は、どんな値でも成り立ちません。",
        en: "This condition cannot hold, whatever the values."
    }
    proof_always {
        ja: "この条件は、どんな値でも成り立ってしまいます。",
        en: "This condition holds whatever the values."
    }
    proof_too_many {
        ja: "組み合わせが多すぎて、いつも成り立つかどうかは確かめていません。",
        en: "There are too many combinations; whether it always holds was not proven."
    }
}
