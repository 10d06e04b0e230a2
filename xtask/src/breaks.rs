//! `cargo xtask breaks`: breaks the library in every way that is written down, one after the other, in
//! a copy of the project, and requires that a named scenario notices.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use comfy_table::Table;

mod lanes;
mod list;
mod tree;

use lanes::{Done, checkers, side_by_side};
use list::Break;
use tree::{Checker, Tree};

use crate::marked::Marks;
use crate::project::Project;
use crate::results::{Caught, Record, append};
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

/// Tries the breaks chosen, and reports which scenario noticed each, in which execution.
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

    let tree = |checker: Checker| Tree::copy(&project, &project.target.join("breaks").join(checker.name()));
    let [loom, shuttle] = [tree(Checker::Loom)?, tree(Checker::Shuttle)?];
    let tree = |checker| if checker == Checker::Loom { &loom } else { &shuttle };
    let run = |checker, broken: Option<&Break>| match broken {
        Some(broken) => tree(checker).with(broken, || tree(checker).run(checker)),
        None => tree(checker).run(checker),
    };
    let mut untried = BTreeSet::new();
    let mut found: Vec<_> = breaks.iter().map(|_| Found::default()).collect();
    side_by_side(&breaks, run, |done| match done {
        Done::Control { checker, passed } => {
            let name = checker.name();
            println!("[0/{}] nothing broken: {passed} scenarios pass under {name}", breaks.len());
            Ok(())
        }
        Done::Break { number, checker, trials, seconds } => {
            let (broken, found) = (&breaks[number], &mut found[number]);
            found.add(checker, trials.caught(checker), seconds);
            if found.tried.len() < checkers(broken).len() {
                return Ok(());
            }
            let [loom, shuttle] = Checker::ALL.map(|checker| found.under(checker));
            println!("[{}/{}] {}: loom: {loom}; shuttle: {shuttle}", number + 1, breaks.len(), broken.name);
            let Found { caught, seconds, .. } = found.clone();
            append(&Record::Break { name: broken.name.clone(), caught, seconds })
        }
        Done::Failed { number, why } => {
            println!("[{}/{}] {why:#}", number + 1, breaks.len());
            untried.insert(breaks[number].name.as_str());
            Ok(())
        }
    })?;

    let table = table(&breaks, &found);
    println!("{}", for_terminal(table.clone()));
    ensure!(untried.is_empty(), "could not be tried: {}", Vec::from_iter(untried).join(", "));
    if arguments.save {
        MARKS.save(&project.root.join(PAGE), &format!("{}\n", as_markdown(table)))?;
    }
    let unnoticed = breaks.iter().zip(&found).filter(|(_, found)| found.caught.is_empty());
    let unnoticed: Vec<_> = unnoticed.map(|(broken, _)| broken.name.as_str()).collect();
    println!("{} of {} breaks caught", breaks.len() - unnoticed.len(), breaks.len());
    if unnoticed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    println!("unnoticed: {}", unnoticed.join(", "));
    Ok(ExitCode::FAILURE)
}

/// What came of a break so far.
#[derive(Clone, Default)]
struct Found {
    tried: Vec<Checker>,
    /// In the order of the checkers.
    caught: Vec<Caught>,
    /// Of all checkers together.
    seconds: f64,
}

impl Found {
    fn add(&mut self, checker: Checker, caught: Option<Caught>, seconds: f64) {
        self.tried.push(checker);
        self.caught.extend(caught);
        self.caught.sort_by_key(|it| Checker::ALL.iter().position(|checker| checker.name() == it.runtime));
        self.seconds += seconds;
    }

    /// What noticed under `checker`, in a few words.
    fn under(&self, checker: Checker) -> String {
        let Some(caught) = self.caught.iter().find(|caught| caught.runtime == checker.name()) else {
            return if self.tried.contains(&checker) { "nothing" } else { "–" }.to_owned();
        };
        let Caught { scenario, search, execution, .. } = caught;
        // loom has but one way to search.
        let how =
            if checker == Checker::Loom { String::new() } else { format!(" ({})", search.replace('_', " ")) };
        let when = execution.map(|number| format!(", execution {number}"));
        format!("`{scenario}`{how}{}", when.unwrap_or_default())
    }
}

/// A line for each break.
fn table(breaks: &[Break], found: &[Found]) -> Table {
    let mut table = Table::new();
    table.set_header(["break", "what is wrong", "under loom", "under shuttle", "because"]);
    for (broken, found) in breaks.iter().zip(found) {
        let [loom, shuttle] = Checker::ALL.map(|checker| found.under(checker));
        let because = found.caught.first().map_or("", |caught| &caught.because).replace('|', "\\|");
        table.add_row([&broken.name, &broken.what, &loom, &shuttle, &because]);
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(runtime: &str, search: &str, execution: Option<u64>) -> Caught {
        Caught {
            runtime: runtime.to_owned(),
            scenario: "last_item".to_owned(),
            search: search.to_owned(),
            execution,
            because: format!("{runtime} | says so"),
        }
    }

    #[test]
    fn the_table_says_by_which_checker_and_in_which_execution() {
        let names = ["both", "ONE_to_Relaxed", "unnoticed"];
        let breaks = names.map(|name| Break {
            name: name.to_owned(),
            what: "wrong".to_owned(),
            edits: Vec::new(),
            is_ordering: name.contains("_to_"),
        });
        let mut found = [Found::default(), Found::default(), Found::default()];
        // Shuttle was done first.
        found[0].add(Checker::Shuttle, Some(caught("shuttle", "all_states", Some(12))), 2.0);
        found[0].add(Checker::Loom, Some(caught("loom", "explored", Some(3))), 1.5);
        found[1].add(Checker::Loom, Some(caught("loom", "explored", None)), 1.0);
        found[2].add(Checker::Loom, None, 1.0);
        found[2].add(Checker::Shuttle, None, 1.0);
        let table = as_markdown(table(&breaks, &found));
        let cells: Vec<Vec<_>> = table
            .lines()
            .skip(2)
            .map(|line| line.split(" | ").map(|cell| cell.trim_matches(['|', ' '])).collect())
            .collect();
        let loom = "`last_item`, execution 3";
        assert_eq!(
            cells[0],
            ["both", "wrong", loom, "`last_item` (all states), execution 12", "loom \\| says so"]
        );
        assert_eq!(cells[1], ["ONE_to_Relaxed", "wrong", "`last_item`", "–", "loom \\| says so"]);
        assert_eq!(cells[2], ["unnoticed", "wrong", "nothing", "nothing", ""]);
        assert!((found[0].seconds - 3.5).abs() < f64::EPSILON);
    }
}
