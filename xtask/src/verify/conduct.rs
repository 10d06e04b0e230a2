//! Carries out a step.

use std::fs::File;
use std::io::{BufRead, BufReader, Write, pipe};
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use console::strip_ansi_codes;

use super::invocation::Invocation;
use super::progress::{Progress, duration};
use super::step::{Part, Step};
use super::tally::Tally;
use super::workplace::Workplace;

/// How much of a failed command's output is shown.
const LINES_SHOWN: usize = 60;

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

/// A command that has ended.
struct Ended {
    success: bool,
    ending: String,
    output: Vec<String>,
}

/// Carries out `step`, writing all that it says to the file `log`.
pub(super) fn conduct(
    step: &Step,
    workplace: &Workplace,
    log: &Path,
    progress: &mut Progress,
) -> Result<Conducted> {
    let mut log = File::create(log).with_context(|| format!("cannot write {}", log.display()))?;
    let began = Instant::now();
    let mut tally = Tally::default();
    let mut failure = None;
    let mut last = None;
    for part in &step.parts {
        last = match part {
            Part::Command(invocation, verdict) => {
                let ended = run(invocation, workplace, &mut log, progress, &mut tally)?;
                if let Err(error) = verdict.judge(ended.success, &ended.ending, &ended.output.join("\n")) {
                    failure = Some(Failure::of(&error, &ended.output, Some(invocation)));
                }
                Some((invocation, ended.output))
            }
            Part::Inspection(inspect) => {
                match inspect(&workplace.root) {
                    Ok(note) => {
                        writeln!(log, "{note}")?;
                        tally.notes.push(note);
                    }
                    Err(error) => {
                        writeln!(log, "{error:#}")?;
                        let lines: Vec<_> = error.to_string().lines().map(str::to_owned).collect();
                        let reason = anyhow::anyhow!("the project's files break a rule");
                        failure = Some(Failure::of(&reason, &lines, None));
                    }
                }
                None
            }
        };
        if failure.is_some() {
            break;
        }
    }
    if failure.is_none()
        && let Err(error) = step.evidence.judge(&tally)
    {
        let (invocation, output) =
            last.map_or((None, Vec::new()), |(invocation, output)| (Some(invocation), output));
        failure = Some(Failure::of(&error, &output, invocation));
    }
    Ok(Conducted { tally, took: began.elapsed(), failure })
}

impl Failure {
    fn of(error: &anyhow::Error, output: &[String], invocation: Option<&Invocation>) -> Self {
        let last_lines = output[output.len().saturating_sub(LINES_SHOWN)..].to_vec();
        Self { reason: format!("{error:#}"), last_lines, repeat: invocation.map(Invocation::to_type) }
    }
}

/// Runs a command to its end, following what it says.
fn run(
    invocation: &Invocation,
    workplace: &Workplace,
    log: &mut File,
    progress: &mut Progress,
    tally: &mut Tally,
) -> Result<Ended> {
    let typed = invocation.to_type();
    writeln!(log, "$ {typed}")?;
    let began = Instant::now();
    let (reader, writer) = pipe()?;
    let mut command = invocation.command(workplace);
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn().with_context(|| format!("cannot run `{typed}`"))?;
    // It holds the pipe's other end, which must be the child's alone for the output to end.
    drop(command);

    let mut output = Vec::new();
    let mut reader = BufReader::new(reader);
    let mut bytes = Vec::new();
    while reader.read_until(b'\n', &mut bytes)? > 0 {
        // Some tools colour whatever they write to.
        let line = String::from_utf8_lossy(&bytes);
        let line = strip_ansi_codes(line.trim_end()).into_owned();
        writeln!(log, "{line}")?;
        tally.read(&line);
        progress.line(&line);
        output.push(line);
        bytes.clear();
    }
    let status = child.wait()?;
    writeln!(log, "({status}, {})\n", duration(began.elapsed()))?;
    Ok(Ended { success: status.success(), ending: status.to_string(), output })
}
