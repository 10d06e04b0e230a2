//! `cargo xtask sanitize`: the sanitizers that a toolchain here offers, and Miri, over the deques and the pool.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;
use std::{env, io};

use anyhow::{Context, Result, ensure};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use regex::RegexSet;
use serde::Serialize;

use crate::marked::Marks;

mod checks;
mod conduct;
mod environment;
mod findings;
mod page;
mod toolchain;

use checks::{Check, Expected, Sanitizer};
use conduct::{Place, conduct};
use page::{Ending, Row};
use toolchain::Toolchain;

/// Where the figures are kept.
const PAGE: &str = "docs/sanitizers.md";
const MARKS: Marks = Marks {
    begin: "<!-- measured: written by `cargo xtask sanitize --save` -->",
    end: "<!-- measured: end -->",
};

/// The exit status when a sanitizer could not run, and those that ran found nothing.
const COULD_NOT_RUN: u8 = 3;

/// What the command can be told.
#[derive(clap::Args)]
#[command(
    after_help = "Exit status: 0 if all is as it should be; 1 if a sanitizer found something, or missed what was planted; \
    3 if nothing was found but a sanitizer could not run: a line says which, why, and what to install. \
    Where there is no Miri, a line says so, and the rest decides."
)]
pub(crate) struct Arguments {
    /// Run only the checks whose name matches one of these regular expressions
    #[arg(value_name = "CHECK")]
    names: Vec<String>,
    /// List the checks, and run none
    #[arg(long, conflicts_with = "save")]
    list: bool,
    /// The toolchain whose sanitizers to use
    #[arg(long, default_value = "nightly")]
    toolchain: String,
    /// Succeed although a sanitizer could not run
    #[arg(long)]
    where_available: bool,
    /// Write the table into docs/sanitizers.md
    #[arg(long, conflicts_with = "names")]
    save: bool,
}

/// Runs the checks chosen, and tells what came of each.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let chosen = (!arguments.names.is_empty()).then(|| RegexSet::new(&arguments.names)).transpose()?;
    let mut checks = checks::all();
    checks.retain(|check| chosen.as_ref().is_none_or(|chosen| chosen.is_match(check.name)));
    ensure!(!checks.is_empty(), "no check is called that; `cargo xtask sanitize --list` lists them");
    if arguments.list {
        checks.iter().for_each(|check| println!("{:24} {}", check.name, check.about));
        return Ok(ExitCode::SUCCESS);
    }

    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("the project has a root")?;
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |it| root.join(it));
    let place = Place { root: root.to_owned(), target: target.join("sanitize") };
    let toolchain = Toolchain::find(&arguments.toolchain);
    let mut rows = Vec::new();
    for sanitizer in Sanitizer::ALL {
        let of_it: Vec<_> = checks.extract_if(.., |check| check.sanitizer == sanitizer).collect();
        if of_it.is_empty() {
            continue;
        }
        let usable = match &toolchain {
            Ok(toolchain) => toolchain.try_out(sanitizer, &place.target.join("empty"))?.map(|()| toolchain),
            Err(why) => Err(why.clone()),
        };
        match usable {
            Ok(toolchain) => {
                for check in of_it {
                    rows.push(run_check(check, &place, toolchain)?);
                }
            }
            Err(why) => {
                println!("not run: {}: {why}", sanitizer.name());
                rows.extend(
                    of_it.into_iter().map(|check| Row { check, ending: Ending::NotRun(why.clone()) }),
                );
            }
        }
    }

    println!("{}", page::for_terminal(&rows));
    if arguments.save {
        let toolchain = toolchain.as_ref().map_err(|why| anyhow::anyhow!("nothing to write: {why}"))?;
        MARKS.save(&root.join(PAGE), &page::measured(&rows, toolchain))?;
        println!("written: {PAGE}");
    }
    let count = |is: fn(&Ending) -> bool| rows.iter().filter(|row| is(&row.ending)).count();
    let (wrong, not_run) = (count(Ending::is_wrong), count(Ending::is_not_run));
    let only_miri = rows.iter().all(|row| row.check.sanitizer == Sanitizer::Miri || !row.ending.is_not_run());
    println!("{} passed, {wrong} failed, {not_run} could not run", rows.len() - wrong - not_run);
    Ok(match (wrong, not_run) {
        (0, 0) => ExitCode::SUCCESS,
        (0, _) if only_miri || arguments.where_available => ExitCode::SUCCESS,
        (0, _) => ExitCode::from(COULD_NOT_RUN),
        _ => ExitCode::FAILURE,
    })
}

/// A program that ran clean, as `cargo xtask verify` reads it.
#[derive(Serialize)]
struct Clean {
    sanitizer: &'static str,
    what: &'static str,
    seconds: f64,
}

/// Runs one check, showing that it runs, and tells how it ended.
fn run_check(check: Check, place: &Place, toolchain: &Toolchain) -> Result<Row> {
    let spinner = ProgressBar::new_spinner();
    spinner.set_draw_target(ProgressDrawTarget::stderr());
    spinner.set_style(ProgressStyle::with_template("{spinner} {msg}  {elapsed}")?);
    spinner.set_message(check.name);
    spinner.enable_steady_tick(Duration::from_millis(120));
    if !io::IsTerminal::is_terminal(&io::stderr()) {
        println!("{} ...", check.name);
    }
    let outcome = conduct(&check, place, toolchain)?;
    spinner.finish_and_clear();
    match &outcome.wrong {
        None => println!("{}: as it should be, {:.1} s", check.name, outcome.took.as_secs_f64()),
        Some(wrong) => {
            let log = place.log_of(&check);
            let log = log.strip_prefix(&place.root).unwrap_or(&log).display().to_string();
            println!("{}: WRONG: {wrong}; all of it: {log}", check.name);
        }
    }
    if outcome.wrong.is_none() && matches!(check.expected, Expected::Nothing) {
        let clean = Clean {
            sanitizer: check.sanitizer.name(),
            what: check.name,
            seconds: outcome.took.as_secs_f64(),
        };
        println!("sanitized: {}", serde_json::to_string(&clean)?);
    }
    Ok(Row { check, ending: Ending::Ran(outcome) })
}
