//! Writers in a process of their own that is killed (`kill -9`) in the middle of their work, and the
//! account afterwards: was anything lost that had been acknowledged, is anything there twice, does the
//! chain hold. The process is the same program started again with its task in an environment variable.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use renkei::acts::House;
use renkei::acts::Who;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::{EntryId, PatientId, PersonId};
use renkei::kernel::seal::{Key, Keys};
use renkei::kernel::time::Clock;
use renkei::record::Audience;
use renkei::record::GENESIS;
use renkei::record::chain;
use renkei::record::payload::{Payload, Post};
use renkei::store::Place;
use renkei::store::log;
use tokio::runtime::Runtime;

/// The environment variable that turns a start of the program into the writers.
const TASK: &str = "RENKEI_TEST_WRITERS";

/// When the writers say that a post is safe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// After the act returned: what the house promises.
    AfterTheCommit,
    /// As soon as it was handed in: the control, which the account must find out.
    BeforeTheCommit,
}

/// What came of all rounds together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Toll {
    /// Posts that the writers said were safe.
    pub acknowledged: usize,
    /// Posts handed in whose answer the kill swallowed; they were sent again under the same id.
    pub unanswered: usize,
    /// Acknowledged, and not there.
    pub lost: usize,
    /// There more than once.
    pub doubled: usize,
    /// Gaps in the numbers and links that do not hold.
    pub broken: usize,
}

/// Where the writers write, and as whom.
pub struct Target {
    /// What stands after `--database`.
    pub database: String,
    /// The house's keys.
    pub keys: Keys,
    /// On whose thread.
    pub patient: PatientId,
    /// As whom.
    pub person: PersonId,
}

/// Kills `rounds` processes of eight writers each and gives the account. `arguments` start this program
/// so that it calls [`write_if_asked`].
pub fn kill_writers(target: &Target, arguments: &[&str], rounds: u64, says: Says) -> Toll {
    let runtime = Runtime::new().unwrap();
    let house = runtime.block_on(open(&target.database, target.keys.clone()));
    let (mut toll, mut acknowledged) = (Toll::default(), BTreeSet::new());
    for round in 0..rounds {
        let (sent, answered) = one_round(target, arguments, says, life(round));
        for id in sent.difference(&answered) {
            toll.unanswered += 1;
            runtime.block_on(post(&house, target, *id)).unwrap();
        }
        acknowledged.extend(answered);
    }
    toll.acknowledged = acknowledged.len();
    settle(&mut toll, &runtime.block_on(entries(&house, target)), &acknowledged);
    toll
}

/// How long the writers of a round live: spread over 5 to 400 ms, the same in every run.
fn life(round: u64) -> Duration {
    Duration::from_millis(5 + round.wrapping_mul(0x9E37_79B9_7F4A_7C15) % 396)
}

/// One process from its first word to its death: the posts it handed in, and those it called safe.
fn one_round(
    target: &Target,
    arguments: &[&str],
    says: Says,
    life: Duration,
) -> (BTreeSet<EntryId>, BTreeSet<EntryId>) {
    let (region, look_up) = target.keys.parts();
    let hex = |key: &Key| data_encoding::HEXLOWER.encode(key.expose());
    let early = says == Says::BeforeTheCommit;
    let task = [
        target.database.clone(),
        hex(region),
        hex(look_up),
        target.patient.to_string(),
        target.person.to_string(),
        early.to_string(),
    ];
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(arguments).env(TASK, task.join("\n")).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    let (send, words) = mpsc::channel();
    let stdout = child.stdout.take().unwrap();
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    let mut heard = Vec::new();
    while !heard.iter().any(|word| matches!(word, Some(("safe", _)))) {
        let line = words.recv_timeout(Duration::from_secs(60)).expect("the writers did not begin");
        heard.push(word_of(&line));
    }
    std::thread::sleep(life);
    child.kill().unwrap();
    child.wait().unwrap();
    reader.join().unwrap();

    heard.extend(words.try_iter().map(|line| word_of(&line)));
    let all =
        |wanted| heard.iter().flatten().filter(|(word, _)| *word == wanted).map(|(_, id)| *id).collect();
    (all("sent"), all("safe"))
}

