//! `cargo xtask verify`: everything that must hold, in one command.

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::{Duration, SystemTime};
use std::{env, fs};

use anyhow::{Context, Result, ensure};

mod command;
mod counts;
mod deep;
mod execute;
mod filter;
mod page;
mod report;
mod run;
mod saved;
mod steps;

use deep::Deep;
use filter::{Chosen, Filter};
use report::{Machine, Report};
use run::{NOTHING, Run};
use steps::{Step, Tier};

use crate::environment;
use crate::project::Project;

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Run only the steps whose name matches one of these regular expressions
    #[arg(value_name = "STEP")]
    steps: Vec<String>,
    /// List the steps, and run none
    #[arg(long)]
    list: bool,
    /// Go on after a step that failed
    #[arg(long)]
    keep_going: bool,
    /// Explore everything, which takes hours: the same command again goes on where the last run stopped
    #[arg(long)]
    deep: bool,
    /// Explore no longer than this, such as 45m or 8h; what is no exploration is finished once begun
    #[arg(long = "for", value_name = "DURATION", requires = "deep", value_parser = humantime::parse_duration)]
    time: Option<Duration>,
    #[command(flatten)]
    filter: Filter,
    /// Keep the report in docs/reports, and refresh the figures in the README
    #[arg(long, conflicts_with_all = ["steps", "scenario", "site", "runtime", "list"])]
    save: bool,
}

/// Runs the chosen steps, prints how each ended, and writes the report.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let tier = if arguments.deep { Tier::Deep } else { Tier::Ordinary };
    let chosen = Chosen::new(&arguments.steps, tier)?;
    if arguments.list {
        return list(&chosen, &arguments.steps(Tier::Ordinary, None)?);
    }
    let project = Project::find()?;
    let deep = arguments.deep.then(|| Deep::begin(&project, arguments.time)).transpose()?;
    let steps = arguments.steps(tier, deep.as_ref().map(Deep::journal).as_deref())?;
    let mut report = Report {
        tier,
        command: command_line(),
        began: humantime::format_rfc3339_seconds(SystemTime::now()).to_string(),
        picked: arguments.filter.is_given() || !arguments.steps.is_empty(),
        deep: deep.as_ref().map(Deep::about).transpose()?,
        machine: Machine::find(&project),
        set_aside: environment::variables(&environment::CHANGES_RESULTS),
        steps: Vec::new(),
    };
    greet(&report);
    let folder = project.target.join("verify/steps");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;

    let mut run = Run { project, folder, chosen, deep, keep_going: arguments.keep_going };
    report.steps = run.all(&steps)?;
    finish(&report, &run.project, arguments)
}

impl Arguments {
    fn steps(&self, tier: Tier, journal: Option<&str>) -> Result<Vec<Step>> {
        if self.filter.is_given() { self.filter.steps(tier, journal) } else { steps::all(tier, journal) }
    }
}

fn list(chosen: &Chosen, steps: &[Step]) -> Result<ExitCode> {
    let steps: Vec<_> = steps.iter().filter(|step| chosen.names(step)).collect();
    ensure!(!steps.is_empty(), NOTHING);
    for step in steps {
        println!("{:16} {}{}", step.name, step.about, if step.deep { " (deep tier)" } else { "" });
    }
    Ok(ExitCode::SUCCESS)
}

/// The command as somebody would type it again.
fn command_line() -> String {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let typed = shlex::try_join(arguments.iter().map(String::as_str));
    format!("cargo xtask {}", typed.unwrap_or_else(|_| arguments.join(" ")))
}

fn greet(report: &Report) {
    if !report.set_aside.is_empty() {
        println!("set aside from the environment: {}", report.set_aside.join(", "));
    }
    if let Some(report::Deep { journal, goes_on, stale }) = &report.deep {
        println!("{} {journal}", if *goes_on { "going on from" } else { "beginning" });
        for stale in stale {
            println!("stale, for it is of other sources, and kept: {stale}");
        }
    }
}

/// Writes the report, and ends with the table, the count, and what is left.
fn finish(report: &Report, project: &Project, arguments: &Arguments) -> Result<ExitCode> {
    let relative = |paths: [PathBuf; 2]| {
        paths.each_ref().map(|path| project.relative(path).to_string_lossy()).join(", ")
    };
    let written = relative(saved::write(report, &project.target.join("verify"), "report")?);
    println!("{}\nreport: {written}", report.on_terminal());
    let mut succeeded = report.failed() == 0;
    if arguments.filter.is_given() && report.ran_nothing() {
        println!("nothing is called that");
        succeeded = false;
    }
    if arguments.save {
        match saved::save(report, &project.root) {
            Ok(paths) => println!("kept: {}, and the figures in README.md", relative(paths)),
            Err(error) => {
                println!("not kept: {error:#}");
                succeeded = false;
            }
        }
    }
    println!("{}", report.last_lines().join("\n"));
    Ok(if succeeded { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        arguments: Arguments,
    }

    fn parse(line: &str) -> Result<Arguments, clap::Error> {
        Line::try_parse_from(["xtask"].into_iter().chain(line.split_whitespace())).map(|line| line.arguments)
    }

    #[test]
    fn a_time_is_for_a_deep_run() {
        assert_eq!(parse("--deep --for 1h30m").unwrap().time, Some(Duration::from_secs(5400)));
        for line in ["--for 45m", "--deep --for 45", "--deep --for soon"] {
            assert!(parse(line).is_err(), "{line}");
        }
    }

    #[test]
    fn only_a_whole_run_is_asked_to_be_kept() {
        for line in
            ["--save loom", "--save --scenario a", "--save --site A", "--save --runtime std", "--save --list"]
        {
            assert!(parse(line).is_err(), "{line}");
        }
        assert!(parse("--save --deep --for 8h --keep-going").unwrap().save);
    }
}
