//! A stolen database, data folder or backup shows no care text and no name. The words sought are those
//! of the made-up region, every name and sentence of its stories, in every form they could have taken.

use std::collections::BTreeSet;
use std::path::Path;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::ops::demo;
use renkei::store::Place;
use serde_json::Value;

use crate::support::canary::Hunt;
use crate::support::{Kind, on_each_database, postgres};

#[test]
fn a_stolen_database_of_the_made_up_region_shows_none_of_its_words() {
    let words = words_of_the_region();
    assert!(words.len() > 500, "only {} words to seek", words.len());
    let hunt = Hunt::of(&words.iter().map(String::as_str).collect::<Vec<_>>());
    on_each_database(|kind| {
        let database = kind.fresh();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let place = Place::parse(&database).unwrap();
            let house = demo::build(&place, Keys::random().unwrap(), Clock::System.now()).await.unwrap();
            house.flush_accesses().await.unwrap();
        });
        let found = stolen(kind, &database, &hunt);
        assert!(found.is_empty(), "{} word(s) in the clear:\n{}", found.len(), found.join("\n"));

        leak(kind, &database, words.first().unwrap());
        assert_eq!(stolen(kind, &database, &hunt).len(), 1, "a planted leak must be found");
    });
}

/// Everything a thief of the database would hold: all its files, or a full dump.
fn stolen(kind: Kind, database: &str, hunt: &Hunt) -> Vec<String> {
    match kind {
        Kind::Sqlite => hunt.under(Path::new(database).parent().unwrap()),
        Kind::Postgres => hunt.in_bytes(&postgres::dump(database)).into_iter().map(str::to_owned).collect(),
    }
}

/// What a careless column would do: a word in base64 where bytes are kept.
fn leak(kind: Kind, database: &str, word: &str) {
    let hidden = data_encoding::BASE64.encode(format!("…{word}…").as_bytes());
    let sql = format!("CREATE TABLE careless (note TEXT); INSERT INTO careless VALUES ('{hidden}')");
    match kind {
        Kind::Sqlite => SqliteConnection::establish(database).unwrap().batch_execute(&sql).unwrap(),
        Kind::Postgres => PgConnection::establish(database).unwrap().batch_execute(&sql).unwrap(),
    }
}

/// The names and sentences of the made-up region that the product itself does not say anywhere.
fn words_of_the_region() -> BTreeSet<String> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut words = BTreeSet::new();
    for file in std::fs::read_dir(top.join("src/ops/demo")).unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|ending| ending == "json") {
            collect(&serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap(), &mut words);
        }
    }
    let mut own = String::new();
    for folder in ["schemas", "pathways"] {
        texts_under(&top.join(folder), &mut own);
    }
    words.retain(|word| !own.contains(word.as_str()));
    words
}

fn collect(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            let japanese = !text.is_ascii() && text.len() >= 9;
            let number = text.len() >= 10 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-');
            if japanese || number {
                // Eight characters of a sentence tell it from chance as well as all of it, and faster.
                words.insert(text.chars().take(if japanese { 8 } else { 12 }).collect());
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, words)),
        Value::Object(values) => {
            // A person's key is the name they sign in with.
            let key = values.get("profession").and(values.get("key")).and_then(Value::as_str);
            words.extend(key.filter(|key| key.len() >= 6).map(str::to_owned));
            values.values().for_each(|value| collect(value, words));
        }
        _ => {}
    }
}

fn texts_under(folder: &Path, all: &mut String) {
    for path in std::fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            texts_under(&path, all);
        } else {
            all.push_str(&std::fs::read_to_string(path).unwrap_or_default());
        }
    }
}
