//! The command line: reads the words, calls one function of `ops` or `web`, turns its result into an
//! exit code: 0 fine, 1 findings or a failure, 2 a command that cannot be understood.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::BufReader;
use std::io::IsTerminal;
use std::io::Write;
use std::net::IpAddr;
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use clap::Command;
use clap::CommandFactory;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use renkei::kernel::error::Error;
use renkei::kernel::error::Result;
use renkei::kernel::lang::Lang;
use renkei::kernel::time::Clock;
use renkei::ops;
use renkei::ops::pathway_cli::Drawn;
use renkei::ops::region::Beginning;
use renkei::pathway::simulate::DAYS_MAX;
use renkei::pathway::simulate::Setting;
use renkei::store::Place;
use renkei::web;
use renkei::web::Options;
use tracing_subscriber::EnvFilter;

/// A shared care record with a pathway engine. Every option can also be set in the environment.
#[derive(Debug, Parser)]
#[command(name = "renkei", version)]
struct Line {
    #[command(subcommand)]
    act: Act,
    /// The language of what is printed.
    #[arg(long, global = true, env = "RENKEI_LANG", default_value = "en")]
    lang: Tongue,
    /// What is logged to stderr: error, warn, info, debug.
    #[arg(long, global = true, env = "RENKEI_LOG", default_value = "info")]
    log: String,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Tongue {
    Ja,
    En,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Serve a region.
    Serve(Serve),
    /// Open a made-up region, ready to click.
    Demo(Demo),
    /// Begin a region, prove its recovery sheet, get its keys back.
    #[command(subcommand)]
    Region(Region),
    /// Walk every log and name whatever was changed, removed, swapped or added. Needs no key.
    Verify(Verify),
    /// Sign the heads of all logs, to be kept away from the database.
    Checkpoint(House),
    /// Work on pathway files.
    #[command(subcommand)]
    Pathway(Pathway),
    /// Work on form files.
    #[command(subcommand)]
    Form(Form),
}

/// Where a region lives.
#[derive(Debug, Args)]
struct House {
    /// A file path, or a postgres:// URL.
    #[arg(long, env = "RENKEI_DATABASE", value_parser = Place::parse)]
    database: Place,
    /// The folder for everything that is not in the database.
    #[arg(long, env = "RENKEI_DATA")]
    data: Option<PathBuf>,
    /// The region's keys: a file outside the database, the data folder and the backup.
    #[arg(long, env = "RENKEI_KEYS")]
    keys: PathBuf,
}

#[derive(Debug, Args)]
struct Serve {
    #[command(flatten)]
    house: House,
    /// Which port; 0 takes a free one.
    #[arg(long, env = "RENKEI_PORT", default_value_t = 8080)]
    port: u16,
    /// Which address of this machine.
    #[arg(long, env = "RENKEI_BIND", default_value = "127.0.0.1")]
    bind: IpAddr,
    /// The address as people type it, such as https://renkei.example: needed behind a proxy.
    #[arg(long, env = "RENKEI_PUBLIC_ORIGIN")]
    public_origin: Option<String>,
}

#[derive(Debug, Args)]
struct Demo {
    /// The folder of the made-up region; a temporary one unless said.
    #[arg(long, env = "RENKEI_DATA")]
    data: Option<PathBuf>,
    /// Which port; 0 takes a free one.
    #[arg(long, env = "RENKEI_PORT", default_value_t = 8080)]
    port: u16,
}

#[derive(Debug, Subcommand)]
enum Region {
    /// Make a region in an empty database, its keys, and an invitation for its first administrator.
    Init(Init),
    /// Type part of the recovery sheet back: proof that somebody holds it.
    Confirm(House),
    /// Make a lost keys file anew from the recovery sheet.
    Recover {
        /// Where the keys file shall lie.
        #[arg(long, env = "RENKEI_KEYS")]
        keys: PathBuf,
    },
}

#[derive(Debug, Args)]
struct Init {
    #[command(flatten)]
    house: House,
    /// The region's name.
    #[arg(long)]
    name: String,
    /// The town office's or liaison office's name; the region's unless said.
    #[arg(long)]
    office: Option<String>,
    /// Whom the first invitation is for.
    #[arg(long, default_value = "管理者")]
    administrator: String,
    /// The address that people will type, for the invitation's link.
    #[arg(long, env = "RENKEI_PUBLIC_ORIGIN", default_value = "http://127.0.0.1:8080")]
    public_origin: String,
    /// Ask for part of the sheet even though nobody sits at a terminal; the answer comes on stdin.
    #[arg(long)]
    confirm: bool,
}

#[derive(Debug, Args)]
struct Verify {
    /// A file path, or a postgres:// URL.
    #[arg(long, env = "RENKEI_DATABASE", value_parser = Place::parse)]
    database: Place,
    /// A checkpoint that was kept elsewhere: shows a cut-off end or a log that is gone.
    #[arg(long)]
    checkpoint: Option<PathBuf>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Subcommand)]