/// What a line says of which post. Words of the test runner may stand before it; the last line may be
/// torn by the kill, and then nobody ever read it as an answer.
fn word_of(line: &str) -> Option<(&'static str, EntryId)> {
    let mut words = line.rsplit(' ');
    let id = words.next()?.parse().ok()?;
    ["sent", "safe"].into_iter().find(|word| words.clone().next() == Some(word)).map(|word| (word, id))
}

fn settle(toll: &mut Toll, entries: &[(log::Linked, Option<Post>)], acknowledged: &BTreeSet<EntryId>) {
    let mut times: BTreeMap<&str, usize> = BTreeMap::new();
    let mut end = (0, GENESIS);
    for (log::Linked { row, digest, hash: said }, post) in entries {
        let hash = chain(&end.1, &row.header().unwrap(), &log::digest(digest).unwrap());
        toll.broken += usize::from(row.seq != end.0 + 1 || said[..] != hash);
        end = (row.seq, hash);
        if let Some(post) = post {
            *times.entry(&post.text).or_default() += 1;
        }
    }
    toll.doubled = times.values().filter(|times| **times > 1).count();
    toll.lost = acknowledged.iter().filter(|id| !times.contains_key(id.to_string().as_str())).count();
}

/// All entries of the patient's log, opened where they are posts.
async fn entries(house: &House, target: &Target) -> Vec<(log::Linked, Option<Post>)> {
    let patient = target.patient;
    let read = house.look(target.person, patient, "thread", move |look| {
        let rows = log::after(look.conn, patient.log(), 0, i64::MAX)?;
        rows.into_iter()
            .map(|linked| match look.open(&linked.row)? {
                Payload::Post(post) => Ok((linked, Some(post))),
                _ => Ok((linked, None)),
            })
            .collect()
    });
    read.await.unwrap()
}

async fn open(database: &str, keys: Keys) -> House {
    House::open(&Place::parse(database).unwrap(), keys, Clock::System).await.unwrap()
}

/// Each post says its own id, so that two of one kind show.
async fn post(house: &House, target: &Target, id: EntryId) -> renkei::kernel::error::Result<i64> {
    let post = Post { text: id.to_string(), ..Post::default() };
    let new = NewPost { id, patient: target.patient, audience: Audience::Staff, post };
    house
        .perform(Who::person(target.person), vec![target.patient.log()], move |act| threads::post(act, &new))
        .await
}

/// Becomes the writers when the environment says so, and writes until it is killed. Otherwise returns.
pub fn write_if_asked() {
    let Some(task) = std::env::var_os(TASK) else { return };
    let task = task.into_string().unwrap();
    let [database, region, look_up, patient, person, early] = task.split('\n').collect::<Vec<_>>()[..] else {
        panic!("the task has six lines");
    };
    let key = |hex: &str| Key::from_bytes(&data_encoding::HEXLOWER.decode(hex.as_bytes()).unwrap()).unwrap();
    let target = Target {
        database: database.to_owned(),
        keys: Keys::new(key(region), key(look_up)),
        patient: patient.parse().unwrap(),
        person: person.parse().unwrap(),
    };
    Runtime::new().unwrap().block_on(async {
        let house = open(&target.database, target.keys.clone()).await;
        let writers = (0..8).map(|_| write(&house, &target, early == "true"));
        futures_util::future::join_all(writers).await;
    });
}

async fn write(house: &House, target: &Target, early: bool) {
    loop {
        let id = EntryId::new();
        say("sent", id);
        if early {
            say("safe", id);
        }
        let safe = post(house, target, id).await.is_ok();
        if safe && !early {
            say("safe", id);
        }
    }
}

/// One line, one write: what was said before a kill was said whole, or not at all.
fn say(word: &str, id: EntryId) {
    let line = format!("{word} {id}\n");
    let mut out = std::io::stdout().lock();
    out.write_all(line.as_bytes()).and_then(|()| out.flush()).unwrap();
}
