//! The made-up region is really lived: built through the house's verbs, full of past, found again by
//! the next start, and never on top of somebody else's data.

use std::collections::BTreeMap;

use diesel::prelude::*;
use renkei::acts::House;
use renkei::acts::views::plan;
use renkei::acts::views::plan::PlanView;
use renkei::kernel::profession::Profession;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::ops::demo;
use renkei::ops::verify::verify;
use renkei::store::Conn;
use renkei::store::Place;
use renkei::store::log;
use renkei::store::patients::Seat;
use renkei::store::register;
use renkei::store::schema::seat;

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
                    let people = register::people(reading.conn)?.len();
                    Ok((offices, people, log::heads(reading.conn)?))
                })
                .await
                .unwrap();
            assert_eq!((offices, people), (23, 37));
            let patients: Vec<i64> =
                logs.iter().filter(|(log, _)| *log != house.register()).map(|(_, head)| head.seq).collect();
            assert!(patients.len() > 12, "twelve patients and an access log: {patients:?}");
            assert!(patients.iter().sum::<i64>() > 400, "{patients:?}");

            let before = plans(&house, &place).await;
            assert_eq!(before.len(), 12);
            the_last_weeks_stand_where_the_stories_say(&before);
            let report = house.read(|reading| verify(reading.conn, None)).await.unwrap();
            assert_eq!(report.breaches, vec![]);
            house.rebuild().await.unwrap();
            let after = plans(&house, &place).await;
            for (name, plan) in &before {
                assert_eq!(said(plan), said(&after[name]), "{name}");
            }
        });
    });
}

/// Each patient's plan by name, as the main doctor sees it.
async fn plans(house: &House, place: &Place) -> BTreeMap<String, PlanView> {
    let mains = seat::role.eq("main");
    let seats: Vec<Seat> = match &mut place.connect().unwrap() {
        Conn::Sqlite(conn) => seat::table.filter(mains).select(Seat::as_select()).load(conn).unwrap(),
        Conn::Postgres(conn) => seat::table.filter(mains).select(Seat::as_select()).load(conn).unwrap(),
    };
    let mut plans = BTreeMap::new();
    for seat in seats {
        let plan = house.look(seat.person, seat.patient, "plan", plan::read).await.unwrap();
        assert!(!plan.trouble, "the engine stopped for {}", plan.patient.card.name);
        plans.insert(plan.patient.card.name.clone(), plan);
    }
    plans
}

/// What a plan says, but for what is yet to come: that moves with the clock.
fn said(plan: &PlanView) -> serde_json::Value {
    let mut said = serde_json::to_value(plan).unwrap();
    said.as_object_mut().unwrap().remove("ahead");
    said
}

fn the_last_weeks_stand_where_the_stories_say(plans: &BTreeMap<String, PlanView>) {
    for (name, phase) in [("萩原 静江", "stable"), ("黒田 勝", "decline"), ("三好 トヨ", "decline")]
    {
        let state = &plans[name].state;
        let run = state.runs.values().find(|run| run.pathway == "end-of-life").unwrap();
        let open: Vec<_> = state.open_proposals().map(|proposal| proposal.to.as_str()).collect();
        let wanted: &[&str] = if name == "三好 トヨ" { &["dying"] } else { &[] };
        assert_eq!((run.phase.as_str(), open.as_slice()), (phase, wanted), "{name}");
    }
    let dying = plans["三好 トヨ"].state.open_proposals().next().unwrap();
    let by: Vec<Profession> = dying.decisions.iter().map(|decision| decision.by.profession).collect();
    assert_eq!(by, [Profession::Doctor], "the second profession is still open");
    assert!(!dying.is_agreed());
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
