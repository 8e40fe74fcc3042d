//! A thread page of 50 posts over HTTP, signed in, decrypted and rendered: CPU per page beside a constant
//! reply of the same size from a server with the same layers (tracing, guard, explanations) and headers,
//! to anybody, and for comparison behind the same door (the session is looked up).
//! `cargo bench --bench page`; exit code 1 when a page costs more than fifteen constant replies to anybody.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::net::TcpListener;
use std::process::Command;
use std::process::ExitCode;

use actix_web::App as Site;
use actix_web::HttpResponse;
use actix_web::HttpServer;
use actix_web::middleware::from_fn;
use actix_web::web;
use renkei::acts::Who;
use renkei::acts::accounts::Computer;
use renkei::acts::threads;
use renkei::acts::threads::NewPost;
use renkei::kernel::id::EntryId;
use renkei::kernel::seal::Key;
use renkei::record::Audience;
use renkei::record::payload::Post;
use renkei::web::Options;
use renkei::web::app::App;
use renkei::web::app::Signed;
use renkei::web::live::Streams;
use renkei::web::respond;
use renkei::web::security;
use renkei::web::security::Guard;
use renkei::web::trace;

use tokio::sync::watch;

use cpu::cpu_ms;
use support::Kind;
use support::ward::Ward;

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod support;

#[path = "cpu/mod.rs"]
mod cpu;

const ROUNDS: usize = 10;
const PAGES: usize = 200;
const RATIO_MAX: f64 = 15.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--fetch") {
        let [address, cookie, times] = &arguments[at + 1..at + 4] else { unreachable!() };
        return fetch(address, cookie, times.parse().unwrap());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut held = true;
    println!(
        "database  page bytes  CPU ms: page  constant, signed in  constant, anybody  \
         page÷signed in  page÷anybody (at most {RATIO_MAX})"
    );
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let Measured { bytes, page, signed_in, anybody } = runtime.block_on(measure(kind));
        println!(
            "{:<8}  {bytes:>10}  {page:>12.3}  {signed_in:>19.3}  {anybody:>17.3}  {:>14.1}  {:>28.1}",
            format!("{kind:?}"),
            page / signed_in,
            page / anybody,
        );
        held &= page / anybody <= RATIO_MAX;
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// CPU milliseconds of each reply.
#[derive(Default)]
struct Measured {
    bytes: usize,
    page: f64,
    signed_in: f64,
    anybody: f64,
}

async fn measure(kind: Kind) -> Measured {
    let ward = Ward::build(&kind.fresh()).await;
    for n in 0..60 {
        let text = format!(
            "{n}回目の訪問。体温36.7度、血圧128/76。胃ろう周囲の発赤なし、回転良好。注入後の嘔吐なし。"
        );
        let post = Post { text, ..Post::default() };
        let new = NewPost { id: EntryId::new(), patient: ward.tanaka, audience: Audience::Staff, post };
        let logs = vec![ward.tanaka.log()];
        ward.house.perform(Who::person(ward.ito), logs, move |act| threads::post(act, &new)).await.unwrap();
    }
    let secret = ward.house.begin_session(ward.sato, Computer::Own).await.unwrap();
    let cookie = format!("renkei={secret}");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/patients/{}", listener.local_addr().unwrap(), ward.tanaka);
    let options = Options { workers: Some(2), ..Options::default() };
    tokio::spawn(renkei::web::serve(ward.house.clone(), listener, options, std::future::pending()));
    let bytes =
        ureq::get(&address).header("cookie", &cookie).call().unwrap().body_mut().read_to_vec().unwrap();
    let (constant, _stop) = constant_server(&ward, bytes.clone());
    let [signed_in, anybody] = ["signed-in", "anybody"].map(|door| format!("{constant}/{door}"));
    for warm in [&address, &signed_in, &anybody] {
        ask(warm, &cookie, PAGES).await;
    }
    let mut measured = Measured { bytes: bytes.len(), ..Measured::default() };
    // Turn and turn about, so that whatever else the machine does meets all three.
    for _ in 0..ROUNDS {
        measured.page += cpu_per_reply(&address, &cookie, PAGES).await / ROUNDS as f64;
        measured.signed_in += cpu_per_reply(&signed_in, &cookie, PAGES * 5).await / ROUNDS as f64;
        measured.anybody += cpu_per_reply(&anybody, &cookie, PAGES * 20).await / ROUNDS as f64;
    }
    measured
}

/// A server with the same layers that always answers the same bytes: to whoever is signed in, and to
/// anybody.
fn constant_server(ward: &Ward, bytes: Vec<u8>) -> (String, watch::Sender<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let bytes = web::Bytes::from(bytes);
    let (stopping, stopped) = watch::channel(false);
    let guard = web::Data::new(Guard::new(origin.clone(), Key::random().unwrap(), 1 << 18));
    let app = web::Data::new(App {
        house: ward.house.clone(),
        demo: false,
        origin: origin.clone(),
        streams: Streams::new(stopped),
    });
    let server = HttpServer::new(move || {
        let reply = |bytes: web::Bytes| HttpResponse::Ok().content_type("text/html").body(bytes);
        let (to_all, to_signed) = (bytes.clone(), bytes.clone());
        let anybody = move || std::future::ready(reply(to_all.clone()));
        let signed_in = move |_: Signed| std::future::ready(reply(to_signed.clone()));
        Site::new()
            .app_data(app.clone())
            .app_data(guard.clone())
            .wrap(from_fn(respond::explain))
            .wrap(from_fn(security::guard))
            .wrap(from_fn(trace::trace))
            .route("/anybody", web::get().to(anybody))
            .route("/signed-in", web::get().to(signed_in))
    });
    tokio::spawn(server.workers(2).disable_signals().listen(listener).unwrap().run());
    (origin, stopping)
}

/// What this process spends on a reply while another process asks for so many, one after the other.
async fn cpu_per_reply(address: &str, cookie: &str, times: usize) -> f64 {
    let before = cpu_ms();
    ask(address, cookie, times).await;
    (cpu_ms() - before) / times as f64
}

async fn ask(address: &str, cookie: &str, times: usize) {
    let mut asking = Command::new(std::env::current_exe().unwrap());
    asking.args(["--fetch", address, cookie, &times.to_string()]);
    let done = tokio::task::spawn_blocking(move || asking.status().unwrap()).await.unwrap();
    assert!(done.success());
}

fn fetch(address: &str, cookie: &str, times: usize) -> ExitCode {
    let agent: ureq::Agent = ureq::Agent::config_builder().build().into();
    for _ in 0..times {
        let mut answer = agent.get(address).header("cookie", cookie).call().unwrap();
        assert!(!answer.body_mut().read_to_vec().unwrap().is_empty());
    }
    ExitCode::SUCCESS
}
