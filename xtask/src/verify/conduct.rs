//! Carries out a step.

use std::fs::File;
use std::io::{self, BufRead, BufReader, PipeReader, Write, pipe};
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, anyhow};
use console::strip_ansi_codes;

use super::invocation::Invocation;
use super::progress::{Progress, duration};
use super::step::{Part, Step};
use super::tally::Tally;
use super::workplace::Workplace;

/// How much of a failed command's output is shown.
const LINES_SHOWN: usize = 60;

/// When the test programs are to stop, in seconds since 1970.
const DEADLINE: &str = "POOLDEQUE_DEADLINE";

/// What came of a step.
pub(super) struct Conducted {
    pub(super) tally: Tally,
    pub(super) took: Duration,
    pub(super) failure: Option<Failure>,
}

/// What went wrong.
pub(super) struct Failure {
    pub(super) reason: String,
    /// The end of the output of the part that failed.
    pub(super) last_lines: Vec<String>,
    /// What to type to see it again.
    pub(super) repeat: Option<String>,
}

/// A step being carried out.
struct Conductor<'a> {
    workplace: &'a Workplace,
    deadline: Option<SystemTime>,
    log: File,
    progress: &'a mut Progress,
    tally: Tally,
}

/// A command that has ended.
struct Ended {
    success: bool,
    ending: String,
    output: Vec<String>,
}

/// Carries out `step`, writing all that it says to the file `log`. If it explores, it is to stop at the
/// `deadline`.
pub(super) fn conduct(
    step: &Step,
    workplace: &Workplace,
    deadline: Option<SystemTime>,
    log: &Path,
    progress: &mut Progress,
) -> Result<Conducted> {
    let log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let began = Instant::now();
    let deadline = deadline.filter(|_| step.explores());
    let mut conductor = Conductor { workplace, deadline, log, progress, tally: Tally::default() };
    let mut last = (None, Vec::new());
    let mut failure = None;
    for part in &step.parts {
        let judged;
        (judged, last) = match part {
            Part::Command(invocation, verdict) => {
                let Ended { success, ending, output } = conductor.run(invocation)?;
                (verdict.judge(success, &ending, &output.join("\n")), (Some(invocation), output))
            }
            Part::Inspection { wrong, inspect } => match inspect(&workplace.root) {
                Ok(note) => {
                    conductor.note(note)?;
                    (Ok(()), (None, Vec::new()))
                }
                Err(error) => {
                    writeln!(conductor.log, "{error:#}")?;
                    let found = error.to_string().lines().map(str::to_owned).collect();
                    (Err(anyhow!(*wrong)), (None, found))
                }
            },
        };
        if let Err(error) = judged {
            failure = Some(Failure::of(&error, &last.1, last.0));
            break;
        }
    }
    let tally = conductor.tally;
    if failure.is_none()
        && let Err(error) = step.evidence.judge(&tally)
    {
        failure = Some(Failure::of(&error, &last.1, last.0));
    }
    Ok(Conducted { tally, took: began.elapsed(), failure })
}

impl Failure {
    fn of(error: &anyhow::Error, output: &[String], invocation: Option<&Invocation>) -> Self {
        let last_lines = output[output.len().saturating_sub(LINES_SHOWN)..].to_vec();
        Self { reason: format!("{error:#}"), last_lines, repeat: invocation.map(Invocation::to_type) }
    }
}

impl Conductor<'_> {
    /// Keeps what an inspection has to say.
    fn note(&mut self, note: Option<String>) -> Result<()> {
        if let Some(note) = note {
            writeln!(self.log, "{note}")?;
            self.tally.notes.push(note);
        }
        Ok(())
    }

    /// Runs a command to its end, following what it says.
    fn run(&mut self, invocation: &Invocation) -> Result<Ended> {
        let typed = invocation.to_type();
        writeln!(self.log, "$ {typed}")?;
        let began = Instant::now();
        let (reader, writer) = pipe()?;
        let mut command = invocation.command(self.workplace);
        if let Some(deadline) = self.deadline {
            let seconds = deadline.duration_since(UNIX_EPOCH)?.as_secs();
            writeln!(self.log, "({DEADLINE}={seconds})")?;
            command.env(DEADLINE, seconds.to_string());
        }
        command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
        let mut child = command.spawn().with_context(|| format!("cannot run `{typed}`"))?;
        // It holds the pipe's other end, which must be the child's alone for the output to end.
        drop(command);

        // In a thread of its own, so that a silent command does not silence us.
        let (sender, lines) = mpsc::channel();
        let reading = thread::spawn(move || read_lines(reader, &sender));
        let mut output = Vec::new();
        loop {
            match lines.recv_timeout(self.progress.patience()) {
                Ok(line) => {
                    writeln!(self.log, "{line}")?;
                    self.tally.read(&line);
                    self.progress.line(&line);
                    output.push(line);
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
            self.progress.show();
        }
        reading.join().expect("reading does not panic")?;
        let status = child.wait()?;
        writeln!(self.log, "({status}, {})\n", duration(began.elapsed()))?;
        Ok(Ended { success: status.success(), ending: status.to_string(), output })
    }
}

/// Sends on the lines of a command's output until it ends.
fn read_lines(reader: PipeReader, lines: &Sender<String>) -> io::Result<()> {
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        // Some tools colour whatever they write to.
        let line = String::from_utf8_lossy(&bytes);
        let line = strip_ansi_codes(line.trim_end()).into_owned();
        if lines.send(line).is_err() {
            break;
        }
        bytes.clear();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_colour_and_the_last_one_without_its_end() {
        let (reader, mut writer) = pipe().unwrap();
        writer.write_all(b"\x1b[32mtest a ... ok\x1b[0m\r\n\nnot the end").unwrap();
        drop(writer);
        let (sender, lines) = mpsc::channel();
        read_lines(reader, &sender).unwrap();
        drop(sender);
        assert_eq!(lines.iter().collect::<Vec<_>>(), ["test a ... ok", "", "not the end"]);
    }
}
