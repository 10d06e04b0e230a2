//! `cargo xtask sanitize`: the sanitizers that a toolchain here offers, and Miri, over the deques and the pool.

use std::process::ExitCode;
use std::{fs, mem};

use anyhow::{Context, Result, anyhow};
use comfy_table::Table;

use crate::marked::Marks;
use crate::progress::Progress;
use crate::project::Project;
use crate::results::{Record, append};
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

/// The options of the command.
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

/// The checks, and what has come of them.
struct Session {
    checks: Checks,
    project: Project,
    table: Table,
    passed: usize,
    wrong: usize,
    /// The sanitizers that could not run, and why.
    not_run: Vec<(String, String)>,
}

/// Runs the checks chosen, and reports what came of each.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let mut checks = Checks::read()?;
    let nothing = "no check is called that; `cargo xtask sanitize --list` lists them";
    checks.check = choose(checks.check, &arguments.names, |check| &check.name, nothing)?;
    if arguments.list {
        checks.check.iter().for_each(|check| println!("{:24} {}", check.name, check.about));
        return Ok(ExitCode::SUCCESS);
    }

    let toolchain = Toolchain::find(&arguments.toolchain);
    let mut table = Table::new();
    table.set_header(["check", "what", "result", "seconds"]);
    let mut session =
        Session { checks, project: Project::find()?, table, passed: 0, wrong: 0, not_run: Vec::new() };
    session.run(&toolchain)?;
    println!("{}", for_terminal(session.table.clone()));
    if arguments.save {
        let toolchain = toolchain.as_ref().map_err(|why| anyhow!("nothing to write: {why}"))?;
        MARKS.save(&session.project.root.join(PAGE), &session.measured(toolchain))?;
        println!("written: {PAGE}");
    }
    let Session { passed, wrong, not_run, .. } = session;
    println!("{passed} passed, {wrong} failed, {} sanitizers could not run", not_run.len());
    let only_miri = not_run.iter().all(|(sanitizer, _)| sanitizer == "miri");
    Ok(match wrong {
        0 if only_miri || arguments.where_available => ExitCode::SUCCESS,
        0 => ExitCode::from(COULD_NOT_RUN),
        _ => ExitCode::FAILURE,
    })
}

impl Session {
    /// Runs the checks, one after the other, as far as each sanitizer runs here.
    fn run(&mut self, toolchain: &Result<Toolchain, String>) -> Result<()> {
        let mut unusable: Option<String> = None;
        let checks = mem::take(&mut self.checks.check);
        for (index, check) in checks.iter().enumerate() {
            let name = check.sanitizer();
            if index == 0 || checks[index - 1].sanitizer() != name {
                let folder = self.project.target.join("sanitize/empty");
                let flags = &self.checks.sanitizer[name].flags;
                unusable = match toolchain {
                    Ok(toolchain) => toolchain.try_out(name, flags, &folder)?.err(),
                    Err(why) => Some(why.clone()),
                };
                if let Some(why) = &unusable {
                    println!("not run: {name}: {why}");
                    append(&Record::NotRun { what: format!("{name}: {why}") })?;
                    self.not_run.push((name.to_owned(), why.clone()));
                }
            }
            match toolchain {
                Ok(toolchain) if unusable.is_none() => {
                    self.run_one(check, &format!("{}/{}", index + 1, checks.len()), toolchain)?;
                }
                _ => {
                    self.table.add_row([&check.name, &check.about, "not run", ""]);
                }
            }
        }
        Ok(())
    }

    /// Runs one check, showing that it runs, writes all it says into its log, and returns how it ended.
    fn run_one(&mut self, check: &Check, place: &str, toolchain: &Toolchain) -> Result<()> {
        let Check { name, about, .. } = check;
        let progress = Progress::begin(place, name);
        let output =
            toolchain.run(check, &self.checks, &self.project).output().context("cannot run rustup")?;
        let seconds = progress.seconds();
        let said = [output.stdout, b"\n".into(), output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        let logs = self.project.target.join("sanitize/logs");
        fs::create_dir_all(&logs)?;
        let log = logs.join(format!("{}.log", name.replace('/', "-")));
        fs::write(&log, said.as_bytes()).with_context(|| log.display().to_string())?;
        let result = match check.judge(output.status.success(), &said) {
            Ok(what) => {
                self.passed += 1;
                if check.is_of_the_code() {
                    let sanitizer = check.sanitizer().to_owned();
                    append(&Record::Sanitized { sanitizer, what: name.clone(), seconds })?;
                }
                what
            }
            Err(wrong) => {
                self.wrong += 1;
                let log = self.project.relative(&log).display();
                format!("WRONG: {wrong} ({}); all of it: {log}", output.status)
            }
        };
        progress.end(&result);
        self.table.add_row([name, about, &result, &format!("{seconds:.1}")]);
        Ok(())
    }

    /// What the page says of a run.
    fn measured(&self, Toolchain { version, target, .. }: &Toolchain) -> String {
        let left_out = self.checks.left_out.iter().map(|LeftOut { what, why }| (what, why));
        let not_run = self.not_run.iter().map(|(sanitizer, why)| (sanitizer, why));
        let lines: Vec<_> =
            left_out.chain(not_run).map(|(what, why)| format!("- {what}: {why}.\n")).collect();
        let table = as_markdown(self.table.clone());
        format!("{version}, {target}.\n\n{table}\n\nNot run:\n\n{}", lines.concat())
    }
}
