//! Running a program to its end, with progress while it is silent.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::base::duration_text::duration_text;
use crate::base::interrupt::{Interrupt, Interrupted};

/// A line of progress at least this often: nobody should wonder whether it hangs.
const HEARTBEAT: Duration = Duration::from_secs(8);
/// How often the interrupt flag is looked at.
const TICK: Duration = Duration::from_millis(200);
/// What is kept of the output, in lines: enough for any compiler error.
const KEPT_LINES: usize = 20_000;
/// Lines that wait for the printer before the program is slowed down.
const PIPE_DEPTH: usize = 1_024;
/// How long an interrupted program may take to end by itself.
const STOP_GRACE: Duration = Duration::from_secs(5);

/// What the user sees of a program's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Echo {
    /// Progress only; everything when it fails.
    OnFailure,
    /// Every line.
    Always,
}

/// How a program ended, and what it said.
#[derive(Debug)]
pub struct Finished {
    pub status: ExitStatus,
    /// The last lines of standard output and standard error, in order of arrival.
    pub lines: Vec<String>,
}

/// Runs a program that must succeed.
///
/// # Errors
/// When it does not start, or fails (its output has been printed), or the user interrupts.
pub fn run_logged(command: &mut Command, interrupt: &Interrupt) -> Result<Finished> {
    let finished = run_watched(command, interrupt, Echo::OnFailure)?;
    if !finished.status.success() {
        bail!("{} failed ({})", describe(command), finished.status);
    }
    Ok(finished)
}

/// Runs a program and reports how it ended, whether it failed or not.
///
/// # Errors
/// When it does not start, or the user interrupts.
pub fn run_watched(command: &mut Command, interrupt: &Interrupt, echo: Echo) -> Result<Finished> {
    interrupt.check()?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} did not start", describe(command)))?;
    let (sender, receiver) = mpsc::sync_channel(PIPE_DEPTH);
    if let Some(stdout) = child.stdout.take() {
        forward_lines(stdout, sender.clone());
    }
    if let Some(stderr) = child.stderr.take() {
        forward_lines(stderr, sender);
    }

    let start = Instant::now();
    let mut shown = Instant::now();
    let mut progress = Progress::default();
    let mut kept = VecDeque::new();
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(line) => {
                progress.note(&line);
                if echo == Echo::Always {
                    println!("  {line}");
                    shown = Instant::now();
                }
                if kept.len() == KEPT_LINES {
                    kept.pop_front();
                }
                kept.push_back(line);
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if interrupt.is_set() {
            end(&mut child);
            return Err(Interrupted.into());
        }
        if shown.elapsed() >= HEARTBEAT {
            println!(
                "    … {}{}",
                duration_text(start.elapsed()),
                progress.text()
            );
            shown = Instant::now();
        }
    }
    let status = child.wait()?;
    let lines = Vec::from(kept);
    if !status.success() && echo == Echo::OnFailure && !interrupt.is_set() {
        for line in lines.iter().filter(|line| !is_cargo_progress(line)) {
            println!("  | {line}");
        }
    }
    interrupt.check()?;
    Ok(Finished { status, lines })
}

/// What a long build is at.
#[derive(Default)]
struct Progress {
    crates: usize,
    last: String,
}

impl Progress {
    fn note(&mut self, line: &str) {
        let line = line.trim();
        // What follows is the program that was built.
        if line.starts_with("Finished ") {
            *self = Self::default();
        }
        if line.starts_with("Compiling ") || line.starts_with("Checking ") {
            self.crates += 1;
        }
        // Among cargo's progress, warnings would only confuse.
        if !line.is_empty() && (self.crates == 0 || is_cargo_progress(line)) {
            // A path of a workspace member says nothing here.
            self.last = line
                .split(" (")
                .next()
                .unwrap_or(line)
                .chars()
                .take(100)
                .collect();
        }
    }

    fn text(&self) -> String {
        match (self.crates, self.last.is_empty()) {
            (_, true) => String::new(),
            (0, false) => format!(" · {}", self.last),
            (crates, false) => format!(" · {crates} crates begun · {}", self.last),
        }
    }
}

fn is_cargo_progress(line: &str) -> bool {
    let line = line.trim_start();
    [
        "Compiling ",
        "Checking ",
        "Downloading ",
        "Downloaded ",
        "Locking ",
        "Adding ",
        "Fresh ",
    ]
    .iter()
    .any(|prefix| line.starts_with(prefix))
}

fn forward_lines(pipe: impl Read + Send + 'static, sender: SyncSender<String>) {
    thread::spawn(move || {
        for line in BufReader::new(pipe).split(b'\n') {
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line).trim_end().to_owned();
            if sender.send(line).is_err() {
                break;
            }
        }
    });
}

/// Asks the program to stop, then makes it.
fn end(child: &mut Child) {
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended by itself: then there is nothing to signal.
        let _ = kill_process(pid, Signal::TERM);
    }
    let deadline = Instant::now() + STOP_GRACE;
    while Instant::now() < deadline {
        if let Ok(Some(_)) = child.try_wait() {
            return;
        }
        thread::sleep(TICK);
    }
    let _ = child.kill();
    let _ = child.wait();
}

fn describe(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit('/').next().unwrap_or(&program).to_owned();
    let arguments = command
        .get_args()
        .take(4)
        .map(|argument| argument.to_string_lossy());
    [name.into()]
        .into_iter()
        .chain(arguments)
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn progress_counts_crates_and_shows_the_last_one() {
        let mut progress = Progress::default();
        progress.note("   Compiling serde v1.0.0");
        progress.note("   Compiling loquent v0.1.0 (somewhere)");
        progress.note("warning: unused variable");
        assert_eq!(
            progress.text(),
            " · 2 crates begun · Compiling loquent v0.1.0"
        );
        progress.note("    Finished `test` profile in 2.00s");
        progress.note("running 1 test");
        assert_eq!(progress.text(), " · running 1 test");
    }
}
