//! The made-up region is really lived: built through the house's verbs, full of past, found again by
//! the next start, and never on top of somebody else's data.

use renkei::acts::House;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::ops::demo;
use renkei::store::Place;
use renkei::store::log;
use renkei::store::register;

use crate::support::on_each_database;
use crate::support::scratch;

fn block_on<T>(story: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
        .block_on(story)
}

#[test]
fn the_region_is_built_on_either_database_with_months_of_past() {
    on_each_database(|kind| {
        let place = Place::parse(&kind.fresh()).unwrap();
        let now = Clock::System.now();
        block_on(async {
            let house = demo::build(&place, Keys::random().unwrap(), now).await.unwrap();
            let (offices, people, logs) = house
                .read(|reading| {
                    let offices = register::offices(reading.conn)?.len();
                    let people = register::people(reading.conn, None)?.len();
                    Ok((offices, people, log::heads(reading.conn)?))
                })
                .await
                .unwrap();
            assert_eq!((offices, people), (23, 37));
            let patients: Vec<i64> =
                logs.iter().filter(|(log, _)| *log != house.register()).map(|(_, head)| head.seq).collect();
            assert!(patients.len() > 12, "twelve patients and an access log: {patients:?}");
            assert!(patients.iter().sum::<i64>() > 400, "{patients:?}");
        });
    });
}

#[test]
fn a_second_start_finds_the_region_as_it_was_left() {
    let data = scratch::folder("demo").join("valley");
    let region = |house: House| async move {
        let heads = house.read(|reading| log::heads(reading.conn)).await.unwrap();
        (house.region().await.unwrap().id, heads.len())
    };
    let first = block_on(async { region(demo::open(&data).await.unwrap()).await });
    let second = block_on(async { region(demo::open(&data).await.unwrap()).await });
    assert_eq!(first, second);
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let data = scratch::folder("demo");
    std::fs::write(data.join("thesis.odt"), "forty pages").unwrap();
    let refused = block_on(demo::open(&data)).map(|_| ()).unwrap_err().to_string();
    assert!(refused.contains("not a demo"), "{refused}");
    assert_eq!(std::fs::read_to_string(data.join("thesis.odt")).unwrap(), "forty pages");
}
