//! A thread page of 50 posts over HTTP, signed in, decrypted and rendered: CPU per page beside a constant
//! reply of the same size from a server with the same layers (tracing, guard, explanations) and headers.
//! `cargo bench --bench page`; exit code 1 when a page costs more than fifteen constant replies.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a failed measurement may end"
)]

use std::net::TcpListener;
use std::process::Command;
use std::process::ExitCode;

use actix_web::App;
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
use renkei::web::respond;
use renkei::web::security;
use renkei::web::security::Guard;
use renkei::web::trace;

use support::Kind;
use support::ward::Ward;

#[path = "../tests/it/support/mod.rs"]
#[expect(dead_code, reason = "the stories use the rest")]
mod support;

const PAGES: usize = 2_000;
const CONSTANT_REPLIES: usize = 40_000;
const RATIO_MAX: f64 = 15.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--fetch") {
        let [address, cookie, times] = &arguments[at + 1..at + 4] else { unreachable!() };
        return fetch(address, cookie, times.parse().unwrap());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut held = true;
    println!("database  page bytes  CPU ms per page  CPU ms per constant reply  ratio (at most {RATIO_MAX})");
    for kind in [Kind::Sqlite, Kind::Postgres] {
        let (bytes, page, constant) = runtime.block_on(measure(kind));
        println!(
            "{:<8}  {bytes:>10}  {page:>15.3}  {constant:>25.3}  {:>5.1}",
            format!("{kind:?}"),
            page / constant
        );
        held &= page / constant <= RATIO_MAX;
    }
    if held { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

async fn measure(kind: Kind) -> (usize, f64, f64) {
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
    let page = cpu_per_reply(&address, &cookie, PAGES).await;
    let constant = cpu_per_reply(&constant_server(bytes.clone()), &cookie, CONSTANT_REPLIES).await;
    (bytes.len(), page, constant)
}

/// A server with the same layers that always answers the same bytes.
fn constant_server(bytes: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let bytes = web::Bytes::from(bytes);
    let guard = web::Data::new(Guard::new(address.clone(), Key::random().unwrap(), 1 << 18));
    let server = HttpServer::new(move || {
        let bytes = bytes.clone();
        let answer =
            move || std::future::ready(HttpResponse::Ok().content_type("text/html").body(bytes.clone()));
        App::new()
            .app_data(guard.clone())
            .wrap(from_fn(respond::explain))
            .wrap(from_fn(security::guard))
            .wrap(from_fn(trace::trace))
            .route("/", web::get().to(answer))
    });
    tokio::spawn(server.workers(2).disable_signals().listen(listener).unwrap().run());
    address + "/"
}

/// What this process spends on a reply while another process asks for so many, one after the other.
async fn cpu_per_reply(address: &str, cookie: &str, times: usize) -> f64 {
    ask(address, cookie, PAGES / 10).await;
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

/// User and system time of this process so far, in milliseconds; the kernel counts in steps of ten.
fn cpu_ms() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let after_name = stat.rsplit_once(')').unwrap().1;
    let ticks: f64 = after_name.split_whitespace().skip(11).take(2).map(|n| n.parse::<f64>().unwrap()).sum();
    ticks * 10.0
}
