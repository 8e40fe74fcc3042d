//! The program itself, as an operator starts it: a process of its own, with a real command line, that
//! can be asked to stop and can be killed.

use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use super::scratch::Helper;

/// A running `renkei serve` or `renkei demo`.
pub struct Running {
    /// Where it listens: `http://127.0.0.1:PORT`.
    pub site: String,
    process: Helper,
}

impl Running {
    /// Starts the program and waits until it says where it listens.
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with("", arguments, None)
    }

    /// The same, with words of the shell before it (`ulimit …;`), and what it logs in a file of its own.
    pub fn start_with(prelude: &str, arguments: &[&str], log: Option<&Path>) -> Self {
        let arguments: Vec<String> = arguments.iter().map(|&argument| argument.to_owned()).collect();
        let program = Path::new(env!("CARGO_BIN_EXE_renkei"));
        let process = Helper::start_with(prelude, program, &arguments, "KILL", None, log);
        let site = process.wait_for(Duration::from_secs(120), |line| {
            line.split_once("listening on ").map(|(_, site)| site.trim().to_owned())
        });
        Self { site, process }
    }

    /// What it said on its screen since it began to listen.
    pub fn screen(&self) -> String {
        self.process.rest().join("\n")
    }

    /// Asks it to finish what is in flight and stop: its exit code.
    pub fn stop(self) -> Option<i32> {
        self.process.end("TERM")
    }

    /// Pulls the plug.
    pub fn kill(self) {
        self.process.end("KILL");
    }
}

/// Runs the program to its end.
pub fn run(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_renkei")).args(arguments).output().unwrap()
}
