//! What the tests borrow from the machine and give back however they end: folders and helper
//! processes. A small shell waits for this process to die (its end of a pipe closes then, even
//! after `kill -9`), stops the helper and sweeps the folder. Nothing of ours relies on `Drop`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, mpsc};
use std::time::{Duration, Instant};

/// The folder of this test run; swept when the run is over.
static ROOT: LazyLock<(PathBuf, ChildStdin)> = LazyLock::new(|| {
    let root = std::env::temp_dir().join(format!("renkei-it-{}", std::process::id()));
    let _ = fs::remove_dir_all(&root);
    fs::create_dir_all(&root).unwrap();
    let sweeper = "cat >/dev/null; sleep 1; rm -rf -- \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", sweeper, "sh"]).arg(&root).stdin(Stdio::piped());
    shell.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let stdin = shell.spawn().unwrap().stdin.take().unwrap();
    (root, stdin)
});

static COUNT: AtomicUsize = AtomicUsize::new(0);

/// A fresh, empty folder that nobody else uses.
pub fn folder(name: &str) -> PathBuf {
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let folder = ROOT.0.join(format!("{name}-{number}"));
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A helper process that does not outlive this one: a shell on a leash signals its group when the
/// leash is let go, and kills what is left a moment later.
pub struct Helper {
    child: Child,
    lines: Mutex<mpsc::Receiver<String>>,
    name: String,
    _leash: ChildStdin,
}

impl Helper {
    /// Starts `program`; when this process ends in whatever way, its group gets `signal`.
    pub fn start(program: &Path, arguments: &[String], signal: &str, user: Option<(u32, u32)>) -> Self {
        Self::start_with("", program, arguments, signal, user, None)
    }

    /// The same, with words of the shell before it (`ulimit …;`), and its complaints in a file of its own.
    pub fn start_with(
        prelude: &str,
        program: &Path,
        arguments: &[String],
        signal: &str,
        user: Option<(u32, u32)>,
        log: Option<&Path>,
    ) -> Self {
        let name = program.display().to_string();
        let mut command = Command::new("sh");
        command.args(["-c", &format!("{prelude} exec \"$@\""), "sh"]).arg(program);
        let log = log.map_or_else(|| log_file(program), |log| Stdio::from(fs::File::create(log).unwrap()));
        command.args(arguments).current_dir(&ROOT.0).process_group(0);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
        if let Some((uid, gid)) = user {
            command.uid(uid).gid(gid);
        }
        let mut child = command.spawn().unwrap_or_else(|why| panic!("{name} does not start: {why}"));
        let leash = "cat >/dev/null; kill -s \"$1\" -- \"-$2\"; sleep 5; kill -s KILL -- \"-$2\"";
        let mut shell = Command::new("sh");
        shell.args(["-c", leash, "sh", signal, &child.id().to_string()]).process_group(0);
        let mut shell =
            shell.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let leash = shell.stdin.take().unwrap();
        std::thread::spawn(move || shell.wait());
        let lines = Mutex::new(lines_of(child.stdout.take().unwrap()));
        Self { child, lines, name, _leash: leash }
    }

    /// Waits for a line of the helper's output that the closure recognises.
    pub fn wait_for<T>(&self, limit: Duration, recognise: impl Fn(&str) -> Option<T>) -> T {
        let (end, mut heard) = (Instant::now() + limit, Vec::new());
        let lines = self.lines.lock().unwrap();
        while let Ok(line) = lines.recv_timeout(end.saturating_duration_since(Instant::now())) {
            if let Some(found) = recognise(&line) {
                return found;
            }
            heard.push(line);
        }
        panic!("{} did not say what we waited for; it said: {heard:#?}", self.name)
    }

    /// What it said that nobody has read yet.
    pub fn rest(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(std::sync::PoisonError::into_inner).try_iter().collect()
    }

    /// Sends it a signal (`TERM`, `KILL` …) and waits for its end: the exit code, if it ended by itself.
    pub fn end(mut self, signal: &str) -> Option<i32> {
        self.signal(signal);
        self.child.wait().unwrap().code()
    }

    fn signal(&self, signal: &str) {
        let _ = Command::new("kill").args(["-s", signal, "--", &self.child.id().to_string()]).status();
    }
}

impl Drop for Helper {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where a helper's complaints go; a folder to look into when it does not start.
fn log_file(program: &Path) -> Stdio {
    let name = program.file_name().unwrap_or_default().to_string_lossy();
    let file = fs::File::options().append(true).create(true).open(ROOT.0.join(format!("{name}.log")));
    file.map_or_else(|_| Stdio::null(), Stdio::from)
}

fn lines_of(stdout: ChildStdout) -> mpsc::Receiver<String> {
    let (send, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in BufReader::new(stdout).lines().map_while(Result::ok) {
            let _ = send.send(line);
        }
    });
    lines
}

/// The user that may run a database server: this one, or `postgres` when this one is root.
pub fn unprivileged() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt;
    if fs::metadata("/proc/self").unwrap().uid() != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap();
    let find = |wanted: &str| {
        users.lines().map(|line| line.split(':').collect::<Vec<_>>()).find_map(|field| match field[..] {
            [name, _, uid, gid, ..] if name == wanted => Some((uid.parse().ok()?, gid.parse().ok()?)),
            _ => None,
        })
    };
    Some(
        find("postgres")
            .or_else(|| find("nobody"))
            .expect("a user `postgres` or `nobody` to run PostgreSQL as"),
    )
}
