//! What the tests borrow from the machine and give back however they end: folders and helper
//! processes. A small shell waits for this process to die (its end of a pipe closes then, even
//! after `kill -9`), stops the helper and sweeps the folder. Nothing of ours relies on `Drop`.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{ChildStdin, Command, Stdio};
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

/// A helper process that does not outlive this one.
pub struct Helper {
    _leash: ChildStdin,
    lines: Mutex<mpsc::Receiver<String>>,
    name: String,
}

impl Helper {
    /// Starts `program`; when this process ends, the helper gets `signal`, and what is left of
    /// its process group is killed a moment later.
    pub fn start(program: &Path, arguments: &[String], signal: &str, user: Option<(u32, u32)>) -> Self {
        let name = program.display().to_string();
        let leash = "signal=$1; shift; \"$@\" </dev/null & child=$!; cat >/dev/null; \
             kill -s \"$signal\" \"$child\"; (sleep 5; kill -s KILL 0) & wait \"$child\"; kill -s KILL 0";
        let mut shell = Command::new("sh");
        shell.args(["-c", leash, "sh", signal]).arg(program).args(arguments);
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).process_group(0);
        shell.current_dir(&ROOT.0);
        if let Some((uid, gid)) = user {
            shell.uid(uid).gid(gid);
        }
        let mut child = shell.spawn().unwrap_or_else(|why| panic!("{name} does not start: {why}"));
        let (leash, stdout) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let (send, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in std::io::BufRead::lines(std::io::BufReader::new(stdout)).map_while(Result::ok) {
                let _ = send.send(line);
            }
            let _ = child.wait();
        });
        Self { _leash: leash, lines: Mutex::new(lines), name }
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
