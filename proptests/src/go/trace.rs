//! Reading the trace of real Go. `traces/README.md` says what a line means.

use anyhow::{Context, Result, bail, ensure};

use super::Operation;
use crate::item::Id;
use crate::oracle::Shown;

/// All that Go did with one ring or chain, from its making to its end.
#[derive(Debug)]
pub struct Recording {
    /// What Go made.
    pub made: Made,
    /// What it did then.
    pub steps: Vec<Step>,
}

/// What Go made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Made {
    /// A `poolDequeue` of that capacity whose indexes both stand at `start`.
    Ring {
        /// How many slots.
        capacity: usize,
        /// Where the indexes stand.
        start: u32,
    },
    /// A `poolChain`.
    Chain,
}

/// One operation.
#[derive(Debug)]
pub struct Step {
    /// In which line of the trace it stands.
    pub line: usize,
    /// The call and its result.
    pub operation: Operation,
    /// What Go's memory showed afterwards.
    pub shown: Shown,
}

/// Reads a whole trace.
///
/// # Errors
///
/// If a line is not as the format says, if values are not numbered in the order of their pushes, or
/// if the trace breaks off before the last structure's end.
pub fn parse(trace: &str) -> Result<Vec<Recording>> {
    let mut recordings = Vec::new();
    let mut open = None;
    for (index, line) in trace.lines().enumerate() {
        let line_number = index + 1;
        read_line(line_number, line, &mut open, &mut recordings)
            .with_context(|| format!("line {line_number}: {line:?}"))?;
    }
    ensure!(open.is_none(), "the trace breaks off before an `end`");
    Ok(recordings)
}

struct Open {
    recording: Recording,
    pushes: Id,
}

fn read_line(
    line_number: usize,
    line: &str,
    open: &mut Option<Open>,
    recordings: &mut Vec<Recording>,
) -> Result<()> {
    let fields: Vec<&str> = line.split(' ').collect();
    match (fields.as_slice(), open.as_mut()) {
        (&["dequeue", capacity, start], None) => {
            let made = Made::Ring { capacity: capacity.parse()?, start: start.parse()? };
            *open = Some(Open::new(made));
        }
        (["chain"], None) => *open = Some(Open::new(Made::Chain)),
        (["end"], Some(_)) => recordings.extend(open.take().map(|open| open.recording)),
        (fields, Some(open)) => {
            let (operation, rest) = operation(fields)?;
            if let Operation::Push { value, .. } = operation {
                ensure!(value == open.pushes, "the values are not numbered in the order of their pushes");
                open.pushes += 1;
            }
            let shown = shown(open.recording.made, rest)?;
            open.recording.steps.push(Step { line: line_number, operation, shown });
        }
        _ => bail!("nothing was made yet to do this with"),
    }
    Ok(())
}

impl Open {
    fn new(made: Made) -> Self {
        Self { recording: Recording { made, steps: Vec::new() }, pushes: 0 }
    }
}

fn operation<'f, 't>(fields: &'f [&'t str]) -> Result<(Operation, &'f [&'t str])> {
    Ok(match *fields {
        ["push", value, outcome, ref rest @ ..] => {
            let accepted = match outcome {
                "ok" => true,
                "full" => false,
                _ => bail!("a push is ok or full"),
            };
            (Operation::Push { value: value.parse()?, accepted }, rest)
        }
        ["pop_head", popped, ref rest @ ..] => (Operation::PopHead(value(popped)?), rest),
        ["pop_tail", popped, ref rest @ ..] => (Operation::PopTail(value(popped)?), rest),
        _ => bail!("no such operation"),
    })
}

fn value(field: &str) -> Result<Option<Id>> {
    Ok(if field == "empty" { None } else { Some(field.parse()?) })
}

fn shown(made: Made, fields: &[&str]) -> Result<Shown> {
    match (made, fields) {
        (Made::Ring { capacity, .. }, [head, tail]) => {
            Ok(Shown::Ring { head: head.parse()?, tail: tail.parse()?, capacity })
        }
        (Made::Chain, ["-"]) => Ok(Shown::Chain(Vec::new())),
        (Made::Chain, [rings]) => Ok(Shown::Chain(rings.split(',').map(ring).collect::<Result<_>>()?)),
        _ => bail!("a ring shows two indexes, a chain its rings"),
    }
}

fn ring(field: &str) -> Result<(usize, usize)> {
    let (capacity, length) = field.split_once(':').context("a ring is CAPACITY:LENGTH")?;
    Ok((capacity.parse()?, length.parse()?))
}
