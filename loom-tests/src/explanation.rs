//! A failing execution as a table: a column a thread, a row a step, and beside it the state after the step.

use std::fmt::Write;

use comfy_table::Table;
use comfy_table::presets::ASCII_FULL_CONDENSED;
use pooldeque::model::trace::{Event, Step, trace};
use serde::Serialize;

use crate::case::Case;
use crate::exploration::explore;
use crate::runtime::{self, Failure};
use crate::search::Search;

mod memory;
mod state;

use memory::Memory;
pub use state::{Retired, RingState, State};

/// An execution, for a reader.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The columns: owner and thieves, or the threads that use a pool.
    pub threads: Vec<String>,
    /// The steps, in the order in which the model checker ran them.
    pub rows: Vec<Row>,
    /// Whether it fails.
    pub fails: bool,
    /// What the failure says.
    pub message: String,
    /// The command that shows a failing execution again.
    pub again: Option<String>,
}

/// One step.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// The column.
    pub thread: usize,
    /// What the thread did.
    pub did: String,
    /// Where in the source.
    pub line: Option<String>,
    /// Whether the execution failed in this step.
    pub is_at_fault: bool,
    /// What there is after it.
    pub state: State,
}

/// Explores `program` as `search` says, and explains the execution that fails, or else the last one.
pub fn explain_execution<C: Case>(program: &C, search: &Search) -> Explanation {
    let (outcome, steps, names) = trace(|| explore(program, search));
    let mut explanation = Explanation::new(&steps, &names, C::THREADS);
    explanation.fails = outcome.is_err();
    explanation.message = match outcome {
        Ok(executions) => format!("No execution fails. This is the last of {executions}."),
        Err(Failure { message, schedule, .. }) => {
            explanation.again = again(program, search, schedule.as_deref());
            message
        }
    };
    explanation
}

/// The command that shows a failing execution again: by its schedule, or by the same search, which comes to the same
/// execution.
pub(crate) fn again(program: &impl Case, search: &Search, schedule: Option<&str>) -> Option<String> {
    let how = match (schedule, search) {
        (Some(schedule), _) => format!("--schedule {}", schedule.trim()),
        (None, Search::Preemptions(Some(most))) => format!("--preemptions {most}"),
        (None, Search::Preemptions(None)) => "--preemptions any".into(),
        _ => return None,
    };
    Some(format!("cargo xtask explain --runtime {} {how} {program}", runtime::NAME))
}

impl Explanation {
    /// What the `steps` of an execution show. Its first thread and the others are called as `kinds` says.
    #[must_use]
    pub fn new(steps: &[Step], names: &[Option<u8>], kinds: [&str; 2]) -> Self {
        let threads = names.iter().map(|name| match name {
            Some(0) => kinds[0].into(),
            Some(number) => format!("{} {number}", kinds[1]),
            None => "another thread".into(),
        });
        let threads: Vec<String> = threads.collect();
        let mut memory = Memory::named(steps);
        let mut rows = Vec::new();
        for step in steps {
            let number = rows.len() + 1;
            let did = match &step.event {
                Event::Make { location, value, .. } => {
                    memory.make(*location, *value);
                    continue;
                }
                Event::Call(call) => format!("calls {call}"),
                Event::Return(answer) => format!("returns: {answer}"),
                Event::Cell { location, .. } => format!("uses {}", memory.name(*location)),
                Event::Atomic { location, site, read, written, .. } => {
                    let what = memory.access(*location, number, *read, *written);
                    format!("{}: {what}", site.map_or("no site", |(name, _)| name))
                }
                Event::Pin { guard, domain } => {
                    memory.pin(*guard, step.thread);
                    format!("pins the {domain}' epoch")
                }
                Event::Unpin { guard } => {
                    memory.unpin(*guard);
                    "unpins".into()
                }
                Event::Node { address, action } => memory.act(*address, action, &threads),
            };
            rows.push(Row {
                thread: step.thread,
                did,
                line: step.line.map(|line| format!("{}:{}", line.file(), line.line())),
                is_at_fault: step.is_at_fault,
                state: memory.state(&threads),
            });
        }
        Self { threads, rows, fails: false, message: String::new(), again: None }
    }

    /// The table, and below it what the failure says and how to see it again.
    ///
    /// # Panics
    ///
    /// Never: a string can always be written to.
    #[must_use]
    pub fn to_table(&self) -> String {
        let mut table = Table::new();
        table.load_preset(ASCII_FULL_CONDENSED);
        let threads = self.threads.iter().map(String::as_str);
        table.set_header(["step"].into_iter().chain(threads).chain(["after it"]));
        let mut before = &State::default();
        for (row, number) in self.rows.iter().zip(1..) {
            let mut cells = vec![String::new(); self.threads.len() + 2];
            cells[0] = format!("{}{number}", if row.is_at_fault { "=> " } else { "" });
            let mut did = row.did.clone();
            if let Some(line) = &row.line {
                write!(did, "\n  {line}").expect("a string takes it");
            }
            if row.is_at_fault {
                did += "\n  THE EXECUTION FAILS HERE";
            }
            cells[row.thread + 1] = did;
            cells[self.threads.len() + 1] = row.state.lines_after(before).join("\n");
            before = &row.state;
            table.add_row(cells);
        }
        let again = self.again.iter().map(|command| format!("again: {command}\n"));
        format!("{table}\n{}\n{}", self.message, again.collect::<String>())
    }
}
