//! Opening a house: what is not the right key, the right database or the right age is refused with a
//! sentence, and nothing is written.

use diesel::connection::SimpleConnection;
use renkei::acts::House;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::store::Place;

use crate::support::on_each_database;
use crate::support::ward::Ward;

async fn opened(address: &str, keys: Keys) -> Result<(), String> {
    let place = Place::parse(address).unwrap();
    House::open(&place, keys, Clock::System).await.map(|_| ()).map_err(|cause| cause.to_string())
}

fn each(story: impl AsyncFn(String)) {
    on_each_database(|kind| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(story(kind.fresh()));
    });
}

#[test]
fn a_database_without_a_region_says_how_to_begin_one() {
    each(async |address| {
        let refused = opened(&address, Keys::random().unwrap()).await.unwrap_err();
        assert!(refused.contains("renkei region init"), "{refused}");
    });
}

#[test]
fn the_keys_of_another_region_open_nothing_and_the_right_ones_still_do() {
    each(async |address| {
        let ward = Ward::build(&address).await;
        let refused = opened(&address, Keys::random().unwrap()).await.unwrap_err();
        assert!(refused.contains("another region"), "{refused}");
        opened(&address, ward.house.keys().clone()).await.unwrap();
    });
}

#[test]
fn a_database_that_knows_a_newer_schema_is_refused() {
    each(async |address| {
        let keys = Ward::build(&address).await.house.keys().clone();
        let newer = "INSERT INTO __diesel_schema_migrations (version, run_on) VALUES ('99990101000000', '2099-01-01')";
        let mut conn = Place::parse(&address).unwrap().connect().unwrap();
        renkei::on!(&mut conn, |c| c.batch_execute(newer)).unwrap();
        let refused = opened(&address, keys).await.unwrap_err();
        assert!(refused.contains("newer program"), "{refused}");
    });
}

#[test]
fn a_region_is_never_begun_twice_in_one_database() {
    each(async |address| {
        Ward::build(&address).await;
        let place = Place::parse(&address).unwrap();
        let again = House::found(&place, Keys::random().unwrap(), "二つめ", Clock::System).await;
        assert!(again.is_err());
    });
}
