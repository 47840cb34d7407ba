//! Real halls and real commands, started as an operator would start them.
//!
//! [`Hall::serve`] starts `hallway serve --hall DIR --json` and returns once its first line says
//! where it listens. [`hallway`] and [`run`] run a command to its end and keep its exit code, the
//! JSON object on its last line and what it said. A hall that is dropped is killed; nothing outlives
//! its test. The binaries are those beside the running test, built by `cargo xtask test`.

use std::ffi::OsStr;
use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde::Deserialize;
use serde_json::Value;

use crate::eventually::eventually;

/// A running hall.
#[derive(Debug)]
pub struct Hall {
    directory: PathBuf,
    ready: Ready,
    child: Child,
    said: Said,
}

/// What a hall says once it serves.
#[derive(Debug, Clone, Deserialize)]
pub struct Ready {
    /// Its id.
    pub hall: String,
    /// Its process.
    pub pid: u32,
    /// Where it serves systems and operators.
    pub grpc: SocketAddr,
    /// Where it serves other halls.
    pub link: SocketAddr,
}

/// Why a process did not do what it was started for.
#[derive(Debug, thiserror::Error)]
pub enum ProcessError {
    /// It did not start.
    #[error("start {program}: built? `cargo build --workspace --bins`")]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// It ended, or was silent, before it was ready.
    #[error("wait for the hall in {directory} to be ready: {why}; it said:\n{said}")]
    NotReady {
        /// The hall's directory.
        directory: PathBuf,
        /// What came instead.
        why: String,
        /// Its stderr.
        said: String,
    },
    /// It could not be signalled or waited for.
    #[error("{doing} process {pid}")]
    Control {
        /// What was being done.
        doing: &'static str,
        /// The process.
        pid: u32,
        /// Why.
        #[source]
        source: io::Error,
    },
}

impl Hall {
    /// Serves the hall in `directory`.
    pub fn serve(directory: &Path) -> Result<Self, ProcessError> {
        Self::serve_with(directory, |_| {})
    }

    /// Serves it after `adjust` had a look at the command: arguments, environment.
    pub fn serve_with(
        directory: &Path,
        adjust: impl FnOnce(&mut Command),
    ) -> Result<Self, ProcessError> {
        let program = binary("hallway");
        let mut command = Command::new(&program);
        command.arg("serve").arg("--hall").arg(directory).arg("--json");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        adjust(&mut command);
        let mut child =
            command.spawn().map_err(|source| ProcessError::Start { program, source })?;
        let said = Said::from_pipe(child.stderr.take());
        let (sender, first_line) = sync_channel(1);
        read_stdout(child.stdout.take(), sender);
        let answer = first_line.recv_timeout(READY_WITHIN);
        let ready = match answer {
            Ok(line) => serde_json::from_str(&line).map_err(|error| format!("{error} in {line}")),
            Err(RecvTimeoutError::Disconnected) => Err("it ended".to_owned()),
            Err(RecvTimeoutError::Timeout) => Err(format!("silent for {READY_WITHIN:?}")),
        };
        match ready {
            Ok(ready) => Ok(Self { directory: directory.to_owned(), ready, child, said }),
            Err(why) => {
                // It may have ended already; what matters is that it does not stay.
                drop(child.kill());
                drop(child.wait());
                let directory = directory.to_owned();
                Err(ProcessError::NotReady { directory, why, said: said.text() })
            }
        }
    }

    /// Its directory.
    pub fn directory(&self) -> &Path {
        &self.directory
    }

    /// What it said when it was ready.
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// Its stderr so far.
    pub fn said(&self) -> String {
        self.said.text()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Kills it where it stands (SIGKILL) and waits for its end.
    pub fn kill(&mut self) -> Result<(), ProcessError> {
        let pid = self.child.id();
        self.child.kill().map_err(|source| ProcessError::Control { doing: "kill", pid, source })?;
        self.child.wait().map(drop).map_err(|source| ProcessError::Control {
            doing: "wait for",
            pid,
            source,
        })
    }

    /// Asks it to end (SIGTERM) and waits.
    ///
    /// # Panics
    ///
    /// When it has not ended at the deadline.
    pub fn stop(mut self, deadline: Duration) -> Result<ExitStatus, ProcessError> {
        self.signal(Signal::TERM)?;
        Ok(eventually(deadline, "the hall ends after SIGTERM", || self.ended()))
    }

    /// Stops it as a service manager would.
    ///
    /// # Panics
    ///
    /// When it does not end in order.
    #[track_caller]
    pub fn down(mut self) {
        self.signal(Signal::TERM).expect("a running hall can be signalled");
        let ended = eventually(DOWN_WITHIN, "the hall ends after SIGTERM", || self.ended());
        assert!(ended.success(), "hall {} ended with {ended}", self.ready.hall);
    }

    /// Sends it a signal: SIGHUP reloads, SIGSTOP and SIGCONT pause.
    pub fn signal(&self, signal: Signal) -> Result<(), ProcessError> {
        let pid = self.child.id();
        let failed = |source| ProcessError::Control { doing: "signal", pid, source };
        let id = i32::try_from(pid).ok().and_then(Pid::from_raw);
        let id = id.ok_or_else(|| failed(io::ErrorKind::InvalidInput.into()))?;
        kill_process(id, signal).map_err(|errno| failed(errno.into()))
    }
}

impl Drop for Hall {
    #[expect(clippy::print_stderr, reason = "shown by the test runner under the test that failed")]
    fn drop(&mut self) {
        // Already ended is the only way to fail, and then there is nothing to do.
        drop(self.child.kill());
        drop(self.child.wait());
        if thread::panicking() {
            let said = self.said.text();
            let lines: Vec<_> = said.lines().collect();
            let last = lines.split_at(lines.len().saturating_sub(LINES_SHOWN)).1.join("\n");
            eprintln!("── hall {} said in the end:\n{last}", self.ready.hall);
        }
    }
}

/// How a command ended.
#[derive(Debug)]
pub struct Answer {
    /// Its exit code; none when a signal ended it.
    pub code: Option<i32>,
    /// The JSON object on the last line of its stdout, null when there is none.
    pub json: Value,
    /// Its stdout.
    pub stdout: String,
    /// Its stderr.
    pub stderr: String,
}

impl Answer {
    /// The answer of a command that must have ended with exit 0.
    ///
    /// # Panics
    ///
    /// When it ended otherwise, with all it said.
    #[track_caller]
    #[expect(clippy::return_self_not_must_use, reason = "often only that it held matters")]
    pub fn ok(self) -> Self {
        let Self { code, stdout, stderr, .. } = &self;
        assert_eq!(*code, Some(0), "stdout:\n{stdout}\nstderr:\n{stderr}");
        self
    }

