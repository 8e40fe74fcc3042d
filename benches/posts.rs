//! Durable posts through `acts` with 1, 32 and 128 waiting writers, beside two named limits in the same
//! run: (a) the same statements unsealed, one commit per post, on one connection; (b) the same statements
//! unsealed, in groups as large as the number of writers. Once on the disk as it is, once with 2 ms added
//! to every sync. `cargo bench --bench posts`; exit code 1 when a stated ratio is missed.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::collections::BTreeMap;
use std::process::Command;
use std::process::ExitCode;
use std::time::Duration;
use std::time::Instant;

use diesel::connection::SimpleConnection;
use renkei::access;
use renkei::access::Need;
use renkei::acts::Who;
use renkei::acts::patients;
use renkei::acts::patients::Registration;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::time::Clock;
use renkei::on;
use renkei::record::Audience;
use renkei::record::Author;
use renkei::record::Header;
use renkei::record::payload::Post;
use renkei::store::Conn;
use renkei::store::Place;
use renkei::store::log;
use renkei::store::log::Heads;
use renkei::store::thread;

use cpu::cpu_ms;
use support::Kind;
use support::ward::Ward;

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod support;

#[path = "cpu/mod.rs"]
mod cpu;

const TEXT: &str = "訪問しました。体温36.7度、血圧128/76、SpO2 96%。胃ろう周囲の発赤なし、回転良好。注入後の嘔吐なし。\
                    ご家族の疲れが見えるため、来週のレスパイトを提案しました。次回は火曜10時の予定です。";
const MEASURE: Duration = Duration::from_secs(4);
const PATIENTS: usize = 32;

/// A rate with the CPU time that this process spent on each post.
#[derive(Debug, Clone, Copy)]
struct Rate {
    per_second: f64,
    cpu_ms: f64,
}

fn main() -> ExitCode {
    support::postgres::be_durable();
    if std::env::args().any(|argument| argument == "--slow") {
        return measure("2 ms added to each sync", true);
    }
    let plain = measure("the disk as it is", false);
    let slow = slowed();
    if plain == ExitCode::SUCCESS && slow { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The same program once more, with slower syncs preloaded into it and its PostgreSQL.
fn slowed() -> bool {
    let folder = support::scratch::folder("slow");
    let library = folder.join("slow_sync.so");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/slow_sync.c");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O2", "-o"])
        .arg(&library)
        .args([source, "-ldl"])
        .status();
    assert!(made.unwrap().success(), "the C compiler could not build benches/slow_sync.c");
    let again = std::env::current_exe().unwrap();
    Command::new(again).arg("--slow").env("LD_PRELOAD", &library).status().unwrap().success()
}

