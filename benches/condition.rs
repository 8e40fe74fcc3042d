//! A condition of four comparisons, parsed once and asked again and again: our evaluator beside the `cel`
//! crate's, over the same text and the same values, in one run. `cargo bench --bench condition`; exit
//! code 1 when ours takes more than a microsecond of CPU or longer than `cel`.

#![expect(clippy::unwrap_used, reason = "a failed measurement may end")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::ExitCode;

use cel::Context;
use cel::parser::PrattParser;
use renkei::expr::Decls;
use renkei::expr::Expr;
use renkei::expr::Kind;
use renkei::expr::Tri;
use renkei::expr::Value;

use cpu::cpu_ms;

#[path = "cpu/mod.rs"]
mod cpu;

/// Every comparison holds, so that neither evaluator may stop early. Both read this very text.
const CONDITION: &str = "residual >= 150.0 && temperature > 37.5 && skin != 'none' && stopper == 'balloon'";
const ROUNDS: usize = 5;
const TIMES: u32 = 400_000;
const MICROSECONDS_MAX: f64 = 1.0;

fn main() -> ExitCode {
    let (expr, facts) = ours();
    let now = "2026-11-22T03:00:00Z".parse().unwrap();
    let (tree, context) = theirs();
    let (mut own, mut cel) = (0.0, 0.0);
    // Turn and turn about, so that whatever else the machine does meets both.
    for round in 0..=ROUNDS {
        let spent = (
            micros(|| assert_eq!(black_box(&expr).eval(black_box(&facts), now).value, Tri::True)),
            micros(|| assert_eq!(context.resolve(black_box(&tree)), Ok(cel::Value::Bool(true)))),
        );
        // The first round only warms up.
        if round > 0 {
            own += spent.0 / ROUNDS as f64;
            cel += spent.1 / ROUNDS as f64;
        }
    }
    println!("CPU µs per evaluation: ours (at most {MICROSECONDS_MAX})  cel 0.15  cel÷ours (at least 1)");
    println!("{own:>28.3}  {cel:>21.3}  {:>21.1}", cel / own);
    if own <= MICROSECONDS_MAX && own <= cel { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn ours() -> (Expr, BTreeMap<String, Value>) {
    let number = |unit: &str| Kind::Number { unit: Some(unit.to_owned()) };
    let choice = |codes: [&str; 2]| Kind::Enum { values: codes.map(str::to_owned).to_vec() };
    let declared = [
        ("residual", number("mL"), Value::Number(180.0)),
        ("temperature", number("Cel"), Value::Number(38.2)),
        ("skin", choice(["none", "severe"]), Value::Text("severe".to_owned())),
        ("stopper", choice(["balloon", "bumper"]), Value::Text("balloon".to_owned())),
    ];
    let mut decls = Decls::default();
    let mut facts = BTreeMap::new();
    for (name, kind, value) in declared {
        decls.facts.insert(name.to_owned(), kind);
        facts.insert(name.to_owned(), value);
    }
    (Expr::parse(CONDITION, &decls).unwrap(), facts)
}

fn theirs() -> (cel::IdedExpr, Context<'static, 'static>) {
    let mut context = Context::default();
    context.add_variable_from_value("residual", 180.0);
    context.add_variable_from_value("temperature", 38.2);
    context.add_variable_from_value("skin", "severe");
    context.add_variable_from_value("stopper", "balloon");
    (PrattParser::default().parse(CONDITION).unwrap(), context)
}

/// Microseconds of CPU time that each of many turns took.
fn micros(mut turn: impl FnMut()) -> f64 {
    let before = cpu_ms();
    for _ in 0..TIMES {
        turn();
    }
    (cpu_ms() - before) * 1e3 / f64::from(TIMES)
}