enum Pathway {
    /// Find what is wrong in pathway files, with file, pointer and line.
    Check(Files),
    /// Play the stories beside pathway files.
    Test(Files),
    /// Play a pathway forward on a made-up patient: what each profession would do on each day.
    Simulate(Simulation),
    /// Draw a pathway: its phases and the ways between them, as SVG.
    Graph(Graph),
    /// Write the reference of the format: every member, from the schema.
    Reference,
    /// Say in words what differs from one version of a pathway to another.
    Compare(Comparison),
}

#[derive(Debug, Args)]
struct Comparison {
    /// The older version's file.
    from: PathBuf,
    /// The newer version's file.
    to: PathBuf,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Args)]
struct Graph {
    /// The pathway file.
    file: PathBuf,
    /// Draw what each profession does in each phase instead.
    #[arg(long)]
    timeline: bool,
    /// The file to write; printed unless said.
    #[arg(long)]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Text,
    Json,
    Svg,
}

#[derive(Debug, Args)]
struct Simulation {
    /// The pathway file.
    file: PathBuf,
    /// What is known on the first day: a JSON file of concepts and their values.
    #[arg(long)]
    facts: Option<PathBuf>,
    /// The first day; today unless said.
    #[arg(long)]
    from: Option<jiff::civil::Date>,
    /// How many days.
    #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u16).range(1..=i64::from(DAYS_MAX)))]
    days: u16,
    /// As text, for programs, or as a picture.
    #[arg(long, default_value = "text")]
    format: Format,
}

#[derive(Debug, Subcommand)]
enum Form {
    /// Find what is wrong in form files, with file, pointer and line.
    Check(Files),
}

#[derive(Debug, Args)]
struct Files {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// Machine-readable output.
    #[arg(long)]
    json: bool,
}

fn main() -> ExitCode {
    let unknown = unknown_settings();
    if !unknown.is_empty() {
        let names = unknown.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join(", ");
        eprintln!("renkei: the environment holds settings that do not exist: {names}");
        return ExitCode::from(2);
    }
    let line = Line::parse();
    let Ok(filter) = EnvFilter::try_new(&line.log) else {
        eprintln!("renkei: --log takes error, warn, info or debug");
        return ExitCode::from(2);
    };
    tracing_subscriber::fmt().json().with_writer(std::io::stderr).with_env_filter(filter).init();
    let lang = match line.lang {
        Tongue::Ja => Lang::Ja,
        Tongue::En => Lang::En,
    };
    match run(line.act, lang) {
        Ok(code) => ExitCode::from(code),
        Err(why) => {
            eprintln!("renkei: {}", plainly(&why));
            ExitCode::FAILURE
        }
    }
}

/// Settings in the environment that no option knows: an error, never a guess.
fn unknown_settings() -> Vec<OsString> {
    let mut known = BTreeSet::new();
    gather(&Line::command(), &mut known);
    let ours = |name: &OsString| name.to_string_lossy().starts_with("RENKEI_");
    std::env::vars_os().map(|(name, _)| name).filter(|name| ours(name) && !known.contains(name)).collect()
}

fn gather(command: &Command, known: &mut BTreeSet<OsString>) {
    known.extend(command.get_arguments().filter_map(|option| option.get_env()).map(OsString::from));
    for part in command.get_subcommands() {
        gather(part, known);
    }
}

/// An error as an operator reads it.
fn plainly(why: &Error) -> String {
    match why {
        Error::Fault(cause) => cause.to_string(),
        Error::Invalid(flaws) => flaws
            .iter()
            .map(|flaw| format!("{}: {}", flaw.field, flaw.says.en))
            .collect::<Vec<_>>()
            .join("; "),
        other => other.to_string(),
    }
}

