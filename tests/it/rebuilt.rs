//! Projections are a cache of the log: emptied and made anew, they are the same rows.

use diesel::prelude::*;
use renkei::acts::Who;
use renkei::acts::letters::Signing;
use renkei::acts::patients;
use renkei::acts::plans;
use renkei::acts::stays;
use renkei::acts::stays::Admission;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::acts::views;
use renkei::form::answers::Answers;
use renkei::kernel::id::AskId;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use renkei::kernel::id::RunId;
use renkei::kernel::profession::Profession;
use renkei::kernel::time::Clock;
use renkei::record::Audience;
use renkei::record::payload::Admitted;
use renkei::record::payload::AskTo;
use renkei::record::payload::Post;
use renkei::record::payload::PostAsk;
use renkei::store::Conn;
use renkei::store::Place;
use renkei::store::schema;
use serde_json::json;

use crate::support::on_each_database;
use crate::support::ward::Ward;

/// Every row of every projection as words, without the sealed blobs, whose nonces differ.
fn rows(address: &str) -> Vec<String> {
    let mut conn = Place::parse(address).unwrap().connect().unwrap();
    let mut words = Vec::new();
    macro_rules! read {
        ($($table:ident: $row:ty, $clear:expr;)*) => {$(
            let found: Vec<$row> = match &mut conn {
                Conn::Sqlite(c) => schema::$table::table.select(<$row>::as_select()).load(c).unwrap(),
                Conn::Postgres(c) => schema::$table::table.select(<$row>::as_select()).load(c).unwrap(),
            };
            let clear: fn(&mut $row) = $clear;
            words.extend(found.into_iter().map(|mut row| { clear(&mut row); format!("{} {row:?}", stringify!($table)) }));
        )*};
    }
    read! {
        office: renkei::store::register::Office, |row| row.sealed.clear();
        person: renkei::store::register::Person, |row| row.sealed.clear();
        invitation: renkei::store::register::Invitation, |row| row.sealed.clear();
        patient: renkei::store::patients::Patient, |row| row.sealed.clear();
        seat: renkei::store::patients::Seat, |_| {};
        post: renkei::store::thread::Post, |_| {};
        ack: renkei::store::thread::Ack, |_| {};
        ask: renkei::store::thread::Ask, |_| {};
        run: renkei::store::plans::Run, |_| {};
        task: renkei::store::plans::Task, |_| {};
        proposal: renkei::store::plans::Proposal, |_| {};
        plan: renkei::store::plans::Plan, |row| row.sealed.clear();
        letter: renkei::store::letters::Letter, |_| {};
        stay: renkei::store::letters::Stay, |_| {};
        library_change: renkei::store::library::Change, |_| {};
        library_mark: renkei::store::library::Mark, |_| {};
        looked: renkei::store::access_log::Looked, |_| {};
    }
    words.sort();
    words
}

async fn a_week_of_care(ward: &Ward) {
    let logs = vec![ward.tanaka.log()];
    let ask = PostAsk { ask: AskId::new(), to: AskTo::Profession(Profession::Doctor), due: None };
    let post = Post { text: "発熱37.8度。診てください".into(), ask: Some(ask), ..Post::default() };
    let new = NewPost { id: EntryId::new(), patient: ward.tanaka, audience: Audience::Staff, post };
    let seq = perform(ward, ward.ito, move |act| threads::post(act, &new)).await;
    let (patient, id) = (ward.tanaka, EntryId::new());
    perform(ward, ward.sato, move |act| threads::acknowledge(act, id, patient, seq)).await;
    let id = EntryId::new();
    perform(ward, ward.ito, move |act| threads::correct(act, id, patient, seq, "発熱38.7度", "転記まちがい"))
        .await;
    let (id, person) = (EntryId::new(), ward.yamaguchi);
    perform(ward, ward.ito, move |act| patients::unseat(act, id, patient, person, "担当交代")).await;
    sign(ward, "peg-device", include_str!("data/peg-device.json")).await;
    let library = ward.house.library();
    let (id, run, hash) =
        (EntryId::new(), RunId::new(), library.pathways.current("peg").unwrap().hash.clone());
    perform(ward, ward.ito, move |act| plans::start(act, id, patient, run, &hash)).await;
    sign(
        ward,
        "peg-site-check",
        r#"{"checked_on":"2026-11-20","skin":"severe","rotates":true,"slack":true,"leak":"none"}"#,
    )
    .await;
    let admitted = Admitted {
        stay: LetterId::new(),
        hospital: ward.hospital,
        ward: "3階東".into(),
        at: Clock::System.now().plus_seconds(-3_600),
        planned: None,
        reason: "肺炎".into(),
    };
    let admission = Admission { id: EntryId::new(), patient, admitted, guest: None };
    perform(ward, ward.sato, move |act| stays::admit(act, &admission)).await;
    let (id, on) = (EntryId::new(), Clock::System.now().plus_seconds(5 * 86_400));
    perform(ward, ward.sato, move |act| stays::plan_discharge(act, id, patient, on)).await;
    ward.house.look(ward.sato, patient, "thread", |_| Ok(())).await.unwrap();
    ward.house.flush_accesses().await.unwrap();
    drop(logs);
}

async fn perform<T: Send + 'static>(
    ward: &Ward,
    who: renkei::kernel::id::PersonId,
    verb: impl Fn(&mut renkei::acts::Act<'_>) -> renkei::kernel::error::Result<T> + Send + 'static,
) -> T {
    ward.house.perform(Who::person(who), vec![ward.tanaka.log()], verb).await.unwrap()
}

async fn sign(ward: &Ward, form: &str, answers: &str) {
    let mut typed = Answers::default();
    let values: serde_json::Map<_, _> = serde_json::from_str(answers).unwrap();
    values.into_iter().for_each(|(path, value)| typed.put(path, value));
    let signing = Signing {
        id: EntryId::new(),
        letter: LetterId::new(),
        patient: ward.tanaka,
        form_hash: ward.house.library().current_form(form).unwrap().hash.clone(),
        answers: typed,
        task: None,
        about: None,
        supersedes: 0,
        reason: String::new(),
        to_office: None,
    };
    ward.house.sign(Who::person(ward.ito), signing).await.unwrap();
}

#[test]
fn rebuilding_from_the_logs_gives_the_same_rows_and_the_same_plan() {
    on_each_database(|kind| {
        let address = kind.fresh();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let ward = Ward::build(&address).await;
            a_week_of_care(&ward).await;
            let (before, plan) = (rows(&address), plan(&ward).await);
            assert!(before.iter().any(|row| row.starts_with("task ")), "the pathway opened tasks");
            ward.house.rebuild().await.unwrap();
            pretty_assert(&before, &rows(&address));
            assert_eq!(plan, self::plan(&ward).await);
        });
    });
}

async fn plan(ward: &Ward) -> serde_json::Value {
    let view = ward.house.look(ward.ito, ward.tanaka, "plan", views::plan::read).await.unwrap();
    json!({ "state": view.state, "card": view.patient.card })
}

fn pretty_assert(before: &[String], after: &[String]) {
    let lost: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
    let new: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
    assert!(lost.is_empty() && new.is_empty(), "lost {lost:#?}\nnew {new:#?}");
}
