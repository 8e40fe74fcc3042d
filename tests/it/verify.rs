//! Verification, first shown every kind of damage: whatever was changed, removed, swapped, added or cut
//! off is found and named, and a whole log is found to be whole.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LogId;
use renkei::ops::verify::Checkpoint;
use renkei::ops::verify::Report;
use renkei::ops::verify::What;
use renkei::ops::verify::verify;
use renkei::record::Audience;
use renkei::record::payload::Post;

use crate::support::Kind;
use crate::support::on_each_database;
use crate::support::ward::Ward;

/// A ward with a few posts, whose database is then damaged behind the house's back.
fn damaged(kind: Kind, damage: &str) -> (Report, LogId) {
    let address = kind.fresh();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let ward = Ward::build(&address).await;
        for n in 0..8 {
            say(&ward, &format!("訪問{n}")).await;
        }
        let checkpoint = mark(&ward.house).await;
        let log = ward.tanaka.log();
        behind_the_back(&address, damage, log);
        let report = ward.house.read(move |reading| verify(reading.conn, Some(&checkpoint))).await.unwrap();
        (report, log)
    })
}

async fn say(ward: &Ward, text: &str) {
    let post = Post { text: text.into(), ..Post::default() };
    let new = NewPost { id: EntryId::new(), patient: ward.tanaka, audience: Audience::Staff, post };
    let logs = vec![ward.tanaka.log()];
    ward.house.perform(Who::person(ward.ito), logs, move |act| threads::post(act, &new)).await.unwrap();
}

async fn mark(house: &House) -> Checkpoint {
    house.read(|reading| Checkpoint::make(reading.conn, reading.house.keys(), reading.now)).await.unwrap()
}

fn behind_the_back(address: &str, damage: &str, log: LogId) {
    let hex = log.0.simple().to_string();
    if address.starts_with("postgres") {
        let sql = damage.replace("$LOG", &format!("'\\x{hex}'::bytea")).replace("$BYTE", "'\\x07'::bytea");
        PgConnection::establish(address).unwrap().batch_execute(&sql).unwrap();
    } else {
        let sql = damage.replace("$LOG", &format!("x'{hex}'")).replace("$BYTE", "x'07'");
        SqliteConnection::establish(address).unwrap().batch_execute(&sql).unwrap();
    }
}

#[test]
fn an_undamaged_region_verifies_without_any_finding() {
    on_each_database(|kind| {
        let (report, _) = damaged(kind, "SELECT 1");
        assert_eq!(report.breaches, vec![]);
        assert!(report.logs >= 2 && report.entries > 20, "{report:?}");
    });
}

#[test]
fn every_kind_of_damage_is_found_at_its_entry_and_named() {
    const DAMAGES: &[(&str, i64, What)] = &[
        ("UPDATE entry SET sealed = $BYTE WHERE log = $LOG AND seq = 9", 9, What::PayloadChanged),
        ("UPDATE entry SET at = at + 1 WHERE log = $LOG AND seq = 9", 9, What::EntryChanged),
        ("UPDATE entry SET audience = 'team' WHERE log = $LOG AND seq = 9", 9, What::EntryChanged),
        ("UPDATE entry SET audience = 'all' WHERE log = $LOG AND seq = 9", 9, What::EntryChanged),
        ("UPDATE entry SET client_at = 1 WHERE log = $LOG AND seq = 9", 9, What::EntryChanged),
        ("UPDATE entry SET hash = $BYTE WHERE log = $LOG AND seq = 9", 9, What::EntryChanged),
        ("DELETE FROM entry WHERE log = $LOG AND seq = 9", 9, What::Missing),
        ("DELETE FROM entry WHERE log = $LOG AND seq >= 12", 12, What::Missing),
        (
            "UPDATE entry SET seq = 99 WHERE log = $LOG AND seq = 8; \
             UPDATE entry SET seq = 8 WHERE log = $LOG AND seq = 9; \
             UPDATE entry SET seq = 9 WHERE log = $LOG AND seq = 99",
            8,
            What::EntryChanged,
        ),
        (
            "INSERT INTO entry SELECT log, seq + 100, $BYTE, kind, version, source, author, behalf, at, client_at, \
             audience, digest, hash, sealed FROM entry WHERE log = $LOG AND seq = 9",
            109,
            What::EntryChanged,
        ),
        ("DELETE FROM head WHERE log = $LOG", 0, What::HeadMissing),
        ("UPDATE head SET seq = seq + 1 WHERE log = $LOG", 16, What::Missing),
        (
            "DELETE FROM entry WHERE log = $LOG AND seq >= 12; \
             UPDATE head SET seq = 11, hash = (SELECT hash FROM entry WHERE log = $LOG AND seq = 11) WHERE log = $LOG",
            12,
            What::CutOff,
        ),
        (
            "DELETE FROM entry WHERE log = $LOG; DELETE FROM head WHERE log = $LOG; DELETE FROM data_key WHERE log = $LOG",
            0,
            What::LogGone,
        ),
    ];
    on_each_database(|kind| {
        for (damage, seq, what) in DAMAGES {
            let (report, log) = damaged(kind, damage);
            let found: Vec<_> = report.breaches.iter().filter(|breach| breach.log == log).collect();
            assert!(
                found.iter().any(|breach| breach.seq == *seq && breach.what == *what),
                "{damage}\nfound {found:?}"
            );
        }
    });
}

#[test]
fn a_forged_checkpoint_convinces_nobody() {
    on_each_database(|kind| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let ward = Ward::build(&kind.fresh()).await;
            let mut forged = mark(&ward.house).await;
            forged.heads.pop();
            let report = ward.house.read(move |reading| verify(reading.conn, Some(&forged))).await.unwrap();
            assert_eq!(report.breaches.first().unwrap().what, What::CheckpointForged);
        });
    });
}
