//! The command line: reads the words, calls one function of a room below, and turns its result into an
//! exit code: 0 fine, 1 findings or a failure, 2 wrong usage.

use std::io::IsTerminal;
use std::io::Write;
use std::net::IpAddr;
use std::net::Ipv4Addr;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Parser;
use clap::Subcommand;
use renkei::acts::House;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::lang::Lang;
use renkei::kernel::seal::Keys;
use renkei::kernel::time::Clock;
use renkei::ops;
use renkei::ops::region::Beginning;
use renkei::ops::verify::Checkpoint;
use renkei::store::Place;
use renkei::web;
use renkei::web::Options;

/// Renkei (連携): a shared care record with a pathway engine.
#[derive(Parser)]
#[command(version, about, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve a region.
    Serve(Serve),
    /// Open a made-up region on this machine, ready to click.
    Demo {
        /// Where the made-up region is kept; a temporary folder unless said.
        #[arg(long, env = "RENKEI_DATA")]
        data: Option<PathBuf>,
        /// The port to listen on; 0 takes a free one.
        #[arg(long, env = "RENKEI_PORT", default_value_t = 8080)]
        port: u16,
    },
    /// Begin a region, or bring its keys back.
    Region {
        #[command(subcommand)]
        command: Region,
    },
    /// Walk every log and name whatever was changed, removed, swapped or added. Needs no key.
    Verify {
        /// The database: a file, or postgres://…
        #[arg(long, env = "RENKEI_DATABASE", value_parser = Place::parse)]
        database: Place,
        /// A checkpoint kept elsewhere: shows a cut-off end or a log taken away whole.
        #[arg(long)]
        checkpoint: Option<PathBuf>,
        /// Machine-readable output.
        #[arg(long)]
        json: bool,
    },
    /// Sign the present heads of all logs, to be kept away from the database.
    Checkpoint {
        #[command(flatten)]
        region: Where,
    },
    /// Check and try pathway files.
    Pathway {
        #[command(subcommand)]
        command: Files,
    },
    /// Check form files.
    Form {
        #[command(subcommand)]
        command: FormFiles,
    },
}

/// Where a region is.
#[derive(Args)]
struct Where {
    /// The database: a file, or postgres://…
    #[arg(long, env = "RENKEI_DATABASE", value_parser = Place::parse)]
    database: Place,
    /// The keys file.
    #[arg(long, env = "RENKEI_KEYS")]
    keys: PathBuf,
}

#[derive(Args)]
struct Serve {
    #[command(flatten)]
    region: Where,
    /// The data folder.
    #[arg(long, env = "RENKEI_DATA")]
    data: PathBuf,
    /// The port to listen on; 0 takes a free one.
    #[arg(long, env = "RENKEI_PORT", default_value_t = 8080)]
    port: u16,
    /// The address to listen on. A proxy with TLS stands before anything but this machine's own.
    #[arg(long, env = "RENKEI_BIND", default_value_t = IpAddr::V4(Ipv4Addr::LOCALHOST))]
    bind: IpAddr,
    /// The address as people type it: https://renkei.example
    #[arg(long, env = "RENKEI_PUBLIC_ORIGIN")]
    public_origin: Option<String>,
}

#[derive(Subcommand)]
enum Region {
    /// Make a region, its keys with the recovery sheet, and an invitation for its first administrator.
    Init {
        #[command(flatten)]
        region: Where,
        /// The data folder.
        #[arg(long, env = "RENKEI_DATA")]
        data: PathBuf,
        /// The region's name.
        #[arg(long)]
        name: String,
        /// The office that runs it.
        #[arg(long)]
        office: String,
        /// The first administrator's name.
        #[arg(long)]
        admin: String,
        /// The address as people will type it.
        #[arg(long, env = "RENKEI_PUBLIC_ORIGIN", default_value = "http://127.0.0.1:8080")]
        public_origin: String,
    },
    /// Type part of the recovery sheet back, when that was not done at the beginning.
    Confirm {
        #[command(flatten)]
        region: Where,
    },
    /// Write the keys file anew from the recovery sheet.
    Recover {
        /// The keys file to write.
        #[arg(long, env = "RENKEI_KEYS")]
        keys: PathBuf,
    },
}

