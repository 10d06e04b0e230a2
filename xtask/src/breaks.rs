//! `cargo xtask breaks`: breaks the library in every way that is written down, one after the other, in
//! a copy of the project, and requires that a named scenario notices.

use std::fs;
use std::process::ExitCode;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use comfy_table::{ContentArrangement, Table, presets};
use regex::RegexSet;

mod list;
mod tree;

use list::Break;
use tree::{Tree, Trials};

use crate::marked::Marks;
use crate::project::Project;
use crate::results::{Record, tell};

/// Where the table is kept, between two marks.
const PAGE: &str = "docs/verification.md";
const MARKS: Marks<'_> = Marks {
    begin: "<!-- breaks: written by `cargo xtask breaks --save` -->",
    end: "<!-- end of the breaks -->",
};

/// What the command can be told.
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

/// Tries the breaks chosen, and tells which scenario noticed each.
pub(crate) fn run(arguments: &Arguments) -> Result<ExitCode> {
    let project = Project::find()?;
    let chosen = (!arguments.names.is_empty()).then(|| RegexSet::new(&arguments.names)).transpose()?;
    let mut breaks = list::all(&fs::read_to_string(project.root.join("src/order.rs"))?)?;
    breaks.retain(|it| chosen.as_ref().is_none_or(|chosen| chosen.is_match(&it.name)));
    ensure!(!breaks.is_empty(), "no break is called that; `cargo xtask breaks --list` lists them");
    if arguments.list {
        for Break { name, what, .. } in &breaks {
            println!("{name:45} {what}");
        }
        return Ok(ExitCode::SUCCESS);
    }

    let tree = Tree::copy(&project, &project.target.join("breaks"))?;
    let whole = tree.run()?;
    ensure!(whole.failed.is_empty(), "scenarios fail though nothing is broken: {:?}", whole.failed);
    println!("[0/{}] nothing broken: {} scenarios pass", breaks.len(), whole.passed);
    let mut table = Table::new();
    table.set_header(["break", "what is wrong", "caught by", "and", "because"]);
    let mut unnoticed = Vec::new();
    for (number, broken) in (1..).zip(&breaks) {
        let begin = Instant::now();
        let trials = tree.try_out(broken).with_context(|| broken.name.clone())?;
        let (caught_by, because) = first(&trials).map(|(by, said)| (by.to_owned(), said.to_owned())).unzip();
        let seconds = begin.elapsed().as_secs_f64();
        tell(&Record::Break { name: broken.name.clone(), caught_by, because, seconds })?;
        println!("[{number}/{}] {}: {}", breaks.len(), broken.name, in_words(&trials));
        if trials.failed.is_empty() {
            unnoticed.push(broken.name.as_str());
        }
        table.add_row(row(broken, &trials));
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

/// The scenario that noticed first, by its name alone.
fn first(trials: &Trials) -> Option<(&str, &str)> {
    trials.failed.first().map(|(name, said)| (name.split('/').next().unwrap_or(name), said.as_str()))
}

fn in_words(trials: &Trials) -> String {
    match first(trials) {
        Some((scenario, _)) => format!("caught by {scenario} and {} more", trials.failed.len() - 1),
        None => format!("NOT CAUGHT, {} scenarios pass", trials.passed),
    }
}

fn row(broken: &Break, trials: &Trials) -> [String; 5] {
    let (scenario, said) = first(trials).unwrap_or(("nothing", ""));
    let more = match trials.failed.len() {
        0 | 1 => String::new(),
        failed => format!("{} more", failed - 1),
    };
    [broken.name.clone(), broken.what.clone(), format!("`{scenario}`"), more, said.replace('|', "\\|")]
}

fn for_terminal(mut table: Table) -> Table {
    table.load_preset(presets::UTF8_FULL_CONDENSED).set_content_arrangement(ContentArrangement::Dynamic);
    table
}

fn as_markdown(mut table: Table) -> String {
    table.load_preset(presets::ASCII_MARKDOWN).force_no_tty().to_string()
}
