//! `cargo xtask mutants`: changes the library's code in hundreds of small ways, one at a time, and sees
//! whether a test notices.

use std::process::ExitCode;

use anyhow::{Result, ensure};
use regex::Regex;

mod listing;
mod memory;
mod page;
mod pass;
mod places;
mod results;
mod tool;
mod tree;

use listing::Listing;
use pass::Pass;
use places::Places;
use results::Results;
use tool::{Mutant, Tool};

/// What the command can be told.
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Try only the mutants whose name matches one of these, and write no page.
    #[arg(value_name = "REGEX")]
    names: Vec<Regex>,
    /// Print the names of the mutants, and try none.
    #[arg(long)]
    list: bool,
    /// Try those that are listed with a reason instead: one that a test notices needs no listing.
    #[arg(long)]
    listed: bool,
}

impl Arguments {
    fn chooses(&self, mutant: &Mutant) -> bool {
        self.names.is_empty() || self.names.iter().any(|name| name.is_match(&mutant.name))
    }
}

/// Tries the mutants on the std tests, those that survive on the models, and reports.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let places = Places::find()?;
    let listing = Listing::read(&places.root.join(listing::FILE))?;
    let tool = Tool::at_hand(&places)?;
    tree::lay_out(&places.root, &places.tree())?;
    let sorted = listing.sort(tool.mutants()?)?;

    let mut chosen = if arguments.listed { sorted.all_listed() } else { sorted.unlisted.clone() };
    chosen.retain(|mutant| arguments.chooses(mutant));
    ensure!(!chosen.is_empty(), "no mutant is called that; `cargo xtask mutants --list` lists them");
    if arguments.list {
        chosen.iter().for_each(|mutant| println!("{}", mutant.name));
        return Ok(ExitCode::SUCCESS);
    }

    memory::limit()?;
    let mut results = Results::of(chosen);
    for pass in [Pass::STD, Pass::NO_STD, Pass::LOOM] {
        let survivors = results.survivors();
        if !survivors.is_empty() {
            let tried = pass.run(&tool, &places, &survivors)?;
            results.add(tried);
        }
    }
    let mut not_tried = if arguments.listed { Vec::new() } else { sorted.all_listed() };
    not_tried.retain(|mutant| arguments.chooses(mutant));
    println!("{}", results.table(&not_tried));
    if arguments.listed {
        return Ok(conclude("noticed after all, so it needs no listing", &results.noticed()));
    }
    if arguments.names.is_empty() {
        page::write(&places.root.join(page::FILE), &sorted, &results)?;
        println!("written: {}", page::FILE);
    }
    Ok(conclude("survives, and is not listed", &results.survivors()))
}

/// Names what must not be, and fails if there is any.
fn conclude(what: &str, mutants: &[Mutant]) -> ExitCode {
    for mutant in mutants {
        println!("{what}: {}", mutant.name);
    }
    if mutants.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
