//! A database that an earlier program filled: the newer one brings it to its own shape and loses nothing
//! that still counts.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel_migrations::FileBasedMigrations;
use diesel_migrations::MigrationHarness;
use renkei::on;
use renkei::store::Conn;
use renkei::store::Place;
use renkei::store::migrate;

use crate::support::Kind;
use crate::support::on_each_database;

/// What an earlier program left behind: `#a1` stands for an id of sixteen such bytes. The record `a1` is open
/// with a task in every state; `a2` is frozen, its timer still set.
const LEFT: &str = "
    INSERT INTO head VALUES (#a1, 'patient', 7, #0f, 100), (#a2, 'patient', 3, #0e, 200);
    INSERT INTO data_key VALUES (#a1, #01), (#a2, #02);
    INSERT INTO entry VALUES
        (#a1, 1, #e1, 'plan', 1, 'clock', NULL, NULL, 100, NULL, 'staff', #0f, #0f, #0f),
        (#a2, 1, #e1, 'plan', 1, 'clock', NULL, NULL, 200, NULL, 'staff', #0e, #0e, #0e);
    INSERT INTO patient VALUES
        (#a1, 1, 'open', 'given', #0a, #0b, NULL, 1, #0c), (#a2, 2, 'open', 'withdrawn', #0a, #0c, NULL, 1, #0c);
    INSERT INTO seat VALUES (#a1, #b1, 'member', 100, NULL, NULL, 2), (#a1, #b2, 'guest', 100, 900, NULL, 3);
    INSERT INTO post VALUES (#a1, 4, #b1, 5, 'shown', NULL), (#a1, 6, #b2, 6, 'withdrawn', 4);
    INSERT INTO ack VALUES (#a1, 4, #b2, 300);
    INSERT INTO mark VALUES (#a1, #b1, 6, 4, 250), (#a1, #b2, 2, 0, NULL);
    INSERT INTO run VALUES (#c1, #a1, 'peg', 'hash', 'home', 'active', 7);
    INSERT INTO task VALUES
        (#d1, #a1, #c1, 'ready', 'nurse', 'ready', NULL, 100, 500, 600, NULL, 7),
        (#d2, #a1, #c1, 'claimed', 'nurse', 'claimed', 'slip', 100, NULL, NULL, #b1, 7),
        (#d3, #a1, #c1, 'merged', 'nurse', 'merged', NULL, 100, NULL, NULL, NULL, 7),
        (#d4, #a1, #c1, 'resting', 'nurse', 'resting', NULL, 100, NULL, NULL, NULL, 7),
        (#d5, #a1, #c1, 'done', 'nurse', 'done', NULL, 100, NULL, NULL, NULL, 7),
        (#d6, #a1, #c1, 'skipped', 'nurse', 'skipped', NULL, 100, NULL, NULL, NULL, 7),
        (#d7, #a1, #c1, 'ended', 'nurse', 'ended', NULL, 100, NULL, NULL, NULL, 7);
    INSERT INTO plan VALUES (#a1, 7, FALSE, #0f), (#a2, 3, FALSE, #0f);
    INSERT INTO timer VALUES (#a1, 500), (#a2, 400);
    INSERT INTO letter VALUES
        (#f1, #a1, 'slip', 'hash', 'sent', 1, #b1, #0a, NULL, #d2, NULL, NULL, 5, 5, 100);
";

/// What is asked of the new shape, and what it answers, a line for each row.
const STANDS: &[(&str, &[&str])] = &[
    ("SELECT code FROM task ORDER BY code", &["claimed", "merged", "ready", "resting"]),
    (
        "SELECT code FROM task WHERE holder = #b1 AND patient = #a1 AND id = #d2 AND form = 'slip'",
        &["claimed"],
    ),
    (
        "SELECT code FROM task WHERE from_at = 100 AND due_at = 500 AND late_at = 600 AND run = #c1",
        &["ready"],
    ),
    ("SELECT CAST(due_at AS TEXT) FROM plan WHERE patient = #a1", &["500"]),
    ("SELECT 'frozen' FROM plan WHERE patient = #a2 AND due_at IS NULL", &["frozen"]),
    (
        "SELECT 'one' FROM head WHERE log = #a1 AND kind = 'patient' AND seq = 7 AND hash = #0f AND touched_at = 100",
        &["one"],
    ),
    (
        "SELECT 'two' FROM data_key WHERE (log = #a1 AND wrapped = #01) OR (log = #a2 AND wrapped = #02)",
        &["two", "two"],
    ),
    (
        "SELECT role FROM seat WHERE patient = #a1 AND from_at = 100 AND ended_at IS NULL ORDER BY seq",
        &["member", "guest"],
    ),
    ("SELECT role FROM seat WHERE person = #b2 AND until_at = 900 AND seq = 3", &["guest"]),
    ("SELECT state FROM post WHERE patient = #a1 ORDER BY seq", &["shown", "withdrawn"]),
    ("SELECT state FROM post WHERE answers = 4 AND author = #b2 AND current_seq = 6", &["withdrawn"]),
    ("SELECT CAST(at AS TEXT) FROM ack WHERE patient = #a1 AND post = 4 AND person = #b2", &["300"]),
    ("SELECT CAST(reached AS TEXT) FROM mark WHERE opened = 4 AND opened_at = 250 AND person = #b1", &["6"]),
    (
        "SELECT CAST(reached AS TEXT) FROM mark WHERE opened = 0 AND opened_at IS NULL AND person = #b2",
        &["2"],
    ),
    ("SELECT form FROM letter WHERE NOT spent", &["slip"]),
    ("SELECT kind FROM entry WHERE id = #e1 AND log = #a2 AND seq = 1", &["plan"]),
];

/// A second entry under an id that the record holds already.
const TWICE: &str = "INSERT INTO entry VALUES
    (#a1, 2, #e1, 'plan', 1, 'clock', NULL, NULL, 100, NULL, 'staff', #0f, #0f, #0f)";

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The same words for either database: each writes bytes in its own way.
fn spoken(kind: Kind, sql: &str) -> String {
    let mut parts = sql.split('#');
    let mut spoken = parts.next().unwrap().to_owned();
    for part in parts {
        let (byte, rest) = part.split_at(2);
        let bytes = byte.repeat(16);
        spoken += &match kind {
            Kind::Sqlite => format!("x'{bytes}'{rest}"),
            Kind::Postgres => format!("'\\x{bytes}'::bytea{rest}"),
        };
    }
    spoken
}

/// As the program before left it: its two steps, and what it wrote.
fn left_behind(kind: Kind, conn: &mut Conn) {
    let steps = || FileBasedMigrations::from_path("migrations/both").unwrap();
    for _ in 0..2 {
        on!(conn, |c| c.run_next_migration(steps()).map(|_| ())).unwrap();
    }
    on!(conn, |c| c.batch_execute(&spoken(kind, LEFT))).unwrap();
}

#[test]
fn what_an_earlier_program_wrote_stands_in_the_newer_shape() {
    on_each_database(|kind| {
        let mut conn = Place::parse(&kind.fresh()).unwrap().connect().unwrap();
        left_behind(kind, &mut conn);
        migrate::run(&mut conn).unwrap();
        for (asked, expected) in STANDS {
            let asked = spoken(kind, &asked.replacen(" FROM", " AS line FROM", 1));
            let lines: Vec<Line> = on!(&mut conn, |c| diesel::sql_query(&asked).load(c)).unwrap();
            let lines: Vec<String> = lines.into_iter().map(|line| line.line).collect();
            assert_eq!(&lines, expected, "{asked}");
        }
        let twice = on!(&mut conn, |c| c.batch_execute(&spoken(kind, TWICE)));
        assert!(twice.is_err(), "an id stands once in a record, as before");
        migrate::run(&mut conn).unwrap();
    });
}