#[derive(Subcommand)]
enum Files {
    /// List everything that is wrong with pathway files.
    Check(Listed),
    /// Play the cases beside pathway files.
    Test(Listed),
}

#[derive(Subcommand)]
enum FormFiles {
    /// List everything that is wrong with form files.
    Check(Listed),
}

#[derive(Args)]
struct Listed {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
    /// Findings in this language: ja or en.
    #[arg(long, default_value = "ja", value_parser = language)]
    lang: Lang,
}

/// Every setting that the environment may carry. Another one that begins alike is a slip, not a guess.
const SETTINGS: &[&str] = &[
    "RENKEI_DATABASE",
    "RENKEI_DATA",
    "RENKEI_KEYS",
    "RENKEI_PORT",
    "RENKEI_BIND",
    "RENKEI_PUBLIC_ORIGIN",
    "RENKEI_LOG",
];

fn main() -> ExitCode {
    let unknown = std::env::vars_os()
        .filter_map(|(name, _)| name.into_string().ok())
        .find(|name| name.starts_with("RENKEI_") && !SETTINGS.contains(&name.as_str()));
    if let Some(name) = unknown {
        eprintln!("renkei: {name} is not a setting; known are {}", SETTINGS.join(", "));
        return ExitCode::from(2);
    }
    let cli = Cli::parse();
    log_to_stderr();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(cause) => return failed(&Error::fault(format!("the runtime cannot start: {cause}"))),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => ExitCode::from(code),
        Err(cause) => failed(&cause),
    }
}

fn failed(cause: &Error) -> ExitCode {
    match cause {
        Error::Fault(what) => eprintln!("renkei: {what}"),
        other => eprintln!("renkei: {other}"),
    }
    ExitCode::FAILURE
}

fn language(code: &str) -> std::result::Result<Lang, String> {
    Lang::from_code(code).ok_or_else(|| "ja or en".to_owned())
}

/// One JSON line per event, with the request's number and never a word of care.
fn log_to_stderr() {
    let filter = tracing_subscriber::EnvFilter::try_from_env("RENKEI_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,actix_server=warn"));
    let to = tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter);
    // A second subscriber could only be set by a test that runs this twice.
    let _ = to.try_init();
}

async fn run(command: Command) -> Result<u8> {
    match command {
        Command::Serve(serve) => serve_region(serve).await,
        Command::Demo { data, port } => {
            ops::demo::run(port, data, &mut std::io::stdout(), asked_to_stop()).await.map(|()| 0)
        }
        Command::Region { command } => region(command).await,
        Command::Verify { database, checkpoint, json } => verify(&database, checkpoint, json),
        Command::Checkpoint { region } => checkpoint(&region),
        Command::Pathway { command: Files::Check(listed) } => {
            told(ops::pathway_cli::check(&listed.files, listed.json, listed.lang, &mut std::io::stdout()))
        }
        Command::Pathway { command: Files::Test(listed) } => {
            told(ops::pathway_cli::test(&listed.files, listed.json, listed.lang, &mut std::io::stdout()))
        }
        Command::Form { command: FormFiles::Check(listed) } => {
            told(ops::form_cli::check(&listed.files, listed.json, listed.lang, &mut std::io::stdout()))
        }
    }
}

fn told(code: std::io::Result<u8>) -> Result<u8> {
    code.map_err(|cause| Error::fault(format!("the output: {cause}")))
}

async fn serve_region(serve: Serve) -> Result<u8> {
    let listener = listen(serve.bind, serve.port)?;
    let house = ops::region::open(&serve.region.database, &serve.region.keys, Some(&serve.data)).await?;
    let options = Options { public_origin: serve.public_origin, ..Options::default() };
    listen_on(house, listener, options).await
}

