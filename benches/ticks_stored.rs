//! A day's tick through `acts`, everything committed to SQLite: of ten times as many patients with the same
//! share of them having something due, then of ten times as many of whom the same number has; and a pathway
//! of forty tasks applied to a patient. `cargo bench --bench ticks_stored [-- PATIENTS MORE [strewn]]`, by
//! default 10 000 and 100 000 who were registered in the order in which their runs began; exit code 1 when a
//! stated limit is missed. `strewn` measures the worst case, that whoever has something due lies far from the
//! next one; it has no limit for few among many. CPU is this process's own, SQLite's part and the kernel's
//! included. The system is made to hold the file in memory first (5 GB for 100 000), since fetching a page from
//! a disk is the disk's price and not the tick's.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::process::ExitCode;
use std::time::Instant;

use futures_util::StreamExt;
use futures_util::stream;
use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::letters::Signing;
use renkei::acts::plans;
use renkei::form::answers::Answers;
use renkei::kernel::id::EntryId;
use renkei::kernel::id::LetterId;
use renkei::kernel::id::PatientId;
use renkei::kernel::id::PersonId;
use renkei::kernel::id::RunId;
use renkei::kernel::time::Time;
use renkei::store::definitions;
use renkei::store::definitions::Definition;
use serde_json::json;

use cpu::cpu_ms;
use support::Kind;
use support::ward::Ward;
use ticking::Begun;
use ticking::DAY_SECONDS;
use ticking::FEW;
use ticking::FIRST_DAY;
use ticking::Mix;
use ticking::Order;
use ticking::pathway;

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod support;

#[path = "cpu/mod.rs"]
mod cpu;
#[path = "ticking/mod.rs"]
mod ticking;

/// A run that has something due: loaded, stepped, and durable again.
const DUE_MICROS_MAX: f64 = 150.0;
/// The same number due among ten times as many patients, in the order in which a region registers them.
const IDLE_RATIO_MAX: f64 = 1.3;
/// A pathway of forty tasks on a patient.
const APPLY_MS_MAX: f64 = 3.0;
/// Senders at once while patients are enrolled: the committer takes them in groups.
const AT_ONCE: usize = 128;
/// Patients that the pathway is applied to.
const APPLIED: usize = 200;

