//! `cargo xtask explain`: an execution of a program, step by step.

use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};

use crate::breaks::in_broken_tree;
use crate::project::{Project, cargo};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The program, such as ring2/+-/s. The execution shown fails, if one does.
    program: String,
    /// The model checker.
    #[arg(long, default_value = "loom", value_parser = ["loom", "shuttle"])]
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
        // Only shuttle prints schedules.
        ensure!(
            self.relax.is_none() || self.runtime == "loom",
            "shuttle knows sequential consistency only: --relax is for loom"
        );
        let runtime = if self.schedule.is_some() { "shuttle" } else { &self.runtime };
        let mut command = cargo();
        command
            .args("run --quiet --release --package pooldeque-loom-tests --example explain --".split(' '))
            .current_dir(root)
            .env("RUSTFLAGS", format!("--cfg {runtime}"))
            .env("CARGO_TARGET_DIR", target.join(runtime));
        for (name, value) in [("--relax", &self.relax), ("--schedule", &self.schedule)] {
            command.args(value.iter().flat_map(|value| [name, value]));
        }
        command.args(self.json.then_some("--json")).args(["--", &self.program]);
        let status = command.status().context("cannot run cargo")?;
        Ok(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