    /// A number of the answer, 0 when it is not there.
    pub fn number(&self, key: &str) -> u64 {
        self.json.get(key).and_then(Value::as_u64).unwrap_or_default()
    }
}

/// Runs `hallway` to its end.
pub fn hallway<W: AsRef<OsStr>>(words: &[W]) -> Result<Answer, ProcessError> {
    run(Command::new(binary("hallway")).args(words))
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Result<Answer, ProcessError> {
    let output = command.stdin(Stdio::null()).output().map_err(|source| ProcessError::Start {
        program: PathBuf::from(command.get_program()),
        source,
    })?;
    let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    let last = stdout.lines().next_back().unwrap_or_default();
    let json = serde_json::from_str(last).unwrap_or(Value::Null);
    Ok(Answer { code: output.status.code(), json, stdout, stderr })
}

/// A binary of the workspace, beside the one that runs.
///
/// # Panics
///
/// When the running program cannot be named.
pub fn binary(name: &str) -> PathBuf {
    profile_directory().join(name)
}

/// A program of the virtual environment that `cargo xtask test` keeps: `python`, `buf`.
///
/// # Panics
///
/// When the running program cannot be named.
pub fn python_program(name: &str) -> PathBuf {
    let profile = profile_directory();
    profile.parent().unwrap_or(&profile).join("tools/python/bin").join(name)
}

/// The root of the tree: where `README.md` and `proto/` are.
pub fn tree_root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Where cargo put what runs: test binaries stand one level below, in `deps`.
fn profile_directory() -> PathBuf {
    let program = std::env::current_exe().expect("the system names the running program");
    let here = program.parent().unwrap_or(&program);
    let up = here.parent().filter(|_| here.ends_with("deps"));
    up.unwrap_or(here).to_owned()
}

/// What a process said on stderr, gathered by a thread.
#[derive(Debug, Clone, Default)]
struct Said(Arc<Mutex<String>>);

impl Said {
    fn from_pipe(pipe: Option<impl Read + Send + 'static>) -> Self {
        let said = Self::default();
        if let Some(pipe) = pipe {
            let said = said.clone();
            thread::spawn(move || {
                for line in lines(pipe) {
                    let mut text = said.0.lock().unwrap_or_else(PoisonError::into_inner);
                    text.push_str(&line);
                    text.push('\n');
                }
            });
        }
        said
    }

    fn text(&self) -> String {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// Hands on the first line and reads the rest away, so that the pipe never fills.
fn read_stdout(pipe: Option<impl Read + Send + 'static>, first: SyncSender<String>) {
    let Some(pipe) = pipe else { return };
    thread::spawn(move || {
        let mut first = Some(first);
        for line in lines(pipe) {
            if let Some(first) = first.take() {
                drop(first.send(line)); // nobody waits any more: the caller's deadline passed
            }
        }
    });
}

fn lines(pipe: impl Read) -> impl Iterator<Item = String> {
    let lines = BufReader::new(pipe).split(b'\n').map_while(Result::ok);
    lines.map(|line| String::from_utf8_lossy(&line).into_owned())
}

/// A hall goes down within this, whatever is under way.
const DOWN_WITHIN: Duration = Duration::from_mins(1);
/// What a hall said is shown to this length when its test fails.
const LINES_SHOWN: usize = 60;
/// A hall is ready within this, rebuilding included.
const READY_WITHIN: Duration = Duration::from_mins(1);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_last_line_and_the_code() {
        let mut command = Command::new("sh");
        command.args(["-c", "echo hello; echo '{\"lost\":3}'; echo aside >&2; exit 4"]);
        let answer = run(&mut command).unwrap();
        assert_eq!((answer.code, answer.number("lost")), (Some(4), 3));
        assert_eq!(answer.stderr, "aside\n");
        assert_eq!(answer.number("absent"), 0);
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let error = run(&mut Command::new(binary("no-such-program"))).unwrap_err();
        assert!(error.to_string().contains("no-such-program"), "{error}");
    }

    #[test]
    fn the_tree_is_found() {
        assert!(tree_root().join("proto/hallway/v1/record.proto").exists());
        assert!(binary("deps").is_dir(), "{}", binary("deps").display());
    }
}
