//! A failing execution as a table: a column a thread, a row a step, and beside it the values after the step.

use std::collections::HashMap;
use std::fmt::Write;

use comfy_table::Table;
use comfy_table::presets::ASCII_FULL_CONDENSED;
use pooldeque::model::trace::{Event, Step, trace};
use serde::Serialize;

use crate::case::Case;
use crate::exploration::explore;
use crate::runtime::Failure;
use crate::search::Search;

/// An execution, for a reader.
#[derive(Clone, Debug, Serialize)]
pub struct Explanation {
    /// The columns: owner and thieves.
    pub threads: Vec<String>,
    /// The steps, in the order in which the model checker ran them.
    pub rows: Vec<Row>,
    /// Whether it fails.
    pub fails: bool,
    /// What the failure says.
    pub message: String,
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
    /// Each location accessed so far, and its last value.
    pub state: Vec<(String, String)>,
}

/// Explores `program` as `search` says, and explains the execution that fails, or else the last one.
pub fn explain_execution(program: &impl Case, search: &Search) -> Explanation {
    let (outcome, steps, names) = trace(|| explore(program, search));
    let mut explanation = Explanation::new(&steps, &names);
    explanation.fails = outcome.is_err();
    explanation.message = match outcome {
        Ok(executions) => format!("No execution fails. This is the last of {executions}."),
        Err(Failure { message, schedule: None, .. }) => message,
        Err(Failure { message, schedule: Some(schedule), .. }) => {
            let schedule = schedule.trim();
            format!("{message}\nagain: cargo xtask explain --runtime shuttle --schedule {schedule} {program}")
        }
    };
    explanation
}

/// The values that a location had: with the number of the step that wrote it, unless it was made with it.
#[derive(Default)]
struct Location {
    name: String,
    type_name: &'static str,
    is_accessed: bool,
    values: Vec<(Option<usize>, u64)>,
}

/// The locations of an execution, and the addresses in it.
#[derive(Default)]
struct Memory {
    locations: Vec<Location>,
    addresses: HashMap<u64, usize>,
}

impl Explanation {
    /// What the `steps` of an execution show.
    #[must_use]
    pub fn new(steps: &[Step], names: &[Option<u8>]) -> Self {
        let mut memory = Memory::named(steps);
        let mut rows = Vec::new();
        for (at, step) in steps.iter().enumerate() {
            let number = rows.len() + 1;
            let did = match &step.event {
                Event::Make { location, value } => {
                    memory.locations[index(*location)].values.push((None, *value));
                    continue;
                }
                Event::Call => {
                    let answer =
                        steps[at..].iter().filter(|later| later.thread == step.thread).find_map(|later| {
                            match &later.event {
                                Event::Return(answer) => answer.split(" -> ").next(),
                                _ => None,
                            }
                        });
                    format!("calls {}", answer.unwrap_or("an operation"))
                }
                Event::Return(answer) => format!("returns: {answer}"),
                Event::Cell { location, .. } => {
                    format!("uses {}", memory.locations[index(*location)].name)
                }
                Event::Atomic { location, site, read, written, .. } => {
                    let what = memory.access(index(*location), number, *read, *written);
                    format!("{}: {what}", site.map_or("no site", |(name, _)| name))
                }
            };
            rows.push(Row {
                thread: step.thread,
                did,
                line: step.line.map(|line| format!("{}:{}", line.file(), line.line())),
                is_at_fault: step.is_at_fault,
                state: memory.state(),
            });
        }
        let threads = names.iter().map(|name| match name {
            Some(0) => "owner".into(),
            Some(number) => format!("thief {number}"),
            None => "another thread".into(),
        });
        Self { threads: threads.collect(), rows, fails: false, message: String::new() }
    }

    /// The table.
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
        let mut state_before: &[(String, String)] = &[];
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
            if row.state != state_before {
                let state = row.state.iter().map(|(name, value)| format!("{name} = {value}"));
                cells[self.threads.len() + 1] = state.collect::<Vec<_>>().join("\n");
            }
            state_before = &row.state;
            table.add_row(cells);
        }
        format!("{table}\n{}\n", self.message)
    }
}

