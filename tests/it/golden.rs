//! Formats live long: what any released version wrote must still read, word for word. Each release adds
//! a file of entries; none is ever changed.

use renkei::kernel::id::EntryId;
use renkei::kernel::id::LogId;
use renkei::kernel::id::PersonId;
use renkei::kernel::seal::sha256;
use renkei::kernel::time::Time;
use renkei::record::Audience;
use renkei::record::Author;
use renkei::record::GENESIS;
use renkei::record::Header;
use renkei::record::chain;
use renkei::record::payload::Payload;
use serde_json::Value;
use uuid::Uuid;

const GOLDEN: &[(&str, &str)] = &[("0.1", include_str!("data/golden-0.1.jsonl"))];

fn lines(file: &str) -> impl Iterator<Item = Value> {
    file.lines().filter(|line| !line.trim().is_empty()).map(|line| serde_json::from_str(line).unwrap())
}

#[test]
fn every_entry_that_a_release_wrote_still_reads_and_says_the_same() {
    for (release, file) in GOLDEN {
        for line in lines(file) {
            let (kind, version) = (line["kind"].as_str().unwrap(), line["version"].as_i64().unwrap());
            let bytes = serde_json::to_vec(&line["payload"]).unwrap();
            let read = Payload::read(kind, i32::try_from(version).unwrap(), &bytes);
            let read = read.unwrap_or_else(|cause| panic!("{release} {kind}: {cause}"));
            let written: Value = serde_json::from_slice(&read.write().unwrap()).unwrap();
            if read.version() == i32::try_from(version).unwrap() {
                assert_eq!(written, line["payload"], "{release} {kind}");
            }
        }
    }
}

#[test]
fn the_newest_golden_file_holds_every_kind_of_entry() {
    let (_, newest) = GOLDEN.last().unwrap();
    for (kind, version) in Payload::KINDS {
        let there = lines(newest).any(|line| line["kind"] == *kind && line["version"] == *version);
        assert!(there, "no golden entry of {kind} {version}");
    }
}

/// The chain's arithmetic is a format too: this hash was computed once and never changes.
#[test]
fn the_chain_of_a_known_entry_has_its_known_hash() {
    let header = Header {
        log: LogId(Uuid::from_u128(1)),
        seq: 1,
        id: EntryId(Uuid::from_u128(2)),
        kind: "post".into(),
        version: 1,
        author: Author::Person(PersonId(Uuid::from_u128(3))),
        behalf: None,
        at: Time(1_700_000_000_000_000),
        client_at: None,
        audience: Audience::Staff,
    };
    let hash = chain(&GENESIS, &header, &sha256(&["訪問".as_bytes()]));
    let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(hex, include_str!("data/golden-chain.txt").trim());
}
