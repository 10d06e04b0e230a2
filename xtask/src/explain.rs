//! `cargo xtask explain`: an execution of a program, step by step.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::builder::ArgPredicate;

use crate::breaks::in_broken_tree;
use crate::project::{Project, cargo};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program, such as ring2/+-/s or pool/pp/tt/k. The execution shown fails, if one does.
    program: String,
    /// The model checker: shuttle if there is a schedule. loom-epoch is loom with the real epoch.
    #[arg(long, default_value = "loom", default_value_if("schedule", ArgPredicate::IsPresent, "shuttle"))]
    #[arg(value_parser = ["loom", "loom-epoch", "shuttle"])]
    runtime: String,
    /// An ordering site of src/orderings.rs, to be relaxed.
    #[arg(long, value_name = "SITE", conflicts_with = "schedule")]
    relax: Option<String>,
    /// A break that `cargo xtask breaks --list` lists, to be applied in a copy of the project.
    #[arg(long = "break", value_name = "NAME")]
    broken: Option<String>,
    /// A schedule that shuttle printed: only that execution runs.
    #[arg(long)]
    schedule: Option<String>,
    /// The most preemptions of an execution, or `any` for no bound. The execution that fails first depends on it.
    #[arg(long, value_name = "NUMBER", conflicts_with = "schedule")]
    preemptions: Option<String>,
    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,
}

/// Shows the execution.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    match &arguments.broken {
        Some(name) => in_broken_tree(name, |root, target| arguments.explain(root, target)),
        None => {
            let project = Project::find()?;
            arguments.explain(&project.root, &project.target.join("explain"))
        }
    }
}

impl Arguments {
    /// Builds the example that explains, in the project at `root`, and runs it.
    fn explain(&self, root: &Path, target: &Path) -> Result<ExitCode> {
        self.check()?;
        let mut command = cargo();
        command
            .args("run --quiet --release --package pooldeque-loom-tests --example explain --".split(' '))
            .args(self.of_the_example())
            .current_dir(root)
            .env("RUSTFLAGS", self.flags())
            .env("CARGO_TARGET_DIR", target.join(&self.runtime));
        let status = command.status().context("cannot run cargo")?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// Only loom relaxes orderings, and only shuttle prints schedules.
    fn check(&self) -> Result<()> {
        let is_shuttle = self.runtime == "shuttle";
        ensure!(
            self.relax.is_none() || !is_shuttle,
            "shuttle knows sequential consistency only: --relax is for loom"
        );
        ensure!(self.schedule.is_none() || is_shuttle, "a schedule is shuttle's: leave out --runtime");
        Ok(())
    }

    fn flags(&self) -> String {
        match self.runtime.as_str() {
            "loom-epoch" => "--cfg loom --cfg crossbeam_loom".into(),
            runtime => format!("--cfg {runtime}"),
        }
    }

    /// The arguments that the example gets.
    fn of_the_example(&self) -> Vec<&str> {
        let options = [
            ("--relax", &self.relax),
            ("--schedule", &self.schedule),
            ("--preemptions", &self.preemptions),
            // It only repeats this in the command that it prints.
            ("--break", &self.broken),
        ];
        let options = options.iter().flat_map(|(name, value)| value.iter().flat_map(|value| [*name, value]));
        let options = options.chain(self.json.then_some("--json"));
        options.chain(["--", &self.program]).collect()
    }
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

    fn parse(line: &str) -> Result<Arguments> {
        let Line { arguments } = Line::try_parse_from(line.split(' '))?;
        arguments.check()?;
        Ok(arguments)
    }

    /// These are the last lines of reports, but for `cargo xtask`.
    #[test]
    fn the_command_that_a_report_ends_with_asks_for_the_same_again() -> Result<()> {
        let loom = parse("explain --runtime loom --preemptions 2 chain1-holds1/+s/s --relax STEAL_LOOK")?;
        assert_eq!(loom.flags(), "--cfg loom");
        let expected = ["--relax", "STEAL_LOOK", "--preemptions", "2", "--", "chain1-holds1/+s/s"];
        assert_eq!(loom.of_the_example(), expected);
        let epoch = parse("explain --runtime loom-epoch --preemptions any ring2/+-/s")?;
        assert_eq!(epoch.flags(), "--cfg loom --cfg crossbeam_loom");
        assert_eq!(epoch.of_the_example(), ["--preemptions", "any", "--", "ring2/+-/s"]);
        let shuttle = parse("explain --runtime shuttle --schedule 910103 pool/p/p/t")?;
        assert_eq!(shuttle.flags(), "--cfg shuttle");
        assert_eq!(shuttle.of_the_example(), ["--schedule", "910103", "--", "pool/p/p/t"]);
        let broken = parse("explain --runtime loom --preemptions 3 ring2/+-/s --break flag_check_removed")?;
        assert_eq!(broken.broken.as_deref(), Some("flag_check_removed"));
        let expected = ["--preemptions", "3", "--break", "flag_check_removed", "--", "ring2/+-/s"];
        assert_eq!(broken.of_the_example(), expected);
        Ok(())
    }

    #[test]
    fn a_schedule_is_for_shuttle_and_a_relaxed_site_for_loom() -> Result<()> {
        assert_eq!(parse("explain --schedule 910103 ring2/+-/s")?.flags(), "--cfg shuttle");
        assert_eq!(parse("explain ring2/+-/s --json")?.of_the_example(), ["--json", "--", "ring2/+-/s"]);
        for wrong in [
            "explain --runtime loom --schedule 910103 ring2/+-/s",
            "explain --runtime shuttle --relax STEAL_LOOK ring2/+-/s",
            "explain --schedule 910103 --preemptions 2 ring2/+-/s",
            "explain --runtime std ring2/+-/s",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
        Ok(())
    }
}
