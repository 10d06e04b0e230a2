//! Runs a check and judges what came of it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::checks::{Check, Expected, Sanitizer, Subject};
use super::environment;
use super::findings::{Report, reports, what_ran};
use super::toolchain::Toolchain;

/// What `--cfg crossbeam_sanitize` does: crossbeam-epoch frees sooner, so that a late touch is one.
/// Line numbers are all that reports need.
const FLAGS: &str = "--cfg crossbeam_sanitize -Cdebuginfo=1";

/// Where things are.
pub(super) struct Place {
    pub(super) root: PathBuf,
    /// This command's folder below the target folder.
    pub(super) target: PathBuf,
}

/// What came of a check.
pub(super) struct Outcome {
    pub(super) reports: usize,
    /// What ran, in few words.
    pub(super) ran: String,
    /// What is wrong with that, if anything is.
    pub(super) wrong: Option<String>,
    pub(super) took: Duration,
}

impl Place {
    pub(super) fn log_of(&self, check: &Check) -> PathBuf {
        self.target.join("logs").join(check.name.replace('/', "-")).with_extension("log")
    }
}

/// Builds and runs the check, and writes all it says into its log. The time is that of the run alone where a
/// program runs, and of the build as well where cargo runs tests.
pub(super) fn conduct(check: &Check, place: &Place, toolchain: &Toolchain) -> Result<Outcome> {
    let log = place.log_of(check);
    fs::create_dir_all(place.target.join("logs"))?;
    let mut said = String::new();
    let is_interpreted = check.sanitizer == Sanitizer::Miri;
    if let (Subject::Example { release, .. }, false) = (&check.subject, is_interpreted) {
        let mut build = cargo("build", check, place, toolchain);
        build.args(["--package", "pooldeque-loom-tests", "--example", "soak", "--example", "planted"]);
        build.args(release.then_some(&"--release"));
        let built = finish(build, &mut said)?;
        if !built.status.success() {
            fs::write(&log, &said).with_context(|| log.display().to_string())?;
            let wrong = Some(format!("it cannot be built ({})", built.status));
            return Ok(Outcome { reports: 0, ran: String::new(), wrong, took: Duration::ZERO });
        }
        said.clear();
    }
    let command = match check.subject {
        Subject::Example { arguments, .. } if is_interpreted => {
            let mut command = cargo("run", check, place, toolchain);
            let (example, arguments) = arguments.split_once(' ').unwrap_or((arguments, ""));
            command.args(["--package", "pooldeque-loom-tests", "--example", example, "--"]);
            command.args(arguments.split_whitespace());
            command
        }
        Subject::Example { arguments, release } => example(arguments, release, check, place, toolchain),
        Subject::Tests { cargo: arguments, .. } => {
            let mut command = cargo("test", check, place, toolchain);
            command.args(["--no-fail-fast"]).args(arguments.split(' '));
            command
        }
    };
    let began = Instant::now();
    let ended = finish(command, &mut said)?;
    let took = began.elapsed();
    fs::write(&log, &said).with_context(|| log.display().to_string())?;
    let reports = reports(&said);
    let ran = what_ran(&said);
    let wrong = judge(check.expected, ended.status.success(), ran.is_some(), &reports)
        .map(|wrong| format!("{wrong} ({})", ended.status));
    Ok(Outcome { reports: reports.len(), ran: ran.unwrap_or_default(), wrong, took })
}

/// cargo of the toolchain, with the sanitizer, building in a folder of the sanitizer's own.
fn cargo(what: &str, check: &Check, place: &Place, toolchain: &Toolchain) -> Command {
    let mut command = toolchain.command("cargo");
    let mut flags = format!("{} {FLAGS}", check.sanitizer.flags());
    if let Subject::Tests { model: Some(model), .. } = check.subject {
        flags += &format!(" --cfg {model}");
    }
    command.args((check.sanitizer == Sanitizer::Miri).then_some("miri"));
    command.args([what, "--target", &toolchain.target]).current_dir(&place.root);
    command.env("RUSTFLAGS", flags).env("CARGO_TARGET_DIR", folder(check, place));
    command.env("CARGO_TERM_COLOR", "never");
    tell_options(&mut command, check);
    command
}

fn example(arguments: &str, release: bool, check: &Check, place: &Place, toolchain: &Toolchain) -> Command {
    let profile = if release { "release" } else { "debug" };
    let mut words = arguments.split(' ');
    let program = folder(check, place)
        .join(&toolchain.target)
        .join(profile)
        .join("examples")
        .join(words.next().unwrap_or_default());
    let mut command = Command::new(program);
    environment::clear(&mut command);
    command.args(words);
    tell_options(&mut command, check);
    command
}

