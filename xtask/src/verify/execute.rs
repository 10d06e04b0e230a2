//! Executes a step.

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Write, pipe};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};
use console::strip_ansi_codes;
use regex::Regex;

use super::command::command;
use super::counts::Counts;
use super::deep::Deep;
use super::steps::Step;
use crate::progress::Progress;
use crate::project::Project;
use crate::results::{self, RESULTS, Record};
use crate::time::duration;

/// How much of a failed command's output is shown.
const LINES_SHOWN: usize = 60;

/// The variable that says when test programs are to stop, in seconds since 1970.
const DEADLINE: &str = "POOLDEQUE_DEADLINE";

/// The last line of a test program.
static TEST_RESULT: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^test result: (?:ok|FAILED)\. (\d+) passed; (\d+) failed; (\d+) ignored; \d+ measured; (\d+) filtered out\b";
    Regex::new(pattern).expect("the pattern is right")
});

/// What went wrong.
pub(super) struct Failure {
    pub(super) reason: String,
    /// The end of the output of the command that failed.
    pub(super) last_lines: Vec<String>,
    /// What to type to see it again.
    pub(super) repeat: String,
}

/// Where all that a step says goes.
pub(super) fn log_of(step: &Step, folder: &Path) -> PathBuf {
    folder.join(format!("{}.log", step.name))
}

/// Runs the commands of `step` up to the first that fails, which if they explore stop at the deadline. Tells what was
/// done, and what went wrong.
pub(super) fn execute(
    step: &Step,
    project: &Project,
    folder: &Path,
    deep: Option<&Deep>,
    deadline: Option<SystemTime>,
    progress: &mut Progress,
) -> Result<(Vec<Record>, Option<Failure>)> {
    let path = log_of(step, folder);
    let mut log = File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    let results = folder.join(format!("{}.jsonl", step.name));
    if results.exists() {
        fs::remove_file(&results)?;
    }
    let mut records = Vec::new();
    let mut failure = None;
    for (run, typed) in step.run.iter().zip(step.commands()) {
        let mut command = match command(&run.command, project) {
            Ok(command) => command,
            Err(why) => {
                records.push(Record::NotRun { what: format!("{typed}: {why:#}") });
                continue;
            }
        };
        command.env(RESULTS, &results);
        writeln!(log, "$ {typed}")?;
        if let Some(deadline) = deadline.filter(|_| step.explores.is_some()) {
            let seconds = deadline.duration_since(UNIX_EPOCH)?.as_secs();
            writeln!(log, "({DEADLINE}={seconds})")?;
            command.env(DEADLINE, seconds.to_string());
        }
        let (status, lines) =
            follow(command, &mut log, progress).with_context(|| format!("cannot run `{typed}`"))?;
        records.extend(lines.iter().filter_map(|line| tests(line)));
        let judged = run.judge(status.success(), &status.to_string(), &lines.join("\n"));
        let judged = judged
            .and_then(|()| deep.filter(|_| typed.ends_with("--no-run")).map_or(Ok(()), Deep::unchanged));
        failure = judged.err().map(|why| Failure::of(&why, &lines, typed));
        if failure.is_some() {
            break;
        }
    }
    let told = results::read(&results).map(|told| records.extend(told));
    if failure.is_none()
        && let Err(why) = told.and_then(|()| step.judge(&Counts::of(&records)))
    {
        failure = Some(Failure::of(&why, &[], format!("cargo xtask verify '^{}$'", step.name)));
    }
    Ok((records, failure))
}

impl Failure {
    fn of(why: &anyhow::Error, output: &[String], repeat: String) -> Self {
        let last_lines = output[output.len().saturating_sub(LINES_SHOWN)..].to_vec();
        Self { reason: format!("{why:#}"), last_lines, repeat }
    }
}

/// Runs a command to its end, following what it says.
fn follow(
    mut command: Command,
    log: &mut File,
    progress: &mut Progress,
) -> Result<(ExitStatus, Vec<String>)> {
    let began = Instant::now();
    let (reader, writer) = pipe()?;
    command.stdin(Stdio::null()).stdout(writer.try_clone()?).stderr(writer);
    let mut child = command.spawn()?;
    // It holds the pipe's other end, which must be the child's alone for the output to end.
    drop(command);
    let mut output = Vec::new();
    for bytes in BufReader::new(reader).split(b'\n') {
        let line = plain(&bytes?);
        writeln!(log, "{line}")?;
        progress.line(&line);
        output.push(line);
    }
    let status = child.wait()?;
    writeln!(log, "({status}, {})\n", duration(began.elapsed()))?;
    Ok((status, output))
}

/// A line without its end and the colours that some tools give whatever they write.
fn plain(bytes: &[u8]) -> String {
    strip_ansi_codes(String::from_utf8_lossy(bytes).trim_end()).into_owned()
}

/// What a test program's last line says.
fn tests(line: &str) -> Option<Record> {
    let found = TEST_RESULT.captures(line)?;
    let number = |group: usize| found[group].parse().unwrap_or(u64::MAX);
    Some(Record::Tests { passed: number(1), failed: number(2), ignored: number(3), filtered: number(4) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_without_colour_and_end() {
        assert_eq!(plain(b"\x1b[32mtest a ... ok\x1b[0m\r"), "test a ... ok");
    }

    #[test]
    fn the_last_line_of_a_test_program_is_read_and_a_quoted_one_is_not() {
        let line = "test result: FAILED. 4 passed; 1 failed; 2 ignored; 0 measured; 5 filtered out; finished in 1.00s";
        let expected = Record::Tests { passed: 4, failed: 1, ignored: 2, filtered: 5 };
        assert_eq!(tests(line), Some(expected));
        assert_eq!(tests(&format!("  left: \"{line}\"")), None);
    }
}