fn main() -> ExitCode {
    let mut numbers = std::env::args().filter_map(|argument| argument.parse::<usize>().ok());
    let (patients, more) = (numbers.next().unwrap_or(10_000), numbers.next().unwrap_or(100_000));
    let order = Order::asked();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let held = runtime.block_on(async {
        let applied = applied().await;
        println!("a pathway of forty tasks on a patient: {applied:.2} ms of CPU (at most {APPLY_MS_MAX})");
        let (fewer, many) = (days(patients, order).await, days(more, order).await);
        let ratio = many.few / fewer.few;
        println!(
            "{FEW} due among {more} beside {FEW} among {patients}: {ratio:.2} ({})",
            match order {
                Order::Begun => format!("at most {IDLE_RATIO_MAX}"),
                Order::Strewn => "strewn: no limit".to_owned(),
            }
        );
        applied <= APPLY_MS_MAX
            && [&fewer, &many].iter().all(|days| days.share <= DUE_MICROS_MAX)
            && (order == Order::Strewn || ratio <= IDLE_RATIO_MAX)
    });
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// CPU microseconds of a run that has something due.
struct Days {
    /// On a day on which a sixth of all has.
    share: f64,
    /// On a day on which few have.
    few: f64,
}

/// A region with the pathway published.
struct Region {
    ward: Ward,
    hash: String,
    file: String,
}

/// Registers, states the fact, starts the run; returns who it is.
#[derive(Clone)]
struct Enrolling {
    house: House,
    nurse: PersonId,
    hash: String,
    form: String,
}

impl Region {
    async fn found() -> Self {
        let file = Kind::Sqlite.fresh();
        let ward = Ward::build(&file).await;
        let pathway = pathway();
        let row = Definition {
            hash: pathway.hash.clone(),
            kind: "pathway".to_owned(),
            code: pathway.definition.id.clone(),
            version: pathway.definition.version.clone(),
            state: "current".to_owned(),
            body: pathway.text.clone(),
            seq: 1,
        };
        ward.house.jot(move |conn, _| definitions::publish(conn, &row)).await.unwrap();
        ward.house.reload_library().await.unwrap();
        Self { ward, hash: pathway.hash, file }
    }

    /// Reads the database's file once, so that the system has it in memory.
    fn hold_in_memory(&self) {
        let mut file = std::fs::File::open(&self.file).unwrap();
        std::io::copy(&mut file, &mut std::io::sink()).unwrap();
    }

    fn at_day(&self, day: i64) -> House {
        self.ward.house.at(Time(FIRST_DAY).plus_seconds(day * DAY_SECONDS))
    }

    fn enrolling(&self, begun: Begun) -> Enrolling {
        Enrolling {
            house: self.at_day(-begun.days_ago),
            nurse: self.ward.ito,
            hash: self.hash.clone(),
            form: self.ward.house.library().current_form("eol-daily").unwrap().hash.clone(),
        }
    }

    /// Enrols them all, and lets happen what fell due before the first day.
    async fn enrol(&self, mix: Vec<Begun>) {
        stream::iter(mix)
            .for_each_concurrent(AT_ONCE, async |begun| {
                let enrolling = self.enrolling(begun);
                let patient = enrolling.register(begun.frail).await;
                enrolling.start(patient).await;
            })
            .await;
        self.tick(0).await;
    }

    /// Lets happen what is due by the end of a day; returns how many patients it stirred.
    async fn tick(&self, day: i64) -> usize {
        let house = self.at_day(day);
        let mut ticked = 0;
        loop {
            match house.tick_due().await.unwrap() {
                0 => return ticked,
                some => ticked += some,
            }
        }
    }
}

impl Enrolling {
    async fn register(&self, frail: bool) -> PatientId {
        let (card, mut consent) = support::ward::someone();
        consent.on = jiff::civil::date(2025, 10, 1);
        let patient = support::ward::register(&self.house, self.nurse, card, consent).await;
        let mut answers = Answers::default();
        let told = json!({
            "seen_on": self.house.now().day().to_string(), "pps": 40, "oral_intake": "reduced", "oedema": false,
            "dyspnoea_at_rest": false, "delirium": false, "nrs_now": 2, "bed_bound": frail,
            "semi_comatose": false, "sips_only": false, "no_tablets": false,
        });
        for (path, value) in told.as_object().unwrap() {
            answers.put(path.clone(), value.clone());
        }
        let signing = Signing {
            id: EntryId::new(),
            letter: LetterId::new(),
            patient,
            form_hash: self.form.clone(),
            answers,
            task: None,
            about: None,
            supersedes: 0,
            reason: String::new(),
            to_office: None,
        };
        self.house.sign(Who::person(self.nurse), signing).await.unwrap();
        patient
    }

    async fn start(&self, patient: PatientId) {
        let (id, run, hash) = (EntryId::new(), RunId::new(), self.hash.clone());
        self.house
            .perform(Who::person(self.nurse), vec![patient.log()], move |act| {
                plans::start(act, id, patient, run, &hash)
            })
            .await
            .unwrap();
    }
}

/// CPU milliseconds of starting a run, each in a commit of its own.
async fn applied() -> f64 {
    let region = Region::found().await;
    let enrolling = region.enrolling(Begun { days_ago: 0, frail: true });
    let mut patients = Vec::new();
    for _ in 0..APPLIED {
        patients.push(enrolling.register(true).await);
    }
    let before = cpu_ms();
    for patient in patients {
        enrolling.start(patient).await;
    }
    (cpu_ms() - before) / APPLIED as f64
}

async fn days(patients: usize, order: Order) -> Days {
    let (region, mix) = (Region::found().await, Mix::of(patients, order));
    let (started, before) = (Instant::now(), cpu_ms());
    region.enrol(mix.begun).await;
    println!(
        "{patients} patients enrolled and caught up in {:.0} s ({:.2} ms of CPU each)",
        started.elapsed().as_secs_f64(),
        (cpu_ms() - before) / patients as f64
    );
    region.hold_in_memory();
    let few = measured(&region, 1, FEW).await;
    let share = measured(&region, 2, mix.share).await;
    println!(
        "{patients} patients, {} due: {share:.0} µs of CPU each (at most {DUE_MICROS_MAX}); {FEW} due: {few:.0} µs each",
        mix.share
    );
    Days { share, few }
}

/// CPU microseconds of each run that has something due on a day.
async fn measured(region: &Region, day: i64, expected: usize) -> f64 {
    let before = cpu_ms();
    let ticked = region.tick(day).await;
    assert_eq!(ticked, expected, "the mix gives the load that it says");
    (cpu_ms() - before) * 1e3 / ticked as f64
}
