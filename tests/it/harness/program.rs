//! The program itself, for what only it does: reading its settings, and printing the set-up link.

use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
};

/// The path of the program that Cargo built for these tests.
const PROGRAM: &str = env!("CARGO_BIN_EXE_parlor");

/// A running program; dropping it kills it.
pub(crate) struct Program {
    child: Child,
    /// Where it says that it is.
    pub(crate) base: String,
    /// The one-time path to make the first account, while there is none.
    pub(crate) setup: Option<String>,
}

impl Program {
    /// Starts it on a folder, over plain HTTP on a free port, and waits until it says where it is; with
    /// `owned`, no set-up link is waited for.
    pub(crate) fn start(folder: &Path, owned: bool) -> Self {
        let mut child = Command::new(PROGRAM)
            .args(["--plain-http", "--listen=127.0.0.1:0", "--log=error"])
            .args(["--password-cost=14", "--registrations-per-address=0"])
            .args(["--link-previews=false", "--message-rate=0", "--data-dir"])
            .arg(folder)
            .current_dir(folder)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut base = None;
        let mut setup = None;
        while base.is_none() || (setup.is_none() && !owned) {
            let line = lines.next().expect("it goes on").unwrap();
            if let Some(found) = line.strip_prefix("Parlor is at ") {
                base = Some(found.to_owned());
            }
            if let Some((_, token)) = line.split_once("/setup/") {
                setup = Some(format!("/setup/{token}"));
            }
        }
        Self {
            child,
            base: base.unwrap(),
            setup,
        }
    }

    /// Counts the most memory anew from here: starting and comparing passwords took more than what follows may.
    #[cfg(target_os = "linux")]
    pub(crate) fn count_memory(&self) {
        std::fs::write(format!("/proc/{}/clear_refs", self.child.id()), "5").unwrap();
    }

    /// The most memory that it has had, in KiB.
    #[cfg(target_os = "linux")]
    pub(crate) fn most_memory(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let figure = line.and_then(|line| line.split_whitespace().next());
        figure.unwrap().parse().unwrap()
    }

    /// Kills it without a warning (SIGKILL).
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a program said until it ended.
#[derive(Debug)]
pub(crate) struct Ran {
    /// Its exit status.
    pub(crate) status: Option<i32>,
    /// Its standard output.
    pub(crate) out: String,
    /// Its standard error.
    pub(crate) err: String,
}

impl Ran {
    /// What it said, when it ended well.
    #[track_caller]
    pub(crate) fn well(self) -> String {
        assert_eq!(self.status, Some(0), "{self:?}");
        self.out
    }
}

/// Runs the program in this folder until it ends.
pub(crate) fn ran(folder: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Ran {
    let output = Command::new(PROGRAM)
        .args(arguments)
        .envs(variables.iter().copied())
        .current_dir(folder)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Ran {
        status: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

/// Runs the program with settings that are wrong, in this folder; answers with its exit status and what it
/// wrote to standard error.
pub(crate) fn refusal(
    folder: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> (Option<i32>, String) {
    let ran = ran(folder, arguments, variables);
    (ran.status, ran.err)
}