fn listen(bind: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((bind, port)).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AddrInUse => {
            Error::fault(format!("port {port} is taken by another program; choose one with --port"))
        }
        _ => Error::fault(format!("cannot listen on {bind}:{port}: {cause}")),
    })
}

async fn listen_on(house: House, listener: TcpListener, options: Options) -> Result<u8> {
    let address = listener.local_addr().map_err(|cause| Error::fault(cause.to_string()))?;
    println!("listening on http://{address}");
    told(std::io::stdout().flush().map(|()| 0))?;
    web::serve(house, listener, options, asked_to_stop()).await?;
    Ok(0)
}

/// SIGTERM or Ctrl-C: what is in flight is finished.
async fn asked_to_stop() {
    let terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate());
    match terminate {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(cause) => {
            tracing::warn!(%cause, "SIGTERM cannot be heard; only Ctrl-C stops this server");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

async fn region(command: Region) -> Result<u8> {
    let mut answers = std::io::BufReader::new(std::io::stdin());
    let mut out = std::io::stdout();
    match command {
        Region::Init { region, data, name, office, admin, public_origin } => {
            let beginning = Beginning { name, office, administrator: admin, origin: public_origin };
            std::fs::create_dir_all(&data)
                .map_err(|cause| Error::fault(format!("{}: {cause}", data.display())))?;
            let (house, link) =
                ops::region::begin(&region.database, &region.keys, Some(&data), &beginning).await?;
            show_sheet(house.keys());
            if !ops::region::confirm(&house, &mut answers, &mut out).await? {
                println!("{UNCONFIRMED}");
            }
            println!("The region has begun. Its first administrator joins here, within 14 days:\n{link}");
        }
        Region::Confirm { region } => {
            let house = ops::region::open(&region.database, &region.keys, None).await?;
            if !ops::region::confirm(&house, &mut answers, &mut out).await? {
                println!("{UNCONFIRMED}");
                return Ok(1);
            }
            println!("The sheet is confirmed.");
        }
        Region::Recover { keys } => ops::region::recover(&keys, &mut answers, &mut out)?,
    }
    Ok(0)
}

const UNCONFIRMED: &str = "\nNobody has shown that the sheet is on paper. Run `renkei region confirm` with it in hand;\n\
                           until then no backup is made.";

fn show_sheet(keys: &Keys) {
    println!("RECOVERY SHEET. Write it down and lock it away: without the keys file and without this sheet");
    println!("nobody can ever read the region's records again.\n");
    for line in ops::region::sheet(keys) {
        println!("  {}", *line);
    }
    println!("\nFrom your paper, type");
}

fn verify(database: &Place, checkpoint: Option<PathBuf>, json: bool) -> Result<u8> {
    let checkpoint = match checkpoint {
        None => None,
        Some(file) => {
            let trouble =
                |cause: &dyn std::fmt::Display| Error::fault(format!("{}: {cause}", file.display()));
            let text = std::fs::read_to_string(&file).map_err(|cause| trouble(&cause))?;
            Some(serde_json::from_str::<Checkpoint>(&text).map_err(|cause| trouble(&cause))?)
        }
    };
    let report = ops::verify::verify(&mut database.connect()?, checkpoint.as_ref())?;
    if json {
        println!(
            "{}",
            serde_json::to_string_pretty(&report).map_err(|cause| Error::fault(cause.to_string()))?
        );
    } else {
        println!("{} logs, {} entries", report.logs, report.entries);
        for breach in &report.breaches {
            println!("log {} entry {}: {}", breach.log, breach.seq, breach.what.says());
        }
    }
    Ok(u8::from(!report.breaches.is_empty()))
}

fn checkpoint(region: &Where) -> Result<u8> {
    let keys = ops::keys::read(&region.keys)?;
    let made = Checkpoint::make(&mut region.database.connect()?, &keys, Clock::System.now())?;
    let text = serde_json::to_string_pretty(&made).map_err(|cause| Error::fault(cause.to_string()))?;
    println!("{text}");
    if std::io::stdout().is_terminal() {
        eprintln!("keep this away from the database; its root is {}", made.root);
    }
    Ok(0)
}
