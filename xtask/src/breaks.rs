//! `cargo xtask breaks`: breaks the library in every way that is written down, one after the other, in
//! a copy of the project, and requires that a named scenario notices.

use std::fs;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use comfy_table::Table;

mod list;
mod tree;

use list::Break;
use tree::{Checker, Tree, Trials};

use crate::marked::Marks;
use crate::project::Project;
use crate::results::{Record, append};
use crate::tables::{as_markdown, choose, for_terminal};

/// Where the table is kept, between two marks.
const PAGE: &str = "docs/verification.md";
const MARKS: Marks<'_> = Marks {
    begin: "<!-- breaks: written by `cargo xtask breaks --save` -->",
    end: "<!-- end of the breaks -->",
};

/// The options of the command.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Try only the breaks whose name matches one of these regular expressions.
    #[arg(value_name = "BREAK")]
    names: Vec<String>,
    /// List the breaks, and try none.
    #[arg(long, conflicts_with = "save")]
    list: bool,
    /// Write the table into the documentation.
    #[arg(long, conflicts_with = "names")]
    save: bool,
}

/// Acts in a copy of the project with the break called `name`.
pub(crate) fn in_broken_tree<R>(name: &str, act: impl FnOnce(&Path, &Path) -> Result<R>) -> Result<R> {
    let project = Project::find()?;
    let all = list::all(&fs::read_to_string(project.root.join("src/orderings.rs"))?)?;
    let broken = all.iter().find(|it| it.name == name);
    let broken = broken.context("no break is called that; `cargo xtask breaks --list` lists them")?;
    let tree = Tree::copy(&project, &project.target.join("breaks"))?;
    tree.with(broken, || act(&tree.root, &tree.target))
}

/// Tries the breaks chosen, and reports which scenario noticed each.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = Project::find()?;
    let all = list::all(&fs::read_to_string(project.root.join("src/orderings.rs"))?)?;
    let nothing = "no break is called that; `cargo xtask breaks --list` lists them";
    let breaks = choose(all, &arguments.names, |it| &it.name, nothing)?;
    if arguments.list {
        for Break { name, what, .. } in &breaks {
            println!("{name:45} {what}");
        }
        return Ok(ExitCode::SUCCESS);
    }

    let tree = Tree::copy(&project, &project.target.join("breaks"))?;
    for checker in Checker::ALL {
        let (name, whole) = (checker.name(), tree.run(checker)?);
        ensure!(whole.failed.is_empty(), "scenarios fail though nothing is broken: {:?}", whole.failed);
        println!("[0/{}] nothing broken: {} scenarios pass under {name}", breaks.len(), whole.passed);
    }
    let mut table = Table::new();
    table.set_header(["break", "what is wrong", "under loom", "under shuttle", "because"]);
    let mut unnoticed = Vec::new();
    for (number, broken) in (1..).zip(&breaks) {
        let begin = Instant::now();
        let trials = tree.try_out(broken).with_context(|| broken.name.clone())?;
        let caught: Vec<_> = trials.iter().filter_map(|(checker, trials)| first(*checker, trials)).collect();
        let by = |checker| {
            let caught = caught.iter().find(|caught| caught.checker == checker);
            caught.map_or_else(|| "–".to_owned(), Caught::scenarios)
        };
        let [loom, shuttle] = Checker::ALL.map(by);
        println!("[{number}/{}] {}: loom: {loom}; shuttle: {shuttle}", breaks.len(), broken.name);
        let first = caught.first();
        unnoticed.extend(first.is_none().then_some(broken.name.as_str()));
        let because = first.map_or("", |caught| caught.said);
        table.add_row([&broken.name, &broken.what, &loom, &shuttle, &because.replace('|', "\\|")]);
        let (caught_by, because) =
            first.map(|caught| (caught.scenario.to_owned(), caught.said.to_owned())).unzip();
        let seconds = begin.elapsed().as_secs_f64();
        append(&Record::Break { name: broken.name.clone(), caught_by, because, seconds })?;
    }
    println!("{}", for_terminal(table.clone()));
    if arguments.save {
        MARKS.save(&project.root.join(PAGE), &format!("{}\n", as_markdown(table)))?;
    }
    let caught = breaks.len() - unnoticed.len();
    println!("{caught} of {} breaks caught", breaks.len());
    if unnoticed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("unnoticed: {}", unnoticed.join(", "));
    Ok(ExitCode::FAILURE)
}

/// The scenarios that noticed a break under a checker.
struct Caught<'a> {
    checker: Checker,
    /// The first, by its name alone.
    scenario: &'a str,
    /// What it said.
    said: &'a str,
    more: usize,
}

fn first(checker: Checker, trials: &Trials) -> Option<Caught<'_>> {
    let (name, said) = trials.failed.first()?;
    let scenario = name.split('/').next().unwrap_or(name);
    Some(Caught { checker, scenario, said, more: trials.failed.len() - 1 })
}

impl Caught<'_> {
    fn scenarios(&self) -> String {
        match self.more {
            0 => format!("`{}`", self.scenario),
            more => format!("`{}` and {more} more", self.scenario),
        }
    }
}