impl Memory {
    /// The locations of `steps`, each named by what the sites say that they access.
    fn named(steps: &[Step]) -> Self {
        let mut memory = Self::default();
        for step in steps {
            let (location, type_name, operation) = match &step.event {
                Event::Make { location, .. } => (*location, "", None),
                Event::Cell { location, type_name } => (*location, *type_name, None),
                Event::Atomic { location, type_name, site, .. } => {
                    (*location, *type_name, site.map(|(_, operation)| operation))
                }
                Event::Call | Event::Return(_) => continue,
            };
            let place = index(location);
            if memory.locations.len() <= place {
                memory.locations.resize_with(place + 1, Location::default);
            }
            let place = &mut memory.locations[place];
            if place.name.is_empty() && !type_name.is_empty() {
                place.type_name = type_name;
                place.name = operation.map_or_else(|| cell_name(type_name), noun);
            }
        }
        memory.number();
        memory
    }

    /// Numbers locations of the same name in the order in which they were made.
    fn number(&mut self) {
        let mut count: HashMap<String, usize> = HashMap::new();
        for location in self.locations.iter_mut().filter(|location| !location.name.is_empty()) {
            let count = count.entry(location.name.clone()).or_default();
            *count += 1;
            if *count > 1 {
                location.name = format!("{} {count}", location.name);
            }
        }
    }

    /// Notes an access by the step `number`, and says what it did.
    fn access(&mut self, place: usize, number: usize, read: Option<u64>, written: Option<u64>) -> String {
        let name = self.locations[place].name.clone();
        let read_text = read.map(|value| self.show(place, value));
        let written_text = written.map(|value| self.show(place, value));
        let location = &mut self.locations[place];
        location.is_accessed = true;
        let from = read.map(|value| location.origin(value)).unwrap_or_default();
        if let Some(value) = written {
            location.values.push((Some(number), value));
        }
        match (read_text, written_text) {
            (Some(read), Some(written)) => format!("{name} {read} -> {written}"),
            (Some(read), None) => format!("reads {name} = {read}\n  {from}"),
            (None, Some(written)) => format!("{name} := {written}"),
            (None, None) => name,
        }
    }

    /// Each location that was accessed, and its last value.
    fn state(&mut self) -> Vec<(String, String)> {
        let accessed: Vec<_> = (0..self.locations.len())
            .filter(|place| self.locations[*place].is_accessed)
            .filter_map(|place| self.locations[place].values.last().map(|(_, value)| (place, *value)))
            .collect();
        accessed
            .into_iter()
            .map(|(place, value)| (self.locations[place].name.clone(), self.show(place, value)))
            .collect()
    }

    /// A value as its location holds it. Addresses are numbered as they appear.
    fn show(&mut self, place: usize, value: u64) -> String {
        let Location { name, type_name, .. } = &self.locations[place];
        match *type_name {
            "bool" if name.contains("flag") => if value == 0 { "clear" } else { "set" }.into(),
            "u64" if name.starts_with("word") => {
                format!("({}, {})", value >> 32, value & u64::from(u32::MAX))
            }
            pointer if pointer.starts_with('*') && value == 0 => "null".into(),
            pointer if pointer.starts_with('*') => {
                let next = self.addresses.len() + 1;
                format!("ring #{}", self.addresses.entry(value).or_insert(next))
            }
            _ => value.to_string(),
        }
    }
}

impl Location {
    /// Which step wrote the value that is read. Of several that wrote the same, the last one.
    fn origin(&self, value: u64) -> String {
        let from = |step: &Option<usize>| match step {
            Some(step) => format!("the value from step {step}"),
            None => "the first value".into(),
        };
        match self.values.iter().rev().find(|(_, written)| *written == value) {
            Some((step, _)) if self.values.last().is_some_and(|(_, last)| *last == value) => from(step),
            Some((step, _)) => format!("{}: STALE, there is a later one", from(step)),
            None => String::new(),
        }
    }
}

/// The place of a location in a list: locations are numbered from 0.
fn index(location: u64) -> usize {
    usize::try_from(location).expect("an execution has few locations")
}

/// What a site's operation is on: the word, in "load of the word".
fn noun(operation: &str) -> String {
    let object = ["success of the ", "failure of the "]
        .iter()
        .fold(operation, |rest, start| rest.strip_prefix(start).unwrap_or(rest));
    let object = [" on ", "load of ", "store to "].iter().find_map(|verb| object.split_once(verb));
    let object = object.map_or(operation, |(_, object)| object);
    object.trim_start_matches("the ").trim_start_matches("a ").into()
}

/// A cell by the type of its content, without its generics and path.
fn cell_name(type_name: &str) -> String {
    let name = type_name.split('<').next().and_then(|path| path.rsplit("::").next()).unwrap_or(type_name);
    match name {
        "MaybeUninit" => "slot's value".into(),
        "ProducerSide" => "producer's side".into(),
        other => other.into(),
    }
}
