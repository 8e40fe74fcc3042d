//! Bad luck: the process dies between a post and its answer. What was acknowledged is there, once,
//! in an unbroken chain; what was not is sent again under the same id and is there once, too. The
//! long version (two hundred rounds on each database) is a bench.

use crate::support::killing::{Says, Target, Toll, kill_writers, write_if_asked};
use crate::support::ward::Ward;
use crate::support::{Kind, on_each_database};

/// How this test binary is started again to become the writers.
const WRITERS: &[&str] = &["killed::writers_write_until_they_are_killed", "--exact", "--nocapture"];

fn toll(kind: Kind, rounds: u64, says: Says) -> Toll {
    let database = kind.fresh();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ward = runtime.block_on(Ward::build(&database));
    let target = Target { database, keys: ward.house.keys().clone(), patient: ward.tanaka, person: ward.ito };
    kill_writers(&target, WRITERS, rounds, says)
}

#[test]
fn nothing_acknowledged_is_lost_or_doubled_when_the_process_is_killed() {
    on_each_database(|kind| {
        let toll = toll(kind, 8, Says::AfterTheCommit);
        assert!(toll.acknowledged > 50, "too few posts to prove anything: {toll:?}");
        assert_eq!((toll.lost, toll.doubled, toll.broken), (0, 0, 0), "{toll:?}");
    });
}

#[test]
fn a_house_that_acknowledges_before_the_commit_is_found_out() {
    on_each_database(|kind| {
        let toll = toll(kind, 4, Says::BeforeTheCommit);
        assert!(toll.lost > 0, "the account cannot tell a careless house from a careful one: {toll:?}");
    });
}

/// Alone it does nothing; started by the stories above it is the process that dies.
#[test]
fn writers_write_until_they_are_killed() {
    write_if_asked();
}
