//! Two servers on one PostgreSQL, posting to the same patients at the same moments: no deadlock is left
//! standing, no number is missing, nothing stands twice.

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::patients;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::time::Clock;
use renkei::ops::verify::verify;
use renkei::record::Audience;
use renkei::record::payload::Mark;
use renkei::record::payload::Marked;
use renkei::record::payload::Post;
use renkei::store::Place;
use renkei::store::log;

use crate::support::Kind;
use crate::support::ward::Ward;
use crate::support::ward::someone;

const POSTS: usize = 150;

async fn another(ward: &Ward) -> PatientId {
    let (card, consent) = someone();
    let registration =
        patients::Registration { id: EntryId::new(), patient: PatientId::new(), card, consent };
    let logs = vec![ward.house.register(), registration.patient.log()];
    let by = Who::person(ward.ito);
    ward.house.perform(by, logs, move |act| patients::register(act, &registration)).await.unwrap()
}

/// Posts to two patients in one act. `logs` names them in whatever order: the committer sorts.
async fn post_to_both(house: House, who: Who, both: [PatientId; 2], id: EntryId) {
    let logs = both.map(PatientId::log).to_vec();
    house
        .perform(who, logs, move |act| {
            for patient in both {
                let post = Post { text: "両方へ".into(), ..Post::default() };
                threads::post(act, &NewPost { id, patient, audience: Audience::Staff, post })?;
            }
            Ok(())
        })
        .await
        .unwrap();
}

#[test]
fn two_servers_posting_to_the_same_patients_leave_no_gap_and_no_double() {
    let address = Kind::Postgres.fresh();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let ward = Ward::build(&address).await;
        let [one, two] = [ward.tanaka, another(&ward).await];
        let place = Place::parse(&address).unwrap();
        let other = House::open(&place, ward.house.keys().clone(), Clock::System).await.unwrap();
        let before = newest(&ward.house, one).await;
        let mut posting = tokio::task::JoinSet::new();
        for n in 0..POSTS {
            let id = EntryId::new();
            let who = Who::person(ward.ito);
            // The same act reaches both servers: a phone that lost the answer asked the other one.
            posting.spawn(post_to_both(ward.house.clone(), who, [one, two], id));
            posting.spawn(post_to_both(
                other.clone(),
                who,
                [two, one],
                if n % 3 == 0 { id } else { EntryId::new() },
            ));
        }
        posting.join_all().await;
        let doubled = POSTS.div_ceil(3);
        let expected = before + i64::try_from(2 * POSTS - doubled).unwrap();
        assert_eq!(newest(&other, one).await, expected);
        let report = ward.house.read(|reading| verify(reading.conn, None)).await.unwrap();
        assert_eq!(report.breaches, vec![]);
    });
}

async fn newest(house: &House, patient: PatientId) -> i64 {
    let heads = house.read(|reading| log::heads(reading.conn)).await.unwrap();
    heads.into_iter().find(|(log, _)| *log == patient.log()).unwrap().1.seq
}

/// What two people published on one server, and what the region said of it, the other one hears.
#[test]
fn a_version_published_on_one_server_is_offered_on_the_other() {
    let address = Kind::Postgres.fresh();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let ward = Ward::build(&address).await;
        let place = Place::parse(&address).unwrap();
        let other = House::open(&place, ward.house.keys().clone(), Clock::System).await.unwrap();
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let keeper = other.clone();
        let keeping = tokio::spawn(async move { keeper.keep(stopped).await });
        let (_, change) = crate::library::proposed(&ward.house, ward.sato, "peg").await;
        ward.house.confirm_pathway(Who::person(ward.nakamura), EntryId::new(), change).await.unwrap();
        let hash = ward.house.library().pathways.current("peg").unwrap().hash.clone();
        heard(&other, |house| house.library().pathways.current("peg").is_some_and(|one| one.hash == hash))
            .await;
        let said = Marked { hash: hash.clone(), mark: Mark::Stop, reason: "見直し".to_owned() };
        ward.house.mark_version(Who::person(ward.nakamura), EntryId::new(), said).await.unwrap();
        heard(&other, |house| house.library().pathways.current("peg").is_none()).await;
        stop.send(true).unwrap();
        keeping.await.unwrap();
    });
}

/// Both read the same list of who is due, and both let the timers fire: the heads are locked one after the
/// other, and whoever comes second finds nothing left to do.
#[test]
fn two_servers_whose_clocks_strike_together_let_nothing_happen_twice() {
    let address = Kind::Postgres.fresh();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let ward = Ward::build(&address).await;
        let place = Place::parse(&address).unwrap();
        let other = House::open(&place, ward.house.keys().clone(), Clock::System).await.unwrap();
        let mut patients = Vec::new();
        for _ in 0..12 {
            let patient = another(&ward).await;
            crate::acts_plans::on_peg(&ward.house, &ward, patient).await;
            patients.push(patient);
        }
        let mut met = false;
        for day in [3, 6, 9, 12] {
            let later = ward.house.now().plus_seconds(day * 86_400);
            met |= strike(&ward.house.at(later), &other.at(later), &patients).await;
        }
        assert!(met, "at least once both came for the same patients");
        let report = ward.house.read(|reading| verify(reading.conn, None)).await.unwrap();
        assert_eq!(report.breaches, vec![]);
    });
}

/// Lets both clocks strike. Whether both came for the same patients; each has one entry more at most.
async fn strike(one: &House, two: &House, patients: &[PatientId]) -> bool {
    let mut before = Vec::new();
    for patient in patients {
        before.push(newest(one, *patient).await);
    }
    let (first, second) = tokio::join!(one.tick_due(), two.tick_due());
    let ticked = first.unwrap() + second.unwrap();
    while one.tick_due().await.unwrap() + two.tick_due().await.unwrap() > 0 {}
    let mut moved = 0;
    for (patient, before) in patients.iter().zip(before) {
        let more = newest(one, *patient).await - before;
        assert!((0..=1).contains(&more), "one entry for all that fell due");
        moved += usize::from(more == 1);
    }
    assert!(moved > 0, "something fell due");
    ticked > moved
}

async fn heard(house: &House, of: impl Fn(&House) -> bool) {
    for _ in 0..100 {
        if of(house) {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("the other server did not hear of it in ten seconds");
}