fn run(act: Act, lang: Lang) -> Result<u8> {
    let mut out = std::io::stdout();
    match act {
        Act::Serve(serve) => waiting(self::serve(serve)),
        Act::Demo(demo) => waiting(self::demo(demo)),
        Act::Region(Region::Init(init)) => waiting(self::init(init)),
        Act::Region(Region::Confirm(house)) => waiting(confirm(house)),
        Act::Region(Region::Recover { keys }) => {
            let mut answers = std::io::stdin().lock();
            ops::region::recover(&keys, &mut answers, &mut out).map(|()| 0)
        }
        Act::Verify(verify) => {
            ops::verify_cli::verify(&verify.database, verify.checkpoint.as_deref(), verify.json, &mut out)
        }
        Act::Checkpoint(house) => waiting(async move {
            let house = open(&house).await?;
            ops::verify_cli::checkpoint(&house, &mut std::io::stdout()).await.map(|()| 0)
        }),
        Act::Pathway(Pathway::Check(files)) => {
            told(ops::pathway_cli::check(&files.files, files.json, lang, &mut out))
        }
        Act::Pathway(Pathway::Test(files)) => {
            told(ops::pathway_cli::test(&files.files, files.json, lang, &mut out))
        }
        Act::Pathway(Pathway::Reference) => ops::pathway_cli::reference(lang, &mut out),
        Act::Pathway(Pathway::Simulate(asked)) => {
            let from = asked.from.unwrap_or_else(|| Clock::System.now().day());
            let setting = Setting { from, days: asked.days, facts: Vec::new() };
            let facts = asked.facts.as_deref();
            let format = match asked.format {
                Format::Text => ops::pathway_cli::Format::Text,
                Format::Json => ops::pathway_cli::Format::Json,
                Format::Svg => ops::pathway_cli::Format::Svg,
            };
            ops::pathway_cli::simulate(&asked.file, facts, setting, format, lang, &mut out)
        }
        Act::Pathway(Pathway::Graph(asked)) => {
            let what = if asked.timeline { Drawn::Roles } else { Drawn::Phases };
            ops::pathway_cli::graph(&asked.file, what, asked.out.as_deref(), lang, &mut out)
        }
        Act::Pathway(Pathway::Compare(asked)) => {
            told(ops::compare_cli::compare(&asked.from, &asked.to, asked.json, lang, &mut out))
        }
        Act::Form(Form::Check(files)) => told(ops::form_cli::check(&files.files, files.json, lang, &mut out)),
    }
}

fn told(done: std::io::Result<u8>) -> Result<u8> {
    done.map_err(|cause| Error::fault(format!("cannot write: {cause}")))
}

/// Runs what waits for others, on as many threads as there are processors.
fn waiting(act: impl Future<Output = Result<u8>>) -> Result<u8> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|cause| Error::fault(format!("cannot start: {cause}")))?.block_on(act)
}

async fn open(house: &House) -> Result<renkei::acts::House> {
    ops::region::open(&house.database, &house.keys, house.data.as_deref()).await
}

fn listen(address: IpAddr, port: u16) -> Result<TcpListener> {
    TcpListener::bind((address, port)).map_err(|cause| match cause.kind() {
        std::io::ErrorKind::AddrInUse => {
            Error::fault(format!("port {port} is taken; choose another one with --port"))
        }
        _ => Error::fault(format!("cannot listen on {address}:{port}: {cause}")),
    })
}

/// Says where the server listens, once it does.
fn announce(listener: &TcpListener) -> Result<()> {
    let broken = |cause: std::io::Error| Error::fault(format!("cannot write: {cause}"));
    let address = listener.local_addr().map_err(broken)?;
    let mut out = std::io::stdout();
    writeln!(out, "listening on http://{address}").and_then(|()| out.flush()).map_err(broken)
}

/// Comes true when the machine or a person asks us to stop.
async fn asked_to_stop() {
    use tokio::signal::unix::SignalKind;
    use tokio::signal::unix::signal;
    let (Ok(mut term), Ok(mut interrupt)) =
        (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = term.recv() => {}
        _ = interrupt.recv() => {}
    }
}

