//! `cargo xtask sanitize`: the sanitizers that a toolchain here offers, and Miri, over the deques and the pool.

use std::fs;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use comfy_table::Table;

use crate::marked::Marks;
use crate::progress::Progress;
use crate::project::Project;
use crate::results::{Record, tell};
use crate::tables::{as_markdown, choose, for_terminal};

mod checks;
mod toolchain;

use checks::{Check, Checks, LeftOut};
use toolchain::Toolchain;

/// Where the figures are kept.
const PAGE: &str = "docs/sanitizers.md";
const MARKS: Marks<'_> = Marks {
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

/// What came of the checks.
struct Outcome {
    table: Table,
    passed: usize,
    wrong: usize,
    /// The sanitizers that could not run, and why.
    not_run: Vec<(String, String)>,
}

/// Runs the checks chosen, and tells what came of each.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut checks = Checks::read()?;
    let nothing = "no check is called that; `cargo xtask sanitize --list` lists them";
    checks.check = choose(checks.check, &arguments.names, |check| &check.name, nothing)?;
    if arguments.list {
        checks.check.iter().for_each(|check| println!("{:24} {}", check.name, check.about));
        return Ok(ExitCode::SUCCESS);
    }

    let project = Project::find()?;
    let toolchain = Toolchain::find(&arguments.toolchain);
    let Outcome { table, passed, wrong, not_run } = run_all(&checks, &project, &toolchain)?;
    println!("{}", for_terminal(table.clone()));
    if arguments.save {
        let toolchain = toolchain.as_ref().map_err(|why| anyhow!("nothing to write: {why}"))?;
        MARKS.save(&project.root.join(PAGE), &measured(table, &checks.left_out, &not_run, toolchain))?;
        println!("written: {PAGE}");
    }
    println!("{passed} passed, {wrong} failed, {} sanitizers could not run", not_run.len());
    let only_miri = not_run.iter().all(|(sanitizer, _)| sanitizer == "miri");
    Ok(match wrong {
        0 if only_miri || arguments.where_available => ExitCode::SUCCESS,
        0 => ExitCode::from(COULD_NOT_RUN),
        _ => ExitCode::FAILURE,
    })
}

fn run_all(checks: &Checks, project: &Project, toolchain: &Result<Toolchain, String>) -> Result<Outcome> {
    let mut table = Table::new();
    table.set_header(["check", "what", "result", "seconds"]);
    let mut outcome = Outcome { table, passed: 0, wrong: 0, not_run: Vec::new() };
    let mut number = 0;
    // One after the other, as far as each runs here; the order is that of the checks.
    for of_one in checks.check.chunk_by(|one, next| one.sanitizer() == next.sanitizer()) {
        let name = of_one[0].sanitizer();
        let flags = &checks.sanitizer[name].flags;
        let usable = match toolchain {
            Ok(toolchain) => {
                toolchain.try_out(name, flags, &project.target.join("sanitize/empty"))?.map(|()| toolchain)
            }
            Err(why) => Err(why.clone()),
        };
        match usable {
            Ok(toolchain) => {
                for check in of_one {
                    number += 1;
                    let place = format!("{number}/{}", checks.check.len());
                    run_check(&place, check, checks, project, toolchain, &mut outcome)?;
                }
            }
            Err(why) => {
                println!("not run: {name}: {why}");
                tell(&Record::NotRun { what: format!("{name}: {why}") })?;
                for Check { name, about, .. } in of_one {
                    outcome.table.add_row([name, about, "not run", ""]);
                }
                outcome.not_run.push((name.to_owned(), why));
            }
        }
    }
    Ok(outcome)
}

/// Runs one check, showing that it runs, writes all it says into its log, and tells how it ended.
fn run_check(
    place: &str,
    check: &Check,
    checks: &Checks,
    project: &Project,
    toolchain: &Toolchain,
    outcome: &mut Outcome,
) -> Result<()> {
    let progress = Progress::begin(place, &check.name);
    let output = toolchain.run(check, checks, project).output().context("cannot run rustup")?;
    let seconds = progress.seconds();
    let said = [output.stdout, b"\n".into(), output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    let logs = project.target.join("sanitize/logs");
    fs::create_dir_all(&logs)?;
    let log = logs.join(format!("{}.log", check.name.replace('/', "-")));
    fs::write(&log, said.as_bytes()).with_context(|| log.display().to_string())?;
    let result = match check.judge(output.status.success(), &said) {
        Ok(what) => {
            outcome.passed += 1;
            if check.is_of_the_code() {
                let sanitizer = check.sanitizer().to_owned();
                tell(&Record::Sanitized { sanitizer, what: check.name.clone(), seconds })?;
            }
            what
        }
        Err(wrong) => {
            outcome.wrong += 1;
            let log = log.strip_prefix(&project.root).unwrap_or(&log);
            format!("WRONG: {wrong} ({}); all of it: {}", output.status, log.display())
        }
    };
    progress.end(&result);
    outcome.table.add_row([&check.name, &check.about, &result, &format!("{seconds:.1}")]);
    Ok(())
}

/// What the page says of a run.
fn measured(
    table: Table,
    left_out: &[LeftOut],
    not_run: &[(String, String)],
    toolchain: &Toolchain,
) -> String {
    let Toolchain { version, target, .. } = toolchain;
    let mut text = format!("{version}, {target}.\n\n{}\n\nNot run:\n\n", as_markdown(table));
    for LeftOut { what, why } in left_out {
        text += &format!("- {what}: {why}.\n");
    }
    for (sanitizer, why) in not_run {
        text += &format!("- {sanitizer}: {why}.\n");
    }
    text
}