fn measure(disk: &str, slow: bool) -> ExitCode {
    println!("\n{disk}");
    println!(
        "database  writers  acts/s  CPU ms  (a) one commit each/s  CPU ms  (b) in groups/s  CPU ms  acts÷(a)  acts÷(b)"
    );
    let mut held = true;
    for kind in [Kind::Sqlite, Kind::Postgres] {
        for writers in [1, 32, 128] {
            let (acts, one, groups) = (through_acts(kind, writers), bare(kind, 1), bare(kind, writers));
            let (over_one, of_groups) =
                (acts.per_second / one.per_second, acts.per_second / groups.per_second);
            println!(
                "{:<8}  {writers:>7}  {:>6.0}  {:>6.3}  {:>21.0}  {:>6.3}  {:>15.0}  {:>6.3}  {over_one:>8.2}  {of_groups:>8.2}",
                format!("{kind:?}"),
                acts.per_second,
                acts.cpu_ms,
                one.per_second,
                one.cpu_ms,
                groups.per_second,
                groups.cpu_ms,
            );
            if writers == 32 {
                held &= if slow { over_one >= 10.0 } else { of_groups >= 0.5 };
            }
        }
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A ward with several patients on a fresh database.
fn ward(kind: Kind, runtime: &tokio::runtime::Runtime) -> (Ward, String, Vec<PatientId>) {
    let address = kind.fresh();
    let ward = runtime.block_on(Ward::build(&address));
    let patients = (0..PATIENTS).map(|_| runtime.block_on(another(&ward))).collect();
    (ward, address, patients)
}

async fn another(ward: &Ward) -> PatientId {
    let (card, consent) = support::ward::someone();
    let registration = Registration { id: EntryId::new(), patient: PatientId::new(), card, consent };
    let logs = vec![ward.house.register(), registration.patient.log()];
    let by = Who::person(ward.ito);
    ward.house.perform(by, logs, move |act| patients::register(act, &registration)).await.unwrap()
}

fn through_acts(kind: Kind, writers: usize) -> Rate {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let (ward, _, patients) = ward(kind, &runtime);
    let (started, cpu) = (Instant::now(), cpu_ms());
    let posts: usize = runtime.block_on(async {
        let mut writing = tokio::task::JoinSet::new();
        for writer in 0..writers {
            let (house, who) = (ward.house.clone(), ward.ito);
            let patient = *patients.get(writer % PATIENTS).unwrap();
            writing.spawn(async move {
                let mut sent = 0;
                while started.elapsed() < MEASURE {
                    let post = Post { text: TEXT.into(), ..Post::default() };
                    let new = NewPost { id: EntryId::new(), patient, audience: Audience::Staff, post };
                    let logs = vec![patient.log()];
                    house.perform(Who::person(who), logs, move |act| threads::post(act, &new)).await.unwrap();
                    sent += 1;
                }
                sent
            });
        }
        writing.join_all().await.into_iter().sum()
    });
    rate(posts, started, cpu)
}

/// The limit: the statements of a post as they are, without sealing, hashing, serialising or waiting
/// senders, so many in a transaction.
fn bare(kind: Kind, group: usize) -> Rate {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (ward, address, patients) = ward(kind, &runtime);
    let mut conn = Place::parse(&address).unwrap().connect().unwrap();
    let who = ward.ito;
    let (started, cpu) = (Instant::now(), cpu_ms());
    let mut posts = 0;
    while started.elapsed() < MEASURE {
        let of: Vec<PatientId> = (0..group).map(|n| *patients.get(n % PATIENTS).unwrap()).collect();
        bare_group(&mut conn, who, &of);
        posts += group;
    }
    rate(posts, started, cpu)
}

fn bare_group(conn: &mut Conn, who: PersonId, of: &[PatientId]) {
    let begin = if matches!(conn, Conn::Sqlite(_)) { "BEGIN IMMEDIATE" } else { "BEGIN" };
    on!(conn, |c| c.batch_execute(begin)).unwrap();
    let logs: Vec<_> = of.iter().map(|patient| patient.log()).collect();
    let known: BTreeMap<_, _> = log::lock(conn, &logs).unwrap();
    let mut heads = Heads::new(logs, known);
    on!(conn, |c| c.batch_execute("SAVEPOINT act")).unwrap();
    for patient in of {
        bare_post(conn, &mut heads, who, *patient);
        on!(conn, |c| c.batch_execute("RELEASE SAVEPOINT act; SAVEPOINT act")).unwrap();
    }
    heads.save(conn, Clock::System.now()).unwrap();
    on!(conn, |c| c.batch_execute("COMMIT")).unwrap();
}

fn bare_post(conn: &mut Conn, heads: &mut Heads, who: PersonId, patient: PatientId) {
    let now = Clock::System.now();
    let facts = renkei::store::patients::facts(conn, patient, Some(who)).unwrap();
    let grant = access::judge(&facts, Need::Post, now).unwrap();
    let id = EntryId::new();
    let header = Header {
        log: patient.log(),
        seq: 0,
        id,
        kind: "post".into(),
        version: 1,
        author: Author::Person(who),
        behalf: None,
        at: now,
        client_at: None,
        audience: Audience::Staff,
    };
    let seq = log::append(conn, heads, header, TEXT.as_bytes().to_vec(), [0; 32]).unwrap().unwrap().seq;
    let state = "shown".to_owned();
    let row = thread::Post { patient, seq, author: who, current_seq: seq, state, answers: None };
    thread::add_post(conn, &grant, &row).unwrap();
}

fn rate(posts: usize, started: Instant, cpu_before: f64) -> Rate {
    let posts = posts as f64;
    Rate { per_second: posts / started.elapsed().as_secs_f64(), cpu_ms: (cpu_ms() - cpu_before) / posts }
}