async fn serve(serve: Serve) -> Result<u8> {
    check_origin(&serve)?;
    if let Some(data) = &serve.house.data {
        std::fs::create_dir_all(data)
            .map_err(|cause| Error::fault(format!("the data folder {}: {cause}", data.display())))?;
    }
    let listener = listen(serve.bind, serve.port)?;
    let house = open(&serve.house).await?;
    announce(&listener)?;
    let options = Options { public_origin: serve.public_origin, ..Options::default() };
    web::serve(house, listener, options, asked_to_stop()).await.map(|()| 0)
}

/// Beyond this machine, what people type must say TLS: records never travel in clear text.
fn check_origin(serve: &Serve) -> Result<()> {
    match &serve.public_origin {
        None if serve.bind.is_loopback() => Ok(()),
        None => Err(Error::fault(
            "an address beyond this machine needs --public-origin: the https:// address that people type",
        )),
        Some(origin) if origin.starts_with("https://") => Ok(()),
        Some(origin) if origin.starts_with("http://") && serve.bind.is_loopback() => Ok(()),
        Some(_) => Err(Error::fault("--public-origin must begin with https:// (put a TLS proxy before it)")),
    }
}

async fn demo(demo: Demo) -> Result<u8> {
    let listener = listen(IpAddr::from([127, 0, 0, 1]), demo.port)?;
    let (data, temporary) = match demo.data {
        Some(data) => (data, None),
        None => {
            let parent = std::env::temp_dir().join(format!("renkei-demo-{}", std::process::id()));
            (parent.join("region"), Some(parent))
        }
    };
    eprintln!("opening the made-up region in {} …", data.display());
    let house = ops::demo::open(&data).await?;
    for line in ops::demo::people(&house).await? {
        println!("{line}");
    }
    announce(&listener)?;
    let options = Options { demo: true, ..Options::default() };
    let served = web::serve(house, listener, options, asked_to_stop()).await;
    if let Some(folder) = temporary {
        // A folder of ours under a name of ours; what cannot be removed is the system's to clear.
        let _ = std::fs::remove_dir_all(folder);
    }
    served.map(|()| 0)
}

async fn init(init: Init) -> Result<u8> {
    let beginning = Beginning {
        office: init.office.unwrap_or_else(|| init.name.clone()),
        name: init.name,
        administrator: init.administrator,
        origin: init.public_origin,
    };
    let place = &init.house;
    let (house, link) =
        ops::region::begin(&place.database, &place.keys, place.data.as_deref(), &beginning).await?;
    ops::region::print_sheet(&house, &mut std::io::stdout())?;
    if init.confirm || std::io::stdin().is_terminal() {
        let mut answers = BufReader::new(std::io::stdin());
        if !ops::region::confirm(&house, &mut answers, &mut std::io::stdout()).await? {
            eprintln!("renkei: that is not on the sheet; try again with `renkei region confirm`");
            return Ok(1);
        }
    } else {
        println!("Prove that the sheet is kept: `renkei region confirm` asks for part of it.");
    }
    println!("\nThe first administrator joins here, once, within 14 days:\n{link}");
    Ok(0)
}

async fn confirm(house: House) -> Result<u8> {
    let house = open(&house).await?;
    let mut answers = BufReader::new(std::io::stdin());
    match ops::region::confirm(&house, &mut answers, &mut std::io::stdout()).await? {
        true => Ok(0),
        false => {
            eprintln!("renkei: that is not on the sheet");
            Ok(1)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_holds_together() {
        Line::command().debug_assert();
    }

    #[test]
    fn records_never_travel_in_clear_text_beyond_this_machine() {
        let line = |words: &[&str]| match Line::try_parse_from(words).unwrap().act {
            Act::Serve(serve) => check_origin(&serve),
            other => panic!("{other:?}"),
        };
        let base = ["renkei", "serve", "--database", "r.db", "--keys", "r.keys"];
        assert!(line(&base).is_ok());
        assert!(line(&[&base[..], &["--bind", "0.0.0.0"]].concat()).is_err());
        let tls = ["--bind", "0.0.0.0", "--public-origin", "https://renkei.example"];
        assert!(line(&[&base[..], &tls].concat()).is_ok());
        let clear = ["--bind", "0.0.0.0", "--public-origin", "http://renkei.example"];
        assert!(line(&[&base[..], &clear].concat()).is_err());
    }
}