fn tell_options(command: &mut Command, check: &Check) {
    if let Some(options) = check.options {
        command.env(check.sanitizer.options(), options);
    }
}

/// Builds with other flags would replace each other.
fn folder(check: &Check, place: &Place) -> PathBuf {
    let name = check.sanitizer.name();
    place.target.join(match check.subject {
        Subject::Tests { model: Some(model), .. } => format!("{name}-{model}"),
        _ => name.to_owned(),
    })
}

/// Runs the command to its end and adds all it says to `said`.
fn finish(mut command: Command, said: &mut String) -> Result<Output> {
    let program = Path::new(command.get_program()).display().to_string();
    let output = command.output().with_context(|| format!("cannot run {program}"))?;
    for text in [&output.stdout, &output.stderr] {
        *said += &String::from_utf8_lossy(text);
        said.push('\n');
    }
    Ok(output)
}

/// What is wrong, if anything is.
fn judge(expected: Expected, success: bool, ran: bool, reports: &[Report]) -> Option<String> {
    let unexpected = |is_expected: &dyn Fn(&Report) -> bool| {
        reports.iter().find(|report| !is_expected(report)).map(|report| report.summary().to_owned())
    };
    match expected {
        Expected::Nothing => unexpected(&|_| false)
            .or_else(|| (!success).then(|| "it failed".to_owned()))
            .or_else(|| (!ran).then(|| "nothing ran".to_owned())),
        Expected::Planted(what, place) => {
            let found = reports.iter().any(|report| report.says(what) && report.says(place));
            (!found).then(|| format!("no report of a {what} in {place}"))
        }
        Expected::Artefact(kind) => unexpected(&|report| report.is(kind))
            .or_else(|| reports.is_empty().then(|| "nothing was reported".to_owned())),
        Expected::NothingBut(kind) => unexpected(&|report| report.is(kind))
            .or_else(|| (!success && reports.is_empty()).then(|| "it failed".to_owned()))
            .or_else(|| (!ran).then(|| "nothing ran".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::findings::Kind;
    use super::*;

    const RACE: &str = "WARNING: ThreadSanitizer: data race\n    #0 write src/deque/dequeue.rs:1\n\n    #0 read src/deque/dequeue.rs:2\n\nSUMMARY: ThreadSanitizer: a race\n";

    fn verdict(expected: Expected, success: bool, ran: bool, output: &str) -> Option<String> {
        judge(expected, success, ran, &reports(output))
    }

    #[test]
    fn a_report_a_failure_and_an_idle_run_are_all_wrong() {
        let wrong =
            |success, ran, output| verdict(Expected::Nothing, success, ran, output).unwrap_or_default();
        assert_eq!(wrong(true, true, ""), "");
        assert_eq!(wrong(true, true, RACE), "SUMMARY: ThreadSanitizer: a race");
        assert_eq!(wrong(false, true, ""), "it failed");
        assert_eq!(wrong(true, false, ""), "nothing ran");
    }

    #[test]
    fn what_was_planted_must_be_found_where_it_was() {
        let planted = Expected::Planted("data race", "src/deque/dequeue.rs");
        assert_eq!(verdict(planted, false, false, RACE), None);
        assert!(verdict(planted, true, false, "").is_some());
        assert!(verdict(planted, false, false, &RACE.replace("dequeue", "other")).is_some());
    }

    #[test]
    fn an_artefact_must_be_there_and_be_what_it_is_said_to_be() {
        let channel = RACE.replace("src/deque/dequeue.rs", "std::sync::mpmc::list");
        assert_eq!(verdict(Expected::Artefact(Kind::Channel), false, false, &channel), None);
        assert!(verdict(Expected::Artefact(Kind::Channel), true, false, "").is_some());
        assert!(verdict(Expected::Artefact(Kind::Channel), false, false, RACE).is_some());
        assert_eq!(verdict(Expected::NothingBut(Kind::Channel), false, true, &channel), None);
        assert_eq!(verdict(Expected::NothingBut(Kind::Channel), true, true, ""), None);
        assert!(
            verdict(Expected::NothingBut(Kind::Channel), false, true, &format!("{channel}{RACE}")).is_some()
        );
        assert!(verdict(Expected::NothingBut(Kind::Channel), false, true, "").is_some());
    }
}
