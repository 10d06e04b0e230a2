//! `cargo xtask verify`: everything that must hold, in one command.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use regex::RegexSet;

mod conduct;
mod deviation;
mod invocation;
mod package;
mod progress;
mod report;
mod rules;
mod scenario;
mod step;
mod steps;
mod tally;
mod workplace;

use conduct::{Conducted, Failure, conduct};
use progress::Progress;
use report::{Ending, Outcome, Report};
use step::{Part, Step};
use workplace::{Machine, Workplace};

/// What the command can be told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only the steps whose name matches one of these regular expressions.
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
    /// List the steps, and run none.
    #[arg(long)]
    list: bool,
    /// Go on after a step that failed.
    #[arg(long)]
    keep_going: bool,
}

/// Runs the steps chosen, tells how each ended, and reports.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let steps = steps::all();
    let chosen = Chosen::new(&arguments.steps)?;
    let count = steps.iter().filter(|step| chosen.has(step)).count();
    ensure!(count > 0, "no step is called that; `cargo xtask verify --list` lists them");
    if arguments.list {
        for step in steps.iter().filter(|step| chosen.has(step)) {
            println!("{:15} {}", step.name, step.about);
        }
        return Ok(ExitCode::SUCCESS);
    }

    let workplace = Workplace::find()?;
    let set_aside = invocation::set_aside();
    if !set_aside.is_empty() {
        println!("set aside from the environment: {}", set_aside.join(", "));
    }
    let logs = workplace.results().join("logs");
    if logs.exists() {
        fs::remove_dir_all(&logs).with_context(|| format!("cannot empty {}", logs.display()))?;
    }
    fs::create_dir_all(&logs).with_context(|| format!("cannot make {}", logs.display()))?;

    let mut report = Report { machine: Machine::find(&workplace), set_aside, steps: Vec::new() };
    let mut stopped_at = None;
    let mut number = 0;
    for (index, step) in steps.iter().enumerate() {
        if let Some(why) = chosen.why_not(step, stopped_at) {
            report.steps.push(outcome_of(step, Ending::NotRun(why), None));
            continue;
        }
        number += 1;
        let log = logs.join(format!("{:02}-{}.log", index + 1, step.name));
        let mut progress = Progress::begin(number, count, step.name);
        let mut conducted = conduct(step, &workplace, &log, &mut progress)?;
        let failure = conducted.failure.take();
        let ending =
            failure.as_ref().map_or(Ending::Passed, |failure| Ending::Failed(failure.reason.clone()));
        let outcome = outcome_of(step, ending, Some(conducted));
        progress.end(&match failure {
            None => outcome.what_ran(),
            Some(_) => "FAILED".to_owned(),
        });
        report.steps.push(outcome);
        if let Some(failure) = failure {
            complain(step, &failure, &workplace.relative(&log).to_string_lossy());
            if !arguments.keep_going {
                stopped_at = Some(step.name);
            }
        }
    }
    finish(&report, &workplace)
}

/// The steps that were asked for.
struct Chosen(Option<RegexSet>);

impl Chosen {
    fn new(patterns: &[String]) -> Result<Self> {
        let patterns = (!patterns.is_empty()).then(|| RegexSet::new(patterns)).transpose()?;
        Ok(Self(patterns))
    }

    fn has(&self, step: &Step) -> bool {
        self.0.as_ref().is_none_or(|patterns| patterns.is_match(step.name))
    }

    /// Why a step is not to run, if it is not.
    fn why_not(&self, step: &Step, stopped_at: Option<&str>) -> Option<String> {
        if !self.has(step) {
            return Some("not asked for".to_owned());
        }
        stopped_at.map(|failed| format!("{failed} failed before"))
    }
}

fn outcome_of(step: &Step, result: Ending, conducted: Option<Conducted>) -> Outcome {
    let commands = step.parts.iter().filter_map(|part| match part {
        Part::Command(invocation, _) => Some(invocation.to_type()),
        Part::Inspection(_) => None,
    });
    let (tally, seconds) = match conducted {
        Some(conducted) => (conducted.tally, Some(conducted.took.as_secs_f64())),
        None => Default::default(),
    };
    Outcome { name: step.name, about: step.about, result, seconds, tally, commands: commands.collect() }
}

/// Says what failed, with the end of what it said and how to see it again.
fn complain(step: &Step, failure: &Failure, log: &str) {
    println!();
    for line in &failure.last_lines {
        println!("    {line}");
    }
    let again = format!("cargo xtask verify '^{}$'", step.name);
    println!("\n{} failed: {}", step.name, failure.reason);
    println!("    should be: {}", step.about);
    println!("    all of it: {log}");
    println!("    again:     {}\n", failure.repeat.as_ref().unwrap_or(&again));
}

/// Writes the report, and ends with the table and the count.
fn finish(report: &Report, workplace: &Workplace) -> Result<ExitCode> {
    let paths = report.write(&workplace.results())?;
    println!("{}", report.on_terminal());
    println!(
        "report: {}",
        paths.each_ref().map(|path| workplace.relative(path).to_string_lossy()).join(", ")
    );
    let totals = report.totals();
    println!("{} passed, {} failed", totals.tests_passed, totals.failed());
    Ok(if totals.failed() == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
