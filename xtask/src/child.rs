//! Runs a child to its end or to its time limit, echoing and keeping what it says.
//!
//! The child leads a process group of its own, so that a limit ends its children too: a suite that
//! hangs must not leave halls behind. All its output goes to our stderr; stdout is for answers.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process_group};

use crate::say;

/// How a child ended.
pub(crate) struct Ended {
    /// Its exit; none when the time limit ended it.
    pub(crate) status: Option<ExitStatus>,
    /// Both its outputs, line by line, as they came.
    pub(crate) lines: Vec<String>,
}

impl Ended {
    /// Whether it ended by itself with exit 0.
    pub(crate) fn success(&self) -> bool {
        self.status.is_some_and(|status| status.success())
    }
}

/// Runs `command` for at most `limit`.
pub(crate) fn run(command: &mut Command, limit: Duration) -> Result<Ended> {
    let deadline = Instant::now() + limit;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .with_context(|| format!("start {}", command.get_program().to_string_lossy()))?;
    let (sender, receiver) = sync_channel(LINES_IN_FLIGHT);
    read(child.stdout.take(), sender.clone());
    read(child.stderr.take(), sender);

    let mut lines = Vec::new();
    let in_time = echo(&receiver, deadline, &mut lines);
    if !in_time {
        say(&format!("xtask: over the limit of {} s, killed", limit.as_secs()));
        kill(&child)?;
    }
    let status = child.wait().context("wait for the child")?;
    Ok(Ended { status: in_time.then_some(status), lines })
}

/// Echoes lines until both pipes close; false when the deadline came first.
fn echo(receiver: &Receiver<String>, deadline: Instant, lines: &mut Vec<String>) -> bool {
    loop {
        match receiver.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(line) => {
                say(&line);
                lines.push(line);
            }
            Err(RecvTimeoutError::Disconnected) => return true,
            Err(RecvTimeoutError::Timeout) => return false,
        }
    }
}

fn read(pipe: Option<impl Read + Send + 'static>, sender: SyncSender<String>) {
    let Some(pipe) = pipe else { return };
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n').map_while(Result::ok) {
            if sender.send(String::from_utf8_lossy(&line).into_owned()).is_err() {
                return;
            }
        }
    });
}

fn kill(child: &Child) -> Result<()> {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw).context("the child's id")?;
    kill_process_group(id, Signal::KILL).context("kill the child's group")
}

/// Lines read and not yet echoed.
const LINES_IN_FLIGHT: usize = 256;
