//! Halls as real processes: `hallway serve`, started from the running program itself.
//!
//! What a hall says goes to a file beside its directory; its first line on stdout says that it takes
//! callers. Signals go to the process that was started here, by its id, and one that is dropped is
//! killed: nothing outlives the demonstration, however that ends.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use thiserror::Error;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// A running hall.
#[derive(Debug)]
pub(super) struct Process {
    hall: &'static str,
    pid: u32,
    child: Child,
    log: PathBuf,
    /// Held open, so that whatever it says there later is no error to it.
    _stdout: Option<BufReader<ChildStdout>>,
}

impl Process {
    /// Serves the hall in `directory`; returns when it takes callers.
    pub(super) async fn serve(
        hall: &'static str,
        directory: &Path,
        log: &Path,
    ) -> Result<Self, ProcessError> {
        let failed = |source| ProcessError::Start { hall, source };
        let program = std::env::current_exe().map_err(failed)?;
        let said = OpenOptions::new().create(true).append(true).open(log).map_err(failed)?;
        let mut child = Command::new(program)
            .arg("serve")
            .arg("--hall")
            .arg(directory)
            .arg("--json")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(said)
            .kill_on_drop(true)
            .spawn()
            .map_err(failed)?;
        let pid = child.id().unwrap_or_default();
        let mut stdout = child.stdout.take().map(BufReader::new);
        let ready = async {
            let mut line = String::new();
            let stdout = stdout.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
            stdout.read_line(&mut line).await.map(|_| line)
        };
        let answer = timeout(READY_WITHIN, ready).await;
        let process = Self { hall, pid, child, log: log.to_owned(), _stdout: stdout };
        match answer {
            Ok(Ok(line)) if line.trim_start().starts_with('{') => Ok(process),
            Ok(Ok(_)) => Err(process.not_ready("it ended")),
            Ok(Err(error)) => Err(process.not_ready(&error.to_string())),
            Err(_) => Err(process.not_ready("it said nothing in time")),
        }
    }

    /// Its process id.
    pub(super) fn pid(&self) -> u32 {
        self.pid
    }

    /// Kills it where it stands (SIGKILL), as a power cut would, and waits for its end.
    pub(super) async fn kill(mut self) -> Result<(), ProcessError> {
        self.child.kill().await.map_err(|source| self.control("kill", source))
    }

    /// Asks it to end (SIGTERM) and waits; one that does not is killed, and named.
    pub(super) async fn stop(mut self) -> Result<(), ProcessError> {
        let pid = i32::try_from(self.pid).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or_else(|| self.control("signal", io::ErrorKind::InvalidInput.into()))?;
        kill_process(pid, Signal::TERM).map_err(|errno| self.control("signal", errno.into()))?;
        match timeout(STOPPED_WITHIN, self.child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(ProcessError::Ended {
                hall: self.hall,
                status: status.to_string(),
                said: tail(&self.log),
            }),
            Ok(Err(source)) => Err(self.control("wait for", source)),
            Err(_) => {
                drop(self.child.kill().await); // it has ended meanwhile, or it is killed now
                Err(self.control("stop", io::ErrorKind::TimedOut.into()))
            }
        }
    }

    fn not_ready(&self, why: &str) -> ProcessError {
        ProcessError::NotReady { hall: self.hall, why: why.to_owned(), said: tail(&self.log) }
    }

    fn control(&self, doing: &'static str, source: io::Error) -> ProcessError {
        ProcessError::Control { doing, hall: self.hall, pid: self.pid, source }
    }
}

/// Why a hall's process did not do what it was started for.
#[derive(Debug, Error)]
pub(super) enum ProcessError {
    /// It did not start.
    #[error("start hall {hall}")]
    Start {
        hall: &'static str,
        #[source]
        source: io::Error,
    },
    /// It ended, or was silent, before it was ready.
    #[error("wait for hall {hall} to be ready: {why}; it said:\n{said}")]
    NotReady { hall: &'static str, why: String, said: String },
    /// It ended in another way than it was asked to.
    #[error("stop hall {hall}: {status}; it said:\n{said}")]
    Ended { hall: &'static str, status: String, said: String },
    /// It could not be signalled or waited for.
    #[error("{doing} hall {hall}, process {pid}")]
    Control {
        doing: &'static str,
        hall: &'static str,
        pid: u32,
        #[source]
        source: io::Error,
    },
}

/// The last lines of a log.
fn tail(log: &Path) -> String {
    let text = std::fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    let from = lines.len().saturating_sub(TAIL_LINES);
    lines.get(from..).unwrap_or_default().join("\n")
}

/// A hall takes callers within this, recovery after a kill included.
const READY_WITHIN: Duration = Duration::from_secs(30);
/// A hall goes down within this.
const STOPPED_WITHIN: Duration = Duration::from_secs(20);
/// Lines of a log that an error quotes.
const TAIL_LINES: usize = 12;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_quotes_the_end_of_the_log() {
        let directory = tempfile::tempdir().unwrap();
        let log = directory.path().join("a.log");
        assert_eq!(tail(&log), "");
        let lines: Vec<String> = (0..40).map(|line| line.to_string()).collect();
        std::fs::write(&log, lines.join("\n")).unwrap();
        assert!(tail(&log).starts_with("28\n") && tail(&log).ends_with("\n39"));
    }
}
