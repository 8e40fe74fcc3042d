//! `kill -9` two hundred times on each database, eight writers each time: nothing acknowledged may be
//! lost or doubled, and the chain must hold. The control beside it acknowledges before the commit and
//! must be found out. `cargo bench --bench killed [ROUNDS]`; exit code 1 when either does not come true.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::process::ExitCode;
use std::time::Instant;

use support::Kind;
use support::killing::{Says, Target, Toll, kill_writers, write_if_asked};
use support::ward::Ward;

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod support;

fn toll(kind: Kind, rounds: u64, says: Says) -> Toll {
    let database = kind.fresh();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ward = runtime.block_on(Ward::build(&database));
    let target = Target { database, keys: ward.house.keys().clone(), patient: ward.tanaka, person: ward.ito };
    kill_writers(&target, &[], rounds, says)
}

fn main() -> ExitCode {
    write_if_asked();
    let rounds: u64 = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(200);
    println!(
        "database  acknowledges        rounds  acknowledged  unanswered  lost  doubled  broken  seconds"
    );
    let mut promise_holds = true;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for (says, rounds) in [(Says::AfterTheCommit, rounds), (Says::BeforeTheCommit, rounds.div_ceil(10))] {
            let (started, toll) = (Instant::now(), toll(kind, rounds, says));
            let Toll { acknowledged, unanswered, lost, doubled, broken } = toll;
            println!(
                "{:<8}  {:<18}  {rounds:>6}  {acknowledged:>12}  {unanswered:>10}  {lost:>4}  {doubled:>7}  {broken:>6}  {:>7}",
                format!("{kind:?}"),
                format!("{says:?}"),
                started.elapsed().as_secs(),
            );
            promise_holds &= match says {
                Says::AfterTheCommit => (lost, doubled, broken) == (0, 0, 0),
                Says::BeforeTheCommit => lost > 0,
            };
        }
    }
    if promise_holds { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
